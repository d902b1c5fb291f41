import { aucDelong, concordance } from "../../evaluate/index.js";
import { selectOutcome, type BinaryOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import type { ForestData, Figure, Kind } from "../../report/index.js";
import { CENTRES_MEAN } from "../estimates/centreEstimates.js";
import { TEST_FLOOR } from "../estimates/eventsUnder.js";
import { normalInterval } from "../estimates/intervals.js";
import { foldError, foldMeans, foldParts } from "../estimates/nestedEstimates.js";
import { isPooled, pooledFigures } from "../estimates/pooledEstimates.js";
import type { Facts } from "../facts.js";
import { labelOf, listed, percentOf, plainSet, trainingOutcome } from "./setsOf.js";

const headline = (facts: Facts): "C-index" | "AUC" => (facts.plan.outcome.kind === "survival" ? "C-index" : "AUC");
const order: Kind[] = ["apparent", "tuning", "optimism-corrected", "632+", "nested cross-validation", "leave-one-centre-out", "test", "external"];

/** The first screen's figure: every model's discrimination by kind of validation; single centres have one of their own. */
export function meritFigure(facts: Facts): Figure[] {
  const measure = headline(facts);
  const { level } = facts.plan.evaluation, percent = percentOf(facts);
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
    caption: `${measure} with ${percent} intervals. Apparent: fitted and judged on the same patients, which is not validation.${rows.some((r) => r.kind === "nested cross-validation") ? " The headline is nested cross-validation: every step, selection included, is repeated without the patients who are judged." : ""}`,
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
      title: `Differences in ${measure}, ${kind}`, caption: `${measure} of the column's model minus the row's, ${kind}, ${set}${counted}${data.low.flat().some(Number.isFinite) ? `; ${percentOf(facts)} interval${data.p.flat().some(Number.isFinite) ? " and P" : ""}` : ", without interval"}.`, data,
    };
  });
}

/**
 * How much accuracy and calibration slope move between repeats of the cross-validation: a spread, not a confidence interval. Each repeat's figure is
 * made as that of the table: accuracy averaged over the folds, the slope from the repeat's predictions together.
 */
