// Expected: R survival 3.5-3, summary(survfit with causes, influence = TRUE, rmean = tau) (golden/stats/reference/time_lost.json, aalen_johansen.json).
import { expect, test } from "vitest";
import { aalenJohansen, kaplanMeier, meanTimeLost, restrictedMean } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, cause: d.cause };
const er = (value: number) => {
  const rows = Array.from(d.er, (v, i) => (v === value ? i : -1)).filter((i) => i >= 0);
  return { time: rows.map((i) => d.time[i]), cause: rows.map((i) => d.cause[i]) };
};
const means = (t: ReturnType<typeof meanTimeLost>) => [t.eventFree, ...t.causes].map((x) => x.mean);
const errors = (t: ReturnType<typeof meanTimeLost>) => [t.eventFree, ...t.causes].map((x) => x.standardError);

test("mean time lost by cause, with its standard error", () => {
  const { result: r } = reference("time_lost");
  for (const [key, who, options] of [["all", all, {}], ["er0", er(0), {}]] as const) for (const x of r[key]) {
    const ours = meanTimeLost(who, x.tau, options);
    expect(unequal(means(ours), x.mean, 1e-10)).toEqual([]);
    expect(unequal(errors(ours), x.se, 1e-9)).toEqual([]);
    expect(means(ours).reduce((a, b) => a + b, 0)).toBeCloseTo(x.tau, 10);
  }
  for (const x of r.weighted) expect(unequal(means(meanTimeLost(all, x.tau, { weights: d.w })), x.mean, 1e-10)).toEqual([]);
});

test("aalen_johansen's table: to the end of all follow-up", () => {
  const { result: r } = reference("aalen_johansen");
  const [rows, column] = [r.table.rows as string[], (r.table.cols as string[]).indexOf("rmean")];
  for (const group of [0, 1]) {
    const wanted = ["(s0)", "event", "other"].map((state) => r.table.values[rows.indexOf(`er=${group}, ${state}`)][column]);
    expect(unequal(means(meanTimeLost(er(group), 108)), wanted, 1e-10)).toEqual([]);
  }
});

// Σ (wᵢ ∂mean/∂wᵢ)², by central differences of step 1e-4 w, which leave about 1e-8; R's table has another figure for weighted rows
test("standard errors of weighted rows are the infinitesimal jackknife's", () => {
  const w = Float64Array.from(d.w);
  for (const tau of [36, 108]) {
    const variance = [0, 0, 0];
    for (let i = 0; i < w.length; i++) {
      const bent = (h: number) => means(meanTimeLost(all, tau, { weights: w.map((v, k) => (k === i ? v * (1 + h) : v)) }));
      const [up, down] = [bent(1e-4), bent(-1e-4)];
      up.forEach((m, c) => { variance[c] += ((m - down[c]) / 2e-4) ** 2; });
    }
    expect(unequal(errors(meanTimeLost(all, tau, { weights: w })), variance.map(Math.sqrt), 1e-6)).toEqual([]);
  }
});

test("one cause only is the time lost of Kaplan–Meier; horizons", () => {
  const event = d.cause.map((c) => Number(c > 0));
  const ours = meanTimeLost({ time: d.time, cause: event }, 60);
  const km = restrictedMean(kaplanMeier({ time: d.time, event }), 60);
  expect(ours.causes[0].mean).toBeCloseTo(km.timeLost, 10);
  expect(ours.eventFree.mean).toBeCloseTo(km.rmst, 10);
  // by hand: of two, one has cause 1 at 1, one cause 2 at 3: F₁ ½ from 1, F₂ ½ from 3; up to 4 they lose 1.5 and .5
  expect(meanTimeLost({ time: [1, 3], cause: [1, 2] }, 4).causes.map((c) => c.mean)).toEqual([1.5, 0.5]);
  expect(meanTimeLost({ time: [1, 3], cause: [1, 0] }, 4).warnings.join()).toMatch(/beyond the last follow-up \(3\)/);
  expect(meanTimeLost({ time: [1, 3, 4], cause: [1, 0, 2] }, 2).warnings.join()).toMatch(/Cause 2 never occurs/);
  expect(() => meanTimeLost(all, NaN)).toThrow(/tau is NaN/);
  expect(aalenJohansen(all).causes.length).toBe(meanTimeLost(all, 12).causes.length);
});
