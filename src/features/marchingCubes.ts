/**
 * The surface inside one cube of eight voxel centres. Corner k lies at x = k & 1, y = k >> 1 & 1, z = k >> 2;
 * a cube's case is the sum of 2ᵏ over its corners inside the region.
 */
export type CubeCase = {
  /** triangles as edge midpoints x, y, z in half voxels (0, 1, 2) from corner 0; nine numbers each, normals outward */
  triangles: Int8Array;
  /** −1 where the triangles are those of the complement: their normals point inward */
  sign: 1 | -1;
};

/** The corner at x = 0, y = 1, z = 1: a case that holds it is drawn as its complement. */
const complemented = 1 << 6;

/**
 * Marching cubes on a 0/1 mask (Lorensen & Cline, Comput Graph 1987;21:163) with vertices at edge midpoints: one of the 256 cases.
 * Rules, found to be those behind PyRadiomics' meshes by reproducing its areas and volumes:
 * a case that holds corner 6 takes the surface of its complement with the volume's sign turned (this leaves open seams where two
 * ambiguous cubes meet; without the rule, `closed`, there are none);
 * on an ambiguous face (two corners in, two out, diagonally) the drawn corners are kept apart;
 * each closed loop is a fan of triangles from one vertex (`apex`).
 */
export function cubeCase(code: number, closed = false): CubeCase {
  const turned = !closed && (code & complemented) !== 0;
  const drawn = turned ? 255 - code : code;
  const triangles: number[] = [];
  for (const loop of loops(drawn)) {
    const ring = outward(loop, drawn) ? loop : loop.slice().reverse();
    const top = apex(ring);
    for (let k = 1; k < ring.length - 1; k++) {
      for (const j of [0, k, k + 1]) triangles.push(...midpoints[ring[(top + j) % ring.length]]);
    }
  }
  return { triangles: Int8Array.from(triangles), sign: turned ? -1 : 1 };
}

/** Place x, y, z in half voxels (0, 1, 2) of point number 9z + 3y + x; where exactly one of the three is 1 it is the midpoint of an edge. */
const midpoints = Array.from({ length: 27 }, (_, m) => [m % 3, Math.floor(m / 3) % 3, Math.floor(m / 9)]);

const corner = (k: number) => 2 * (k & 1) + 6 * (k >> 1 & 1) + 18 * (k >> 2);

/** Corners of the six faces, in turn around each. */
const cubeFaces = [[0, 1, 3, 2], [4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5]];

/** Each face's edge midpoints: k lies between corners k and k + 1 of the face. */
const faceEdges = cubeFaces.map((face) => face.map((k, i) => (corner(k) + corner(face[(i + 1) % 4])) / 2));

/** The closed loops in which the surface meets the cube's faces, as numbers of midpoints. */
function loops(code: number): number[][] {
  const beside: number[][] = Array.from({ length: 27 }, () => []);
  const join = (u: number, v: number) => { beside[u].push(v); beside[v].push(u); };
  cubeFaces.forEach((face, f) => {
    const edges = faceEdges[f];
    const inside = face.map((k) => code >> k & 1);
    const crossed = [0, 1, 2, 3].filter((i) => inside[i] !== inside[(i + 1) % 4]);
    if (crossed.length === 2) join(edges[crossed[0]], edges[crossed[1]]);
    else if (crossed.length === 4) for (let i = 0; i < 4; i++) if (inside[i] === 1) join(edges[(i + 3) % 4], edges[i]);
  });
  const found: number[][] = [];
  const used = new Set<number>();
  for (let m = 0; m < 27; m++) {
    if (beside[m].length === 0 || used.has(m)) continue;
    const loop: number[] = [];
    for (let at: number | undefined = m; at !== undefined; at = beside[at].find((next) => !used.has(next))) {
      used.add(at);
      loop.push(at);
    }
    found.push(loop);
  }
  return found;
}

/** Whether the loop's normal points from the inside corners of its edges to their outside corners. */
function outward(loop: number[], code: number): boolean {
  const area = [0, 0, 0];
  loop.forEach((m, k) => {
    const [x, y, z] = midpoints[m];
    const [u, v, w] = midpoints[loop[(k + 1) % loop.length]];
    area[0] += y * w - z * v;
    area[1] += z * u - x * w;
    area[2] += x * v - y * u;
  });
  let toward = 0;
  for (const m of loop) {
    const place = midpoints[m];
    const axis = place.indexOf(1);
    // the edge's lower corner: halves along the axis round down to 0
    const low = (place[0] >> 1) + 2 * (place[1] >> 1) + 4 * (place[2] >> 1);
    toward += (code >> low & 1) === 1 ? area[axis] : -area[axis];
  }
  return toward > 0;
}

/**
 * The vertex from which a loop is cut into triangles: no diagonal may lie in a face of the cube, and a pentagon or a hexagon takes
 * the longest diagonals (one through the cube's centre), a heptagon the one vertex whose four diagonals are equally long.
 */
function apex(ring: number[]): number {
  const n = ring.length;
  let best = 0;
  let most = 0;
  for (let k = 0; n > 4 && k < n; k++) {
    let shortest = Infinity;
    let longest = 0;
    let total = 0;
    for (let j = 2; j < n - 1; j++) {
      const to = midpoints[ring[(k + j) % n]];
      const square = midpoints[ring[k]].reduce((sum, c, a) => sum + (c - to[a]) * (c - to[a]), 0);
      shortest = Math.min(shortest, square);
      longest = Math.max(longest, square);
      total += square;
    }
    if (shortest >= 6 && (n < 7 || longest === 6) && total > most) { most = total; best = k; }
  }
  return best;
}
