// Variables of I-SPY 1 that are known after the moment of prediction, put back among the clinical candidates one by one: declared as they
// are the plan is refused, and without that declaration a guard names the column.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStudy } from "../../src/study/index.js";
import { guardBefore } from "../../src/study/guards/guards.js";
import { memoryWorld } from "../study/memoryWorld.js";

const folder = join(import.meta.dirname, "../../examples/ispy1");
const read = (name: string) => readFileSync(join(folder, name));
const files = Object.fromEntries(["clinical.csv", "ispy2.csv", "radiomics.csv.gz"].map((name) => [name, new Uint8Array(read(name))]));
const later = ["MRI LD 1-3dAC", "MRI LD InterReg", "MRI LD PreSurg", "RCBClass", "sstat", "survDtD2 (tx)", "radmlbench_target"];
/** the plan with the column among the clinical candidates; without the external cohort, which lacks most of them */
const withColumn = (plan: string, column: string) => read(plan).toString("utf8").replace(/(clinical: \[age)/, `$1, "${column}"`).replace(/ {2}- name: I-SPY 2\n[^]*?\n\n/, "\n");
const undeclared = (text: string, column: string) => text.split("\n").map((line) => (line.trim().replaceAll('"', "").startsWith(`${column}:`) ? line.replace(", available: false", "") : line)).join("\n");

test.each([...later, "PCR"].map((column) => ["rfs.yaml", column]).concat([...later, "RFS", "rfs_ind"].map((column) => ["pcr.yaml", column])))("%s: %s is refused, and flagged where nobody declared it", async (plan, column) => {
  const text = withColumn(plan, column);
  await expect(openStudy(text, plan, memoryWorld(files))).rejects.toThrow(new RegExp(`"${column.replace(/[()]/g, "\\$&")}" is declared available: false[^]*leakage`));
  const free = undeclared(text, column);
  expect(free).not.toBe(text);
  const study = await openStudy(free, plan, memoryWorld(files));
  expect(guardBefore(study.plan, study).filter((f) => f.severity !== "note" && `${f.where} ${f.message}`.includes(column)).map((f) => f.guard)).not.toEqual([]);
});

test("as they are, the plans have no such warning", async () => {
  for (const plan of ["rfs.yaml", "pcr.yaml"]) {
    const study = await openStudy(read(plan).toString("utf8"), plan, memoryWorld(files));
    expect(guardBefore(study.plan, study).filter((f) => /disguise|sounds as if|unavailable|later/.test(`${f.guard} ${f.message}`))).toEqual([]);
  }
});
