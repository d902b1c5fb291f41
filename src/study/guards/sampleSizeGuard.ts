import { selectOutcome } from "../../cohort/index.js";
import { countText, type Finding } from "../../report/index.js";
import { sidesOf } from "../findFacts.js";
import { neededSizes } from "../estimates/sampleSizes.js";
import type { Guard } from "./guard.js";

/** Too few events for the candidates, counted among the patients who train before anything is fitted. */
export const sampleSizeGuard: Guard = {
  name: "sample size",
  before: (plan, data): Finding[] => {
    const small = neededSizes(plan, data.development, sidesOf(plan, data.development).training).filter((s) => (s.needed !== undefined && s.n < s.needed.n) || s.eventsPerCandidate < 10);
    if (small.length === 0) return [];
    // one remark: the final model in full, the others by their counts
    const s = small.find((one) => one.model === plan.final) ?? small[0];
    const { event } = selectOutcome(data.development.outcome, sidesOf(plan, data.development).training), events = event.reduce((a, b) => a + b, 0);
    // of two classes the smaller one counts
    const fewer = plan.outcome.kind === "binary" && events > event.length - events ? `patients of the smaller class (${plan.outcome.otherName})` : undefined;
    const others = small.filter((one) => one !== s).map((one) => `${one.model} (${countText(one.candidates)} candidates${one.needed === undefined ? "" : `, ${countText(one.needed.n)} patients`})`);
    return [{
      guard: "sample size", severity: "warning", where: "sample size",
      message: `${s.model}: ${countText(s.events)} ${fewer ?? "events"} for ${countText(s.candidates)} candidate parameters are ${s.eventsPerCandidate.toPrecision(2)} each${s.needed === undefined ? "" : `; Riley's criteria ask for ${countText(s.needed.n)} patients with about ${countText(s.needed.events)} events, and there are ${countText(s.n)}`}.${others.length === 0 ? "" : ` Too few also for ${others.join(" and ")}.`}`,
      doInstead: `Name fewer candidates beforehand, shrink the coefficients, and ${plan.validation.crossValidation === undefined ? "validate by nested cross-validation" : "believe the nested figures alone"}.`,
    }];
  },
};
