// What every learner of the list keeps to; a new entry is picked up by itself.
import { describe, expect, test } from "vitest";
import { categoryColumn, makeTable, numberColumn, selectOutcome, selectRows, type Outcome } from "../../src/cohort/index.js";
import { randomStream, stateFrom, stateText } from "../../src/math/index.js";
import { learners } from "../../src/model/index.js";

const n = 90;
const draws = randomStream("learners");
const [a, b, noise] = [0, 1, 2].map(() => Float64Array.from({ length: n }, () => draws.normal()));
const table = makeTable(Array.from({ length: n }, (_, i) => `P${i}`), {
  a: numberColumn(a), b: numberColumn(b), grade: categoryColumn(Array.from({ length: n }, (_, i) => ["G1", "G2", "G3"][i % 3])),
});
const risk = a.map((v, i) => v - 0.5 * b[i] + noise[i]);
const outcomes: Record<string, Outcome> = {
  binary: { kind: "binary", name: "response", event: Uint8Array.from(risk, (v) => (v > 0.3 ? 1 : 0)) },
  survival: { kind: "survival", name: "death", unit: "months", time: risk.map((v, i) => 20 - 4 * v + (i % 7) + 20), event: Uint8Array.from(risk, (_, i) => (i % 3 === 0 ? 0 : 1)) },
  competing: {
    kind: "survival", name: "relapse", unit: "months", time: risk.map((v, i) => 40 - 4 * v + (i % 7)),
    event: Uint8Array.from(risk, (_, i) => (i % 3 === 1 ? 1 : 0)), cause: Uint8Array.from(risk, (_, i) => i % 3),
  },
  continuous: { kind: "continuous", name: "size", value: risk },
};
const shuffled = [...Array(n).keys()].sort((i, j) => ((i * 37) % n) - ((j * 37) % n));
const close = (x: Float64Array, y: ArrayLike<number>) => x.forEach((v, i) => expect(Math.abs(v - y[i])).toBeLessThanOrEqual(2e-3 * Math.max(1, Math.abs(y[i]))));

/** Without fields that are undefined, which JSON leaves out. */
const plain = (value: unknown): unknown => (Array.isArray(value) ? value.map(plain) : value !== null && typeof value === "object"
  ? Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, plain(v)])) : value);

describe.each(learners.map((learner) => [learner.name, learner] as const))("%s", (_, learner) => {
  const outcome = outcomes[learner.outcome];
  const fit = () => learner.fit(table, outcome, {}, randomStream(7));

  test("predicts a number for every row, the same after a JSON round trip", () => {
    const model = fit();
    const prediction = learner.predict(model, table);
    expect(prediction.length).toBe(n);
    expect(prediction.every(Number.isFinite)).toBe(true);
    expect([...learner.predict(JSON.parse(JSON.stringify(model)), table)]).toEqual([...prediction]);
  });

  // a constant column and a copy leave coefficients and errors that are not numbers: null in plain JSON, kept by stateText
  test("a model with what is not finite predicts the same after plain JSON, and is whole after stateText", () => {
    const extra = { ...table, columns: { ...table.columns, still: numberColumn(a.map(() => 3)), copy: numberColumn(a) } };
    const model = learner.fit(extra, outcome, {}, randomStream(7));
    const prediction = learner.predict(model, extra);
    expect(prediction.every(Number.isFinite)).toBe(true);
    expect([...learner.predict(JSON.parse(JSON.stringify(model)), extra)]).toEqual([...prediction]);
    const back = stateFrom(stateText(model));
    expect(back).toEqual(plain(model));
    expect([...learner.predict(back, extra)]).toEqual([...prediction]);
  });

  test("the same seed gives the same model, and rows are predicted one by one as at once", () => {
    expect(JSON.stringify(fit())).toBe(JSON.stringify(fit()));
    const model = fit();
    const all = learner.predict(model, table);
    for (const row of [0, 17, 89]) expect(learner.predict(model, selectRows(table, [row]))[0]).toBe(all[row]);
  });

  test("the risk it predicts goes with the outcome", () => {
    const prediction = learner.predict(fit(), table);
    const mean = prediction.reduce((s, v) => s + v, 0) / n, meanRisk = risk.reduce((s, v) => s + v, 0) / n;
    if (learner.outcome !== "competing") expect(prediction.reduce((s, v, i) => s + (v - mean) * (risk[i] - meanRisk), 0)).toBeGreaterThan(0);
  });

  // cross-validated and randomly started models draw by row; their folds and start weights change with the order
  if (!/lasso|elasticNet|ridge|network/i.test(learner.name)) {
    test("the order of rows does not matter", () => {
      const model = learner.fit(selectRows(table, shuffled), selectOutcome(outcome, shuffled), {}, randomStream(7));
      close(learner.predict(model, table), learner.predict(fit(), table));
    });
  }
});
