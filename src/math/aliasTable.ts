/**
 * Draws from unequal probabilities in O(1) each: one of n boxes of equal width, each shared by its own index and one
 * alias. Walker, ACM Trans Math Softw 1977;3:253; Ripley, Stochastic Simulation, 1987, p. 78. The boxes are filled as R's
 * sample(replace = TRUE, prob) does beyond 200 probabilities, so that its draws come out: those below the mean are paired, in order, with the first
 * of those above that has something left.
 *
 * @param p  n probabilities that sum to 1
 * @returns  the index drawn by a box, uniform in 0 … n − 1, and a uniform number in [0, 1)
 */
export function aliasTable(p: ArrayLike<number>): (box: number, uniform: number) => number {
  const n = p.length;
  // below the mean from the front, in their order; the others from the back
  const order = new Int32Array(n);
  const alias = new Int32Array(n);
  const share = new Float64Array(n);
  let small = 0, large = n;
  for (let i = 0; i < n; i++) {
    share[i] = p[i] * n;
    if (share[i] < 1) order[small++] = i;
    else order[--large] = i;
  }
  if (small > 0 && large < n) {
    for (let k = 0; k < n - 1; k++) {
      const i = order[k], donor = order[large];
      alias[i] = donor;
      share[donor] += share[i] - 1;
      if (share[donor] < 1) large++;
      if (large >= n) break;
    }
  }
  return (box, uniform) => (uniform < share[box] ? box : alias[box]);
}
