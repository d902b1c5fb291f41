// What is fitted again after an edit, a damage, an interruption; and that chance belongs to names, not to order.
import { expect, test } from "vitest";
import { cacheOf, findFacts, noCache, runOn } from "../../src/study/index.js";
import type { Plan, World } from "../../src/study/index.js";
import { runResample } from "../../src/study/fit/resample.js";
import { bootstrapTasks, crossValidationTasks, foldsOf } from "../../src/study/fit/resampling.js";
import { pack, unpack } from "../../src/study/fit/bytesOf.js";
import { innerFolds } from "../../src/study/fit/fitBlock.js";
import { randomStream } from "../../src/math/index.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const cohort = generatedCohort({ n: 60, noise: 6, signals: [1.2], age: 0.5, seed: "cache", outcome: "binary" });
const plan = planFor(cohort, { validation: { leaveOneCentreOut: false, crossValidation: { folds: 3, repeats: 2 }, bootstrap: { resamples: 5 } } });
const FITS = 1 + 6 + 5;
const text = (value: unknown) => JSON.stringify(value);
const run = (p: Plan, world: World, code = "a") => findFacts(p, dataOf(cohort), world, { code, cache: cacheOf(world) });

test("an edit fits again what it touches and what stands behind it, and nothing else", async () => {
  const world = memoryWorld();
  const first = await run(plan, world);
  expect(first.fits).toEqual({ Radscore: FITS, clinical: FITS, radiomics: FITS, combined: FITS });
  // nothing changed: nothing is fitted
  const again = await run(plan, world);
  expect(again.fits).toEqual({ Radscore: 0, clinical: 0, radiomics: 0, combined: 0 });
  expect(text(again.facts.performance)).toBe(text(first.facts.performance));
  // the clinical model changes: it, and the combined one that reads what it kept; the final fit is one entry
  const edited = { ...plan, models: plan.models.map((m) => (m.name === "clinical" ? { ...m, steps: [{ name: "stepwise", options: { criterion: "bic" } }] } : m)) };
  const after = await run(edited, world);
  expect(after.fits).toEqual({ Radscore: 1, clinical: FITS, radiomics: 1, combined: FITS });
  // and the result is that of a run without any cache
  const fresh = await findFacts(edited, dataOf(cohort), memoryWorld(), { code: "a", cache: noCache });
  expect(text(after.facts.performance)).toBe(text(fresh.facts.performance));
  // another model's figures need no fit at all: only the evaluation changed
  const judgedAnew = await run({ ...edited, evaluation: { ...edited.evaluation, threshold: 0.3 } }, world);
  expect(judgedAnew.fits).toEqual({ Radscore: 0, clinical: 0, radiomics: 0, combined: 0 });
  expect(text(judgedAnew.facts.performance)).not.toBe(text(after.facts.performance));
});

test("another program, seed or value of a column fits again", async () => {
  const world = memoryWorld();
  await run(plan, world);
  expect((await run(plan, world, "b")).fits["Radscore"]).toBe(FITS);
  expect((await run({ ...plan, seed: 8 }, world, "b")).fits["clinical"]).toBe(FITS);
  const moved = structuredClone(cohort);
  (moved.table.columns["age"] as { values: Float64Array }).values[3] += 1;
  const other = await findFacts({ ...plan, seed: 8 }, dataOf(moved), world, { code: "b", cache: cacheOf(world) });
  expect([other.fits["Radscore"], other.fits["clinical"], other.fits["combined"]]).toEqual([1, FITS, FITS]);
});

test("a damaged entry is named, computed again, and changes nothing", async () => {
  const world = memoryWorld();
  const first = await run(plan, world);
  const bytes = world.kept.get("cv 2 1")!;
  bytes[bytes.length - 20] ^= 4;
  world.kept.set("bootstrap 3", world.kept.get("bootstrap 3")!.slice(0, 40));
  const second = await run(plan, world);
  expect(world.said).toEqual(['The cache entry "cv 2 1" is damaged; it is computed again.', 'The cache entry "bootstrap 3" is damaged; it is computed again.']);
  expect(second.fits["Radscore"]).toBe(2);
  expect(text(second.facts.performance)).toBe(text(first.facts.performance));
});

test("an interrupted run goes on to the same results", async () => {
  const whole = await runOn(plan, "", dataOf(cohort), memoryWorld(), { program: "p" });
  const world = memoryWorld();
  let left = 4;
  const dying: World = { ...world, map: (job, shared, tasks, done) => world.map(job, shared, tasks, (result, index) => { if (left-- <= 0) throw new Error("killed"); done?.(result, index); }) };
  await expect(runOn(plan, "", dataOf(cohort), dying, { program: "p" })).rejects.toThrow("killed");
  const resumed = await runOn(plan, "", dataOf(cohort), world, { program: "p" });
  expect(resumed.fits["Radscore"]).toBe(FITS - 5);
  expect(text(resumed.results)).toBe(text(whole.results));
  expect(text(resumed.model)).toBe(text(whole.model));
});

test("a resample is the same whatever ran before it, and in whatever order", () => {
  const training = Int32Array.from({ length: 60 }, (_, i) => i);
  const shared = { plan, cohort, training, grids: [] };
  const tasks = [...crossValidationTasks(foldsOf(plan, cohort, training)), ...bootstrapTasks(plan, cohort, training)].map((t) => ({ ...t, curves: [] }));
  const forwards = tasks.map((t) => text(runResample(shared, t)));
  const backwards = tasks.toReversed().map((t) => text(runResample({ ...shared }, t))).toReversed();
  expect(backwards).toEqual(forwards);
});

test("copies of a bootstrapped patient share their inner fold, and their outer one", () => {
  const id = Array.from({ length: 40 }, (_, i) => `p${Math.floor(i / 2)}`);
  const fold = innerFolds(id, { kind: "binary", name: "y", event: Uint8Array.from(id, (_, i) => (i % 4 < 2 ? 1 : 0)) }, 5, randomStream(3));
  for (let i = 0; i < 40; i += 2) expect(fold[i]).toBe(fold[i + 1]);
  expect(new Set(fold).size).toBe(5);
  const twice = { ...cohort, table: { ...cohort.table, id: cohort.table.id.map((_, i) => `p${i >> 1}`) } };
  for (const outer of foldsOf(plan, twice, Int32Array.from({ length: 60 }, (_, i) => i))) for (let i = 0; i < 60; i += 2) expect(outer[i]).toBe(outer[i + 1]);
  // and a bootstrap sample draws patients: both rows or none
  for (const sample of bootstrapTasks(plan, twice, Int32Array.from({ length: 60 }, (_, i) => i))) {
    const count = new Int32Array(60);
    for (const k of sample.fit) count[k]++;
    for (let i = 0; i < 60; i += 2) expect(count[i]).toBe(count[i + 1]);
  }
});

test("values come back whole from a part of a larger memory, as small files are read in Node", () => {
  const value = { a: Float64Array.of(1, NaN, -3), b: Int32Array.of(4, 5), c: Uint8Array.of(7), d: new Float64Array(0), n: Infinity };
  const bytes = pack(value), pool = Buffer.alloc(8192, 9);
  pool.set(bytes, 240);
  expect(unpack(pool.subarray(240, 240 + bytes.length))).toEqual(value);
});
