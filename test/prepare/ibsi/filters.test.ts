import { describe, expect, test } from "vitest";
import { wholeBox, filters } from "../../../src/prepare/index.js";
import type { Box, Triple, Volume } from "../../../src/image/index.js";
import { ibsiFilters } from "../../../src/prepare/ibsi/index.js";
import { rightAngleRotations } from "../../../src/prepare/ibsi/rotations.js";
import { boundaryIndex } from "../../../src/prepare/ibsi/boundary.js";
import { about, response, type Setting } from "../../../bench/ibsi2Tests.js";

/** Reproducible texture: the golden-ratio sequence, 0 … 99. */
function texture(size: Triple, spacing: Triple = [1, 1, 1]): Volume {
  const data = Float64Array.from({ length: size[0] * size[1] * size[2] }, (_, k) => Math.floor((((k * k + 3 * k) * 0.6180339887498949) % 1) * 100));
  return { size, spacing, origin: [1, 2, 3], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1], data };
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** New volume whose voxel (x, y, z) is `at(x, y, z)` of the old one. */
function rearranged(v: Volume, size: Triple, at: (x: number, y: number, z: number) => Triple): Volume {
  const data = new Float64Array(v.data.length);
  for (let z = 0, k = 0; z < size[2]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[0]; x++, k++) {
    const [i, j, l] = at(x, y, z);
    data[k] = v.data[(l * v.size[1] + j) * v.size[0] + i];
  }
  return { ...v, size, data };
}

const settings: Setting[] = [
  { imageType: "Mean", options: { support: 5 } },
  { imageType: "Mean", options: { support: 7, force2D: true, boundary: "periodic" } },
  { imageType: "IBSILoG", options: { sigma: [1.5] } },
  { imageType: "Laws", options: { kernels: "L5S5E5", boundary: "nearest" } },
  { imageType: "Laws", options: { kernels: "L5W5E5", rotationInvariant: true, pooling: "max", energy: 3, boundary: "zero" } },
  { imageType: "Laws", options: { kernels: "E3W5R5", rotationInvariant: true, pooling: "min", energy: 2 } },
  { imageType: "Gabor", options: { sigma: [1.2], lambda: 3, gamma: 0.8, theta: 30 } },
  { imageType: "Gabor", options: { sigma: [1], lambda: 2, thetaStep: 45, orthogonalPlanes: true, pooling: "max" } },
  { imageType: "SeparableWavelet", options: { wavelet: "db3", bands: "LLH", level: 2 } },
  { imageType: "SeparableWavelet", options: { wavelet: "haar", bands: "LHH", level: 2, rotationInvariant: true, boundary: "periodic" } },
  { imageType: "Simoncelli", options: { level: 2 } },
  { imageType: "Riesz", options: { order: [1, 1, 0], sigma: [1] } },
  { imageType: "Riesz", options: { order: [1, 0, 2], sigma: [1], steering: 1 } },
];

describe("every filter", () => {
  test.each(settings.map((s) => [about(s), s] as const))("%s: a box equals the same part of the whole", (_, setting) => {
    const volume = texture([17, 14, 12]);
    const whole = response(volume, setting);
    for (const box of [{ lower: [0, 3, 2], size: [4, 5, 6] }, { lower: [11, 0, 9], size: [6, 14, 3] }] as Box[]) {
      const part = response(volume, setting, box);
      const expected = rearranged({ ...whole, data: whole.data }, box.size, (x, y, z) => [x + box.lower[0], y + box.lower[1], z + box.lower[2]]);
      const n = box.size[0] * box.size[1] * box.size[2];
      // transforms of another length round otherwise; everything else is the same to the bit
      expect(farthest(part.data, expected.data.slice(0, n))).toBeLessThanOrEqual(setting.imageType === "Gabor" ? 1e-9 : 0);
      expect(part.origin).toEqual([1 + box.lower[0], 2 + box.lower[1], 3 + box.lower[2]]);
    }
  });

  test("a flat image stays flat under Mean, and nothing is left of it by the others but Laws' and wavelets' low-pass", () => {
    const flat = texture([12, 12, 12]);
    flat.data.fill(7);
    const most = (setting: Setting) => farthest(response(flat, setting).data, new Float64Array(flat.data.length));
    expect(farthest(response(flat, settings[0]).data, flat.data)).toBe(0);
    expect(most(settings[2])).toBeLessThan(0.03); // the cut-off kernel does not sum to zero exactly
    expect(most(settings[3])).toBeLessThan(1e-12);
    expect(most(settings[8])).toBeLessThan(1e-12);
  });

  test("force2Ddimension leaves out the axis it names", () => {
    const volume = texture([9, 9, 9]);
    const turned = rearranged(volume, [9, 9, 9], (x, y, z) => [z, x, y]);
    for (const imageType of ["Mean", "IBSILoG", "Simoncelli", "Gabor"]) {
      const flat = { force2D: true, sigma: [1], level: 2, theta: 30 };
      // axis x of `volume` is axis z of `turned`
      const a = rearranged(response(volume, { imageType, options: { ...flat, force2Ddimension: 2 } }), [9, 9, 9], (x, y, z) => [z, x, y]);
      expect(farthest(a.data, response(turned, { imageType, options: flat }).data)).toBeLessThan(1e-12);
    }
  });
});

