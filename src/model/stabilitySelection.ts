import { patientUnits, type Outcome } from "../cohort/index.js";
import { stabilityShares, type Design, type NetOptions, type Random, type StabilityRule, type StabilityShares } from "../math/index.js";
import { checkedNet, elasticNetPath } from "./elasticNet.js";

export type StabilityOptions = NetOptions & StabilityRule & {
  /** each row's patient, drawn whole; without it every row is a patient */
  patient?: readonly string[];
};
/** `share` of the halves in which each column was taken, in the order of `names`; the rule and its bounds as `stabilityShares`. */
export type StabilitySelection = Omit<StabilityShares, "share"> & { selected: string[]; names: string[]; share: number[]; warnings: string[] };

/**
 * Stability selection over a design (`stabilityShares`; Meinshausen & Bühlmann 2010, Shah & Samworth 2013), with the penalty factors, weights
 * and offset of an elastic net. Halves keep the share of patients with an event. An empty selection is a result. The step `stabilitySelection` of
 * cohort is the same over the columns of a table.
 *
 * @throws InputError as elasticNetPath; a rule out of range; fewer than 4 patients with (binary: and without) the event to share out
 */
export function stabilitySelection(design: Design, outcome: Outcome, random: Random, options: StabilityOptions = {}): StabilitySelection {
  const { scheme, halves, count, threshold, patient, ...net } = options;
  const response = checkedNet("stabilitySelection", design, outcome, net);
  const { unit, stratum } = patientUnits(patient ?? Array.from({ length: design.n }, (_, i) => String(i).padStart(9, "0")), outcome);
  const given = Object.fromEntries(Object.entries({ scheme, halves, count, threshold }).filter(([, v]) => v !== undefined)) as StabilityRule;
  const { share, ...found } = stabilityShares(design.columns, response, unit, stratum, given, net, random);
  return {
    selected: design.names.filter((_, j) => share[j] >= found.threshold - 1e-9), names: [...design.names], share: [...share], ...found,
    warnings: elasticNetPath(design, outcome, { ...net, lambdas: 2, lambdaRatio: 0.99 }).warnings,
  };
}
