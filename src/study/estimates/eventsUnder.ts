import type { BinaryOutcome, SurvivalOutcome } from "../../cohort/index.js";

/** How many events a figure rests on, and how many patients are still followed at its time point. */
export type Under = { events: number; atRisk?: number };

/**
 * Events that a measure is computed from. Brier(t) and observed/expected(t) use the events by t, and stand on those at risk at t (followed to t or
 * longer); AUC(t) those before t against those followed beyond it, as `timeRoc` has cases and controls; Uno's C and the integrated Brier score use the events by the last time, the median AUC of a window those by its
 * end; every other measure uses all events.
 * @param outcome of the patients judged; @param times of the evaluation, in the outcome's unit, rising
 */
export function eventsUnder({ event, ...outcome }: BinaryOutcome | SurvivalOutcome, measure: string, times: readonly number[]): Under {
  const all = { events: event.reduce((a, b) => a + b, 0) };
  if (outcome.kind === "binary") return all;
  const { time } = outcome;
  const by = (t: number) => event.reduce((sum, e, i) => sum + (e === 1 && time[i] <= t ? 1 : 0), 0);
  const at = /^(?:AUC|Brier|observed\/expected)\((.+)\)$/.exec(measure), window = /^median AUC\(.+–(.+)\)$/.exec(measure);
  if (at !== null && measure.startsWith("AUC")) {
    const t = Number(at[1]);
    return { events: event.reduce((sum, e, i) => sum + (e === 1 && time[i] < t ? 1 : 0), 0), atRisk: time.reduce((sum, x) => sum + (x > t ? 1 : 0), 0) };
  }
  if (at !== null) return { events: by(Number(at[1])), atRisk: time.reduce((sum, x) => sum + (x >= Number(at[1]) ? 1 : 0), 0) };
  if (window !== null) return { events: by(Number(window[1])) };
  return (measure === "Uno C" || measure === "IBS") && times.length > 0 ? { events: by(times[times.length - 1]) } : all;
}

/** The fewest events (or patients without) for which a comparison is tested: below, its normal approximation is not to be had. */
export const TEST_FLOOR = 10;

/**
 * Why two models are not tested against each other on a measure: fewer than 10 in the smaller class, events, or at a time events by it or patients
 * followed to it. Undefined where there are enough.
 */
export function tooFew(outcome: BinaryOutcome | SurvivalOutcome, measure: string, times: readonly number[]): string | undefined {
  const { events, atRisk } = eventsUnder(outcome, measure, times), n = outcome.event.length;
  const [smaller, what] = outcome.kind === "binary" ? [Math.min(events, n - events), "patients in the smaller class"] : atRisk !== undefined && atRisk < events ? [atRisk, "patients followed so long"] : [events, atRisk === undefined ? "events" : "events by then"];
  return smaller < TEST_FLOOR ? `Only ${smaller} ${what}: no test is given below ${TEST_FLOOR}.` : undefined;
}
