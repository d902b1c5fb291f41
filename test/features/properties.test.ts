// What must hold of whole extractions, whatever the numbers are: no reference program is needed for it.
import { describe, expect, test } from "vitest";
import { checkParams, extract } from "../../src/features/index.js";
import { encodeImage, readImage, type Image, type Triple, type Volume } from "../../src/image/index.js";
import { example, readVolume } from "../data.js";
import { chance, features, lump, numbers, padded, synthetic, turned, withData, type Case } from "./synthetic.js";

const pointFilters = { Square: {}, SquareRoot: {}, Logarithm: {}, Exponential: {} };
const manyTypes = { Original: {}, Wavelet: {}, LoG: { sigma: [1.5] }, ...pointFilters, Gradient: {}, LBP2D: {}, LBP3D: {} };
const shipped = async (name: string): Promise<Case> => ({ image: await readVolume(example(`${name}_image.nrrd`)), mask: await readVolume(example(`${name}_label.nrrd`)) });
const cases: Record<string, Case> = { "a lump": lump([17, 15, 13], 6), breast1: await shipped("breast1") };
const longCase = lump([60, 56, 40], 5, 9);

/** Relative difference of every value at most `within`. */
function expectClose(found: Record<string, number>, expected: Record<string, number>, within: number): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  const off = Object.entries(expected).filter(([name, e]) =>
    !(Object.is(found[name], e) || Math.abs(found[name] - e) <= Math.max(1e-12, within * Math.abs(e))));
  expect(off.map(([name, e]) => `${name}: ${found[name]} against ${e}`)).toEqual([]);
}

describe("the rest of the volume", () => {
  for (const [name, one] of Object.entries(cases)) {
    test(`${name}: what surrounds the region does not matter to the original image's features`, async () => {
      const random = chance(5);
      const larger = {
        image: padded(one.image, [3, 0, 5], [1, 8, 0], () => Math.floor(2000 * random() - 1000)),
        mask: padded(one.mask, [3, 0, 5], [1, 8, 0], () => 0),
      };
      expect(numbers(await features(larger))).toEqual(numbers(await features(one)));
    });
  }

  // Coiflet 1 has six taps; sigma 1.5 mm decays within 27 sigma; local patterns and gradients see one voxel on; the other filters
  // see the largest |x|, which the new voxels do not exceed
  test("filters do not see voxels beyond their support", async () => {
    const config = { imageType: manyTypes, featureClass: { firstorder: [], glcm: [] } };
    const far: Case = {
      image: padded(longCase.image, [40, 42, 20], [40, 42, 20], () => 7),
      mask: padded(longCase.mask, [40, 42, 20], [40, 42, 20], () => 0),
    };
    const random = chance(8);
    const farther: Case = {
      image: padded(far.image, [2, 4, 6], [4, 0, 2], () => Math.floor(80 * random())),
      mask: padded(far.mask, [2, 4, 6], [4, 0, 2], () => 0),
    };
    expect(numbers(await features(farther, config))).toEqual(numbers(await features(far, config)));
  });

  // 2.25 mm to 0.75 mm is a whole ratio, so a shift by whole voxels is one on the new grid; origins differ in the last digit
  test("resampling does not see what lies beyond the padding around the region", async () => {
    const setting = { resampledPixelSpacing: [0.75, 0.5, 0.75], padDistance: 2 };
    for (const interpolator of ["sitkLinear", "sitkNearestNeighbor"]) {
      const config = { setting: { ...setting, interpolator } };
      const larger: Case = {
        image: padded(longCase.image, [3, 2, 1], [0, 4, 2], () => 900), mask: padded(longCase.mask, [3, 2, 1], [0, 4, 2], () => 0),
      };
      expectClose(numbers(await features(larger, config)), numbers(await features(longCase, config)), 1e-9);
    }
  });

  test("other labels do not matter, nor which number the label is", async () => {
    const { image, mask } = cases["a lump"];
    const expected = numbers(await features({ image, mask }, { imageType: manyTypes }));
    const seven = withData(mask, Uint16Array.from(mask.data, (l, k) => (l === 1 ? 700 : k % 3)));
    expect(numbers(await features({ image, mask: seven }, { imageType: manyTypes, setting: { label: 700 } }))).toEqual(expected);
    const floats = withData(mask, Float64Array.from(mask.data, (l, k) => (l === 1 ? 3.0000000001 : k % 3)));
    expect(numbers(await features({ image, mask: floats }, { imageType: manyTypes, setting: { label: 3 } }))).toEqual(expected);
  });
});

