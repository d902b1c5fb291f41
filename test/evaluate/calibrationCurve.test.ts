import { expect, test } from "vitest";
import { calibrationCurve } from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("bin_cohort.csv");

/** n risks, and outcomes drawn from `truth` of them. */
function cohort(n: number, truth: (risk: number) => number) {
  const random = randomStream(`calibration ${n}`);
  const risk = Float64Array.from({ length: n }, () => 0.05 + 0.9 * random.next());
  return { risk, event: risk.map((r) => (random.next() < truth(r) ? 1 : 0)) };
}

test("groups are type-7 quantile groups with their mean risk and Wilson's interval", () => {
  const c = calibrationCurve(d.p2, d.y, { method: "groups", groups: 4 });
  expect(c.points.map((p) => p.n)).toEqual([40, 40, 40, 40]);
  const all = c.points.reduce((t, p) => t + p.n! * p.observed, 0);
  expect(all).toBe(78);
  expect(c.points.reduce((t, p) => t + p.n! * p.risk, 0)).toBeCloseTo(d.p2.reduce((a, b) => a + b), 10);
  c.points.forEach((p) => expect(p.lower < p.observed && p.observed < p.upper).toBe(true));
  // hand-worked: two groups with risk .2 and .8, observed 0 and 1: every distance is .2
  const small = calibrationCurve([0.2, 0.2, 0.2, 0.8, 0.8, 0.8], [0, 0, 0, 1, 1, 1], { method: "groups", groups: 2 });
  expect([small.ici, small.e50, small.emax].map((v) => Math.round(v * 1e12) / 1e12)).toEqual([0.2, 0.2, 0.2]);
});

// the ICI of honest risks goes to 0 with n, of distorted ones to the mean planted distance
test("smooth curves find a planted miscalibration", () => {
  const honest = cohort(1200, (r) => r);
  const low = cohort(1200, (r) => Math.min(1, 0.2 + 0.6 * r));
  for (const method of ["loess", "spline"] as const) {
    const good = calibrationCurve(honest.risk, honest.event, { method });
    const bad = calibrationCurve(low.risk, low.event, { method });
    expect(good.ici).toBeLessThan(0.04);
    // mean |.2 − .4 r| over r in .05 … .95 is .0905
    expect(Math.abs(bad.ici - 0.0905)).toBeLessThan(0.03);
    expect(good.e50).toBeLessThanOrEqual(good.e90);
    expect(good.e90).toBeLessThanOrEqual(good.emax);
    expect(good.points.length).toBe(101);
  }
  const spline = calibrationCurve(honest.risk, honest.event, { method: "spline" });
  const inside = spline.points.filter((p) => p.lower <= p.risk && p.risk <= p.upper).length;
  expect(inside / spline.points.length).toBeGreaterThan(0.6);
});

test("above 1,500 distinct risks the loess is joined between 500 of them; the ICI is that of risks rounded to thousandths within 1e-3", () => {
  const { risk, event } = cohort(2000, (r) => r * r);
  const joined = calibrationCurve(risk, event);
  const rounded = risk.map((r) => Math.round(r * 1000) / 1000);
  expect(Math.abs(joined.ici - calibrationCurve(rounded, event).ici)).toBeLessThan(1e-3);
});

test("few distinct risks, constant risks and bad input", () => {
  const constant = calibrationCurve([0.3, 0.3, 0.3, 0.3], [1, 0, 0, 0]);
  expect(constant.points.map((p) => [p.risk, p.observed, p.n])).toEqual([[0.3, 0.25, 4]]);
  expect(constant.warnings[0]).toContain("only 1 distinct risks");
  const four = calibrationCurve([0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1, 0, 1, 0, 1], { method: "spline" });
  expect(four.ici).toBeGreaterThan(0);
  expect(() => calibrationCurve(d.p2, d.y, { method: "lines" as "loess" })).toThrow('the method is "lines"');
  expect(() => calibrationCurve([0.1, 2], [0, 1])).toThrow("expected a probability in 0 … 1");
  expect(() => calibrationCurve(d.p2, d.y, { method: "groups", groups: 0 })).toThrow("0 groups asked for");
});

// R 4.2.2: mean, quantiles .5 and .9, and maximum of |predict(loess(y ~ p2, control = loess.control(surface = "direct"))) - p2|
test("ICI, E50, E90 and Emax by loess agree with R (loess_direct)", () => {
  const { result: r } = reference("loess_direct");
  const c = calibrationCurve(data("bin_cohort.csv").p2, data("bin_cohort.csv").y);
  expect(unequal([c.ici, c.e50, c.e90, c.emax], [r.ici, r.e50, r.e90, r.emax], 1e-10)).toEqual([]);
});
