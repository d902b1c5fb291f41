/** A closed convex surface: corner numbers of each triangle, counter-clockwise from outside, and the corners used, ascending. */
export type Hull = { triangles: Int32Array; vertices: Int32Array };

type Face = { a: number; b: number; c: number; nx: number; ny: number; nz: number; d: number; beside: Face[]; outside: number[]; alive: boolean; seen: number };

/**
 * Convex hull of points in space by Quickhull (Barber, Dobkin & Huhdanpaa, ACM Trans Math Softw 1996;22:469).
 * Exact for integer coordinates up to 2¹⁶: every orientation is then an exact integer. Points inside a flat side are not corners of it,
 * save where triangles of that side need them.
 *
 * @param points x, y, z of one point after the other
 * @returns no triangles and no vertices where all points lie in one plane
 */
export function convexHull(points: ArrayLike<number>): Hull {
  const start = simplex(points);
  if (start === undefined) return { triangles: new Int32Array(0), vertices: new Int32Array(0) };
  const faces: Face[] = [];
  const [p, q, r, s] = start;
  const first = [face(points, p, q, r), face(points, p, s, q), face(points, q, s, r), face(points, r, s, p)];
  // face k of the tetrahedron and its neighbours across ab, bc, ca
  first[0].beside = [first[1], first[2], first[3]];
  first[1].beside = [first[3], first[2], first[0]];
  first[2].beside = [first[1], first[3], first[0]];
  first[3].beside = [first[2], first[1], first[0]];
  for (let k = 0; k < points.length / 3; k++) place(points, first, k);
  faces.push(...first);
  const queue = first.slice();
  for (let f = queue.pop(), round = 1; f !== undefined; f = queue.pop(), round++) {
    if (!f.alive || f.outside.length === 0) continue;
    const eye = farthest(points, f);
    const visible: Face[] = [f];
    f.seen = round;
    const horizon: { a: number; b: number; over: Face }[] = [];
    for (let k = 0; k < visible.length; k++) {
      const g = visible[k];
      for (let e = 0; e < 3; e++) {
        const h = g.beside[e];
        if (h.seen === round) continue;
        if (height(points, h, eye) > 0) { h.seen = round; visible.push(h); }
        else horizon.push({ a: e === 0 ? g.a : e === 1 ? g.b : g.c, b: e === 0 ? g.b : e === 1 ? g.c : g.a, over: h });
      }
    }
    for (const g of visible) g.alive = false;
    const fresh = cone(points, eye, horizon);
    for (const g of visible) for (const k of g.outside) if (k !== eye) place(points, fresh, k);
    faces.push(...fresh);
    queue.push(...fresh);
  }
  const triangles = Int32Array.from(faces.filter((f) => f.alive).flatMap((f) => [f.a, f.b, f.c]));
  return { triangles, vertices: Int32Array.from(new Set(triangles)).sort() };
}

function face(p: ArrayLike<number>, a: number, b: number, c: number): Face {
  const ax = p[3 * a], ay = p[3 * a + 1], az = p[3 * a + 2];
  const ux = p[3 * b] - ax, uy = p[3 * b + 1] - ay, uz = p[3 * b + 2] - az;
  const vx = p[3 * c] - ax, vy = p[3 * c + 1] - ay, vz = p[3 * c + 2] - az;
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  return { a, b, c, nx, ny, nz, d: nx * ax + ny * ay + nz * az, beside: [], outside: [], alive: true, seen: 0 };
}

/** Signed distance of point k over the face, times the length of the face's normal. */
function height(p: ArrayLike<number>, f: Face, k: number): number {
  return f.nx * p[3 * k] + f.ny * p[3 * k + 1] + f.nz * p[3 * k + 2] - f.d;
}

/** Gives point k to the first face that sees it; a point that none sees lies inside. */
function place(p: ArrayLike<number>, faces: Face[], k: number): void {
  for (const f of faces) {
    if (height(p, f, k) > 0) { f.outside.push(k); return; }
  }
}

function farthest(p: ArrayLike<number>, f: Face): number {
  let best = f.outside[0];
  let most = -Infinity;
  for (const k of f.outside) {
    const h = height(p, f, k);
    if (h > most) { most = h; best = k; }
  }
  return best;
}

/** New faces from the horizon's edges to the eye, linked to each other and to the faces beyond the horizon. */
function cone(points: ArrayLike<number>, eye: number, horizon: { a: number; b: number; over: Face }[]): Face[] {
  const startingAt = new Map<number, Face>();
  const fresh = horizon.map(({ a, b, over }) => {
    const f = face(points, a, b, eye);
    const across = over.a === b ? 0 : over.b === b ? 1 : 2;
    over.beside[across] = f;
    f.beside[0] = over;
    startingAt.set(a, f);
    return f;
  });
  for (const f of fresh) {
    const next = startingAt.get(f.b)!;
    f.beside[1] = next;
    next.beside[2] = f;
  }
  return fresh;
}

/** Four points that span space, turned so that p, q, r is seen counter-clockwise from outside; undefined where there are none. */
function simplex(points: ArrayLike<number>): [number, number, number, number] | undefined {
  const n = points.length / 3;
  if (n < 4) return undefined;
  const at = (k: number) => [points[3 * k], points[3 * k + 1], points[3 * k + 2]];
  const furthest = (measure: (x: number[]) => number) => {
    let best = 0;
    let most = -Infinity;
    for (let k = 0; k < n; k++) {
      const m = measure(at(k));
      if (m > most) { most = m; best = k; }
    }
    return most > 0 ? best : undefined;
  };
  const p = 0;
  const from = at(p);
  const less = (x: number[]) => [x[0] - from[0], x[1] - from[1], x[2] - from[2]];
  const q = furthest((x) => square(less(x)));
  if (q === undefined) return undefined;
  const u = less(at(q));
  const r = furthest((x) => square(cross(u, less(x))));
  if (r === undefined) return undefined;
  const normal = cross(u, less(at(r)));
  const s = furthest((x) => Math.abs(dot(normal, less(x))));
  if (s === undefined) return undefined;
  return dot(normal, less(at(s))) < 0 ? [p, q, r, s] : [p, r, q, s];
}

const dot = (u: number[], v: number[]) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
const square = (u: number[]) => dot(u, u);
const cross = (u: number[], v: number[]) => [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
