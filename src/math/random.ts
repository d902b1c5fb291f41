import { InputError } from "./check.js";
import { log } from "./elementary.js";

/** A seeded stream of random numbers, handed in wherever chance is needed. */
export type Random = {
  /** uniform in [0, 1) */
  next(): number;
  /** whole number, uniform in 0 … n − 1; n is a whole number, 1 or more */
  below(n: number): number;
  /** standard normal */
  normal(): number;
  /** an independent stream, the same for the same name whatever was drawn before */
  stream(name: string | number): Random;
};

/**
 * A fast seeded stream: xoshiro128** (Blackman & Vigna, ACM Trans Math Softw 2021;47:36), period 2^128 − 1, its state a hash of the
 * seed. `next` has 53 random bits; `below` is exactly uniform (Lemire, ACM Trans Model Comput Simul 2019;29:3); `normal` is
 * Marsaglia's polar method (SIAM Rev 1964;6:260). Streams are keyed by the path of their names, so that what one part of a study
 * draws never moves what another part gets. Where an R study's seed must be met, take `rRandom`.
 *
 * @param seed  any text or finite number; 1 and "1" are the same seed
 * @throws InputError on a seed that is NaN or infinite; `below` on n under 1 or NaN
 */
export function randomStream(seed: number | string): Random {
  if (typeof seed === "number" && !Number.isFinite(seed)) {
    throw new InputError(`The random seed is ${seed}, but a finite number or a text was expected; give for example seed 1.`);
  }
  return fromKey(hash([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], String(seed)));
}

type Key = [number, number, number, number];

/** The key (four 32-bit words) with a name mixed in, by the finalizer of MurmurHash3 in four crossed lanes. */
function hash(key: Key, name: string): Key {
  let [a, b, c, d] = key;
  const absorb = (word: number) => {
    a = mix(a ^ Math.imul(word, 0x9e3779b1)) + b | 0;
    b = mix(b ^ Math.imul(word, 0x85ebca77)) + c | 0;
    c = mix(c ^ Math.imul(word, 0xc2b2ae3d)) + d | 0;
    d = mix(d ^ Math.imul(word, 0x27d4eb2f)) + a | 0;
  };
  for (let i = 0; i < name.length; i++) absorb(name.charCodeAt(i) + 1);
  // the length, and rounds that carry every bit into every lane
  absorb(name.length ^ 0x5bd1e995);
  for (let i = 0; i < 4; i++) absorb(i);
  return [a, b, c, d];
}

function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function fromKey(key: Key): Random {
  let [a, b, c, d] = key;
  if ((a | b | c | d) === 0) a = 1;
  let spare = NaN;
  /** 32 random bits as a signed whole number */
  const bits = () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const next = () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 2 ** 53;
  const below = (n: number) => {
    if (!(n >= 1)) throw new InputError(`A random whole number below ${n} was asked for, but below a whole number, 1 or more, was expected; check that there is something to choose from.`);
    if (n <= 2097152) {
      // 32 bits times n is exact; its upper part is the draw, and the lower part tells the few draws that would be one too many
      let product = (bits() >>> 0) * n;
      let upper = Math.floor(product / 2 ** 32);
      if (product - upper * 2 ** 32 < n) {
        const threshold = (2 ** 32 - n) % n;
        while (product - upper * 2 ** 32 < threshold) {
          product = (bits() >>> 0) * n;
          upper = Math.floor(product / 2 ** 32);
        }
      }
      return upper;
    }
    const limit = Math.floor(2 ** 53 / n) * n;
    let whole = next() * 2 ** 53;
    while (whole >= limit) whole = next() * 2 ** 53;
    return whole % n;
  };
  const normal = () => {
    if (spare === spare) {
      const value = spare;
      spare = NaN;
      return value;
    }
    for (;;) {
      const x = 2 * next() - 1;
      const y = 2 * next() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * log(s)) / s);
      spare = y * scale;
      return x * scale;
    }
  };
  return { next, below, normal, stream: (name) => fromKey(hash(key, `/${name}`)) };
}

/** The whole numbers 0 … n − 1 in random order (Fisher & Yates 1938), or the first `size` of them: a sample without replacement. */
export function permutation(n: number, random: Random, size = n): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < size; i++) {
    const j = i + random.below(n - i);
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return size === n ? order : order.slice(0, size);
}

/** Puts the items of an array of the caller's own into random order, in place (Fisher & Yates 1938, from the end). */
export function shuffle<T>(items: { [index: number]: T; readonly length: number }, random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = items[i];
    items[i] = items[j];
    items[j] = held;
  }
}

/**
 * n draws with replacement from 0 … n − 1: the rows of one bootstrap sample. Efron, Ann Stat 1979;7:1. With `rRandom(seed)` the draws are
 * R's sample(n, replace = TRUE) less 1.
 */
export function bootstrapRows(n: number, random: Random): Int32Array {
  const rows = new Int32Array(n);
  for (let i = 0; i < n; i++) rows[i] = random.below(n);
  return rows;
}
