// results.json keeps its contract: every number says of how many patients and events it is, of which set, how it came about and by which
// seed; an interval names its level and method and holds no nonsense; what has no value says why.
import { expect, test } from "vitest";
import type { Estimate, StudyResults } from "../../src/report/index.js";
import { runOn } from "../../src/study/runStudy.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const kinds = ["apparent", "tuning", "optimism-corrected", "632+", "nested cross-validation", "leave-one-centre-out", "test", "external"];

/** Everything in a tree that looks like an estimate: a value with a set and a kind, with the path to it. */
function estimatesOf(tree: unknown, path = "results"): { path: string; e: Estimate }[] {
  if (typeof tree !== "object" || tree === null) return [];
  const own = tree as Record<string, unknown>;
  const here = "value" in own && "set" in own && "kind" in own ? [{ path, e: own as unknown as Estimate }] : [];
  return [...here, ...Object.entries(own).flatMap(([key, value]) => (key === "figures" || ArrayBuffer.isView(value) ? [] : estimatesOf(value, `${path}.${key}`)))];
}

/** What an estimate lacks of its contract; empty where nothing. */
function lacks(e: Estimate, seed: number): string[] {
  const missing: string[] = [];
  const number = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x);
  if (!(number(e.n) && e.n > 0 && Number.isInteger(e.n))) missing.push(`n is ${e.n}`);
  if (!(number(e.events) && e.events >= 0 && e.events <= e.n)) missing.push(`events are ${e.events}`);
  if (typeof e.set !== "string" || e.set === "") missing.push("no set");
  if (!kinds.includes(e.kind)) missing.push(`kind ${e.kind}`);
  if (typeof e.method !== "string" || e.method === "") missing.push("no method");
  if (e.seed !== seed) missing.push(`seed is ${e.seed}`);
  if (!number(e.value) && (e.note === undefined || e.note === "")) missing.push("no value, and no note why");
  if ((e.low === undefined) !== (e.high === undefined)) missing.push("one end of an interval");
  if (number(e.value) && e.low === undefined && (e.note === undefined || e.note === "")) missing.push("no interval, and no note why");
  if (e.low !== undefined) {
    if (!(number(e.low) && number(e.high) && e.low <= e.high)) missing.push(`interval ${e.low} to ${e.high}`);
    else if (!(e.low <= e.value + 1e-9 && e.value - 1e-9 <= e.high!)) missing.push(`${e.value} lies outside its interval ${e.low} to ${e.high}`);
    if (!(number(e.level) && e.level > 0.5 && e.level < 1)) missing.push("interval without level");
    if (e.intervalMethod === undefined || e.intervalMethod === "") missing.push("interval without method");
    if (/\bSD\b|spread/i.test(e.intervalMethod ?? "")) missing.push("a spread as an interval");
  }
  if (e.kind === "nested cross-validation" && !(number(e.count) && e.count > 0)) missing.push("repeats not counted");
  if (e.empty !== undefined && !(number(e.fits) && e.empty <= e.fits)) missing.push(`${e.empty} empty of ${e.fits} fits`);
  return missing;
}

const faults = (results: StudyResults) => estimatesOf(results).flatMap(({ path, e }) => lacks(e, results.seed).map((what) => `${path} (${e.set}, ${e.kind}): ${what}`));

async function run(outcome: "binary" | "survival"): Promise<StudyResults> {
  const centres = ["A", "B"];
  const development = generatedCohort({ n: 90, noise: 6, seed: 11, outcome, signals: [0.9], age: 0.4, centres });
  const external = generatedCohort({ n: 60, noise: 6, seed: 12, outcome, signals: [0.9], age: 0.4, name: "Elsewhere", first: 500 }, "external");
  const plan = planFor(development, { validation: { crossValidation: { folds: 3, repeats: 2 }, bootstrap: { resamples: 6 }, leaveOneCentreOut: true } });
  plan.cohorts.push({ ...plan.cohorts[0], name: "Elsewhere", role: "external" });
  plan.evaluation.comparisons = [["clinical", "combined"]];
  const { results } = await runOn(plan, "generated", dataOf(development, [external]), memoryWorld(), { program: "test" });
  return results;
}

test("the check sees what is missing", () => {
  const whole: Estimate = { value: 0.7, low: 0.6, high: 0.8, level: 0.95, intervalMethod: "DeLong", n: 50, events: 20, set: "A", kind: "test", method: "AUC", seed: 1 };
  expect(lacks(whole, 1)).toEqual([]);
  for (const key of ["n", "events", "set", "kind", "method", "seed", "level", "intervalMethod", "high"] as const) expect(lacks({ ...whole, [key]: undefined }, 1), key).not.toEqual([]);
  expect(lacks({ ...whole, value: NaN, low: undefined, high: undefined } as unknown as Estimate, 1)).toEqual(["no value, and no note why"]);
  expect(lacks({ ...whole, value: 0.9 }, 1)).toEqual(["0.9 lies outside its interval 0.6 to 0.8"]);
  expect(lacks({ ...whole, low: undefined, high: undefined } as unknown as Estimate, 1)).toEqual(["no interval, and no note why"]);
});

test.each(["binary", "survival"] as const)("every estimate of a %s study has n, events, set, kind, method, interval and seed", async (outcome) => {
  const results = JSON.parse(JSON.stringify(await run(outcome))) as StudyResults;
  const found = estimatesOf(results);
  const seen = new Set(found.map(({ e }) => e.kind));
  for (const kind of ["apparent", "nested cross-validation", "optimism-corrected", "632+", "external", "leave-one-centre-out"] as const) expect(seen, kind).toContain(kind);
  expect(found.length).toBeGreaterThan(50);
  expect(faults(results)).toEqual([]);
  for (const cohort of results.cohorts) expect(cohort.flow.every((f) => Number.isInteger(f.n) && (f.removed === undefined || (f.reason ?? "") !== ""))).toBe(true);
});
