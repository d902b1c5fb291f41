// README's first command on the real tables: the whole folder, and its nested figures beside R's (examples/ispy1/check.R, check.json).
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { StudyResults } from "../../src/report/index.js";
import { folder, radscore, type Ended } from "../cli/bin.js";

const example = join(import.meta.dirname, "../../examples/ispy1");
const out = join(folder, "ispy1");
const results = (study: string): StudyResults => JSON.parse(readFileSync(join(out, study, "results.json"), "utf8"));
let ended: Ended;
beforeAll(() => { ended = radscore(["run", example, "--out", out, "--quiet"]); }, 900_000);

test("it prints merit of three models by kind for two outcomes, with n, events and empty selections, and the reports' paths", () => {
  expect(ended.err).toBe("");
  expect(ended.code).toBe(0);
  for (const measure of ["C-index", "AUC"]) {
    for (const model of ["clinical", "radiomics", "combined"]) {
      for (const kind of ["apparent", "optimism-corrected", "nested cross-validation"]) {
        expect(ended.out).toMatch(new RegExp(`${model} +${kind} +${measure} 0\\.\\d{3}.* n 1(61, 43|56, 46) events`));
      }
    }
  }
  expect(ended.out).toMatch(/empty selections/);
  expect(ended.out).toContain(join(out, "rfs", "report.html"));
  expect(ended.out).toContain(join(out, "pcr", "report.html"));
});

test("nested figures are within 0.03 of R's own nested cross-validation", () => {
  const check = JSON.parse(readFileSync(join(example, "check.json"), "utf8")) as { values: { study: string; n: number; events: number; mean: Record<string, number> }[] };
  for (const { study, n, events, mean } of check.values) {
    const { performance } = results(study);
    for (const [model, value] of Object.entries(mean)) {
      const own = performance.find((p) => p.model === model && /^(AUC|C-index)$/.test(p.measure) && p.estimate.kind === "nested cross-validation")!.estimate;
      expect([own.n, own.events], `${study} ${model}`).toEqual([n, events]);
      expect(Math.abs(own.value - value), `${study} ${model}: ours ${own.value}, R ${value}`).toBeLessThan(0.03);
    }
  }
});

test("the folder is whole, the report small and self-contained", () => {
  for (const study of ["rfs", "pcr"]) {
    for (const name of ["report.html", "results.json", "model.json", "methods.md", "checklist.html", "calculator.html", "provenance.json", "study.radscore"]) {
      expect(existsSync(join(out, study, name)), `${study}/${name}`).toBe(true);
    }
    expect(statSync(join(out, study, "report.html")).size).toBeLessThan(5e6);
    expect(readdirSync(join(out, study, "figures")).length).toBe(results(study).figures.length);
    expect(readdirSync(join(out, study, "tables")).length).toBeGreaterThan(3);
    expect(readFileSync(join(out, study, "report.html"), "utf8")).not.toMatch(/(?:src|href)="https?:/);
  }
});

test("every number of merit carries n, events, set, kind and method; every interval its method", () => {
  for (const study of ["rfs", "pcr"]) {
    for (const { model, measure, estimate: e } of results(study).performance) {
      const who = `${study} ${model} ${measure} ${e.kind}`;
      expect(e.n, who).toBeGreaterThan(0);
      expect(e.events, who).toBeGreaterThan(0);
      expect(e.set && e.kind && e.method, who).toBeTruthy();
      if (e.low !== undefined && e.low !== null) expect(e.intervalMethod, who).toBeTruthy();
    }
  }
});

test("the features' scaling upstream stands in the margin; apparent merit of the combined model exceeds the nested one", () => {
  for (const study of ["rfs", "pcr"]) {
    const r = results(study);
    expect(r.findings.some((f) => f.guard === "scaled upstream")).toBe(true);
    const of = (kind: string) => r.performance.find((p) => p.model === "combined" && /^(AUC|C-index)$/.test(p.measure) && p.estimate.kind === kind)!.estimate.value;
    expect(of("apparent")).toBeGreaterThan(of("nested cross-validation"));
  }
  expect(results("pcr").cohorts.find((c) => c.role === "external")).toMatchObject({ name: "I-SPY 2", n: 982, events: 316 });
});
