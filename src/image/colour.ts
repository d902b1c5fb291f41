import { elementOf } from "./elements.js";
import type { Image } from "./volume.js";

/**
 * Grey of a colour image: ITU-R BT.601 luma, (299 R + 587 G + 114 B) / 1000, rounded half up; where R = G = B it is that value.
 * A fourth component (alpha) plays no part.
 */
export function grey(image: Image): Image {
  const { data, components } = image;
  const out = data instanceof Uint16Array ? new Uint16Array(data.length / components) : new Uint8Array(data.length / components);
  for (let i = 0, j = 0; i < out.length; i++, j += components) {
    out[i] = Math.floor((299 * data[j] + 587 * data[j + 1] + 114 * data[j + 2] + 500) / 1000);
  }
  return { ...image, components: 1, data: out, type: elementOf(out) };
}

/**
 * Labels of a colour image: grey (R = G = B) is that value, any other colour is the number 1RRRGGGBBB, three decimal digits
 * each, so that a colour is the same label in every patient: red (255, 0, 0) is 1255000000, blue 1000000255.
 * 16-bit colours count by their upper byte. A fourth component (alpha) plays no part.
 */
export function colourLabels({ data, components }: Image): Uint32Array {
  const labels = new Uint32Array(data.length / components);
  const shift = data instanceof Uint16Array ? 8 : 0;
  for (let i = 0, j = 0; i < labels.length; i++, j += components) {
    const [r, g, b] = [data[j], data[j + 1], data[j + 2]];
    labels[i] = r === g && g === b ? r : 1_000_000_000 + (r >> shift) * 1_000_000 + (g >> shift) * 1000 + (b >> shift);
  }
  return labels;
}

/** Whether an image holds colours: three components or more of an rgb type. Plumbing: no source. */
export const isColour = (image: Image): boolean => image.components >= 3 && image.type.startsWith("rgb");
