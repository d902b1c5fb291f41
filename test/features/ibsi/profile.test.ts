import { expect, test } from "vitest";
import type { IbsiOptions } from "../../../src/features/ibsi/options.js";
import { ibsiProfile } from "../../../src/features/ibsi/profile.js";
import type { Triple, Volume } from "../../../src/image/index.js";
import { golden, readVolume } from "../../data.js";

const phantom = await readVolume(golden("ibsi/phantom.nii.gz"));
const region = await readVolume(golden("ibsi/mask.nii.gz"));
const direction = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function volume(size: Triple, of: (x: number, y: number, z: number) => number): Volume {
  const data = new Float64Array(size[0] * size[1] * size[2]);
  for (let z = 0, at = 0; z < size[2]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[0]; x++) data[at++] = of(x, y, z);
  return { size, spacing: [1, 1, 2], origin: [0, 0, 0], direction, data };
}

/** The phantom in the middle of a larger volume; outside it the image is what `outside` says. */
function surrounded(v: Volume, outside: number): Volume {
  const size = v.size.map((n) => n + 12) as Triple;
  const at = (x: number, y: number, z: number) => (z * v.size[1] + y) * v.size[0] + x;
  const inside = (p: number[]) => p.every((c, k) => c >= 6 && c < 6 + v.size[k]);
  return { ...volume(size, (x, y, z) => (inside([x, y, z]) ? v.data[at(x - 6, y - 6, z - 6)] : outside)), spacing: v.spacing };
}

const everything: Partial<IbsiOptions> = { aggregation: ["2D", "2.5D", "3D"], discretisation: { asTheyAre: true } };

test("more image around the region changes nothing but the local intensity peaks", () => {
  const alone = ibsiProfile(phantom, region, everything).values;
  const { values } = ibsiProfile(surrounded(phantom, 7), surrounded(region, 0), everything);
  for (const tag in alone) if (!tag.startsWith("loc")) expect(values[tag], tag).toBeCloseTo(alone[tag], 9);
});

test("in a single slice, 2D and 2.5D are the same, and 2D is the default", () => {
  const slice = volume([9, 8, 1], (x, y) => 1 + ((3 * x + 5 * y + x * y) % 4));
  const inside = volume([9, 8, 1], (x, y) => (x + y > 3 ? 1 : 0));
  const { values } = ibsiProfile(slice, inside, { aggregation: ["2D", "2.5D"], discretisation: { asTheyAre: true } });
  const tags = Object.keys(values).filter((tag) => /_2D/.test(tag));
  expect(tags.length).toBe(136);
  for (const tag of tags) expect(values[tag], tag).toBeCloseTo(values[tag.replace("_2D", "_2_5D")], 12);
  expect(Object.keys(ibsiProfile(slice, inside).values).filter((tag) => /_(2D|3D|2_5D)/.test(tag)).sort()).toEqual(tags.sort());
});

// one row of levels 1 1 2 2 2 in a 5 × 1 × 1 region: runs, zones, distances and dependences counted by hand
test("a row of five voxels, worked by hand", () => {
  const row = volume([5, 1, 1], (x) => (x < 2 ? 1 : 2));
  const { values } = ibsiProfile(row, volume([5, 1, 1], () => 1), { discretisation: { asTheyAre: true } });
  expect(values.cm_contrast_2D_comb).toBeCloseTo(2 / 8, 12);
  // along x runs of 2 and 3; along the other three directions five single voxels
  expect(values.rlm_sre_2D_avg).toBeCloseTo(((1 / 4 + 1 / 9) / 2 + 3) / 4, 12);
  expect(values.rlm_r_perc_2D_comb).toBeCloseTo((2 + 15) / 20, 12);
  expect(values.szm_sze_2D).toBeCloseTo((1 / 4 + 1 / 9) / 2, 12);
  // every voxel touches the border of a region that is one voxel wide
  expect(values.dzm_lde_2D).toBe(1);
  // dependence counts: level 1: 2, 2; level 2: 2, 3, 2
  expect(values.ngl_hde_2D).toBeCloseTo((4 + 4 + 4 + 9 + 4) / 5, 12);
  // tone differences: level 1: 0, |1 − 1.5|; level 2: |2 − 1.5|, 0, 0
  expect(values.ngt_coarseness_2D).toBeCloseTo(1 / (0.4 * 0.5 + 0.6 * 0.5), 12);
});

