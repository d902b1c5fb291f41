import { mergeOrder } from "./mergeOrder.js";
import { radixOrder } from "./radixOrder.js";

/**
 * Positions of the values in ascending order: values[order[0]] ≤ values[order[1]] ≤ …; equal values keep their order (stable, −0 equals
 * 0); NaN stands last. As R order(). Few values are merged, O(n log n); from 4,000 on they are dealt out by their bits, about O(n).
 */
export function order(values: ArrayLike<number>): Int32Array {
  const n = values.length;
  const keys = new Float64Array(n);
  // −0 + 0 is 0
  for (let i = 0; i < n; i++) keys[i] = values[i] + 0;
  if (n >= 4000) return radixOrder(keys);
  const at = new Int32Array(n);
  for (let i = 0; i < n; i++) at[i] = i;
  return mergeOrder(keys, at);
}

/** An ascending copy; NaN last. As R sort(na.last = TRUE). */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}
