import { expect, test } from "vitest";
import { randomStream } from "../../src/math/index.js";
import { firthLogistic, firthTermTest, logisticFit, logisticProfile, oddsRatioTable } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";
import { designFrom } from "./cohorts.js";

const { result: r, args } = reference("firth_logistic");
const d = data("bin_cohort.csv");
const separated = { names: ["x", "z"], columns: [Float64Array.from(args.x), Float64Array.from(args.z)], n: args.y.length };

function same(fit: ReturnType<typeof firthLogistic>, theirs: any) {
  const numbers = (v: any) => [Object.values(v)].flat(2) as number[];
  expect(unequal(fit.coefficient, numbers(theirs.coef), 1e-8)).toEqual([]);
  expect(unequal(fit.se, numbers(theirs.se), 1e-8)).toEqual([]);
  expect(unequal(fit.p, numbers(theirs.p), 1e-7)).toEqual([]);
  expect(unequal(fit.covariance.flat(), theirs.vcov.flat(), 1e-7)).toEqual([]);
  expect(unequal([fit.penalizedLogLik], [theirs.penalized_loglik], 1e-10)).toEqual([]);
  expect(unequal(fit.lower, theirs.ci_wald.values.map((v: number[]) => v[0]), 1e-7)).toEqual([]);
  expect(unequal(fit.upper, theirs.ci_wald.values.map((v: number[]) => v[1]), 1e-7)).toEqual([]);
}

test("Firth's logistic regression agrees with R brglm2, under separation too (firth_logistic)", () => {
  same(firthLogistic(designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "multi", "shape:oval,irregular,round"]).design, d.y), r.cohort);
  const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc"]);
  same(firthLogistic({ ...design, n: 40, columns: design.columns.map((c) => c.slice(0, 40)) }, d.y.slice(0, 40)), r.first40);
  same(firthLogistic(separated, args.y), r.separated);
  same(firthLogistic({ names: [], columns: [], n: 160 }, d.y), r.intercept_only);
});

// optim + uniroot of the reference: 6 digits
test("the penalised profile interval and test of a separating variable agree with R's optim and uniroot", () => {
  const { profile } = firthLogistic(separated, args.y);
  const theirs = r.separated_x_profile;
  expect(unequal([profile!.statistic[1], profile!.p[1], profile!.lower[1], profile!.upper[1]], [theirs.lr, theirs.p, ...theirs.ci95_profile], 1e-6)).toEqual([]);
  expect(profile!.warnings).toEqual([]);
});

test("separation is named, its Wald test withheld, and Firth offered", () => {
  const fit = logisticFit(separated, args.y);
  expect(fit.separation).toEqual({ kind: "complete", variables: ["x"] });
  expect(fit.converged).toBe(false);
  expect(fit.p.every(Number.isNaN)).toBe(true);
  expect(fit.warnings.join()).toMatch(/^x: complete separation.*Firth/);
  const { lower, upper, warnings } = logisticProfile(separated, args.y, { only: ["x"] });
  expect(lower[1]).toBeGreaterThan(0);
  expect(upper[1]).toBe(Infinity);
  expect(warnings.join()).toMatch(/^x: its upper profile limit is infinite/);
});

test("quasi-complete separation names the variable that no one without the event has, and keeps the others' tests", () => {
  // nobody without the event has lvi (as in a 2 × 2 table with an empty cell)
  const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i * 7.3));
  const event = Uint8Array.from({ length: 40 }, (_, i) => Number(Math.sin(i * 3.1) > 0));
  const lvi = Float64Array.from(event, (e, i) => Number(e === 1 && i % 3 === 0));
  const fit = logisticFit({ names: ["x", "lvi"], columns: [x, lvi], n: 40 }, event);
  expect(fit.separation).toEqual({ kind: "quasi", variables: ["lvi"] });
  expect(fit.se[2]).toBeNaN();
  // x's estimate is that of the patients without lvi
  const rest = [...event.keys()].filter((i) => lvi[i] === 0);
  const without = logisticFit({ names: ["x"], columns: [Float64Array.from(rest, (i) => x[i])], n: rest.length }, rest.map((i) => event[i]));
  expect(unequal([fit.coefficient[1], fit.se[1]], [without.coefficient[1], without.se[1]], 1e-6)).toEqual([]);
});

