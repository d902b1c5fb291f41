import { expect, test } from "vitest";
import { cooccurrences, directions, maximalCorrelation, type Cooccurrences, type Levels } from "../../src/features/index.js";

/** A cube of independent random levels. */
function noise(side: number, levels: number): Levels {
  let state = 9;
  const level = Int32Array.from({ length: side ** 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor(levels * (state / 4294967296));
  });
  return { size: [side, side, side], level, index: Int32Array.from(level.keys()), highest: levels };
}

// scipy 1.17 (numpy 2.4.6): P = the symmetric matrix of the first direction, p = its row sums; largest |λ| of
// P / sqrt(p pᵀ + 2⁻⁵²) − √p √pᵀ by scipy.sparse.linalg.eigsh(k=2, which="LM", tol=1e-12)
test("3,000 levels of noise agree with scipy's eigenvalue", () => {
  const [first] = cooccurrences(noise(30, 3000), directions([1]));
  expect(Math.abs(maximalCorrelation(first) - 0.4822510642071319)).toBeLessThan(1e-12);
});

const matrix = (full: number[][]): Cooccurrences => {
  const cells = full.flatMap((row, i) => row.flatMap((c, j) => (c > 0 ? [[i, j, c]] : [])));
  return {
    level: Int32Array.from(full.keys(), (i) => i + 1), symmetric: false, row: Int32Array.from(cells, (c) => c[0]),
    column: Int32Array.from(cells, (c) => c[1]), count: Float64Array.from(cells, (c) => c[2]),
  };
};

test("independent levels have none, a one-to-one relation has 1, two levels have |correlation|", () => {
  expect(maximalCorrelation(matrix([[2, 4, 6], [1, 2, 3], [3, 6, 9]]))).toBeLessThan(1e-7);
  expect(maximalCorrelation(matrix([[0, 5, 0], [0, 0, 7], [2, 0, 0]]))).toBeCloseTo(1, 12);
  // φ coefficient of a 2 × 2 table: (ad − bc) / sqrt of the product of the margins
  expect(maximalCorrelation(matrix([[10, 3], [4, 6]]))).toBeCloseTo((60 - 12) / Math.sqrt(13 * 10 * 14 * 9), 12);
});

test("a symmetric matrix gives the same by either way", () => {
  for (const levels of [2, 7, 30, 90]) {
    const [m] = cooccurrences(noise(8, levels), directions([1]));
    const full = Array.from({ length: m.level.length }, () => Array.from(m.level, () => 0));
    m.row.forEach((i, k) => { full[i][m.column[k]] = full[m.column[k]][i] = m.count[k]; });
    expect(maximalCorrelation(matrix(full))).toBeCloseTo(maximalCorrelation(m), 9);
  }
});