describe("rotation invariance", () => {
  const invariant = [settings[4], settings[5], settings[9]];
  test.each(invariant.map((s) => [about(s), s] as const))("%s: the response turns with the image", (_, setting) => {
    const volume = texture([8, 9, 10]);
    // a quarter turn about z: x' = y, y' = n − 1 − x
    const turn = (v: Volume) => rearranged(v, [9, 8, 10], (x, y, z) => [7 - y, x, z]);
    expect(farthest(response(turn(volume), setting).data, turn(response(volume, setting)).data)).toBeLessThan(1e-11);
  });

  test("there are 4 and 24 rotations, all different", () => {
    expect(rightAngleRotations(2).length).toBe(4);
    expect(new Set(rightAngleRotations(3).map((r) => JSON.stringify(r))).size).toBe(24);
    expect(rightAngleRotations(3)[0]).toEqual({ order: [0, 1, 2], sign: [1, 1, 1] });
  });
});

// By hand from the definitions (IBSI 2 manual): 4 voxels, positions −5 … 8.
test("boundaries continue an axis of four voxels", () => {
  expect([...boundaryIndex(4, -5, 9, "mirror")]).toEqual([3, 3, 2, 1, 0, 0, 1, 2, 3, 3, 2, 1, 0, 0]);
  expect([...boundaryIndex(4, -5, 9, "periodic")]).toEqual([3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0]);
  expect([...boundaryIndex(4, -2, 6, "nearest")]).toEqual([0, 0, 0, 1, 2, 3, 3, 3]);
  expect([...boundaryIndex(4, -2, 6, "zero")]).toEqual([-1, -1, 0, 1, 2, 3, -1, -1]);
});

// By hand: an impulse of 70 under L5 ⊗ E5 is 70 · h · g / (√70 √10); columns (x) L5, rows (y) E5.
test("Laws' kernels lie on the axes in the order of their names", () => {
  const volume = texture([5, 5, 1]);
  volume.data.fill(0);
  volume.data[12] = 70;
  const { data } = response(volume, { imageType: "Laws", options: { kernels: "L5E5", force2D: true, boundary: "zero" } });
  const row = (y: number) => Array.from(data.slice(5 * y, 5 * y + 5), (v) => (v * Math.sqrt(700)) / 70);
  [[-1, -4, -6, -4, -1], [-2, -8, -12, -8, -2], [0, 0, 0, 0, 0], [2, 8, 12, 8, 2], [1, 4, 6, 4, 1]].forEach((expected, y) =>
    expect(farthest(row(y), expected)).toBeLessThan(1e-12));
});

// By hand: averages over three voxels of 1, 2, 6 with each boundary.
test("mean of three voxels at the border", () => {
  const volume: Volume = { ...texture([3, 1, 1]), data: Uint8Array.of(1, 2, 6) };
  const means = (boundary: "zero" | "nearest" | "periodic" | "mirror") =>
    [...response({ ...volume }, { imageType: "Mean", options: { support: 3, boundary, force2D: true } }).data];
  expect(means("mirror").map((m) => Math.round(m * 3))).toEqual([4, 9, 14]);
  expect(means("nearest").map((m) => Math.round(m * 3))).toEqual([4, 9, 14]);
  expect(means("periodic").map((m) => Math.round(m * 3))).toEqual([9, 9, 9]);
  expect(means("zero")[0]).toBeCloseTo(1 / 3, 12); // the y axis averages with two rows of zeros as well
});

