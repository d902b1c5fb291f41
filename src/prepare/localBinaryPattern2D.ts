import { cos, didYouMean, InputError, powerOfTwo, sin } from "../math/index.js";
import { checkBox, cropGrid, type Volume, type Voxels } from "../image/index.js";
import type { Filter, FilterOptions } from "./filter.js";

/** From the values on the circle and the centre to a code. */
type Code = (ring: Float64Array, centre: number) => number;

/**
 * The methods, for p samples sₖ = 1 where the value on the circle is at least the centre's:
 *   default  Σ sₖ 2ᵏ
 *   ror      the smallest code among all rotations of the p bits
 *   uniform  Σ sₖ where s changes at most twice from sample to sample, else p + 1
 *   var      variance of the values on the circle, NaN where it is 0
 */
const methods: Record<string, (p: number) => Code> = {
  default: () => bits,
  ror: (p) => (ring, centre) => {
    let code = bits(ring, centre);
    let least = code;
    for (let k = 1; k < p; k++) {
      code = (code % 2) * powerOfTwo(p - 1) + Math.floor(code / 2);
      least = Math.min(least, code);
    }
    return least;
  },
  uniform: (p) => (ring, centre) => {
    let ones = 0;
    let changes = 0;
    for (let k = 0; k < p; k++) {
      const above = ring[k] - centre >= 0;
      if (above) ones++;
      if (k > 0 && above !== ring[k - 1] - centre >= 0) changes++;
    }
    return changes <= 2 ? ones : p + 1;
  },
  var: (p) => (ring) => {
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < p; k++) {
      sum += ring[k];
      squares += ring[k] * ring[k];
    }
    const variance = (squares - (sum * sum) / p) / p;
    return variance === 0 ? NaN : variance;
  },
};

/**
 * Local binary pattern of every slice across `force2Ddimension` (0 z, 1 y, 2 x): bilinear samples on a circle of
 * lbp2DRadius pixels around each pixel, 0 outside the slice. The codes are written into the image's own number type.
 * Ojala et al., IEEE Trans Pattern Anal Mach Intell 2002;24:971. Agrees with scikit-image local_binary_pattern as
 * PyRadiomics calls it; samples that equal the centre are decided by the same rounding. `var` has no reference values.
 */
export const localBinaryPattern2D: Filter = {
  imageType: "LBP2D",
  *apply(volume, box, options) {
    checkBox(volume, box);
    const p = options.lbp2DSamples;
    const code = methodOf(options)(p);
    // rows and columns of a slice as PyRadiomics swaps the axes: z slices have rows y, y slices rows z, x slices rows y and columns z
    const [row, column] = [[1, 0], [2, 0], [1, 2]][options.force2Ddimension];
    const stride = [1, volume.size[0], volume.size[0] * volume.size[1]];
    const sample = bilinear(volume, row, column);
    const up = Array.from({ length: p }, (_, k) => fiveDecimals(-options.lbp2DRadius * sin((2 * Math.PI * k) / p)));
    const right = Array.from({ length: p }, (_, k) => fiveDecimals(options.lbp2DRadius * cos((2 * Math.PI * k) / p)));

    const data = new (volume.data.constructor as new (n: number) => Voxels)(box.size[0] * box.size[1] * box.size[2]);
    const ring = new Float64Array(p);
    const at = [0, 0, 0];
    let to = 0;
    for (let z = 0; z < box.size[2]; z++) {
      for (let y = 0; y < box.size[1]; y++) {
        for (let x = 0; x < box.size[0]; x++) {
          at[0] = box.lower[0] + x;
          at[1] = box.lower[1] + y;
          at[2] = box.lower[2] + z;
          const here = at[0] + at[1] * stride[1] + at[2] * stride[2];
          const slice = here - at[row] * stride[row] - at[column] * stride[column];
          for (let k = 0; k < p; k++) ring[k] = sample(slice, at[row] + up[k], at[column] + right[k]);
          data[to++] = code(ring, volume.data[here]);
        }
      }
    }
    yield { name: "lbp-2D", image: { ...cropGrid(volume, box), data } };
  },
};

function methodOf({ lbp2DMethod, lbp2DSamples, lbp2DRadius, force2Ddimension }: FilterOptions): (p: number) => Code {
  if (!Object.hasOwn(methods, lbp2DMethod)) {
    throw new InputError(`lbp2DMethod "${lbp2DMethod}" is not known. ${didYouMean(lbp2DMethod, Object.keys(methods))}`);
  }
  if (!Number.isInteger(lbp2DSamples) || lbp2DSamples < 1 || lbp2DSamples > 32 || !(lbp2DRadius > 0)) {
    throw new InputError(`LBP2D: ${lbp2DSamples} samples at radius ${lbp2DRadius} found; 1 to 32 samples and a radius above 0 are expected.`);
  }
  if (![0, 1, 2].includes(force2Ddimension)) {
    throw new InputError(`force2Ddimension is ${force2Ddimension}; 0 (z), 1 (y) or 2 (x) is expected.`);
  }
  return methods[lbp2DMethod];
}

function bits(ring: Float64Array, centre: number): number {
  let code = 0;
  for (let k = 0, weight = 1; k < ring.length; k++, weight *= 2) if (ring[k] - centre >= 0) code += weight;
  return code;
}

const fiveDecimals = (x: number): number => Math.round(x * 1e5) / 1e5;

/** Bilinear interpolation in one slice, 0 outside; the order of operations decides ties as in the reference. */
function bilinear(volume: Volume, row: number, column: number): (slice: number, r: number, c: number) => number {
  const { data, size } = volume;
  const stride = [1, size[0], size[0] * size[1]];
  const [rows, columns, down, across] = [size[row], size[column], stride[row], stride[column]];
  const pixel = (slice: number, r: number, c: number): number =>
    r >= 0 && r < rows && c >= 0 && c < columns ? data[slice + r * down + c * across] : 0;
  return (slice, r, c) => {
    const r0 = Math.floor(r), c0 = Math.floor(c), r1 = Math.ceil(r), c1 = Math.ceil(c);
    const dr = r - r0, dc = c - c0;
    const top = (1 - dc) * pixel(slice, r0, c0) + dc * pixel(slice, r0, c1);
    const bottom = (1 - dc) * pixel(slice, r1, c0) + dc * pixel(slice, r1, c1);
    return (1 - dr) * top + dr * bottom;
  };
}
