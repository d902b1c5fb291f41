// A thread that dies in the middle of a batch: its case is a failed row, the others are extracted.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { runBatch } from "../../cli/batch.js";
import type { Run } from "../../cli/extract.js";
import { readExtractCommand } from "../../cli/extractOptions.js";
import { readCases } from "../../cli/caseTable.js";
import { defaultParams } from "../../src/features/index.js";

const folder = mkdtempSync(join(tmpdir(), "radscore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a case that needs more memory than there is fails alone", async () => {
  const table = join(folder, "cases.csv"), out = join(folder, "out.csv"), worker = join(folder, "worker.mjs");
  writeFileSync(table, "ID,Image,Mask\nsmall,a,m\nhuge,b,m\nother,c,m\n");
  writeFileSync(worker, `import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ id }) => {
      const held = [];
      while (id === "huge") held.push(new Array(1e4).fill(0).map((_, k) => ({ k })));
      parentPort.postMessage({ values: { length: id.length }, notes: {}, warnings: [], files: [] });
    });`);
  const said: string[] = [];
  const print = (text: string) => { said.push(text); };
  const run: Run = {
    command: readExtractCommand([table, "-o", out, "-j", "2"]), table: readCases(table), pathBase: folder,
    work: { params: defaultParams(), mode: "segment", mapFolder: folder, mapFormat: "nrrd" },
    log: { say: () => {}, print, verbose: false, before: () => {} },
  };
  expect(await runBatch(run, { script: pathToFileURL(worker), resourceLimits: { maxOldGenerationSizeMb: 16 } })).toBe(2);
  const rows = readFileSync(out, "utf8").trimEnd().split("\n").map((line) => line.split(","));
  expect(rows[0]).toEqual(["ID", "Image", "Mask", "Error", "length"]);
  expect(rows.map((r) => r.at(-1))).toEqual(["length", "5", "", "5"]);
  expect(rows[2][3]).toContain("ran out of memory; run it alone with --jobs 1");
  expect(said.join("\n")).toContain("failed: row 3 (huge): ran out of memory");
});
