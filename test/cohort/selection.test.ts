import { describe, expect, test } from "vitest";
import { correlationTest, InputError, randomStream, survivalSomersD } from "../../src/math/index.js";
import { boruta, clusterRepresentatives, iccFilter, lassoSelect, stabilitySelection, makeTable, mrmr, mutualInformation, numberColumn, type BinaryOutcome, type Outcome, type SurvivalOutcome } from "../../src/cohort/index.js";
import { data, reference, unequal } from "../stats.js";

const centres = data("centres.csv"), raters = data("raters.csv"), bin = data("bin_cohort.csv"), surv = data("surv_cohort.csv");
const features = Array.from({ length: 25 }, (_, j) => `f${j + 1}`);
const featureTable = makeTable(centres.text.id, Object.fromEntries(features.map((f) => [f, numberColumn(centres[f])])));
const y: BinaryOutcome = { kind: "binary", name: "y", event: Uint8Array.from(bin.y) };
const binTable = (names: string[]) => makeTable(bin.text.id, Object.fromEntries(names.map((n) => [n, numberColumn(bin[n])])));
const chance = () => randomStream(5);

// Expected: R 4.2.2, cutree(hclust(as.dist(1 - abs(cor(x, method = "spearman"))), "ward.D2"), k)
test("clusters agree with R, and one member of each stays", () => {
  const cut = reference("hclust_features").result["ward.D2"].cutree;
  for (const k of [2, 3, 5]) {
    const state = clusterRepresentatives.fit(featureTable, y, { clusters: k }, chance()) as any;
    const theirs = cut[`k${k}`] as number[];
    const groups = [...new Set(theirs)].map((c) => features.filter((_, j) => theirs[j] === c));
    expect(state.clusters.map((c: any) => c.members)).toEqual(groups);
    expect(state.kept).toHaveLength(k);
    state.clusters.forEach((c: any) => expect(c.members).toContain(c.representative));
  }
  expect(() => clusterRepresentatives.fit(featureTable, y, { clusters: 26 }, chance())).toThrow(/26 clusters of 25/);
});

describe("ICC filter", () => {
  const table = makeTable(raters.text.subject, Object.fromEntries(["f1", "f2", "f3"].flatMap((f) => [[f, numberColumn(raters[`${f}_r1`])], [`${f}_2`, numberColumn(raters[`${f}_r2`])]])));
  const repeats = { f1: ["f1_2"], f2: ["f2_2"], f3: ["f3_2"] };
  test("the same by columns and by a table of readings, of some patients, in another order", () => {
    const one = iccFilter.fit(table, y, { repeats }, chance()) as any;
    const back = [...raters.text.subject.keys()].reverse();
    const second = makeTable(back.map((r) => raters.text.subject[r]), Object.fromEntries(["f1", "f2", "f3"].map((f) => [f, numberColumn(back.map((r) => raters[`${f}_r2`][r]))])));
    const two = iccFilter.fit(table, y, { columns: ["f1", "f2", "f3"], readings: [second] }, chance()) as any;
    expect(two.iccs).toEqual(one.iccs);
    expect(one.dropped.map((d: any) => d.name)).toEqual(expect.arrayContaining(["f1_2", "f2_2", "f3_2"]));
    expect(one.kept).toEqual(one.iccs.filter((i: any) => i.icc > 0.75).map((i: any) => i.name));
    expect(() => iccFilter.fit(table, y, { columns: ["f1"], readings: [makeTable(["x"], { f1: numberColumn([1]) })] }, chance())).toThrow(/f1: 0 subjects/);
  });
});

