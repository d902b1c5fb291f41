import type { Cooccurrences } from "../glcmMatrix.js";
import type { IbsiFeatures } from "./feature.js";

/** A normalised, symmetric co-occurrence matrix over the grey levels that occur, with its marginals. */
export type Cooccurrence = {
  /** Ng of the whole region: the normalised features refer to it */
  highest: number;
  /** grey level of row k */
  level: Float64Array;
  /** p[k · n + l] */
  p: Float64Array;
  /** row marginal; equals the column marginal */
  marginal: Float64Array;
  /** difference[d]: probability of |i − j| = d */
  difference: Float64Array;
  /** sum[s]: probability of i + j = s */
  sum: Float64Array;
  /** mean and variance of the marginal */
  mean: number;
  variance: number;
};

/**
 * Adds the matrices of slices or directions, level number by level number, normalises the sum and takes its marginals;
 * undefined where no pair was counted.
 *
 * @param matrices  symmetric ones, as `cooccurrences` makes them
 */
export function cooccurrence(matrices: readonly Cooccurrences[], highest: number): Cooccurrence | undefined {
  const counted = matrices.filter((m) => m.count.length > 0);
  if (counted.length === 0) return undefined;
  const level = Float64Array.from(new Set(counted.flatMap((m) => [...m.row, ...m.column].map((k) => m.level[k])))).sort();
  const n = level.length;
  const place = new Map<number, number>();
  level.forEach((g, k) => place.set(g, k));
  const p = new Float64Array(n * n);
  let total = 0;
  for (const m of counted) {
    const to = Int32Array.from(m.level, (g) => place.get(g) ?? -1);
    for (let c = 0; c < m.count.length; c++) {
      const k = to[m.row[c]];
      const l = to[m.column[c]];
      p[k * n + l] += m.count[c];
      if (k !== l) p[l * n + k] += m.count[c];
      total += k === l ? m.count[c] : 2 * m.count[c];
    }
  }
  const marginal = new Float64Array(n);
  const difference = new Float64Array(highest);
  const sum = new Float64Array(2 * highest + 1);
  let mean = 0;
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      const share = (p[k * n + l] /= total);
      marginal[k] += share;
      difference[Math.abs(level[k] - level[l])] += share;
      sum[level[k] + level[l]] += share;
    }
    mean += marginal[k] * level[k];
  }
  let variance = 0;
  for (let k = 0; k < n; k++) variance += marginal[k] * (level[k] - mean) ** 2;
  return { highest, level, p, marginal, difference, sum, mean, variance };
}

function entropy(p: Float64Array): number {
  let h = 0;
  for (let k = 0; k < p.length; k++) if (p[k] > 0) h -= p[k] * Math.log2(p[k]);
  return h;
}

/** Σ p(k) · term(k) over a distribution on 0, 1, 2 … */
function expect(p: Float64Array, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < p.length; k++) if (p[k] > 0) sum += p[k] * term(k);
  return sum;
}

const average = (p: Float64Array) => expect(p, (k) => k);

function variance(p: Float64Array): number {
  const mean = average(p);
  return expect(p, (k) => (k - mean) ** 2);
}

/** Σ (i + j − 2 mean)ᵏ p(i, j) */
const cluster = (power: number) => (m: Cooccurrence) => expect(m.sum, (s) => (s - 2 * m.mean) ** power);

/** Σ i j p(i, j) */
function autocorrelation({ p, level }: Cooccurrence): number {
  const n = level.length;
  let sum = 0;
  for (let k = 0; k < n; k++) for (let l = 0; l < n; l++) sum += level[k] * level[l] * p[k * n + l];
  return sum;
}

/** −Σ p(i, j) log2(p(i) p(j)); because the matrix is symmetric −Σ p(i) p(j) log2(p(i) p(j)) is the same: twice the marginal's entropy. */
const independentEntropy = (m: Cooccurrence) => 2 * entropy(m.marginal);

