import type { Feature, FeatureClass } from "./featureClass.js";
import { directionWeights } from "./glcm.js";
import { runLengths } from "./glrlmMatrix.js";
import { levelBySize, type LevelBySize } from "./levelBySize.js";
import { fittingDirections, paddedFor } from "./neighbourhood.js";
import type { Levels } from "./region.js";
import { addMatrices } from "./textureMatrix.js";

/** One entry per direction, or one in all where directions are merged by weights. */
type Glrlm = LevelBySize[];

/** The grey-level run-length class: features averaged over the 13 directions (4 in force2D), or of one weighted matrix. */
export const glrlm: FeatureClass<Glrlm> = {
  name: "glrlm",
  prepare(region, levels, settings) {
    const offsets = linedDirections(levels(), fittingDirections(levels(), settings, [1]));
    if (offsets.length === 0) return [];
    const matrices = runLengths(levels(), offsets);
    const weights = directionWeights(offsets, region.grid.spacing, settings.weightingNorm, (d) => d);
    return (weights === undefined ? matrices : [addMatrices(matrices, weights)]).map(levelBySize);
  },
  features: {
    GrayLevelNonUniformity: entry("levelNonUniformity", "R5YN", "1"),
    GrayLevelNonUniformityNormalized: entry("levelNonUniformityNormalized", "OVBL", "1"),
    GrayLevelVariance: entry("levelVariance", "8CE5", "level²"),
    HighGrayLevelRunEmphasis: entry("high", "G3QZ", "level²"),
    LongRunEmphasis: entry("large", "W4KF", "voxel²"),
    LongRunHighGrayLevelEmphasis: entry("largeHigh", "3KUM", "level² voxel²"),
    LongRunLowGrayLevelEmphasis: entry("largeLow", "IVPO", "level⁻² voxel²"),
    LowGrayLevelRunEmphasis: entry("low", "V3SW", "level⁻²"),
    RunEntropy: {
      ...entry("entropy", "HJ9O", "bit", 0),
      note: (t) => zeroWhereEmpty(t) ?? (t.every((d) => d.energy === 1) ? "0 up to the 2⁻⁵² inside the logarithm: all runs are alike" : undefined),
    },
    RunLengthNonUniformity: entry("sizeNonUniformity", "W92Y", "1"),
    RunLengthNonUniformityNormalized: entry("sizeNonUniformityNormalized", "IC23", "1"),
    RunPercentage: { ibsi: "9ZK5", unit: "1", of: (t) => mean(t, (d) => d.number / d.voxels), note: missing },
    RunVariance: { ...entry("sizeVariance", "SXLW", "voxel²", 0), note: zeroWhereEmpty },
    ShortRunEmphasis: entry("small", "22OV", "voxel⁻²"),
    ShortRunHighGrayLevelEmphasis: entry("smallHigh", "GD3A", "level² voxel⁻²"),
    ShortRunLowGrayLevelEmphasis: entry("smallLow", "HTZT", "level⁻² voxel⁻²"),
  },
};

function entry(name: keyof LevelBySize, ibsi: string, unit: string, empty = NaN): Feature<Glrlm> {
  return { ibsi, unit, of: (t) => t.length === 0 ? empty : mean(t, (d) => d[name]), note: missing };
}

function mean(t: Glrlm, of: (d: LevelBySize) => number): number {
  let sum = 0;
  for (const d of t) sum += of(d);
  return sum / t.length;
}

const noLine = "no line along any direction holds two voxels of the region";

function missing(t: Glrlm): string | undefined {
  return t.length === 0 ? noLine : undefined;
}

function zeroWhereEmpty(t: Glrlm): string | undefined {
  return t.length === 0 ? `0 as in PyRadiomics, though ${noLine}` : undefined;
}

/** The offsets along which some line meets two or more voxels of the region, adjacent or not: PyRadiomics leaves out the others. */
function linedDirections(levels: Levels, offsets: Int16Array): Int16Array {
  const { padding: { rank, at }, steps } = paddedFor(levels, offsets);
  const kept: number[] = [];
  for (let d = 0; d < steps.length; d++) {
    const offset = [offsets[3 * d], offsets[3 * d + 1], offsets[3 * d + 2]];
    if (at.some((p) => rank[p + steps[d]] > 0) || sharesLine(levels, offset)) kept.push(...offset);
  }
  return kept.length === offsets.length ? offsets : Int16Array.from(kept);
}

/** Whether two voxels lie on one line along the offset: every voxel is led to where the line's last moving coordinate is 0. */
function sharesLine({ size: [nx, ny], index }: Levels, [dx, dy, dz]: number[]): boolean {
  const met = new Set<string>();
  for (const p of index) {
    const x = p % nx, y = Math.floor(p / nx) % ny, z = Math.floor(p / nx / ny);
    const t = dz !== 0 ? z / dz : dy !== 0 ? y / dy : x / dx;
    const line = [x - t * dx, y - t * dy, z - t * dz].join();
    if (met.has(line)) return true;
    met.add(line);
  }
  return false;
}
