import type { Box, Volume } from "../image/index.js";
import type { FilteredImage } from "../prepare/index.js";
import type { Extraction } from "./extract.js";
import { families, type IbsiOptions } from "./ibsi/options.js";
import { ibsiProfile } from "./ibsi/profile.js";
import { filtersOf } from "./imageTypes.js";
import type { Params } from "./params.js";
import { defaultSettings, type Settings } from "./settings.js";

/** Common settings that the IBSI profile reads, as its own options; what stands under `ibsi:` goes before them. */
const fromSettings: Partial<Record<keyof Settings, (value: any) => Partial<IbsiOptions>>> = {
  label: (label: number) => ({ label }),
  resampledPixelSpacing: (spacing: number[] | null) => ({ spacing }),
  resegmentRange: (range: [number, number] | null) => ({ resegmentRange: range }),
  binWidth: (binSize: number) => ({ discretisation: { binSize } }),
  binCount: (binNumber: number | null) => (binNumber === null ? {} : { discretisation: { binNumber } }),
};
/** settings that were obeyed before the profile is asked: geometry of image and mask */
const obeyed: (keyof Settings)[] = ["correctMask", "geometryTolerance", "label_channel", "additionalInfo"];

/**
 * The IBSI profile as one row: `original_<tag>`, and `<filter>_<tag>` for each further image type (all families but morphology).
 * Diagnostics are IBSI's own, under diagnostics_<tag>.
 */
export function ibsiExtract(image: Volume, mask: Volume, params: Params, who: string, warnings: string[], stage: (name: string) => void): Extraction {
  const result: Extraction = { values: {}, notes: {}, warnings };
  let options: Partial<IbsiOptions> = {};
  for (const [name, value] of Object.entries(params.setting)) {
    const known = fromSettings[name as keyof Settings];
    if (known !== undefined) options = { ...options, ...known(value) };
    else if (!obeyed.includes(name as keyof Settings)) warnings.push(`setting ${name} has no effect in the profile ibsi; its options stand under "ibsi:".`);
  }
  options = { ...options, ...params.ibsi };
  const rows: Extraction["values"] = {};
  for (const { filter, overrides } of filtersOf(params)) {
    stage(filter.imageType);
    if (filter.imageType === "Original") {
      const { values, notes, diagnostics } = ibsiProfile(image, mask, options, who);
      for (const [tag, value] of Object.entries(diagnostics)) result.values[`diagnostics_${tag}`] = value;
      add(rows, result.notes, "original", values, notes);
      continue;
    }
    const textured = (options.families ?? families).filter((family) => family !== "morph");
    const own = { ...defaultSettings, ...params.setting, ...overrides };
    let bands: FilteredImage[] | undefined;
    for (let k = 0; bands === undefined || k < bands.length; k++) {
      const band = (volume: Volume, box: Box): Volume => {
        bands ??= [...filter.apply(volume, box, own)].filter((b) => {
          if ("note" in b) warnings.push(`${b.name}: ${b.note}`);
          return "image" in b;
        });
        const chosen = bands[k];
        return chosen !== undefined && "image" in chosen ? chosen.image : { ...volume, size: box.size, data: new Float64Array(box.size[0] * box.size[1] * box.size[2]) };
      };
      const { values, notes } = ibsiProfile(image, mask, { ...options, families: textured, filter: band }, who);
      if (bands![k] !== undefined) add(rows, result.notes, bands![k].name, values, notes);
    }
  }
  Object.assign(result.values, rows);
  return result;
}

function add(rows: Extraction["values"], allNotes: Record<string, string>, name: string, values: Record<string, number>, notes: Record<string, string>): void {
  for (const [tag, value] of Object.entries(values)) {
    rows[`${name}_${tag}`] = value;
    if (notes[tag] !== undefined) allNotes[`${name}_${tag}`] = notes[tag];
  }
}
