import type { Triple } from "../image/index.js";
import { exp, log2 } from "../math/index.js";
import type { Feature, FeatureClass } from "./featureClass.js";
import { cooccurrences, type Cooccurrences } from "./glcmMatrix.js";
import { margins, maximalCorrelation } from "./mcc.js";
import { fittingDirections } from "./neighbourhood.js";
import type { Settings } from "./settings.js";
import { addMatrices } from "./textureMatrix.js";

/** Every feature of one co-occurrence matrix but MCC (`maximalCorrelation`), under PyRadiomics' names. */
export type GlcmFeatures = ReturnType<typeof glcmFeatures>;

/** Added inside logarithms by PyRadiomics; its first-order effect is kept here, so that a flat region gives −3.2e-16. */
const epsilon = 2 ** -52;
const epsilonBits = epsilon / Math.LN2;

/**
 * Features of one co-occurrence matrix (Haralick 1973; definitions as in the IBSI reference manual, entropies in bits).
 * All follow from one pass over the occupied cells: the margins, the distributions of i + j and |i − j|, Σ p², Σ p log p.
 *
 * @param highest Ng, the normaliser in Idn and Idmn
 */
export function glcmFeatures(m: Cooccurrences, highest: number) {
  const { level, row, column, count, symmetric } = m;
  const { x, y, total } = margins(m);
  const bottom = level[0];
  const sums = new Float64Array(2 * (level[level.length - 1] - bottom) + 1);
  const differences = new Float64Array(level[level.length - 1] - bottom + 1);
  let squares = 0, logs = 0, largest = 0, cells = 0, shares = 0;
  for (let k = 0; k < row.length; k++) {
    const c = count[k], i = row[k], j = column[k];
    const times = symmetric && i !== j ? 2 : 1;
    const all = times * c;
    sums[level[i] + level[j] - 2 * bottom] += all;
    differences[Math.abs(level[i] - level[j])] += all;
    squares += all * c;
    logs += all * log2(c / total);
    shares += all * total / (x[i] * y[j]);
    cells += times;
    if (c > largest) largest = c;
  }
  let meanX = 0, meanY = 0, entropyX = 0, entropyY = 0, rows = 0, columns = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i] > 0) {
      const p = x[i] / total;
      rows++; meanX += level[i] * p; entropyX -= p * log2(p);
    }
    if (y[i] > 0) {
      const p = y[i] / total;
      columns++; meanY += level[i] * p; entropyY -= p * log2(p);
    }
  }
  let varianceX = 0, varianceY = 0;
  for (let i = 0; i < x.length; i++) {
    varianceX += (level[i] - meanX) * (level[i] - meanX) * x[i] / total;
    varianceY += (level[i] - meanY) * (level[i] - meanY) * y[i] / total;
  }
  let tendency = 0, shade = 0, prominence = 0, sumEntropy = 0, sumSquare = 0;
  for (let s = 0; s < sums.length; s++) {
    if (sums[s] === 0) continue;
    const p = sums[s] / total;
    const k = s + 2 * bottom;
    const d = k - meanX - meanY;
    tendency += d * d * p;
    shade += d * d * d * p;
    prominence += d * d * d * d * p;
    sumSquare += k * k * p;
    sumEntropy -= p * log2(p + epsilon);
  }
  let contrast = 0, average = 0, differenceEntropy = 0, id = 0, idn = 0, idm = 0, idmn = 0, inverseVariance = 0;
  for (let k = 0; k < differences.length; k++) {
    if (differences[k] === 0) continue;
    const p = differences[k] / total;
    const square = k * k;
    average += k * p;
    contrast += square * p;
    id += p / (1 + k);
    idn += p / (1 + k / highest);
    idm += p / (1 + square);
    idmn += p / (1 + square / (highest * highest));
    if (k > 0) inverseVariance += p / square;
    differenceEntropy -= p * log2(p + epsilon);
  }
  let differenceVariance = 0;
  for (let k = 0; k < differences.length; k++) differenceVariance += (k - average) * (k - average) * differences[k] / total;

  // log₂(a + ε) = log₂ a + ε / (a ln 2) to first order, summed over the cells
  const jointEntropy = -logs / total - epsilonBits * cells;
  const hxy1 = entropyX + entropyY - epsilonBits * shares;
  const hxy2 = entropyX + entropyY - epsilonBits * rows * columns;
  const hx = entropyX - epsilonBits * rows;
  const hy = entropyY - epsilonBits * columns;
  const widest = Math.max(hx, hy);
  const deviation = Math.sqrt(varianceX) * Math.sqrt(varianceY);
  // (i − μₓ)(j − μ_y) from the squares of the centred sum and difference
  const covariance = (tendency - contrast + (meanX - meanY) * (meanX - meanY)) / 4;
  return {
    Autocorrelation: (sumSquare - contrast) / 4,
    ClusterProminence: prominence,
    ClusterShade: shade,
    ClusterTendency: tendency,
    Contrast: contrast,
    Correlation: deviation === 0 ? 1 : covariance / deviation,
    DifferenceAverage: average,
    DifferenceEntropy: differenceEntropy,
    DifferenceVariance: differenceVariance,
    Id: id,
    Idm: idm,
    Idmn: idmn,
    Idn: idn,
    Imc1: widest === 0 ? 0 : (jointEntropy - hxy1) / widest,
    Imc2: hxy2 <= jointEntropy ? 0 : Math.sqrt(1 - exp(-2 * (hxy2 - jointEntropy))),
    InverseVariance: inverseVariance,
    JointAverage: meanX,
    JointEnergy: squares / total / total,
    JointEntropy: jointEntropy,
    MaximumProbability: largest / total,
    SumAverage: meanX + meanY,
    SumEntropy: sumEntropy,
    SumSquares: varianceX,
  };
}

