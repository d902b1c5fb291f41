/**
 * Silhouette widths (b − a) / max(a, b): a is the mean distance of an item to its own cluster, b that to the nearest other one; 0 in
 * clusters of one. Rousseeuw, J Comput Appl Math 1987;20:53. Agrees with R cluster::silhouette. NaN where there is one cluster only.
 *
 * @param distances  n × n, row by row
 * @param cluster    n cluster numbers from 0
 */
export function silhouette(distances: ArrayLike<number>, cluster: ArrayLike<number>): Float64Array {
  const n = cluster.length;
  let k = 0;
  for (let i = 0; i < n; i++) k = Math.max(k, cluster[i] + 1);
  const size = new Float64Array(k);
  for (let i = 0; i < n; i++) size[cluster[i]]++;
  const sum = new Float64Array(k);
  return Float64Array.from({ length: n }, (_, i) => {
    const own = cluster[i];
    if (size[own] === 1) return size.filter((s) => s > 0).length > 1 ? 0 : NaN;
    sum.fill(0);
    for (let j = 0; j < n; j++) if (j !== i) sum[cluster[j]] += distances[i * n + j];
    const a = sum[own] / (size[own] - 1);
    let b = Infinity;
    for (let c = 0; c < k; c++) if (c !== own && size[c] > 0) b = Math.min(b, sum[c] / size[c]);
    return b === Infinity ? NaN : a === b ? 0 : (b - a) / Math.max(a, b);
  });
}

/** Euclidean distances of n rows, n × n row by row. As R dist(). */
export function euclideanDistances(rows: readonly ArrayLike<number>[]): Float64Array {
  const n = rows.length;
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const a = rows[i];
    for (let j = 0; j < i; j++) {
      const b = rows[j];
      let squares = 0;
      for (let k = 0; k < a.length; k++) squares += (a[k] - b[k]) * (a[k] - b[k]);
      distances[i * n + j] = distances[j * n + i] = Math.sqrt(squares);
    }
  }
  return distances;
}