describe("mRMR", () => {
  test("mutual information, hand-worked: equal bits log 2, independent 0, one of four", () => {
    expect(mutualInformation([0, 1, 0, 1], [0, 1, 0, 1])).toBeCloseTo(Math.log(2), 14);
    expect(mutualInformation([0, 0, 1, 1], [0, 1, 0, 1])).toBe(0);
    // p(1,1) = 1/4, p(1,0) = 1/4, p(0,0) = 1/2: ¼log2 + ¼log(2/3)… = log2·¼ + ¼·log(¼/(½·¾)) + ½·log(½/(½·¾))
    expect(mutualInformation([1, 1, 0, 0], [1, 0, 0, 0])).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(2 / 3) + 0.5 * Math.log(4 / 3), 14);
  });
  // Hand-worked: y = a and b; c copies a. After a, the copy's redundancy log 2 outweighs its relevance, so b comes second.
  test("a copy is passed over for what adds", () => {
    const a = [0, 0, 1, 1, 0, 0, 1, 1], b = [0, 1, 0, 1, 0, 1, 0, 1];
    const t = makeTable(a.map(String), { a: numberColumn(a), c: numberColumn(a), b: numberColumn(b) });
    const both: BinaryOutcome = { kind: "binary", name: "and", event: Uint8Array.from(a, (v, i) => v * b[i]) };
    for (const scheme of ["MID", "MIQ"] as const) {
      const state = mrmr.fit(t, both, { count: 2, scheme }, chance()) as any;
      expect(state.chosen.map((c: any) => c.name)).toEqual(["a", "b"]);
      expect(state.chosen[0].relevance).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(2 / 3) + 0.5 * Math.log(4 / 3), 14);
    }
    expect(() => mrmr.fit(t, both, { scheme: "MAX" as any }, chance())).toThrow(/MID or MIQ/);
  });
  // Expected: R survival 3.5-3 concordance (2C − 1); the choice and its scores by hand from them and from Spearman's correlations
  test("survival: relevance by Somers' D as R's concordance, redundancy by Spearman", () => {
    const { m1, m2, m3_ties } = reference("concordance").result;
    const d = survivalSomersD(surv.time, Uint8Array.from(surv.status));
    expect(unequal([d(surv.m1), d(surv.m2), d(surv.m3)], [m1, m2, m3_ties].map((r) => 2 * r.c - 1), 1e-12)).toEqual([]);
    const t = makeTable(surv.text.id, Object.fromEntries(["m1", "m2", "m3", "rad", "age"].map((m) => [m, numberColumn(surv[m])])));
    const outcome: SurvivalOutcome = { kind: "survival", name: "death", unit: "months", time: surv.time, event: Uint8Array.from(surv.status) };
    const state = mrmr.fit(t, outcome, { count: 2 }, chance()) as any;
    const nats = (r: number) => -0.5 * Math.log(1 - r * r);
    const relevance = Object.fromEntries(["m1", "m2", "m3", "rad", "age"].map((m) => [m, nats(d(surv[m]))]));
    const first = Object.keys(relevance).reduce((a, b) => (relevance[b] > relevance[a] ? b : a));
    expect(state.chosen[0]).toMatchObject({ name: first, redundancy: 0 });
    const score = Object.fromEntries(Object.keys(relevance).filter((m) => m !== first).map((m) => [m, relevance[m] - nats(correlationTest(surv[m], surv[first], { method: "spearman" }).estimate!)]));
    const second = Object.keys(score).reduce((a, b) => (score[b] > score[a] ? b : a));
    expect(state.chosen[1].name).toBe(second);
    expect(state.chosen[1].score).toBeCloseTo(score[second], 12);
    expect(() => mrmr.fit(t, outcome, { information: "states" }, chance())).toThrow(/survival outcome, but ranks is expected/);
    // a binary outcome's Somers' D is 2 AUC − 1: hand-worked, 5 of 6 pairs in order
    const small = makeTable(["a", "b", "c", "d", "e"], { x: numberColumn([1, 2, 3, 4, 5]) });
    const y5: BinaryOutcome = { kind: "binary", name: "y", event: Uint8Array.of(0, 0, 1, 0, 1) };
    expect((mrmr.fit(small, y5, { information: "ranks" }, chance()) as any).chosen[0].relevance).toBeCloseTo(nats(2 * (5 / 6) - 1), 12);
  });
});

