import { join } from "node:path";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defaultSettings, type FeatureClass, type Region } from "../../src/features/index.js";
import { shape } from "../../src/features/shape.js";
import { shape2D } from "../../src/features/shape2d.js";
import { boundingBox, crop } from "../../src/image/index.js";
import { differences } from "../compare.js";
import { example, extendedTest, golden, readJson, readVolume } from "../data.js";
import { maskWhere, regionOf } from "./maskRegion.js";

const noLevels = () => { throw new Error("shape has no grey levels"); };

function valuesOf<T>(c: FeatureClass<T>, region: Region, settings = defaultSettings): Record<string, number> {
  const prepared = c.prepare(region, noLevels, settings);
  return Object.fromEntries(Object.entries(c.features).map(([name, f]) => [`original_${c.name}_${name}`, f.of(prepared)]));
}

const only = (prefix: string, features: Record<string, number | string>) =>
  Object.fromEntries(Object.entries(features).filter(([name]) => name.startsWith(prefix)));

// Expected: PyRadiomics 8ed5793, RadiomicsFeatureExtractor(run.config).execute(image, mask); relative 1e-9.
for (const name of ["brain1", "breast1"]) {
  test(`shape agrees with PyRadiomics on ${name}`, async () => {
    const region = regionOf(await readVolume(example(`${name}_label.nrrd`)));
    const { features } = readJson(golden(`pyradiomics/${name}.json.gz`)).runs.bw25_default;
    expect(differences(valuesOf(shape, region), only("original_shape_", features))).toEqual([]);
  });

  test(`shape agrees with PyRadiomics on ragged regions of ${name} (resegmentShape)`, async () => {
    const mask = await readVolume(example(`${name}_label.nrrd`));
    const image = await readVolume(example(`${name}_image.nrrd`));
    const inside = Array.from(image.data).filter((_, i) => mask.data[i] === 1);
    const { runs } = readJson(golden(`pyradiomics/settings_${name}.json.gz`));
    const range = { absolute: runs.resegment_absolute_shape, relative: runs.resegment_relative_range_shape };
    const [low, high] = range.absolute.config.setting.resegmentRange;
    const absolute = regionOf(mask, 1, image, (v) => v >= low && v <= high);
    expect(differences(valuesOf(shape, absolute), only("original_shape_", range.absolute.features))).toEqual([]);
    const [a, b] = range.relative.config.setting.resegmentRange.map((share: number) => share * Math.max(...inside));
    const relative = regionOf(mask, 1, image, (v) => v >= a && v <= b);
    expect(differences(valuesOf(shape, relative), only("original_shape_", range.relative.features))).toEqual([]);
  });
}

const degenerate: [name: string, run: string, label: number][] = [
  ["border", "default", 1], ["flat", "default", 1], ["geometry_mismatch", "geometryTolerance_0.05", 1], ["isolated_voxels", "default", 1],
  ["line_y", "dims1", 1], ["one_slice_axial_z", "3d", 1], ["one_slice_coronal_y", "3d", 1], ["one_slice_sagittal_x", "3d", 1],
  ["two_components", "label4", 4], ["two_components", "label2", 2], ["two_voxels_apart", "default", 1], ["two_voxels_diagonal", "default", 1],
];
for (const [name, run, label] of degenerate) {
  test(`shape agrees with PyRadiomics on the degenerate region ${name}, label ${label}`, async () => {
    const region = regionOf(await readVolume(golden(`pyradiomics/degenerate/${name}_label.nrrd`)), label);
    const file = golden(`pyradiomics/degenerate/${name}.json`);
    const { features } = (name.startsWith("isolated") || name.startsWith("geometry") || name.endsWith("apart") ? readJson(file) : readJson(`${file}.gz`)).runs[run];
    const reference = only("original_shape_", features);
    if (name === "two_voxels_diagonal") {
      // Two voxel centres lie on a line: the second axis is 0. The reference prints √(rounding error of the eigenvalue) = 3e-8 there,
      // which depends on where in the image the voxels lie.
      expect(reference.original_shape_MinorAxisLength).toBeLessThan(1e-7);
      reference.original_shape_MinorAxisLength = reference.original_shape_Elongation = 0;
    }
    expect(differences(valuesOf(shape, region), reference)).toEqual([]);
  });
}

