import { toDouble } from "./fixedPoint.js";
import type { FixedComplex } from "./fixedPoint.js";
import { filterFromRoots, halfBandRoots, mirrored } from "./halfBand.js";

/** Orders whose filter PyWavelets tabulates with the larger outermost coefficient first; a filter and its reversal are equally symmetric. */
const largerFirst = [2, 3, 7, 11, 12, 13, 14, 15, 16, 19, 20];

/**
 * Daubechies' least asymmetric filter with n vanishing moments, length 2n: of all ways to take each root group of the
 * half-band polynomial inside or outside the unit circle, the one whose phase is nearest to linear in the mean square.
 * Daubechies, Ten Lectures on Wavelets (1992), section 8.1.1. The choice equals PyWavelets' sym2–sym20, which print
 * about 12 correct digits from order 2 on; these are exact to double.
 */
export function symlet(n: number): Float64Array {
  const roots = halfBandRoots(n);
  const phases = roots.map(phaseInside);
  let best = 0;
  let least = Infinity;
  // the last group stays inside: to mirror all groups is to reverse the filter
  for (let choice = 0; choice < 1 << (roots.length - 1); choice++) {
    let bend = 0;
    for (let k = 0; k < gridSize; k++) {
      let phase = 0;
      for (let i = 0; i < roots.length; i++) phase += (choice >> i) & 1 ? -phases[i][k] : phases[i][k];
      bend += phase * phase;
    }
    if (bend < least) [best, least] = [choice, bend];
  }
  const filter = filterFromRoots(n, roots.map((z, i) => ((best >> i) & 1 ? mirrored(z) : z)));
  const isLargerFirst = Math.abs(filter[0]) > Math.abs(filter[2 * n - 1]);
  return isLargerFirst === largerFirst.includes(n) ? filter : filter.reverse();
}

const gridSize = 128;

/** Phase of ∏ (1 − z e^{−iω}) over a root inside the circle and its conjugate; mirroring the root changes its sign (up to a delay). */
function phaseInside(z: FixedComplex): Float64Array {
  const re = toDouble(z.re);
  const im = toDouble(z.im);
  const conjugates = im === 0 ? [0] : [im, -im];
  return Float64Array.from({ length: gridSize }, (_, k) => {
    const omega = (Math.PI * (k + 0.5)) / gridSize;
    const cos = Math.cos(omega);
    const sin = Math.sin(omega);
    return conjugates.reduce((s, y) => s + Math.atan2(re * sin - y * cos, 1 - re * cos - y * sin), 0);
  });
}
