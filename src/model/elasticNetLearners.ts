import { numberColumns, type Outcome, type Table } from "../cohort/index.js";
import { exp, InputError, type NetOptions } from "../math/index.js";
import { applyCoding, designOf, type DesignCoding } from "./designOf.js";
import { coefficientsAt, netLinear } from "./elasticNet.js";
import { cvCoefficients, elasticNetCv, type ElasticNetCv, type ElasticNetCvOptions } from "./elasticNetCv.js";
import type { Learner } from "./learner.js";

/** Which variables, which λ (default lambda.min), and everything that elasticNetCv takes. */
export type NetLearnerOptions = Omit<ElasticNetCvOptions, keyof NetOptions> & NetOptions & { variables?: string[]; at?: "min" | "1se" | number;
  /** factor of λ by variable: 0 is never penalised, 1 (every other variable) is; categories have one for all their levels */
  penalties?: Readonly<Record<string, number>>;
  /** keep the whole path and the cross-validation curve in the model, to be drawn */
  trace?: boolean;
};

/** Selected columns with their coefficients on the scale of the data; `selected` may be empty. `coding` is of the variables selected alone: no others are read. */
export type NetModel = {
  kind: "elasticNet"; outcome: "binary" | "survival" | "continuous"; alpha: number; lambda: number;
  intercept: number; selected: string[]; coefficients: number[]; coding: DesignCoding; warnings: string[];
  trace?: NetTrace;
};

/** Path and cross-validation curve at the λ of the path; `coefficients` of the columns that ever enter. */
export type NetTrace = {
  lambda: number[]; mean: number[]; se: number[]; nonzero: number[]; measure: string; lambdaMin: number; lambda1se: number;
  coefficients: { name: string; values: number[] }[];
};

function traceOf(cv: ElasticNetCv): NetTrace {
  const { lambda, cvm, cvsd, nzero, measure, lambdaMin, lambda1se, path } = cv;
  const values = new Map<number, number[]>();
  lambda.forEach((l, k) => {
    const { index, value } = coefficientsAt(path, l);
    index.forEach((j, m) => { if (!values.has(j)) values.set(j, lambda.map(() => 0)); values.get(j)![k] = value[m]; });
  });
  return { lambda, mean: cvm, se: cvsd, nonzero: nzero, measure, lambdaMin, lambda1se, coefficients: [...values].map(([j, v]) => ({ name: path.names[j], values: v })) };
}

/** λ chosen by cross-validation (or given as a number), and the coefficients there. An empty selection predicts one number for all, with a warning. */
function fitNet(kind: NetModel["outcome"], alpha: number, table: Table, outcome: Outcome, options: NetLearnerOptions, random: Parameters<Learner["fit"]>[3]): NetModel {
  if (outcome.kind !== kind) throw new InputError(`This elastic net is for a ${kind} outcome, but ${outcome.name} is ${outcome.kind}. Take the learner for ${outcome.kind} outcomes.`);
  const { variables, at = "min", trace = false, penalties = {}, ...rest } = options;
  const { design, coding } = designOf(table, variables ?? numberColumns(table));
  if (Object.keys(penalties).length > 0) rest.penaltyFactor = coding.terms.flatMap((t) => t.names.map(() => penalties[t.variable] ?? 1));
  const cv = elasticNetCv(design, outcome, { alpha, random, ...rest });
  const c = cvCoefficients(cv, at);
  const warnings = [...cv.warnings];
  const selected = c.index.map((j) => design.names[j]), used = new Set(selected);
  if (c.index.length === 0) warnings.push("No variable was selected: every row gets the same prediction.");
  return {
    kind: "elasticNet", outcome: kind, alpha: cv.path.alpha, lambda: at === "min" ? cv.lambdaMin : at === "1se" ? cv.lambda1se : at,
    intercept: c.intercept, selected, coefficients: c.value,
    coding: { terms: coding.terms.filter((t) => t.names.some((name) => used.has(name))) }, warnings, ...(trace ? { trace: traceOf(cv) } : {}),
  };
}

/** Linear predictor; for Cox relative to x = 0. */
function linearOf(model: NetModel, table: Table): Float64Array {
  const { names, columns, n } = applyCoding(model.coding, table);
  return netLinear({ intercept: model.intercept, index: model.selected.map((name) => names.indexOf(name)), value: model.coefficients }, columns, n);
}

const learner = (name: string, outcome: NetModel["outcome"], alpha: number): Learner<NetModel> => ({
  name, outcome,
  fit: (table, y, options, random) => fitNet(outcome, alpha, table, y, options as NetLearnerOptions, random),
  predict: (model, table) => (outcome === "binary" ? linearOf(model, table).map((h) => 1 / (1 + exp(-h))) : linearOf(model, table)),
});

/**
 * LASSO of a binary outcome, λ by cross-validation; predicts the probability. As R cv.glmnet(family = "binomial"). Tibshirani 1996;
 * Friedman, Hastie & Tibshirani 2010.
 */
export const lassoLearner = learner("lasso", "binary", 1);
/** LASSO Cox model; predicts the linear predictor. As R cv.glmnet(family = "cox"). Tibshirani 1997; Simon et al. 2011. */
export const lassoCoxLearner = learner("lassoCox", "survival", 1);
/** LASSO of a continuous outcome; predicts its mean. Tibshirani 1996. As R cv.glmnet(family = "gaussian"). */
export const lassoLinearLearner = learner("lassoLinear", "continuous", 1);
/**
 * Elastic net (alpha ½ unless options say otherwise) of a binary outcome; predicts the probability. Zou & Hastie 2005. As R
 * cv.glmnet(family = "binomial", alpha = 0.5).
 */
export const elasticNetLearner = learner("elasticNet", "binary", 0.5);
/**
 * Elastic-net Cox model (alpha ½ unless options say otherwise); predicts the linear predictor. Zou & Hastie 2005; Simon et al. 2011. As R
 * cv.glmnet(family = "cox", alpha = 0.5).
 */
export const elasticNetCoxLearner = learner("elasticNetCox", "survival", 0.5);
/** Ridge regression of a binary outcome; predicts the probability. Hoerl & Kennard 1970. As R cv.glmnet(family = "binomial", alpha = 0). */
export const ridgeLearner = learner("ridge", "binary", 0);
/** Ridge Cox model; predicts the linear predictor. Hoerl & Kennard 1970; Simon et al. 2011. As R cv.glmnet(family = "cox", alpha = 0). */
export const ridgeCoxLearner = learner("ridgeCox", "survival", 0);
