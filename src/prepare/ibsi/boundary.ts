/** How a filter continues an image beyond its border; mirror repeats the border voxel (half-sample symmetric). */
export type Boundary = "zero" | "nearest" | "periodic" | "mirror";

/** The ways that IBSI 2 (arXiv:2006.05470) knows to continue an image beyond its border. */
export const boundaries: readonly Boundary[] = ["zero", "nearest", "periodic", "mirror"];

/**
 * Where positions from … to − 1 of an axis of n voxels take their values: a position in 0 … n − 1, or −1 for zero.
 * IBSI 2 manual (arXiv:2006.05470); like scipy.ndimage's constant, nearest, wrap and reflect.
 */
export function boundaryIndex(n: number, from: number, to: number, boundary: Boundary): Int32Array {
  const index = new Int32Array(to - from);
  for (let i = from; i < to; i++) index[i - from] = i >= 0 && i < n ? i : beyond(n, i, boundary);
  return index;
}

function beyond(n: number, i: number, boundary: Boundary): number {
  const modulo = (m: number) => ((i % m) + m) % m;
  if (boundary === "zero") return -1;
  if (boundary === "nearest") return i < 0 ? 0 : n - 1;
  if (boundary === "periodic") return modulo(n);
  const twice = modulo(2 * n);
  return twice < n ? twice : 2 * n - 1 - twice;
}

/** The positions of an axis of n voxels that a filter reaching `reach` voxels to both sides needs for from … to − 1. */
export function neededRange(n: number, from: number, to: number, reach: number, boundary: Boundary): [number, number] {
  if (from - reach >= 0 && to + reach <= n) return [from - reach, to + reach];
  return boundary === "periodic" ? [0, n] : [Math.max(0, from - reach), Math.min(n, to + reach)];
}
