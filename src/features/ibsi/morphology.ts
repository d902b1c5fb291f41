import type { Volume } from "../../image/index.js";
import { cbrt, convexHull, hypot, power } from "../../math/index.js";
import { positions } from "../../prepare/index.js";
import { principalAxes } from "../axes.js";
import { diameters } from "../diameters.js";
import { outermost } from "../extremes.js";
import { surfaceMesh } from "../mesh.js";
import { autocorrelation, type Autocorrelation } from "./autocorrelation.js";
import { box, ellipsoid, hullSolid, orientedBox, type Solid } from "./enclosing.js";
import { enclosingEllipsoid } from "./enclosingEllipsoid.js";
import type { IbsiFeature, IbsiFeatures } from "./feature.js";

/** What the morphological features read. */
export type Morphology = {
  /** of the mesh at half height of the morphological mask */
  mesh: Solid;
  /** voxels of the morphological mask times voxel volume, mm³ */
  voxelVolume: number;
  /** between the centres of the morphological voxels and of the intensities, mm */
  centreShift: number;
  diameter: number;
  /** variances (divided by n − 1) of the morphological voxel centres along the principal axes, mm², descending */
  axes: Float64Array;
  /** enclosing solids of the mesh */
  alignedBox: Solid; orientedBox: Solid; approximateEllipsoid: Solid; leastEllipsoid: Solid; hull: Solid;
  meanIntensity: number;
  autocorrelation: Autocorrelation;
};

/**
 * Prepares the morphological family (IBSI reference manual 3.1, arXiv:1612.07003).
 * The oriented box has a side on a side of the convex hull (an upper bound of the least box), the enclosing ellipsoid is
 * Khachiyan's to 1e-4: IBSI has no consensus values for these two.
 *
 * @param image  box that holds the region
 * @param inside morphological mask, one entry per voxel of the box
 * @param index  positions of the intensity mask's voxels in the box, ascending
 */
export function morphologyOf({ size, spacing, data }: Volume, inside: Uint8Array, index: Int32Array): Morphology {
  const { area, volume, extremes } = surfaceMesh(inside, size, spacing, true);
  const own = positions(inside);
  const { values, centre } = principalAxes(own, size, spacing);
  const axes = values.map((v) => v * own.length / (own.length - 1));
  const half = outermost(extremes);
  const hull = convexHull(half);
  const points = Float64Array.from(half, (c, k) => c * spacing[k % 3] / 2);
  const corners = new Float64Array(3 * hull.vertices.length);
  hull.vertices.forEach((k, c) => corners.set(points.subarray(3 * k, 3 * k + 3), 3 * c));
  const place = new Map(Array.from(hull.vertices, (k, c) => [k, c]));
  const triangles = hull.triangles.map((k) => place.get(k)!);
  const extent = [0, 1, 2].map((axis) => {
    let low = Infinity, high = -Infinity;
    for (let k = axis; k < corners.length; k += 3) {
      low = Math.min(low, corners[k]);
      high = Math.max(high, corners[k]);
    }
    return high - low;
  });
  const [a, b, c] = [...axes].map((v) => 2 * Math.sqrt(v));
  let sum = 0;
  const weighted = [0, 0, 0];
  for (let k = 0; k < index.length; k++) {
    const x = index[k] % size[0];
    const row = (index[k] - x) / size[0];
    const y = row % size[1];
    const v = data[index[k]];
    sum += v;
    weighted[0] += v * x;
    weighted[1] += v * y;
    weighted[2] += v * (row - y) / size[1];
  }
  return {
    mesh: { volume, area },
    voxelVolume: own.length * spacing[0] * spacing[1] * spacing[2],
    centreShift: hypot(...weighted.map((w, axis) => (w / sum - centre[axis]) * spacing[axis]) as [number, number, number]),
    diameter: diameters(extremes, spacing).whole,
    axes,
    alignedBox: box(extent[0], extent[1], extent[2]),
    orientedBox: orientedBox(corners, triangles),
    approximateEllipsoid: c > 0 ? ellipsoid(a, b, c) : { volume: NaN, area: NaN },
    leastEllipsoid: enclosingEllipsoid(corners),
    hull: hullSolid(corners, triangles),
    meanIntensity: sum / index.length,
    autocorrelation: autocorrelation(data, index, size, spacing),
  };
}

