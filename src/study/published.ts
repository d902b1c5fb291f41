import { selectOutcome, selectRows, type BinaryOutcome, type SurvivalOutcome, type Table } from "../cohort/index.js";
import { stratifiedFolds } from "../evaluate/index.js";
import { bootstrapRows, InputError, randomStream, type Random } from "../math/index.js";
import type { Estimate, Fault, Kind, Performance } from "../report/index.js";
import { chainOf } from "./fit/blockTable.js";
import type { Facts } from "./facts.js";
import { innerFolds, type BlockFit } from "./fit/fitBlock.js";
import { fitBlocks, trainingOf } from "./fit/fitPipeline.js";
import { spreadOf } from "./estimates/intervals.js";
import { learnerOf, linearOf } from "./fit/linearOf.js";
import { expit, headline, meritOf, thresholdOf } from "./estimates/merit.js";
import type { BlockPlan } from "./plan.js";
import { bootstrapTasks, foldsOf } from "./fit/resampling.js";
import { learnerOptions } from "./plan/useOptions.js";

type StudyOutcome = BinaryOutcome | SurvivalOutcome;
/** A finished formula: the columns that the published order ended with, its learner, and the rows it calls its patients. */
type Formula = { block: BlockPlan; table: Table; outcome: StudyOutcome; variables: string[]; /** rows were made or left out */ balanced: boolean };

/**
 * The paper's own order of steps, run as it is written, beside the honest figures of the same measures: every step is fitted once on all
 * development patients (balanced rows go through the steps after them, and into the figures), only the learner is refitted in folds and
 * samples, and a cut is tested where it was chosen. One fault for each figure that this order makes larger than it is.
 */