// Expected: R glmnet 4.1-6, cv.glmnet(thresh = 1e-14) with the folds given
test.each(["glmnet_binomial_hd_a1", "glmnet_cox_hd_a1"])("LASSO selection: %s, cvm and λ agree with cv.glmnet", (name) => {
  const { data: file, result } = reference(name);
  const d = data(file);
  const cox = name.includes("cox");
  const names = Object.keys(d.text).filter((c) => /^x\d+$/.test(c));
  const t = makeTable(d.text[names[0]].map((_, i) => `P${i}`), Object.fromEntries(names.map((c) => [c, numberColumn(d[c])])));
  const outcome = cox ? { kind: "survival", name: "", unit: "months", time: d.time, event: Uint8Array.from(d.status) } as const : { kind: "binary", name: "", event: Uint8Array.from(d.y) } as const;
  const { cv } = result;
  const options = { foldOf: d.foldid.map((f) => f - 1), folds: Math.max(...d.foldid), tolerance: 1e-9, ...(cox ? { lambdas: 50, lambdaRatio: 0.05 } : {}) };
  const state = lassoSelect.fit(t, outcome, options, chance()) as any;
  // towards separation the likelihood is flat, and a fold's fit moves more than its optimality: compared over the first 60 (Cox 35) λ
  const used = cox ? 35 : 60;
  expect(unequal(state.error.slice(0, used), cv.cvm.slice(0, used), 1e-6)).toEqual([]);
  expect(unequal(state.spread.slice(0, used), cv.cvsd.slice(0, used), 1e-5)).toEqual([]);
  expect(state.lambda[state.chosen]).toBeCloseTo(cv.lambda_min, 10);
  const wide = lassoSelect.fit(t, outcome, { ...options, at: "1se" }, chance()) as any;
  expect(wide.lambda[wide.chosen]).toBeCloseTo(cv.lambda_1se, 10);
  expect(state.kept.length).toBe(state.coefficients.length);
});

test("a table too small for the folds is refused", () => {
  expect(() => lassoSelect.fit(makeTable(["a", "b"], { x: numberColumn([1, 2]) }), { kind: "binary", name: "y", event: Uint8Array.of(0, 1) }, {}, chance())).toThrow(InputError);
  expect(lassoSelect.fit(binTable(["age", "size", "adc", "m1", "m2"]), y, {}, chance()).kept.length).toBeGreaterThan(0);
  expect(surv.time.length).toBe(180);
});

test("stability selection finds the planted columns, and of pure noise keeps no more than its bound (20 cohorts, 3 Monte Carlo standard errors)", () => {
  const kept: number[] = [];
  let bound = 0;
  for (let rep = 0; rep < 20; rep++) {
    const r = chance().stream(rep);
    const x = Array.from({ length: 20 }, () => Float64Array.from({ length: 80 }, () => r.normal()));
    const t = makeTable(Array.from({ length: 80 }, (_, i) => `P${i}`), Object.fromEntries(x.map((v, j) => [`x${j}`, numberColumn(v)])));
    const noise = { kind: "continuous", name: "y", value: Float64Array.from({ length: 80 }, () => r.normal()) } as const;
    const state = stabilitySelection.fit(t, noise, { halves: 40, count: 3 }, r) as any;
    kept.push(state.kept.length);
    bound = state.falseBound;
    if (rep > 0) continue;
    const planted = { ...noise, value: noise.value.map((e, i) => e + 1.5 * x[2][i] - 1.5 * x[7][i]) };
    expect(stabilitySelection.fit(t, planted, { halves: 40, count: 3 }, r).kept).toEqual(["x2", "x7"]);
  }
  const mean = kept.reduce((a, b) => a + b, 0) / 20;
  const se = Math.sqrt(kept.reduce((a, b) => a + (b - mean) * (b - mean), 0) / 19 / 20);
  expect(bound).toBeCloseTo(9 / (0.5 * 20), 12);
  expect(mean).toBeLessThanOrEqual(bound + 3 * se);
});

