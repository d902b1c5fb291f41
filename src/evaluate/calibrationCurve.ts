import { InputError, loess, normalQuantile, order, restrictedCubicSpline, sorted, splineKnots } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { countClassesOfRisk, type Numbers } from "./binaryInput.js";
import { logOdds } from "./calibration.js";
import { expit, logit, smallLogistic } from "./logisticFit.js";
import { wilson } from "./proportion.js";
import { groupByQuantile } from "./riskGroups.js";

/** Observed share of events at each predicted risk; an interval where the method has one, else NaN. `n` and `events` for groups only. */
export type CalibrationPoint = { risk: number; observed: number; lower: number; upper: number; n?: number; events?: number };

export type CalibrationCurve = {
  method: string; points: CalibrationPoint[];
  /** |observed − risk| over the patients: mean (ICI), median, 90th percentile, largest */
  ici: number; e50: number; e90: number; emax: number; warnings: string[];
};

export type CurveOptions = {
  /** loess (default), spline: logistic regression on a restricted cubic spline of logit(risk), groups: quantile groups */
  method?: "loess" | "spline" | "groups";
  /** groups wanted (10); ties make fewer */
  groups?: number;
  /** loess: share of patients in each window (.75) and degree (2) */
  span?: number; degree?: 1 | 2;
  /** spline: 3 to 7 knots (5, or fewer where the risks are few) at Harrell's quantiles */
  knots?: number;
  level?: number;
};

const GRID = 101;
/** up to EXACT distinct risks loess is evaluated at each, above at KNOTS of them */
const EXACT = 1500;
const KNOTS = 500;

/**
 * Calibration curve and its summary: ICI, E50, E90 and Emax (Austin & Steyerberg, Stat Med 2019;38:4051), the distances between smoothed
 * observed and predicted risk over the patients.
 * Loess: R's defaults (span .75, degree 2) with a direct surface, which the k-d tree of R's default only approximates (`loess`);
 * above 1,500 distinct risks it is evaluated at 500 of them and joined linearly. It may leave 0 … 1 at the ends, as in R.
 * Spline: with pointwise Wald intervals on the log-odds. Groups: (a, b] at type-7 quantiles, with mean risk and Wilson's interval;
 * their distances are weighted by patients.
 *
 * @param risk n probabilities, event n flags
 * @throws InputError on risks outside 0 … 1, one class; constant risks give one group with a warning
 */
export function calibrationCurve(risk: Numbers, event: Numbers, options: CurveOptions = {}): CalibrationCurve {
  const { level = 0.95, method = "loess" } = options;
  checkLevel("Calibration curve", level);
  const { n } = countClassesOfRisk("Calibration curve", risk, event);
  if (method !== "loess" && method !== "spline" && method !== "groups") {
    throw new InputError(`Calibration curve: the method is "${method as string}", expected "loess", "spline" or "groups".`);
  }
  const warnings: string[] = [];
  const distinct = Float64Array.from(new Set(sorted(risk)));
  const constant = distinct.length < 3 && method !== "groups";
  if (constant) warnings.push(`Calibration curve: there are only ${distinct.length} distinct risks, so groups take the place of a smooth curve.`);
  if (method === "groups" || constant) return grouped(risk, event, options.groups ?? 10, level, warnings);
  const grid = Float64Array.from({ length: GRID }, (_, k) => distinct[0] + ((distinct[distinct.length - 1] - distinct[0]) * k) / (GRID - 1));
  grid[GRID - 1] = distinct[distinct.length - 1];
  const smooth = method === "loess" ? byLoess(risk, event, distinct, options) : bySpline(risk, event, options, warnings, normalQuantile(0.5 + level / 2));
  const observed = smooth.at(grid);
  const own = smooth.at(risk);
  const distance = sorted(Float64Array.from({ length: n }, (_, i) => Math.abs(own[i].observed - risk[i])));
  return { method: smooth.method, points: Array.from(grid, (r, k) => ({ risk: r, ...observed[k] })), ...summary(distance), warnings };
}

type Smooth = { method: string; at(risk: Numbers): { observed: number; lower: number; upper: number }[] };

