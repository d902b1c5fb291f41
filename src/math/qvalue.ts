import { InputError } from "./check.js";
import { probabilities } from "./multiplicity.js";
import { smoothingSpline } from "./smoothingSpline.js";

export type QValueOptions = {
  /** "smoother" (the default of R qvalue): spline with 3 df over λ, read at the largest; "bootstrap": least estimated error */
  method?: "smoother" | "bootstrap";
  /** cut points for π₀(λ) = share of p >= λ / (1 − λ); 0.05, 0.10, …, 0.95; a single one is used without smoothing */
  lambda?: number[];
  /** share of true null hypotheses where it is given; 1 gives Benjamini & Hochberg */
  pi0?: number;
};
export type QValues = { q: Float64Array; pi0: number; lambda: number[]; pi0Lambda: number[]; pi0Smooth?: Float64Array; method: string; warnings: string[] };

/**
 * Storey's q-values: qᵢ = π₀ · min over pⱼ >= pᵢ of (m pⱼ / rank j), at most π₀. Storey & Tibshirani, PNAS 2003;100:9440.
 * π₀ by the smoother (a cubic smoothing spline of π₀(λ) with 3 degrees of freedom, its value at the largest λ; the default because
 * it is that of the 2003 paper and of R qvalue) or by Storey, Taylor & Siegmund's closed-form bootstrap (J R Stat Soc B 2004;66:187;
 * no random numbers). Agrees with Bioconductor qvalue 2.30. NaN stays NaN. An estimate of π₀ at or below 0 (the smoother on few
 * p-values) is replaced by 1 with a warning (R stops).
 *
 * @param p m p-values; the estimate of π₀ wants hundreds
 * @throws InputError on p outside 0 … 1, λ that do not rise from 0 to below 1 (2, 3, smoother: over 200 of them), π₀ not in (0, 1]
 */
export function qvalues(p: ArrayLike<number>, { method = "smoother", lambda, pi0 }: QValueOptions = {}): QValues {
  probabilities(p, "q-values");
  const cuts = lambda ?? Array.from({ length: 19 }, (_, i) => 0.05 + i * 0.05);
  if (cuts.length === 0 || cuts.some((l, i) => !(l >= 0 && l < 1) || (i > 0 && l <= cuts[i - 1]))) {
    throw new InputError(`q-values: lambda ${cuts.join(", ")}, expected rising numbers from 0 to below 1.`);
  }
  if (pi0 !== undefined && !(pi0 > 0 && pi0 <= 1)) throw new InputError(`q-values: pi0 ${pi0}, expected a share above 0 and at most 1.`);
  if (cuts.length > 1 && cuts.length < 4 && pi0 === undefined) throw new InputError(`q-values: ${cuts.length} values of lambda, expected one or at least 4 to smooth over.`);
  const known = Int32Array.from(Array.from(p, (_, i) => i).filter((i) => !Number.isNaN(p[i]))).sort((a, b) => p[a] - p[b] || a - b);
  const sorted = Float64Array.from(known, (i) => p[i]);
  const m = sorted.length;
  const above = cuts.map((l) => m - firstAtLeast(sorted, l));
  const pi0Lambda = cuts.map((l, k) => above[k] / m / (1 - l));
  const warnings: string[] = [];
  let share: number;
  let smooth: Float64Array | undefined;
  let named = "given";
  if (pi0 !== undefined) share = pi0;
  else if (m === 0) share = 1;
  else if (cuts.length === 1) [share, named] = [Math.min(1, pi0Lambda[0]), "single lambda"];
  else if (method === "bootstrap") {
    named = "bootstrap";
    const least = quantile7(Float64Array.from(pi0Lambda).sort(), 0.1);
    const errors = cuts.map((l, k) => {
      const w = above[k];
      return w / (m * m * (1 - l) * (1 - l)) * (1 - w / m) + (pi0Lambda[k] - least) * (pi0Lambda[k] - least);
    });
    share = Math.min(1, pi0Lambda[errors.indexOf(Math.min(...errors))]);
  } else {
    named = "smoother";
    smooth = smoothingSpline(Float64Array.from(cuts), Float64Array.from(pi0Lambda), 3);
    share = Math.min(1, smooth[smooth.length - 1]);
  }
  if (!(share > 0)) {
    warnings.push(`q-values: the estimated share of true null hypotheses is ${share.toFixed(3)}, which is no share; taken as 1 (Benjamini & Hochberg). The p-values are too few or not uniform near 1.`);
    share = 1;
  }
  const q = new Float64Array(p.length).fill(NaN);
  for (let k = m - 1, least = 1; k >= 0; k--) {
    least = Math.min(least, sorted[k] * m / (k + 1));
    q[known[k]] = share * least;
  }
  return { q, pi0: share, lambda: cuts, pi0Lambda, ...(smooth === undefined ? {} : { pi0Smooth: smooth }), method: named, warnings };
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function quantile7(sorted: Float64Array, p: number): number {
  const h = (sorted.length - 1) * p;
  const k = Math.floor(h);
  return sorted[k] + (h - k) * (sorted[Math.min(k + 1, sorted.length - 1)] - sorted[k]);
}
