import type { Triple } from "../../image/index.js";
import { fastLength, type HalfSpectrum, hypot, power, realFft } from "../../math/index.js";

/** Spatial autocorrelation of a region's intensities; NaN for a single voxel, and where all intensities are equal. */
export type Autocorrelation = { moran: number; geary: number };

/**
 * Moran's I (Biometrika 1950;37:17) and Geary's C (Incorp Statist 1954;5:115) with weights w = 1 / distance of the voxel centres, over
 * all pairs. On a lattice Σ w(a − b) f(a) g(b) is Σ ŵ f̂* ĝ / n over frequencies, on a box padded with zeros: O(n log n) instead
 * of all pairs.
 *
 * @param values of all voxels of the box, x fastest
 * @param index  positions of the region's voxels
 */
export function autocorrelation(values: ArrayLike<number>, index: Int32Array, size: Triple, spacing: Triple): Autocorrelation {
  const n = index.length;
  if (index.every((k) => values[k] === values[index[0]])) return { moran: NaN, geary: NaN };
  let sum = 0;
  for (let k = 0; k < n; k++) sum += values[index[k]];
  const mean = sum / n;
  let variance = 0;
  for (let k = 0; k < n; k++) variance += power(values[index[k]] - mean, 2) / n;
  const sums = n < 400 ? bySearch(values, index, size, spacing, mean) : byTransform(values, index, size, spacing, mean);
  return {
    moran: sums.products / sums.weights / variance,
    // Σ w (a − b)² = 2 Σ w a² − 2 Σ w a b
    geary: (n - 1) / n * (sums.squares - sums.products) / sums.weights / variance,
  };
}

/** Over ordered pairs a, b of deviations from the mean: Σ w, Σ w a b, Σ w a². */
type PairSums = { weights: number; products: number; squares: number };

function bySearch(values: ArrayLike<number>, index: Int32Array, [nx, ny]: Triple, [sx, sy, sz]: Triple, mean: number): PairSums {
  const sums = { weights: 0, products: 0, squares: 0 };
  const place = Array.from(index, (k) => [(k % nx) * sx, (Math.floor(k / nx) % ny) * sy, Math.floor(k / nx / ny) * sz]);
  for (let i = 0; i < index.length; i++) {
    const a = values[index[i]] - mean;
    for (let j = 0; j < i; j++) {
      const b = values[index[j]] - mean;
      const w = 1 / hypot(place[i][0] - place[j][0], place[i][1] - place[j][1], place[i][2] - place[j][2]);
      sums.weights += 2 * w;
      sums.products += 2 * w * a * b;
      sums.squares += w * (a * a + b * b);
    }
  }
  return sums;
}

function byTransform(values: ArrayLike<number>, index: Int32Array, [nx, ny, nz]: Triple, spacing: Triple, mean: number): PairSums {
  const size: Triple = [fastLength(2 * nx - 1), fastLength(2 * ny - 1), fastLength(2 * nz - 1)];
  const [lx, ly, lz] = size;
  const count = lx * ly * lz;
  const spread = (of: (value: number) => number) => {
    const box = new Float64Array(count);
    for (let k = 0; k < index.length; k++) {
      const x = index[k] % nx;
      const row = (index[k] - x) / nx;
      const y = row % ny;
      box[((row - y) / ny * ly + y) * lx + x] = of(values[index[k]] - mean);
    }
    return realFft(box, size);
  };
  const weight = realFft(inverseDistances(size, spacing), size);
  const mask = spread(() => 1);
  const deviation = spread((d) => d);
  const products = weighted(weight, deviation, deviation);
  const squares = weighted(weight, spread((d) => d * d), mask);
  return { weights: weighted(weight, mask, mask) / count, products: products / count, squares: squares / count };
}

/** 1 / distance to voxel 0 on a periodic box, 0 at voxel 0. */
function inverseDistances([lx, ly, lz]: Triple, [sx, sy, sz]: Triple): Float64Array {
  const w = new Float64Array(lx * ly * lz);
  for (let z = 0, k = 0; z < lz; z++) {
    const dz = Math.min(z, lz - z) * sz;
    for (let y = 0; y < ly; y++) {
      const dy = Math.min(y, ly - y) * sy;
      for (let x = 0; x < lx; x++, k++) {
        const dx = Math.min(x, lx - x) * sx;
        w[k] = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
      }
    }
  }
  w[0] = 0;
  return w;
}

/** Σ ŵ Re(f̂* ĝ) over all frequencies; ŵ is real. Frequencies with a mirror image outside the half spectrum count twice. */
function weighted(w: HalfSpectrum, f: HalfSpectrum, g: HalfSpectrum): number {
  const { half, size: [nx] } = w;
  let sum = 0;
  for (let k = 0; k < w.re.length; k++) {
    const kx = k % half;
    const times = kx === 0 || 2 * kx === nx ? 1 : 2;
    sum += times * w.re[k] * (f.re[k] * g.re[k] + f.im[k] * g.im[k]);
  }
  return sum;
}
