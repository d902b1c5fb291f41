import { columnOf, type FilterState, type Outcome, type Step, type Table } from "../../cohort/index.js";
import { dropColumns } from "../../cohort/index.js";
import { didYouMean, InputError, chiSquaredCdf } from "../../math/index.js";
import { coxStepFitter, designOf, forwardScoreLr, logisticStepper, stepwise, termColumns, type StepFit, type StepFitter } from "../../model/index.js";

export type StepwiseStepOptions = {
  columns?: string[];
  /**
   * "aic" (default), "bic" (log patients; Cox: log events, as R), "bicPatients", "bicEvents", "p" (likelihood-ratio tests), "scoreLR" (SPSS's Forward: LR: in by the
   * score test, out by the likelihood ratio)
   */
  criterion?: string;
  /** any other cost a parameter in place of AIC's 2 (R step's k) */
  penalty?: number;
  direction?: "forward" | "backward" | "both";
  /** criterion "p": enter where p is below (.05), leave where p is above (.10; backward alone .05) */
  enter?: number; stay?: number;
  /** columns that never leave */
  always?: string[];
};
export type StepwiseStepState = FilterState & { method: string; path: { action: string; term: string; value: number }[] };

/**
 * Stepwise choice of variables by a logistic or Cox model, each variable one term (a category enters and leaves whole). AIC and BIC as
 * `stepwise` (R step()); "p": backward from all, forward from none, or both (from all, with return), by likelihood-ratio tests. Constant
 * columns go first. No variable left is a result.
 */
export const stepwiseStep: Step<StepwiseStepState> = {
  name: "stepwise",
  fit(table: Table, outcome: Outcome, options: StepwiseStepOptions) {
    const { criterion = "aic", direction = "both" } = options;
    const names = options.columns ?? Object.keys(table.columns).filter((n) => table.columns[n].kind !== "date");
    const why = new Map<string, string>();
    const free = names.filter((name) => {
      if (varies(table, name)) return true;
      why.set(name, "constant");
      return false;
    });
    if (free.length === 0) return { kept: [], dropped: names.map((name) => ({ name, why: "constant" })), warnings: [], method: criterion, path: [] };
    const fitter = fitterOf(table, outcome, free);
    const found = criterion.toLowerCase() === "p" ? byP(free, fitter, direction, options) : criterion.toLowerCase() === "scorelr" ? byScore(free, fitter, options) : byCriterion(free, fitter, direction, criterion, outcome, options);
    for (const name of free) if (!found.terms.includes(name)) why.set(name, found.left.get(name) ?? `not chosen (${found.method})`);
    return {
      kept: names.filter((n) => !why.has(n)), dropped: names.filter((n) => why.has(n)).map((name) => ({ name, why: why.get(name)! })),
      warnings: found.warnings, method: found.method, path: found.path,
    };
  },
  apply(state, table) {
    for (const name of state.kept) columnOf(table, name);
    return dropColumns(table, state.dropped.map((d) => d.name).filter((n) => Object.hasOwn(table.columns, n)));
  },
};

/** Whether a column takes two values or more among the rows that have it. */
export function varies(table: Table, name: string): boolean {
  const column = columnOf(table, name);
  const values = column.kind === "category" ? column.codes.filter((c) => c >= 0) : (column.kind === "number" ? column.values : column.days).filter((v) => !Number.isNaN(v));
  return values.some((v) => v !== values[0]);
}

function fitterOf(table: Table, outcome: Outcome, names: string[]): StepFitter {
  const { design, coding } = designOf(table, names);
  const terms = termColumns(coding);
  if (outcome.kind === "binary") return logisticStepper(design, outcome.event, { terms });
  if (outcome.kind === "survival") {
    const columns = Object.fromEntries(terms.map((t) => [t.variable, t.columns.map((j) => design.names[j])]));
    return coxStepFitter(design, { time: outcome.time, event: outcome.event }, { terms: columns });
  }
  throw new InputError(`stepwise needs a binary or a survival outcome; "${outcome.name}" is ${outcome.kind}.`);
}

type Found = { terms: string[]; method: string; path: StepwiseStepState["path"]; warnings: string[]; left: Map<string, string> };