function byLoess(risk: Numbers, event: Numbers, distinct: Float64Array, { span = 0.75, degree = 2 }: CurveOptions): Smooth {
  const count = distinct.length;
  const base = count <= EXACT ? distinct : Float64Array.from({ length: KNOTS }, (_, k) => distinct[Math.round((k * (count - 1)) / (KNOTS - 1))]);
  const value = loess(risk, event, base, { span, degree });
  return {
    method: `loess, span ${span}, degree ${degree}, direct surface`,
    at: (wanted) => (count <= EXACT && wanted !== risk
      ? Array.from(loess(risk, event, wanted, { span, degree }), (observed) => ({ observed, lower: NaN, upper: NaN }))
      : joined(base, value, wanted)),
  };
}

/** Linear between base points; wanted values lie within them. */
function joined(base: Float64Array, value: Float64Array, wanted: Numbers): { observed: number; lower: number; upper: number }[] {
  const result = Array.from({ length: wanted.length }, () => ({ observed: NaN, lower: NaN, upper: NaN }));
  let k = 0;
  for (const i of order(wanted)) {
    while (k + 1 < base.length && base[k + 1] <= wanted[i]) k++;
    const share = k + 1 < base.length ? (wanted[i] - base[k]) / (base[k + 1] - base[k]) : 0;
    result[i].observed = share === 0 ? value[k] : value[k] + share * (value[k + 1] - value[k]);
  }
  return result;
}

function bySpline(risk: Numbers, event: Numbers, options: CurveOptions, warnings: string[], z: number): Smooth {
  const x = logOdds("Calibration curve", risk, warnings);
  let count = options.knots ?? 5;
  let knots: number[] | undefined;
  for (; knots === undefined && count >= 3; count--) {
    try { knots = splineKnots(x, count); } catch (error) { if (!(error instanceof InputError) || count > 7) throw error; }
  }
  const basis = (values: Float64Array) => (knots === undefined ? [values] : restrictedCubicSpline(values, knots));
  const fit = smallLogistic(basis(x), event);
  if (!fit.converged) warnings.push("Calibration curve: the spline did not converge (risks that separate the classes, or too few events for its knots); use fewer knots.");
  return {
    method: knots === undefined ? "logistic regression on logit(risk)" : `logistic regression on a restricted cubic spline of logit(risk), ${knots.length} knots`,
    at: (wanted) => {
      const columns = basis(Float64Array.from(wanted, (r) => logit(Math.min(1 - 1e-10, Math.max(1e-10, r)))));
      return Array.from({ length: wanted.length }, (_, i) => {
        const row = [1, ...columns.map((c) => c[i])];
        const eta = row.reduce((s, v, j) => s + v * fit.coefficients[j], 0);
        const variance = row.reduce((s, v, j) => s + v * row.reduce((t, w, k) => t + w * fit.covariance[j][k], 0), 0);
        const half = z * Math.sqrt(Math.max(0, variance));
        return { observed: expit(eta), lower: expit(eta - half), upper: expit(eta + half) };
      });
    },
  };
}

function grouped(risk: Numbers, event: Numbers, groups: number, level: number, warnings: string[]): CalibrationCurve {
  if (!(Number.isInteger(groups) && groups >= 1)) throw new InputError(`Calibration curve: ${groups} groups asked for, expected a whole number of at least 1.`);
  const { breaks, group } = groupByQuantile(risk, groups);
  const count = Math.max(1, breaks.length - 1);
  if (count < groups) warnings.push(`Calibration curve: ties in the risks leave ${count} of ${groups} groups.`);
  const sums = Array.from({ length: count }, () => ({ n: 0, events: 0, risk: 0 }));
  for (let i = 0; i < risk.length; i++) {
    const s = sums[group[i]];
    s.n++;
    s.events += event[i];
    s.risk += risk[i];
  }
  const points = sums.map((s) => ({ risk: s.risk / s.n, observed: s.events / s.n, ...wilson(s.events, s.n, level), n: s.n, events: s.events }));
  const distance = sorted(Float64Array.from(risk, (_, i) => Math.abs(points[group[i]].observed - points[group[i]].risk)));
  return { method: `${count} groups by quantiles of risk`, points, ...summary(distance), warnings };
}

/** Of ascending distances; quantiles of type 7. */
function summary(distance: Float64Array): { ici: number; e50: number; e90: number; emax: number } {
  const at = (p: number) => {
    const place = p * (distance.length - 1);
    const low = Math.floor(place);
    return distance[low] + (place - low) * (distance[Math.min(distance.length - 1, low + 1)] - distance[low]);
  };
  return { ici: distance.reduce((s, v) => s + v, 0) / distance.length, e50: at(0.5), e90: at(0.9), emax: distance[distance.length - 1] };
}
