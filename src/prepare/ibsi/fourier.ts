import { inverseRealFft, realFft } from "../../math/index.js";
import { crop, type Box, type Triple, type Volume } from "../../image/index.js";
import { type Field, fieldOf } from "./field.js";

/**
 * A filter given by its real transfer function h of frequency, times (−i)^order. Frequencies run over −1 … 1 along each axis with
 * 1 the Nyquist frequency, sampled as linspace(−1, 1, n): this is the grid of IBSI 2's reference responses. With an even
 * n it lies half a sample beside the frequencies of the discrete transform, so the response has an imaginary part; its real
 * part is the result.
 */
export type Transfer = { h(x: number, y: number, z: number): number; order: number };

/**
 * Applies a transfer function to the whole image (periodic), slice by slice where two axes are given.
 *
 * @returns the box; only its slices are worked on in 2-D
 */
export function fourierFilter(volume: Volume, box: Box, axes: number[], transfer: Transfer): Field {
  const across = [0, 1, 2].find((axis) => !axes.includes(axis));
  const lower = [0, 0, 0] as Triple;
  const size = [...volume.size] as Triple;
  let data: Float64Array;
  if (across === undefined) data = filtered(volume.data, size, transfer, 3);
  else {
    lower[across] = box.lower[across];
    size[across] = box.size[across];
    data = inSlices(fieldOf(volume, { lower, size }), axes, across, transfer);
  }
  const inside = { lower: box.lower.map((l, axis) => l - lower[axis]) as Triple, size: box.size };
  const part = crop({ ...volume, size, data }, inside).data as Float64Array;
  return { lower: [...box.lower], size: [...box.size], whole: [...volume.size], data: part };
}

function inSlices({ size, data }: Field, [u, v]: number[], across: number, { h, order }: Transfer): Float64Array {
  const step = [1, size[0], size[0] * size[1]];
  const stack = [size[u], size[v], size[across]] as Triple;
  // where number k of the stack of slices lies in the field
  const place = new Uint32Array(data.length);
  for (let w = 0, k = 0; w < stack[2]; w++) {
    for (let j = 0; j < stack[1]; j++) for (let i = 0; i < stack[0]; i++) place[k++] = w * step[across] + j * step[v] + i * step[u];
  }
  const flat = [
    (a: number, b: number) => h(0, a, b), (a: number, b: number) => h(a, 0, b), (a: number, b: number) => h(a, b, 0),
  ][across];
  const response = filtered(Float64Array.from(place, (at) => data[at]), stack, { h: flat, order }, 2);
  const out = new Float64Array(data.length);
  for (let k = 0; k < out.length; k++) out[place[k]] = response[k];
  return out;
}

function filtered(data: ArrayLike<number>, size: Triple, { h, order }: Transfer, dimensions: 2 | 3): Float64Array {
  const spectrum = realFft(data, size, dimensions);
  const { re, im, half } = spectrum;
  const [nx, ny, nz] = size;
  const [fx, fy] = [frequencies(nx), frequencies(ny)];
  const fz = dimensions === 3 ? frequencies(nz) : new Float64Array(nz);
  // conjugate symmetry keeps the even part of h for even orders, the odd part for odd ones
  const parity = order % 2 === 0 ? 1 : -1;
  // (−i)^order
  const turnRe = [1, 0, -1, 0][order % 4];
  const turnIm = [0, -1, 0, 1][order % 4];
  const gains = new Float64Array(half * ny);
  for (let z = 0, at = 0; z < nz; z++) {
    if (z === 0 || dimensions === 3) {
      const mz = (nz - z) % nz;
      for (let y = 0, k = 0; y < ny; y++) {
        const my = (ny - y) % ny;
        for (let x = 0; x < half; x++) gains[k++] = 0.5 * (h(fx[x], fy[y], fz[z]) + parity * h(fx[(nx - x) % nx], fy[my], fz[mz]));
      }
    }
    for (let k = 0; k < gains.length; k++, at++) {
      const a = gains[k] * re[at];
      const b = gains[k] * im[at];
      re[at] = turnRe * a - turnIm * b;
      im[at] = turnRe * b + turnIm * a;
    }
  }
  return inverseRealFft(spectrum);
}

/** linspace(−1, 1, n) in the order of the discrete transform; 0 for a single voxel. */
function frequencies(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, k) => (n === 1 ? 0 : -1 + (2 * ((k + (n >> 1)) % n)) / (n - 1)));
}
