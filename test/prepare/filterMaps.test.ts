// Whole filtered volumes against PyRadiomics' own, voxel by voxel, and what must hold without any oracle.
import { expect, test } from "vitest";
import type { Box, Volume, Voxels } from "../../src/image/index.js";
import { filters, type FilterOptions } from "../../src/prepare/index.js";
import { recursiveGaussian } from "../../src/prepare/recursiveGaussian.js";
import { example, extendedTest, readVolume } from "../data.js";
import { defaults } from "./filterRuns.js";

const maps = "radiomics/pyradiomics/expected/filter_maps";

function imagesOf(type: string, volume: Volume, options: Partial<FilterOptions> = {}, box: Box = { lower: [0, 0, 0], size: volume.size }) {
  const filter = filters.find((f) => f.imageType === type)!;
  return new Map([...filter.apply(volume, box, { ...defaults, ...options })].map((r) => [r.name, "image" in r ? r.image.data : r.note]));
}

/** How many voxels differ after rounding ours to float32, and by how much at most. */
function differences(found: Voxels, expected: Voxels): { count: number; largest: number } {
  let count = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Math.fround(found[i]) === expected[i]) continue;
    count++;
    largest = Math.max(largest, Math.abs(found[i] - expected[i]));
  }
  return { count, largest };
}

// Expected: radiomics.imageoperations of PyRadiomics 8ed5793 on breast1_image.nrrd, stored as float32 (SOURCE.md beside the maps).
// wavelet and gradient equal in every voxel; LoG in all but a few, which lie within one unit of float32's last place
for (const [name, type, allowed] of [["wavelet-LLH", "Wavelet", 0], ["wavelet-HLL", "Wavelet", 0], ["wavelet-HHH", "Wavelet", 0],
  ["wavelet-LLL", "Wavelet", 0], ["gradient", "Gradient", 0], ["log-sigma-1-0-mm-3D", "LoG", 5], ["log-sigma-3-0-mm-3D", "LoG", 5]] as const) {
  extendedTest(`${name} of breast1`, `${maps}/breast1_${name}.nrrd`, async (path) => {
    const expected = await readVolume(path);
    const found = imagesOf(type, await readVolume(example("breast1_image.nrrd")), { sigma: [1, 3] }).get(name) as Voxels;
    const { count, largest } = differences(found, expected.data);
    expect(count).toBeLessThanOrEqual(allowed);
    expect(largest).toBeLessThanOrEqual(2 ** -20);
  });
}

extendedTest("lbp-2D of slice 9 of breast1", `${maps}/breast1_lbp2d_slice9_default_uniform_ror.nrrd`, async (path) => {
  const expected = await readVolume(path);
  const image = await readVolume(example("breast1_image.nrrd"));
  const [nx, ny] = image.size;
  ["default", "uniform", "ror"].forEach((lbp2DMethod, k) => {
    const found = imagesOf("LBP2D", image, { lbp2DMethod }, { lower: [0, 0, 9], size: [nx, ny, 1] }).get("lbp-2D") as Voxels;
    expect(differences(found, expected.data.subarray(k * nx * ny, (k + 1) * nx * ny)).count).toBe(0);
  });
});

