import { sorted } from "../math/index.js";
import type { Numbers } from "./binaryInput.js";

/** Cuts at the quantiles (type 7) 0, 1/count, …, 1 without repeats, and each value's group (a, b], the first with its lower end. */
export function groupByQuantile(values: Numbers, count: number): { breaks: number[]; group: Int32Array } {
  const s = sorted(values);
  const breaks: number[] = [];
  for (let g = 0; g <= count; g++) {
    const at = (s.length - 1) * (g / count);
    // rounding must not push a place that is a whole number off it
    const low = Math.floor(at + 4e-15 * s.length);
    const share = Math.max(0, at - low);
    const here = s[low];
    const value = share < 4e-15 * s.length || s[low + 1] === here ? here : (1 - share) * here + share * s[low + 1];
    if (breaks.length === 0 || value > breaks[breaks.length - 1]) breaks.push(value);
  }
  const group = Int32Array.from(values, (v) => {
    let [low, high] = [1, breaks.length - 1];
    while (low < high) {
      const mid = (low + high) >> 1;
      if (breaks[mid] >= v) high = mid;
      else low = mid + 1;
    }
    return Math.max(0, low - 1);
  });
  return { breaks, group };
}
