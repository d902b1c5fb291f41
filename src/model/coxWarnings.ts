import type { CoxData, CoxMaximum, Design, FollowUp } from "../math/index.js";

/** What a reader of a Cox model must know: which variable, why, what to do. */
export function coxWarnings(design: Design, followUp: FollowUp, data: CoxData, best: CoxMaximum, beside: number[]): string[] {
  const { p, n, events } = data;
  const warnings: string[] = [];
  const name = (j: number) => `"${design.names[j]}"`;
  for (const j of best.aliased) {
    const column = design.columns[j];
    const constant = column.every((value) => value === column[0]);
    warnings.push(constant
      ? `${name(j)} is constant (${column[0]}): no coefficient. Leave it out.`
      : `${name(j)} is determined by the variables before it, or does not vary among rows at risk at an event: no coefficient. Leave it out.`);
  }
  for (const j of best.diverging) {
    warnings.push(`${name(j)}: the likelihood is monotone, the estimate runs to ${best.beta[j] > 0 ? "+" : "−"}infinity (one group without ` +
      "events, or events in perfect order); hazard ratio, interval and Wald p are not given. Use Firth's penalty (firthCox) or merge groups.");
  }
  for (const j of beside) {
    warnings.push(`${name(j)}: beside ${best.diverging.map(name).join(", ")} next to nothing is known of it; hazard ratio, interval and Wald p are not given. Use Firth's penalty (firthCox) or leave a variable out.`);
  }
  if (!best.converged && best.diverging.length === 0) {
    warnings.push(`No convergence after ${best.iterations} iterations; the estimates are where it stopped. Check for collinear variables and extreme values.`);
  }
  if (events === 1) warnings.push("Only one event: the estimates rest on one patient.");
  if (p > events) warnings.push(`${p} variables for ${events} events: the fit is arbitrary. Select variables or penalise.`);
  for (let k = 0, zeros = 0; k < n; k++) {
    if (followUp.time[k] === 0 && ++zeros === 1) {
      warnings.push(`Row ${k + 1} has follow-up 0 (perhaps others too): at risk only for events at time 0. Check that this is meant.`);
    }
  }
  return warnings;
}
