import { InputError, midranks, normalCdf, normalQuantile, tCdf } from "../math/index.js";
import { concordantPairs } from "./concordantPairs.js";
import { checkLevel } from "./checkLevel.js";
import { checkFollowUp, type FollowUp } from "./followUp.js";

export type SurvcompOptions = { /** keep pairs tied in the predictor, each as half concordant and half discordant; default false: dropped, as survcomp's outx = TRUE */ keepTies?: boolean; method?: "noether" | "conservative"; level?: number };
export type SurvcompConcordance = { c: number; standardError: number; lower: number; upper: number; p: number; n: number; /** ordered pairs compared: each pair counts twice */ comparablePairs: number; warnings: string[] };

/**
 * The concordance index as survcomp 1.45 `concordance.index` counts it, for comparison with papers that used it: pairs tied in the predictor are
 * dropped (so with few distinct values C is further from ½ than Harrell's), and so is a pair of an event and a censoring at the same time.
 * Standard error "noether" from the patients' counts (Pencina & D'Agostino, Stat Med 2004;23:2109), two-sided p of C = ½, normal interval cut at 0
 * and 1; "conservative" gives their interval without a standard error (se and p NaN). Prefer `concordance` for new work.
 *
 * @param predictor  n finite numbers, higher = earlier event
 * @throws InputError on follow-up and level as kaplanMeier; predictors not finite
 */
export function concordanceSurvcomp(data: FollowUp, predictor: ArrayLike<number>, options: SurvcompOptions = {}): SurvcompConcordance {
  const n = checkFollowUp("concordanceSurvcomp", data, { predictor });
  const { keepTies = false, method = "noether", level = 0.95 } = options;
  checkLevel("concordanceSurvcomp", level);
  const { concordantOf, discordantOf, tiedOf } = concordantPairs(data, predictor, new Float64Array(n).fill(1), "n", Infinity, false);
  const [half, pairs] = [keepTies ? 0.5 : 0, n * (n - 1)];
  let [pc, pd, pcc, pdd, pcd] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const c = concordantOf[i] + half * tiedOf[i];
    const d = discordantOf[i] + half * tiedOf[i];
    pc += c;
    pd += d;
    pcc += c * (c - 1);
    pdd += d * (d - 1);
    pcd += c * d;
  }
  const comparablePairs = pc + pd;
  const warnings: string[] = [];
  if (comparablePairs === 0) {
    warnings.push("No pair of patients can be put in order: C is not defined.");
    return { c: NaN, standardError: NaN, lower: NaN, upper: NaN, p: NaN, n, comparablePairs, warnings };
  }
  [pc, pd] = [pc / pairs, pd / pairs];
  [pcc, pdd, pcd] = [pcc, pdd, pcd].map((x) => x / (pairs * (n - 2)));
  const c = pc / (pc + pd);
  const z = normalQuantile(1 - (1 - level) / 2);
  const all = pc + pd;
  if (method === "conservative") {
    const w = (2 * z * z) / (n * all);
    const root = Math.sqrt(w * w + 4 * w * c * (1 - c));
    return { c, standardError: NaN, lower: (w + 2 * c - root) / (2 * (1 + w)), upper: (w + 2 * c + root) / (2 * (1 + w)), p: NaN, n, comparablePairs, warnings };
  }
  const variance = ((4 / (all * all * all * all)) * (pd * pd * pcc - 2 * pc * pd * pcd + pc * pc * pdd)) / n;
  const standardError = Math.sqrt(Math.max(0, variance));
  if (!(standardError > 0)) warnings.push("Too few or too uniform pairs: Noether's standard error is 0 and there is no test.");
  return {
    c, standardError, lower: Math.max(0, c - z * standardError), upper: Math.min(1, c + z * standardError),
    p: standardError > 0 ? 2 * normalCdf(-Math.abs((c - 0.5) / standardError)) : NaN, n, comparablePairs, warnings,
  };
}

/**
 * survcomp's `cindex.comp(first, second)`: a one-sided t-test that the first predictor's C is larger, on n − 1 df, with the predictors' Spearman
 * correlation r in √(se₁² + se₂² − 2 r se₁ se₂). Haibe-Kains et al., Bioinformatics 2008;24:2200. r stands for the correlation of the two C, which
 * it need not equal, so show `compareConcordance` beside it.
 * @throws InputError as concordanceSurvcomp; method "conservative"
 */
export function compareConcordanceSurvcomp(data: FollowUp, first: ArrayLike<number>, second: ArrayLike<number>, options: SurvcompOptions = {}): { c: [number, number]; spearman: number; t: number; df: number; p: number; warnings: string[] } {
  if (options.method === "conservative") throw new InputError("compareConcordanceSurvcomp: the conservative method has no standard error; use noether.");
  const a = concordanceSurvcomp(data, first, options);
  const b = concordanceSurvcomp(data, second, options);
  const spearman = correlation(midranks(first).ranks, midranks(second).ranks);
  const se = Math.sqrt(a.standardError * a.standardError + b.standardError * b.standardError - 2 * spearman * a.standardError * b.standardError);
  const df = a.n - 1;
  const t = se > 0 ? (a.c - b.c) / se : NaN;
  const warnings = [...a.warnings, ...b.warnings];
  if (!(se > 0)) warnings.push("The difference has no standard error: the predictors order the patients alike, or one of them is constant.");
  return { c: [a.c, b.c], spearman, t, df, p: Number.isNaN(t) ? NaN : tCdf(t, df, { upper: true }), warnings };
}

function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [mx, my, sxy, sxx, syy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  for (let i = 0; i < n; i++) {
    sxy += (x[i] - mx) * (y[i] - my);
    sxx += (x[i] - mx) * (x[i] - mx);
    syy += (y[i] - my) * (y[i] - my);
  }
  return sxy / Math.sqrt(sxx * syy);
}
