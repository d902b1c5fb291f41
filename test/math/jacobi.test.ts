import { expect, test } from "vitest";
import { symmetricEigen } from "../../src/math/index.js";

// numpy.linalg.eigvalsh([[4, 1, -2], [1, 2, 0], [-2, 0, 3]]), numpy 2.4.6
test("symmetricEigen has numpy's eigenvalues", () => {
  const { values } = symmetricEigen([4, 1, -2, 1, 2, 0, -2, 0, 3], 3);
  const expected = [5.732050807568877, 2.267949192431123, 0.9999999999999993];
  values.forEach((v, k) => expect(v).toBeCloseTo(expected[k], 13));
});

test("eigenvectors are orthonormal and rebuild the matrix", () => {
  let seed = 3;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  const n = 6;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = random();
  const { values, vectors } = symmetricEigen(a, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    const rebuilt = values.reduce((sum, v, k) => sum + v * vectors[k][i] * vectors[k][j], 0);
    expect(rebuilt).toBeCloseTo(a[i * n + j], 13);
    expect(vectors[i].reduce((sum, x, k) => sum + x * vectors[j][k], 0)).toBeCloseTo(i === j ? 1 : 0, 13);
  }
});
