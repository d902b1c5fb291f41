import type { Table } from "../../cohort/index.js";
import { inverseSymmetric, log } from "../../math/index.js";
import { applyCoding, type DesignCoding } from "../../model/index.js";
import { PERCENTILE_FLOOR } from "./bootstrapEstimates.js";
import type { FittedBlock, RefitSpread } from "../pipeline.js";
import type { ResampleResult } from "../fit/resample.js";

/** Models that have no covariance of their coefficients: penalised ones, whose λ and variables were chosen, and networks. */
export const withoutCovariance = (model: unknown): boolean => ["elasticNet", "networkTable"].includes((model as { kind?: string } | null)?.kind ?? "");

/**
 * How far the bootstrap refits of the whole pipeline lie apart on the scale of the linear predictor, written as a covariance on the columns of the
 * final model, so that an interval can be given without patients or refits. Each refit's log-odds (survival: log cumulative hazard at each time) of
 * the training patients is projected by least squares on the final model's columns (centred and scaled) and 1; V is the covariance of these
 * coefficients over the refits, and r² what the projection leaves, its variance over the refits averaged over patients:
 * se²(x) = z'Vz + r², z = (1, (x − centre)/scale). It holds choice of variables, of λ and coefficients, not the bias of shrinkage.
 *
 * @param table what the block read, training rows; @param results of bootstrap samples, by training place
 * @returns why not, in words, where there are fewer than 100 samples or more than a fifth as many columns as patients
 */
export function refitSpread(block: FittedBlock, table: Table, results: readonly ResampleResult[], kind: "binary" | "survival", times: readonly number[]): RefitSpread | { none: string } {
  const { names, columns } = applyCoding((block.model as { coding: DesignCoding }).coding, table, { missing: "NaN" });
  const samples = results.map((r) => r.blocks[block.name]).filter((b) => b !== undefined && b.failed === undefined);
  if (samples.length < PERCENTILE_FLOOR) return { none: `fewer than ${PERCENTILE_FLOOR} bootstrap samples of the whole pipeline` };
  const rows = Int32Array.from(table.id.keys()).filter((i) => columns.every((c) => Number.isFinite(c[i])) && samples.every((s) => Number.isFinite(s.linear[i])));
  const n = rows.length, p = names.length + 1;
  if (p > n / 5) return { none: `${names.length} columns for ${n} patients, too many to tell the refits by` };
  const centre = columns.map((c) => rows.reduce((sum, i) => sum + c[i], 0) / n);
  const scale = columns.map((c, j) => Math.sqrt(rows.reduce((sum, i) => sum + (c[i] - centre[j]) * (c[i] - centre[j]), 0) / (n - 1)) || 1);
  const z = Array.from(rows, (i) => Float64Array.from({ length: p }, (_, j) => (j === 0 ? 1 : (columns[j - 1][i] - centre[j - 1]) / scale[j - 1])));
  const gram = new Float64Array(p * p);
  for (const x of z) for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) gram[j * p + k] += x[j] * x[k];
  const inverse = inverseSymmetric(gram, p);
  if (inverse === undefined) return { none: "its columns determine one another" };
  const at = (kind === "binary" ? [0] : times).map((_, t) => {
    const shift = samples.map((s) => (kind === "binary" ? 0 : log(s.hazard![t])));
    const used = samples.filter((_s, b) => Number.isFinite(shift[b])), own = shift.filter(Number.isFinite);
    return spreadAt(used.map((s, b) => Float64Array.from(rows, (i) => s.linear[i] + own[b])), z, inverse);
  });
  return { samples: samples.length, names, centre, scale, covariance: at.map((x) => x.covariance), residual: at.map((x) => x.residual) };
}

/** Covariance of the projections' coefficients, and the mean variance of what they leave. */
function spreadAt(values: readonly Float64Array[], z: readonly Float64Array[], inverse: Float64Array): { covariance: number[][]; residual: number } {
  const p = z[0].length, n = z.length, count = values.length;
  const left = values.map((y) => y.slice());
  const fits = values.map((y, b) => {
    const right = new Float64Array(p), fit = new Float64Array(p);
    z.forEach((x, i) => { for (let j = 0; j < p; j++) right[j] += x[j] * y[i]; });
    for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) fit[j] += inverse[j * p + k] * right[k];
    z.forEach((x, i) => { for (let j = 0; j < p; j++) left[b][i] -= x[j] * fit[j]; });
    return fit;
  });
  const mean = (of: (b: number) => number) => { let sum = 0; for (let b = 0; b < count; b++) sum += of(b); return sum / count; };
  const middle = Array.from({ length: p }, (_, j) => mean((b) => fits[b][j]));
  const together = (of: (b: number) => number) => (mean(of) * count) / (count - 1);
  const covariance = middle.map((_, j) => middle.map((__, k) => together((b) => (fits[b][j] - middle[j]) * (fits[b][k] - middle[k]))));
  let residual = 0;
  for (let i = 0; i < n; i++) {
    const m = mean((b) => left[b][i]);
    residual += together((b) => (left[b][i] - m) * (left[b][i] - m)) / n;
  }
  return { covariance, residual };
}
