import { selectOutcome } from "../../cohort/index.js";
import { aucDelong, brierBinary, brierSurvival, calibrationLine, compareConcordance, compareTimeRoc, concordance, delongPaired, timeRoc, wilson } from "../../evaluate/index.js";
import { normalQuantile } from "../../math/index.js";
import type { Comparison, Estimate, Performance } from "../../report/index.js";
import { eventsUnder, tooFew } from "./eventsUnder.js";
import type { Merit, SetFacts } from "../facts.js";
import { atTime, headline, scoredRows, scoresOf, selectPrediction, slopeAndError } from "./merit.js";
import { observedToExpected, scaledBrier } from "./pooledEstimates.js";

type Interval = { low: number; high: number; intervalMethod: string };

/** Every figure of one model on one set, with the interval that its kind has. `merit` as `judge` gave it. */
export function setPerformance(set: SetFacts, model: string, merit: Merit, options: { times: number[]; level: number; threshold?: number; seed: number }): Performance[] {
  const prediction = set.predictions[model];
  const places = scoredRows(prediction, set.rows.keys());
  const outcome = selectOutcome(set.cohort.outcome, Int32Array.from(places, (k) => set.rows[k]));
  const n = places.length;
  const intervals = intervalsOf(set, model, places, options);
  const missing = set.rows.length - n;
  const flattered = set.kind === "apparent" ? "on the patients the pipeline was fitted on" : `pipeline fitted elsewhere, scored on ${set.name}`;
  return Object.entries(merit).map(([measure, value]): Performance => {
    const interval = intervals[measure];
    const notes = [
      Number.isFinite(value) ? undefined : "Not to be had on these patients.",
      Number.isFinite(value) && missing > 0 ? `${missing} of ${set.rows.length} patients lack a value that the model needs and do not count.` : undefined,
      Number.isFinite(value) && !Number.isFinite(interval?.low) ? whyNone(measure, prediction.linear, places) : undefined,
    ].filter((x) => x !== undefined);
    const estimate: Estimate = {
      value, ...(interval !== undefined && Number.isFinite(interval.low) && { ...interval, level: options.level }), n, ...eventsUnder(outcome, measure, options.times), set: set.name, kind: set.kind, method: flattered, seed: options.seed,
      ...(notes.length > 0 && { note: notes.join(" ") }),
    };
    return { model, measure, estimate };
  });
}

/** Why a figure has no interval. */
function whyNone(measure: string, linear: Float64Array, places: Int32Array): string {
  if (measure === "no-information rate") return "No interval: it is these patients' own share.";
  if (measure.startsWith("median AUC")) return "No interval: there is none for a median over times.";
  return places.every((k) => linear[k] === linear[places[0]]) ? "No interval: every patient is predicted alike." : "No interval: too few events, or no variance among these patients.";
}

function intervalsOf(set: SetFacts, model: string, rows: Int32Array, { times, level, threshold }: { times: number[]; level: number; threshold?: number }): Record<string, Interval> {
  const outcome = selectOutcome(set.cohort.outcome, Int32Array.from(rows, (k) => set.rows[k]));
  const { linear, probability } = selectPrediction(set.predictions[model], rows);
  const events = outcome.event.reduce((a, b) => a + b, 0);
  const z = normalQuantile(0.5 + level / 2);
  const result: Record<string, Interval> = {};
  if (outcome.kind === "binary") {
    if (events < 2 || rows.length - events < 2) return result;
    const { event } = outcome, [risk] = probability;
    const area = aucDelong(linear, event, { level });
    if (area.se > 0) result["AUC"] = { low: area.lower, high: area.upper, intervalMethod: "DeLong" };
    const brier = brierBinary(risk, event, { level });
    result["Brier"] = { low: brier.lower, high: brier.upper, intervalMethod: "normal, of the losses" };
    const line = calibrationLine(risk, event, { level });
    result["calibration slope"] = { low: line.slope.lower, high: line.slope.upper, intervalMethod: "Wald" };
    result["calibration in the large"] = { low: line.inTheLarge.lower, high: line.inTheLarge.upper, intervalMethod: "Wald" };
    const scaled = scaledBrier(risk, event, Array.from(rows, (k) => set.cohort.table.id[set.rows[k]] ?? String(k)));
    result["scaled Brier"] = { low: scaled.value - z * scaled.se, high: scaled.value + z * scaled.se, intervalMethod: "influence functions" };
    if (threshold !== undefined) {
      const positive = risk.map((p) => (p >= threshold ? 1 : 0));
      const share = (name: string, hits: number, of: number) => { const w = wilson(hits, of, level); result[name] = { low: w.lower, high: w.upper, intervalMethod: "Wilson" }; };
      let [right, hit, spared] = [0, 0, 0];
      event.forEach((e, i) => { if (positive[i] === e) { right++; if (e === 1) hit++; else spared++; } });
      share("accuracy", right, rows.length);
      share("sensitivity", hit, events);
      share("specificity", spared, rows.length - events);
      const [sensitivity, specificity] = [hit / events, spared / (rows.length - events)];
      const se = 0.5 * Math.sqrt((sensitivity * (1 - sensitivity)) / events + (specificity * (1 - specificity)) / (rows.length - events)), middle = (sensitivity + specificity) / 2;
      if (se > 0) result["balanced accuracy"] = { low: Math.max(0, middle - z * se), high: Math.min(1, middle + z * se), intervalMethod: "normal, two binomial variances" };
    }
    return result;
  }
  if (events < 1 || rows.length < 3) return result;
  const follow = { time: outcome.time, event: outcome.event };
  const jack = "infinitesimal jackknife, logit scale";
  const harrell = concordance(follow, linear, { level }), uno = concordance(follow, linear, { level, timeWeight: "n/G2", ...(times.length > 0 && { tau: times[times.length - 1] }) });
  if (harrell.standardError > 0) result["C-index"] = { low: harrell.lower, high: harrell.upper, intervalMethod: jack };
  if (uno.standardError > 0) result["Uno C"] = { low: uno.lower, high: uno.upper, intervalMethod: jack };
  if (times.length > 0) {
    for (const x of timeRoc(follow, linear, times, { level }).times) if (x.standardError > 0) result[atTime("AUC", x.time)] = { low: x.lower, high: x.upper, intervalMethod: "i.i.d. representation" };
    const usable = times.map((_, k) => k).filter((k) => probability[k].every((p) => p >= 0 && p <= 1));
    if (usable.length > 0) for (const x of brierSurvival(follow, usable.map((k) => probability[k]), usable.map((k) => times[k]), level).times) if (x.standardError > 0) result[atTime("Brier", x.time)] = { low: x.lower, high: x.upper, intervalMethod: "i.i.d. representation" };
  }
  const usable = times.map((_, k) => k).filter((k) => probability[k].every((p) => p >= 0 && p <= 1));
  for (const k of usable) {
    const { value, se } = observedToExpected(outcome, probability[k], times[k]);
    if (se > 0) result[atTime("observed/expected", times[k])] = { low: Math.max(0, value - z * se), high: value + z * se, intervalMethod: "Greenwood, expected risks as given" };
  }
  if (usable.length > 1 && usable.length === times.length) {
    const { value, influence } = scoresOf(outcome, { linear, probability }, Int32Array.from(rows.keys()), { times }, true)["IBS"];
    const se = influence === undefined ? NaN : Math.sqrt(influence.reduce((a, v) => a + v * v, 0));
    if (se > 0) result["IBS"] = { low: value - z * se, high: value + z * se, intervalMethod: "i.i.d. representation" };
  }
  const slope = slopeAndError(follow, linear);
  if (slope.se > 0) result["calibration slope"] = { low: slope.value - z * slope.se, high: slope.value + z * slope.se, intervalMethod: "Wald" };
  return result;
}

