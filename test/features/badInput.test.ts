// Whatever is wrong with image, mask or settings is one sentence: who, found, expected, what to do.
import { describe, expect, test } from "vitest";
import { checkParams, defaultParams, extract, extractMaps, type Params } from "../../src/features/index.js";
import type { Image, Triple, Volume, Voxels } from "../../src/image/index.js";
import { features, lump, numbers, synthetic, turned, withData } from "./synthetic.js";

const { image, mask } = lump([15, 14, 12], 5, 3);
const as = (volume: Volume, more: Partial<Image>): Image => ({ ...volume, frames: 1, components: 1, dimension: 3, type: "int16", ...more });
const everyType = { Original: {}, Wavelet: {}, LoG: { sigma: [1.5] }, Square: {}, SquareRoot: {}, Logarithm: {}, Exponential: {}, Gradient: {}, LBP2D: {}, LBP3D: {} };

/** The message, after checking that it is the user's error: it names the case first and ends as a sentence. */
async function told(run: () => unknown): Promise<string> {
  let error: unknown;
  try { await run(); } catch (thrown) { error = thrown; }
  expect(error, "nothing was refused").toBeDefined();
  const { name, message } = error as Error;
  expect(`${name}: ${message}`).toMatch(/^InputError: (P017|Params\.yaml|setting)\b[^\n]{20,900}[.?]$/);
  return message;
}

/** The volume with one value put at the voxels that the mask has, or has not. */
const spoilt = (value: number, inside: boolean): Volume => {
  const data = Float64Array.from(image.data);
  data[mask.data.findIndex((l: number) => (l === 1) === inside)] = value;
  return withData(image, data);
};

