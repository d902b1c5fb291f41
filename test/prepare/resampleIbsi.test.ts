// IBSI's interpolation and re-segmentation against the consensus values of its CT phantom (configurations A to E,
// diagnostic rows; reference manual arXiv:1612.07003), and properties of the grid.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { boundingBox, indexToWorld, type Volume } from "../../src/image/index.js";
import { ibsiGrid, ibsiResample, ibsiResampleMask, ibsiResegment, positions, statistics, type IbsiResegmentation } from "../../src/prepare/index.js";
import { extendedTest, readVolume } from "../data.js";

const configurations: Record<string, { spacing: number[]; interpolation: "linear" | "cubic"; resegment: IbsiResegmentation }> = {
  a: { spacing: [0, 0, 0], interpolation: "linear", resegment: { range: [-500, 400] } },
  b: { spacing: [2, 2, 0], interpolation: "linear", resegment: { range: [-500, 400] } },
  c: { spacing: [2, 2, 2], interpolation: "linear", resegment: { range: [-1000, 400] } },
  d: { spacing: [2, 2, 2], interpolation: "linear", resegment: { sigmas: 3 } },
  e: { spacing: [2, 2, 2], interpolation: "cubic", resegment: { range: [-1000, 400], sigmas: 3 } },
};

/** Reference and tolerance of every diagnostic row of a configuration, as printed. */
function reference(path: string): Map<string, { value: string; tolerance: number }> {
  const rows = readFileSync(path, "utf8").trim().split("\n").slice(1).map((line) => line.trim().split(";"));
  return new Map(rows.map(([value, tolerance, tag]) => [tag, { value, tolerance: Number(tolerance) }]));
}

for (const [name, { spacing, interpolation, resegment }] of Object.entries(configurations)) {
  extendedTest(`IBSI configuration ${name}: grid, voxels and intensities`, "radiomics/ibsi1", async (root) => {
    const rows = reference(`${root}/reference_values/ibsi_1_chest_config_${name}.csv`);
    const image = await readVolume(`${root}/ct_phantom/phantom.nii.gz`);
    const mask = await readVolume(`${root}/ct_phantom/mask.nii.gz`);
    const resampled = ibsiResample(image, { spacing, interpolation, round: true });
    const region = ibsiResampleMask(mask, { spacing });
    const index = positions(region.data);
    const kept = ibsiResegment(resampled.data, index, resegment);
    const found: Record<string, number> = {};
    const note = (stage: string, { size, spacing: s }: Volume) => "xyz".split("").forEach((axis, a) => {
      found[`img_dim_${axis}_${stage}_img`] = size[a];
      found[`vox_dim_${axis}_${stage}_img`] = s[a];
    });
    note("interp", resampled);
    const whole = statistics(resampled.data);
    Object.assign(found, { mean_int_interp_img: whole.mean, min_int_interp_img: whole.minimum, max_int_interp_img: whole.maximum });
    for (const [stage, at] of [["interp", index], ["reseg", kept]] as const) {
      const { mean, minimum, maximum, count } = statistics(resampled.data, at);
      const inside = new Uint8Array(resampled.data.length);
      for (const i of at) inside[i] = 1;
      const box = boundingBox(inside, resampled.size);
      Object.assign(found, {
        [`int_mask_vox_count_${stage}_roi`]: count, [`int_mask_mean_int_${stage}_roi`]: mean,
        [`int_mask_min_int_${stage}_roi`]: minimum, [`int_mask_max_int_${stage}_roi`]: maximum,
        [`int_mask_bb_dim_x_${stage}_roi`]: box.size[0], [`int_mask_bb_dim_y_${stage}_roi`]: box.size[1], [`int_mask_bb_dim_z_${stage}_roi`]: box.size[2],
      });
    }
    const wrong: string[] = [];
    for (const [tag, value] of Object.entries(found)) {
      const row = rows.get(tag);
      if (row === undefined) continue;
      // both rounded to the digits that the reference prints
      const rounded = Number(value.toFixed((row.value.split(".")[1] ?? "").length));
      if (Math.abs(rounded - Number(row.value)) > row.tolerance + 1e-9) wrong.push(`${tag}: ${value} against ${row.value} ± ${row.tolerance}`);
    }
    expect(wrong).toEqual([]);
  });
}