export function findFaults(facts: Facts): Fault[] {
  const { plan, data, performance, comparisons, cut, sets, training } = facts;
  const cohort = data.development;
  const everyone = Int32Array.from(cohort.table.id.keys());
  const random = randomStream(plan.seed).stream("as published");
  const { fits } = fitBlocks(plan, { ...trainingOf(cohort, everyone), asWritten: true }, random);
  const measure = headline(cohort.outcome.kind);
  const measures = cohort.outcome.kind === "binary" ? [measure, "accuracy", "sensitivity", "specificity"] : [measure];
  const honestly = (model: string, name: string, kinds: Kind[]): Estimate | undefined =>
    kinds.map((kind) => performance.find((p: Performance) => p.model === model && p.measure === name && p.estimate.kind === kind)?.estimate).find((e) => e !== undefined && Number.isFinite(e.value));
  const validated: Kind[] = ["nested cross-validation", "optimism-corrected"];
  const faults: Fault[] = [];
  const add = (fault: string, what: string, name: string, model: string, asPublished: Estimate | undefined, honest: Estimate | undefined) => {
    if (asPublished !== undefined && honest !== undefined && Number.isFinite(asPublished.value)) faults.push({ fault, what, measure: name, model, asPublished, honest });
  };
  for (const block of plan.models) {
    const formula = formulaOf(block, fits.get(block.name)!, cohort.outcome);
    const n = formula.outcome.event.length, events = formula.outcome.event.reduce((a, b) => a + b, 0);
    const estimate = (value: number, method: string, note: string, more: Partial<Estimate> = {}): Estimate => ({ value, n, events, set: cohort.name, kind: "apparent", method, note, seed: plan.seed, ...more });
    const own = scoreOf(formula, everyRow(n), everyRow(n), random.stream(`${block.name} final`), plan);
    if (own === undefined) continue;
    for (const name of measures) {
      const value = own(everyRow(n))[name];
      if (formula.balanced) add("figures of balanced rows", `${n} rows (${events} with the event) stand for ${cohort.table.id.length} patients: copies and synthetic rows are counted, and judged, as patients.`, name, block.name, estimate(value, "computed on the balanced training rows", "not patients, rows"), honestly(block.name, name, validated));
      else if (name === measure) add("figures of the training patients", "The model is judged on the patients who made it.", name, block.name, estimate(value, "computed on the training patients", "no validation"), honestly(block.name, name, validated));
    }
    if (cohort.outcome.kind === "binary" && plan.evaluation.threshold === "youden") {
      add("cut chosen and tested on the same patients", "The cut with the largest Youden index was searched on the patients on whom its sensitivity and specificity are told.", "balanced accuracy", block.name,
        estimate(own(everyRow(n))["balanced accuracy"], "at the cut with the largest Youden index of the same patients", "the cut has seen the patients it is judged on"), honestly(block.name, "balanced accuracy", ["nested cross-validation"]));
    }
    const before = stepsBefore(plan, block);
    const folds = before === undefined ? [] : foldsOf(plan, cohort, everyone);
    if (folds.length > 0) {
      const repeats = folds.map((fold, r) => {
        const stream = random.stream(`${block.name} repeat ${r + 1}`);
        // balanced rows are dealt out one by one, so that a patient's copies stand on both sides
        return foldFigures(formula, formula.balanced ? stratifiedFolds(n, plan.validation.crossValidation!.folds, stream.stream("folds"), { classes: formula.outcome.event }) : fold, stream, plan);
      });
      for (const name of measure === "AUC" ? [measure, "accuracy"] : [measure]) {
        const spread = spreadOf(repeats.map((r) => r[name] ?? NaN));
        add("selection outside the folds", `Done once on all ${formula.balanced ? "rows" : "patients"}, before the folds: ${before!}. The folds refit the finished formula only${formula.balanced ? ", and copies of a patient stand on both sides of them" : ""}.`, name, block.name,
          estimate(spread.mean, `${folds.length} × ${plan.validation.crossValidation!.folds}-fold cross-validation of the finished formula`, "selection has seen the patients it is judged on", { sd: spread.sd, min: spread.min, max: spread.max, count: spread.count }), honestly(block.name, name, ["nested cross-validation"]));
      }
    }
    const samples = before === undefined ? [] : bootstrapTasks(plan, cohort, everyone);
    if (samples.length > 0) {
      const figures = samples.flatMap(({ name, fit }) => {
        const stream = random.stream(`${block.name} ${name}`), rows = formula.balanced ? bootstrapRows(n, stream.stream("rows")) : fit;
        const score = scoreOf(formula, rows, rows, stream, plan);
        return score === undefined ? [] : [score(rows)[measure] - score(everyRow(n))[measure]];
      });
      const spread = spreadOf(figures);
      add("bootstrap of the finished formula", `The bootstrap refits the finished formula only${formula.balanced ? ", on rows of which many are copies" : ""}: it finds the optimism of its coefficients, not that of ${before}.`, measure, block.name,
        estimate(own(everyRow(n))[measure] - spread.mean, `optimism bootstrap of the finished formula, ${samples.length} samples`, "selection is not in it", { sd: spread.sd, count: spread.count }), honestly(block.name, measure, ["optimism-corrected"]));
    }
    const test = sets.find((s) => s.kind === "test");
    if (test !== undefined && !formula.balanced) {
      const score = scoreOf(formula, training, training, random.stream(`${block.name} split`), plan);
      const value = score?.(test.rows)[measure];
      if (value !== undefined) add("steps fitted before the split", "Scaling, filters and selection saw the test patients too; only the learner was fitted on the training part.", measure, block.name,
        estimate(value, "test part, by steps fitted on all patients", "the test patients chose the variables", { n: test.rows.length, events: selectOutcome(cohort.outcome, test.rows).event.reduce((a, b) => a + b, 0), set: test.name }), honestly(block.name, measure, ["test"]));
    }
  }
  if (cut?.p !== undefined && cut.correctedP !== undefined) {
    const { n, events } = { n: training.length, events: selectOutcome(cohort.outcome, training).event.reduce((a, b) => a + b, 0) };
    const base = { n, events, set: sets[0].name, kind: "apparent" as const, seed: plan.seed };
    add("cut chosen and tested on the same patients", `The ${cut.method} cut was searched for the smallest P and then tested where it was found.`, "log-rank P", cut.model,
      { ...base, value: cut.p, method: `log-rank test of the ${cut.method} cut`, note: "as if the cut had been given beforehand" }, { ...base, value: cut.correctedP, method: cut.correction ?? "corrected for the search" });
  }
  for (const c of comparisons.filter((x) => x.difference.kind === "apparent" && x.measure === measure && x.test !== undefined)) {
    const honest = comparisons.find((x) => x.first === c.first && x.second === c.second && x.measure === measure && x.difference.kind === "nested cross-validation");
    if (honest !== undefined) add("models compared on their training patients", `The test between ${c.first} and ${c.second} was made on the patients they were fitted on (P ${c.test!.p < 0.001 ? "< 0.001" : Number(c.test!.p.toPrecision(2))}).`, `difference in ${measure}`, `${c.second} − ${c.first}`, c.difference, honest.difference);
  }
  return faults;
}

