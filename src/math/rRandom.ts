import { aliasTable } from "./aliasTable.js";
import { binomialDraw } from "./binomialDraw.js";
import { InputError } from "./check.js";
import { normalQuantile } from "./normal.js";
import type { Random } from "./random.js";

/** R's generator: a `Random` with R's own ways of drawing. */
export type RRandom = Random & {
  /** as R rexp(1) */
  exponential(): number;
  /** as R rbinom(1, n, p): inversion where n · min(p, 1 − p) < 30, else BTPE */
  binomial(n: number, p: number): number;
  /** as R sample.int(n, size, replace, prob), but counted from 0 */
  sample(n: number, size?: number, options?: { replace?: boolean; probabilities?: readonly number[] }): Int32Array;
  stream(name: string | number): RRandom;
};

const N = 624;

/**
 * The numbers of R (>= 3.6) after set.seed(seed) with its default kinds: Mersenne-Twister MT19937 (Matsumoto & Nishimura, ACM Trans
 * Model Comput Simul 1998;8:3), normals by inversion, samples by rejection; so that the bootstrap rows and folds of an R study come
 * out the same. `next` is runif(1), `below(n)` is sample.int(n, 1) − 1, `normal` is rnorm(1). `stream` gives the generator of another
 * seed made of seed and name; R has no counterpart of it. For anything new take `randomStream`, which is faster.
 *
 * @param seed  whole number of 32 bits, as in set.seed
 * @throws InputError on another seed; `below` on n that is no whole number above 0, `sample` on more than there are or bad probabilities, `binomial` on n or p that cannot be
 */
export function rRandom(seed: number): RRandom {
  if (!Number.isInteger(seed) || Math.abs(seed) > 2147483647) {
    throw new InputError(`The seed of R's generator is ${seed}, but a whole number within ±2147483647 was expected, as in set.seed.`);
  }
  const state = scrambled(seed);
  let at = N;
  const next = () => {
    if (at === N) {
      twist(state);
      at = 0;
    }
    let y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    // never 0 or 1
    const u = (y >>> 0) * 2.3283064365386963e-10;
    return u <= 0 ? 0.5 * 2.328306437080797e-10 : 1 - u <= 0 ? 1 - 0.5 * 2.328306437080797e-10 : u;
  };
  const below = (n: number) => {
    if (!(n >= 1 && Number.isSafeInteger(n))) throw new InputError(`A random whole number below ${n} was asked for, but below a whole number, 1 or more, was expected; check that there is something to choose from.`);
    let bits = 0;
    while (twoTo(bits) < n) bits++;
    for (;;) {
      let value = 0;
      for (let k = 0; k <= bits; k += 16) value = 65536 * value + Math.floor(next() * 65536);
      // the lowest bits of it
      const kept = value % twoTo(bits);
      if (kept < n) return kept;
    }
  };
  const normal = () => {
    const coarse = Math.floor(134217728 * next());
    return normalQuantile((coarse + next()) / 134217728);
  };
  return {
    next, below, normal,
    exponential: () => exponential(next),
    binomial: (n, p) => binomialDraw(n, p, next),
    sample: (n, size = n, { replace = false, probabilities } = {}) => {
      if (!replace && size > n) {
        throw new InputError(`A sample of ${size} without replacement was asked of ${n}; ask for at most ${n}, or draw with replacement.`);
      }
      if (probabilities !== undefined) return weighted(n, size, replace, probabilities, next, below);
      if (replace || size < 2) return Int32Array.from({ length: size }, () => below(n));
      return n > 1e7 && size <= n / 2 ? distinct(n, size, below) : shuffled(n, size, below);
    },
    stream: (name) => {
      let h = seed ^ 0x9e3779b9;
      for (const c of `${name}`) h = Math.imul(h ^ c.codePointAt(0)!, 0x01000193) ^ (h >>> 13);
      return rRandom((h ^ (h >>> 16)) >> 1);
    },
  };
}

function twoTo(bits: number): number {
  let value = 1;
  for (let k = 0; k < bits; k++) value *= 2;
  return value;
}

/** The state of the twister from a seed: a congruential generator, its first 50 numbers and one more passed over. */
function scrambled(seed: number): Int32Array {
  let s = seed | 0;
  for (let k = 0; k < 51; k++) s = (Math.imul(69069, s) + 1) | 0;
  const state = new Int32Array(N);
  for (let k = 0; k < N; k++) {
    s = (Math.imul(69069, s) + 1) | 0;
    state[k] = s;
  }
  return state;
}

