import type { Prepared } from "./elasticNetPrepare.js";

/** residuals remembered */
const DEPTH = 4;

/**
 * Spares most of X′r. For residuals q_k of earlier λ (made orthonormal) X′q_k is known; with r = Σ c_k q_k + rest, x_j′r lies within
 * ‖x_j‖ ‖rest‖ of Σ c_k x_j′q_k (Cauchy–Schwarz). Along a path r bends little and the rest is small, so that nearly all columns are
 * seen to stay below their penalty; only the others need their product. The bound is strict: nothing is left out by guess.
 */
export type Screen = { directions: Float64Array[]; images: Float64Array[]; norm: Float64Array };

export function netScreen({ n, p, x, stride, heap }: Prepared): Screen {
  const norm = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    const column = heap.f.subarray(x + j * stride, x + j * stride + n);
    let square = 0;
    for (let i = 0; i < n; i++) square += column[i] * column[i];
    norm[j] = Math.sqrt(square) * (1 + 1e-9);
  }
  return { directions: [], images: [], norm };
}

const product = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Puts the estimate of x_j′r in g for the first `count` of the columns listed and returns ‖rest‖; Infinity where nothing is known. */
export function estimate({ directions, images }: Screen, r: Float64Array, columns: Int32Array, count: number, g: Float64Array): number {
  if (directions.length === 0) return Infinity;
  const rest = r.slice();
  const c = directions.map((q) => {
    const share = product(rest, q);
    for (let i = 0; i < rest.length; i++) rest[i] -= share * q[i];
    return share;
  });
  for (let k = 0; k < count; k++) g[columns[k]] = 0;
  images.forEach((image, d) => {
    const share = c[d];
    for (let k = 0; k < count; k++) g[columns[k]] += share * image[columns[k]];
  });
  return Math.sqrt(product(rest, rest));
}

/** Remembers r, whose products with all columns are g; the oldest is forgotten. */
export function remember(screen: Screen, r: Float64Array, g: Float64Array): void {
  const direction = r.slice();
  const image = g.slice();
  if (screen.directions.length === DEPTH) forget(screen);
  const before = product(r, r);
  screen.directions.forEach((q, d) => {
    const share = product(direction, q);
    for (let i = 0; i < q.length; i++) direction[i] -= share * q[i];
    for (let j = 0; j < image.length; j++) image[j] -= share * screen.images[d][j];
  });
  const length = Math.sqrt(product(direction, direction));
  if (!(length > 1e-6 * Math.sqrt(before))) return;
  screen.directions.push(direction.map((v) => v / length));
  screen.images.push(image.map((v) => v / length));
}

/** The orthonormal basis without its first vector spans less than the last residuals, which does no harm to the bound. */
function forget({ directions, images }: Screen): void {
  directions.shift();
  images.shift();
}