const oblique: Volume = {
  size: [7, 6, 5], spacing: [1.5, 0.7, 3], origin: [-10, 4, 25], direction: [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1],
  data: Float64Array.from({ length: 210 }, (_, i) => Math.sin(i * 1.3) * 50),
};
const centre = (g: { size: number[] }) => g.size.map((n) => (n - 1) / 2);

test("the new grid shares the old one's centre and covers it", () => {
  const grid = ibsiGrid(oblique, [1, 1, 1]);
  expect(grid.size).toEqual([11, 5, 15]); // ceil(10.5), ceil(4.2), ceil(15)
  const [old, now] = [indexToWorld(oblique, centre(oblique)), indexToWorld(grid, centre(grid))];
  now.forEach((x, r) => expect(x).toBeCloseTo(old[r], 12));
  expect(ibsiGrid(oblique, [0.7, 0.7, 0.1]).size).toEqual([15, 6, 150]);
});

test("every interpolation passes through the voxels; a kept axis is not touched", () => {
  for (const interpolation of ["nearest", "linear", "cubic"] as const) {
    expect(ibsiResample(oblique, { spacing: [0, 0, 0], interpolation }).data).toEqual(oblique.data);
    // a third of the spacing along x and an odd number of new voxels: every third sample is an old voxel
    const fine = ibsiResample(oblique, { spacing: [0.5, 0, 0], interpolation });
    expect(fine.size).toEqual([21, 6, 5]);
    for (let row = 0; row < 30; row++) {
      for (let x = 0; x < 7; x++) expect(fine.data[row * 21 + 3 * x + 1]).toBeCloseTo(oblique.data[row * 7 + x], 12);
    }
  }
});

test("linear interpolation keeps a ramp straight", () => {
  const ramp: Volume = { ...oblique, data: Float64Array.from({ length: 210 }, (_, i) => i % 7) };
  // twelve samples; the first and the last lie beyond the outermost centres
  const { data } = ibsiResample(ramp, { spacing: [0.9, 0, 0] });
  expect(Array.from(data.subarray(2, 11), (v, k) => Math.abs(v - data[k + 1] - 0.6) < 1e-12)).toEqual(Array.from({ length: 9 }, () => true));
});

test("a box of the new grid equals that part of the whole", () => {
  for (const interpolation of ["nearest", "linear", "cubic"] as const) {
    const whole = ibsiResample(oblique, { spacing: [1, 1, 1], interpolation });
    const part = ibsiResample(oblique, { spacing: [1, 1, 1], interpolation, box: { lower: [2, 1, 4], size: [5, 3, 6] } });
    for (let z = 0, i = 0; z < 6; z++) for (let y = 0; y < 3; y++) for (let x = 0; x < 5; x++, i++) {
      expect(part.data[i]).toBeCloseTo(whole.data[((z + 4) * 5 + y + 1) * 11 + x + 2], 12);
    }
    indexToWorld(part, [0, 0, 0]).forEach((p, r) => expect(p).toBeCloseTo(indexToWorld(whole, [2, 1, 4])[r], 12));
  }
});

test("the mask's threshold counts half a voxel as inside", () => {
  const line: Volume = { size: [4, 1, 1], spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1], data: Uint8Array.of(0, 3, 3, 0) };
  // samples at -0.25, 0.25, 0.75, …: shares 0, 0.25, 0.75, 1, 1, 0.75, 0.25, 0
  expect(Array.from(ibsiResampleMask(line, { spacing: [0.5, 0, 0] }).data)).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
  // samples at 0.5 and 2.5: shares of exactly one half
  expect(Array.from(ibsiResampleMask(line, { spacing: [2, 0, 0] }).data)).toEqual([1, 1]);
  expect(Array.from(ibsiResampleMask(line, { spacing: [2, 0, 0], threshold: 0.6 }).data)).toEqual([0, 0]);
});
