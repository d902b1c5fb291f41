import { hypot } from "../math/index.js";

/**
 * Vertices of an icosahedron on the unit sphere, every face split into four and its new vertices pushed out to the
 * sphere, `subdivisions` times: 12, 42, 162, … vertices (10 · 4ⁿ + 2).
 */
export function icosphere(subdivisions: number): [number, number, number][] {
  const golden = (1 + Math.sqrt(5)) / 2;
  const vertices: [number, number, number][] = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const [short, long] of [[-1, golden], [1, golden], [-1, -golden], [1, -golden]]) {
      const v: [number, number, number] = [0, 0, 0];
      v[axis] = short;
      v[(axis + 1) % 3] = long;
      vertices.push(unit(v));
    }
  }
  let faces: number[][] = [];
  const near = (a: number, b: number): boolean => length(vertices[a].map((x, k) => x - vertices[b][k])) < 1.1;
  for (let a = 0; a < 12; a++) {
    for (let b = a + 1; b < 12; b++) {
      for (let c = b + 1; c < 12; c++) if (near(a, b) && near(b, c) && near(a, c)) faces.push([a, b, c]);
    }
  }
  for (let level = 0; level < subdivisions; level++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      let m = middles.get(key);
      if (m === undefined) {
        m = vertices.push(unit(vertices[a].map((x, k) => (x + vertices[b][k]) / 2))) - 1;
        middles.set(key, m);
      }
      return m;
    };
    faces = faces.flatMap(([a, b, c]) => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      return [[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]];
    });
  }
  return vertices;
}

function unit(v: number[]): [number, number, number] {
  const l = length(v);
  return [v[0] / l, v[1] / l, v[2] / l];
}

const length = ([x, y, z]: number[]): number => hypot(x, y, z);