// A plane wave under a Gabor filter of its own wavelength: gain Σ|g| in the limit of a wide envelope, 2π σ² / γ.
test("Gabor's gain at its own wavelength is 2πσ² / γ, and mm are mm", () => {
  const size: Triple = [64, 64, 1];
  for (const [spacing, sigma, lambda, gamma] of [[1, 4, 8, 0.8], [0.5, 2, 4, 0.8]] as const) {
    const wave: Volume = { ...texture(size, [spacing, spacing, 1]) };
    for (let k = 0; k < wave.data.length; k++) wave.data[k] = Math.cos((2 * Math.PI * spacing * (k % 64)) / lambda);
    const { data } = response(wave, { imageType: "Gabor", options: { sigma: [sigma], lambda, gamma, boundary: "periodic", force2D: true } });
    // half of the cosine is the wave e^{+i…}; the other half, e^{−i…}, is damped by exp(−8π²σ²/λ²), 3e-9
    const voxels = sigma / spacing;
    expect(data[32 * 64 + 32]).toBeCloseTo((Math.PI * voxels * voxels) / gamma, 5);
  }
});

test("the sum of Simoncelli's squared transfers over levels is 1 between the lowest and half the highest frequency", async () => {
  const { simoncelliTransfer } = await import("../../../src/prepare/ibsi/simoncelli.js");
  for (const nu of [0.13, 0.2, 0.3, 0.45, 0.5]) {
    const sum = [1, 2, 3, 4].reduce((s, level) => s + simoncelliTransfer(level)(nu, 0, 0) ** 2, 0);
    expect(sum).toBeCloseTo(1, 12);
  }
});

test("Riesz transforms of one order share out the energy of what they are applied to", () => {
  const volume = texture([9, 7, 5]);
  const energy = (data: ArrayLike<number>) => Array.from(data).reduce((s, v) => s + v * v, 0);
  const base = response(volume, { imageType: "Simoncelli", options: { level: 1 } });
  const orders = [[2, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 0], [1, 0, 1], [0, 1, 1]];
  const total = orders.reduce((s, order) => s + energy(response(volume, { imageType: "Riesz", options: { order, base: "Simoncelli", level: 1 } }).data), 0);
  expect(total / energy(base.data)).toBeCloseTo(1, 10);
});

describe("steered Riesz transforms", () => {
  const steered = (volume: Volume, order: number[], steering: number | null) =>
    response(volume, { imageType: "Riesz", options: { order, base: "Simoncelli", level: 1, steering } }).data;

  test("of one order share out the same energy in every voxel, whatever the direction", () => {
    const volume = texture([9, 7, 5]);
    const orders = [[3, 0, 0], [0, 3, 0], [0, 0, 3], [2, 1, 0], [2, 0, 1], [1, 2, 0], [0, 2, 1], [1, 0, 2], [0, 1, 2], [1, 1, 1]];
    const energy = (steering: number | null) => {
      const sum = new Float64Array(volume.data.length);
      for (const order of orders) steered(volume, order, steering).forEach((r, i) => { sum[i] += Number(r) * Number(r); });
      return sum;
    };
    expect(farthest(energy(1), energy(null))).toBeLessThan(1e-8);
  });

  test("follow a plane wave: all of it along the first direction, nothing across", () => {
    const wave = texture([21, 21, 21]);
    // frequency (3, 4, 0) of 21: with an odd size the grid of frequencies is straight, direction (3, 4, 0) / 5
    wave.data.forEach((_, k) => { wave.data[k] = Math.cos((2 * Math.PI * (3 * (k % 21) + 4 * (Math.floor(k / 21) % 21))) / 21); });
    const base = response(wave, { imageType: "Simoncelli", options: { level: 1 } }).data;
    expect(farthest(steered(wave, [2, 0, 0], 2), Array.from(base, (r) => -r))).toBeLessThan(1e-12);
    expect(farthest(steered(wave, [1, 1, 0], 2), new Float64Array(base.length))).toBeLessThan(1e-12);
    expect(farthest(steered(wave, [0, 2, 0], 2), new Float64Array(base.length))).toBeLessThan(1e-12);
    // unsteered: ν₁² / |ν|² = 0.36
    expect(farthest(steered(wave, [2, 0, 0], null), Array.from(base, (r) => -0.36 * r))).toBeLessThan(1e-12);
  });
});

