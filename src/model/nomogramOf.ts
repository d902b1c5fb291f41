import type { Table } from "../cohort/index.js";
import { didYouMean, exp, InputError, type Design } from "../math/index.js";
import type { CoxModel } from "./cox.js";
import { baselineHazard } from "./coxBaseline.js";
import type { DesignCoding } from "./designOf.js";
import type { FirthLogisticFit } from "./firthLogistic.js";
import type { LogisticFit } from "./logistic.js";
import { nomogram, outcomeProbability, type Nomogram, type NomogramOutcome, type NomogramSpec, type NomogramVariable } from "./nomogram.js";

export type NomogramOptions = Pick<NomogramSpec, "maxPoints" | "probabilities"> & {
  /** of a logistic model's probability axis, default "probability" */
  label?: string;
  /** survival is shown at these times, in the model's unit (Cox) */
  times?: readonly number[];
  unit?: string;
};

/**
 * The nomogram of a fitted model over the patients it was fitted on: ranges and ticks of the axes are theirs (a number of at most
 * 10 distinct values gets those as ticks, as rms's datadist; a factor its levels), lp of a Cox model is centred at their mean (as rms cph).
 * Agrees with R rms 6.5-0 nomogram from the same coefficients. Source as `nomogram`.
 * @param model   logistic, Firth's logistic, or Cox without strata
 * @param coding  variables and levels, as `designOf` gives them
 * @param design  the design the model was fitted on
 * @throws InputError for a stratified Cox model, a time beyond the follow-up or before the first event, columns that are not the model's
 */
export function nomogramOf(model: LogisticFit | FirthLogisticFit | CoxModel, coding: DesignCoding, design: Design, options: NomogramOptions = {}): Nomogram {
  const cox = model.kind === "cox" ? model : undefined;
  const numbers: (number | null)[] = model.kind === "cox" ? model.coefficients : model.coefficient;
  const slope = (name: string) => {
    const at = model.names.indexOf(name);
    if (at < 0) throw new InputError(`Nomogram: the model has no column "${name}"; its columns are ${model.names.join(", ")}.`);
    const b = numbers[at];
    return b === null || Number.isNaN(b) ? 0 : b;
  };
  if (cox !== undefined && cox.strata.length > 1) throw new InputError(`Nomogram: the Cox model has ${cox.strata.length} strata, each with its own survival; fit it without strata.`);
  const lp = new Float64Array(design.n);
  design.columns.forEach((column, j) => {
    const b = slope(design.names[j]);
    for (let i = 0; i < design.n; i++) lp[i] += b * column[i];
  });
  const first = model.kind !== "cox" && model.intercept ? Number(model.coefficient[0]) : 0;
  // centred at the mean patient, categories too
  const intercept = cox === undefined ? first : -lp.reduce((a, b) => a + b, 0) / design.n;
  let [low, high] = [Infinity, -Infinity];
  for (const v of lp) [low, high] = [Math.min(low, v + intercept), Math.max(high, v + intercept)];
  const variables = coding.terms.map((term): NomogramVariable => {
    if (term.kind === "category") return { name: term.variable, kind: "category", levels: [term.reference, ...term.levels], effects: [0, ...term.names.map(slope)] };
    const at = design.names.indexOf(term.names[0]);
    if (at < 0) throw new InputError(`Nomogram: the design lacks the column "${term.names[0]}"; give the design the model was fitted on.`);
    const distinct = [...new Set(design.columns[at])].toSorted((a, b) => a - b);
    return {
      name: term.variable, kind: "number", coefficient: slope(term.names[0]), low: distinct[0], high: distinct[distinct.length - 1],
      ...(distinct.length <= 10 ? { ticks: distinct } : {}),
    };
  });
  const outcomes: NomogramOutcome[] = cox === undefined ? [{ label: options.label ?? "probability", kind: "logistic" }] : survivalOutcomes(cox, intercept, options);
  const drawn = nomogram({ variables, intercept, linearPredictor: [low, high], outcomes, ...(options.maxPoints === undefined ? {} : { maxPoints: options.maxPoints }), ...(options.probabilities === undefined ? {} : { probabilities: options.probabilities }) });
  return { ...drawn, warnings: [...drawn.warnings, ...model.warnings] };
}