// Hand-worked: one 0/1 variable, Firth adds ½ to each cell of the 2 × 2 table (Heinze & Schemper 2002, section 2)
test("with one binary variable Firth's odds ratio is that of the table with ½ added to each cell", () => {
  // 5 events and 7 others at x = 0, 4 events and none else at x = 1
  const x = Array.from("0000000000001111", Number);
  const y = Array.from("1111100000001111", Number);
  const fit = firthLogistic({ names: ["x"], columns: [Float64Array.from(x)], n: 16 }, y);
  expect(fit.coefficient[1]).toBeCloseTo(Math.log((4.5 * 7.5) / (5.5 * 0.5)), 10);
});

// Two variables: data are separated where, and only where, some line through two patients has no patient on its wrong side
test("separation is found in exactly those of 500 small random tables that a line separates", () => {
  const random = randomStream(11);
  let [both, separatedTables] = [0, 0];
  for (let t = 0; t < 500; t++) {
    const n = 6 + random.below(14);
    const [x, z] = [0, 1].map(() => Float64Array.from({ length: n }, () => random.below(4)));
    const y = Uint8Array.from(x, (v) => Number(random.next() < 1 / (1 + Math.exp(4 - 2 * v))));
    if (new Set(y).size < 2) continue;
    const design = { names: ["x", "z"], columns: [x, z], n };
    const fit = logisticFit(design, y);
    if (fit.aliased.length > 0) continue;
    let truth = false;
    for (let i = 0; i < n && !truth; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [z[i] - z[j], x[j] - x[i]];
        const side = Array.from(y, (e, k) => (e ? 1 : -1) * (a * (x[k] - x[i]) + b * (z[k] - z[i])));
        truth ||= side.some((s) => s !== 0) && (side.every((s) => s >= 0) || side.every((s) => s <= 0));
      }
    }
    expect(fit.separation !== undefined).toBe(truth);
    both++;
    if (truth) {
      separatedTables++;
      const firth = firthLogistic(design, y, { profile: false });
      expect(firth.converged && firth.se.every(Number.isFinite)).toBe(true);
    }
  }
  expect(separatedTables).toBeGreaterThan(100);
  expect(both - separatedTables).toBeGreaterThan(100);
});

// Expected: R 4.2.2, the penalised likelihoods maximised by optim (makeMethods.R), good to about 1e-7
test("a factor's penalised likelihood-ratio test keeps |I| of the whole model, under separation too", () => {
  const { result } = reference("firth_factor");
  const { design, terms } = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "shape:oval,irregular,round"]);
  const oval = data("bin_cohort.csv").text.shape;
  const none = d.y.map((v, i) => (oval[i] === "oval" ? 0 : v));
  for (const [name, y] of [["cohort", d.y], ["separated", none]] as const) {
    const test = firthTermTest(design, y, terms[4].columns);
    expect(test.df).toBe(2);
    expect(unequal([test.statistic, test.p], [result[name].lr, result[name].p], 1e-6), name).toEqual([]);
  }
  // one column: the profile's test; a column of one value has none, and the table says why
  expect(firthTermTest(design, d.y, [2]).p).toBeCloseTo(firthLogistic(design, d.y).profile!.p[3], 10);
  const still = { ...design, names: [...design.names, "still"], columns: [...design.columns, design.columns[0].map(() => 1)] };
  expect(firthTermTest(still, d.y, [6])).toMatchObject({ df: 0, p: NaN });
  const table = oddsRatioTable(still, d.y, { firth: true, enter: 1, terms: [...terms, { variable: "still", columns: [6] }] });
  expect(table.multivariable.find((r) => r.term === "shape")!.p).toBeCloseTo(result.cohort.p, 6);
  const row = oddsRatioTable(still, d.y, { firth: true, always: ["still"], terms: [...terms, { variable: "still", columns: [6] }] }).multivariable.find((r) => r.term === "still")!;
  expect(row.p).toBeNaN();
  expect(row.warnings.join()).toMatch(/still: no p of its own/);
  expect(() => firthTermTest(design, d.y, [])).toThrow(/columns none of a design of 6/);
});
