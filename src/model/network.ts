import { InputError, type Design, type Random } from "../math/index.js";
import { networkLoss, networkOutput, weightCount, type NetworkShape } from "./networkLoss.js";
import { adamTraining, bfgsTraining, rpropTraining, type Trained } from "./networkOptimisers.js";
import { checkPerPatient, standardDesign } from "./standardDesign.js";

export type NetworkOptions = {
  /** units of the hidden layer, default 3 */
  hidden?: number;
  activation?: "logistic" | "tanh";
  /** logistic: target 0/1 (or a probability); softmax: class numbers 0, 1, …; linear: any number */
  output?: "logistic" | "linear" | "softmax";
  /** default entropy for logistic and softmax outputs; linear outputs have least squares */
  loss?: "entropy" | "leastSquares";
  /** decay · Σ w² over all weights, biases too, is added to the loss; default 0 */
  decay?: number;
  /** connections from the inputs straight to the outputs */
  skip?: boolean;
  weights?: ArrayLike<number>;
  /** weights to start from, in the order of `NetworkShape`; else uniform in ± range */
  start?: ArrayLike<number>;
  range?: number;
  /** trainings from so many random starts, of which the one with the least value (validation loss, where there is one) is kept; default 1 */
  starts?: number;
  optimiser?: "bfgs" | "adam" | "rprop";
  learningRate?: number;
  maxIterations?: number;
  tolerance?: number;
  /** inputs are centred and scaled to standard deviation 1 (n − 1) first, default true; the model keeps the numbers */
  standardise?: boolean;
  /** early stopping: the weights with the least loss on these patients are kept; ended after `patience` steps (default 20) without a lesser one */
  validation?: { design: Design; target: ArrayLike<number> };
  patience?: number;
};

/** JSON. `value` = loss + decay · Σ w² on the training patients. */
export type Network = {
  kind: "network"; shape: NetworkShape; names: string[]; centre: number[]; scale: number[]; weights: number[]; decay: number;
  value: number; loss: number; validationLoss?: number; /** of several starts: the value (or validation loss) each came to, in turn */ startValues?: number[]; optimiser: string; iterations: number; converged: boolean; stoppedEarly: boolean; n: number; warnings: string[];
};

/**
 * Back-propagation network with one hidden layer, trained on the whole batch. Rumelhart, Hinton & Williams, Nature 1986;323:533;
 * Ripley, Pattern Recognition and Neural Networks, 1996. With "bfgs", the same start weights, decay and `standardise: false` it comes to the optimum of
 * R nnet 7.3 (value to 1e-6; entropy = TRUE, linout and skip likewise). The loss has many minima: the start decides which, so that `starts` of 5 or more is advised (R: the least `value` of several nnet calls). Its probabilities are those of the training prevalence: recalibrate after
 * balanced sampling.
 * @param target  0/1, number, or class number (softmax), one a patient
 * @param random  draws the start weights; not used where `start` is given
 * @throws InputError: one class, values not finite, wrong number of start weights, negative decay, constant or unknown options
 */
