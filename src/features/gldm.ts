import type { Feature, FeatureClass } from "./featureClass.js";
import { dependences } from "./gldmMatrix.js";
import { levelBySize, type LevelBySize } from "./levelBySize.js";
import { fittingDirections } from "./neighbourhood.js";

/** The grey-level dependence class: how many neighbours differ by at most gldm_a, counting the voxel itself. */
export const gldm: FeatureClass<LevelBySize> = {
  name: "gldm",
  prepare: (_region, levels, settings) =>
    levelBySize(dependences(levels(), fittingDirections(levels(), settings), settings.gldm_a)),
  features: {
    DependenceEntropy: {
      ...entry("entropy", "FCBV", "bit"),
      note: (t) => t.energy === 1 ? "0 up to the 2⁻⁵² inside the logarithm: every voxel has the same level and dependence" : undefined,
    },
    DependenceNonUniformity: entry("sizeNonUniformity", "Z87G", "1"),
    DependenceNonUniformityNormalized: entry("sizeNonUniformityNormalized", "OKJI", "1"),
    DependenceVariance: entry("sizeVariance", "DNX2", "voxel²"),
    GrayLevelNonUniformity: entry("levelNonUniformity", "FP8K", "1"),
    GrayLevelVariance: entry("levelVariance", "1PFV", "level²"),
    HighGrayLevelEmphasis: entry("high", "OAE7", "level²"),
    LargeDependenceEmphasis: entry("large", "IMOQ", "voxel²"),
    LargeDependenceHighGrayLevelEmphasis: entry("largeHigh", "9QMG", "level² voxel²"),
    LargeDependenceLowGrayLevelEmphasis: entry("largeLow", "NBZI", "level⁻² voxel²"),
    LowGrayLevelEmphasis: entry("low", "TL9H", "level⁻²"),
    SmallDependenceEmphasis: entry("small", "SODN", "voxel⁻²"),
    SmallDependenceHighGrayLevelEmphasis: entry("smallHigh", "JA6D", "level² voxel⁻²"),
    SmallDependenceLowGrayLevelEmphasis: entry("smallLow", "EQ3F", "level⁻² voxel⁻²"),
    DependencePercentage: {
      ibsi: "6XV8", unit: "1", deprecated: true, of: () => 1, note: () => "always 1: every voxel has a dependence count",
    },
    GrayLevelNonUniformityNormalized: {
      ...entry("levelNonUniformityNormalized", "5SPA", "1"), deprecated: true, note: () => "the same number as firstorder Uniformity",
    },
  },
};

function entry(name: keyof LevelBySize, ibsi: string, unit: string): Feature<LevelBySize> {
  return { ibsi, unit, of: (t) => t[name] };
}
