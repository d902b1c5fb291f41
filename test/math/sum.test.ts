import { expect, test } from "vitest";
import { pairwiseSum } from "../../src/math/index.js";

const reciprocals = Float64Array.from({ length: 5000 }, (_, k) => 1 / (k + 1));

// numpy 2.4.6: x = 1 / numpy.arange(1., 5001.); numpy.sum(x), numpy.sum(x[:137]), numpy.sum(x[:7]). One running sum gives 9.094508852984404.
test("pairwiseSum adds in the order of numpy.sum", () => {
  expect(pairwiseSum(reciprocals)).toBe(9.094508852984436);
  expect(pairwiseSum(reciprocals.subarray(0, 137))).toBe(5.50084178584451);
  expect(pairwiseSum(reciprocals.subarray(0, 7))).toBe(2.5928571428571425);
});

test("whole numbers are added exactly, in any stretch", () => {
  const whole = Float64Array.from({ length: 1000 }, (_, k) => k);
  expect(pairwiseSum(whole)).toBe(499500);
  expect(pairwiseSum(whole, 10, 500)).toBe((10 + 499) * 490 / 2);
  expect(pairwiseSum(new Float64Array(0))).toBe(0);
});
