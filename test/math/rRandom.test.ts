import { expect, test } from "vitest";
import { rRandom, type RRandom } from "../../src/math/index.js";
import { reference, unequal } from "../stats.js";

const many = (n: number, draw: () => number) => Array.from({ length: n }, draw);
const from1 = (rows: Int32Array) => Array.from(rows, (r) => r + 1);
/** sample(rep(seq(folds), length = n)) */
const folds = (r: RRandom, folds: number, n: number) => Array.from(r.sample(n), (row) => (row % folds) + 1);

test("the numbers of R after set.seed", () => {
  const { result } = reference("r_rng") as any;
  const close = (ours: number[], theirs: number[]) => expect(unequal(ours, theirs, 1e-13)).toEqual([]);
  let r = rRandom(3);
  close(many(10, r.next), result.runif_3);
  r = rRandom(3);
  close(many(10, r.normal), result.rnorm_3);
  r = rRandom(3);
  close(many(6, r.exponential), result.rexp_3);
  expect(from1(rRandom(314).sample(25))).toEqual(result.sample25_314);
  expect(from1(rRandom(314).sample(1000, 10))).toEqual(result.sample_10_of_1000_314);
  expect(from1(rRandom(314).sample(100000, 8))).toEqual(result.sample_big_314);
  expect(from1(rRandom(1).sample(180, 180, { replace: true }))).toEqual(result.boot_180_seed1);
  r = rRandom(2718);
  expect([1, 2, 3].map(() => from1(r.sample(160, 160, { replace: true })))).toEqual(result.boot_160_seed2718_three);
  expect(folds(rRandom(2718), 5, 90)).toEqual(result.folds_5_n90_seed2718);
  expect(folds(rRandom(20261), 10, 160)).toEqual(result.folds_10_n160_seed20261);
  expect(Array.from(rRandom(20261).sample(3, 12, { replace: true, probabilities: [0.5, 0.3, 0.2] }), (k) => "abc"[k])).toEqual(result.prob_sample_20261);
  expect(from1(rRandom(20261).sample(6, 4, { probabilities: [0.3, 0.25, 0.2, 0.1, 0.1, 0.05] }))).toEqual(result.prob_sample_noreplace_20261);
  r = rRandom(20261);
  expect(many(12, () => r.binomial(1, 0.35))).toEqual(result.rbinom_20261);
  r = rRandom(20261);
  expect(many(8, () => r.binomial(20, 0.4))).toEqual(result.rbinom_size20);
  r = rRandom(8);
  r.sample(10);
  close(many(2, r.next), result.runif_after_sample);
  close(many(3, rRandom(0).next), result.seed_zero);
  close(many(3, rRandom(-5).next), result.seed_negative);
  r = rRandom(3);
  const two = many(2000, r.next);
  close([624, 625, 1248, 2000].map((k) => two[k - 1]), result.runif_2000th);
});

test("the basic table of R", () => {
  const { result } = reference("r_rng_basics") as any;
  let r = rRandom(10);
  expect(unequal(many(5, r.next), result.runif, 1e-13)).toEqual([]);
  r = rRandom(10);
  expect(unequal(many(5, r.normal), result.rnorm, 1e-13)).toEqual([]);
  expect(from1(rRandom(10).sample(10))).toEqual(result.sample10);
  expect(from1(rRandom(10).sample(20, 20, { replace: true }))).toEqual(result.boot);
  expect(folds(rRandom(10), 5, 23)).toEqual(result.foldid);
});

test("what cannot be drawn is said", () => {
  expect(() => rRandom(0.5)).toThrow(/seed of R's generator is 0.5/);
  expect(() => rRandom(1).sample(3, 5)).toThrow(/at most 3/);
  expect(() => rRandom(1).sample(3, 2, { probabilities: [1, 0, 0] })).toThrow(/above 0/);
  expect(() => rRandom(1).binomial(1000, 1.4)).toThrow(/p between 0 and 1/);
  expect(rRandom(1).stream("a").next()).not.toBe(rRandom(1).stream("b").next());
});

// Expected: R 4.2.2 (makeMethods.R)
test("binomial numbers by BTPE and samples by Walker's aliases are R's", () => {
  const { result } = reference("r_rng_many") as any;
  const binomials = (n: number, p: number) => { const r = rRandom(20261); return many(60, () => r.binomial(n, p)); };
  expect(binomials(100, 0.5)).toEqual(result.rbinom_100_half);
  expect(binomials(1000, 0.31)).toEqual(result.rbinom_1000_031);
  expect(binomials(1e5, 0.9)).toEqual(result.rbinom_1e5_09);
  expect(binomials(1e8, 0.2)).toEqual(result.rbinom_1e8_02);
  const r = rRandom(11);
  let sum = 0, weighed = 0;
  for (let i = 1; i <= 1e6; i++) {
    const k = r.binomial(61, 0.5);
    sum += k;
    weighed += k * (i % 1009);
  }
  expect(unequal([sum, weighed, r.next()], result.million, 1e-13)).toEqual([]);
  const sample = (n: number, size: number, weight: (i: number) => number) => from1(rRandom(7).sample(n, size, { replace: true, probabilities: Array.from({ length: n }, (_, i) => weight(i + 1)) }));
  expect(sample(300, 40, (i) => i * i)).toEqual(result.walker_300_squares);
  expect(sample(1000, 40, (i) => [50, 1, 2, 3][i % 4])).toEqual(result.walker_1000_four);
  expect(sample(201, 40, () => 1)).toEqual(result.equal_201);
  expect(sample(200, 40, () => 1)).toEqual(result.equal_200);
});