/**
 * Models against each other on one set: DeLong's test (AUC), the infinitesimal jackknife of the difference (C-index) and the i.i.d. representation
 * (AUC(t)). On the patients that made the models the difference is apparent, and its test is not valid for nested models (Demler et al., Stat Med
 * 2012;31:2577), which the note says. With fewer than 10 events or non-events no test is given, for AUC(t) of those before and beyond t.
 */
export function setComparison(set: SetFacts, first: string, second: string, options: { times: number[]; level: number; seed: number }): Comparison[] {
  const a = set.predictions[first], b = set.predictions[second];
  if (a === undefined || b === undefined) return [];
  const rows = scoredRows(b, scoredRows(a, set.rows.keys()));
  const outcome = selectOutcome(set.cohort.outcome, Int32Array.from(rows, (k) => set.rows[k]));
  const n = rows.length, events = outcome.event.reduce((x, y) => x + y, 0);
  const x = selectPrediction(a, rows).linear, y = selectPrediction(b, rows).linear;
  const { level, seed, times } = options;
  const smaller = outcome.kind === "binary" ? Math.min(events, n - events) : events;
  if (smaller < 2) return [];
  const nested = set.kind === "apparent" ? "On the patients the models were made on: not valid as a test between nested models." : undefined;
  const base = (measure: string, method: string) => ({ n, ...eventsUnder(outcome, measure, times), set: set.name, kind: set.kind, method, seed });
  const made = (measure: string, value: number, low: number, high: number, se: number, method: string, test: { name: string; statistic: number; p: number }): Comparison => {
    const few = tooFew(outcome, measure, times), alike = value === 0 && !(se > 0) ? "Both models order these patients alike." : undefined;
    const note = [nested, few, alike].filter((x) => x !== undefined).join(" ");
    return { first, second, measure, difference: { value, ...(se > 0 && { low, high, level, intervalMethod: method }), ...base(measure, method), ...(note !== "" && { note }) }, ...(few === undefined && se > 0 && { test }) };
  };
  if (outcome.kind === "binary") {
    const d = delongPaired(y, x, outcome.event, { level });
    return [made("AUC", d.difference, d.lower, d.upper, d.se, "DeLong, paired", { name: "DeLong", statistic: d.statistic, p: d.p })];
  }
  const follow = { time: outcome.time, event: outcome.event };
  const c = compareConcordance(follow, y, x, { level });
  const result = [made(headline("survival"), c.difference, c.lower, c.upper, c.standardError, "infinitesimal jackknife of the difference", { name: "z, infinitesimal jackknife", statistic: c.z, p: c.p })];
  if (times.length > 0) {
    for (const d of compareTimeRoc(timeRoc(follow, x, times, { level }), timeRoc(follow, y, times, { level }))) {
      if (Number.isFinite(d.difference)) result.push(made(atTime("AUC", d.time), d.difference, d.lower, d.upper, d.standardError, "i.i.d. representation of the difference", { name: "z, i.i.d. representation", statistic: d.z, p: d.p }));
    }
  }
  return result;
}
