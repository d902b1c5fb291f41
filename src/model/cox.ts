import {
  coxData, coxMaximise, coxRiskSets, exp, InputError, inverseForm, log, normalCdf, normalQuantile, quadraticForm, scoreResiduals,
  type CoxData, type CoxMaximum, type CoxRows, type CoxTies, type Design, type FollowUp,
} from "../math/index.js";
import { coxBaseline, type CoxBaseline } from "./coxBaseline.js";
import { chiSquared, type ChiSquaredTest } from "./chiSquaredTest.js";
import { coxWarnings } from "./coxWarnings.js";

export type CoxOptions = CoxRows & {
  /** Efron by default, as R; "exact" is Cox's discrete-time likelihood (weights not allowed) */
  ties?: CoxTies;
  /** sandwich variance; by default where `cluster` is given or a weight is no whole number, as R's coxph: such weights count no copies */
  robust?: boolean;
  /** rows of one label are one unit of the sandwich */
  cluster?: ArrayLike<number | string>;
  /** of intervals, .95 */
  level?: number;
  maxIterations?: number;
  /** what is stored of the baseline: "spread" (default) also what intervals of predicted survival need, p numbers an event time */
  baseline?: "none" | "hazard" | "spread";
};

/** A fitted Cox model, JSON. Numbers that cannot be had are NaN (null in JSON) and `warnings` says why. */
export type CoxModel = {
  kind: "cox"; ties: CoxTies; names: string[]; coefficients: number[];
  /** model-based; `robustSe` from the sandwich, which z, p and ci then use */
  se: number[]; robustSe?: number[];
  z: number[]; p: number[]; hazardRatio: number[]; ci: [number, number][]; level: number;
  covariance: number[][]; robustCovariance?: number[][];
  /** log partial likelihood at 0 and at the maximum */
  loglik: [number, number];
  tests: { likelihoodRatio: ChiSquaredTest; wald: ChiSquaredTest; score: ChiSquaredTest; robustScore?: ChiSquaredTest };
  aic: number;
  /** Schwarz's criterion with log(events), as R's BIC(coxph), and with log(n), as SPSS or lifelines readers may mean */
  bicEvents: number; bicN: number;
  n: number; events: number; iterations: number; converged: boolean; warnings: string[];
  /** columns that others determine: coefficient NaN, counted as 0 in predictions */
  aliased: string[];
  /** columns whose likelihood is monotone: no finite estimate */
  monotone: string[];
  /** centre of the linear predictor: column means, but 0 for columns that hold only −1, 0, 1 */
  means: number[];
  strata: string[]; baseline: CoxBaseline[];
};

/**
 * Cox proportional hazards regression: maximises the partial likelihood (Cox, J R Stat Soc B 1972;34:187) with Efron's, Breslow's
 * or exact ties by Newton–Raphson with step-halving. Agrees with R survival::coxph 3.5 (coefficients, variances, the three tests,
 * log likelihoods; near-equal times are merged as its timefix does).
 *
 * Hazard ratios are exp(coefficient) per unit of the column; intervals are Wald's. Tests are χ² on the number of estimated
 * coefficients: 2(l − l0), β'V⁻¹β (V robust where asked) and U0'I0⁻¹U0. Robust variance: D'D, D the rows' dfbeta (w·score·V) summed by
 * cluster (Lin & Wei 1989).
 * Collinear or constant columns are aliased and named; a monotone likelihood is flagged: its column gets no hazard ratio or
 * interval (NaN), with a warning that names it and firthCox as the remedy.
 *
 * @param design    n rows × p columns, without intercept; p = 0 gives the null model
 * @param followUp  time >= 0 in any one unit, event 0/1, start for late entry or time-dependent rows (start < time)
 * @throws InputError on lengths, values not finite, times < 0, weights <= 0, all rows censored
 */
export function coxFit(design: Design, followUp: FollowUp, options: CoxOptions = {}): CoxModel {
  const { ties = "efron", level = 0.95, cluster, robust = cluster !== undefined || fractional(options.weights) } = options;
  if (ties === "exact" && (options.weights !== undefined || robust)) {
    throw new InputError("Exact ties take neither weights nor a robust variance. Use ties efron.");
  }
  if (!(level > 0 && level < 1)) throw new InputError(`level is ${level}; it must lie between 0 and 1, as 0.95.`);
  if (cluster !== undefined && cluster.length !== design.n) {
    throw new InputError(`cluster has ${cluster.length} values but the design has ${design.n} rows. Give one for each row.`);
  }
  const data = coxData(design, followUp, options);
  const { n, p, scale, events } = data;
  const best = coxMaximise(data, ties, options.maxIterations);
  const { aliased, diverging } = best;
  const estimated = indices(p).filter((j) => !aliased.includes(j));

  const coefficients = indices(p).map((j) => (aliased.includes(j) ? NaN : best.beta[j] / scale[j]));
  const beside = besideMonotone(best, p);
  const unknown = new Set([...aliased, ...diverging, ...beside]);
  const covariance = onScale(best.inverse, data, unknown);
  const sandwich = robust ? robustVariance(data, best, ties, cluster) : undefined;
  const robustCovariance = sandwich === undefined ? undefined : onScale(sandwich.variance, data, unknown);
  const se = covariance.map((row, j) => Math.sqrt(row[j]));
  const robustSe = robustCovariance?.map((row, j) => Math.sqrt(row[j]));
  const spread = robustSe ?? se;
  const z = coefficients.map((b, j) => b / spread[j]);
  const wide = normalQuantile((1 + level) / 2);

  const df = estimated.length;
  const loglik: [number, number] = [best.atNull.value, best.at.value];
  const means = columnMeans(design, data);
  const model: CoxModel = {
    kind: "cox", ties, names: [...design.names], coefficients, se, ...(robustSe && { robustSe }),
    z, p: z.map((v) => 2 * normalCdf(-Math.abs(v))),
    hazardRatio: coefficients.map((b, j) => (unknown.has(j) ? NaN : exp(b))),
    ci: coefficients.map((b, j) => [exp(b - wide * spread[j]), exp(b + wide * spread[j])]), level,
    covariance, ...(robustCovariance && { robustCovariance }), loglik,
    tests: {
      likelihoodRatio: chiSquared(2 * (loglik[1] - loglik[0]), df),
      wald: chiSquared(diverging.length > 0 ? NaN : waldStatistic(best, sandwich?.variance, estimated, p), df),
      score: chiSquared(inverseForm(best.atNull.information, estimated, p, best.atNull.gradient), df),
      ...(sandwich && { robustScore: chiSquared(sandwich.score, df) }),
    },
    aic: -2 * loglik[1] + 2 * df, ...bics(loglik[1], df, events, n),
    n, events, iterations: best.iterations, converged: best.converged,
    warnings: coxWarnings(design, followUp, data, best, beside), aliased: aliased.map((j) => design.names[j]), monotone: diverging.map((j) => design.names[j]),
    means, strata: data.labels, baseline: [],
  };
  if (options.baseline !== "none") model.baseline = coxBaseline(data, best.beta, ties, means, options.baseline !== "hazard");
  return model;
}

