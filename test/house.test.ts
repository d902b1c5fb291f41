// The rules of the house that a machine can see: who imports whom, purity of src/, sizes, dependencies, list entries.
import { readdirSync, readFileSync, statSync, existsSync } from "node:fs";
import { join, relative, dirname } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const walk = (dir: string): string[] => readdirSync(dir, { withFileTypes: true }).flatMap((d) =>
  d.isDirectory() ? walk(join(dir, d.name)) : [join(dir, d.name)]);
const sources = walk(join(root, "src")).filter((f) => f.endsWith(".ts"));
const doors = ["cli", "web"].flatMap((d) => walk(join(root, d))).filter((f) => f.endsWith(".ts"));
const code = (file: string) => readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");
const imports = (file: string) => [...code(file).matchAll(/(?:from\s+|import\s*\(\s*|import\s+)"([^"]+)"/g)].map((m) => m[1]);
const show = (file: string) => relative(root, file);

/** Data walks to the right, imports point to the left. */
const mayImport: Record<string, string[]> = {
  math: [],
  image: ["math"],
  prepare: ["image", "math"],
  region: ["prepare", "image", "math"],
  segment: ["region", "prepare", "image", "math"],
  features: ["prepare", "image", "math"],
  cohort: ["math"],
  model: ["cohort", "math"],
  evaluate: ["model", "cohort", "math"],
  omics: ["cohort", "math"],
  report: ["math", "image", "prepare", "region", "segment", "features", "cohort", "model", "evaluate", "omics"],
  study: ["math", "image", "prepare", "region", "segment", "features", "cohort", "model", "evaluate", "omics", "report"],
};

/** Every dependency is a decision: licence permissive, nothing fetched at install, used by the rooms named. */
const dependencies: Record<string, string> = {
  yaml: "ISC, parameter files (features)", "jpeg-js": "BSD-3-Clause, JPEG (image)",
  "d3-dsv": "ISC, case tables (cli)", hyparquet: "MIT, Parquet (cohort, cli)", "hyparquet-writer": "MIT, Parquet (cohort, cli)",
  zod: "MIT, plan schema (study)", "@noble/hashes": "MIT, SHA-256 of inputs and steps (study)", fflate: "MIT, zip archives (study), PNG of heatmaps (report)",
  "d3-scale": "ISC, axes (report)",
};
/** "@noble/hashes/sha2.js" is of the package "@noble/hashes" */
const packageOf = (target: string) => target.split("/").slice(0, target.startsWith("@") ? 2 : 1).join("/");

test("rooms import only what stands to their left, through the room's own face", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const room = relative(join(root, "src"), file).split("/")[0];
    for (const target of imports(file)) {
      if (!target.startsWith(".")) {
        if (!(packageOf(target) in dependencies)) wrong.push(`${show(file)} imports ${target}`);
        continue;
      }
      const path = relative(join(root, "src"), join(dirname(file), target));
      const to = path.split("/")[0];
      if (to === room) continue;
      if (path.startsWith("..") || !mayImport[room]?.includes(to)) wrong.push(`${show(file)} imports ${path}`);
      else if (path !== `${to}/index.js`) wrong.push(`${show(file)} reaches into ${path}; import ${to}/index.js`);
    }
  }
  expect(wrong).toEqual([]);
});

test("src/ has no clock, console, chance or Node; only cli/ and web/ are doors", () => {
  const forbidden = /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bconsole\.|\bperformance\.(?:now|mark|measure|timeOrigin)\b|\bprocess\.|["']node:|\bdocument\.|\bwindow\./;
  expect(sources.filter((f) => forbidden.test(code(f))).map(show)).toEqual([]);
  expect(walk(join(root, "web")).filter((f) => f.endsWith(".ts") && /"node:/.test(code(f))).map(show)).toEqual([]);
});

test("src/ leaves no rounding to the engine: exp, log, pow, sin and their like come from math", () => {
  // sqrt, abs, floor, round, trunc, fround, min, max, sign, imul, clz32 are exact; so is ** between whole literals
  const engines = /\bMath\.(?:exp|expm1|log|log2|log10|log1p|pow|a?(?:sin|cos|tan)h?|atan2|cbrt|hypot)\b|\bfrom\s+Math\b|=\s*Math\s*[;,]/;
  const powers = /(?<![\w.])\d+ \*\* -?\d+(?![\w.])/g;
  expect(sources.filter((f) => engines.test(code(f)) || code(f).replace(powers, "").includes("**")).map(show)).toEqual([]);
});

test("no file is longer than 400 lines", () => {
  const long = [...sources, ...doors].filter((f) => readFileSync(f, "utf8").split("\n").length > 401).map(show);
  expect(long).toEqual([]);
});

test("no words that name nothing", () => {
  expect([...sources, ...doors].filter((f) => /\/(utils?|helpers?|manager|common|misc)\.ts$/i.test(f)).map(show)).toEqual([]);
});

test("room READMEs exist and have at most 40 lines", () => {
  const rooms = readdirSync(join(root, "src")).filter((d) => statSync(join(root, "src", d)).isDirectory()).map((d) => join(root, "src", d));
  for (const room of [...rooms, join(root, "cli"), join(root, "web")]) {
    const readme = join(room, "README.md");
    expect(existsSync(readme), `${show(room)}/README.md`).toBe(true);
    expect(readFileSync(readme, "utf8").trimEnd().split("\n").length, show(readme)).toBeLessThanOrEqual(40);
  }
});

test("package.json has only the dependencies that were decided on", () => {
  const pack = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(Object.keys(pack.dependencies).sort()).toEqual(Object.keys(dependencies).sort());
  for (const version of Object.values({ ...pack.dependencies, ...pack.devDependencies })) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test("the lock file names no download address", () => {
  expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved": "http');
});

test("the project speaks of itself alone", () => {
  const told = /\.\.\/shared|\/work\/|\/root\//;
  const files = [...sources, ...doors, ...walk(join(root, "test")).filter((f) => f.endsWith(".ts") && !f.endsWith("house.test.ts"))];
  expect(files.filter((f) => told.test(readFileSync(f, "utf8"))).map(show)).toEqual([]);
});