const sphereArea = (volume: number) => cbrt(36 * Math.PI * volume * volume);

/** The morphological family under its tags, without the prefix "morph". */
export const morphology: IbsiFeatures<Morphology> = {
  volume: row("Volume (mesh)", "RNU0", "mm³", (t) => t.mesh.volume),
  vol_approx: row("Volume (voxel counting)", "YEKZ", "mm³", (t) => t.voxelVolume),
  area_mesh: row("Surface area (mesh)", "C0JK", "mm²", (t) => t.mesh.area),
  av: row("Surface to volume ratio", "2PR5", "1/mm", (t) => t.mesh.area / t.mesh.volume),
  comp_1: row("Compactness 1", "SKGS", "1", (t) => t.mesh.volume / (Math.sqrt(Math.PI) * t.mesh.area * Math.sqrt(t.mesh.area))),
  comp_2: row("Compactness 2", "BQWJ", "1", (t) => 36 * Math.PI * power(t.mesh.volume, 2) / power(t.mesh.area, 3)),
  sph_dispr: row("Spherical disproportion", "KRCK", "1", (t) => t.mesh.area / sphereArea(t.mesh.volume)),
  sphericity: row("Sphericity", "QCFX", "1", (t) => sphereArea(t.mesh.volume) / t.mesh.area),
  asphericity: row("Asphericity", "25C7", "1", (t) => t.mesh.area / sphereArea(t.mesh.volume) - 1),
  com: row("Centre of mass shift", "KLMA", "mm", (t) => t.centreShift),
  diam: row("Maximum 3D diameter", "L0JK", "mm", (t) => t.diameter),
  pca_maj_axis: row("Major axis length", "TDIC", "mm", (t) => 4 * Math.sqrt(t.axes[0])),
  pca_min_axis: row("Minor axis length", "P9VJ", "mm", (t) => 4 * Math.sqrt(t.axes[1])),
  pca_least_axis: row("Least axis length", "7J51", "mm", (t) => 4 * Math.sqrt(t.axes[2])),
  pca_elongation: row("Elongation", "Q3CK", "1", (t) => Math.sqrt(t.axes[1] / t.axes[0])),
  pca_flatness: row("Flatness", "N17B", "1", (t) => Math.sqrt(t.axes[2] / t.axes[0])),
  ...densities("aabb", "axis-aligned bounding box", ["PBX1", "R59B"], (t) => t.alignedBox),
  ...densities("ombb", "oriented minimum bounding box", ["ZH1A", "IQYR"], (t) => t.orientedBox),
  ...densities("aee", "approximate enclosing ellipsoid", ["6BDE", "RDD2"], (t) => t.approximateEllipsoid),
  ...densities("mvee", "minimum volume enclosing ellipsoid", ["SWZ1", "BRI8"], (t) => t.leastEllipsoid),
  ...densities("conv_hull", "convex hull", ["R3ER", "7T7F"], (t) => t.hull),
  integ_int: row("Integrated intensity", "99N0", "I mm³", (t) => t.mesh.volume * t.meanIntensity),
  moran_i: row("Moran's I index", "N365", "1", (t) => t.autocorrelation.moran),
  geary_c: row("Geary's C measure", "NPT7", "1", (t) => t.autocorrelation.geary),
};

function row(name: string, ibsi: string, unit: string, of: (t: Morphology) => number): IbsiFeature<Morphology> {
  return { name, ibsi, unit, of };
}

function densities(tag: string, name: string, [volume, area]: [string, string], of: (t: Morphology) => Solid): IbsiFeatures<Morphology> {
  return {
    [`vol_dens_${tag}`]: row(`Volume density (${name})`, volume, "1", (t) => t.mesh.volume / of(t).volume),
    [`area_dens_${tag}`]: row(`Area density (${name})`, area, "1", (t) => t.mesh.area / of(t).area),
  };
}
