import { InputError } from "./check.js";
import { fftLines, fftPlan } from "./fft.js";

/** Half of the spectrum of a real array, kx = 0 … ⌊nx / 2⌋ fastest; the other half is its conjugate mirror image. */
export type HalfSpectrum = {
  size: [number, number, number];
  half: number;
  re: Float64Array;
  im: Float64Array;
  /** 3, or 2 where every slice was transformed by itself */
  dimensions: 2 | 3;
};

/**
 * Transform of a real 3-D array, or of each of its slices, two real lines in one complex transform.
 * Agrees with numpy.fft.rfftn up to the order of axes.
 *
 * @param data       nx · ny · nz samples, x fastest
 * @param dimensions 2 transforms along x and y only
 * @throws InputError where data has not as many samples as `size` says
 */
export function realFft(data: ArrayLike<number>, size: [number, number, number], dimensions: 2 | 3 = 3): HalfSpectrum {
  const [nx, ny, nz] = size;
  if (data.length !== nx * ny * nz) {
    throw new InputError(`realFft: data has ${data.length} samples but size ${size.join("×")} needs ${nx * ny * nz}.`);
  }
  const half = (nx >> 1) + 1;
  const rows = ny * nz;
  const re = new Float64Array(half * rows);
  const im = new Float64Array(half * rows);
  const plan = fftPlan(nx);
  const a = new Float64Array(nx * plan.lanes);
  const b = new Float64Array(nx * plan.lanes);
  for (let row = 0; row < rows; row += 2 * plan.lanes) {
    const pairs = Math.min(plan.lanes, (rows - row + 1) >> 1);
    for (let pair = 0; pair < pairs; pair++) {
      const at = (row + 2 * pair) * nx;
      const second = row + 2 * pair + 1 < rows;
      for (let x = 0; x < nx; x++) {
        a[pair * nx + x] = data[at + x];
        b[pair * nx + x] = second ? data[at + nx + x] : 0;
      }
    }
    fftLines(plan, a, b, { start: 0, step: 1, lines: pairs, lineStep: nx });
    for (let pair = 0; pair < pairs; pair++) {
      const out = (row + 2 * pair) * half;
      const second = row + 2 * pair + 1 < rows;
      for (let k = 0; k < half; k++) {
        const p = pair * nx + k;
        const m = pair * nx + (k === 0 ? 0 : nx - k);
        re[out + k] = 0.5 * (a[p] + a[m]);
        im[out + k] = 0.5 * (b[p] - b[m]);
        if (!second) continue;
        re[out + half + k] = 0.5 * (b[p] + b[m]);
        im[out + half + k] = 0.5 * (a[m] - a[p]);
      }
    }
  }
  const spectrum: HalfSpectrum = { size, half, re, im, dimensions };
  otherAxes(spectrum, false);
  return spectrum;
}

/** The real array of a half spectrum (which is used up): inverse of realFft, with 1 / n of each transformed axis. As numpy.fft.irfftn. */
export function inverseRealFft(spectrum: HalfSpectrum): Float64Array {
  const { size: [nx, ny, nz], half, re, im } = spectrum;
  otherAxes(spectrum, true);
  const rows = ny * nz;
  const data = new Float64Array(nx * rows);
  const plan = fftPlan(nx);
  const a = new Float64Array(nx * plan.lanes);
  const b = new Float64Array(nx * plan.lanes);
  for (let row = 0; row < rows; row += 2 * plan.lanes) {
    const pairs = Math.min(plan.lanes, (rows - row + 1) >> 1);
    for (let pair = 0; pair < pairs; pair++) {
      const from = (row + 2 * pair) * half;
      const next = row + 2 * pair + 1 < rows ? half : NaN;
      for (let k = 0; k < half; k++) {
        const hasSecond = next === half;
        const r2 = hasSecond ? re[from + half + k] : 0;
        const i2 = hasSecond ? im[from + half + k] : 0;
        // the imaginary part of a real line's own mirror frequencies (0 and n / 2) carries no signal
        const selfMirror = k === 0 || 2 * k === nx;
        const i1 = selfMirror ? 0 : im[from + k];
        const j2 = selfMirror ? 0 : i2;
        a[pair * nx + k] = re[from + k] - j2;
        b[pair * nx + k] = i1 + r2;
        if (selfMirror) continue;
        a[pair * nx + nx - k] = re[from + k] + j2;
        b[pair * nx + nx - k] = r2 - i1;
      }
    }
    fftLines(plan, a, b, { start: 0, step: 1, lines: pairs, lineStep: nx }, true);
    for (let pair = 0; pair < pairs; pair++) {
      const to = (row + 2 * pair) * nx;
      data.set(a.subarray(pair * nx, pair * nx + nx), to);
      if (row + 2 * pair + 1 < rows) data.set(b.subarray(pair * nx, pair * nx + nx), to + nx);
    }
  }
  return data;
}

function otherAxes({ size: [, ny, nz], half, re, im, dimensions }: HalfSpectrum, inverse: boolean): void {
  const slice = half * ny;
  if (ny > 1) {
    const plan = fftPlan(ny);
    for (let z = 0; z < nz; z++) fftLines(plan, re, im, { start: z * slice, step: half, lines: half, lineStep: 1 }, inverse);
  }
  if (nz > 1 && dimensions === 3) fftLines(fftPlan(nz), re, im, { start: 0, step: slice, lines: slice, lineStep: 1 }, inverse);
}
