import { describe, expect, test } from "vitest";
import { InputError, randomStream } from "../../src/math/index.js";
import { categoryColumn, impute, imputeTraining, labelsOf, makeTable, numberColumn, numbersOf, smote, undersample, upsample, type BinaryOutcome } from "../../src/cohort/index.js";

const y = { kind: "continuous", name: "", value: new Float64Array() } as const;
const chance = () => randomStream(11);
const run = (t: Parameters<typeof impute.fit>[0], options: object) => impute.apply(impute.fit(t, y, options, chance()), t);

describe("imputation", () => {
  const t = makeTable(["a", "b", "c", "d", "e"], { x: numberColumn([1, 2, 2, 10, NaN]), g: categoryColumn(["p", "q", "", "q", "p"]) });
  // Expected: R mice 3.15.0, mice(d, m = 2000, maxit = 10, method = "norm", seed = 1); mean and variance over the imputations of the columns' means.
  // 500 of ours: the mean within 4 standard errors of both chances, the variance within 4 of its relative standard error √(2/m)
  test("the training rows of the chain have R mice's spread between imputations", () => {
    const _ = NaN;
    const x = [0.3, -0.72, _, -0.07, _, 0.55, -0.45, _, 0.16, _, 0.84, -0.21, _, 0.39, _, 1.22, 0.02, _, 0.65, _, 2.03, 0.24, _, 0.97, _, -1.48, 0.49, _, 1.43, _, -1, 0.76, _, -2.22, _, -0.68, 1.11, _, -1.26, _];
    const z = [0.17, _, 0.64, _, -1.85, 0.48, _, 1.22, _, -1.29, _, 0.64, -1.77, _, -0.9, _, -0.74, _, 1.08, -0.57, _, -0.32, _, 1.56, _, -1.01, 0.04, _, 0.3, _, -0.46, _, -0.05, -2.61, _, -0.02, _, 0.25, _, 0.61];
    const gaps = makeTable(x.map((__, i) => `p${i}`), { x: numberColumn(x), z: numberColumn(z) }), m = 500;
    const tables = Array.from({ length: m }, (__, k) => imputeTraining(gaps, { numbers: "normal", imputation: k + 1 }, chance()));
    for (const [name, mean, variance] of [["x", 0.02856913, 0.01231446], ["z", -0.07081399, 0.01427485]] as const) {
      const means = tables.map((table) => numbersOf(table, name).reduce((a, b) => a + b, 0) / x.length);
      const ours = means.reduce((a, b) => a + b, 0) / m, spread = means.reduce((a, b) => a + (b - ours) * (b - ours), 0) / (m - 1);
      expect(Math.abs(ours - mean), name).toBeLessThan(4 * Math.sqrt(variance * (1 / m + 1 / 2000)));
      expect(Math.abs(Math.log(spread / variance)), name).toBeLessThan(4 * Math.sqrt(2 / m + 2 / 2000));
    }
  });
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
  // level by score s: lost in half of the rows with s > 0; the share of the highest level before and after; 40 cohorts of 150 rows
  test.each([["logistic", 2, false], ["polytomous", 3, false], ["proportionalOdds", 3, true]] as const)("categories by %s regression: shares come back, those of the rows left do not (3 Monte Carlo standard errors)", (method, levels, ordered) => {
    const bias: Record<string, number[]> = { filled: [], left: [] };
    for (let rep = 0; rep < 40; rep++) {
      const r = chance().stream(`${method} ${rep}`);
      const s = Float64Array.from({ length: 150 }, () => r.normal());
      const score = s.map((v) => { const u = r.next(); return 1.5 * v + Math.log(u / (1 - u)); });
      const whole = Array.from(score, (v) => (v < (levels === 2 ? 0 : -1) ? "A" : levels === 3 && v < 1 ? "B" : "C"));
      const names = levels === 2 ? ["A", "C"] : ["A", "B", "C"];
      const seen = whole.map((l, i) => (s[i] > 0 && r.next() < 0.5 ? "" : l));
      const table = makeTable(whole.map((_, i) => `P${i}`), { s: numberColumn(s), g: categoryColumn(seen, names, ordered) });
      const state = impute.fit(table, y, { method: "mice", rounds: 2 }, r) as any;
      expect(state.mice.methods[1]).toBe(method);
      const filled = labelsOf(impute.apply(state, table), "g");
      expect(filled.filter((l, i) => seen[i] !== "" && l !== seen[i])).toEqual([]);
      const share = (labels: string[]) => labels.filter((l) => l === "C").length / labels.length;
      bias.filled.push(share(filled) - share(whole));
      bias.left.push(share(seen.filter((l) => l !== "")) - share(whole));
    }
    const summary = (x: number[]) => { const m = x.reduce((a, b) => a + b, 0) / x.length; return { m, se: Math.sqrt(x.reduce((a, b) => a + (b - m) * (b - m), 0) / (x.length - 1) / x.length) }; };
    const filled = summary(bias.filled), left = summary(bias.left);
    expect(Math.abs(filled.m)).toBeLessThan(3 * filled.se);
    expect(left.m).toBeLessThan(-6 * left.se);
  });
  test("normal regression may go beyond the values seen, which matching does not; a method that does not fit its column is refused", () => {
    const r = chance();
    const u = Float64Array.from({ length: 80 }, () => r.normal());
    const v = u.map((a) => (a > 0.5 ? NaN : 3 * a + 0.3 * r.normal()));
    const table = makeTable(Array.from(u, (_, i) => `P${i}`), { u: numberColumn(u), v: numberColumn(v), g: categoryColumn(Array.from(u, (_, i) => ["a", "b", "c"][i % 3])) });
    const largest = Math.max(...v.filter((x) => !Number.isNaN(x)));
    const top = (options: object) => Math.max(...numbersOf(run(table, { method: "mice", ...options }), "v"));
    expect(top({})).toBe(largest);
    expect(top({ numbers: "normal" })).toBeGreaterThan(largest + 1);
    expect(top({ methods: { v: "normal" } })).toBeGreaterThan(largest + 1);
    expect(() => run(table, { method: "mice", methods: { g: "logistic" } })).toThrow(/3 levels/);
    expect(() => run(table, { method: "mice", methods: { v: "polytomous" } })).toThrow(/pmm or normal/);
    expect(() => run(table, { method: "mice", methods: { w: "pmm" } })).toThrow(/w, which is not among/);
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
