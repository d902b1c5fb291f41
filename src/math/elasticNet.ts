import { coxFamily } from "./elasticNetFamilies.js";
import { prepareNet, type NetResponse, type Prepared } from "./elasticNetPrepare.js";
import { netSolver } from "./elasticNetSolver.js";
import { exp, log } from "./elementary.js";
import { returnHeap, takeHeap } from "./vectorHeap.js";

export type { NetResponse } from "./elasticNetPrepare.js";

export type NetOptions = {
  /** 1 LASSO … 0 ridge; default 1 */
  alpha?: number;
  /** penalties to fit at; without them a geometric path from λmax down */
  lambda?: ArrayLike<number>;
  /** length of that path (100), and its last value as a share of λmax (1e-4 where n ≥ p, else 0.01) */
  lambdas?: number;
  lambdaRatio?: number;
  /** columns divided by their standard deviation (1/n variance) before penalising; default true */
  standardize?: boolean;
  /** default true; never for Cox */
  intercept?: boolean;
  /** factor of λ by column: 0 never penalised, Infinity left out; rescaled to sum to p */
  penaltyFactor?: ArrayLike<number>;
  offset?: ArrayLike<number>;
  weights?: ArrayLike<number>;
  /** coefficients below 0 not allowed */
  nonNegative?: boolean;
  /** largest violation of the Karush–Kuhn–Tucker conditions allowed, as a share of λmax·α; default 1e-4 (glmnet's 1e-7 leaves 2e-3 for Cox) */
  tolerance?: number;
  /** Newton steps for one λ; default 200 */
  maxIterations?: number;
  /** walk all λ of an automatic path, without glmnet's rules for ending it early */
  wholePath?: boolean;
};

/** Coefficients on the scale of the data, those that are not 0: value[k] belongs to column index[k]. */
export type NetCoefficients = { intercept: number; index: number[]; value: number[] };

export type NetPath = {
  family: NetResponse["family"]; alpha: number; n: number; p: number;
  lambda: number[]; coefficients: NetCoefficients[]; df: number[];
  /** 1 − deviance / null deviance; the null deviance is that of intercept and offset alone */
  devianceRatio: number[]; nullDeviance: number;
  /** largest violation of the KKT conditions left at each λ, as a share of λmax·α, and whether it is within the tolerance */
  kkt: number[]; converged: boolean[];
  lambdaMax: number;
};

const SHORTEST = 5;

/**
 * Elastic-net path: at each λ the minimum of −log L / Σw + λ Σ_j f_j (α |β_j| + (1 − α) β_j² / 2) over standardised columns, for
 * the Gaussian, binomial and Cox (Breslow ties) likelihoods. Friedman, Hastie & Tibshirani, J Stat Softw 2010;33(1); Simon et al.,
 * J Stat Softw 2011;39(5). Same λ sequence, early stop and scales as R glmnet 4.1 (Gaussian y is standardised before λ applies, so
 * the ridge part of its penalty is λ/sd(y)). Solved by proximal Newton steps whose quadratic model (the full Hessian on a working
 * set of columns, kept as long as it serves) is minimised on its support, started where the last two solutions point. Trusts its input.
 *
 * R differs in two ways: for p > n its thresh = 1e-14 ends short of the minimum (1e-22 agrees), and for Cox it adds 2.2e-14 to
 * censored times to put them after events at the same time, which rounding swallows from time 256 on: such rows then leave the risk
 * set of those events (dividing times by 1e4 brings them back).
 *
 * @param columns  p columns
 * @param rows     the rows to fit on; response, weights and offset are indexed by the same row numbers
 */
