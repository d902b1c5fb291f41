import { expect, test } from "vitest";
import { loess, lowess, restrictedCubicSpline, splineKnots } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

const x = Float64Array.from({ length: 40 }, (_, i) => i / 3 + (i % 4) / 10);

test("loess of degree 2 leaves a parabola as it is, of degree 1 a line", () => {
  const parabola = x.map((v) => 3 - 2 * v + 0.7 * v * v);
  loess(x, parabola, x).forEach((v, i) => expect(v).toBeCloseTo(parabola[i], 9));
  const line = x.map((v) => 4 * v - 1);
  loess(x, line, [1.5, 7, 12.2], { degree: 1, span: 0.4 }).forEach((v, i) => expect(v).toBeCloseTo(4 * [1.5, 7, 12.2][i] - 1, 10));
});

// local line through (0,0), (1,1), (2,0) at 1 with span 1: q = 3, h = 1, the outer weights are 0, so the middle alone counts.
// At .5: distances .5, .5, 1.5 = h: weights (1 − 1/27)³ twice, 0: the line through (0,0) and (1,1)
test("loess, hand-worked", () => {
  const at = loess([0, 1, 2], [0, 1, 0], [1, 0.5], { span: 1, degree: 1 });
  expect(at[0]).toBeCloseTo(1, 12);
  expect(at[1]).toBeCloseTo(0.5, 12);
});

// solved here with the normal equations of the definition
test("loess equals weighted least squares worked out straight from its definition", () => {
  const y = x.map((v, i) => Math.sin(v) + ((i * 7919) % 13) / 13);
  for (const at of [x[0], 4.2, 9.99, x[39]]) {
    const q = Math.floor(0.5 * 40);
    const d = x.map((v) => Math.abs(v - at));
    const h = Float64Array.from(d).sort()[q - 1];
    const w = d.map((v) => (v < h ? Math.pow(1 - Math.pow(v / h, 3), 3) : 0));
    const a = [0, 1, 2].map((r) => [...[0, 1, 2].map((c) => x.reduce((t, v, i) => t + w[i] * Math.pow(v - at, r + c), 0)), x.reduce((t, v, i) => t + w[i] * Math.pow(v - at, r) * y[i], 0)]);
    for (let k = 0; k < 3; k++) for (let i = 0; i < 3; i++) if (i !== k) { const f = a[i][k] / a[k][k]; for (let j = 0; j < 4; j++) a[i][j] -= f * a[k][j]; }
    expect(loess(x, y, [at], { span: 0.5 })[0]).toBeCloseTo(a[0][3] / a[0][0], 9);
  }
});

test("smoothers keep a constant, take ties, and are not moved by the order of points", () => {
  const tied = Float64Array.from([1, 1, 1, 2, 2, 3, 3, 3, 3, 4]);
  const y = Float64Array.from([0, 1, 1, 0, 1, 1, 0, 1, 1, 1]);
  expect(loess(tied, y, [0.9, 4.1]).every(Number.isNaN)).toBe(true);
  expect(Array.from(loess(tied, tied.map(() => 5), [1, 2.5, 4])).every((v) => Math.abs(v - 5) < 1e-12)).toBe(true);
  const turn = [4, 9, 0, 2, 7, 1, 8, 3, 6, 5];
  const a = loess(tied, y, [1, 2.5, 4]);
  loess(turn.map((i) => tied[i]), turn.map((i) => y[i]), [1, 2.5, 4]).forEach((v, i) => expect(v).toBeCloseTo(a[i], 10));
  expect(lowess(tied, tied.map(() => 5)).y.every((v) => Math.abs(v - 5) < 1e-12)).toBe(true);
  lowess([0, 1, 2, 3, 4, 5], [1, 3, 5, 7, 9, 11]).y.forEach((v, i) => expect(v).toBeCloseTo(1 + 2 * i, 10));
});

// (3 − 1)³ = 8; beyond the last knot the third differences vanish
test("restricted cubic spline: hand-worked value, straight beyond the knots, smooth within", () => {
  const [, s] = restrictedCubicSpline([0, 1, 3, 6, 7, 8], [1, 4, 5]);
  expect(s[0]).toBe(0);
  expect(s[1]).toBe(0);
  expect(s[2]).toBeCloseTo(8 / 16, 14);
  expect(s[3] - 2 * s[4] + s[5]).toBeCloseTo(0, 10);
  expect(splineKnots(Float64Array.from({ length: 101 }, (_, i) => i), 4)).toEqual([5, 35, 65, 95]);
});

test("bad input ends in a sentence", () => {
  expect(() => loess([1, 2], [1, 2], [1])).toThrow("more than 2 points");
  expect(() => loess([1, 2, NaN, 4], [1, 2, 3, 4], [1])).toThrow("missing or infinite");
  expect(() => loess([1, 2, 3, 4], [1, 2, 3, 4], [1], { span: 0.2 })).toThrow("widen the span");
  expect(() => lowess([1], [1])).toThrow("at least 2 points");
  expect(() => splineKnots([1, 1, 1, 1, 2], 4)).toThrow("distinct values");
  expect(() => restrictedCubicSpline([1], [1, 2])).toThrow("at least 3 rising numbers");
});

test("loess agrees with R stats::loess, surface direct: degrees, spans below and above 1, ties (loess_direct)", () => {
  const { result: r, args: { at } } = reference("loess_direct");
  const d = data("bin_cohort.csv");
  for (const [ours, theirs] of [
    [loess(d.p2, d.y, at), r.default], [loess(d.p2, d.y, at, { degree: 1, span: 0.5 }), r.degree1_span05], [loess(d.p2, d.y, at, { span: 0.3 }), r.degree2_span03],
    [loess(d.p2, d.y, at, { degree: 1, span: 1.2 }), r.degree1_span12], [loess(d.p2, d.y, at, { span: 2 }), r.degree2_span2],
    [loess(d.m2, d.m1, [0, 1, 2, 3, 4, 5, 6], { degree: 1 }), r.ties_m2_degree1], [loess(d.m2, d.m1, at.map((v: number) => v * 6)), r.ties_m2_degree2],
    [loess(d.p2, d.y, d.p2), r.own],
  ]) expect(unequal(ours, theirs, 1e-10, 0.1)).toEqual([]);
});
