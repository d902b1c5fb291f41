import { InputError } from "../math/index.js";
import { colourLabels, grey, isColour } from "./colour.js";
import { elementOf, zeros } from "./elements.js";
import { gridOnly } from "./grid.js";
import type { Image, Mask, Volume } from "./volume.js";

/**
 * The one scalar volume of an image. Colour becomes grey (see `grey`); any other multi-component and every 4-D image is refused:
 * choose with `channel` or `frame` first.
 */
export function asVolume(image: Image, who: string): Volume {
  if (image.frames > 1) {
    throw new InputError(`${who}: holds ${image.frames} frames (4-D), but one 3-D volume is needed; choose one frame.`);
  }
  if (isColour(image)) return { ...gridOnly(image), data: grey(image).data };
  if (image.components > 1) {
    throw new InputError(`${who}: holds ${image.components} numbers per voxel, but one is needed; choose one channel.`);
  }
  return { ...gridOnly(image), data: image.data };
}

/**
 * The mask in an image file: the labels as they are; in a colour image every colour is a label (see `colourLabels`).
 * Several frames or channels are refused as in `asVolume`.
 */
export function asMask(image: Image, who: string): Mask {
  if (isColour(image) && image.frames === 1) return { ...gridOnly(image), data: colourLabels(image) };
  return asVolume(image, who);
}

/** Frame k of a 4-D image, counted from 0. A view: the voxels are not copied. */
export function frame(image: Image, k: number): Image {
  if (!Number.isInteger(k) || k < 0 || k >= image.frames) {
    throw new InputError(`The image holds ${image.frames} frame${image.frames === 1 ? "" : "s"}, so frame ${k} does not exist; ` +
      `frames count from 0.`);
  }
  const n = image.data.length / image.frames;
  return { ...image, frames: 1, data: image.data.subarray(k * n, (k + 1) * n) };
}

/** Component c of a multi-component image, counted from 0. */
export function channel(image: Image, c: number): Image {
  const { components } = image;
  if (!Number.isInteger(c) || c < 0 || c >= components) {
    throw new InputError(`The image holds ${components} channel${components === 1 ? "" : "s"}, so channel ${c} does not exist; ` +
      `channels count from 0.`);
  }
  if (components === 1) return image;
  const data = zeros(elementOf(image.data), image.data.length / components);
  for (let i = 0, j = c; i < data.length; i++, j += components) data[i] = image.data[j];
  return { ...image, components: 1, data, type: elementOf(data) };
}
