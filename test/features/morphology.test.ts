import { expect, test } from "vitest";
import { autocorrelation } from "../../src/features/ibsi/autocorrelation.js";
import { box, ellipsoid, hullSolid, orientedBox } from "../../src/features/ibsi/enclosing.js";
import { enclosingEllipsoid } from "../../src/features/ibsi/enclosingEllipsoid.js";
import { surfaceMesh } from "../../src/features/mesh.js";
import { morphology, morphologyOf } from "../../src/features/ibsi/morphology.js";
import { convexHull } from "../../src/math/index.js";
import { readFileSync } from "node:fs";
import { golden, readVolume } from "../data.js";
import { maskWhere, regionOf } from "./maskRegion.js";

// Consensus values of the IBSI reference manual (arXiv:1612.07003) for the digital phantom, rounded as printed.
test("morphology has IBSI's values on the digital phantom", async () => {
  const image = await readVolume(golden("ibsi/phantom.nii.gz"));
  const mask = await readVolume(golden("ibsi/mask.nii.gz"));
  const region = regionOf(mask, 1, image);
  const t = morphologyOf({ ...region.grid, data: region.values }, region.inside, region.index);
  const rows = readFileSync(golden("ibsi/ibsi_1_dig_phantom.csv"), "utf8").split(/\r?\n/).map((line) => line.split(";"));
  const wanted = rows.filter(([value, , tag]) => tag?.startsWith("morph_") && value !== "");
  expect(wanted).toHaveLength(25);
  for (const [value, tolerance, tag] of wanted) {
    const found = morphology[tag.slice("morph_".length)].of(t);
    const digits = Math.max(3, value.replace(/^0\.0*/, "").replace(".", "").length);
    expect(Math.abs(Number(found.toPrecision(digits)) - Number(value)), `${tag}: ${found}`).toBeLessThanOrEqual(Number(tolerance) + 1e-12);
  }
});

test("a region in the form of a block is its own box and fills it but for its chamfered edges", () => {
  const mask = maskWhere([12, 9, 7], [1, 1, 1], () => true);
  const region = regionOf(mask);
  const t = morphologyOf({ ...region.grid, data: region.values }, region.inside, region.index);
  expect(t.alignedBox.volume).toBeCloseTo(12 * 9 * 7, 10);
  expect(t.orientedBox.volume).toBeCloseTo(12 * 9 * 7, 10);
  expect(t.mesh.volume).toBeCloseTo(t.hull.volume, 9);
  expect(t.mesh.area).toBeCloseTo(t.hull.area, 9);
  expect(t.leastEllipsoid.volume).toBeGreaterThan(t.alignedBox.volume);
  expect(t.centreShift).toBeCloseTo(0, 12);
  expect(t.autocorrelation.moran).toBeNaN();
});

test("autocorrelation by transforms equals the sum over all pairs", () => {
  let seed = 3;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const size: [number, number, number] = [13, 11, 9];
  const values = Float64Array.from({ length: 13 * 11 * 9 }, () => 100 * random());
  const index = Int32Array.from(values.keys()).filter(() => random() < 0.5);
  const spacing: [number, number, number] = [0.7, 1.1, 2.5];
  expect(index.length).toBeGreaterThan(400);
  const mean = index.reduce((s, k) => s + values[k], 0) / index.length;
  let weights = 0, products = 0, differences = 0;
  for (const a of index) for (const b of index) {
    if (a === b) continue;
    const apart = Math.hypot((a % 13 - b % 13) * 0.7, (Math.floor(a / 13) % 11 - Math.floor(b / 13) % 11) * 1.1, (Math.floor(a / 143) - Math.floor(b / 143)) * 2.5);
    weights += 1 / apart;
    products += (values[a] - mean) * (values[b] - mean) / apart;
    differences += (values[a] - values[b]) ** 2 / apart;
  }
  const squares = index.reduce((s, k) => s + (values[k] - mean) ** 2, 0);
  const { moran, geary } = autocorrelation(values, index, size, spacing);
  expect(moran).toBeCloseTo(index.length / weights * products / squares, 10);
  expect(geary).toBeCloseTo((index.length - 1) / (2 * weights) * differences / squares, 10);
  const few = index.subarray(0, 60);
  const all = autocorrelation(values, few, size, spacing);
  expect(all.moran).not.toBeNaN();
});

test("surface of a sphere is exact, that of a spheroid is IBSI's series", () => {
  expect(ellipsoid(2, 2, 2).area).toBeCloseTo(16 * Math.PI, 10);
  // α = 0: (αβ)^ν P_ν((α² + β²) / 2αβ) is its leading term, (2ν − 1)!! / ν! (β² / 2)^ν
  const x = (1 - 0.7 ** 2) / 2;
  let term = 1;
  let sum = 1;
  for (let v = 1; v <= 20; v++) {
    term *= (2 * v - 1) / v * x;
    sum += term / (1 - 4 * v * v);
  }
  expect(ellipsoid(1, 1, 0.7).area).toBeCloseTo(4 * Math.PI * sum, 12);
});

