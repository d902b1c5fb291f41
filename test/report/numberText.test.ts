// How numbers are printed: expectations are the house's rules, worked by hand.
import { expect, test } from "vitest";
import { randomStream } from "../../src/math/index.js";
import { countText, estimateText, fixedText, fullText, intervalText, percentDecimals, pSentence, pText, ratioText, significantText, spreadDecimals } from "../../src/report/index.js";

test("p is never printed as 0.000, 1.00 or, below .05, as 0.050", () => {
  expect([0, 1e-300, 0.00099, 0.001, 0.0104, 0.0499, 0.04996, 0.049999, 0.05, 0.0994, 0.0996, 0.5, 0.9899, 0.995, 1].map(pText)).toEqual(
    ["< 0.001", "< 0.001", "< 0.001", "0.001", "0.010", "0.0499", "< 0.05", "< 0.05", "0.050", "0.099", "0.10", "0.50", "0.99", "> 0.99", "> 0.99"]);
  expect([pSentence(0.0321), pSentence(1e-9), pSentence(NaN)]).toEqual(["P = 0.032", "P < 0.001", "P = –"]);
  const random = randomStream("p");
  for (let k = 0; k < 5000; k++) {
    const p = random.next() * (k % 2 ? 1 : 0.06);
    const text = pText(p);
    expect(text).not.toMatch(/^0\.0+$|^1/);
    // on which side of .05 it lies can always be read
    const shown = Number(text.replace(/[<>] /, ""));
    expect(text.startsWith("<") ? true : p < 0.05 === shown < 0.05, `${p} ${text}`).toBe(true);
  }
});

test("minus, thousands, decimals", () => {
  expect([fixedText(-0.0004, 3), fixedText(-0.0006, 3), fixedText(NaN, 2), fixedText(Infinity, 1)]).toEqual(["0.000", "−0.001", "–", "∞"]);
  expect([countText(11258), countText(161), countText(1211), countText(2547896)]).toEqual(["11,258", "161", "1,211", "2,547,896"]);
  expect([significantText(0.000012), significantText(2547896, 2), significantText(0.01234), significantText(-12.3456)]).toEqual(["1.20 × 10⁻⁵", "2.5 × 10⁶", "0.0123", "−12.3"]);
  expect(fullText(-1.25e-7)).toBe("−1.25 × 10⁻⁷");
  expect([1.234, 12.34, 123.4, 2547896, 0.0456, 0.5].map(ratioText)).toEqual(["1.23", "12.3", "123", "2.5 × 10⁶", "0.046", "0.50"]);
  expect([0.004, 0.04, 0.4, 4, 40, 400].map(spreadDecimals)).toEqual([4, 3, 2, 1, 1, 0]);
  expect([99, 100].map(percentDecimals)).toEqual([0, 1]);
});

test("intervals have an en dash, and 'to' where a bound is negative", () => {
  expect(intervalText(0.62, 0.79, 2)).toBe("0.62–0.79");
  expect(intervalText(-0.031, 0.05, 3)).toBe("−0.031 to 0.050");
  expect(intervalText(NaN, NaN, 2)).toBe("–");
  expect(intervalText(1.2, Infinity, ratioText)).toBe("1.20 to ∞");
  expect(estimateText({ value: 0.7134, low: 0.6521, high: 0.7747 }, 3)).toBe("0.713 (0.652–0.775)");
  expect(estimateText({ value: 0.7134 }, 3)).toBe("0.713");
});