function survivalOutcomes(model: CoxModel, intercept: number, { times = [], unit }: NomogramOptions): NomogramOutcome[] {
  const hazard = baselineHazard(model, times, { centred: false });
  return Array.from(times, (time, k): NomogramOutcome => {
    if (!(hazard[k] > 0)) throw new InputError(`Nomogram: survival at ${time} cannot be read from the model (${Number.isNaN(hazard[k]) ? "beyond the last follow-up" : "before the first event"}); take a time within the follow-up.`);
    // at centred lp 0 the uncentred predictor is minus the intercept
    return { label: `${time}${unit === undefined ? "" : ` ${unit}`}`, kind: "survival", time, ...(unit === undefined ? {} : { unit }), cumulativeHazard: hazard[k] * exp(-intercept) };
  });
}

export type NomogramReading = { points: Record<string, number>; total: number; linearPredictor: number; probability: Record<string, number>; warnings: string[] };

/**
 * Reads a nomogram for one patient: points by variable, total points, linear predictor, probabilities. A number outside the
 * patients the axis was drawn from is read by prolonging the axis, with a warning. Source and agreement as `nomogram`.
 * @throws InputError for a missing value, an unknown category or variable (named)
 */
export function readNomogram(n: Nomogram, patient: Readonly<Record<string, number | string>>): NomogramReading {
  const points: Record<string, number> = {};
  const warnings: string[] = [];
  const known = n.axes.map((axis) => axis.name);
  for (const name of Object.keys(patient)) if (!known.includes(name)) throw new InputError(`Nomogram: it has no axis "${name}". ${didYouMean(name, known)}`);
  for (const axis of n.axes) {
    const value = patient[axis.name];
    let xbeta: number;
    if (axis.kind === "category") {
      const at = axis.levels.indexOf(String(value));
      if (value === undefined || at < 0) throw new InputError(`Nomogram: "${axis.name}" is "${value}", expected one of ${axis.levels.join(", ")}; recode it.`);
      xbeta = axis.xbeta[at];
    } else {
      if (typeof value !== "number" || !Number.isFinite(value)) throw new InputError(`Nomogram: "${axis.name}" is ${value}, expected a finite number; impute it or leave the patient out.`);
      if (value < axis.low || value > axis.high) warnings.push(`${axis.name}: ${value} lies outside ${axis.low} … ${axis.high}, the patients the model was fitted on; its points are an extrapolation.`);
      xbeta = value * axis.coefficient;
    }
    points[axis.name] = (xbeta - axis.zero) * n.scale;
  }
  const total = Object.values(points).reduce((a, b) => a + b, 0);
  const linearPredictor = n.atZero + total / n.scale;
  return { points, total, linearPredictor, probability: Object.fromEntries(n.outcomes.map((o) => [o.label, outcomeProbability(o, linearPredictor)])), warnings };
}

/**
 * Total points of each row of a table; NaN where a variable is missing there. Source and agreement as `nomogram`.
 * @throws InputError as `readNomogram`
 */
export function nomogramPoints(n: Nomogram, table: Table): Float64Array {
  const total = new Float64Array(table.id.length);
  for (const axis of n.axes) {
    const column = table.columns[axis.name];
    if (column === undefined) throw new InputError(`Nomogram: the table lacks "${axis.name}". ${didYouMean(axis.name, Object.keys(table.columns))}`);
    if (column.kind !== axis.kind) throw new InputError(`Nomogram: "${axis.name}" is a ${column.kind} in the table but a ${axis.kind} on its axis; read it as a ${axis.kind}.`);
    for (let i = 0; i < total.length; i++) {
      if (column.kind === "number" && axis.kind === "number") total[i] += (column.values[i] * axis.coefficient - axis.zero) * n.scale;
      if (column.kind !== "category" || axis.kind !== "category") continue;
      const at = column.codes[i] < 0 ? -1 : axis.levels.indexOf(column.levels[column.codes[i]]);
      if (column.codes[i] >= 0 && at < 0) throw new InputError(`Nomogram: "${axis.name}" is "${column.levels[column.codes[i]]}" for ${table.id[i]}, expected one of ${axis.levels.join(", ")}; recode it.`);
      total[i] += at < 0 ? NaN : axis.points[at];
    }
  }
  return total;
}
