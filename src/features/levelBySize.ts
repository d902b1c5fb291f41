import { log2 } from "../math/index.js";
import type { TextureMatrix } from "./textureMatrix.js";

const epsilon = 2 ** -52;

/**
 * Features of a matrix of grey levels i by sizes j: runs, zones, dependences (and distance zones) share these definitions
 * (IBSI reference manual, chapters on GLRLM, GLSZM, NGLDM), with p = counts / number of counts. One pass over the cells.
 */
export type LevelBySize = {
  /** Σ counts: number of runs, zones, voxels */
  number: number;
  /** Σ j · counts: voxels in them */
  voxels: number;
  small: number; large: number; low: number; high: number;
  smallLow: number; smallHigh: number; largeLow: number; largeHigh: number;
  levelNonUniformity: number; levelNonUniformityNormalized: number;
  sizeNonUniformity: number; sizeNonUniformityNormalized: number;
  levelVariance: number; sizeVariance: number;
  /** bits */
  entropy: number;
  /** Σ p² */
  energy: number;
  levelMean: number; sizeMean: number;
};

/** Σ over cells as in `LevelBySize`; everything NaN but `number` and `voxels` where the matrix is empty. */
export function levelBySize(m: TextureMatrix): LevelBySize {
  const { level, row, column, count } = m;
  let number = 0, voxels = 0, longest = 0;
  let small = 0, large = 0, low = 0, high = 0, smallLow = 0, smallHigh = 0, largeLow = 0, largeHigh = 0;
  let squares = 0, levelSum = 0;
  const perLevel = new Float64Array(level.length);
  for (let k = 0; k < row.length; k++) {
    const c = count[k], i = level[row[k]], j = column[k];
    const i2 = i * i, j2 = j * j;
    number += c;
    voxels += c * j;
    levelSum += c * i;
    small += c / j2;
    large += c * j2;
    low += c / i2;
    high += c * i2;
    smallLow += c / (i2 * j2);
    smallHigh += c * i2 / j2;
    largeLow += c * j2 / i2;
    largeHigh += c * i2 * j2;
    squares += c * c;
    perLevel[row[k]] += c;
    if (j > longest) longest = j;
  }
  const perSize = new Float64Array(longest + 1);
  const levelMean = levelSum / number, sizeMean = voxels / number;
  let levelVariance = 0, sizeVariance = 0, entropy = 0;
  for (let k = 0; k < row.length; k++) {
    const p = count[k] / number;
    perSize[column[k]] += count[k];
    levelVariance += p * (level[row[k]] - levelMean) * (level[row[k]] - levelMean);
    sizeVariance += p * (column[k] - sizeMean) * (column[k] - sizeMean);
    entropy -= p * log2(p + epsilon);
  }
  let levelSquares = 0, sizeSquares = 0;
  for (let i = 0; i < perLevel.length; i++) levelSquares += perLevel[i] * perLevel[i];
  for (let j = 0; j < perSize.length; j++) sizeSquares += perSize[j] * perSize[j];
  return {
    number, voxels,
    small: small / number, large: large / number, low: low / number, high: high / number,
    smallLow: smallLow / number, smallHigh: smallHigh / number, largeLow: largeLow / number, largeHigh: largeHigh / number,
    levelNonUniformity: levelSquares / number, levelNonUniformityNormalized: levelSquares / number / number,
    sizeNonUniformity: sizeSquares / number, sizeNonUniformityNormalized: sizeSquares / number / number,
    levelVariance, sizeVariance, entropy, energy: squares / number / number, levelMean, sizeMean,
  };
}