/** Matrices of the directions that have pairs, their features averaged over directions; `mcc` is worked out when asked for. */
type Glcm = { features: GlcmFeatures | undefined; mcc: () => number; levels: number; flatDirection: boolean };

/** The grey-level co-occurrence class: a matrix per direction, features averaged over directions, or one weighted matrix. */
export const glcm: FeatureClass<Glcm> = {
  name: "glcm",
  prepare(region, levels, settings) {
    const offsets = fittingDirections(levels(), settings);
    let matrices = cooccurrences(levels(), offsets, settings.symmetricalGLCM);
    const occupied = matrices.length > 0 ? matrices[0].level.length : 0;
    const weights = directionWeights(offsets, region.grid.spacing, settings.weightingNorm, (d) => exp(-d * d));
    if (weights !== undefined && matrices.length > 0) {
      matrices = [{ ...addMatrices(matrices, weights), symmetric: settings.symmetricalGLCM }];
    }
    matrices = matrices.filter((m) => m.row.length > 0);
    const each = matrices.map((m) => glcmFeatures(m, levels().highest));
    return {
      features: average(each),
      mcc: () => matrices.length === 0 ? NaN : occupied < 2 ? 1 : mean(matrices.map(maximalCorrelation)),
      levels: occupied,
      flatDirection: each.some((f) => f.SumSquares === 0),
    };
  },
  features: {
    Autocorrelation: entry("Autocorrelation", "QWB0", "level²"),
    ClusterProminence: entry("ClusterProminence", "AE86", "level⁴"),
    ClusterShade: entry("ClusterShade", "7NFM", "level³"),
    ClusterTendency: entry("ClusterTendency", "DG8W", "level²"),
    Contrast: entry("Contrast", "ACUI", "level²"),
    Correlation: { ...entry("Correlation", "NI2N", "1"), note: (t) => missing(t) ?? (t.flatDirection ? "1 by convention in every direction with a single grey level" : undefined) },
    DifferenceAverage: entry("DifferenceAverage", "TF7R", "level"),
    DifferenceEntropy: entropy("DifferenceEntropy", "NTRS"),
    DifferenceVariance: entry("DifferenceVariance", "D3YU", "level²"),
    Id: entry("Id", "IB1Z", "1"),
    Idm: entry("Idm", "WF0Z", "1"),
    Idmn: entry("Idmn", "1QCO", "1"),
    Idn: entry("Idn", "NDRX", "1"),
    Imc1: entry("Imc1", "R8DG", "1"),
    Imc2: entry("Imc2", "JN9H", "1"),
    InverseVariance: entry("InverseVariance", "E8JP", "level⁻²"),
    JointAverage: entry("JointAverage", "60VM", "level"),
    JointEnergy: entry("JointEnergy", "8ZQL", "1"),
    JointEntropy: entropy("JointEntropy", "TU9B"),
    MCC: { of: (t) => t.mcc(), unit: "1", note: (t) => missing(t) ?? (t.levels < 2 ? "1 by convention: the region has a single grey level" : undefined) },
    MaximumProbability: entry("MaximumProbability", "GYBY", "1"),
    SumAverage: entry("SumAverage", "ZGXS", "level"),
    SumEntropy: entropy("SumEntropy", "P6QZ"),
    SumSquares: entry("SumSquares", "UR99", "level²"),
    Dissimilarity: synonym("DifferenceAverage", "8S9J", "level"),
    Homogeneity1: synonym("Id", "IB1Z", "1"),
    Homogeneity2: synonym("Idm", "WF0Z", "1"),
    SumVariance: synonym("ClusterTendency", "OEEB", "level²"),
  },
};