describe("how it is stored", () => {
  const config = { imageType: { Original: {}, Wavelet: {}, Square: {}, Gradient: {}, LoG: { sigma: [2] } } };
  const through = async (volume: Volume, name: string): Promise<Image> => readImage([{ name, bytes: await encodeImage(volume, name) }]);

  for (const [name, one] of Object.entries(cases)) {
    test(`${name}: NRRD and MetaImage give the same values to the last bit`, async () => {
      const expected = await features(one, config);
      for (const file of ["a.nrrd", "a.mha"]) {
        expect(await features({ image: await through(one.image, file), mask: await through(one.mask, file) }, config), file).toEqual(expected);
      }
    });

    // NIfTI holds spacing and position in single precision: 6e-8 of each, at most three times that in a volume, six in its square
    test(`${name}: NIfTI gives the same values up to its single-precision geometry`, async () => {
      const expected = numbers(await features(one, config));
      const found = numbers(await features({ image: await through(one.image, "a.nii.gz"), mask: await through(one.mask, "a.nii") }, config));
      // spacings 1.5, 1 and 2.25 are exact in single precision, breast1's are not; its Gradient and LoG, float32 themselves, see the spacing
      const plain = (values: Record<string, number>) => Object.fromEntries(Object.entries(values).filter(([n]) => !/^(log|gradient)/.test(n)));
      if (name === "a lump") expect(found).toEqual(expected);
      else expectClose(plain(found), plain(expected), 6e-7);
    });
  }

  test("the number type does not matter where it is not that of a result between", async () => {
    const { image, mask } = cases["a lump"];
    // LBP3D samples between voxels in the image's own number type; float32 images are filtered in float32
    const { LBP3D: _, ...others } = manyTypes;
    const types: [string, Int32ArrayConstructor | Float64ArrayConstructor | Float32ArrayConstructor, object][] =
      [["int32", Int32Array, manyTypes], ["float64", Float64Array, others], ["float32", Float32Array, { Original: {} }]];
    for (const [name, type, imageType] of types) {
      const other = { image: withData(image, new type(image.data)), mask: withData(mask, new type(mask.data)) };
      expect(numbers(await features(other, { imageType })), name).toEqual(numbers(await features({ image, mask }, { imageType })));
    }
  });
});

