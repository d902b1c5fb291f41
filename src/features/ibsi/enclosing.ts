import { hypot } from "../../math/index.js";

/** Volume, mm³, and surface area, mm². */
export type Solid = { volume: number; area: number };

export function box(a: number, b: number, c: number): Solid {
  return { volume: a * b * c, area: 2 * (a * b + b * c + c * a) };
}

/**
 * Ellipsoid of semi-axes a >= b >= c > 0. Surface by Maas' series in Legendre polynomials up to order 20, as IBSI asks for
 * (reference manual, arXiv:1612.07003, 3.1): A = 4π a b Σ (αβ)^ν P_ν((α² + β²) / 2αβ) / (1 − 4ν²), α² = 1 − b²/a², β² = 1 − c²/a².
 * With these α and β the series is exact for spheres only (Maas' own α² = 1 − c²/b² would be exact for all); the consensus
 * values rest on it.
 */
export function ellipsoid(a: number, b: number, c: number): Solid {
  const volume = 4 / 3 * Math.PI * a * b * c;
  const alpha = Math.sqrt(1 - (b * b) / (a * a));
  const beta = Math.sqrt(1 - (c * c) / (a * a));
  // q_ν = (αβ)^ν P_ν(x) with x αβ = (α² + β²) / 2: the recurrence needs no division, so a sphere is no special case
  const product = alpha * beta;
  const middle = (alpha * alpha + beta * beta) / 2;
  let before = 0;
  let q = 1;
  let sum = 1;
  for (let v = 1; v <= 20; v++) {
    const next = ((2 * v - 1) * middle * q - (v - 1) * product * product * before) / v;
    before = q;
    q = next;
    sum += q / (1 - 4 * v * v);
  }
  return { volume, area: 4 * Math.PI * a * b * sum };
}

/** Volume and surface of a closed hull; `triangles` are corner numbers, `points` x, y, z. */
export function hullSolid(points: Float64Array, triangles: Int32Array): Solid {
  let volume = 0;
  let area = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [p, q, r] = [triangles[t], triangles[t + 1], triangles[t + 2]].map((k) => points.subarray(3 * k, 3 * k + 3));
    const n = normal(p, q, r);
    area += hypot(n[0], n[1], n[2]) / 2;
    volume += (p[0] * n[0] + p[1] * n[1] + p[2] * n[2]) / 6;
  }
  return { volume, area };
}

const normal = (p: Float64Array, q: Float64Array, r: Float64Array) => {
  const [ux, uy, uz] = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
  const [vx, vy, vz] = [r[0] - p[0], r[1] - p[1], r[2] - p[2]];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
};

/**
 * Smallest box with one side flat on a side of the convex hull (and one edge of that side along an edge of the hull's outline seen
 * from there). The smallest box of all may lean on edges only (O'Rourke 1985), so this is an upper bound, close in practice.
 *
 * @param points    corners of the hull, x, y, z in mm
 * @param triangles of the hull
 */
export function orientedBox(points: Float64Array, triangles: Int32Array): Solid {
  let best: Solid = { volume: Infinity, area: Infinity };
  const seen = new Set<string>();
  const n = points.length / 3;
  for (let t = 0; t < triangles.length; t += 3) {
    const [p, q, r] = [triangles[t], triangles[t + 1], triangles[t + 2]].map((k) => points.subarray(3 * k, 3 * k + 3));
    const m = normal(p, q, r);
    const length = hypot(m[0], m[1], m[2]);
    const w = m.map((x) => x / length);
    // the two sides of a slab, and all triangles of one flat side, give one box
    const key = w.map((x) => Math.round(Math.sign(w.find((c) => Math.abs(c) > 1e-9)!) * x * 1e9) + 0).join();
    if (seen.has(key)) continue;
    seen.add(key);
    const edge = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
    const long = hypot(edge[0], edge[1], edge[2]);
    const u = edge.map((x) => x / long);
    const v = [w[1] * u[2] - w[2] * u[1], w[2] * u[0] - w[0] * u[2], w[0] * u[1] - w[1] * u[0]];
    let low = Infinity;
    let high = -Infinity;
    const flat = new Float64Array(2 * n);
    for (let k = 0; k < n; k++) {
      const [x, y, z] = [points[3 * k], points[3 * k + 1], points[3 * k + 2]];
      flat[2 * k] = u[0] * x + u[1] * y + u[2] * z;
      flat[2 * k + 1] = v[0] * x + v[1] * y + v[2] * z;
      const height = w[0] * x + w[1] * y + w[2] * z;
      if (height < low) low = height;
      if (height > high) high = height;
    }
    const [a, b] = rectangle(outline(flat));
    const solid = box(a, b, high - low);
    if (solid.volume < best.volume) best = solid;
  }
  return best;
}

/** Convex outline of points in the plane, counter-clockwise (monotone chain, Andrew 1979). */
function outline(points: Float64Array): [number, number][] {
  const sorted: [number, number][] = Array.from({ length: points.length / 2 }, (_, k) => [points[2 * k], points[2 * k + 1]]);
  sorted.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (list: [number, number][]) => {
    const hull: [number, number][] = [];
    for (const p of list) {
      while (hull.length > 1 && turn(hull[hull.length - 2], hull[hull.length - 1], p) <= 0) hull.pop();
      hull.push(p);
    }
    hull.pop();
    return hull;
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

const turn = (o: [number, number], a: [number, number], b: [number, number]) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

/** Sides of the smallest rectangle around a convex outline: one side lies along an edge (Freeman & Shapira 1975). */
function rectangle(hull: [number, number][]): [number, number] {
  let best: [number, number] = [Infinity, Infinity];
  for (let k = 0; k < hull.length; k++) {
    const [px, py] = hull[k];
    const [qx, qy] = hull[(k + 1) % hull.length];
    const length = hypot(qx - px, qy - py);
    if (length === 0) continue;
    const [c, s] = [(qx - px) / length, (qy - py) / length];
    let left = Infinity, right = -Infinity, top = -Infinity;
    for (const [x, y] of hull) {
      const along = c * x + s * y;
      const up = c * (y - py) - s * (x - px);
      if (along < left) left = along;
      if (along > right) right = along;
      if (up > top) top = up;
    }
    if ((right - left) * top < best[0] * best[1]) best = [right - left, top];
  }
  return best;
}
