import type { Box, BoxedRegion, Volume } from "../image/index.js";
import { applyCurve, applyZScore, equalizationCurve, percentileRange, rescale, smooth, wholeBox, zScore } from "../prepare/index.js";
import type { Settings } from "./settings.js";

/**
 * The intensities that resampling and filters see, made for any box of the image on request: Gaussian smoothing, then normalisation.
 * `normalizeMethod: image` is PyRadiomics' z-score of the whole image; region (z-score by the region's mean and sd), percentile
 * (1st to 99th to 0 and 1, clipped) and equalize (histogram equalisation to 0 to 1) are ours. normalizeScale multiplies each.
 * @returns undefined where the image stays as it is
 */
export function changedIntensities(image: Volume, region: BoxedRegion, settings: Settings, who: string): ((box: Box) => Volume) | undefined {
  const { smoothing, normalize, normalizeMethod, normalizeScale } = settings;
  if (!normalize) return smoothing === null ? undefined : (box) => smooth(image, box, { sigma: smoothing });
  const from = smoothing === null ? image : smooth(image, wholeBox(image), { sigma: smoothing });
  const named = `${who}: the image`;
  switch (normalizeMethod) {
    case "image": case "region": {
      const score = zScore(from.data, normalizeMethod === "region" ? positionsIn(image, region) : undefined, named);
      return (box) => applyZScore(from, box, score, settings);
    }
    case "percentile": {
      const range = percentileRange(from.data, [1, 99], undefined, named);
      return (box) => times(rescale(from, box, range, { clip: true }), normalizeScale);
    }
    case "equalize": {
      const curve = equalizationCurve(from.data, {}, undefined, named);
      return (box) => times(applyCurve(from, box, curve), normalizeScale);
    }
  }
}

function times(volume: Volume, factor: number): Volume {
  if (factor !== 1) for (let i = 0; i < volume.data.length; i++) volume.data[i] *= factor;
  return volume;
}

/** Positions of the region's voxels in the whole image. */
function positionsIn({ size: [nx, ny] }: Volume, { box: { lower, size }, inside }: BoxedRegion): Int32Array {
  const index: number[] = [];
  for (let z = 0, i = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const row = ((lower[2] + z) * ny + lower[1] + y) * nx + lower[0];
      for (let x = 0; x < size[0]; x++, i++) if (inside[i] !== 0) index.push(row + x);
    }
  }
  return Int32Array.from(index);
}
