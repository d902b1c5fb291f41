import type { Feature, FeatureClass } from "./featureClass.js";
import { sizeZones } from "./glszmMatrix.js";
import { levelBySize, type LevelBySize } from "./levelBySize.js";
import { flatAxis } from "./neighbourhood.js";

/** The grey-level size-zone class: zones of 26-connected voxels (8-connected in force2D) of one level. */
export const glszm: FeatureClass<LevelBySize> = {
  name: "glszm",
  prepare: (_region, levels, settings) => levelBySize(sizeZones(levels(), flatAxis(settings))),
  features: {
    GrayLevelNonUniformity: entry("levelNonUniformity", "JNSA", "1"),
    GrayLevelNonUniformityNormalized: entry("levelNonUniformityNormalized", "Y1RO", "1"),
    GrayLevelVariance: entry("levelVariance", "BYLV", "level²"),
    HighGrayLevelZoneEmphasis: entry("high", "5GN9", "level²"),
    LargeAreaEmphasis: entry("large", "48P8", "voxel²"),
    LargeAreaHighGrayLevelEmphasis: entry("largeHigh", "J17V", "level² voxel²"),
    LargeAreaLowGrayLevelEmphasis: entry("largeLow", "YH51", "level⁻² voxel²"),
    LowGrayLevelZoneEmphasis: entry("low", "XMSY", "level⁻²"),
    SizeZoneNonUniformity: entry("sizeNonUniformity", "4JP3", "1"),
    SizeZoneNonUniformityNormalized: entry("sizeNonUniformityNormalized", "VB3A", "1"),
    SmallAreaEmphasis: entry("small", "5QRC", "voxel⁻²"),
    SmallAreaHighGrayLevelEmphasis: entry("smallHigh", "HW1V", "level² voxel⁻²"),
    SmallAreaLowGrayLevelEmphasis: entry("smallLow", "5RAI", "level⁻² voxel⁻²"),
    ZoneEntropy: {
      ...entry("entropy", "GU8N", "bit"),
      note: (t) => t.number === 1 ? "0 up to the 2⁻⁵² inside the logarithm: the region is one zone" : undefined,
    },
    ZonePercentage: { ibsi: "P30P", unit: "1", of: (t) => t.number / t.voxels },
    ZoneVariance: entry("sizeVariance", "3NSA", "voxel²"),
  },
};

function entry(name: keyof LevelBySize, ibsi: string, unit: string): Feature<LevelBySize> {
  return { ibsi, unit, of: (t) => t[name] };
}