function twist(state: Int32Array): void {
  for (let k = 0; k < N; k++) {
    const y = (state[k] & 0x80000000) | (state[(k + 1) % N] & 0x7fffffff);
    state[k] = state[(k + 397) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}

/** Partial sums of Σ (ln 2)ᵏ / k!, for Ahrens & Dieter's algorithm SA, Commun ACM 1972;15:873. */
const partial: number[] = [];
for (let k = 1, term = 1, sum = 0; partial.length < 16; k++) {
  term *= Math.LN2 / k;
  sum += term;
  partial.push(sum);
}

function exponential(next: () => number): number {
  let whole = 0;
  let u = next();
  for (;;) {
    u += u;
    if (u > 1) break;
    whole += Math.LN2;
  }
  u -= 1;
  if (u <= partial[0]) return whole + u;
  let least = next();
  let k = 0;
  do {
    const other = next();
    if (other < least) least = other;
    k++;
  } while (u > partial[k]);
  return whole + least * partial[0];
}

function shuffled(n: number, size: number, below: (n: number) => number): Int32Array {
  const left = Int32Array.from({ length: n }, (_, i) => i);
  const drawn = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const j = below(n - i);
    drawn[i] = left[j];
    left[j] = left[n - i - 1];
  }
  return drawn;
}

/** What R does beyond ten million: draw again until the number is new. */
function distinct(n: number, size: number, below: (n: number) => number): Int32Array {
  const seen = new Set<number>();
  while (seen.size < size) seen.add(below(n));
  return Int32Array.from(seen);
}

/** Unequal probabilities: down the list in descending order of probability. */
function weighted(n: number, size: number, replace: boolean, given: readonly number[], next: () => number, below: (n: number) => number): Int32Array {
  const total = given.reduce((sum, p) => sum + p, 0);
  if (given.length !== n || !(total > 0 && total < Infinity) || given.some((p) => !(p >= 0))) {
    throw new InputError(`${n} sampling probabilities were expected, none negative and not all 0, but got ${given.length} that sum to ${total}.`);
  }
  const p = Float64Array.from(given, (x) => x / total);
  if (!replace && p.filter((x) => x > 0).length < size) {
    throw new InputError(`A sample of ${size} without replacement was asked, but fewer probabilities are above 0; ask for fewer.`);
  }
  // as R: aliases where more than 200 probabilities matter
  if (replace && p.filter((x) => n * x > 0.1).length > 200) {
    const draw = aliasTable(p);
    return Int32Array.from({ length: size }, () => {
      const box = below(n);
      return draw(box, next());
    });
  }
  const by = Int32Array.from({ length: n }, (_, i) => i);
  heapSortDescending(p, by);
  const drawn = new Int32Array(size);
  let left = n;
  let mass = 1;
  for (let i = 0; i < size; i++) {
    const u = replace ? next() : mass * next();
    let sum = 0;
    let j = 0;
    for (; j < left - 1; j++) {
      sum += p[j];
      if (u <= sum) break;
    }
    drawn[i] = by[j];
    if (replace) continue;
    mass -= p[j];
    p.copyWithin(j, j + 1, left);
    by.copyWithin(j, j + 1, left);
    left--;
  }
  return drawn;
}

/** Williams's heapsort (Commun ACM 1964;7:347), descending; it decides in which order equal probabilities stand. */
function heapSortDescending(keys: Float64Array, at: Int32Array): void {
  const n = keys.length;
  const sift = (hole: number, end: number, key: number, index: number) => {
    for (let child = 2 * hole + 1; child < end; child = 2 * hole + 1) {
      if (child + 1 < end && keys[child] > keys[child + 1]) child++;
      if (!(key > keys[child])) break;
      keys[hole] = keys[child];
      at[hole] = at[child];
      hole = child;
    }
    keys[hole] = key;
    at[hole] = index;
  };
  for (let k = (n >> 1) - 1; k >= 0; k--) sift(k, n, keys[k], at[k]);
  for (let end = n - 1; end > 0; end--) {
    const key = keys[end];
    const index = at[end];
    keys[end] = keys[0];
    at[end] = at[0];
    sift(0, end, key, index);
  }
}