const fractional = (weights: CoxOptions["weights"]) => weights !== undefined && Array.from(weights).some((w) => !Number.isInteger(w));
const indices = (p: number) => Array.from({ length: p }, (_, j) => j);

function bics(loglik: number, df: number, events: number, n: number): { bicEvents: number; bicN: number } {
  return { bicEvents: -2 * loglik + df * log(events), bicN: -2 * loglik + df * log(n) };
}

/** Column means; 0 where a column holds nothing but −1, 0 and 1 (R's rule: an indicator is predicted against its 0). */
const columnMeans = (design: Design, { centre }: CoxData): number[] => design.columns.map((column, j) => (isIndicator(column) ? 0 : centre[j]));

function isIndicator(column: Float64Array): boolean {
  for (let i = 0; i < column.length; i++) if (column[i] !== 0 && column[i] !== 1 && column[i] !== -1) return false;
  return true;
}

/** Columns about which a monotone likelihood of others leaves next to no information: standard error over 50 per SD of the column. */
function besideMonotone({ inverse, aliased, diverging }: CoxMaximum, p: number): number[] {
  if (diverging.length === 0) return [];
  return indices(p).filter((j) => !aliased.includes(j) && !diverging.includes(j) && !(Math.sqrt(inverse[j * p + j]) <= 50));
}

/** Covariance of coefficients per unit of the columns; NaN where there is no estimate. */
function onScale(inverse: Float64Array, { p, scale }: CoxData, unknown: ReadonlySet<number>): number[][] {
  return indices(p).map((j) => indices(p).map((k) =>
    (unknown.has(j) || unknown.has(k) ? NaN : inverse[j * p + k] / (scale[j] * scale[k]))));
}

function waldStatistic(best: CoxMaximum, robust: Float64Array | undefined, estimated: number[], p: number): number {
  return robust === undefined ? quadraticForm(best.at.information, best.beta, p) : inverseForm(robust, estimated, p, best.beta);
}

/** D'D on the standardised scale, and the robust score statistic: u (T'T)⁻¹ u with T the clusters' scores at 0 and u their sum. */
function robustVariance(
  data: CoxData, best: CoxMaximum, ties: CoxTies, cluster: ArrayLike<number | string> | undefined,
): { variance: Float64Array; score: number } {
  const { p } = data;
  const estimated = indices(p).filter((j) => !best.aliased.includes(j));
  const atMaximum = byCluster(data, scoreResiduals(data, coxRiskSets(data, best.beta, ties)), cluster);
  const dfbeta = atMaximum.map((u) => indices(p).map((j) => indices(p).reduce((sum, k) => sum + best.inverse[j * p + k] * u[k], 0)));
  const atNull = byCluster(data, scoreResiduals(data, coxRiskSets(data, new Float64Array(p), ties)), cluster);
  const total = new Float64Array(p);
  for (const u of atNull) for (let j = 0; j < p; j++) total[j] += u[j];
  return { variance: crossProduct(dfbeta, p), score: inverseForm(crossProduct(atNull, p), estimated, p, total) };
}

/** Weighted scores summed by cluster (each row its own where no cluster is given). */
function byCluster(data: CoxData, score: Float64Array, cluster: ArrayLike<number | string> | undefined): Float64Array[] {
  const sums = new Map<string | number, Float64Array>();
  for (let i = 0; i < data.n; i++) {
    const label = cluster === undefined ? i : String(cluster[data.row[i]]);
    const sum = sums.get(label) ?? new Float64Array(data.p);
    sums.set(label, sum);
    for (let j = 0; j < data.p; j++) sum[j] += data.weight[i] * score[i * data.p + j];
  }
  return [...sums.values()];
}

function crossProduct(rows: ArrayLike<number>[], p: number): Float64Array {
  const product = new Float64Array(p * p);
  for (const row of rows) for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) product[j * p + k] += row[j] * row[k];
  return product;
}