/** Corners of a box of 2 × 3 × 5, turned. */
function turnedBox(): Float64Array {
  const [c, s] = [Math.cos(0.5), Math.sin(0.5)];
  return Float64Array.from({ length: 8 }, (_, k) => k).reduce((points, k) => {
    const [x, y, z] = [(k & 1) * 2, (k >> 1 & 1) * 3, (k >> 2) * 5];
    const [u, v] = [c * x - s * y, s * x + c * y];
    points.set([u, c * v - s * z, s * v + c * z], 3 * k);
    return points;
  }, new Float64Array(24));
}

test("the oriented box finds a turned box; the least ellipsoid around a box has semi-axes √3/2 of its sides", () => {
  const points = turnedBox();
  const { triangles } = convexHull([0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => [k & 1, k >> 1 & 1, k >> 2]));
  expect(triangles).toHaveLength(36);
  expect(hullSolid(points, triangles).volume).toBeCloseTo(30, 10);
  expect(orientedBox(points, triangles).volume).toBeCloseTo(30, 10);
  expect(orientedBox(points, triangles).area).toBeCloseTo(box(2, 3, 5).area, 10);
  // John 1948: the ellipsoid through all corners; here to the algorithm's 1e-4 per direction
  const exact = 4 / 3 * Math.PI * 30 * (Math.sqrt(3) / 2) ** 3;
  expect(enclosingEllipsoid(points).volume / exact).toBeCloseTo(1, 3);
});

test("a convex hull holds all points, has Euler's number of sides and forgets inner ones", () => {
  let seed = 11;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const points = Array.from({ length: 3 * 300 }, () => Math.floor(20 * random()));
  const { triangles, vertices } = convexHull(points);
  expect(triangles.length / 3).toBe(2 * vertices.length - 4);
  for (let t = 0; t < triangles.length; t += 3) {
    const [p, q, r] = [0, 1, 2].map((c) => points.slice(3 * triangles[t + c], 3 * triangles[t + c] + 3));
    const [u, v] = [q, r].map((m) => m.map((x, a) => x - p[a]));
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    for (let k = 0; k < points.length; k += 3) {
      expect(n[0] * (points[k] - p[0]) + n[1] * (points[k + 1] - p[1]) + n[2] * (points[k + 2] - p[2])).toBeLessThanOrEqual(0);
    }
  }
  expect(convexHull([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]).triangles).toHaveLength(0);
});

test("the closed mesh encloses the same volume wherever the region lies", () => {
  let seed = 17;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const size: [number, number, number] = [9, 8, 7];
  for (let trial = 0; trial < 10; trial++) {
    const inside = Uint8Array.from({ length: 504 }, () => (random() < 0.5 ? 1 : 0));
    const { volume, area } = surfaceMesh(inside, size, [0.7, 1.1, 2.3], true);
    const moved = new Uint8Array(20 * 20 * 20);
    inside.forEach((v, k) => { moved[(Math.floor(k / 72) + 11) * 400 + (Math.floor(k / 9) % 8 + 5) * 20 + k % 9 + 7] = v; });
    const away = surfaceMesh(moved, [20, 20, 20], [0.7, 1.1, 2.3], true);
    expect(away.volume).toBeCloseTo(volume, 9);
    expect(away.area).toBeCloseTo(area, 9);
    expect(volume).toBeGreaterThan(0);
  }
});

test("a region of one slice has no enclosing ellipsoid by its axes, one of one voxel no axes at all; the rest is there", () => {
  const slice = regionOf(maskWhere([6, 5, 3], [1, 1, 1], (_x, _y, z) => z === 1));
  const one = regionOf(maskWhere([3, 3, 3], [1, 1, 1], (x, y, z) => x === 1 && y === 1 && z === 1));
  const undefinedIn = (region: typeof slice) => {
    const t = morphologyOf({ ...region.grid, data: region.values }, region.inside, region.index);
    return Object.keys(morphology).filter((tag) => Number.isNaN(morphology[tag].of(t)));
  };
  expect(undefinedIn(slice)).toEqual(["vol_dens_aee", "area_dens_aee", "moran_i", "geary_c"]);
  expect(undefinedIn(one)).toEqual(["pca_maj_axis", "pca_min_axis", "pca_least_axis", "pca_elongation", "pca_flatness",
    "vol_dens_aee", "area_dens_aee", "moran_i", "geary_c"]);
});