/** Grey level co-occurrence (IBSI LFYI). Of a single grey level, correlation and the first information measure are NaN. */
export const glcm: IbsiFeatures<Cooccurrence> = {
  joint_max: { name: "Joint maximum", ibsi: "GYBY", unit: "1", of: (m) => m.p.reduce((a, b) => Math.max(a, b), 0) },
  joint_avg: { name: "Joint average", ibsi: "60VM", unit: "level", of: (m) => m.mean },
  joint_var: { name: "Joint variance", ibsi: "UR99", unit: "level²", of: (m) => m.variance },
  joint_entr: { name: "Joint entropy", ibsi: "TU9B", unit: "bit", of: (m) => entropy(m.p) },
  diff_avg: { name: "Difference average", ibsi: "TF7R", unit: "level", of: (m) => average(m.difference) },
  diff_var: { name: "Difference variance", ibsi: "D3YU", unit: "level²", of: (m) => variance(m.difference) },
  diff_entr: { name: "Difference entropy", ibsi: "NTRS", unit: "bit", of: (m) => entropy(m.difference) },
  sum_avg: { name: "Sum average", ibsi: "ZGXS", unit: "level", of: (m) => average(m.sum) },
  sum_var: { name: "Sum variance", ibsi: "OEEB", unit: "level²", of: (m) => variance(m.sum) },
  sum_entr: { name: "Sum entropy", ibsi: "P6QZ", unit: "bit", of: (m) => entropy(m.sum) },
  energy: { name: "Angular second moment", ibsi: "8ZQL", unit: "1", of: (m) => m.p.reduce((a, b) => a + b * b, 0) },
  contrast: { name: "Contrast", ibsi: "ACUI", unit: "level²", of: (m) => expect(m.difference, (d) => d * d) },
  dissimilarity: { name: "Dissimilarity", ibsi: "8S9J", unit: "level", of: (m) => average(m.difference) },
  inv_diff: { name: "Inverse difference", ibsi: "IB1Z", unit: "1", of: (m) => expect(m.difference, (d) => 1 / (1 + d)) },
  inv_diff_norm: {
    name: "Normalised inverse difference", ibsi: "NDRX", unit: "1", of: (m) => expect(m.difference, (d) => 1 / (1 + d / m.highest)),
  },
  inv_diff_mom: { name: "Inverse difference moment", ibsi: "WF0Z", unit: "1", of: (m) => expect(m.difference, (d) => 1 / (1 + d * d)) },
  inv_diff_mom_norm: {
    name: "Normalised inverse difference moment", ibsi: "1QCO", unit: "1",
    of: (m) => expect(m.difference, (d) => 1 / (1 + (d / m.highest) ** 2)),
  },
  inv_var: { name: "Inverse variance", ibsi: "E8JP", unit: "level⁻²", of: (m) => expect(m.difference, (d) => (d === 0 ? 0 : 1 / (d * d))) },
  corr: {
    name: "Correlation", ibsi: "NI2N", unit: "1",
    of: (m) => (m.level.length === 1 ? NaN : (autocorrelation(m) - m.mean ** 2) / m.variance),
  },
  auto_corr: { name: "Autocorrelation", ibsi: "QWB0", unit: "level²", of: autocorrelation },
  clust_tend: { name: "Cluster tendency", ibsi: "DG8W", unit: "level²", of: cluster(2) },
  clust_shade: { name: "Cluster shade", ibsi: "7NFM", unit: "level³", of: cluster(3) },
  clust_prom: { name: "Cluster prominence", ibsi: "AE86", unit: "level⁴", of: cluster(4) },
  info_corr1: {
    name: "First measure of information correlation", ibsi: "R8DG", unit: "1",
    of: (m) => (m.level.length === 1 ? NaN : (entropy(m.p) - independentEntropy(m)) / entropy(m.marginal)),
  },
  info_corr2: {
    name: "Second measure of information correlation", ibsi: "JN9H", unit: "1",
    of: (m) => Math.sqrt(Math.max(0, 1 - Math.exp(-2 * (independentEntropy(m) - entropy(m.p))))),
  },
};