test("zone distances are counted to the border of the delineated region, not to voxels left out by re-segmentation", () => {
  const block = volume([7, 7, 7], (x, y, z) => (x === 3 && y === 3 && z === 3 ? 50 : x === 2 && y === 3 && z === 3 ? 900 : 10));
  const { values, diagnostics } = ibsiProfile(block, volume([7, 7, 7], () => 1), { resegmentRange: [0, 100], discretisation: { binSize: 25 } });
  expect(diagnostics.int_mask_vox_count_reseg_roi).toBe(342);
  // two zones: the outer one touches the border (1), the voxel in the middle is the fourth from it
  expect(values.dzm_lde_3D).toBe((1 + 16) / 2);
});

test("the sphere of the local peak has a radius of 6.2 mm", () => {
  const spike = volume([15, 15, 9], (x, y, z) => (x === 7 && y === 7 && z === 4 ? 1000 : 0));
  const { values } = ibsiProfile(spike, volume([15, 15, 9], (x, y, z) => (x === 7 && y === 7 && z === 4 ? 1 : 0)), { families: ["loc"] });
  let voxels = 0;
  for (let z = -4; z <= 4; z++) for (let y = -7; y <= 7; y++) for (let x = -7; x <= 7; x++) if (x * x + y * y + 4 * z * z <= 6.2 ** 2) voxels++;
  expect(values.loc_peak_loc).toBeCloseTo(1000 / voxels, 12);
});

test("a flat region: IBSI's conventions where it has them, NaN with a note elsewhere", () => {
  const { values, notes } = ibsiProfile(volume([4, 4, 4], () => 3), volume([4, 4, 4], () => 1));
  expect([values.stat_skew, values.stat_kurt, values.ngt_coarseness_3D, values.ngt_contrast_3D]).toEqual([0, 0, 1e6, 0]);
  expect(values.cm_corr_3D_avg).toBeNaN();
  expect(notes.cm_corr_3D_avg).toContain("single grey level");
  expect([notes.stat_skew, notes.ngt_coarseness_3D].every((note) => note.includes("by convention"))).toBe(true);
  for (const tag in values) if (Number.isNaN(values[tag])) expect(notes[tag], tag).toBeDefined();
});

test("one voxel gives a row, NaN where nothing can be computed", () => {
  const { values, notes } = ibsiProfile(volume([3, 3, 3], (x) => x), volume([3, 3, 3], (x, y, z) => (x + y + z === 3 && x === y ? 1 : 0)));
  expect(values.stat_mean).toBe(1);
  expect(values.cm_contrast_2D_avg).toBeNaN();
  expect(notes.cm_contrast_2D_avg).toContain("pair of neighbouring voxels");
});

test("what is wrong is said in one sentence", () => {
  const run = (options: object, image = phantom, mask = region) => () => ibsiProfile(image, mask, options as Partial<IbsiOptions>, "P017");
  expect(run({ agregation: ["3D"] })).toThrow('P017: unknown option "agregation". Did you mean "aggregation"?');
  expect(run({ families: ["glcm"] })).toThrow("P017: unknown family");
  expect(run({ spacing: [1, 1] })).toThrow("three numbers in mm");
  expect(run({ resegmentRange: [5, 1] })).toThrow("the lower one first");
  expect(run({ resegmentRange: [100, 200] })).toThrow("P017");
  expect(run({}, phantom, surrounded(region, 0))).toThrow("They must share one grid");
  expect(run({}, { ...phantom, data: Float64Array.from(phantom.data, () => NaN) })).toThrow("must be finite numbers");
  expect(run({ label: 4 })).toThrow(/label 4/i);
  expect(run({ ivh: { binNumber: 0 } })).toThrow("whole number from 1");
  expect(run({ resegmentRange: [0, 1e12], ivh: { asTheyAre: true } })).toThrow("choose a number of bins");
});
