// Limits of predicted probabilities against R 4.2.2 (predict.glm, survfit.coxph, survival 3.5-3): golden/stats/makePredictionIntervals.R.
import { expect, test } from "vitest";
import type { BinaryOutcome, SurvivalOutcome, Table } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";
import { coxLearner, lassoLearner, logisticLearner } from "../../src/model/index.js";
import { probabilityIntervals, type FittedBlock } from "../../src/study/index.js";

const numbers = (columns: Record<string, number[]>): Table => ({
  id: Object.values(columns)[0].map((_, k) => String(k)), columns: Object.fromEntries(Object.entries(columns).map(([name, v]) => [name, { kind: "number" as const, values: Float64Array.from(v) }])),
});
const block = (more: Partial<FittedBlock>): FittedBlock => ({ name: "m", kind: "model", inputs: [], steps: [], selected: [], learner: { name: "", options: {} }, model: null, constant: 0, ranges: {}, trainedOn: { rows: [], patients: 0 }, warnings: [], ...more });
const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));

// R's mtcars
const wt = [2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78];
const hp = [110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109];
const am: BinaryOutcome = { kind: "binary", name: "am", event: Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1) };
// R's survival::ovarian
const futime = [59, 115, 156, 421, 431, 448, 464, 475, 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227, 268, 329, 353, 365, 377];
const fustat = [1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0];
const age = [72.3315, 74.4932, 66.4658, 53.3644, 50.3397, 56.4301, 56.937, 59.8548, 64.1753, 55.1781, 56.7562, 50.1096, 59.6301, 57.0521, 39.2712, 43.1233, 38.8932, 44.6, 53.9068, 44.2055, 59.589, 74.5041, 43.137, 63.2192, 64.4247, 58.3096];
const rx = [1, 1, 1, 2, 1, 1, 2, 2, 1, 2, 1, 2, 2, 2, 1, 1, 1, 1, 2, 2, 2, 1, 1, 2, 2, 2];

test("logistic: plogis(lp ± z se) of predict.glm, also after a round through JSON", () => {
  const model = through(logisticLearner.fit(numbers({ wt, hp }), am, {}, randomStream(1)));
  const columns = numbers({ wt: [2.5, 3.2], hp: [110, 200] }).columns;
  const p = logisticLearner.predict(model, { id: ["1", "2"], columns });
  const linear = p.map((v) => Math.log(v / (1 - v)));
  const golden = [[0.933747096099, 0.469620413331, 0.995562076424], [0.562249687459, 0.158576895024, 0.897472342548]];
  golden.forEach(([value, low, high], row) => {
    expect(p[row]).toBeCloseTo(value, 9);
    const found = probabilityIntervals(block({ model }), { linear, columns, selected: ["wt", "hp"] }, row, []);
    // glm's information is of the last but one iterate: the sixth digit
    expect("low" in found && found.low[0]).toBeCloseTo(low, 5);
    expect("low" in found && found.high[0]).toBeCloseTo(high, 5);
  });
});

test("Cox: with the baseline's variance as survfit.coxph, without it from the linear predictor alone and saying so", () => {
  const outcome: SurvivalOutcome = { kind: "survival", name: "death", unit: "days", time: Float64Array.from(futime), event: Uint8Array.from(fustat) };
  const columns = numbers({ age: [50, 65], rx: [1, 2] }).columns;
  const fit = (baseline: "spread" | "hazard") => through(coxLearner.fit(numbers({ age, rx }), outcome, { ties: "breslow", baseline }, randomStream(1)));
  const whole = fit("spread");
  const linear = coxLearner.predict(whole, { id: ["1", "2"], columns });
  const { time, hazard, last } = whole.model.baseline[0];
  const own = (model: unknown) => probabilityIntervals(block({ model, baseline: { time: [...time, last], hazard: [...hazard, hazard[hazard.length - 1]] } }), { linear, columns, selected: ["age", "rx"] }, 0, [300, 600]);
  const found = own(whole);
  if ("none" in found) throw new Error(found.none);
  [0.00569498988897, 0.08860383265445].forEach((low, k) => expect(found.low[k]).toBeCloseTo(low, 8));
  [0.252155670852, 0.726297043339].forEach((high, k) => expect(found.high[k]).toBeCloseTo(high, 8));
  expect(found.covers).toContain("and of the baseline hazard");
  const part = own(fit("hazard"));
  if ("none" in part) throw new Error(part.none);
  // lp −0.506347118421, se 0.45801758070 (predict.coxph), H(600) exp(lp) = −log 0.707005009707
  const risk = -Math.log(0.707005009707);
  expect(part.high[1]).toBeCloseTo(1 - Math.exp(-risk * Math.exp(1.959963984540054 * 0.4580175807)), 8);
  expect(part.covers).toContain("not that of the baseline hazard");
});

test("no covariance, no interval: penalised models and the null model say why", () => {
  const model = lassoLearner.fit(numbers({ wt, hp }), am, { folds: 4 }, randomStream(1));
  const columns = numbers({ wt: [2.5], hp: [110] }).columns;
  expect(probabilityIntervals(block({ model }), { linear: Float64Array.of(1), columns, selected: ["wt"] }, 0, [])).toEqual({ none: expect.stringContaining("no covariance") });
  expect(probabilityIntervals(block({}), { linear: Float64Array.of(0), columns: {}, selected: [] }, 0, [])).toEqual({ none: expect.stringContaining("null model") });
});
