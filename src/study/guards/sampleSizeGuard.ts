import type { Finding } from "../../report/index.js";
import { neededSizes } from "../sampleSizes.js";
import type { Guard } from "./guard.js";

/** Too few events for the candidates, counted before anything is fitted. */
export const sampleSizeGuard: Guard = {
  name: "sample size",
  before: (plan, data) => neededSizes(plan, data.development, Array.from(data.development.table.id.keys())).flatMap((s): Finding[] => {
    const short = s.needed !== undefined && s.n < s.needed.n;
    if (!short && s.eventsPerCandidate >= 10) return [];
    return [{
      guard: "sample size", severity: "warning", where: "sample size",
      message: `${s.model}: ${s.events} events for ${s.candidates} candidate parameters are ${s.eventsPerCandidate.toPrecision(2)} each${s.needed === undefined ? "" : `; Riley's criteria ask for ${s.needed.n} patients with about ${s.needed.events} events, and there are ${s.n}`}.`,
      doInstead: "Name fewer candidates beforehand, shrink the coefficients, and believe the nested figures alone.",
    }];
  }),
};
