import { describe, expect, test } from "vitest";
import { InputError, randomStream } from "../../src/math/index.js";
import { categoryColumn, impute, labelsOf, makeTable, numberColumn, numbersOf, smote, undersample, upsample, type BinaryOutcome } from "../../src/cohort/index.js";

const y = { kind: "continuous", name: "", value: new Float64Array() } as const;
const chance = () => randomStream(11);
const run = (t: Parameters<typeof impute.fit>[0], options: object) => impute.apply(impute.fit(t, y, options, chance()), t);

describe("imputation", () => {
  const t = makeTable(["a", "b", "c", "d", "e"], { x: numberColumn([1, 2, 2, 10, NaN]), g: categoryColumn(["p", "q", "", "q", "p"]) });
  test("hand-worked: median 2, commonest value 2, of equally common levels the first", () => {
    expect([...numbersOf(run(t, {}), "x")]).toEqual([1, 2, 2, 10, 2]);
    expect([...numbersOf(run(t, { method: "mode" }), "x")]).toEqual([1, 2, 2, 10, 2]);
    expect(labelsOf(run(t, {}), "g")).toEqual(["p", "q", "p", "q", "p"]);
  });
  test("hand-worked: the two nearest rows by the other column", () => {
    const near = makeTable(["a", "b", "c", "d"], { u: numberColumn([0, 1, 5, 0.4]), v: numberColumn([10, 20, 90, NaN]) });
    expect(numbersOf(run(near, { method: "knn", neighbours: 2 }), "v")[3]).toBe(15);
  });
  test("other rows are filled from the training rows alone", () => {
    const state = impute.fit(t, y, {}, chance());
    const other = makeTable(["z"], { x: numberColumn([NaN]), g: categoryColumn([""], ["q", "p"]) });
    const filled = impute.apply(state, other);
    expect([numbersOf(filled, "x")[0], labelsOf(filled, "g")[0]]).toEqual([2, "p"]);
  });
  test("a column without values, a warning for one mostly missing, a missing level", () => {
    expect(() => impute.fit(makeTable(["a"], { x: numberColumn([NaN]) }), y, {}, chance())).toThrow(/x has no values/);
    expect(impute.fit(makeTable(["a", "b", "c"], { x: numberColumn([NaN, NaN, 1]) }), y, {}, chance()).warnings[0]).toMatch(/x is missing in 2 of 3/);
    expect(() => impute.apply(impute.fit(t, y, {}, chance()), makeTable(["z"], { x: numberColumn([1]), g: categoryColumn([""], ["r"]) }))).toThrow(InputError);
    expect(() => impute.fit(makeTable(["a", "b"], { x: numberColumn([1, 2]) }), y, { method: "mice" }, chance())).toThrow(InputError);
  });
  // v = 2u + noise of sd 1, a third missing where u is large: the mean of all v is 0; 40 cohorts of 150
  test("chained equations undo a loss that depends on what is seen (3 Monte Carlo standard errors), the median does not", () => {
    const means: Record<string, number[]> = { mice: [], median: [] };
    for (let rep = 0; rep < 40; rep++) {
      const r = chance().stream(rep);
      const u = Float64Array.from({ length: 150 }, () => r.normal());
      const v = u.map((a) => { const value = 2 * a + r.normal(); return a > 0.4 && r.next() < 0.8 ? NaN : value; });
      const table = makeTable(Array.from(u, (_, i) => `P${i}`), { u: numberColumn(u), v: numberColumn(v) });
      for (const method of ["mice", "median"]) {
        const state = impute.fit(table, y, { method, rounds: 3 }, r);
        const filled = numbersOf(impute.apply(state, table), "v");
        means[method].push(filled.reduce((a, b) => a + b, 0) / 150 - u.reduce((a, b) => a + 2 * b, 0) / 150);
      }
    }
    const summary = (x: number[]) => { const m = x.reduce((a, b) => a + b, 0) / x.length; return { m, se: Math.sqrt(x.reduce((a, b) => a + (b - m) * (b - m), 0) / (x.length - 1) / x.length) }; };
    const mice = summary(means.mice), median = summary(means.median);
    // a donor cannot lie beyond the values seen, hence the allowance of .1 beside the Monte Carlo error
    expect(Math.abs(mice.m)).toBeLessThan(3 * mice.se + 0.1);
    expect(median.m).toBeLessThan(-10 * median.se);
  });
  test("several imputations differ, one is repeatable", () => {
    const r = chance();
    const u = Float64Array.from({ length: 40 }, () => r.normal());
    const table = makeTable(Array.from(u, (_, i) => `P${i}`), { u: numberColumn(u), v: numberColumn(u.map((a, i) => (i % 4 === 0 ? NaN : a + r.normal()))) });
    const of = (imputation: number) => numbersOf(run(table, { method: "mice", imputation }), "v");
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe("class balance", () => {
  const x = Float64Array.from({ length: 30 }, (_, i) => i);
  const t = makeTable(Array.from(x, (_, i) => `P${i}`), { x: numberColumn(x), x2: numberColumn(x.map((v) => 100 - v)) });
  const few: BinaryOutcome = { kind: "binary", name: "y", event: Uint8Array.from(x, (v) => (v >= 24 ? 1 : 0)) };
  test("synthetic rows lie between rows of their class and carry the first one's patient", () => {
    const state = smote.fit(t, few, {}, chance());
    const made = smote.apply(state, t);
    expect([state.before, state.after]).toEqual([[24, 6], [24, 24]]);
    const [a, b] = [numbersOf(made, "x"), numbersOf(made, "x2")];
    for (let k = 30; k < 48; k++) {
      expect(a[k]).toBeGreaterThanOrEqual(24);
      expect(a[k]).toBeLessThanOrEqual(29);
      expect(a[k] + b[k]).toBeCloseTo(100, 10);
      expect(Number(made.id[k].slice(1))).toBe(state.rows[k]);
      expect(few.event[state.rows[k]]).toBe(1);
    }
  });
  test("ratios are met; what has no two classes is refused", () => {
    expect(upsample.fit(t, few, { ratio: 0.5 }, chance()).after).toEqual([24, 12]);
    expect(undersample.fit(t, few, { ratio: 0.5 }, chance()).after).toEqual([12, 6]);
    expect(() => upsample.fit(t, { ...few, event: new Uint8Array(30) }, {}, chance())).toThrow(/no event/);
    expect(() => smote.fit(t, { kind: "continuous", name: "v", value: x }, {}, chance())).toThrow(/two classes/);
  });
});
