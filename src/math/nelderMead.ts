import { InputError } from "./check.js";

export type NelderMeadOptions = {
  /** 500 per variable */
  maxEvaluations?: number;
  /** stop where the simplex' values differ by less than this times max(1, |value|) and its corners by less than √ of it (1e-12) */
  tolerance?: number;
  /** first steps along each axis; 0.1 times the start, or 0.1 where that is 0 */
  steps?: ArrayLike<number>;
};

export type SimplexMinimum = { x: Float64Array; value: number; evaluations: number; converged: boolean; warnings: string[] };

/**
 * Minimum of a function without derivatives by the simplex of Nelder & Mead (Comput J 1965;7:308): reflection 1, expansion 2,
 * contraction and shrinkage ½, with the rules of Lagarias et al. (SIAM J Optim 1998;9:112). For few variables; a local minimum.
 * @throws InputError where the function is not finite at the start
 */
export function nelderMead(
  objective: (x: Float64Array) => number, start: ArrayLike<number>,
  { maxEvaluations = 500 * start.length, tolerance = 1e-12, steps }: NelderMeadOptions = {},
): SimplexMinimum {
  const p = start.length;
  let evaluations = 0;
  const at = (x: Float64Array) => {
    evaluations++;
    const value = objective(x);
    return { x, value: Number.isNaN(value) ? Infinity : value };
  };
  const first = at(Float64Array.from(start));
  if (!Number.isFinite(first.value)) {
    throw new InputError(`The minimisation starts where the function is ${first.value}; start where it is finite.`);
  }
  const corners = [first];
  for (let i = 0; i < p; i++) {
    const x = Float64Array.from(start);
    x[i] += steps?.[i] ?? (x[i] === 0 ? 0.1 : 0.1 * x[i]);
    corners.push(at(x));
  }
  const settled = () => {
    const best = corners[0];
    if (!(corners[p].value - best.value <= tolerance * Math.max(1, Math.abs(best.value)))) return false;
    const near = Math.sqrt(tolerance);
    return corners.every((c) => c.x.every((xi, i) => Math.abs(xi - best.x[i]) <= near * Math.max(1, Math.abs(best.x[i]))));
  };
  corners.sort((a, b) => a.value - b.value);
  while (!settled()) {
    if (evaluations >= maxEvaluations) {
      const warnings = [`the simplex did not settle in ${maxEvaluations} evaluations; allow more, or start nearer`];
      return { ...corners[0], evaluations, converged: false, warnings };
    }
    const centre = new Float64Array(p);
    for (let c = 0; c < p; c++) for (let i = 0; i < p; i++) centre[i] += corners[c].x[i] / p;
    const worst = corners[p];
    const along = (t: number) => at(centre.map((m, i) => m + t * (m - worst.x[i])));
    const reflected = along(1);
    let next = reflected;
    if (reflected.value < corners[0].value) {
      const expanded = along(2);
      if (expanded.value < reflected.value) next = expanded;
    } else if (reflected.value >= corners[p - 1].value) {
      next = reflected.value < worst.value ? along(0.5) : along(-0.5);
      if (!(next.value <= Math.min(reflected.value, worst.value))) {
        for (let c = 1; c <= p; c++) corners[c] = at(corners[c].x.map((xi, i) => 0.5 * (xi + corners[0].x[i])));
        next = corners[p];
      }
    }
    corners[p] = next;
    corners.sort((a, b) => a.value - b.value);
  }
  return { ...corners[0], evaluations, converged: true, warnings: [] };
}
