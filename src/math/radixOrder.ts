import { after, mergeOrder } from "./mergeOrder.js";

const BITS = 11;
const SIZE = 1 << BITS;
const MASK = SIZE - 1;
/** index of the word with sign and exponent, by the machine's byte order */
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * Positions of the keys in ascending order, stable, NaN last; no key may be −0. The upper words (sign, exponent, 20 bits of the fraction)
 * are dealt out three times by 11 bits, the lowest first (Knuth, The Art of Computer Programming 3, 5.2.5); what then still shares its
 * upper word is sorted on the whole key. A few passes in order through memory, so that ten times as many cost about ten times as much.
 */
export function radixOrder(keys: Float64Array): Int32Array {
  const n = keys.length;
  const top = sortableWords(keys);
  const counts = digitStarts(top);
  const one = new Int32Array(n);
  const two = new Int32Array(n);
  const topOne = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const word = top[i];
    const to = counts[word & MASK]++;
    topOne[to] = word;
    one[to] = i;
  }
  for (let k = 0; k < n; k++) {
    const word = topOne[k];
    const to = counts[SIZE + ((word >>> BITS) & MASK)]++;
    top[to] = word;
    two[to] = one[k];
  }
  for (let k = 0; k < n; k++) {
    const word = top[k];
    const to = counts[2 * SIZE + (word >>> (2 * BITS))]++;
    topOne[to] = word;
    one[to] = two[k];
  }
  for (let from = 0, to = 0; from < n; from = to) {
    for (to = from + 1; to < n && topOne[to] === topOne[from]; to++);
    if (to - from > 1) sortRun(keys, one, from, to);
  }
  return one;
}

/** The upper words, turned so that they ascend as unsigned numbers with the keys; NaN largest. */
function sortableWords(keys: Float64Array): Uint32Array {
  const n = keys.length;
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * n);
  const top = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const word = words[2 * i + high];
    top[i] = keys[i] !== keys[i] ? 0xffffffff : word >>> 31 === 1 ? ~word : word | 0x80000000;
  }
  return top;
}

/** Where each value of each digit begins, one digit after another. */
function digitStarts(top: Uint32Array): Int32Array {
  const counts = new Int32Array(3 * SIZE);
  for (let i = 0; i < top.length; i++) {
    const word = top[i];
    counts[word & MASK]++;
    counts[SIZE + ((word >>> BITS) & MASK)]++;
    counts[2 * SIZE + (word >>> (2 * BITS))]++;
  }
  for (let digit = 0, at = 0; digit < 3; digit++) {
    let sum = 0;
    for (let k = 0; k < SIZE; k++, at++) {
      const here = counts[at];
      counts[at] = sum;
      sum += here;
    }
  }
  return counts;
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
