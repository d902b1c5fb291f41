import { didYouMean, InputError, type Design } from "../math/index.js";
import { INTERCEPT, logisticInput, type LogisticOptions } from "./logistic.js";
import { logisticNewton } from "./logisticNewton.js";
import { chiSquaredCritical, chiSquaredTail } from "./tails.js";

/** One entry a coefficient, intercept first; `statistic` and `p` of the (penalised) likelihood-ratio test that it is 0. */
export type ProfileResult = { names: string[]; lower: number[]; upper: number[]; statistic: number[]; p: number[]; level: number; warnings: string[] };
export type ProfileOptions = LogisticOptions & {
  /** Firth's penalised likelihood */
  firth?: boolean;
  /** names of the coefficients wanted, default all; the others get NaN */
  only?: readonly string[];
};

/**
 * Profile-likelihood intervals and likelihood-ratio tests of each coefficient: the values b where 2 (log L max − log L(b)) equals
 * chi-squared's quantile, L(b) maximised over the others with b held; with `firth` the penalised likelihood, |I| always of the
 * full model (Heinze & Schemper, Stat Med 2002;21:2409). Venzon & Moolgavkar, Appl Stat 1988;37:87. Roots are exact to 1e-9; R's
 * confint(glm) interpolates its profile by a spline and differs in the fourth digit. A limit that does not exist (separation) is ±Infinity, with a warning.
 * @throws InputError as logisticFit; a name in `only` that is no coefficient
 */
export function logisticProfile(design: Design, event: ArrayLike<number>, options: ProfileOptions = {}): ProfileResult {
  const { intercept = true, level = 0.95, firth = false, only } = options;
  const names = [...(intercept ? [INTERCEPT] : []), ...design.names];
  for (const name of only ?? []) if (!names.includes(name)) throw new InputError(`Profile likelihood: there is no coefficient "${name}". ${didYouMean(name, names)}`);
  const blank = () => names.map(() => NaN);
  const out: ProfileResult = { names, lower: blank(), upper: blank(), statistic: blank(), p: blank(), level, warnings: [] };
  const target = Math.sqrt(chiSquaredCritical(level, 1));
  // slopes by centred columns; the intercept needs columns as they are, for it to be a coordinate
  for (const centre of [true, false]) {
    const wanted = (name: string) => (only === undefined || only.includes(name)) && (name === INTERCEPT) === !centre;
    if (!names.some(wanted)) continue;
    const { s, y, weights, offset } = logisticInput("Profile likelihood", design, event, { ...options, centre });
    const best = logisticNewton(s.columns, y, weights, offset, { firth });
    const first = intercept ? 1 : 0;
    s.columns.forEach((_, j) => {
      const at = j < first ? 0 : s.kept[j - first] + first;
      if (!wanted(names[at])) return;
      const scale = j < first ? 1 : s.scale[j - first];
      const held = (value: number, start: ArrayLike<number>) => {
        const from = Float64Array.from(start);
        from[j] = value;
        return logisticNewton(s.columns, y, weights, offset, { start: from, held: j, firth });
      };
      const none = held(0, best.gamma);
      out.statistic[at] = Math.max(0, 2 * (best.logLik - none.logLik));
      out.p[at] = chiSquaredTail(out.statistic[at], 1);
      for (const side of [-1, 1] as const) {
        const limit = profileLimit(best.gamma[j], best.gamma, best.logLik, side, target, (value, start) => {
          const fit = held(value, start);
          return { logLik: fit.logLik, slope: fit.score[j], gamma: fit.gamma };
        }, 1 / Math.sqrt(Math.max(best.information[j * s.columns.length + j], 1e-8)));
        out[side < 0 ? "lower" : "upper"][at] = limit / scale;
        if (!Number.isFinite(limit)) out.warnings.push(`${names[at]}: its ${side < 0 ? "lower" : "upper"} profile limit is infinite (the likelihood stays high however far it goes: separation); use Firth's logistic regression.`);
      }
    });
  }
  return out;
}

/**
 * Root of side·√(2 (max − log L(b))) = side·target by Newton's method on the signed root, which is nearly a straight line in b; at
 * most fivefold lengthening a step. ±Infinity where the likelihood has levelled off.
 */
function profileLimit(
  centre: number, gamma: Float64Array, max: number, side: 1 | -1, target: number,
  at: (value: number, start: ArrayLike<number>) => { logLik: number; slope: number; gamma: Float64Array }, step: number,
): number {
  let distance = Math.max(1e-6, step * target);
  let start: ArrayLike<number> = gamma;
  // bracket: the root lies between `low` and `high` (distances from the centre)
  let [low, high] = [0, Infinity];
  let root = 0;
  for (let k = 0; k < 80; k++) {
    const { logLik, slope, gamma: next } = at(centre + side * distance, start);
    const before = root;
    root = Math.sqrt(Math.max(0, 2 * (max - logLik)));
    if (Number.isFinite(logLik)) start = next;
    else root = Infinity;
    if (Math.abs(root - target) < 1e-11 * target) break;
    if (root < target) {
      // levelled off: doubling the distance no longer costs likelihood
      if (high === Infinity && distance > 100 && Math.abs(root - before) < 1e-9 && root - target < -1e-6) return side * Infinity;
      low = Math.max(low, distance);
    } else high = Math.min(high, distance);
    const rate = (-side * slope) / root;
    let proposed = rate > 0 && Number.isFinite(root) ? distance + (target - root) / rate : NaN;
    if (!(proposed > low && proposed < high) || proposed > 5 * distance) proposed = high === Infinity ? (Number.isNaN(proposed) || proposed <= low ? 2 : 5) * distance : (low + high) / 2;
    if (Math.abs(proposed - distance) < 1e-12 * (Math.abs(centre) + distance)) {
      distance = proposed;
      break;
    }
    distance = proposed;
    if (distance > 1e8) return side * Infinity;
  }
  return centre + side * distance;
}
