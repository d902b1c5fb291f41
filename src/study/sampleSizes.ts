import { selectOutcome } from "../cohort/index.js";
import { sampleSizeBinary, sampleSizeSurvival } from "../evaluate/index.js";
import { InputError } from "../math/index.js";
import type { StudyResults } from "../report/index.js";
import { candidateParameters } from "./blockReports.js";
import type { Facts } from "./facts.js";

/** Events per candidate and what Riley's criteria (BMJ 2020;368:m441) ask for, at an expected R² of 15 % of the largest possible. */
export function sampleSizes({ plan, data, training, blocks }: Facts): StudyResults["sampleSize"] {
  const outcome = selectOutcome(data.development.outcome, training), n = training.length;
  const events = outcome.event.reduce((a, b) => a + b, 0);
  const fewer = outcome.kind === "binary" ? Math.min(events, n - events) : events;
  return plan.models.map(({ name }) => {
    const candidates = candidateParameters(plan, data.development.table, name);
    const parameters = blocks.find((b) => b.name === name)!.selected.length;
    const note = `${fewer} ${outcome.kind === "binary" ? "patients in the smaller class" : "events"} for ${candidates} candidate parameters.`;
    try {
      const common = { parameters: candidates, coxSnellR2: { nagelkerke: 0.15 } };
      const size = outcome.kind === "binary" ? sampleSizeBinary({ ...common, prevalence: events / n }) : sampleSizeSurvival({
        ...common, rate: events / outcome.time.reduce((a, b) => a + b, 0), meanFollowUp: outcome.time.reduce((a, b) => a + b, 0) / n,
        time: plan.evaluation.times[Math.floor((plan.evaluation.times.length - 1) / 2)] ?? outcome.time.reduce((a, b) => a + b, 0) / n,
      });
      return { model: name, candidates, parameters, eventsPerCandidate: fewer / candidates, needed: { n: size.n, events: Math.ceil(size.events), criterion: size.decides }, note };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { model: name, candidates, parameters, eventsPerCandidate: fewer / Math.max(1, candidates), note: `${note} ${error.message}` };
    }
  });
}