function entry(name: keyof GlcmFeatures, ibsi: string, unit: string): Feature<Glcm> {
  return { ibsi, unit, of: (t) => t.features === undefined ? NaN : t.features[name], note: missing };
}

function entropy(name: keyof GlcmFeatures, ibsi: string): Feature<Glcm> {
  return { ...entry(name, ibsi, "bit"), note: (t) => missing(t) ?? (t.levels < 2 ? "0 up to the 2⁻⁵² inside the logarithm: a single grey level" : undefined) };
}

function synonym(name: keyof GlcmFeatures, ibsi: string, unit: string): Feature<Glcm> {
  return { ...entry(name, ibsi, unit), deprecated: true, note: (t) => missing(t) ?? `the same number as ${name}` };
}

function missing(t: Glcm): string | undefined {
  return t.features === undefined ? "no two voxels of the region are neighbours at these distances" : undefined;
}

function average(each: GlcmFeatures[]): GlcmFeatures | undefined {
  if (each.length === 0) return undefined;
  const result = { ...each[0] };
  for (const name of Object.keys(result) as (keyof GlcmFeatures)[]) result[name] = mean(each.map((f) => f[name]));
  return result;
}

function mean(x: number[]): number {
  let sum = 0;
  for (const v of x) sum += v;
  return sum / x.length;
}

/**
 * Weight of each direction's matrix: `weight` of the length of the offset in mm in the given norm, 1 for "no_weighting" and
 * "none", undefined where directions are not merged.
 */
export function directionWeights(
  offsets: Int16Array, spacing: Triple, norm: Settings["weightingNorm"], weight: (distance: number) => number,
): number[] | undefined {
  if (norm === null) return undefined;
  return Array.from({ length: offsets.length / 3 }, (_, d) => {
    const [x, y, z] = [0, 1, 2].map((axis) => Math.abs(offsets[3 * d + axis]) * spacing[axis]);
    if (norm === "euclidean") return weight(Math.sqrt(x * x + y * y + z * z));
    if (norm === "manhattan") return weight(x + y + z);
    return norm === "infinity" ? weight(Math.max(x, y, z)) : 1;
  });
}