export function elasticNet(columns: readonly Float64Array[], rows: ArrayLike<number>, response: NetResponse, options: NetOptions = {}): NetPath {
  const alpha = options.alpha ?? 1;
  const intercept = response.family !== "cox" && (options.intercept ?? true);
  const heap = takeHeap(2 * rows.length * columns.length);
  const data = prepareNet(heap, columns, rows, response, { ...options, standardize: options.standardize ?? true, intercept });
  const solver = netSolver(data, alpha, options.nonNegative ?? false, options.tolerance ?? 1e-4, options.maxIterations ?? 200);
  const { n, p, ySpread } = data;
  const scale = solver.lambdaMax;
  const given = options.lambda && Float64Array.from(options.lambda).sort().reverse();
  const wanted = given?.length ?? options.lambdas ?? 100;
  const ratio = Math.max(options.lambdaRatio ?? (n < p ? 0.01 : 1e-4), 1e-6);
  // glmnet's Cox path takes this exponent in single precision
  const exponent = response.family === "cox" ? Math.fround(1 / (wanted - 1)) : 1 / (wanted - 1);
  const path: NetPath = {
    family: response.family, alpha, n, p, lambda: [], coefficients: [], df: [], devianceRatio: [], nullDeviance: solver.nullDeviance,
    kkt: [], converged: [], lambdaMax: scale * ySpread,
  };
  for (let k = 0; k < wanted; k++) {
    const lambda = given ? given[k] / ySpread : scale * (wanted > 1 ? exp(log(ratio) * k * exponent) : 1);
    // the first of an automatic path is the model at infinite λ, as in glmnet: for ridge not the one at λmax
    const fit = given === undefined && k === 0 ? solver.atInfinity : solver.solve(lambda);
    path.lambda.push(lambda * ySpread);
    path.kkt.push(fit.kkt);
    path.converged.push(fit.converged);
    path.coefficients.push(onDataScale(data, solver.b, solver.intercept(), intercept));
    path.df.push(path.coefficients[k].index.length);
    path.devianceRatio.push(1 - data.family.deviance(solver.loss()) / solver.nullDeviance);
    if (given === undefined && options.wholePath !== true && k + 1 >= SHORTEST && enough(response.family, path.devianceRatio, options.nonNegative ?? false)) break;
  }
  returnHeap(heap);
  return path;
}

/** glmnet's rules for ending a path early: deviance nearly explained, or gaining too little (not judged under a bound at 0). */
function enough(family: NetResponse["family"], ratio: number[], bounded: boolean): boolean {
  const k = ratio.length - 1;
  if (ratio[k] > 0.999) return true;
  if (bounded) return false;
  if (family === "cox") return ratio[k] - ratio[k - 4] < 1e-3 * ratio[k];
  return ratio[k] - ratio[k - 1] < (family === "gaussian" ? 1e-5 * ratio[k] : 1e-5);
}

function onDataScale(data: Prepared, b: Float64Array, start: number, intercept: boolean): NetCoefficients {
  const index: number[] = [];
  const value: number[] = [];
  let a0 = data.yMean + data.ySpread * start;
  for (let j = 0; j < data.p; j++) {
    if (b[j] === 0) continue;
    const beta = (b[j] * data.ySpread) / data.scale[j];
    index.push(j);
    value.push(beta);
    a0 -= beta * data.mean[j];
  }
  return { intercept: intercept ? a0 : 0, index, value };
}

/** Cox deviance (Breslow ties) of the given rows at a linear predictor that is indexed by row number. As glmnet's coxnet.deviance. */
export function coxDeviance(
  time: ArrayLike<number>, event: ArrayLike<number>, rows: ArrayLike<number>, weights?: ArrayLike<number>,
): (eta: ArrayLike<number>) => number {
  const order = Int32Array.from(rows).sort((a, b) => time[a] - time[b] || a - b);
  const w = Float64Array.from(order, (i) => (weights ? weights[i] : 1));
  const total = w.reduce((a, b) => a + b, 0);
  const family = coxFamily(Float64Array.from(order, (i) => time[i]), Uint8Array.from(order, (i) => event[i]), w.map((v) => v / total), total);
  const sorted = new Float64Array(order.length);
  const r = new Float64Array(order.length);
  return (eta) => {
    for (let i = 0; i < order.length; i++) sorted[i] = eta[order[i]];
    return family.deviance(family.loss(sorted, r));
  };
}
