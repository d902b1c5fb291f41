// Every image type against PyRadiomics' features of it, and its crop against the filtered whole.
import { expect, test } from "vitest";
import type { Box, Volume } from "../../src/image/index.js";
import { filters, normalizeImage, resampleImage } from "../../src/prepare/index.js";
import { example, golden, readJson, readVolume } from "../data.js";
import { compareRun, defaults, regionOf, type Run } from "./filterRuns.js";

const types = ["Original", "Wavelet", "LoG", "Square", "SquareRoot", "Logarithm", "Exponential", "Gradient", "LBP2D", "LBP3D"];
const compatible = filters.filter((f) => types.includes(f.imageType));

test("the list holds PyRadiomics' image types in its order", () => {
  expect(filters.slice(0, types.length).map((f) => f.imageType)).toEqual(types);
});

// LoG and gradient are float32 in the reference: where one voxel of thousands is rounded the other way, Energy moves by 1e-10
const tolerance = (name: string) => (name.startsWith("log-sigma") || name === "gradient" ? 1e-9 : 1e-10);

// Expected: PyRadiomics 8ed5793, PyWavelets 1.1.1, ITK 5.2.1 (test/golden/SOURCE.md), runs bw25_default and norm100_iso1_bw5.
for (const name of ["breast1", "brain1"]) {
  const runs: Record<string, Run> = readJson(golden(`pyradiomics/${name}.json.gz`)).runs;
  test(`all image types of ${name}`, async () => {
    const image = await readVolume(example(`${name}_image.nrrd`));
    const region = regionOf(await readVolume(example(`${name}_label.nrrd`)));
    expect(compareRun(runs.bw25_default, image, region, tolerance)).toBe(8 * 17);
  });
  test(`all image types of ${name}, normalised and resampled to 1 mm`, async () => {
    const run = runs.norm100_iso1_bw5;
    const image = normalizeImage(await readVolume(example(`${name}_image.nrrd`)), run.config.setting as any);
    const resampled = resampleImage(image, regionOf(await readVolume(example(`${name}_label.nrrd`))), run.config.setting as any);
    expect(compareRun(run, resampled.image, resampled.inside, tolerance)).toBe(8 * 17);
  });
}

for (const name of ["breast1", "syn1"]) {
  for (const set of ["wavelets", "lbp2d", ...(name === "syn1" ? ["lbp3d"] : [])]) {
    const file = set === "wavelets" ? `${set}_${name}.json.gz` : `${set}_${name}.json`;
    const runs: Record<string, Run> = readJson(golden(`pyradiomics/${file}`)).runs;
    for (const [title, run] of Object.entries(runs)) {
      test(`${name} ${title}`, async () => {
        const path = (kind: string) => (name === "syn1" ? golden(`pyradiomics/syn1_${kind}.nrrd`) : example(`breast1_${kind}.nrrd`));
        const image = await readVolume(path("image"));
        expect(compareRun(run, image, regionOf(await readVolume(path("label"))), () => 1e-10)).toBeGreaterThan(0);
      });
    }
  }
}

/** Every image of every filter, by name. */
function allImages(volume: Volume, box: Box): Map<string, Volume> {
  const images = new Map<string, Volume>();
  for (const setting of [{}, { wavelet: "db7", level: 2, start_level: 1 }, { force2D: true, force2Ddimension: 1, lbp2DRadius: 2.5 }]) {
    for (const filter of compatible) {
      for (const result of filter.apply(volume, box, { ...defaults, sigma: [1, 2.5], ...setting })) {
        if ("image" in result) images.set(`${JSON.stringify(setting)} ${result.name}`, result.image);
      }
    }
  }
  return images;
}

for (const type of [Int16Array, Float32Array]) {
  test(`a box of the image is filtered bit for bit as in the whole image, ${type.name}`, async () => {
    const read = await readVolume(golden("pyradiomics/syn1_image.nrrd"));
    const image = { ...read, data: type.from(read.data) };
    const whole = allImages(image, { lower: [0, 0, 0], size: image.size });
    for (const box of [{ lower: [9, 8, 5], size: [6, 5, 4] }, { lower: [0, 17, 0], size: [4, 5, 15] }, { lower: [26, 0, 14], size: [1, 1, 1] }] as Box[]) {
      for (const [name, part] of allImages(image, box)) {
        const all = whole.get(name)!;
        expect(part.size).toEqual(box.size);
        let different = 0;
        for (let z = 0, i = 0; z < box.size[2]; z++) {
          for (let y = 0; y < box.size[1]; y++) {
            for (let x = 0; x < box.size[0]; x++, i++) {
              const p = ((box.lower[2] + z) * image.size[1] + box.lower[1] + y) * image.size[0] + box.lower[0] + x;
              if (!Object.is(part.data[i], all.data[p])) different++;
            }
          }
        }
        expect(different, `${name} at ${box.lower.join(", ")}`).toBe(0);
      }
    }
  });
}

test("a filtered image lies where its box lies", async () => {
  const image = await readVolume(example("brain1_image.nrrd"));
  const [original] = filters[0].apply(image, { lower: [3, 4, 5], size: [2, 2, 2] }, defaults);
  const { origin } = (original as { image: Volume }).image;
  for (let row = 0; row < 3; row++) {
    const expected = image.origin[row] + [3, 4, 5].reduce((s, n, axis) => s + image.direction[row * 3 + axis] * image.spacing[axis] * n, 0);
    expect(origin[row]).toBeCloseTo(expected, 10);
  }
});

test("a box that leaves the image is refused", async () => {
  const image = await readVolume(example("breast1_image.nrrd"));
  for (const filter of compatible) {
    expect(() => [...filter.apply(image, { lower: [40, 0, 0], size: [10, 1, 1] }, { ...defaults, sigma: [1] })]).toThrow(/leaves the image of 45 × 120 × 21/);
  }
});