export function networkFit(design: Design, target: ArrayLike<number>, options: NetworkOptions, random: Random): Network {
  const who = "Network";
  const { hidden = 3, activation = "logistic", output = "logistic", decay = 0, skip = false, range = 0.7, optimiser = "bfgs", standardise = true, patience = 20, validation } = options;
  const loss = output === "linear" ? "leastSquares" : output === "softmax" ? "entropy" : (options.loss ?? "entropy");
  const { n } = design;
  const s = standardDesign(who, design, { intercept: true });
  checkPerPatient(who, "outcomes", target, n);
  if (options.weights !== undefined) checkPerPatient(who, "weights", options.weights, n, 0);
  if (!(Number.isInteger(hidden) && hidden >= 1 && hidden <= 1000)) throw new InputError(`${who}: ${hidden} hidden units, expected a whole number from 1 to 1000.`);
  if (!(decay >= 0 && decay < Infinity)) throw new InputError(`${who}: the weight decay is ${decay}, expected a number of at least 0.`);
  if (design.columns.length === 0) throw new InputError(`${who}: there is no input; give at least one variable.`);
  const warnings = s.aliased.filter((a) => a.why.includes("one value")).map(({ name, why }) => `${name}: ${why}; it carries nothing. Leave it out.`);
  const outputs = output === "softmax" ? 1 + Math.max(1, ...Array.from(target)) : 1;
  const shape: NetworkShape = { inputs: design.columns.length, hidden, outputs, skip, activation, output, loss };
  checkTarget(shape, target, n);
  const centre = design.columns.map((c) => (standardise ? c.reduce((a, v) => a + v, 0) / n : 0));
  const scale = design.columns.map((c, j) => {
    const sd = Math.sqrt(c.reduce((a, v) => a + (v - centre[j]) * (v - centre[j]), 0) / Math.max(1, n - 1));
    return standardise && sd > 1e-12 * Math.abs(centre[j]) ? sd : 1;
  });
  const x = scaled(design, centre, scale);
  const y = targets(shape, target, n);
  const v = Float64Array.from({ length: n }, (_, i) => options.weights?.[i] ?? 1);
  const size = weightCount(shape);
  if (optimiser === "bfgs" && size > 4000) throw new InputError(`${who}: ${size} weights are too many for bfgs; use the optimiser adam or rprop, or fewer units.`);
  if (options.start !== undefined) checkPerPatient(who, "start weights (one a weight of the network)", options.start, size);
  if (size > n && decay === 0 && validation === undefined) warnings.push(`${size} weights for ${n} patients without decay or early stopping: the network can learn the patients by heart. Give a decay, a validation set or fewer hidden units.`);
  const objective = (w: Float64Array, gradient: Float64Array) => {
    let value = networkLoss(shape, w, x, y, v, gradient);
    for (let k = 0; k < size; k++) {
      value += decay * w[k] * w[k];
      gradient[k] += 2 * decay * w[k];
    }
    return value;
  };
  const { starts = 1 } = options;
  if (!(Number.isInteger(starts) && starts >= 1)) throw new InputError(`${who}: ${starts} starts were asked for, expected a whole number of 1 or more.`);
  if (starts > 1 && options.start !== undefined) throw new InputError(`${who}: ${starts} random starts were asked for beside given start weights; leave one of the two out.`);
  const limits = { maxIterations: options.maxIterations ?? (optimiser === "bfgs" ? 5000 : 20000), tolerance: options.tolerance ?? (optimiser === "bfgs" ? 1e-12 : 1e-7) };
  const train = () => {
    const start = Float64Array.from({ length: size }, (_, k) => options.start?.[k] ?? range * (2 * random.next() - 1));
    const watch = validation && watcher(shape, validation, centre, scale, patience, start, design.names);
    const after = watch?.after ?? (() => true);
    const trained: Trained = optimiser === "bfgs" ? bfgsTraining(objective, start, limits, after)
      : optimiser === "adam" ? adamTraining(objective, start, { ...limits, learningRate: options.learningRate ?? 0.02 }, after)
      : optimiser === "rprop" ? rpropTraining(objective, start, limits, after)
      : unknownOptimiser(optimiser);
    const weights = watch?.best().weights ?? trained.weights;
    const value = objective(weights, new Float64Array(size));
    return { trained, weights, value, judged: watch?.best().loss ?? value, stoppedEarly: watch?.stopped() ?? false };
  };
  const runs = Array.from({ length: starts }, train);
  const { trained, weights, value, judged, stoppedEarly } = runs.reduce((a, b) => (b.judged < a.judged ? b : a));
  if (!trained.converged && !stoppedEarly) warnings.push(`The training stopped after ${trained.iterations} steps without coming to rest; raise maxIterations or the decay.`);
  return {
    kind: "network", shape, names: [...design.names], centre, scale, weights: [...weights], decay, value, loss: networkLoss(shape, weights, x, y, v),
    ...(validation === undefined ? {} : { validationLoss: judged }), ...(starts === 1 ? {} : { startValues: runs.map((r) => r.judged) }),
    optimiser, iterations: trained.iterations, converged: trained.converged, stoppedEarly, n, warnings,
  };
}

