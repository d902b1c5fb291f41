import type { Design } from "../math/index.js";
import type { NewtonResult } from "./logisticNewton.js";
import type { StandardDesign } from "./standardDesign.js";

/**
 * Patients with and without the event are told apart without error (complete) or but for ties (quasi): no finite maximum of the
 * likelihood. Albert & Anderson, Biometrika 1984;71:1. `variables` take part in it.
 */
export type Separation = { kind: "complete" | "quasi"; variables: string[] };

/**
 * Finds separation after Newton's iteration: complete where some linear predictor met on the way classifies every patient;
 * quasi where the linear predictor of some patients still moves although the likelihood has come to rest. Variables that
 * separate by themselves are named before those that do so only together. Albert & Anderson, Biometrika 1984;71:1 for the two kinds. No
 * program: judged by constructed cohorts.
 */
export function findSeparation(
  design: Design, s: StandardDesign, event: ArrayLike<number>, offset: ArrayLike<number>, at: NewtonResult,
): Separation | undefined {
  const y = Float64Array.from(s.rows, (i) => event[i]);
  const complete = s.kept.length > 0 && at.eta.every((e, i) => (y[i] ? e - offset[i] > 1e-6 : e - offset[i] < -1e-6));
  let most = 0;
  for (const d of at.drift) most = Math.max(most, Math.abs(d));
  if (!complete && most < 1e-3) return undefined;
  const alone = s.kept.filter((j) => separatesAlone(s.rows, design.columns[j], event)).map((j) => design.names[j]);
  if (alone.length > 0) return { kind: complete ? "complete" : "quasi", variables: alone };
  const first = s.intercept ? 1 : 0;
  let largest = 0;
  for (let k = first; k < at.gamma.length; k++) largest = Math.max(largest, Math.abs(at.gamma[k]));
  const together = s.kept.filter((_, k) => Math.abs(at.gamma[k + first]) >= 0.1 * largest).map((j) => design.names[j]);
  return { kind: complete ? "complete" : "quasi", variables: together };
}

/** One variable whose values with and without the event overlap in one value at most. */
function separatesAlone(rows: Int32Array, x: Float64Array, event: ArrayLike<number>): boolean {
  const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  for (const i of rows) {
    const group = event[i] ? 1 : 0;
    low[group] = Math.min(low[group], x[i]);
    high[group] = Math.max(high[group], x[i]);
  }
  return high[0] <= low[1] || high[1] <= low[0];
}

/** The sentence for a result's warnings. Plumbing: no source. */
export function separationWarning({ kind, variables }: Separation): string {
  return `${variables.join(", ")}: ${kind === "complete" ? "complete" : "quasi-complete"} separation, ${variables.length === 1 ? "this variable tells" : "together these variables tell"} ` +
    `patients with the event from those without${kind === "complete" ? "" : ", but for ties"}; the odds ratio has no finite estimate and its Wald test none at all. ` +
    "Use Firth's logistic regression, profile likelihood, or leave the variable out.";
}
