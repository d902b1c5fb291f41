import {
  add, and, differ, double as d, during, get, int, loadInt, not, or, set, shiftLeft, shiftRight, shiftSigned, store1, storeByte, storeInt, when, where, xor, type Code, type Kernel,
} from "./wasm.js";

/** Like `VectorKernels`: in WebAssembly, and in plain code of the same results. */
export type OrderKernels = {
  /**
   * Deals n keys out by their upper words (sign, exponent, 20 bits of the fraction), stable, NaN last: pair k of `to` is a position and
   * its word, turned so that words ascend as unsigned numbers with the keys; the positions stand by themselves from `from` on. Byte k of
   * `rises` is 1 where key k differs from the one before, and 3 where the words are equal but the one before is greater. `counts` are
   * `COUNTS` numbers, all 0.
   */
  dealOut(keys: number, n: number, counts: number, from: number, to: number, rises: number): void;
};

// three digits of 11 bits, the lowest first (Knuth, The Art of Computer Programming 3, 5.2.5)
const BITS = 11;
const SIZE = 1 << BITS;
/** room for three lists of counts, in doubles */
export const COUNTS = (3 * SIZE) / 2;

export function dealOut(): Kernel {
  const [keys, n, counts, from, to, rises, i, word, at, place, before] = Array.from({ length: 11 }, (_, k) => k);
  const key = 11;
  const plus = (pointer: number, by: number): Code => add(get(pointer), get(by));
  const digit = (which: number): Code => shiftLeft(and(shiftRight(get(word), BITS * which), int(SIZE - 1)), 2);
  const count = (which: number): Code => [set(at, add(plus2(get(counts), which), digit(which)))];
  const plus2 = (base: Code, which: number): Code => add(base, int(4 * SIZE * which));
  const keyAt = (position: number): Code => d.load(add(get(keys), shiftLeft(get(position), 3)));
  // −0 + 0 is 0
  const turn: Code = [
    set(key, d.add(d.load(plus(keys, i)), d.zero)), set(word, d.upper(get(key))),
    set(word, where(d.differs(get(key), get(key)), int(-1), xor(get(word), or(shiftSigned(get(word), 31), int(-(2 ** 31)))))),
  ];
  const next = (which: number): Code => [count(which), set(place, loadInt(get(at))), storeInt(get(at), add(get(place), int(8)))];
  const pass = (which: number, source: number, target: number): Code => [
    set(i, int(0)),
    during(i, get(n), 8, [set(word, loadInt(plus(source, i), 4)), next(which), store1(plus(target, place), d.load(plus(source, i)))]),
  ];
  return { parameters: 6, integers: 5, pairs: 0, doubles: 1, body: [
    [keys, n, counts, from, to, rises].map((l) => set(l, shiftLeft(get(l), 3))),
    during(i, get(n), 8, [turn, [0, 1, 2].map((which) => [count(which), storeInt(get(at), add(loadInt(get(at)), int(8)))])]),
    // where each value of each digit begins, in bytes
    [0, 1, 2].map((which) => [
      set(i, int(0)), set(place, int(0)),
      during(i, int(4 * SIZE), 4, [
        set(at, add(plus2(get(counts), which), get(i))), set(word, loadInt(get(at))), storeInt(get(at), get(place)), set(place, plus(place, word)),
      ]),
    ]),
    set(i, int(0)),
    during(i, get(n), 8, [turn, next(0), storeInt(plus(to, place), shiftRight(get(i), 3)), storeInt(plus(to, place), get(word), 4)]),
    pass(1, to, from), pass(2, from, to),
    set(i, int(0)), set(word, xor(loadInt(get(to), 4), int(1))),
    during(i, get(n), 8, [
      set(place, loadInt(plus(to, i))), storeInt(get(from), get(place)), set(from, add(get(from), int(4))),
      set(at, differ(loadInt(plus(to, i), 4), get(word))),
      // only equal words ask for the keys
      when(not(get(at)), set(at, or(d.differs(keyAt(before), keyAt(place)), shiftLeft(d.above(keyAt(before), keyAt(place)), 1)))),
      storeByte(get(rises), get(at)), set(rises, add(get(rises), int(1))),
      set(word, loadInt(plus(to, i), 4)), set(before, get(place)),
    ]),
  ] };
}

/** The same in plain code, over the numbers that `memory` gives. */
export function plainOrderKernels(memory: () => Float64Array): OrderKernels {
  const upper = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
  return {
    dealOut(keys, n, counts, from, to, rises) {
      const f = memory();
      const integers = new Int32Array(f.buffer);
      const bytes = new Uint8Array(f.buffer);
      const starts = integers.subarray(2 * counts, 2 * (counts + COUNTS));
      for (let i = 0; i < n; i++) {
        f[from + i] = f[keys + i] + 0;
        const top = integers[2 * (from + i) + upper];
        const word = Number.isNaN(f[keys + i]) ? -1 : top ^ ((top >> 31) | -(2 ** 31));
        integers[2 * (from + i)] = i;
        integers[2 * (from + i) + 1] = word;
        for (let which = 0; which < 3; which++) starts[which * SIZE + ((word >>> (BITS * which)) & (SIZE - 1))]++;
      }
      for (let which = 0; which < 3; which++) {
        for (let q = which * SIZE, sum = 0; q < (which + 1) * SIZE; q++) {
          const here = starts[q];
          starts[q] = sum;
          sum += here;
        }
        const [source, target] = which === 1 ? [to, from] : [from, to];
        for (let i = 0; i < n; i++) {
          const word = integers[2 * (source + i) + 1];
          const place = target + starts[which * SIZE + ((word >>> (BITS * which)) & (SIZE - 1))]++;
          integers[2 * place] = integers[2 * (source + i)];
          integers[2 * place + 1] = word;
        }
      }
      for (let i = 0; i < n; i++) {
        const place = (integers[2 * from + i] = integers[2 * (to + i)]);
        const before = i === 0 ? place : integers[2 * (to + i - 1)];
        const alike = i > 0 && integers[2 * (to + i) + 1] === integers[2 * (to + i - 1) + 1];
        bytes[8 * rises + i] = !alike ? 1 : f[keys + before] > f[keys + place] ? 3 : f[keys + before] === f[keys + place] ? 0 : 1;
      }
    },
  };
}