extendedTest("shape agrees with PyRadiomics' published baseline", "radiomics/pyradiomics", async (folder) => {
  const rows = readFileSync(join(folder, "baseline/baseline_shape.csv"), "utf8").split("\n");
  const cells = (row: string) => row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const columns = cells(rows[0]);
  for (const name of ["brain1", "brain2", "breast1", "lung1", "lung2"]) {
    const reference = Object.fromEntries(rows.map(cells).filter((r) => r[0].startsWith("original_shape_")).map((r) => [r[0], Number(r[columns.indexOf(name)])]));
    // the file has 12 digits; the reference's own mesh of brain1 changed since by up to 9.2e-4
    const moved = /MeshVolume|SurfaceArea|SurfaceVolumeRatio|Sphericity/;
    const ours = valuesOf(shape, regionOf(await readVolume(join(folder, `${name}_label.nrrd`))));
    expect(differences(ours, reference, (f) => (name === "brain1" && moved.test(f) ? 1e-3 : 1e-11))).toEqual([]);
  }
});

extendedTest("shape agrees with PyRadiomics on brain2", "radiomics/pyradiomics/brain2_label.nrrd", async (path) => {
  const { features } = readJson(join(path, "../expected/brain2.json")).runs.bw25_default;
  expect(differences(valuesOf(shape, regionOf(await readVolume(path))), only("original_shape_", features))).toEqual([]);
});

test("shape knows a block of voxels by hand", () => {
  // 3 × 4 × 5 voxels of 1 × 2 × 3 mm. Their mesh is the block without its chamfered edges (half a voxel's corner) and corners.
  const region = regionOf(maskWhere([3, 4, 5], [1, 2, 3], () => true));
  const values = valuesOf(shape, region);
  expect(values.original_shape_VoxelVolume).toBe(360);
  const edges = (2 * (1 * 2 * 12 + 1 * 3 * 6 + 2 * 3 * 2)) * 2 / 8; // twelve prisms over (n − 1) voxels, 1/8 of a voxel's cross-section
  const corners = 8 * (1 * 2 * 3) * (1 / 8 - 1 / 48); // eight cells: the octant of the block less its corner tetrahedron
  expect(values.original_shape_MeshVolume).toBeCloseTo(360 - edges - corners, 10);
  expect(values.original_shape_Maximum3DDiameter).toBeCloseTo(Math.max(Math.hypot(3, 6, 12), Math.hypot(2, 8, 12), Math.hypot(2, 6, 15)), 12);
  expect(values.original_shape_MajorAxisLength).toBeCloseTo(4 * 3 * Math.sqrt(24 / 12), 12);
});

test("shape stays when the region is turned, mirrored or put into a wider box, but for the table's own preference among directions", async () => {
  const mask = await readVolume(golden("pyradiomics/syn1_label.nrrd"));
  const region = regionOf(mask);
  const values = valuesOf(shape, region);
  const wide: Region = regionInBox(mask);
  expect(differences(valuesOf(shape, wide), values, () => 1e-13)).toEqual([]);
  const [nx, ny, nz] = mask.size;
  const swapped = maskWhere([ny, nx, nz], [mask.spacing[1], mask.spacing[0], mask.spacing[2]], (x, y, z) => mask.data[(z * ny + x) * nx + y] === 1);
  const turned = valuesOf(shape, regionOf(swapped));
  expect(turned.original_shape_Maximum3DDiameter).toBeCloseTo(values.original_shape_Maximum3DDiameter, 12);
  expect(turned.original_shape_Maximum2DDiameterRow).toBeCloseTo(values.original_shape_Maximum2DDiameterColumn, 12);
  expect(turned.original_shape_LeastAxisLength).toBeCloseTo(values.original_shape_LeastAxisLength, 12);
});

/** The whole volume as the region's box. */
function regionInBox(mask: Awaited<ReturnType<typeof readVolume>>): Region {
  const inside = Uint8Array.from(mask.data, (l) => (l === 1 ? 1 : 0));
  const { lower, size } = boundingBox(inside, mask.size);
  const from = lower.map((l) => Math.max(0, l - 1)) as [number, number, number];
  const box = { lower: from, size: size.map((s, a) => Math.min(mask.size[a] - from[a], s + 3)) as [number, number, number] };
  const cropped = crop({ ...mask, data: inside }, box);
  const own = cropped.data as Uint8Array;
  return { grid: cropped, values: own, inside: own, index: Int32Array.from(own.keys()).filter((i) => own[i] === 1) };
}

