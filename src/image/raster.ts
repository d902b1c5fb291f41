import { InputError } from "../math/index.js";
import { decodePng, isPng, type Pixels } from "./png.js";
import type { Reader } from "./reader.js";
import type { Image, Triple } from "./volume.js";

/**
 * PNG as an image of one slice with pixels of 1 (the density some files state is a screen's, not the tissue's).
 * Colour gives three components, type "rgb24" or "rgb48": `asVolume` turns it to grey, `asMask` to labels.
 */
export const png: Reader = {
  name: "PNG (.png)",
  fits: isPng,
  read: async ([{ bytes, name }]) => imageOf(await decodePng(bytes, name)),
};

/**
 * JPEG (8-bit, baseline or progressive, grey or YCbCr) as an image of one slice with pixels of 1. Its values are what
 * lossy compression left of them.
 */
export const jpeg: Reader = {
  name: "JPEG (.jpg, .jpeg)",
  fits: (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff,
  read: async ([{ bytes, name }]) => {
    const { width, height, grey } = jpegFrame(bytes, name);
    const { decode } = (await import("jpeg-js")).default;
    let rgb: Uint8Array;
    try {
      rgb = decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: mostMegapixels, maxMemoryUsageInMB: 1024 }).data;
    } catch (error) {
      throw new InputError(`${name}: its JPEG data cannot be decoded (${error instanceof Error ? error.message : String(error)}); the file is damaged.`);
    }
    if (rgb.length !== width * height * 3) throw new InputError(`${name}: its JPEG data do not fill ${width} × ${height} pixels; the file is damaged.`);
    const data = grey ? Uint8Array.from({ length: width * height }, (_, i) => rgb[3 * i]) : rgb;
    return imageOf({ width, height, components: grey ? 1 : 3, depth: 8, data });
  },
};

/** The image with another voxel size in mm, for formats that know none. */
export function withSpacing(image: Image, spacing: Triple): Image {
  if (!spacing.every((s) => Number.isFinite(s) && s > 0)) {
    throw new InputError(`The voxel spacing given is ${spacing.join(" × ")}, but each must be a number above 0.`);
  }
  return { ...image, spacing };
}

function imageOf({ width, height, components, depth, data }: Pixels): Image {
  return {
    size: [width, height, 1], spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data, frames: 1, components, dimension: 2,
    type: components === 1 ? `uint${depth}` : depth === 16 ? "rgb48" : "rgb24",
  };
}

const mostMegapixels = 100;

/** Size from the frame header; checks that the file is complete, which the decoder does not. */
function jpegFrame(bytes: Uint8Array, who: string): { width: number; height: number; grey: boolean } {
  const cut = () => new InputError(`${who}: its JPEG data are cut short or damaged; copy or download the file again.`);
  let frame: { width: number; height: number; grey: boolean } | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw cut();
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    if (length < 2 || at + 2 + length > bytes.length) throw cut();
    // SOF0 … SOF15 without DHT, JPG and DAC
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      if (marker > 0xc2 || length < 8 || bytes[at + 4] !== 8) throw new InputError(`${who}: is a lossless, arithmetic or ${bytes[at + 4]}-bit JPEG; only 8-bit baseline and progressive ones are read, so convert it to PNG.`);
      frame = { height: (bytes[at + 5] << 8) | bytes[at + 6], width: (bytes[at + 7] << 8) | bytes[at + 8], grey: bytes[at + 9] === 1 };
      const { width, height } = frame;
      if (bytes[at + 9] !== 1 && bytes[at + 9] !== 3) throw new InputError(`${who}: is a JPEG of ${bytes[at + 9]} colour components; only grey and three colours are read, so convert it to PNG.`);
      if (width < 1 || height < 1 || width * height > mostMegapixels * 1e6) throw new InputError(`${who}: its JPEG header declares ${width} × ${height} pixels; expected 1 to ${mostMegapixels} million.`);
      // every 8 × 8 block takes a bit at the least
      if (width * height > 512 * bytes.length) throw cut();
    }
    if (marker === 0xda) {
      if (frame === undefined) throw cut();
      for (let i = bytes.length - 1; i > at; i--) if (bytes[i] === 0xd9 && bytes[i - 1] === 0xff) return frame;
      throw cut();
    }
    at += 2 + length;
  }
  throw cut();
}
