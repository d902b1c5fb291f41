// The eight rows of the cost table: two real cases that ship with the project and two generated ones.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Params } from "../../src/features/index.js";
import { asVolume, readImage, type Triple, type Volume } from "../../src/image/index.js";

export type Row = {
  name: string;
  load(): Promise<{ image: Volume; mask: Volume }>;
  params: Pick<Params, "imageType" | "setting">;
  /** CPU seconds of PyRadiomics 8ed5793 for the same work (classes only, whole call), one thread, 2-core AMD EPYC */
  reference: { features: number; classes: number; whole: number };
};

const wavelet = { Original: {}, Wavelet: {} };
const dceTypes = { Original: {}, Wavelet: {}, LoG: { sigma: [1, 3] } };

export const rows: Row[] = [
  { name: "brain1 Original", load: () => shipped("brain1"), params: { imageType: { Original: {} }, setting: {} },
    reference: { features: 107, classes: 0.041, whole: 0.134 } },
  { name: "brain1 + Wavelet", load: () => shipped("brain1"), params: { imageType: wavelet, setting: {} },
    reference: { features: 851, classes: 0.198, whole: 0.471 } },
  { name: "breast1 Original", load: () => shipped("breast1"), params: { imageType: { Original: {} }, setting: {} },
    reference: { features: 107, classes: 0.005, whole: 0.010 } },
  { name: "breast1 + Wavelet", load: () => shipped("breast1"), params: { imageType: wavelet, setting: {} },
    reference: { features: 851, classes: 0.055, whole: 0.083 } },
  { name: "128³ sphere r 40, 32 bins, Original", load: sphere, params: { imageType: { Original: {} }, setting: { binCount: 32 } },
    reference: { features: 107, classes: 0.95, whole: 1.08 } },
  { name: "128³ sphere r 40, 32 bins, + Wavelet", load: sphere, params: { imageType: wavelet, setting: { binCount: 32 } },
    reference: { features: 851, classes: 5.17, whole: 5.83 } },
  { name: "DCE-like 320×320×100, Wavelet + LoG 1, 3 mm", load: dceLike, params: { imageType: dceTypes, setting: {} },
    reference: { features: 1037, classes: 0.18, whole: 8.69 } },
  { name: "DCE-like, normalize ×100, 1 mm B-spline, bin width 5", load: dceLike,
    params: { imageType: dceTypes, setting: { normalize: true, normalizeScale: 100, resampledPixelSpacing: [1, 1, 1], interpolator: "sitkBSpline", binWidth: 5 } },
    reference: { features: 1037, classes: 1.86, whole: 3.96 } },
];

async function read(path: string): Promise<Volume> {
  return asVolume(await readImage([{ name: basename(path), bytes: readFileSync(path) }]), basename(path));
}

async function shipped(name: string) {
  return { image: await read(`examples/${name}_image.nrrd`), mask: await read(`examples/${name}_label.nrrd`) };
}

/** 32-bit linear congruential numbers in [0, 1): the same volume on every machine. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
}

function grid(size: Triple, spacing: Triple) {
  return { size, spacing, origin: [0, 0, 0] as Triple, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

/** Smooth structure with noise on it, 128³ float32 at 1 mm; the region is a sphere of radius 40. */
async function sphere() {
  const n = 128, random = chance(1);
  const data = new Float32Array(n ** 3), inside = new Uint8Array(n ** 3);
  for (let z = 0, i = 0; z < n; z++) for (let y = 0; y < n; y++) for (let x = 0; x < n; x++, i++) {
    data[i] = 100 + 30 * Math.sin(x / 9) * Math.cos(y / 7) + 20 * Math.sin(z / 11) + 40 * (random() + random() - 1);
    if ((x - 64) ** 2 + (y - 64) ** 2 + (z - 64) ** 2 <= 1600) inside[i] = 1;
  }
  return { image: { ...grid([n, n, n], [1, 1, 1]), data }, mask: { ...grid([n, n, n], [1, 1, 1]), data: inside } };
}

/** A breast MRI's size: 320×320×100 int16 at 0.8×0.8×1.6 mm, one enhancing ellipsoid of about 4,175 voxels. */
async function dceLike() {
  const size: Triple = [320, 320, 100], random = chance(2);
  const data = new Int16Array(320 * 320 * 100), inside = new Uint8Array(data.length);
  for (let z = 0, i = 0; z < 100; z++) for (let y = 0; y < 320; y++) for (let x = 0; x < 320; x++, i++) {
    const r = ((x - 110) / 12.6) ** 2 + ((y - 150) / 12.6) ** 2 + ((z - 48) / 6.28) ** 2;
    const breast = y > 60 && y < 290 ? 180 + 60 * Math.sin(x / 23) * Math.sin(y / 17 + z / 9) : 12;
    data[i] = breast + (r <= 1 ? 260 * (1.1 - 0.5 * r) + 60 * Math.sin(x / 2.3 + z) : 0) + 50 * (random() + random() - 1);
    if (r <= 1) inside[i] = 1;
  }
  return { image: { ...grid(size, [0.8, 0.8, 1.6]), data }, mask: { ...grid(size, [0.8, 0.8, 1.6]), data: inside } };
}