test("the farthest mesh vertices are those of all pairs", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let trial = 0; trial < 20; trial++) {
    const size: [number, number, number] = [6, 5, 4];
    const mask = maskWhere(size, [0.7, 1.3, 2.1], () => random() < 0.25);
    const region = regionOf(mask);
    const vertices: number[][] = [];
    const [nx, ny, nz] = region.grid.size;
    const at = (x: number, y: number, z: number) => x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz && region.inside[(z * ny + y) * nx + x] === 1;
    for (let z = -1; z <= nz; z++) for (let y = -1; y <= ny; y++) for (let x = -1; x <= nx; x++) {
      for (const [dx, dy, dz] of [[1, 0, 0], [0, 1, 0], [0, 0, 1]]) {
        if (at(x, y, z) !== at(x + dx, y + dy, z + dz)) vertices.push([0.7 * (x + dx / 2), 1.3 * (y + dy / 2), 2.1 * (z + dz / 2)]);
      }
    }
    const most = (same?: number) => Math.max(...vertices.flatMap((u) => vertices.map((v) =>
      same === undefined || u[same] === v[same] ? Math.hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2]) : 0)));
    const values = valuesOf(shape, region);
    expect(values.original_shape_Maximum3DDiameter).toBeCloseTo(most(), 12);
    expect(values.original_shape_Maximum2DDiameterRow).toBeCloseTo(most(0), 12);
    expect(values.original_shape_Maximum2DDiameterColumn).toBeCloseTo(most(1), 12);
    expect(values.original_shape_Maximum2DDiameterSlice).toBeCloseTo(most(2), 12);
  }
});

// Expected: PyRadiomics 8ed5793, force2D true, masks of one slice; lung masks over volumes of zeros.
test("shape2D agrees with PyRadiomics on its five one-slice masks", async () => {
  const { runs } = readJson(golden("pyradiomics/shape2D.json"));
  for (const [name, run] of Object.entries<any>(runs)) {
    const region = regionOf(await readVolume(golden(`pyradiomics/shape2D_masks/${name}_label_2D.nrrd`)));
    const reference = only("original_shape2D_", run.features);
    expect(Object.keys(reference)).toHaveLength(9);
    expect(differences(valuesOf(shape2D, region), reference)).toEqual([]);
  }
});

test("shape2D takes axial and sagittal slices", async () => {
  for (const [name, dimension, count] of [["axial_z", 0, 9], ["sagittal_x", 2, 9]] as const) {
    const region = regionOf(await readVolume(golden(`pyradiomics/degenerate/one_slice_${name}_label.nrrd`)));
    const reference = only("original_shape2D_", readJson(golden(`pyradiomics/degenerate/one_slice_${name}.json.gz`)).runs.force2D_shape2D.features);
    expect(Object.keys(reference)).toHaveLength(count);
    expect(differences(valuesOf(shape2D, region, { ...defaultSettings, force2Ddimension: dimension }), reference)).toEqual([]);
  }
});

test("shape2D of more than one slice is an error that says what to do", () => {
  const region = regionOf(maskWhere([3, 3, 2], [1, 1, 1], () => true));
  expect(() => valuesOf(shape2D, region)).toThrow("has 2 slices along z, expected one");
});

test("shape2D knows a square by hand and keeps diagonal pixels apart", () => {
  const square = valuesOf(shape2D, regionOf(maskWhere([2, 2, 1], [1, 1, 1], () => true)));
  expect(square.original_shape2D_MeshSurface).toBeCloseTo(1 + 4 / 2 + 4 / 8, 12);
  expect(square.original_shape2D_Perimeter).toBeCloseTo(4 + 4 * Math.SQRT1_2, 12);
  const pair = valuesOf(shape2D, regionOf(maskWhere([2, 2, 1], [1, 1, 1], (x, y) => x === y)));
  expect(pair.original_shape2D_MeshSurface).toBeCloseTo(1, 12);
  expect(pair.original_shape2D_Perimeter).toBeCloseTo(8 * Math.SQRT1_2, 12);
});
