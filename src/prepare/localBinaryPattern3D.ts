import { checkBox, crop, cropGrid, type Box, type Triple, type Volume } from "../image/index.js";
import { acos, atan2, hypot, InputError, power, powerOfTwo } from "../math/index.js";
import type { Filter, FilterOptions } from "./filter.js";
import { icosphere } from "./icosphere.js";
import { cubicSampler } from "./cubicSampler.js";
import { sphericalHarmonic } from "./sphericalHarmonic.js";

/**
 * Local binary pattern on a sphere around each voxel: the image is sampled by cubic B-splines at the vertices of an
 * icosphere (voxel units, 0 outside the image; rounded for integer images), s = 1 where a sample is at least the centre.
 * Image m(n + 1) is the strength of degree n < lbp3DLevels of s in spherical harmonics, √ Σ_v (Σ_m c_nm Y_nm(v))² with
 * c_nm = Σ_v s(v) Y_nm(v); image k is the kurtosis (minus 3) of the samples, NaN where they are all equal.
 * Banerjee, Moelker, Niessen & van Walsum, 3D LBP-based rotationally invariant region description (2012).
 * Agrees with PyRadiomics, which takes the polar angle of a vertex for its azimuth and the reverse, and x for array axis z.
 */
export const localBinaryPattern3D: Filter = {
  imageType: "LBP3D",
  *apply(volume, box, options) {
    checkBox(volume, box);
    const { lbp3DLevels: levels, lbp3DIcosphereRadius: radius, lbp3DIcosphereSubdivision: subdivision } = checked(options);
    const vertices = icosphere(subdivision);
    const n = box.size[0] * box.size[1] * box.size[2];
    const samples = sampleSphere(volume, box, vertices.map(([x, y, z]) => [z * radius, y * radius, x * radius]));
    const centre = Float64Array.from(crop(volume, box).data);
    const grid = cropGrid(volume, box);
    for (let level = 0; level < levels; level++) {
      yield { name: `lbp-3D-m${level + 1}`, image: { ...grid, data: strength(level, vertices, samples, centre) } };
    }
    const data = new Float64Array(n);
    for (let i = 0; i < n; i++) data[i] = kurtosis(samples, i);
    yield { name: "lbp-3D-k", image: { ...grid, data } };
  },
};

function checked(options: FilterOptions): FilterOptions {
  const { lbp3DLevels, lbp3DIcosphereRadius, lbp3DIcosphereSubdivision } = options;
  if (!Number.isInteger(lbp3DLevels) || lbp3DLevels < 1 || !(lbp3DIcosphereRadius > 0) ||
    !Number.isInteger(lbp3DIcosphereSubdivision) || lbp3DIcosphereSubdivision < 0 || lbp3DIcosphereSubdivision > 5) {
    throw new InputError(`LBP3D: ${lbp3DLevels} levels, radius ${lbp3DIcosphereRadius} and subdivision ${lbp3DIcosphereSubdivision} found; ` +
      "at least 1 level, a radius above 0 and a subdivision from 0 to 5 are expected.");
  }
  return options;
}

/** Samples of all voxels of the box, one array per vertex; rounded half away from zero and held in range for integer images. */
function sampleSphere(volume: Volume, box: Box, offsets: Triple[]): Float64Array[] {
  const { data } = volume;
  const isInteger = !(data instanceof Float32Array || data instanceof Float64Array);
  const bits = data.BYTES_PER_ELEMENT * 8;
  const isSigned = data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array;
  const [low, high] = isSigned ? [-powerOfTwo(bits - 1), powerOfTwo(bits - 1) - 1] : [0, powerOfTwo(bits) - 1];
  const sample = cubicSampler(volume, box, Math.max(...offsets.flat().map(Math.abs)));
  return offsets.map((offset) => {
    const values = sample(offset);
    if (isInteger) {
      for (let i = 0; i < values.length; i++) {
        const rounded = values[i] > 0 ? Math.floor(values[i] + 0.5) : Math.ceil(values[i] - 0.5);
        values[i] = Math.min(high, Math.max(low, rounded));
      }
    }
    return values;
  });
}

/** √ of the quadratic form c G c, G = Σ_v Y_m(v) Y_m'(v): the real part of its complex root, as there is no conjugate. */
function strength(degree: number, vertices: Triple[], samples: Float64Array[], centre: Float64Array): Float64Array {
  const orders = 2 * degree + 1;
  const y = Array.from({ length: orders }, (_, k) => vertices.map(([vx, vy, vz]) =>
    sphericalHarmonic(degree, k - degree, acos(Math.max(-1, Math.min(1, vz))), atan2(vy, vx))));
  const re = new Float64Array(orders * centre.length);
  const im = new Float64Array(orders * centre.length);
  for (let v = 0; v < vertices.length; v++) {
    for (let k = 0; k < orders; k++) {
      const { re: yr, im: yi } = y[k][v];
      const from = k * centre.length;
      for (let i = 0; i < centre.length; i++) {
        if (samples[v][i] >= centre[i]) {
          re[from + i] += yr;
          im[from + i] += yi;
        }
      }
    }
  }
  const gram = y.map((a) => y.map((b) => a.reduce((s, p, v) => ({
    re: s.re + p.re * b[v].re - p.im * b[v].im, im: s.im + p.re * b[v].im + p.im * b[v].re }), { re: 0, im: 0 })));
  return Float64Array.from(centre, (_, i) => {
    let sumRe = 0;
    let sumIm = 0;
    for (let k = 0; k < orders; k++) {
      for (let l = 0; l < orders; l++) {
        const [a, b, c, d] = [re[k * centre.length + i], im[k * centre.length + i], re[l * centre.length + i], im[l * centre.length + i]];
        const pr = a * c - b * d;
        const pi = a * d + b * c;
        sumRe += pr * gram[k][l].re - pi * gram[k][l].im;
        sumIm += pr * gram[k][l].im + pi * gram[k][l].re;
      }
    }
    return Math.sqrt((hypot(sumRe, sumIm) + sumRe) / 2);
  });
}

/** Fourth over squared second central moment, minus 3. */
function kurtosis(samples: Float64Array[], i: number): number {
  let mean = 0;
  for (const s of samples) mean += s[i];
  mean /= samples.length;
  let m2 = 0;
  let m4 = 0;
  for (const s of samples) {
    const d2 = (s[i] - mean) * (s[i] - mean);
    m2 += d2;
    m4 += d2 * d2;
  }
  m2 /= samples.length;
  m4 /= samples.length;
  return m2 <= power(1e-15 * mean, 2) ? NaN : m4 / (m2 * m2) - 3;
}
