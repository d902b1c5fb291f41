import { inverseRealFft, realFft } from "../../math/index.js";
import type { Box, Triple, Volume } from "../../image/index.js";
import { crop } from "../crop.js";
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
  if (across === undefined) data = filtered(volume.data, size, transfer, [true, true, true]);
  else {
    lower[across] = box.lower[across];
    size[across] = box.size[across];
    const field = fieldOf(volume, { lower, size });
    eachSlice(field, across, transfer);
    data = field.data;
  }
  const inside = { lower: box.lower.map((l, axis) => l - lower[axis]) as Triple, size: box.size };
  const part = crop({ ...volume, size, data }, inside).data as Float64Array;
  return { lower: [...box.lower], size: [...box.size], whole: [...volume.size], data: part };
}

function eachSlice(field: Field, across: number, transfer: Transfer): void {
  const { size, data } = field;
  const step = [1, size[0], size[0] * size[1]];
  const [u, v] = [0, 1, 2].filter((axis) => axis !== across);
  const used = [0, 1, 2].map((axis) => axis !== across) as [boolean, boolean, boolean];
  const sliceSize = size.map((n, axis) => (axis === across ? 1 : n)) as Triple;
  const slice = new Float64Array(size[u] * size[v]);
  for (let w = 0; w < size[across]; w++) {
    const at = (i: number, j: number) => w * step[across] + j * step[v] + i * step[u];
    for (let j = 0, k = 0; j < size[v]; j++) for (let i = 0; i < size[u]; i++) slice[k++] = data[at(i, j)];
    const response = filtered(slice, sliceSize, transfer, used);
    for (let j = 0, k = 0; j < size[v]; j++) for (let i = 0; i < size[u]; i++) data[at(i, j)] = response[k++];
  }
}

function filtered(data: ArrayLike<number>, size: Triple, { h, order }: Transfer, used: [boolean, boolean, boolean]): Float64Array {
  const spectrum = realFft(data, size);
  const { re, im, half } = spectrum;
  const [fx, fy, fz] = size.map((n, axis) => frequencies(n, used[axis]));
  const [nx, ny, nz] = size;
  // conjugate symmetry keeps the even part of h for even orders, the odd part for odd ones
  const parity = order % 2 === 0 ? 1 : -1;
  for (let z = 0, at = 0; z < nz; z++) {
    const mz = (nz - z) % nz;
    for (let y = 0; y < ny; y++) {
      const my = (ny - y) % ny;
      for (let x = 0; x < half; x++, at++) {
        const gain = 0.5 * (h(fx[x], fy[y], fz[z]) + parity * h(fx[(nx - x) % nx], fy[my], fz[mz]));
        const a = gain * re[at];
        const b = gain * im[at];
        // times (−i)^order
        if (order % 4 === 0) [re[at], im[at]] = [a, b];
        else if (order % 4 === 1) [re[at], im[at]] = [b, -a];
        else if (order % 4 === 2) [re[at], im[at]] = [-a, -b];
        else [re[at], im[at]] = [-b, a];
      }
    }
  }
  return inverseRealFft(spectrum);
}

/** linspace(−1, 1, n) in the order of the discrete transform; 0 along an axis that is not filtered or has one voxel. */
function frequencies(n: number, used: boolean): Float64Array {
  if (!used || n === 1) return new Float64Array(n);
  return Float64Array.from({ length: n }, (_, k) => -1 + (2 * ((k + (n >> 1)) % n)) / (n - 1));
}
