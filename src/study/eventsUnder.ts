import type { BinaryOutcome, SurvivalOutcome } from "../cohort/index.js";

/** How many events a figure rests on, and how many patients are still followed at its time point. */
export type Under = { events: number; atRisk?: number };

/**
 * Events that a measure is computed from. AUC(t), Brier(t) and observed/expected(t) use the events by t, and stand on those at risk at t
 * (followed to t or longer); Uno's C and the integrated Brier score use the events by the last time, the median AUC of a window those by its
 * end; every other measure uses all events.
 * @param outcome of the patients judged; @param times of the evaluation, in the outcome's unit, rising
 */
export function eventsUnder({ event, ...outcome }: BinaryOutcome | SurvivalOutcome, measure: string, times: readonly number[]): Under {
  const all = { events: event.reduce((a, b) => a + b, 0) };
  if (outcome.kind === "binary") return all;
  const { time } = outcome;
  const by = (t: number) => event.reduce((sum, e, i) => sum + (e === 1 && time[i] <= t ? 1 : 0), 0);
  const at = /^(?:AUC|Brier|observed\/expected)\((.+)\)$/.exec(measure), window = /^median AUC\(.+–(.+)\)$/.exec(measure);
  if (at !== null) return { events: by(Number(at[1])), atRisk: time.reduce((sum, x) => sum + (x >= Number(at[1]) ? 1 : 0), 0) };
  if (window !== null) return { events: by(Number(window[1])) };
  return (measure === "Uno C" || measure === "IBS") && times.length > 0 ? { events: by(times[times.length - 1]) } : all;
}