function byCriterion(free: string[], fitter: StepFitter, direction: "forward" | "backward" | "both", criterion: string, outcome: Outcome, { always = [], penalty }: StepwiseStepOptions): Found {
  const named: Record<string, "AIC" | "BIC" | "BIC (events)"> = { aic: "AIC", bic: outcome.kind === "survival" ? "BIC (events)" : "BIC", "bic (events)": "BIC (events)", bicevents: "BIC (events)", bicpatients: "BIC" };
  const wanted = named[criterion.toLowerCase()];
  if (wanted === undefined) throw new InputError(`stepwise: the criterion "${criterion}" is not known. ${didYouMean(criterion, ["aic", "bic", "bicPatients", "bicEvents", "p", "scoreLR"])}`);
  const result = stepwise(free, fitter, { direction, criterion: wanted, ...(penalty !== undefined && { penalty }), always: always.filter((t) => free.includes(t)) });
  return {
    terms: result.terms, method: result.method, warnings: result.warnings, left: new Map(),
    path: result.path.map((s) => ({ action: s.action, term: s.term, value: s.criterion })),
  };
}

/** SPSS's Forward: LR. Columns that never leave have no place in it. */
function byScore(free: string[], fitter: StepFitter, { enter = 0.05, stay = 0.1, always = [] }: StepwiseStepOptions): Found {
  if (always.length > 0) throw new InputError(`stepwise: criterion scoreLR starts from no variable, so that none can be held in (${always.join(", ")}). Take criterion p or aic.`);
  const result = forwardScoreLr(free, fitter, { enter, remove: stay });
  return { terms: result.terms, method: result.method, warnings: result.warnings, left: new Map(), path: result.path.map((s) => ({ action: s.action === "enter" ? "add" : "remove", term: s.term, value: s.p })) };
}

/** Likelihood-ratio p values decide: the least significant leaves, the most significant enters, until none moves. */
function byP(free: string[], fitter: StepFitter, direction: "forward" | "backward" | "both", options: StepwiseStepOptions): Found {
  const { enter = 0.05 } = options;
  const stay = options.stay ?? (direction === "backward" ? 0.05 : 0.1);
  if (!(enter > 0 && enter <= 1 && stay > 0 && stay <= 1)) throw new InputError(`stepwise: p to enter ${enter} and to stay ${stay}; numbers above 0 and up to 1 are expected.`);
  if (direction === "both" && enter > stay) throw new InputError(`stepwise: a variable enters at p < ${enter} but leaves at p > ${stay} already; the second must be at least the first.`);
  const path: Found["path"] = [], left = new Map<string, string>(), warnings = new Set<string>();
  const always = new Set(options.always ?? []);
  let terms = direction === "forward" ? free.filter((t) => always.has(t)) : [...free];
  let fit = fitter.fit(terms);
  const p = (more: StepFit, less: StepFit) => (more.df > less.df ? chiSquaredCdf(Math.max(0, 2 * (more.logLik - less.logLik)), more.df - less.df, { upper: true }) : 1);
  for (let step = 0; step < 4 * free.length + 4; step++) {
    let worst: { term: string; p: number; fit: StepFit } | undefined, best: typeof worst;
    if (direction !== "forward") for (const term of terms) {
      if (always.has(term)) continue;
      const less = fitter.fit(terms.filter((t) => t !== term));
      const value = p(fit, less);
      if (worst === undefined || value > worst.p) worst = { term, p: value, fit: less };
    }
    if (worst !== undefined && worst.p > stay) {
      terms = terms.filter((t) => t !== worst.term);
      fit = worst.fit;
      path.push({ action: "remove", term: worst.term, value: worst.p });
      left.set(worst.term, `p ${Number(worst.p.toPrecision(3))}`);
      continue;
    }
    if (direction !== "backward") for (const term of free) {
      if (terms.includes(term)) continue;
      const more = fitter.fit([...terms, term]);
      if (!Number.isFinite(more.logLik)) { warnings.add(`${term}: the model with it could not be fitted and was passed over.`); continue; }
      const value = p(more, fit);
      if (best === undefined || value < best.p) best = { term, p: value, fit: more };
    }
    if (best === undefined || !(best.p < enter)) break;
    terms = [...terms, best.term];
    fit = best.fit;
    path.push({ action: "add", term: best.term, value: best.p });
  }
  const method = `likelihood-ratio tests, ${direction}${direction === "backward" ? "" : `, p < ${enter} to enter`}${direction === "forward" ? "" : `, p > ${stay} to leave`}`;
  return { terms, method, path, left, warnings: [...warnings, ...(fit.warnings ?? [])] };
}
