import { InputError } from "../math/index.js";
import { principalAxes } from "./axes.js";
import { planeHull } from "./extremes.js";
import type { Feature, FeatureClass } from "./featureClass.js";

type Shape2D = {
  /** of the outline, mm² and mm */
  surface: number; perimeter: number;
  /** pixels times pixel area, mm² */
  pixelSurface: number;
  /** mm */
  diameter: number;
  /** variances along the two principal axes, mm², descending */
  axes: Float64Array;
};

/**
 * Size and form of a region of one slice, from its marching-squares outline (vertices at edge midpoints; diagonal neighbours are kept
 * apart), the farthest outline vertices and the principal axes of its pixel centres. `force2Ddimension` names the axis across the slice:
 * 0 z, 1 y, 2 x. Agrees with PyRadiomics.
 * @throws InputError where the region has more than one slice along that axis
 */
export const shape2D: FeatureClass<Shape2D> = {
  name: "shape2D",
  prepare({ grid: { size, spacing }, inside, index }, _levels, settings) {
    const across = 2 - settings.force2Ddimension;
    if (size[across] !== 1) {
      throw new InputError(`shape2D: the region has ${size[across]} slices along ${"xyz"[across]}, expected one. ` +
        `Use a mask of a single slice, or set force2Ddimension to the axis across it (0 z, 1 y, 2 x).`);
    }
    const [u, v] = [0, 1, 2].filter((a) => a !== across);
    const pixel = spacing[u] * spacing[v];
    return {
      ...outline(inside, size[u], size[v], spacing[u], spacing[v]),
      pixelSurface: index.length * pixel,
      axes: principalAxes(index, size, spacing).values,
    };
  },
  features: {
    Elongation: { unit: "1", of: (t) => Math.sqrt(t.axes[1] / t.axes[0]), note: flat },
    MajorAxisLength: { unit: "mm", of: (t) => 4 * Math.sqrt(t.axes[0]), note: (t) => t.axes[0] === 0 ? flat(t) : undefined },
    MaximumDiameter: { unit: "mm", of: (t) => t.diameter },
    MeshSurface: { unit: "mm²", of: (t) => t.surface },
    MinorAxisLength: { unit: "mm", of: (t) => 4 * Math.sqrt(t.axes[1]), note: flat },
    Perimeter: { unit: "mm", of: (t) => t.perimeter },
    PerimeterSurfaceRatio: { unit: "1/mm", of: (t) => t.perimeter / t.surface },
    PixelSurface: { unit: "mm²", of: (t) => t.pixelSurface },
    Sphericity: { unit: "1", of: (t) => 2 * Math.sqrt(Math.PI * t.surface) / t.perimeter },
    SphericalDisproportion: {
      unit: "1", deprecated: true, of: (t) => t.perimeter / (2 * Math.sqrt(Math.PI * t.surface)), note: () => "another form of Sphericity",
    } satisfies Feature<Shape2D>,
  },
};

function flat(t: Shape2D): string | undefined {
  if (t.axes[0] === 0) return "a single pixel has no axes";
  return t.axes[1] === 0 ? "the pixel centres lie on one line: no extent along this axis" : undefined;
}

/** Shares of a cell's area by the number of corners inside; two in a diagonal have 1/4. */
const share = [0, 1 / 8, 1 / 2, 7 / 8, 1];

/** Surface, perimeter and diameter of the outline of nu × nv pixels, u fastest, su × sv mm. */
function outline(inside: Uint8Array, nu: number, nv: number, su: number, sv: number) {
  const at = (u: number, v: number) => u < 0 || v < 0 || u >= nu || v >= nv ? 0 : inside[v * nu + u];
  const corner = Math.sqrt(su * su + sv * sv) / 2;
  // outermost vertices of each row, in half pixels; pixel u at 2u + 2
  const min = new Int32Array(2 * nv + 3);
  const max = new Int32Array(2 * nv + 3);
  const vertex = (row: number, u: number) => { if (min[row] === 0) min[row] = u; max[row] = u; };
  let cells = 0;
  let alongU = 0;
  let alongV = 0;
  let corners = 0;
  for (let v = -1; v < nv; v++) {
    for (let u = -1; u < nu; u++) {
      const a = at(u, v), b = at(u + 1, v), c = at(u, v + 1), d = at(u + 1, v + 1);
      const n = a + b + c + d;
      if (n === 0) continue;
      cells += n === 2 && a === d ? 1 / 4 : share[n];
      if (n === 1 || n === 3) corners++;
      else if (n === 2) {
        if (a === d) corners += 2;
        else if (a === b) alongU++;
        else alongV++;
      }
      if (c !== d) vertex(2 * v + 4, 2 * u + 3);
      if (b !== d) vertex(2 * v + 3, 2 * u + 4);
    }
  }
  const hull = new Int32Array(4 * min.length);
  const n = planeHull(min, max, 0, 1, min.length, hull);
  let most = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const dv = (hull[2 * j] - hull[2 * i]) * sv / 2;
      const du = (hull[2 * j + 1] - hull[2 * i + 1]) * su / 2;
      most = Math.max(most, dv * dv + du * du);
    }
  }
  return { surface: cells * su * sv, perimeter: alongU * su + alongV * sv + corners * corner, diameter: Math.sqrt(most) };
}
