import { ibsiResample, ibsiResampleMask } from "../../prepare/index.js";
import type { Stage } from "./diagnostics.js";
import type { IbsiOptions } from "./options.js";

/** Image and region on the interpolation grid; the region from the linearly interpolated mask. Unchanged where no spacing is given. */
export function interpolated(stage: Stage, o: IbsiOptions, who: string): Stage {
  const { spacing, interpolation, roundIntensities: round, partialVolumeThreshold: threshold } = o;
  if (spacing === null) return stage;
  const mask = ibsiResampleMask({ ...stage.image, data: stage.morphologicalMask }, { spacing, threshold }, who).data;
  return { image: ibsiResample(stage.image, { spacing, interpolation, round }, who), intensityMask: mask, morphologicalMask: mask };
}
