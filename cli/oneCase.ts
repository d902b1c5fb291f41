import { existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { createHash } from "node:crypto";
import { constants, gunzipSync, inflateSync } from "node:zlib";
import { InputError } from "../src/math/index.js";
import { companions, readImage, useInflater, withSpacing, type Image, type NamedBytes } from "../src/image/index.js";
import { extract, useDigest, type Params } from "../src/features/index.js";
import { inWords, readBytes } from "./files.js";
import type { Case } from "./cases.js";
import { version } from "./version.js";

export type Value = number | string | number[];
/** path, bytes, time of last change: what a result was made from */
export type FileState = [path: string, size: number, time: number];

export type CaseResult =
  | { values: Record<string, Value>; notes: Record<string, string>; warnings: string[]; files: FileState[] }
  /** unreadable: a file could not be read at all; bug: not the user's data but our own mistake, with its trace */
  | { error: string; unreadable?: true; bug?: string };

useDigest((pieces) => {
  const hash = createHash("sha1");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
});
useInflater((packed, packing, most, cut) => (packing === "gzip" ? gunzipSync : inflateSync)(packed, {
  maxOutputLength: most, chunkSize: Math.max(64, most), finishFlush: cut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH,
}));

/** What all cases of a run share. */
export type Work = {
  params: Params;
  mode: "segment" | "voxel";
  /** where maps go in voxel mode */
  mapFolder: string;
  mapFormat: "nrrd" | "nifti";
};

/**
 * Reads, extracts and, in voxel mode, writes the maps of one case. Never throws: a failed case is a result.
 * @param progress of voxel mode: voxels done and to do within one image type
 */
export async function oneCase(one: Case, work: Work, progress?: (done: number, of: number) => void): Promise<CaseResult> {
  if (one.error !== undefined) return { error: one.error };
  let reading = true;
  try {
    const image = scaled(await readOnce(one.image), one), mask = scaled(await readFiles(one.mask), one);
    reading = false;
    refuseSwapped(one, image.image, mask.image);
    const params: Params = { ...work.params, setting: {
      ...work.params.setting,
      ...(one.label !== undefined && { label: one.label }),
      ...(one.labelChannel !== undefined && { label_channel: one.labelChannel }),
    } };
    const who = one.id || basename(one.mask), files = [...image.files, ...mask.files];
    if (work.mode === "voxel") {
      const { extractMaps, writeMaps } = await import("./voxelMaps.js");
      const { values, notes, warnings, maps } = await extractMaps(image.image, mask.image, { params, who, version: version(), ...(progress !== undefined && { progress }) });
      const paths = await writeMaps(maps, one.number, work.mapFolder, work.mapFormat);
      return { values: { ...values, ...paths }, notes, warnings, files };
    }
    const { values, notes, warnings } = await extract(image.image, mask.image, { params, who, version: version() });
    return { values, notes, warnings, files };
  } catch (error) {
    return failure(error, reading);
  }
}

function failure(error: unknown, reading: boolean): CaseResult {
  const { name, message, stack } = error as Error;
  if (name === "InputError") return { error: message, ...(reading && { unreadable: true }) };
  if (error instanceof RangeError && /allocation|array length|buffer/i.test(message)) {
    return { error: `needs more memory than there is (${message}); crop the image or run fewer --jobs.` };
  }
  return { error: `radscore itself failed here (${message}); please report it with this image and mask.`, bug: stack ?? message };
}

type Read = { image: Image; files: FileState[] };
let latest: Read | undefined;

/** An image that stays at hand: several masks of one image follow each other. */
async function readOnce(path: string): Promise<Read> {
  if (latest !== undefined && latest.files[0][0] === path && latest.files.every((state) => String(fileState(state[0])) === String(state))) return latest;
  latest = undefined;
  return (latest = await readFiles(path));
}

/** A file with those that belong to it (detached data). */
async function readFiles(path: string): Promise<Read> {
  const state = fileState(path);
  const head: NamedBytes = { name: path, bytes: readBytes(path) };
  const parts = [head], files = [state];
  for (const name of companions(head)) {
    const beside = resolve(dirname(path), name);
    if (!existsSync(beside)) continue;
    files.push(fileState(beside));
    parts.push({ name: join(dirname(path), name), bytes: readBytes(beside) });
  }
  return { image: await readImage(parts), files };
}

/** A picture with the pixel size the user gave for it; every other format knows its own. */
function scaled(read: Read, { spacing }: Case): Read {
  if (spacing === undefined || !/\.(png|jpe?g)$/i.test(read.files[0][0])) return read;
  return { ...read, image: withSpacing(read.image, spacing) };
}

function fileState(path: string): FileState {
  try {
    const { size, mtimeMs } = statSync(path);
    return [path, size, mtimeMs];
  } catch (error) {
    throw inWords(error, path);
  }
}

/** An image of a few whole numbers beside a "mask" of many values: the two stand in the wrong order. */
function refuseSwapped(one: Case, image: Image, mask: Image): void {
  const few = 8, many = 32;
  if (distinct(image.data, few + 1) > few || distinct(mask.data, many) < many) return;
  throw new InputError(`${one.image} holds only labels (${distinct(image.data, few)} different values) and ${one.mask} looks like an image (${many} and more); ` +
    "image and mask are swapped: the image comes first, then the mask.");
}

/** Number of different values, counted up to `most`. */
function distinct(data: ArrayLike<number>, most: number): number {
  const seen = new Set<number>();
  for (let k = 0, last = NaN; k < data.length && seen.size < most; k++) {
    if (data[k] === last) continue;
    last = data[k];
    seen.add(last);
  }
  return seen.size;
}

/** A folder for output, made where it is missing. */
export function makeFolder(path: string): void {
  try { mkdirSync(path, { recursive: true }); } catch (error) { throw inWords(error, path); }
}
