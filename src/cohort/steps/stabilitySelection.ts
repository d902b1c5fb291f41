import { InputError, stabilityShares, type StabilityRule } from "../../math/index.js";
import type { Outcome } from "../outcome.js";
import type { Step } from "../step.js";
import { checkOutcome } from "./association.js";
import { responseOf } from "./lassoSelect.js";
import { applyFilter, completeNumbers, filterState, fittedColumns, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type StabilityStepOptions = ColumnsOption & StabilityRule & {
  /** 1 LASSO (default) … above 0 */
  alpha?: number;
};
/** `shares`: how often each column was chosen. `falseBound`, `unimodalBound`: bounds on the expected number kept by mistake, see `stabilityShares`. */
export type StabilityState = FilterState & {
  shares: { name: string; share: number }[]; scheme: "pairs" | "halves"; halves: number; count: number; threshold: number; falseBound: number; unimodalBound: number | null;
};

/**
 * Stability selection (`stabilityShares`: an elastic-net path on many random halves, complementary pairs by default): columns among the first
 * q of at least the threshold's share of halves stay. Patients are drawn whole, those with an event (or of a class) spread evenly over the halves.
 * Model's `stabilitySelection` is the same over a design. InputError where a half would have no two patients with (binary: and two without)
 * the event. Meinshausen & Bühlmann, J R Stat Soc B 2010;72:417; Shah & Samworth 2013;75:55. No program: the bounds by hand, the rest by
 * simulation.
 */
export const stabilitySelection: Step<StabilityState> = {
  name: "stabilitySelection",
  fit(table, outcome, options: StabilityStepOptions, random) {
    const names = fittedColumns("stabilitySelection", table, options);
    checkOutcome("stabilitySelection", outcome, table.id.length);
    const { alpha = 1, columns: _columns, ...rule } = options;
    if (!(alpha > 0 && alpha <= 1)) throw new InputError(`stabilitySelection was given alpha = ${alpha}, but a number above 0 and up to 1 is expected.`);
    const x = names.map((name) => completeNumbers("stabilitySelection", table, name));
    const { unit, stratum } = patientUnits(table.id, outcome);
    const { share, ...found } = stabilityShares(x, responseOf(outcome), unit, stratum, rule, { alpha }, random);
    const shares = names.map((name, j) => ({ name, share: share[j] }));
    // a share is a sum of 1/halves: compared with room for its rounding
    const why = new Map(shares.filter((s) => !(s.share >= found.threshold - 1e-9)).map((s) => [s.name, `chosen in ${Math.round(1000 * s.share) / 10} % of the halves`]));
    return { ...filterState(names, why), shares, ...found };
  },
  apply: applyFilter,
};

/**
 * Patients numbered by their id, and in stratum 1 where any row of theirs has the event. Plumbing: no source.
 * @throws InputError on fewer than 4 patients with (binary: and without) the event; continuous: fewer than 4 patients
 */
export function patientUnits(id: readonly string[], outcome: Outcome): { unit: Int32Array; stratum: Uint8Array } {
  const patients = [...new Set(id)].sort();
  const place = new Map(patients.map((p, k) => [p, k]));
  const unit = Int32Array.from(id, (p) => place.get(p)!);
  const stratum = new Uint8Array(patients.length);
  if (outcome.kind !== "continuous") unit.forEach((u, r) => { if (outcome.event[r] === 1) stratum[u] = 1; });
  const events = stratum.reduce((a, b) => a + b, 0), others = patients.length - events;
  const few = outcome.kind === "continuous" ? patients.length < 4 : events < 4 || (outcome.kind === "binary" && others < 4);
  if (few) {
    throw new InputError(outcome.kind === "continuous"
      ? `stabilitySelection was given ${patients.length} patients, but needs at least 4 to draw halves.`
      : `stabilitySelection: ${outcome.name} has ${events} patients with the event and ${others} without; halves need at least two of each${outcome.kind === "survival" ? " with it" : ""}. Use lasso with cross-validation.`);
  }
  return { unit, stratum };
}
