// What the documents show works: parameter files and plans are read, the library example runs, commands are known.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { extract, parseParams } from "../src/features/index.js";
import { readImage } from "../src/image/index.js";
import { checkText } from "../src/study/index.js";
import { example } from "./data.js";

const root = join(import.meta.dirname, "..");
const blocks = (file: string, language: string) =>
  [...readFileSync(join(root, file), "utf8").matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map((m) => m[1]);
const breast = (part: string) => ({ name: `${part}.nrrd`, bytes: new Uint8Array(readFileSync(example(`breast1_${part}.nrrd`))) });

test("every parameter file in the documents is read, and the breast case extracted with it", async () => {
  const files = blocks("docs/EXTRACT.md", "yaml");
  expect(files.length).toBeGreaterThan(1);
  for (const text of files) {
    const { values } = await extract(await readImage([breast("image")]), await readImage([breast("label")]), { params: await parseParams(text, "document") });
    expect(Object.keys(values).length).toBeGreaterThan(100);
  }
});

test("every plan in the documents is read without a mistake", () => {
  const plans = ["README.md", "docs/STUDY.md"].flatMap((file) => blocks(file, "yaml"));
  expect(plans.length).toBeGreaterThan(0);
  const [whole] = plans;
  expect(whole).toMatch(/^radscore: 1/);
  for (const text of plans) {
    // a part of a plan takes the place of the same sections of the whole one, which stand on a line each
    const own = [...text.matchAll(/^(\w+):/gm)].map((m) => m[1]);
    const plan = own.includes("radscore") ? text : `${whole.split("\n").filter((line) => !own.some((key) => line.startsWith(`${key}:`))).join("\n")}\n${text}`;
    expect(checkText(plan, "document").problems).toEqual([]);
  }
});

test("every command in the documents is a command", () => {
  const known = [...readFileSync(join(root, "cli/radscore.ts"), "utf8").matchAll(/^ {2}(\w+): \{ does:/gm)].map((m) => m[1]);
  const shown = ["README.md", "docs/EXTRACT.md", "docs/STUDY.md"].flatMap((file) => blocks(file, "sh").flatMap((b) => [...b.matchAll(/^(?:.*npx )?radscore (\w+)/gm)].map((m) => m[1])));
  expect(shown.length).toBeGreaterThan(8);
  for (const command of shown) expect(known).toContain(command);
});

test("the library examples run", async () => {
  for (const file of ["docs/EXTRACT.md", "README.md"]) {
    for (const text of blocks(file, "ts")) {
      const body = text.replace(/^import .*$/gm, "");
      const run = new Function("extract", "parseParams", "readImage", "imageBytes", "maskBytes", `return (async () => { ${body}; return values; })()`);
      const values = await run(extract, parseParams, readImage, breast("image").bytes, breast("label").bytes);
      expect(values.original_firstorder_Mean).toBeCloseTo(131.12587412587413, 10); // PyRadiomics, test/golden
    }
  }
});

test("the README shows the two commands", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(readme).toContain("npm ci && npx radscore run examples/ispy1");
  expect(readme).toContain("npm ci && npm test");
});
