import { glcmFeatures, type GlcmFeatures } from "../glcm.js";
import type { Cooccurrences } from "../glcmMatrix.js";
import type { IbsiFeatures } from "./feature.js";

/**
 * Features of the sum of the co-occurrence matrices of slices or directions; undefined where no pair was counted.
 *
 * @param matrices  symmetric ones, as `cooccurrences` makes them
 * @param highest   Ng of the whole region: the normalised features refer to it
 */
export function cooccurrence(matrices: readonly Cooccurrences[], highest: number): GlcmFeatures | undefined {
  const sum = added(matrices);
  return sum.count.length === 0 ? undefined : glcmFeatures(sum, highest);
}

/** Level number by level number; cells come out by row, then column, whatever the order of the matrices. */
function added(matrices: readonly Cooccurrences[]): Cooccurrences {
  if (matrices.length === 1) return matrices[0];
  const levels = Int32Array.from(new Set(matrices.flatMap((m) => [...m.level]))).sort();
  const n = levels.length;
  const place = new Map<number, number>();
  levels.forEach((g, k) => place.set(g, k));
  const counts = new Map<number, number>();
  for (const { level, row, column, count } of matrices) {
    const to = level.map((g) => place.get(g)!);
    for (let k = 0; k < count.length; k++) {
      const cell = to[row[k]] * n + to[column[k]];
      counts.set(cell, (counts.get(cell) ?? 0) + count[k]);
    }
  }
  const cells = Float64Array.from(counts.keys()).sort();
  return {
    level: levels, row: Int32Array.from(cells, (c) => Math.floor(c / n)), column: Int32Array.from(cells, (c) => c % n),
    count: cells.map((c) => counts.get(c)!), symmetric: true,
  };
}

/** Of a single grey level, correlation and the first measure of information correlation are 0 / 0: NaN. */
const unlessFlat = (f: (m: GlcmFeatures) => number) => (m: GlcmFeatures) => (m.SumSquares === 0 ? NaN : f(m));

/** Grey level co-occurrence (IBSI LFYI; Haralick et al., 1973): neighbours at Chebyshev distance 1, symmetric. Entropies in bits. */
export const glcm: IbsiFeatures<GlcmFeatures> = {
  joint_max: { name: "Joint maximum", ibsi: "GYBY", unit: "1", of: (m) => m.MaximumProbability },
  joint_avg: { name: "Joint average", ibsi: "60VM", unit: "level", of: (m) => m.JointAverage },
  joint_var: { name: "Joint variance", ibsi: "UR99", unit: "level²", of: (m) => m.SumSquares },
  joint_entr: { name: "Joint entropy", ibsi: "TU9B", unit: "bit", of: (m) => m.JointEntropy },
  diff_avg: { name: "Difference average", ibsi: "TF7R", unit: "level", of: (m) => m.DifferenceAverage },
  diff_var: { name: "Difference variance", ibsi: "D3YU", unit: "level²", of: (m) => m.DifferenceVariance },
  diff_entr: { name: "Difference entropy", ibsi: "NTRS", unit: "bit", of: (m) => m.DifferenceEntropy },
  sum_avg: { name: "Sum average", ibsi: "ZGXS", unit: "level", of: (m) => m.SumAverage },
  sum_var: { name: "Sum variance", ibsi: "OEEB", unit: "level²", of: (m) => m.ClusterTendency },
  sum_entr: { name: "Sum entropy", ibsi: "P6QZ", unit: "bit", of: (m) => m.SumEntropy },
  energy: { name: "Angular second moment", ibsi: "8ZQL", unit: "1", of: (m) => m.JointEnergy },
  contrast: { name: "Contrast", ibsi: "ACUI", unit: "level²", of: (m) => m.Contrast },
  dissimilarity: { name: "Dissimilarity", ibsi: "8S9J", unit: "level", of: (m) => m.DifferenceAverage },
  inv_diff: { name: "Inverse difference", ibsi: "IB1Z", unit: "1", of: (m) => m.Id },
  inv_diff_norm: { name: "Normalised inverse difference", ibsi: "NDRX", unit: "1", of: (m) => m.Idn },
  inv_diff_mom: { name: "Inverse difference moment", ibsi: "WF0Z", unit: "1", of: (m) => m.Idm },
  inv_diff_mom_norm: { name: "Normalised inverse difference moment", ibsi: "1QCO", unit: "1", of: (m) => m.Idmn },
  inv_var: { name: "Inverse variance", ibsi: "E8JP", unit: "level⁻²", of: (m) => m.InverseVariance },
  corr: { name: "Correlation", ibsi: "NI2N", unit: "1", of: unlessFlat((m) => m.Correlation) },
  auto_corr: { name: "Autocorrelation", ibsi: "QWB0", unit: "level²", of: (m) => m.Autocorrelation },
  clust_tend: { name: "Cluster tendency", ibsi: "DG8W", unit: "level²", of: (m) => m.ClusterTendency },
  clust_shade: { name: "Cluster shade", ibsi: "7NFM", unit: "level³", of: (m) => m.ClusterShade },
  clust_prom: { name: "Cluster prominence", ibsi: "AE86", unit: "level⁴", of: (m) => m.ClusterProminence },
  info_corr1: { name: "First measure of information correlation", ibsi: "R8DG", unit: "1", of: unlessFlat((m) => m.Imc1) },
  info_corr2: { name: "Second measure of information correlation", ibsi: "JN9H", unit: "1", of: (m) => m.Imc2 },
};