export function spreadFigure(facts: Facts): Figure[] {
  const cv = facts.crossValidation;
  if (cv === undefined || cv.repeats.length < 2) return [];
  const measures = facts.plan.outcome.kind === "binary" ? ["AUC", "accuracy", "calibration slope"] : ["C-index", "calibration slope"];
  const noInformation = facts.performance.find((p) => p.measure === "no-information rate" && p.estimate.kind === "nested cross-validation")?.estimate.value;
  const outcome = trainingOutcome(facts), id = Array.from(facts.training, (r) => facts.data.development.table.id[r]);
  const without: string[] = [];
  const panels = measures.flatMap((measure) => {
    const strips = facts.plan.models.flatMap(({ name }) => {
      const byRepeat = isPooled(measure) ? pooledFigures(cv, name, outcome, id, facts.plan.evaluation.times)[measure]?.repeats ?? []
        : cv.repeats.map((_, k) => {
          // folds name their repeat from 1
          const own = cv.results.filter((f) => f.repeat === k + 1).map((f) => f.merit[name]?.[measure]).filter((v) => v !== undefined && Number.isFinite(v));
          return own.length === 0 ? NaN : own.reduce((s, v) => s + v, 0) / own.length;
        });
      const values = byRepeat.filter(Number.isFinite);
      if (values.length < cv.repeats.length) without.push(`${measure} of ${name} in ${cv.repeats.length - values.length}`);
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
    caption: `${listed(measures.filter((m) => !isPooled(m)))}: mean over the ${cv.folds} folds of each of ${cv.repeats.length} repeats; calibration slope: from each repeat's predictions together.${without.length === 0 ? "" : ` Not to be had: ${listed(without)} of the repeats.`} The spread shows how much the split matters; it is not a confidence interval.`, data: { panels },
  }];
}

/**
 * Discrimination of the final model in subgroups: nested cross-validation with the folds cut down to the subgroup, value and standard error as those of
 * the whole (`foldMeans`, `foldError`); apparent where there is none. Below TEST_FLOOR events or patients without, no interval and a hollow mark.
 */
export function subgroupFigure(facts: Facts): Figure[] {
  const { plan, crossValidation: cv, data: { development } } = facts;
  const { level, subgroups } = plan.evaluation;
  if (subgroups.length === 0) return [];
  const measure = headline(facts);
  const outcome = trainingOutcome(facts);
  const apparent = facts.sets[0].predictions[plan.final];
  const nested = (places: readonly number[]) => {
    const inside = new Set(places);
    const parts = foldParts(cv!).map((part) => ({ ...part, places: part.places.filter((k) => inside.has(k)), thresholds: {} }));
    const found = foldMeans(development, facts.training, parts, plan.final, { times: [] })[measure];
    if (found === undefined) return { value: NaN, low: NaN, high: NaN };
    const { se } = foldError(found.values, found.influence, Array.from(facts.training, (r) => development.table.id[r]), cv!.folds);
    return { value: found.value, low: NaN, high: NaN, ...normalInterval(found.value, se, level, true) };
  };
  const rows: ForestData["rows"] = [];
  for (const { column, cut } of subgroups) {
    const groups = groupsOf(facts, column, cut);
    if (groups === undefined) continue;
    rows.push({ label: labelOf(facts, column), panels: [null] });
    for (const [name, places] of groups) {
      const events = places.filter((k) => outcome.event[k] === 1).length;
      const few = events < TEST_FLOOR ? "few events" : outcome.kind === "binary" && places.length - events < TEST_FLOOR ? "few without" : undefined;
      const { value, low, high } = cv === undefined ? apparentIn(outcome, places, Array.from(places, (k) => apparent.linear[k]), level) : nested(places);
      rows.push({ label: name, indent: true, n: places.length, events, ...(few === undefined ? {} : { few }), panels: [Number.isFinite(value) ? { value, ...(few === undefined ? { low, high } : { low: NaN, high: NaN }) } : null] });
    }
  }
  if (rows.length === 0) return [];
  const percent = percentOf(facts);
  const how = cv === undefined ? `apparent; ${percent} intervals ${outcome.kind === "binary" ? "by DeLong" : "by the infinitesimal jackknife"}`
    : `nested cross-validation: averaged over the folds in which the subgroup has events, ${percent} intervals from the same standard error as in the table of all measures, of the subgroup's patients and folds`;
  const hollow = rows.some((r) => r.few !== undefined) ? ` Hollow, without interval: fewer than ${TEST_FLOOR} events${outcome.kind === "binary" ? ` or patients without` : ""}.` : "";
  return [{
    id: "subgroups", section: "performance", title: `${measure} of the ${plan.final} model in subgroups`, chart: "forest",
    caption: `${measure} within ${listed(subgroups.map((s) => labelOf(facts, s.column)))}, ${how}; none where all patients are predicted alike.${hollow} Small groups say little, and no test compares them.`,
    data: { measure, level, reference: 0.5, log: false, panels: [cv === undefined ? "apparent" : "nested cross-validation"], rows },
  }];
}

function apparentIn(outcome: BinaryOutcome | SurvivalOutcome, places: readonly number[], linear: readonly number[], level: number): { value: number; low: number; high: number } {
  const known = linear.map((_, k) => k).filter((k) => Number.isFinite(linear[k])), score = known.map((k) => linear[k]);
  const own = selectOutcome(outcome, known.map((k) => places[k]));
  const events = own.event.reduce((s, e) => s + e, 0), none = { low: NaN, high: NaN };
  if (known.length < 2 || events === 0 || (own.kind === "binary" && events === known.length)) return { value: NaN, ...none };
  if (own.kind === "binary") { const { auc, lower, upper, se } = aucDelong(score, own.event, { level }); return { value: auc, ...(se > 0 ? { low: lower, high: upper } : none) }; }
  const { c, lower, upper, standardError } = concordance(own, score, { level });
  return { value: c, ...(standardError > 1e-9 ? { low: lower, high: upper } : none) };
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
