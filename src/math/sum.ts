/**
 * Σ x by halves: blocks of at most 128 in eight running sums, blocks added pairwise, so that the rounding error grows with
 * log n (Higham, SIAM J Sci Comput 1993;14:783). Same order of additions as numpy.sum on a contiguous array.
 */
export function pairwiseSum(x: Float64Array, from = 0, to = x.length): number {
  const n = to - from;
  if (n > 128) {
    const half = (n >> 1) - (n >> 1) % 8;
    return pairwiseSum(x, from, from + half) + pairwiseSum(x, from + half, to);
  }
  let i = from;
  let sum = 0;
  if (n >= 8) {
    let a = x[i], b = x[i + 1], c = x[i + 2], d = x[i + 3], e = x[i + 4], f = x[i + 5], g = x[i + 6], h = x[i + 7];
    for (i += 8; i + 8 <= to; i += 8) {
      a += x[i]; b += x[i + 1]; c += x[i + 2]; d += x[i + 3]; e += x[i + 4]; f += x[i + 5]; g += x[i + 6]; h += x[i + 7];
    }
    sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
  }
  for (; i < to; i++) sum += x[i];
  return sum;
}