/**
 * Output of a network with one output: probability of the event (logistic) or the number (linear), one a row. As R predict(nnet).
 * @throws InputError where the columns are not those it was trained on
 */
export function networkPredict(model: Network, design: Design): Float64Array {
  return networkOutputs(model, design)[0];
}

/** All outputs, one list a class (softmax: probabilities that sum to 1). As R predict(nnet). @throws InputError as `networkPredict` */
export function networkOutputs(model: Network, design: Design): Float64Array[] {
  if (design.names.length !== model.names.length || design.names.some((name, j) => name !== model.names[j])) {
    throw new InputError(`Network: it was trained on ${model.names.join(", ")}, but the design holds ${design.names.join(", ")}; give the same columns in the same order.`);
  }
  return networkOutput(model.shape, model.weights, scaled(design, model.centre, model.scale), design.n);
}

function scaled(design: Design, centre: readonly number[], scale: readonly number[]): Float64Array[] {
  return design.columns.map((column, j) => column.map((value) => (value - centre[j]) / scale[j]));
}

function targets({ output, outputs }: NetworkShape, target: ArrayLike<number>, n: number): Float64Array[] {
  return Array.from({ length: outputs }, (_, o) => Float64Array.from({ length: n }, (__, i) => (output === "softmax" ? Number(target[i] === o) : target[i])));
}

function checkTarget({ output, loss }: NetworkShape, target: ArrayLike<number>, n: number): void {
  const distinct = new Set(Array.from(target));
  if (distinct.size < 2) throw new InputError(`Network: all ${n} patients have outcome ${target[0]}; it must vary. Choose other patients or another outcome.`);
  for (let i = 0; i < n; i++) {
    if (output === "softmax" && !(Number.isInteger(target[i]) && target[i] >= 0 && target[i] < 1000)) throw new InputError(`Network: the class of row ${i + 1} is ${target[i]}, expected a whole number 0, 1, … .`);
    if (output === "logistic" && loss === "entropy" && !(target[i] >= 0 && target[i] <= 1)) throw new InputError(`Network: the outcome of row ${i + 1} is ${target[i]}, expected 0 or 1; a number needs a linear output.`);
  }
}

function watcher(shape: NetworkShape, { design, target }: NonNullable<NetworkOptions["validation"]>, centre: number[], scale: number[], patience: number, start: Float64Array, names: readonly string[]) {
  standardDesign("Network, validation set", design, { intercept: true });
  if (design.names.some((name, j) => name !== names[j]) || design.names.length !== names.length) {
    throw new InputError(`Network: the validation set holds ${design.names.join(", ")}, but the training set ${names.join(", ")}; give the same columns in the same order.`);
  }
  checkPerPatient("Network, validation set", "outcomes", target, design.n);
  const x = scaled(design, centre, scale);
  const y = targets(shape, target, design.n);
  const v = new Float64Array(design.n).fill(1);
  let weights = Float64Array.from(start);
  let loss = networkLoss(shape, start, x, y, v);
  let [last, stopped] = [0, false];
  return {
    best: () => ({ weights, loss }),
    stopped: () => stopped,
    after(w: Float64Array, iteration: number) {
      const now = networkLoss(shape, w, x, y, v);
      if (now < loss) [weights, loss, last] = [Float64Array.from(w), now, iteration];
      stopped = iteration - last >= patience;
      return !stopped;
    },
  };
}

function unknownOptimiser(name: string): never {
  throw new InputError(`Network: unknown optimiser "${name}"; use bfgs, adam or rprop.`);
}
