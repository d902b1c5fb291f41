import type { Outcome } from "../cohort/index.js";
import { coxDeviance, elasticNet, exp, InputError, shuffle, type Design, type NetOptions, type NetResponse, type Random } from "../math/index.js";
import { binomialDeviance, checkedNet, coefficientsAt, elasticNetPath, netLinear, type ElasticNetPath } from "./elasticNet.js";

export type NetMeasure = "deviance" | "auc" | "class" | "mse" | "mae" | "C";
export type ElasticNetCvOptions = NetOptions & {
  /** fold of every row (1 … k, or any whole numbers); or how many folds `random` shall make, of equal size and with the events spread evenly (10) */
  folds?: ArrayLike<number> | number;
  random?: Random;
  /** default "deviance"; "mse" is the deviance of a continuous outcome; "C" is for survival, "auc" and "class" for binary */
  measure?: NetMeasure;
  /**
   * "own" (default, as cv.glmnet): a fold's fit walks its own path with its own early stop, and its coefficients are read off linearly at the
   * λ of all rows; "shared": it is fitted at those very λ, to the last. Where `lambda` is given both are the same.
   */
  foldLambda?: "own" | "shared";
  /** Cox: partial likelihood of all rows less that without the fold (default), or of the fold alone */
  grouped?: boolean;
};

export type ElasticNetCv = {
  path: ElasticNetPath;
  measure: NetMeasure;
  lambda: number[]; cvm: number[]; cvsd: number[]; nzero: number[];
  lambdaMin: number; lambda1se: number; indexMin: number; index1se: number;
  /** names selected at lambdaMin and lambda1se; none is a result */
  selectedMin: string[]; selected1se: string[];
  folds: number[];
  warnings: string[];
};

/**
 * k-fold cross-validation of an elastic-net path: the path on all rows gives λ, every fold is left out once and what is fitted
 * without it is judged on it at those λ. cvm is the mean of the folds' measures weighted by their rows (Cox: by their events), cvsd its standard
 * error; lambdaMin has the best cvm, lambda1se is the largest λ whose cvm is within one cvsd of it. Agrees with R glmnet 4.1-6
 * cv.glmnet(foldid =): Cox deviance is (all rows − without the fold) per event (Verweij & van Houwelingen, Stat Med 1993;12:2305);
 * binary and continuous deviance, class, mse, mae by row, auc and C by fold (ties ½). mse and mae of a binary outcome are summed
 * over both classes, as there.
 *
 * @throws InputError as elasticNetPath; fewer than 3 folds; a measure that does not fit the outcome; a fold without which one class
 * or no event is left
 */
