/** uᵀ V⁻ u for a symmetric non-negative V, pivots below 1e-12 of the largest diagonal left out (they are 0 in u too). */
export function quadraticForm(u: number[], v: number[][]): number {
  const k = u.length;
  const a = v.map((row) => [...row]);
  const b = [...u];
  const least = 1e-12 * Math.max(...v.map((row, i) => row[i]));
  let sum = 0;
  for (let p = 0; p < k; p++) {
    if (!(a[p][p] > least)) continue;
    for (let i = p + 1; i < k; i++) {
      const f = a[i][p] / a[p][p];
      for (let j = p; j < k; j++) a[i][j] -= f * a[p][j];
      b[i] -= f * b[p];
    }
    sum += (b[p] * b[p]) / a[p][p];
  }
  return sum;
}
