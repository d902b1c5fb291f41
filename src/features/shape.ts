import { cbrt, power } from "../math/index.js";
import type { Feature, FeatureClass } from "./featureClass.js";
import { principalAxes } from "./axes.js";
import { diameters, type Diameters } from "./diameters.js";
import { surfaceMesh } from "./mesh.js";

type Shape = {
  /** of the mesh, mm² and mm³ */
  area: number; volume: number;
  /** voxels times voxel volume, mm³ */
  voxelVolume: number;
  diameters: Diameters;
  /** variances along the principal axes, mm², descending */
  axes: Float64Array;
};

/**
 * Size and form of a region, from its marching-cubes mesh, the farthest mesh vertices and the principal axes of its voxel centres.
 * Agrees with PyRadiomics; Maximum2DDiameterSlice, -Column and -Row look at planes across z, y and x. Values are never NaN for a region
 * of two voxels or more: one that is flat has an axis of length 0.
 */
export const shape: FeatureClass<Shape> = {
  name: "shape",
  prepare({ grid: { size, spacing }, inside, index }) {
    const { area, volume, extremes } = surfaceMesh(inside, size, spacing);
    return {
      area, volume,
      voxelVolume: index.length * (spacing[0] * spacing[1] * spacing[2]),
      diameters: diameters(extremes, spacing),
      axes: principalAxes(index, size, spacing).values,
    };
  },
  features: {
    Elongation: { ibsi: "Q3CK", unit: "1", of: (t) => Math.sqrt(t.axes[1] / t.axes[0]), note: (t) => flat(t, 1) },
    Flatness: { ibsi: "N17B", unit: "1", of: (t) => Math.sqrt(t.axes[2] / t.axes[0]), note: (t) => flat(t, 2) },
    LeastAxisLength: axis(2, "7J51"),
    MajorAxisLength: axis(0, "TDIC"),
    Maximum2DDiameterColumn: { unit: "mm", of: (t) => t.diameters.column },
    Maximum2DDiameterRow: { unit: "mm", of: (t) => t.diameters.row },
    Maximum2DDiameterSlice: { unit: "mm", of: (t) => t.diameters.slice },
    Maximum3DDiameter: { ibsi: "L0JK", unit: "mm", of: (t) => t.diameters.whole },
    MeshVolume: { ibsi: "RNU0", unit: "mm³", of: (t) => t.volume },
    MinorAxisLength: axis(1, "P9VJ"),
    Sphericity: { ibsi: "QCFX", unit: "1", of: (t) => sphereArea(t.volume) / t.area },
    SurfaceArea: { ibsi: "C0JK", unit: "mm²", of: (t) => t.area },
    SurfaceVolumeRatio: { ibsi: "2PR5", unit: "1/mm", of: (t) => t.area / t.volume },
    VoxelVolume: { ibsi: "YEKZ", unit: "mm³", of: (t) => t.voxelVolume },
    Compactness1: { ibsi: "SKGS", unit: "1", deprecated: true, of: (t) => t.volume / (Math.sqrt(Math.PI) * t.area * Math.sqrt(t.area)), note: ofSphericity },
    Compactness2: { ibsi: "BQWJ", unit: "1", deprecated: true, of: (t) => 36 * Math.PI * power(t.volume, 2) / power(t.area, 3), note: ofSphericity },
    SphericalDisproportion: { ibsi: "KRCK", unit: "1", deprecated: true, of: (t) => t.area / sphereArea(t.volume), note: ofSphericity },
  },
};

/** Surface of the sphere of volume v: ∛(36 π v²). */
function sphereArea(v: number): number {
  return cbrt(36 * Math.PI * v * v);
}

function ofSphericity(): string {
  return "another form of Sphericity";
}

/** 4 √λ: the axis of the ellipsoid with the region's variances. */
function axis(k: number, ibsi: string): Feature<Shape> {
  return { ibsi, unit: "mm", of: (t) => 4 * Math.sqrt(t.axes[k]), note: (t) => flat(t, k) };
}

function flat(t: Shape, k: number): string | undefined {
  if (t.axes[0] === 0) return "a single voxel has no axes";
  return t.axes[k] === 0 ? `the voxel centres lie on one ${k === 1 ? "line" : "plane"}: no extent along this axis` : undefined;
}