/** What a model's chain of blocks learns before its own learner: step by step, and the scores; undefined where nothing is. */
function stepsBefore(plan: Facts["plan"], block: BlockPlan): string | undefined {
  const chain = chainOf(plan, block.name);
  const done = chain.flatMap((b) => [...b.steps.map((s) => `${s.name} (${b.name})`), ...(b.name === block.name || b.kind !== "score" ? [] : [`the fit of ${b.name}`])]);
  return done.length === 0 ? undefined : done.join(", ");
}

const everyRow = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

function formulaOf(block: BlockPlan, { fitted, computed, balanced }: BlockFit, outcome: StudyOutcome): Formula {
  const variables = fitted.selected;
  const columns = (t: Table["columns"]) => Object.fromEntries(variables.map((v) => [v, t[v]]));
  if (balanced !== undefined) return { block, table: { id: balanced.table.id, columns: columns(balanced.table.columns) }, outcome: balanced.outcome, variables, balanced: true };
  return { block, table: { id: Array.from(computed.linear, (_, i) => String(i)), columns: columns(computed.columns) }, outcome, variables, balanced: false };
}

/** The learner alone refitted on rows (its threshold from others); gives the figures on any rows. Undefined where it cannot be fitted. */
function scoreOf({ block, table, outcome, variables }: Formula, fit: Int32Array, cutOn: Int32Array, random: Random, plan: Facts["plan"]): ((rows: Int32Array) => Record<string, number>) | undefined {
  const n = table.id.length;
  let linear = new Float64Array(n);
  if (variables.length > 0) {
    const learner = learnerOf(block.learner.name, outcome.kind);
    const own = selectRows(table, fit), y = selectOutcome(outcome, fit);
    try {
      const options: Record<string, unknown> = { ...learnerOptions(block.learner), variables };
      if (/lasso|elasticNet|ridge/i.test(learner.name)) options["folds"] = innerFolds(own.id, y, Number(options["folds"] ?? 10), random.stream("folds"));
      linear = Float64Array.from(linearOf(learner, learner.fit(own, y, options, random.stream("learner")), table));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return undefined;
    }
  }
  const risk = linear.map(expit);
  const prediction = { linear, probability: outcome.kind === "binary" ? [risk] : [] };
  const threshold = thresholdOf(plan, selectOutcome(outcome, cutOn), Float64Array.from(cutOn, (r) => risk[r]));
  return (rows) => meritOf(outcome, prediction, rows, { times: [], ...(threshold !== undefined && { threshold }) });
}

/** Mean over the folds of the figures of the refitted formula. */
function foldFigures(formula: Formula, fold: Int32Array, random: Random, plan: Facts["plan"]): Record<string, number> {
  const all = [...new Set(fold)].map((f) => {
    const fit = Int32Array.from(fold.keys()).filter((k) => fold[k] !== f), judged = Int32Array.from(fold.keys()).filter((k) => fold[k] === f);
    return scoreOf(formula, fit, fit, random.stream(f), plan)?.(judged) ?? {};
  });
  return Object.fromEntries(Object.keys(all.find((a) => Object.keys(a).length > 0) ?? {}).map((name) => [name, spreadOf(all.map((a) => a[name] ?? NaN)).mean]));
}