describe("image", () => {
  test.each([NaN, Infinity, -Infinity])("%s inside the region is refused, and counted", async (value) => {
    expect(await told(() => features({ image: spoilt(value, true), mask }))).toMatch(/1 of the region's \d+ voxels are NaN or infinite; mend the image, or leave/);
  });

  test.each([NaN, Infinity, -Infinity])("%s outside the region spoils only what sees it, with a note", async (value) => {
    const { values, notes } = await features({ image: spoilt(value, false), mask }, { imageType: everyType });
    const clean = numbers(await features({ image, mask }));
    for (const [name, v] of Object.entries(clean)) expect(values[name], name).toBe(v);
    const broken = Object.entries(values).filter(([, v]) => typeof v === "number" && !Number.isFinite(v)).map(([name]) => name);
    expect(broken).toContain("diagnostics_Image-original_Mean");
    for (const kind of ["square_", "squareroot_", "logarithm_", "exponential_"]) expect(broken.filter((name) => name.startsWith(kind))).toHaveLength(93);
    expect(broken.filter((name) => !notes[name])).toEqual([]);
    for (const setting of [{ normalize: true }, { normalize: true, resampledPixelSpacing: [1, 1, 1] }]) {
      expect(await told(() => features({ image: spoilt(value, false), mask }, { setting }))).toMatch(/NaN or infinite voxels/);
    }
  });

  test("four dimensions, several numbers per voxel, and a size that its voxels do not fill", async () => {
    const twice = (n: number) => withData(image, new Int16Array(n * image.data.length)).data;
    expect(await told(() => features({ image: as(image, { frames: 2, dimension: 4, data: twice(2) }), mask }))).toMatch(/image: holds 2 frames \(4-D\).*choose one frame/);
    expect(await told(() => features({ image, mask: as(mask, { frames: 3, dimension: 4, data: twice(3) }) }))).toMatch(/mask: holds 3 frames/);
    expect(await told(() => features({ image: as(image, { components: 2, data: twice(2) }), mask }))).toMatch(/2 numbers per voxel.*choose one channel/);
    expect(await told(() => features({ image: withData(image, new Int16Array(7)), mask }))).toMatch(/the image declares 15 × 14 × 12 voxels but holds 7 numbers/);
    expect(await told(() => features({ image, mask: as(mask, { components: 3, type: "rgb24" }) }))).toMatch(/the mask declares .* of 3 numbers/);
  });

  test("a constant image cannot be normalised", async () => {
    expect(await told(() => features({ image: withData(image, new Int16Array(image.data.length).fill(5)), mask }, { setting: { normalize: true } }))).toMatch(/every voxel is 5.*switch normalize off/);
  });
});

describe("mask", () => {
  test("empty, without the label, fractional, or the image in its place", async () => {
    expect(await told(() => features({ image, mask: withData(mask, new Uint8Array(mask.data.length)) }))).toMatch(/mask is empty: all 2,520 voxels are 0, but label 1 is needed; check/);
    expect(await told(() => features({ image, mask }, { setting: { label: 4 } }))).toMatch(/does not hold label 4; it holds 1 \(\d+ voxels\)/);
    expect(await told(() => features({ image, mask: withData(mask, Float32Array.from(mask.data, (l) => l * 0.6)) }))).toMatch(/value 0\.6.*whole numbers; threshold it/);
    const many = withData(image, Float32Array.from(image.data, (v, k) => v + k / 7));
    expect(await told(() => features({ image: mask, mask: many }))).toMatch(/looks like an image, not a mask; are image and mask swapped\?/);
  });

  test("one voxel, a line, and regions smaller than asked for", async () => {
    const only = (rule: (x: number, y: number, z: number) => boolean) => synthetic([9, 8, 7], rule);
    expect(await told(() => features(only((x, y, z) => x === 4 && y === 4 && z === 4), { setting: { minimumROIDimensions: 1 } }))).toMatch(/single voxel; features need two or more/);
    expect(await told(() => features(only((_, y, z) => y === 4 && z === 4)))).toMatch(/9×1×1 voxels, extended along 1 axes; minimumROIDimensions asks for 2\. Lower it/);
    expect(await told(() => features({ image, mask }, { setting: { minimumROISize: 5000 } }))).toMatch(/minimumROISize asks for more than 5000/);
    expect(await told(() => features({ image, mask }, { setting: { resegmentRange: [9000, 9001] } }))).toMatch(/leaves 0 .*widen/i);
    expect(await told(() => features({ image, mask }, { setting: { resampledPixelSpacing: [900, 900, 900] } }))).toMatch(/resampl/i);
  });

  const moved: [string, Partial<Volume>, RegExp][] = [
    ["origin", { origin: [-20, 7.5, 101] }, /differ in origin \(origin \(-20, 7\.5, 101\) against \(-20, 7\.5, 100\) mm/],
    ["spacing", { spacing: [1.5, 1, 2.5] }, /differ in spacing .*2\.5 against .*2\.25 mm/],
    ["direction", { direction: [0, 1, 0, -1, 0, 0, 0, 0, 1] }, /differ in direction/],
    ["handedness", { direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1] }, /differ in direction, handedness/],
    ["size", { size: [14, 15, 12] }, /14 × 15 × 12 voxels .* but the image is 15 × 14 × 12 voxels .* differ in size/],
  ];
  test.each(moved)("another %s: both grids, what differs, and how to repair it", async (_, change, pattern) => {
    const message = await told(() => features({ image, mask: { ...mask, ...change } }));
    expect(message).toMatch(pattern);
    expect(message).toMatch(/the mask is .* mm but the image is .* mm.*correct-mask, or resample/);
  });

  test("correctMask is recorded; geometryTolerance accepts with a warning, but never another size", async () => {
    const shifted = { ...mask, origin: [-20, 7.5, 100.4] as Triple };
    const corrected = await features({ image, mask: shifted }, { setting: { correctMask: true } });
    expect(corrected.values["diagnostics_Mask-corrected_VoxelNum"]).toBe(corrected.values["diagnostics_Mask-original_VoxelNum"]);
    expect(corrected.warnings).toEqual([expect.stringMatching(/resampled to the image's grid \(nearest neighbour\); they differed in origin/)]);
    const accepted = await features({ image, mask: shifted }, { setting: { geometryTolerance: 0.5 } });
    expect(accepted.warnings).toEqual([expect.stringMatching(/0\.178 voxels apart \(origin\); accepted because geometryTolerance is 0\.5/)]);
    expect(numbers(accepted)).toEqual(numbers(await features({ image, mask })));
    await told(() => features({ image, mask: shifted }, { setting: { geometryTolerance: 0.1 } }));
    expect(await told(() => features({ image, mask: { ...mask, size: [14, 15, 12] } }, { setting: { geometryTolerance: 10000 } }))).toMatch(/differ in size/);
    expect(await told(() => features({ image, mask: { ...mask, origin: [500, 0, 0] } }, { setting: { correctMask: true } }))).toMatch(/lie outside the image/);
    expect((await features({ image, mask: { ...mask, origin: [-20, 7.5, 100.0002] } })).warnings).toEqual([]);
  });

  test("vector masks and colour masks", async () => {
    const expected = numbers(await features({ image, mask }));
    const three = (of: (l: number) => number[]): Voxels => Uint8Array.from([...mask.data].flatMap(of));
    const vector = as(mask, { components: 3, data: three((l) => [0, l, 9]), type: "uint8" });
    expect(numbers(await features({ image, mask: vector }, { setting: { label_channel: 1 } }))).toEqual(expected);
    expect(await told(() => features({ image, mask: vector }))).toMatch(/mask is empty|label_channel/);
    expect(await told(() => features({ image, mask: vector }, { setting: { label_channel: 3 } }))).toMatch(/label_channel is 3 but the mask has 3 components; choose 0 to 2/);
    const colour = as(mask, { components: 3, data: three((l) => [255 * l, 0, 0]), type: "rgb24" });
    expect(numbers(await features({ image, mask: colour }, { setting: { label: 1255000000 } }))).toEqual(expected);
    expect(numbers(await features({ image, mask: colour }, { setting: { label: 255, label_channel: 0 } }))).toEqual(expected);
    expect(await told(() => features({ image, mask: colour }))).toMatch(/does not hold label 1; it holds 1255000000 /);
  });
});

describe("parameters that extract itself is given", () => {
  const wrong: [string, object, RegExp][] = [
    ["setting", { setting: { binWith: 5 } }, /no setting "binWith"\. Did you mean "binWidth"\?/],
    ["value", { setting: { binWidth: -5 } }, /binWidth is -5; expected a number above 0/],
    ["image type", { imageType: { Wavlet: {} } }, /no image type "Wavlet"\. Did you mean "Wavelet"\?/],
    ["class", { featureClass: { glmc: [] } }, /no feature class "glmc"\. Did you mean "glcm"\?/],
    ["feature", { featureClass: { glcm: ["Contrst"] } }, /glcm has no feature "Contrst"\. Did you mean "Contrast"\?/],
    ["wavelet", { imageType: { Wavelet: { wavelet: "coif99" } } }, /coif99/],
    ["interpolator", { setting: { interpolator: "sitkLinera", resampledPixelSpacing: [1, 1, 1] } }, /sitkLinera.*Did you mean "sitkLinear"\?/],
  ];
  test.each(wrong)("an unknown or wrong %s", async (_, change, pattern) => {
    const params = { ...defaultParams(), ...change } as Params;
    expect(await told(() => extract(image, mask, { params, who: "P017" }))).toMatch(pattern);
    if (!/interpolator|wavelet/.test(_)) expect(await told(() => extractMaps(image, mask, { params, who: "P017" }))).toMatch(pattern);
  });
});

describe("absurd values end in a sentence or in numbers, soon", () => {
  const refused: [string, object, RegExp][] = [
    ["binWidth 1e-9", { setting: { binWidth: 1e-9 } }, /bins of 1e-9 make .* bins.*larger bin width/],
    ["binWidth 1.7e308", { setting: { binWidth: 1.7e308 } }, /bin width is 1\.7e\+308/],
    ["binCount 1e9", { setting: { binCount: 1e9 } }, /number of bins is 1000000000/],
    ["spacing 0.1 µm", { setting: { resampledPixelSpacing: [1e-4, 1e-4, 1e-4] } }, /more than 2\^30; choose a larger spacing/],
    ["spacing for two axes", { setting: { resampledPixelSpacing: [1, 1] } }, /three numbers/],
    ["wavelet level 1e6", { imageType: { Wavelet: { level: 1e6 } } }, /level/],
    ["icosphere of 40 subdivisions", { imageType: { LBP3D: { lbp3DIcosphereSubdivision: 40 } } }, /subdivision 40/],
    ["distance 100,000", { setting: { distances: [100_000] } }, /distances is \[100000\]; expected a list of whole numbers from 1 to 100/],
    ["kernelRadius 1000", { voxelSetting: { kernelRadius: 1000 } }, /kernelRadius is 1000; expected a whole number from 1 to 100/],
    ["1000 levels of LBP3D", { imageType: { LBP3D: { lbp3DLevels: 1000 } } }, /lbp3DLevels is 1000; expected a whole number from 1 to 50/],
    ["1e9 samples of LBP2D", { imageType: { LBP2D: { lbp2DSamples: 1e9 } } }, /1000000000 samples.*1 to 32/],
    ["distance beyond the region", { setting: { distances: [50] } }, /no two voxels at distance 50/],
    ["shape2D of many slices", { setting: { force2D: true }, featureClass: { shape2D: [] } }, /slices along z, expected one/],
  ];
  test.each(refused)("%s", async (_, config, pattern) => {
    expect(await told(() => features({ image, mask }, config))).toMatch(pattern);
  });

  const borne: [string, object][] = [
    ["binWidth 1e300", { setting: { binWidth: 1e300 } }],
    ["binCount 100,000", { setting: { binCount: 100_000 } }],
    ["sigma 1e6", { imageType: { LoG: { sigma: [1e6] } } }],
    ["sigma 1e-6", { imageType: { LoG: { sigma: [1e-6] } } }],
    ["padDistance 1e9", { setting: { padDistance: 1e9, resampledPixelSpacing: [2, 2, 2] } }],
    ["voxelArrayShift 1e200", { setting: { voxelArrayShift: 1e200 } }],
    ["normalizeScale 1e-300", { setting: { normalize: true, normalizeScale: 1e-300 } }],
    ["removeOutliers 1e-300", { setting: { normalize: true, removeOutliers: 1e-300 } }],
    ["gldm_a 1e9", { setting: { gldm_a: 1e9 } }],
    ["30 levels of LBP3D", { imageType: { LBP3D: { lbp3DLevels: 30 } }, featureClass: { firstorder: [] } }],
    ["LBP2D far away", { imageType: { LBP2D: { lbp2DRadius: 1e9, lbp2DSamples: 4 } } }],
  ];
  test.each(borne)("%s", async (_, config) => {
    let result;
    try { result = await features({ image, mask }, config); } catch (error) { expect(await told(() => { throw error; })).toBeDefined(); return; }
    const { values, notes } = result;
    expect(Object.entries(values).filter(([name, v]) => typeof v === "number" && !Number.isFinite(v) && !notes[name]).map(([name]) => name)).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ["a word for a list", { families: "morph" }, /families is "morph", but it must be a list in brackets, e\.g\. families: \[stat, cm\]/],
    ["a number for bins", { discretisation: 5 }, /discretisation is 5, but it must be one of \{binNumber: 32\}/], ["no kind of bins", { ivh: { width: 5 } }, /ivh is \{"width":5\}/],
    ["an unknown option", { discretization: {} }, /Did you mean "discretisation"\?/], ["an unknown tag", { families: ["glcm"] }, /unknown family "glcm"/],
    ["bins without end", { discretisation: { binSize: 1e-9 } }, /larger bin width/], ["a spacing", { spacing: [1e-4, 1e-4, 1e-4] }, /choose a larger spacing/],
    ["a filter", { filter: "LoG" }, /name filters under imageType/],
  ])("IBSI profile: %s", async (_, ibsi, pattern) => {
    expect(await told(() => features({ image, mask }, { profile: "ibsi", ibsi }))).toMatch(pattern);
  });

  test("settings that no filter and no class can carry out are refused by name when they are read", () => {
    for (const config of [{ setting: { label: 0 } }, { setting: { distances: [] } }, { setting: { sigma: [0] } }, { setting: { lbp2DMethod: "circle" } }]) {
      expect(() => checkParams(config, "Params.yaml")).toThrow(/^Params\.yaml: setting: \w+ is .*; expected .*\.$/);
    }
  });

  test("a mask turned against its image is told apart even where the size is the same", async () => {
    const cube = lump([13, 13, 13], 5);
    expect(await told(() => features({ image: cube.image, mask: turned(cube.mask, [1, 0, 2], [false, false, false]) }))).toMatch(/direction/);
  });
});
