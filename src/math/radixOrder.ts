import { after, mergeOrder } from "./mergeOrder.js";
import { COUNTS } from "./orderKernel.js";
import { allocate, returnHeap, takeHeap, unwritten } from "./vectorHeap.js";

/** Positions of values in ascending order; rises[k] is 1 where the k-th smallest value is greater than the one before it, and at the first. */
export type Ordered = { by: Int32Array; rises: Uint8Array };

/**
 * Positions of the values in ascending order, stable, NaN last. Their upper words are dealt out three times by 11 bits (Knuth, The Art of
 * Computer Programming 3, 5.2.5); what then still shares its upper word is sorted on the whole key. A few passes in order through
 * memory, so that ten times as many cost about ten times as much.
 */
export function radixOrder(values: ArrayLike<number>): Ordered {
  const n = values.length;
  const heap = takeHeap(4 * n + COUNTS);
  try {
    const counts = allocate(heap, COUNTS);
    const [keys, from, to, flags] = [unwritten(heap, n), unwritten(heap, n), unwritten(heap, n), unwritten(heap, n / 8 + 1)];
    heap.f.set(values, keys);
    heap.kernels.dealOut(keys, n, counts, from, to, flags);
    const memory = new Int32Array(heap.f.buffer);
    const ordered = { by: memory.slice(2 * from, 2 * from + n), rises: new Uint8Array(heap.f.buffer, 8 * flags, n).slice() };
    sortRuns(heap.f.subarray(keys, keys + n), ordered, memory.subarray(2 * to, 2 * (to + n)));
    return ordered;
  } finally {
    returnHeap(heap);
  }
}

/** Where a value is out of order (3 in `rises`), puts the positions that share its upper word, the second of each pair, in the order of their keys. */
function sortRuns(keys: Float64Array, { by, rises }: Ordered, pairs: Int32Array): void {
  const n = by.length;
  for (let k = rises.indexOf(3); k >= 0; k = rises.indexOf(3, k)) {
    const word = pairs[2 * k + 1];
    let from = k;
    while (from > 0 && pairs[2 * from - 1] === word) from--;
    while (k < n && pairs[2 * k + 1] === word) k++;
    sortRun(keys, by, from, k);
    for (let i = from + 1; i < k; i++) rises[i] = keys[by[i]] === keys[by[i - 1]] ? 0 : 1;
  }
}

/** Puts positions at[from … to − 1] in the order of their keys. */
function sortRun(keys: Float64Array, at: Int32Array, from: number, to: number): void {
  if (to - from > 16) {
    let rising = true;
    for (let k = from + 1; k < to && rising; k++) rising = !after(keys[at[k - 1]], keys[at[k]]);
    if (!rising) at.set(mergeOrder(Float64Array.from(at.subarray(from, to), (i) => keys[i]), at.slice(from, to)), from);
    return;
  }
  for (let k = from + 1; k < to; k++) {
    const i = at[k];
    const key = keys[i];
    let j = k - 1;
    for (; j >= from && after(keys[at[j]], key); j--) at[j + 1] = at[j];
    at[j + 1] = i;
  }
}
