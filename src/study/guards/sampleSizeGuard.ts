import { sampleSizeBinary, sampleSizeSurvival } from "../../evaluate/index.js";
import { exp, InputError, log } from "../../math/index.js";
import type { Finding } from "../../report/index.js";
import { candidatesOf } from "../blockTable.js";
import type { StudyData } from "../data.js";
import type { Plan } from "../plan.js";
import type { Guard } from "./guard.js";

export type SampleSizeOf = { model: string; n: number; events: number; candidates: number; parameters: number; eventsPerCandidate: number; needed?: { n: number; events: number; criterion: string }; note: string };

/** Parameters that the candidates stand for: one a number, levels − 1 a category. */
function parametersOf(data: StudyData, columns: readonly string[]): number {
  return columns.reduce((sum, name) => {
    const column = data.development.table.columns[name];
    return sum + (column?.kind === "category" ? Math.max(1, column.levels.length - 1) : 1);
  }, 0);
}

/**
 * Events per candidate parameter and Riley's minimum sample size of every model, its candidates counted through all scores it rests on
 * (Riley et al., BMJ 2020;368:m441; Stat Med 2019;38:1276): expected shrinkage 0.9, Cox–Snell R² 15 % of its maximum, since none is known.
 */
export function sampleSizes(plan: Plan, data: StudyData): SampleSizeOf[] {
  const { outcome } = data.development;
  const n = outcome.event.length;
  const events = outcome.event.reduce((s, e) => s + e, 0);
  return plan.models.map(({ name }) => {
    const candidates = candidatesOf(plan, name);
    const parameters = parametersOf(data, candidates);
    const base = { model: name, n, events, candidates: candidates.length, parameters, eventsPerCandidate: events / Math.max(1, parameters) };
    if (parameters === 0 || events === 0 || events === n) return { ...base, note: "no size can be computed" };
    try {
      if (outcome.kind === "binary") {
        const size = sampleSizeBinary({ parameters, prevalence: events / n, ...quarter(binaryMaximum(events / n)) });
        return { ...base, needed: needed(size, size.n * (events / n)), note: "Riley 2020, assumed Nagelkerke R² 0.15" };
      }
      const mean = outcome.time.reduce((s, t) => s + t, 0) / n;
      const rate = events / (mean * n);
      const time = plan.evaluation.times.at(-1) ?? mean;
      const size = sampleSizeSurvival({ parameters, rate, meanFollowUp: mean, time, ...quarter(survivalMaximum(rate * mean)) });
      return { ...base, needed: needed(size, size.n * (events / n)), note: "Riley 2019, assumed Nagelkerke R² 0.15" };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { ...base, note: error.message };
    }
  });
}

const quarter = (maximum: number) => ({ coxSnellR2: 0.15 * maximum });
const needed = (size: { n: number; criteria: { name: string; n: number }[] }, events: number) => ({
  n: size.n, events: Math.ceil(events), criterion: size.criteria.find((c) => c.n === size.n)?.name ?? "largest of all criteria",
});

function binaryMaximum(f: number): number { return 1 - exp(2 * (f * log(f) + (1 - f) * log(1 - f))); }
function survivalMaximum(perPatient: number): number { return 1 - exp(2 * perPatient * (log(perPatient) - 1)); }

/** Too few events for the candidates, counted before anything is fitted. */
export const sampleSizeGuard: Guard = {
  name: "sample size",
  before: (plan, data) => sampleSizes(plan, data).flatMap((s): Finding[] => {
    const short = s.needed !== undefined && s.n < s.needed.n;
    if (!short && s.eventsPerCandidate >= 10) return [];
    return [{
      guard: "sample size", severity: "warning", where: "sample size",
      message: `${s.model}: ${s.events} events for ${s.parameters} candidate parameters are ${s.eventsPerCandidate.toPrecision(2)} each${s.needed === undefined ? "" : `; Riley's criteria ask for ${s.needed.n} patients with about ${s.needed.events} events, and there are ${s.n}`}.`,
      doInstead: "Name fewer candidates beforehand, shrink the coefficients, and believe the nested figures alone.",
    }];
  }),
};
