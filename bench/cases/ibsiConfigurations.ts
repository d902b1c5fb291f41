// The digital phantom and configurations A–E of IBSI 1, with the settings that reproduce the reference values.
import type { IbsiOptions } from "../../src/features/index.js";
import { rangeOfFeatureTests, response, type FeatureTest, type Setting } from "../ibsi2Tests.js";

export type Configuration = {
  name: string;
  /** what it does, in a line */
  about: string;
  /** file with the reference values */
  table: string;
  /** rows with a consensus value */
  rows: number;
  options: Partial<IbsiOptions>;
};

/** Grey levels as they are, every aggregation. Its table holds no diagnostics. */
export const digitalPhantom: Configuration = {
  name: "Digital phantom", about: "5 × 4 × 4 voxels of 2 mm, six grey levels as they are, all aggregations",
  table: "ibsi_1_dig_phantom.csv", rows: 482,
  options: { aggregation: ["2D", "2.5D", "3D"], discretisation: { asTheyAre: true }, ivh: { asTheyAre: true } },
};

const inVolume: Partial<IbsiOptions> = { aggregation: ["3D"], spacing: [2, 2, 2], interpolation: "linear", roundIntensities: true };

/** On the CT phantom. */
export const configurations: Configuration[] = [
  {
    name: "Configuration A", about: "by slice, no interpolation, range [−500, 400], bins of 25 HU from −500, IVH as it is",
    table: "ibsi_1_chest_config_a.csv", rows: 406,
    options: { aggregation: ["2D", "2.5D"], resegmentRange: [-500, 400], discretisation: { binSize: 25 }, ivh: { asTheyAre: true } },
  },
  {
    name: "Configuration B", about: "by slice, bilinear to 2 × 2 mm, range [−500, 400], 32 bins, IVH as it is",
    table: "ibsi_1_chest_config_b.csv", rows: 406,
    options: {
      aggregation: ["2D", "2.5D"], spacing: [2, 2, 0], interpolation: "linear", roundIntensities: true,
      resegmentRange: [-500, 400], discretisation: { binNumber: 32 }, ivh: { asTheyAre: true },
    },
  },
  {
    name: "Configuration C", about: "volume, trilinear to 2 mm, range [−1000, 400], bins of 25 HU from −1000, IVH in bins of 2.5 HU",
    table: "ibsi_1_chest_config_c.csv", rows: 270,
    options: { ...inVolume, resegmentRange: [-1000, 400], discretisation: { binSize: 25 }, ivh: { binSize: 2.5 } },
  },
  {
    name: "Configuration D", about: "volume, trilinear to 2 mm, outliers beyond 3 standard deviations left out, 32 bins, IVH as it is",
    table: "ibsi_1_chest_config_d.csv", rows: 270,
    options: { ...inVolume, resegmentOutliers: 3, discretisation: { binNumber: 32 }, ivh: { asTheyAre: true } },
  },
  {
    name: "Configuration E", about: "volume, tricubic spline to 2 mm, range [−1000, 400] and outliers beyond 3 standard deviations, 32 bins, IVH in 1,000 bins",
    table: "ibsi_1_chest_config_e.csv", rows: 270,
    options: {
      ...inVolume, interpolation: "cubic", resegmentRange: [-1000, 400], resegmentOutliers: 3,
      discretisation: { binNumber: 32 }, ivh: { binNumber: 1000 },
    },
  },
];

/** How IBSI 2 reads the statistics of a filtered CT phantom: A on the native slices, B on the volume at 1 mm (cubic spline, rounded). */
export function filteredOptions({ image, imageType, options }: FeatureTest): Partial<IbsiOptions> {
  return {
    families: ["stat"], resegmentRange: [...rangeOfFeatureTests],
    ...(image === "native" ? {} : { spacing: [1, 1, 1], interpolation: "cubic", roundIntensities: true }),
    ...(imageType === undefined ? {} : { filter: (volume, box) => response(volume, { imageType, options: options ?? {} } satisfies Setting, box) }),
  };
}