describe("the list", () => {
  test("holds seven filters, each an image type", () => {
    expect(ibsiFilters.map((f) => f.imageType)).toEqual(["Mean", "IBSILoG", "Laws", "Gabor", "SeparableWavelet", "Simoncelli", "Riesz"]);
    for (const filter of ibsiFilters) expect(filters).toContain(filter);
  });

  test("images are named for what made them", () => {
    const volume = texture([8, 8, 8]);
    const names = (imageType: string, options: object) =>
      [...ibsiFilters.find((f) => f.imageType === imageType)!.apply(volume, wholeBox(volume), options as never)].map((i) => i.name);
    expect(names("Mean", {})).toEqual(["mean-5-3D"]);
    expect(names("IBSILoG", { sigma: [1, 1.5] })).toEqual(["ibsi-log-sigma-1-0-mm-3D", "ibsi-log-sigma-1-5-mm-3D"]);
    expect(names("Laws", { kernels: ["L5S5E5", "l3e3s3"], rotationInvariant: true, pooling: "max", energy: 7 }))
      .toEqual(["laws-L5S5E5-max-energy-7-3D", "laws-L3E3S3-max-energy-7-3D"]);
    expect(names("Gabor", { sigma: [1], thetaStep: 45 })).toEqual(["gabor-sigma-1-0-mm-lambda-2-0-mm-gamma-1-0-average-step-45-0-2D"]);
    expect(names("SeparableWavelet", { wavelet: "haar", force2D: true })).toEqual(
      ["LL", "LH", "HL", "HH"].map((band) => `separable-wavelet-haar-${band}-level-1-2D`));
    expect(names("Simoncelli", { level: 2 })).toEqual(["simoncelli-level-2-3D"]);
    expect(names("Riesz", { base: "Simoncelli" })).toEqual(["riesz-1-0-0-simoncelli-level-1-3D"]);
    expect(names("Riesz", { sigma: [2], steering: 1.5 })).toEqual(["riesz-1-0-0-log-sigma-2-0-mm-steered-1-5-mm-3D"]);
  });

  test.each([
    ["Laws", { boundary: "miror" }, 'Laws: boundary is "miror"; expected one of zero, nearest, periodic, mirror. Did you mean "mirror"?'],
    ["Laws", { kernels: "L5X5E5" }, 'there is no kernel "X5"'],
    ["Laws", { kernels: "L5E5" }, "2 kernels, but the filter is 3-D; give one for each axis, or set force2D"],
    ["Mean", { support: 4 }, "Mean: support is 4; expected an odd whole number of voxels, 1 to 2001."],
    ["Gabor", {}, "Gabor: sigma is missing; give one or several standard deviations in mm"],
    ["Gabor", { sigma: [1], thetaStep: 50 }, "thetaStep is 50; expected 0, or a number from 1 to 360 that divides 360 degrees"],
    ["Gabor", { sigma: [1e6] }, "Gabor: its kernel reaches 6000000 voxels to each side, at most 2000 are allowed"],
    ["IBSILoG", { sigma: [1e6] }, "reaches 4000000 voxels"],
    ["SeparableWavelet", { bands: "LXH" }, "a 3-D filter needs 3 letters"],
    ["SeparableWavelet", { wavelet: "dbx" }, "dbx"],
    ["Simoncelli", { level: 0 }, "Simoncelli: level is 0; expected a whole number from 1 to 12."],
    ["Riesz", { order: [0, 0, 0], sigma: [1] }, "Riesz: order is [0,0,0]; expected three whole numbers"],
    ["Riesz", { order: [0, 0, 1], sigma: [1], force2D: true }, "force2D leaves out the z axis; its order must be 0"],
    ["Riesz", { base: "simoncelli" }, 'Did you mean "Simoncelli"?'],
  ] as [string, object, string][])("%s %j is refused in one sentence", (imageType, options, sentence) => {
    expect(() => response(texture([6, 6, 6]), { imageType, options })).toThrow(sentence);
  });
});