export function elasticNetCv(design: Design, outcome: Outcome, options: ElasticNetCvOptions = {}): ElasticNetCv {
  const response = checkedNet("elasticNetCv", design, outcome, options);
  const measure = options.measure ?? (response.family === "gaussian" ? "mse" : "deviance");
  const allowed: Record<NetResponse["family"], NetMeasure[]> = { gaussian: ["deviance", "mse", "mae"], binomial: ["deviance", "auc", "class", "mse", "mae"], cox: ["deviance", "C"] };
  if (!allowed[response.family].includes(measure)) {
    throw new InputError(`elasticNetCv: measure "${measure}" does not fit a ${outcome.kind} outcome. Choose one of ${allowed[response.family].join(", ")}.`);
  }
  const { n, columns } = design;
  const fold = foldsOf(outcome, n, options);
  const names = [...new Set(fold)].sort((a, b) => a - b);
  if (names.length < 3) throw new InputError(`elasticNetCv: ${names.length} folds were given, but at least 3 are expected.`);
  const path = elasticNetPath(design, outcome, options);
  const warnings = [...path.warnings];
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const { lambda } = path;
  const raw: Float64Array[] = [];
  const weight: number[] = [];
  for (const f of names) {
    const inside = all.filter((i) => fold[i] === f);
    const rest = all.filter((i) => fold[i] !== f);
    checkRest(response, rest, f);
    const judged = response.family === "cox" && measure === "deviance" && options.grouped !== false ? all : inside;
    const fit = elasticNet(columns, rest, response, options.foldLambda === "shared" ? { ...options, lambda } : options);
    const etas = lambda.map((l, k) => netLinear(options.foldLambda === "shared" ? fit.coefficients[k] : coefficientsAt(fit, l), columns, n, options.offset, judged === all ? undefined : judged));
    const scored = scoreFold(response, measure, etas, inside, rest, all, options);
    if (scored.weight > 0 && scored.values.every(Number.isFinite)) {
      raw.push(scored.values);
      weight.push(scored.weight);
    } else warnings.push(`Fold ${f} has ${scored.missing} and does not count in the cross-validation. Spread events evenly over the folds.`);
    if (fit.converged.includes(false)) warnings.push(`The fit without fold ${f} did not reach its tolerance at ${fit.converged.filter((c) => !c).length} of ${lambda.length} λ.`);
  }
  if (raw.length < 2) throw new InputError(`elasticNetCv: only ${raw.length} fold has what "${measure}" needs. Use fewer folds or another measure.`);
  const total = weight.reduce((a, b) => a + b, 0);
  const cvm = lambda.map((_, k) => raw.reduce((sum, values, f) => sum + weight[f] * values[k], 0) / total);
  const cvsd = lambda.map((_, k) =>
    Math.sqrt(raw.reduce((sum, values, f) => sum + weight[f] * (values[k] - cvm[k]) * (values[k] - cvm[k]), 0) / total / (raw.length - 1)));
  const sign = measure === "auc" || measure === "C" ? -1 : 1;
  const loss = cvm.map((c) => sign * c);
  const indexMin = loss.indexOf(Math.min(...loss));
  const index1se = loss.findIndex((c) => c <= loss[indexMin] + cvsd[indexMin]);
  const selected = (k: number) => path.coefficients[k].index.map((j) => path.names[j]);
  return {
    path, measure, lambda: [...lambda], cvm, cvsd, nzero: [...path.df], lambdaMin: lambda[indexMin], lambda1se: lambda[index1se], indexMin, index1se,
    selectedMin: selected(indexMin), selected1se: selected(index1se), folds: Array.from(fold), warnings,
  };
}

/** Coefficients at lambdaMin, lambda1se or any λ. As R coef(cv.glmnet, s = "lambda.min" or "lambda.1se"). */
export function cvCoefficients(cv: ElasticNetCv, at: "min" | "1se" | number) {
  return coefficientsAt(cv.path, at === "min" ? cv.lambdaMin : at === "1se" ? cv.lambda1se : at);
}

function foldsOf(outcome: Outcome, n: number, { folds = 10, random }: ElasticNetCvOptions): Int32Array {
  if (typeof folds !== "number") {
    if (folds.length !== n || Array.from(folds).some((f) => !Number.isInteger(f))) {
      throw new InputError(`elasticNetCv: ${folds.length} folds were given for ${n} rows. Give every row the whole number of its fold.`);
    }
    return Int32Array.from(folds);
  }
  if (random === undefined) throw new InputError("elasticNetCv: neither the fold of every row nor a seeded random stream was given. Give one of them.");
  if (!(Number.isInteger(folds) && folds >= 3 && folds <= n)) throw new InputError(`elasticNetCv: ${folds} folds were asked for; a whole number from 3 to ${n} rows is expected.`);
  const order = Array.from({ length: n }, (_, i) => i);
  shuffle(order, random);
  if (outcome.kind !== "continuous") order.sort((a, b) => outcome.event[a] - outcome.event[b]);
  const fold = new Int32Array(n);
  order.forEach((row, k) => { fold[row] = (k % folds) + 1; });
  return fold;
}