describe("orientation", () => {
  const turns: [string, Triple, boolean[]][] = [
    ["x backwards", [0, 1, 2], [true, false, false]], ["all axes backwards", [0, 1, 2], [true, true, true]],
    ["z x y", [2, 0, 1], [false, false, false]], ["y x z, y and z backwards", [1, 0, 2], [false, true, true]],
  ];
  // plane of each diameter: across x, y, z
  // cubes with two ways to be cut are cut by their corner number, in PyRadiomics too: meshes of ragged regions depend on the axes
  const ofMesh = /shape_(MeshVolume|SurfaceArea|SurfaceVolumeRatio|Sphericity)$/;
  const smooth = synthetic([17, 15, 13], (x, y, z) => (x - 8) ** 2 + 2 * (y - 7) ** 2 + (z - 6) * (x + y + 2 * z - 27) < 30);
  const across = ["Maximum2DDiameterRow", "Maximum2DDiameterColumn", "Maximum2DDiameterSlice"].map((name) => `original_shape_${name}`);
  for (const [name, one] of Object.entries({ ...cases, "a smooth lump": smooth })) {
    test.each(turns)(`${name}, %s: the same features; diameters of planes turn along`, async (_, order, flip) => {
      const expected = numbers(await features(one));
      const found = numbers(await features({ image: turned(one.image, order, flip), mask: turned(one.mask, order, flip) }));
      if (name === "a lump") for (const mesh of Object.keys(found).filter((n) => ofMesh.test(n))) found[mesh] = expected[mesh];
      // sums run in another order; the 13 directions are averaged in another one; MCC is the root of an eigenvalue
      expectClose(found, { ...expected, ...Object.fromEntries(order.map((o, k) => [across[k], expected[across[o]]])) }, 1e-10);
    });
  }

  test("a mask stored along other axes than its image is refused, and brought back by correctMask", async () => {
    const { image, mask } = cases["a lump"];
    const other = turned(mask, [2, 0, 1], [true, false, true]);
    await expect(features({ image, mask: other })).rejects.toMatchObject({ name: "InputError", message: expect.stringMatching(/^P017: .*direction.*correct-mask/) });
    const corrected = await features({ image, mask: other }, { setting: { correctMask: true } });
    expect(numbers(corrected)).toEqual(numbers(await features({ image, mask })));
    expect(corrected.values["diagnostics_Mask-corrected_VoxelNum"]).toBe(corrected.values["diagnostics_Mask-original_VoxelNum"]);
    expect(corrected.warnings.join()).toMatch(/resampled to the image's grid/);
  });
});

describe("change of units", () => {
  test("twice the spacing doubles lengths and leaves texture as it is", async () => {
    const { image, mask } = cases["a lump"];
    const twice = (v: Volume): Volume => ({ ...v, spacing: v.spacing.map((s) => 2 * s) as Triple });
    const before = numbers(await features({ image, mask })), after = numbers(await features({ image: twice(image), mask: twice(mask) }));
    const power = (name: string) => !/_shape_|TotalEnergy/.test(name) ? 0 : /Volume$|TotalEnergy/.test(name) ? 3 : /SurfaceArea/.test(name) ? 2 : /Ratio/.test(name) ? -1 : /Length|Diameter/.test(name) ? 1 : 0;
    expectClose(after, Object.fromEntries(Object.entries(before).map(([name, v]) => [name, v * 2 ** power(name)])), 1e-12);
  });

  test("whole bins added to every voxel leave texture as it is; so does any scale with a bin count", async () => {
    const { image, mask } = cases["a lump"];
    const texture = { featureClass: { glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: [] } };
    const shifted = withData(image, image.data.map((v) => v + 50));
    // levels are numbered from the region's lowest bin
    expect(numbers(await features({ image: shifted, mask }, texture))).toEqual(numbers(await features({ image, mask }, texture)));
    const counted = { ...texture, setting: { binCount: 16 } };
    const scaled = withData(image, Float64Array.from(image.data, (v) => 4 * v));
    expect(numbers(await features({ image: scaled, mask }, counted))).toEqual(numbers(await features({ image, mask }, counted)));
  });
});

describe("regions of every form", () => {
  const box: Triple = [9, 8, 7];
  const setting = { minimumROIDimensions: 1 };
  const forms: Record<string, Case> = {
    "border-touching": synthetic(box, (x, y) => x < 4 && y > 3),
    "the whole image": synthetic(box, () => true),
    "two components": synthetic(box, (x, y) => x !== 4 && y > 2),
    "voxels without neighbours": synthetic(box, (x, y, z) => x % 2 === 0 && y % 2 === 0 && z % 2 === 0),
    "two voxels apart": synthetic(box, (x, y, z) => y === 2 && z === 2 && (x === 1 || x === 7)),
    "two diagonal voxels": synthetic(box, (x, y, z) => (x === 1 && y === 1 && z === 1) || (x === 2 && y === 2 && z === 2)),
    "a line along x": synthetic(box, (_, y, z) => y === 3 && z === 2),
    "a line along z": synthetic(box, (x, y) => x === 3 && y === 2),
    "one slice": synthetic(box, (x, y, z) => z === 3 && x + y > 3),
    "a plane across x": synthetic(box, (x) => x === 3),
    "a diagonal plane": synthetic(box, (x, y) => x === y),
  };
  const named = features(forms["the whole image"], { imageType: manyTypes, setting }).then((result) => Object.keys(numbers(result)));

  test.each(Object.entries(forms))("%s: each value is finite, or NaN with a note; names and order are always the same", async (_, one) => {
    const names = await named;
    for (const data of [one.image.data, new Int16Array(one.image.data.length).fill(40), new Int16Array(one.image.data.length)]) {
      const result = await features({ image: withData(one.image, data), mask: one.mask }, { imageType: manyTypes, setting });
      const found = numbers(result);
      expect(Object.keys(found)).toEqual(names);
      expect(Object.keys(found).filter((name) => !Number.isFinite(found[name]) && !result.notes[name])).toEqual([]);
      expect(Object.keys(result.notes).filter((name) => !(name in result.values))).toEqual([]);
      for (const note of Object.values(result.notes)) expect(note).toMatch(/^\S.{5,}[^.\s]$/);
    }
  });

  test("a 2-D image gets shape2D and every texture, as its slice in 3-D does in force2D", async () => {
    const { image, mask } = synthetic([23, 19, 1], (x, y) => (x - 11) ** 2 + 2 * (y - 9) ** 2 < 80);
    const flat = (v: Volume): Image => ({ ...v, frames: 1, components: 1, dimension: 2, type: "int16" });
    const config = { imageType: { Original: {}, Wavelet: {}, Gradient: {}, LBP2D: {} } };
    const found = await features({ image: flat(image), mask: flat(mask) }, config);
    const slice = await features({ image, mask }, { ...config, setting: { force2D: true }, featureClass: { shape2D: [], firstorder: [], glcm: [], gldm: [], glrlm: [], glszm: [], ngtdm: [] } });
    expect(numbers(found)).toEqual(numbers(slice));
    expect(Object.keys(numbers(found)).filter((name) => name.startsWith("original_")).length).toBe(102);
    expect(found.values["diagnostics_Image-original_Dimensionality"]).toBe("2D");
    expect(found.warnings.join()).toMatch(/shape2D/);
  });
});

describe("nothing is kept or changed", () => {
  const params = checkParams({ imageType: { Original: {}, Wavelet: {}, Square: {}, LBP2D: {} }, setting: { normalize: true, resegmentRange: [-2, 2] } }, "Params.yaml");
  const frozen = <T extends object>(value: T): T => {
    for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null && !ArrayBuffer.isView(inner)) frozen(inner);
    return Object.freeze(value);
  };

  test("image, mask and parameters are left as they are", async () => {
    const { image, mask } = lump([15, 14, 12], 5, 3);
    const copies = [structuredClone(image), structuredClone(mask), structuredClone(params)];
    for (const value of [image, mask, params]) frozen(value);
    await extract(image, mask, { params });
    expect([image, mask, params]).toEqual(copies);
  });

  test("cases side by side, or one after the other, or again, give the same", async () => {
    const several = [lump([15, 14, 12], 5, 3), lump([15, 14, 12], 5, 4), lump([11, 16, 13], 5, 5)];
    const alone = [];
    for (const one of several) alone.push(await extract(one.image, one.mask, { params }));
    expect(await Promise.all(several.map((one) => extract(one.image, one.mask, { params })))).toEqual(alone);
    for (const k of [2, 0, 1]) expect(await extract(several[k].image, several[k].mask, { params })).toEqual(alone[k]);
  });

  test("voxels changed in place between two calls are seen", async () => {
    const config = { imageType: { Original: {}, ...pointFilters } };
    const { image, mask } = lump([15, 14, 12], 5, 3);
    await features({ image, mask }, config);
    for (let k = 0; k < image.data.length; k++) image.data[k] = (3 * image.data[k]) % 401;
    expect(await features({ image, mask }, config)).toEqual(await features({ image: structuredClone(image), mask }, config));
  });
});
