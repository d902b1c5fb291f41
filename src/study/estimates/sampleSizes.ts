import { selectOutcome } from "../../cohort/index.js";
import { sampleSizeBinary, sampleSizeSurvival } from "../../evaluate/index.js";
import { InputError } from "../../math/index.js";
import { countText, type StudyResults } from "../../report/index.js";
import { candidateParameters } from "../blockReports.js";
import type { CohortData } from "../data.js";
import type { Facts } from "../facts.js";
import type { Plan } from "../plan.js";

/** Patients and events of the training rows, and what each model's candidates would need. */
export type NeededSize = { model: string; n: number; events: number; candidates: number; eventsPerCandidate: number; needed?: { n: number; events: number; criterion: string }; note: string };

/**
 * Events per candidate parameter and Riley's minimum sample size of every model, its candidates counted through all the scores it rests on
 * (Riley et al., BMJ 2020;368:m441; Stat Med 2019;38:1276), at an expected Nagelkerke R² of 15 %; survival at the middle evaluation time.
 * `events` of a binary outcome are those of the smaller class.
 */
export function neededSizes(plan: Plan, cohort: CohortData, training: ArrayLike<number>): NeededSize[] {
  const outcome = selectOutcome(cohort.outcome, training), n = training.length;
  const events = outcome.event.reduce((a, b) => a + b, 0);
  const fewer = outcome.kind === "binary" ? Math.min(events, n - events) : events;
  return plan.models.map(({ name }) => {
    const candidates = candidateParameters(plan, cohort.table, name);
    const base = { model: name, n, events: fewer, candidates, eventsPerCandidate: fewer / Math.max(1, candidates) };
    const note = `${countText(fewer)} ${outcome.kind === "binary" ? "patients in the smaller class" : "events"} for ${countText(candidates)} candidate parameters.`;
    try {
      const common = { parameters: candidates, coxSnellR2: { nagelkerke: 0.15 } };
      const size = outcome.kind === "binary" ? sampleSizeBinary({ ...common, prevalence: events / n }) : sampleSizeSurvival({
        ...common, rate: events / outcome.time.reduce((a, b) => a + b, 0), meanFollowUp: outcome.time.reduce((a, b) => a + b, 0) / n,
        time: plan.evaluation.times[Math.floor((plan.evaluation.times.length - 1) / 2)] ?? outcome.time.reduce((a, b) => a + b, 0) / n,
      });
      return { ...base, needed: { n: size.n, events: Math.ceil(size.events), criterion: size.decides }, note };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { ...base, note: `${note} ${error.message}` };
    }
  });
}

/** The sizes as the report shows them, with the parameters of the final fit. */
export function sampleSizes({ plan, data, training, blocks }: Facts): StudyResults["sampleSize"] {
  return neededSizes(plan, data.development, training).map(({ model, candidates, eventsPerCandidate, needed, note }) => ({
    model, candidates, parameters: blocks.find((b) => b.name === model)!.selected.length, eventsPerCandidate, ...(needed === undefined ? {} : { needed }), note,
  }));
}
