// Writes input.json: folds, predictions and bootstrap samples of two small generated studies, as the engine made them once, linear predictors to four
// decimals. makeExpected.R computes every figure of merit from it anew. Not run by the tests, so that a change of a learner leaves input.json alone.
//   npx esbuild test/golden/study/makeInput.ts --bundle --platform=node --format=cjs --outfile=/tmp/makeInput.cjs && node /tmp/makeInput.cjs > test/golden/study/input.json
import { findFacts, noCache, predictBlocks, workingTable } from "../../../src/study/index.js";
import { runResample } from "../../../src/study/fit/resample.js";
import { bootstrapTasks } from "../../../src/study/fit/resampling.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "../../study/generated.js";

const round = (digits: number) => (x: number) => (Number.isFinite(x) ? Number(x.toFixed(digits)) : null);
const models = ["clinical", "combined"];
const study = async (outcome: "binary" | "survival") => {
  const n = 84;
  const shape = { noise: 6, signals: [0.9], age: 0.6, outcome, intercept: -0.4 };
  const cohort = generatedCohort({ ...shape, n, seed: `golden ${outcome}`, centres: ["A", "B", "C"] });
  // two patients with two rows each
  cohort.table.id[43] = cohort.table.id[40];
  cohort.table.id[63] = cohort.table.id[60];
  const plan = planFor(cohort, { validation: { crossValidation: { folds: 3, repeats: 2 }, bootstrap: { resamples: 8 }, leaveOneCentreOut: true } });
  plan.models[0].steps = [];
  const { facts } = await findFacts(plan, dataOf(cohort), memoryWorld(), { code: "golden", cache: noCache });
  const there = generatedCohort({ ...shape, n: 60, seed: `golden there ${outcome}`, name: "There", first: 500 }, "external");
  const outside = predictBlocks(facts.blocks, workingTable(there), plan.evaluation.times);
  const shared = { plan, cohort, training: facts.training, grids: [] };
  const linear = (x: ArrayLike<number>) => Array.from(x, round(4));
  const follow = (o: typeof cohort.outcome) => ({ event: Array.from(o.event), ...(o.kind === "survival" && { time: Array.from(o.time, round(2)) }) });
  return {
    outcome, times: plan.evaluation.times, id: cohort.table.id, centre: cohort.centre!, ...follow(cohort.outcome),
    apparent: Object.fromEntries(models.map((m) => [m, { linear: linear(facts.sets[0].predictions[m].linear), probability: facts.sets[0].predictions[m].probability.map((p) => Array.from(p, round(6))) }])),
    thresholds: Object.fromEntries(models.flatMap((m) => (facts.thresholds[m] === undefined ? [] : [[m, Number(facts.thresholds[m].value.toFixed(3))]]))),
    repeats: facts.crossValidation!.repeats.map((r) => ({
      fold: Array.from(r.fold),
      // three patients cannot be scored by the combined model
      predictions: Object.fromEntries(models.map((m) => [m, {
        linear: linear(r.predictions[m].linear).map((v, k) => (m === "combined" && k < 3 ? null : v)),
        probability: r.predictions[m].probability.map((p) => Array.from(p, round(6)).map((v, k) => (m === "combined" && k < 3 ? null : v))),
      }])),
    })),
    foldThresholds: facts.crossValidation!.results.map((f) => Object.fromEntries(Object.entries(f.thresholds ?? {}).filter(([m]) => models.includes(m)).map(([m, v]) => [m, Number(v.toFixed(3))]))),
    samples: bootstrapTasks(plan, cohort, facts.training).map((task) => {
      const { blocks } = runResample(shared, { ...task, curves: [] });
      return { fit: Array.from(task.fit), linear: Object.fromEntries(models.map((m) => [m, linear(blocks[m].linear)])) };
    }),
    centres: facts.centres!.map((c) => ({ centre: c.centre, rows: Array.from(c.rows), linear: Object.fromEntries(models.map((m) => [m, linear(c.predictions[m].linear)])), probability: Object.fromEntries(models.map((m) => [m, c.predictions[m].probability.map((p) => Array.from(p, round(6)))])) })),
    external: { ...follow(there.outcome), predictions: Object.fromEntries(models.map((m) => [m, { linear: linear(outside[m].linear), probability: outside[m].probability.map((p) => Array.from(p, round(6))) }])) },
  };
};
void Promise.all([study("binary"), study("survival")]).then(([binary, survival]) => process.stdout.write(`${JSON.stringify({ binary, survival })}\n`));
