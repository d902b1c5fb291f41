import { exp, log } from "../math/index.js";
import { checkBox, cropGrid, forRows, type Volume } from "../image/index.js";
import type { Filter } from "./filter.js";

/**
 * Filters of single voxels, scaled with the largest |x| of the whole image, m. float64, as in PyRadiomics.
 *
 * Square:      (x / √m)², so the sign is lost, as in PyRadiomics (its documentation says otherwise)
 * SquareRoot:  sign(x) √(m |x|)
 * Logarithm:   sign(x) log(|x| + 1) · m / log(m + 1)
 * Exponential: exp(x log(m) / m)
 */
export const square = pointFilter("Square", "square", (m) => {
  const c = 1 / Math.sqrt(m);
  return (x) => c * x * (c * x);
});

export const squareRoot = pointFilter("SquareRoot", "squareroot", (m) => (x) =>
  x > 0 ? Math.sqrt(x * m) : x < 0 ? -Math.sqrt(-x * m) : x);

export const logarithm = pointFilter("Logarithm", "logarithm", (m) => {
  const c = m / log(m + 1);
  return (x) => c * (x > 0 ? log(x + 1) : x < 0 ? -log(-x + 1) : x);
});

export const exponential = pointFilter("Exponential", "exponential", (m) => {
  const c = log(m) / m;
  return (x) => exp(c * x);
});

/** @param of  from the largest |x| to the function of one voxel */
function pointFilter(imageType: string, name: string, of: (largest: number) => (x: number) => number): Filter {
  return {
    imageType,
    *apply(volume, box) {
      checkBox(volume, box);
      const f = of(largestMagnitude(volume));
      const data = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
      forRows(volume, box, (from, to, n) => {
        for (let i = 0; i < n; i++) data[to + i] = f(volume.data[from + i]);
      });
      yield { name, image: { ...cropGrid(volume, box), data } };
    },
  };
}

const magnitudes = new WeakMap<Volume, number>();

/** max |x| of the whole image; remembered, because four filters ask for it. NaN where any voxel is NaN or infinite. */
function largestMagnitude(volume: Volume): number {
  const { data } = volume;
  let largest = magnitudes.get(volume);
  if (largest === undefined) {
    let low = data[0];
    let high = data[0];
    let sum = 0;
    for (let i = 0; i < data.length; i++) {
      const x = data[i];
      if (x < low) low = x;
      if (x > high) high = x;
      sum += x;
    }
    largest = !Number.isFinite(sum) && data.some((x: number) => !Number.isFinite(x)) ? NaN : Math.max(-low, high);
    magnitudes.set(volume, largest);
  }
  return largest;
}
