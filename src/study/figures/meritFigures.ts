import { concordance, auc } from "../../evaluate/index.js";
import { selectOutcome, type BinaryOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import { levelText, type ForestData, type Figure, type Kind } from "../../report/index.js";
import { CENTRES_MEAN } from "../estimates/centreEstimates.js";
import type { Facts } from "../facts.js";
import { foldsOf, labelOf, listed, plainSet, trainingOutcome } from "./setsOf.js";

const headline = (facts: Facts) => (facts.plan.outcome.kind === "survival" ? "C-index" : "AUC");
const order: Kind[] = ["apparent", "tuning", "optimism-corrected", "632+", "nested cross-validation", "leave-one-centre-out", "test", "external"];

/** The first screen's figure: every model's discrimination by kind of validation; single centres have one of their own. */
export function meritFigure(facts: Facts): Figure[] {
  const measure = headline(facts);
  const { level } = facts.plan.evaluation, percent = levelText(level).replace(" CI", "");
  const rowsOf = (centres: boolean) => facts.performance.filter((p) => p.measure === measure && Number.isFinite(p.estimate.value))
    .filter(({ estimate: e }) => (e.kind === "leave-one-centre-out" && !e.set.startsWith("mean")) === centres)
    .sort((a, b) => order.indexOf(a.estimate.kind) - order.indexOf(b.estimate.kind))
    .map(({ model, estimate: e }) => ({
      model, kind: e.kind === "external" || e.kind === "test" || e.kind === "leave-one-centre-out" ? `${e.kind}: ${plainSet(e.set)}` : e.kind === "632+" ? ".632+ bootstrap" : e.kind, value: e.value,
      ...(e.low === undefined ? {} : { low: e.low }), ...(e.high === undefined ? {} : { high: e.high }), n: e.n, events: e.events ?? 0,
    }));
  const [rows, centres] = [rowsOf(false), rowsOf(true)];
  if (rows.length === 0) return [];
  const figures: Figure[] = centres.length === 0 ? [] : [{
    id: "merit-centres", section: "performance", title: `${measure} in centres left out`, chart: "merit",
    caption: `${measure} of each centre under the pipeline fitted on the others, with ${percent} intervals.`, data: { measure, level, reference: 0.5, rows: centres },
  }];
  return [...figures, {
    id: "merit", section: "performance", front: true, title: `${measure} of the models`, chart: "merit",
    caption: `${measure} with ${percent} intervals. Apparent: fitted and judged on the same patients, which is not validation. The headline is nested cross-validation: every step, selection included, is repeated without the patients who are judged.`,
    data: { measure, level, reference: 0.5, rows },
  }];
}

/** Differences between models, one matrix a kind of validation; of centres left out their mean alone, each by itself stands in the table. */
export function comparisonFigures(facts: Facts): Figure[] {
  const measure = headline(facts);
  const models = facts.plan.models.map((m) => m.name);
  const kinds = [...new Set(facts.comparisons.filter((c) => c.measure === measure && (c.difference.kind !== "leave-one-centre-out" || c.difference.set === CENTRES_MEAN)).map((c) => `${c.difference.kind}|${c.difference.set}`))];
  return kinds.map((key): Figure => {
    const [kind, set] = key.split("|");
    const of = facts.comparisons.find((c) => c.measure === measure && c.difference.kind === kind && c.difference.set === set)!.difference;
    const counted = ` (n ${of.n}${of.events === undefined ? "" : `, ${of.events} events`})`;
    const empty = () => models.map(() => models.map(() => NaN));
    const data = { measure, level: facts.plan.evaluation.level, kind, models, difference: empty(), low: empty(), high: empty(), p: empty() };
    for (const c of facts.comparisons) {
      if (c.measure !== measure || c.difference.kind !== kind || c.difference.set !== set) continue;
      const [i, j] = [models.indexOf(c.first), models.indexOf(c.second)];
      if (i < 0 || j < 0) continue;
      data.difference[i][j] = c.difference.value;
      data.low[i][j] = c.difference.low ?? NaN;
      data.high[i][j] = c.difference.high ?? NaN;
      data.p[i][j] = c.test?.p ?? NaN;
      data.difference[j][i] = -c.difference.value;
      data.low[j][i] = -(c.difference.high ?? NaN);
      data.high[j][i] = -(c.difference.low ?? NaN);
      data.p[j][i] = c.test?.p ?? NaN;
    }
    return {
      id: `comparison-${kind.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}${set === facts.sets[0]?.name ? "" : `-${set.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}`}`, section: "performance", chart: "comparison",
      title: `Differences in ${measure}, ${kind}`, caption: `${measure} of the column's model minus the row's, ${kind}, ${set}${counted}; ${levelText(facts.plan.evaluation.level).replace(" CI", "")} interval${data.p.flat().some(Number.isFinite) ? " and P" : ""}.`, data,
    };
  });
}

/** How much accuracy and calibration slope move between repeats of the cross-validation: a spread, not a confidence interval. */
export function spreadFigure(facts: Facts): Figure[] {
  const cv = facts.crossValidation;
  if (cv === undefined || cv.repeats.length < 2) return [];
  const measures = facts.plan.outcome.kind === "binary" ? ["AUC", "accuracy", "calibration slope"] : ["C-index", "calibration slope"];
  const noInformation = facts.performance.find((p) => p.measure === "no-information rate")?.estimate.value;
  const panels = measures.flatMap((measure) => {
    const strips = facts.plan.models.flatMap(({ name }) => {
      const values = cv.repeats.flatMap((_, k) => {
        // folds name their repeat from 1
        const own = cv.results.filter((f) => f.repeat === k + 1).map((f) => f.merit[name]?.[measure]).filter((v) => v !== undefined && Number.isFinite(v));
        return own.length === 0 ? [] : [own.reduce((s, v) => s + v, 0) / own.length];
      });
      if (values.length < 2) return [];
      const mean = values.reduce((s, v) => s + v, 0) / values.length;
      const sd = Math.sqrt(values.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (values.length - 1));
      return [{ name, values, mean, sd, min: Math.min(...values), max: Math.max(...values) }];
    });
    const reference = measure === "calibration slope" ? { label: "ideal", value: 1 } : measure === "accuracy" && noInformation !== undefined ? { label: "no-information rate", value: noInformation } : undefined;
    return strips.length === 0 ? [] : [{ measure, strips, ...(reference === undefined ? {} : { reference }) }];
  });
  if (panels.length === 0) return [];
  return [{
    id: "spread", section: "stability", title: "Spread over repeats of cross-validation", chart: "spread",
    caption: `Mean over the ${cv.folds} folds of each of ${cv.repeats.length} repeats. The spread shows how much the split matters; it is not a confidence interval.`, data: { panels },
  }];
}

/** Discrimination of the final model in subgroups, averaged over the folds of the cross-validation where there is one. */
export function subgroupFigure(facts: Facts): Figure[] {
  const { plan } = facts;
  if (plan.evaluation.subgroups.length === 0) return [];
  const measure = headline(facts);
  const outcome = trainingOutcome(facts);
  const folds = foldsOf(facts);
  const apparent = facts.sets[0].predictions[plan.final];
  const rows: ForestData["rows"] = [];
  for (const { column, cut } of plan.evaluation.subgroups) {
    const groups = groupsOf(facts, column, cut);
    if (groups === undefined) continue;
    rows.push({ label: labelOf(facts, column), panels: [null] });
    for (const [name, places] of groups) {
      const inside = new Set(places);
      const events = places.filter((k) => outcome.event[k] === 1).length;
      const values = folds.length === 0 ? [discrimination(outcome, places, Array.from(places, (k) => apparent.linear[k]))]
        : folds.map(({ repeat, places: fold }) => {
          const here = fold.filter((k) => inside.has(k));
          const scores = facts.crossValidation!.repeats[repeat].predictions[plan.final];
          return scores === undefined ? { value: NaN, se: NaN } : discrimination(outcome, here, here.map((k) => scores.linear[k]));
        });
      const known = values.filter((v) => Number.isFinite(v.value));
      const value = known.reduce((s, v) => s + v.value, 0) / known.length;
      // the interval is of the whole subgroup at the average merit: standard error of the apparent fit's concordance among its patients
      const { se } = discrimination(outcome, places, Array.from(places, (k) => apparent.linear[k]));
      rows.push({ label: name, indent: true, n: places.length, events, panels: [known.length === 0 ? null : { value, ...(se > 1e-9 ? { low: Math.max(0, value - 1.96 * se), high: Math.min(1, value + 1.96 * se) } : { low: NaN, high: NaN }) }] });
    }
  }
  if (rows.length === 0) return [];
  const how = folds.length === 0 ? "apparent" : "averaged over the folds of nested cross-validation in which the subgroup has events";
  return [{
    id: "subgroups", section: "performance", title: `${measure} of the ${plan.final} model in subgroups`, chart: "forest",
    caption: `${measure} within ${listed(plan.evaluation.subgroups.map((s) => labelOf(facts, s.column)))}, ${how}; intervals from the jackknife standard error of the subgroup's concordance, none where all its patients are predicted alike. Small groups say little.`,
    data: { measure: measure === "AUC" ? "AUC" : "C-index", reference: 0.5, log: false, panels: [folds.length === 0 ? "apparent" : "nested cross-validation"], rows },
  }];
}

function discrimination(outcome: BinaryOutcome | SurvivalOutcome, places: readonly number[], score: readonly number[]): { value: number; se: number } {
  const own = selectOutcome(outcome, places);
  const events = own.event.reduce((s, e) => s + e, 0);
  if (places.length < 2 || events === 0 || score.some((x) => !Number.isFinite(x))) return { value: NaN, se: NaN };
  if (own.kind === "survival") { const c = concordance(own, score); return { value: c.c, se: c.standardError }; }
  if (events === places.length) return { value: NaN, se: NaN };
  const value = auc(score, own.event);
  const c = concordance({ time: Float64Array.from(own.event, (e) => 2 - e), event: own.event }, score);
  return { value, se: c.standardError };
}

function groupsOf(facts: Facts, column: string, cut: number | undefined): [string, number[]][] | undefined {
  const source = facts.data.development.table.columns[column];
  if (source === undefined || source.kind === "date") return undefined;
  const groups = new Map<string, number[]>();
  const put = (name: string, place: number) => { if (groups.has(name)) groups.get(name)!.push(place); else groups.set(name, [place]); };
  const unit = source.kind === "number" && source.unit !== undefined ? ` ${source.unit}` : "";
  facts.training.forEach((row, place) => {
    if (source.kind === "category") { if (source.codes[row] >= 0) put(source.levels[source.codes[row]], place); return; }
    const value = source.values[row];
    if (Number.isNaN(value)) return;
    if (cut !== undefined) put(value < cut ? `< ${cut}${unit}` : `≥ ${cut}${unit}`, place);
    else put(String(value), place);
  });
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
