import { mergeOrder } from "./mergeOrder.js";
import { radixOrder, type Ordered } from "./radixOrder.js";

export type { Ordered };

/** from so many values on they are dealt out by their bits */
const MANY = 100;

/**
 * Positions of the values in ascending order: values[order[0]] ≤ values[order[1]] ≤ …; equal values keep their order (stable, −0 equals
 * 0); NaN stands last. As R order(). Few values are merged, O(n log n); many are dealt out by their bits, about O(n).
 */
export function order(values: ArrayLike<number>): Int32Array {
  return values.length >= MANY ? radixOrder(values).by : merged(values);
}

/** The same, with what a tie is: see `Ordered`. NaN differ from one another. */
export function orderWithTies(values: ArrayLike<number>): Ordered {
  if (values.length >= MANY) return radixOrder(values);
  const by = merged(values);
  return { by, rises: Uint8Array.from(by, (i, k) => (k > 0 && values[i] === values[by[k - 1]] ? 0 : 1)) };
}

function merged(values: ArrayLike<number>): Int32Array {
  const n = values.length;
  const keys = new Float64Array(n);
  // −0 + 0 is 0
  for (let i = 0; i < n; i++) keys[i] = values[i] + 0;
  const at = new Int32Array(n);
  for (let i = 0; i < n; i++) at[i] = i;
  return mergeOrder(keys, at);
}

/** An ascending copy; NaN last. As R sort(na.last = TRUE). */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}
