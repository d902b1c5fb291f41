// The generated data of the cost table, the same in R (../stats.R): Lehmer's generator s <- 48271 s mod 2147483647, u = s / 2147483647;
// normals by Box–Muller; matrices row by row; survival time −ln(U) 40 / e^η against censoring 6 + 90 U, rounded to 0.01.
import type { Design } from "../../src/math/index.js";

export function uniform(seed: number, n: number): Float64Array {
  let s = seed;
  return Float64Array.from({ length: n }, () => (s = (48271 * s) % 2147483647) / 2147483647);
}
export function normal(seed: number, n: number): Float64Array {
  const u = uniform(seed, 2 * Math.ceil(n / 2));
  const out = new Float64Array(u.length);
  for (let i = 0; i < u.length; i += 2) {
    const r = Math.sqrt(-2 * Math.log(u[i]));
    out[i] = r * Math.cos(2 * Math.PI * u[i + 1]);
    out[i + 1] = r * Math.sin(2 * Math.PI * u[i + 1]);
  }
  return out.subarray(0, n);
}
export function design(seed: number, n: number, p: number): Design {
  const all = normal(seed, n * p);
  const columns = Array.from({ length: p }, (_, j) => Float64Array.from({ length: n }, (_, i) => all[i * p + j]));
  return { names: columns.map((_, j) => `x${j + 1}`), columns, n };
}
export const combination = ({ columns, n }: Design, b: number[], start = 0) =>
  Float64Array.from({ length: n }, (_, i) => b.reduce((sum, beta, j) => sum + beta * columns[j][i], start));
export function survival(seed: number, eta: Float64Array) {
  const n = eta.length;
  const u = uniform(seed + 1, 2 * n);
  const t = eta.map((h, i) => (-Math.log(u[i]) * 40) / Math.exp(h));
  const c = eta.map((_, i) => 6 + 90 * u[n + i]);
  return { time: t.map((x, i) => Math.round(Math.min(x, c[i]) * 100) / 100), event: Uint8Array.from(t, (x, i) => Number(x <= c[i])) };
}
export const binary = (seed: number, eta: Float64Array) => {
  const u = uniform(seed + 2, eta.length);
  return Uint8Array.from(eta, (h, i) => Number(u[i] < 1 / (1 + Math.exp(-h))));
};
export const folds = (n: number, k: number) => Int32Array.from({ length: n }, (_, i) => ((i * 7) % k) + 1);
export const follow = (s: { time: Float64Array; event: Uint8Array }) => ({ kind: "survival", unit: "months", name: "time", ...s }) as const;

/** A marker with its follow-up, for AUC(t) and cut-points. */
export function timed() { const d = design(108, 480, 2); return { marker: d.columns[0], s: survival(108, combination(d, [0.7])) }; }
/** Features of four centres, each with its own shift and scale. */
export function centres() {
  const d = design(109, 1211, 944);
  const batch = Array.from({ length: 1211 }, (_, i) => (i < 560 ? 0 : i < 820 ? 1 : i < 1060 ? 2 : 3));
  return { batch, columns: d.columns.map((x) => x.map((v, i) => v * [1, 1.4, 0.8, 1.2][batch[i]] + [0, 0.7, -0.5, 0.3][batch[i]])) };
}