function checkRest(response: NetResponse, rest: Int32Array, fold: number): void {
  const lacking = response.family === "cox" ? !rest.some((i) => response.event[i] === 1) && "no event"
    : response.family === "binomial" ? rest.every((i) => response.y[i] === response.y[rest[0]]) && "one class only"
    : rest.every((i) => response.y[i] === response.y[rest[0]]) && "one value only";
  if (lacking) throw new InputError(`elasticNetCv: without fold ${fold} there is ${lacking} to fit on. Spread the outcome evenly over the folds.`);
}

function scoreFold(
  response: NetResponse, measure: NetMeasure, etas: Float64Array[], inside: Int32Array, rest: Int32Array, all: Int32Array, options: ElasticNetCvOptions,
): { values: Float64Array; weight: number; missing: string } {
  const w = options.weights;
  const weightOf = (i: number) => (w ? w[i] : 1);
  const rows = inside.reduce((sum, i) => sum + weightOf(i), 0);
  if (response.family === "cox") {
    if (measure === "C") {
      return { values: Float64Array.from(etas, (eta) => concordanceOf(response.time, response.event, eta, inside, weightOf)), weight: rows, missing: "no pair to compare" };
    }
    const { time, event } = response;
    const events = inside.reduce((sum, i) => sum + weightOf(i) * event[i], 0);
    const whole = coxDeviance(time, event, all, w);
    const without = coxDeviance(time, event, rest, w);
    const alone = coxDeviance(time, event, inside, w);
    return { values: Float64Array.from(etas, (eta) => (options.grouped === false ? alone(eta) : whole(eta) - without(eta)) / events), weight: events, missing: "no event" };
  }
  const { family, y } = response;
  if (measure === "auc") return { values: Float64Array.from(etas, (eta) => aucOf(y, eta, inside, weightOf)), weight: rows, missing: "one class only" };
  const values = Float64Array.from(etas, (eta) => {
    let sum = 0;
    for (const i of inside) {
      if (family === "gaussian") {
        const e = y[i] - eta[i];
        sum += weightOf(i) * (measure === "mae" ? Math.abs(e) : e * e);
        continue;
      }
      const p = eta[i] > 0 ? 1 / (1 + exp(-eta[i])) : exp(eta[i]) / (1 + exp(eta[i]));
      const e = y[i] - Math.min(Math.max(p, 1e-5), 1 - 1e-5);
      const wrong = p > 0.5 ? 1 - y[i] : y[i];
      sum += weightOf(i) * (measure === "deviance" ? binomialDeviance(y[i], p) : measure === "class" ? wrong : measure === "mse" ? 2 * e * e : 2 * Math.abs(e));
    }
    return sum / rows;
  });
  return { values, weight: rows, missing: "no rows of weight" };
}

/** Share of (event, no event) pairs in which the event has the higher predictor, ties ½; pairs weighted by the product. */
function aucOf(y: ArrayLike<number>, eta: Float64Array, rows: Int32Array, weight: (i: number) => number): number {
  const order = Int32Array.from(rows).sort((a, b) => eta[a] - eta[b]);
  let below = 0, events = 0, pairs = 0;
  for (let k = 0; k < order.length;) {
    let end = k, own = 0, other = 0;
    while (end < order.length && eta[order[end]] === eta[order[k]]) {
      const i = order[end++];
      if (y[i] === 1) own += weight(i); else other += weight(i);
    }
    pairs += own * (below + other / 2);
    below += other;
    events += own;
    k = end;
  }
  return pairs / (below * events);
}

/** Harrell's C over the given rows, predictor ties ½ (R survival::concordance, higher = earlier); pairs weighted by the product. */
function concordanceOf(time: ArrayLike<number>, event: ArrayLike<number>, eta: Float64Array, rows: Int32Array, weight: (i: number) => number): number {
  let agree = 0, pairs = 0;
  for (const i of rows) {
    if (event[i] !== 1) continue;
    for (const k of rows) {
      if (!(time[k] > time[i] || (time[k] === time[i] && event[k] !== 1))) continue;
      const both = weight(i) * weight(k);
      pairs += both;
      agree += eta[i] > eta[k] ? both : eta[i] === eta[k] ? both / 2 : 0;
    }
  }
  return agree / pairs;
}