const volume = (size: [number, number, number], value: (x: number, y: number, z: number) => number, spacing: [number, number, number] = [1, 1, 1]): Volume => {
  const data = new Float64Array(size[0] * size[1] * size[2]);
  let i = 0;
  for (let z = 0; z < size[2]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[0]; x++) data[i++] = value(x, y, z);
  return { data, size, spacing, origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
};

test("a wavelet band of a constant is 0, but for LLL, which is 2^1.5 times it", () => {
  for (const [name, data] of imagesOf("Wavelet", volume([7, 6, 5], () => 10))) {
    for (const x of data as Voxels) expect(x).toBeCloseTo(name === "wavelet-LLL" ? 10 * 2 ** 1.5 : 0, 12);
  }
});

test("float32 images give float32 bands, near those of float64", () => {
  const image = volume([9, 8, 7], (x, y, z) => Math.sin(x * 3 + y * 5 + z * 7) * 100);
  const single = imagesOf("Wavelet", { ...image, data: Float32Array.from(image.data) }, { wavelet: "db4" });
  for (const [name, data] of imagesOf("Wavelet", image, { wavelet: "db4" })) {
    const rounded = single.get(name) as Voxels;
    expect(rounded).toBeInstanceOf(Float32Array);
    rounded.forEach((x: number, i: number) => expect(Math.abs(x - (data as Voxels)[i])).toBeLessThan(1e-4));
  }
});

test("the gradient of a plane is its slope, with and without the spacing", () => {
  const image = volume([5, 5, 5], (x, y, z) => 2 * x + 3 * y + 6 * z, [2, 1, 3]);
  const box: Box = { lower: [1, 1, 1], size: [3, 3, 3] };
  for (const x of imagesOf("Gradient", image, {}, box).get("gradient") as Voxels) expect(x).toBeCloseTo(Math.sqrt(1 + 9 + 4), 6);
  for (const x of imagesOf("Gradient", image, { gradientUseSpacing: false }, box).get("gradient") as Voxels) expect(x).toBeCloseTo(7, 6);
  // beyond the edge the edge voxel goes on: half the slope in x
  const corner = imagesOf("Gradient", image, {}, { lower: [0, 1, 1], size: [1, 1, 1] }).get("gradient") as Voxels;
  expect(corner[0]).toBeCloseTo(Math.sqrt(0.25 + 9 + 4), 6);
});

test("the recursive Gaussian has unit sum, its second derivative answers 1 to x²/2 and 0 to constants", () => {
  for (const sigma of [0.5, 1, 4.5]) {
    for (const order of [0, 2] as const) {
      const { n, m, d } = recursiveGaussian(order, sigma);
      const response = (taps: Float64Array, delay: number) => {
        const h = new Float64Array(600);
        for (let i = 0; i < h.length; i++) {
          for (let k = 0; k < 4; k++) h[i] += (i === k + delay ? taps[k] : 0) - (i > k ? d[k] * h[i - 1 - k] : 0);
        }
        return h;
      };
      const right = response(n, 0);
      const left = response(m, 1);
      let sum = 0;
      let quadratic = 0;
      right.forEach((h, i) => {
        sum += h + left[i];
        quadratic += ((h + left[i]) * i * i) / 2;
        if (i > 0) expect(left[i]).toBeCloseTo(h, 12);
      });
      expect(sum).toBeCloseTo(order === 0 ? 1 : 0, 12);
      if (order === 2) expect(quadratic).toBeCloseTo(1, 10);
    }
  }
});

test("LoG of x² is 2σ² away from the border, and scales with the spacing", () => {
  const image = volume([81, 9, 9], (x) => (0.5 * (x - 40)) ** 2, [0.5, 1, 1]);
  const found = imagesOf("LoG", image, { sigma: [1.5] }, { lower: [40, 4, 4], size: [1, 1, 1] }).get("log-sigma-1-5-mm-3D") as Voxels;
  // the recursion's tail still feels the border's kink at 1e-5
  expect(found[0]).toBeCloseTo(2 * 1.5 ** 2, 3);
});

test("an image too small for LoG gives a note, not an image", () => {
  expect(imagesOf("LoG", volume([3, 9, 9], () => 1), { sigma: [1] }).get("log-sigma-1-0-mm-3D")).toMatch(/3 × 9 × 9 voxels is too small.*4 along/);
  const found = imagesOf("LoG", volume([5, 9, 9], () => 1), { sigma: [4, 4.5, 0] });
  for (const x of found.get("log-sigma-4-0-mm-3D") as Voxels) expect(Math.abs(x)).toBeLessThan(1e-12);
  expect(found.get("log-sigma-4-5-mm-3D")).toBe(
    "image of 5 × 9 × 9 voxels is too small for LoG with sigma 4.5 mm, which needs ceil(sigma / spacing) + 1");
  expect(found.get("log-sigma-0-0-mm-3D")).toBe("LoG needs sigma > 0, found 0");
});

test("point filters, by hand: largest magnitude 8", () => {
  const image = volume([4, 1, 1], (x) => [-8, -2, 0, 4][x]);
  const values = (type: string, name: string) => Array.from(imagesOf(type, image).get(name) as Voxels);
  values("Square", "square").forEach((x, i) => expect(x).toBeCloseTo([8, 0.5, 0, 2][i], 12));
  values("SquareRoot", "squareroot").forEach((x, i) => expect(x).toBeCloseTo([-8, -4, 0, Math.sqrt(32)][i], 12));
  values("Logarithm", "logarithm").forEach((x, i) => expect(x).toBeCloseTo([-8, -8 / 2, 0, (8 * Math.log(5)) / Math.log(9)][i], 12));
  values("Exponential", "exponential").forEach((x, i) => expect(x).toBeCloseTo([1 / 8, 8 ** -0.25, 1, Math.sqrt(8)][i], 12));
});

test("a point filter takes its scale from outside the box too", () => {
  const image = volume([4, 1, 1], (x) => [-8, -2, 0, 4][x]);
  expect((imagesOf("Square", image, {}, { lower: [3, 0, 0], size: [1, 1, 1] }).get("square") as Voxels)[0]).toBeCloseTo(2, 12);
});

// By hand: 4 samples at radius 1 of the centre of 1 2 3 / 4 5 6 / 7 8 9 are 6, 2, 4, 8 (right, up, left, down).
test("LBP2D on a square of nine pixels, every method", () => {
  const image = volume([3, 3, 1], (x, y) => 3 * y + x + 1);
  const centre: Box = { lower: [1, 1, 0], size: [1, 1, 1] };
  const code = (lbp2DMethod: string) => (imagesOf("LBP2D", image, { lbp2DMethod, lbp2DSamples: 4 }, centre).get("lbp-2D") as Voxels)[0];
  expect(code("default")).toBe(0b1001);
  expect(code("ror")).toBe(0b0011);
  expect(code("uniform")).toBe(2);
  // mean 5, squared deviations 1 + 9 + 1 + 9
  expect(code("var")).toBeCloseTo(5, 12);
  expect((imagesOf("LBP2D", volume([3, 3, 1], () => 7), { lbp2DMethod: "var", lbp2DSamples: 4 }, centre).get("lbp-2D") as Voxels)[0]).toBeNaN();
});

// Σ over 42 vertices of (42 Y₀₀²)², Y₀₀² = 1/4π.
test("LBP3D of a constant: every sample counts, kurtosis is undefined", () => {
  const constant = volume([9, 9, 9], () => 3);
  const found = imagesOf("LBP3D", { ...constant, data: Int16Array.from(constant.data) }, {}, { lower: [4, 4, 4], size: [1, 1, 1] });
  expect((found.get("lbp-3D-m1") as Voxels)[0]).toBeCloseTo((42 / (4 * Math.PI)) * Math.sqrt(42), 10);
  expect((found.get("lbp-3D-k") as Voxels)[0]).toBeNaN();
});

test("settings out of range are named", () => {
  const image = volume([5, 5, 5], () => 3);
  expect(() => imagesOf("LBP2D", image, { lbp2DMethod: "unifrom" })).toThrow(/Did you mean "uniform"/);
  expect(() => imagesOf("LBP2D", image, { lbp2DSamples: 0 })).toThrow(/0 samples/);
  expect(() => imagesOf("Wavelet", image, { level: 0 })).toThrow(/level 0 found/);
  expect(() => imagesOf("LBP3D", image, { lbp3DLevels: 0 })).toThrow(/0 levels/);
});
