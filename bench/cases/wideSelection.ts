// Selection over 11,258 generated features of 315 patients: agreement with a second reader, univariable tests, correlation, LASSO.
import { correlationFilter, iccFilter, lassoSelect, makeTable, numberColumn, selectRows, univariable, type Outcome, type Step, type Table } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";

/** Features from 60 hidden factors, so that many are alike; a third of them agree badly between readers; six factors carry the outcome. */
function cohort(n = 315, p = 11258, factors = 60): { table: Table; second: Table; outcome: Outcome } {
  const random = randomStream(20240607);
  const hidden = Array.from({ length: factors }, () => Float64Array.from({ length: n }, () => random.normal()));
  const id = Array.from({ length: n }, (_, i) => `P${i + 1}`);
  const first: Table["columns"] = {}, again: Table["columns"] = {};
  for (let j = 0; j < p; j++) {
    const share = 0.3 + 0.65 * random.next();
    const error = random.next() < 1 / 3 ? 0.9 : 0.25;
    const truth = hidden[random.below(factors)].map((h) => Math.sqrt(share) * h + Math.sqrt(1 - share) * random.normal());
    first[`f${j + 1}`] = numberColumn(truth.map((t) => t + error * random.normal()));
    again[`f${j + 1}`] = numberColumn(truth.map((t) => t + error * random.normal()));
  }
  const event = Uint8Array.from({ length: n }, (_, i) => Number(random.next() < 1 / (1 + Math.exp(0.5 - [0, 1, 2, 3, 4, 5].reduce((s, k) => s + 0.6 * hidden[k][i], 0)))));
  const readTwice = Int32Array.from({ length: 50 }, (_, i) => i);
  return { table: makeTable(id, first), second: selectRows(makeTable(id, again), readTwice), outcome: { kind: "binary", event, name: "pCR" } };
}

/** Runs the stages and returns what stays after each, with its CPU seconds. */
export function wideSelection(cpuSeconds: () => number): { stage: string; features: number; seconds: number }[] {
  const { table, second, outcome } = cohort();
  const stages: [string, Step, object][] = [
    ["ICC(2,1) > 0.75, second reader on 50 patients", iccFilter, { readings: [second] }],
    ["Mann–Whitney p < 0.05", univariable, {}],
    ["Spearman within ±0.9", correlationFilter, { method: "spearman" }],
    ["LASSO, 10 folds", lassoSelect, {}],
  ];
  let at = table;
  const done = [{ stage: "generated", features: Object.keys(at.columns).length, seconds: 0 }];
  for (const [stage, step, options] of stages) {
    const begin = cpuSeconds();
    at = step.apply(step.fit(at, outcome, options, randomStream(1)), at);
    done.push({ stage, features: Object.keys(at.columns).length, seconds: cpuSeconds() - begin });
  }
  return done;
}