/** Ten columns, the outcome by two of them or by none. */
function drawn(kind: Outcome["kind"], planted: boolean, r: ReturnType<typeof chance>) {
  const n = 90, names = Array.from({ length: 10 }, (_, j) => `x${j}`);
  const x = names.map(() => Float64Array.from({ length: n }, () => r.normal()));
  const t = makeTable(Array.from({ length: n }, (_, i) => `P${i}`), Object.fromEntries(names.map((name, j) => [name, numberColumn(x[j])])));
  const risk = Float64Array.from({ length: n }, (_, i) => (planted ? 1.5 * x[2][i] - 1.5 * x[7][i] : 0));
  if (kind === "binary") return { t, y: { kind, name: "y", event: Uint8Array.from(risk, (v) => (r.next() < 1 / (1 + Math.exp(-1.5 * v)) ? 1 : 0)) } as Outcome };
  if (kind === "continuous") return { t, y: { kind, name: "y", value: risk.map((v) => v + r.normal()) } as Outcome };
  const death = risk.map((v) => -Math.log(1 - r.next()) * Math.exp(-v)), censoring = risk.map(() => -2 * Math.log(1 - r.next()));
  return { t, y: { kind, name: "y", unit: "years", time: death.map((v, i) => Math.min(v, censoring[i])), event: Uint8Array.from(death, (v, i) => (v <= censoring[i] ? 1 : 0)) } as Outcome };
}

describe.each(["binary", "continuous", "survival"] as const)("Boruta, %s outcome", (kind) => {
  // 12 cohorts of 90 rows and 10 columns each; forests of 40 trees, 30 rounds
  const options = { trees: 40, rounds: 30 };
  const count = (planted: boolean) => Array.from({ length: 12 }, (_, rep) => {
    const r = chance().stream(`${kind} ${planted} ${rep}`);
    const { t, y } = drawn(kind, planted, r);
    return boruta.fit(t, y, options, r).columns.map((c: any) => ({ ...c, signal: planted && (c.name === "x2" || c.name === "x7") }));
  });
  test("planted columns are confirmed, most noise is rejected", () => {
    const all = count(true).flat();
    expect(all.filter((c: any) => c.signal && c.decision !== "confirmed")).toEqual([]);
    const noise = all.filter((c: any) => !c.signal);
    expect(noise.filter((c: any) => c.decision === "rejected").length / noise.length).toBeGreaterThan(0.8);
  });
  // a noise column stays in the long run only above the median of the largest of ten shadows: .69 columns on average at most
  test("of noise alone at most ln 2 columns are confirmed on average (3 Monte Carlo standard errors)", () => {
    const confirmed = count(false).map((columns) => columns.filter((c: any) => c.decision === "confirmed").length);
    const mean = confirmed.reduce((a, b) => a + b, 0) / 12;
    const se = Math.sqrt(confirmed.reduce((a, b) => a + (b - mean) * (b - mean), 0) / 11 / 12);
    expect(mean).toBeLessThanOrEqual(Math.log(2) + 3 * se);
  });
});

test("Boruta: decisions by the binomial test, hand-worked; tentative columns by what is asked", () => {
  const { t, y } = drawn("continuous", true, chance());
  // after 9 rounds ½⁹·10 = .0195 is not below .01, after 10 rounds ½¹⁰·10 = .0098 is
  const nine = boruta.fit(t, y, { trees: 60, rounds: 9 }, chance()), ten = boruta.fit(t, y, { trees: 60, rounds: 10 }, chance());
  expect(nine.columns.map((c: any) => c.decision)).toEqual(Array(10).fill("tentative"));
  expect(nine.kept).toEqual([]);
  expect(nine.warnings[0]).toMatch(/10 columns are not decided after 9 rounds/);
  expect(boruta.fit(t, y, { trees: 60, rounds: 9, tentative: "keep" }, chance()).kept).toHaveLength(10);
  for (const c of ten.columns) expect(c.decision).toBe(c.hits === 10 ? "confirmed" : c.hits === 0 ? "rejected" : "tentative");
  expect(ten.kept).toEqual(["x2", "x7"]);
  expect(() => boruta.fit(t, y, { rounds: 0 }, chance())).toThrow(InputError);
  expect(() => boruta.fit(t, y, { tentative: "maybe" as any }, chance())).toThrow(/"drop" or "keep"/);
});
