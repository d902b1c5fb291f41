import type { Finding } from "../../report/index.js";
import type { StudyData } from "../data.js";
import type { Facts } from "../facts.js";
import type { Plan } from "../plan.js";
import { atPart, PlanError, type Mistake, type Path } from "../plan/planErrors.js";
import { calibrationGuard } from "./calibrationGuard.js";
import { disguiseGuard } from "./disguiseGuard.js";
import { duplicateFeatureGuard, missingGuard, mixedGuard, upstreamGuard } from "./featureGuard.js";
import type { Guard } from "./guard.js";
import { overlapGuard } from "./overlapGuard.js";
import { comparisonGuard, competingGuard, cutGuard, emptyGuard, eventsGuard, separationGuard } from "./resultGuard.js";
import { sampleSizeGuard } from "./sampleSizeGuard.js";
import { unscoredGuard } from "./unscoredGuard.js";

/** Every guard that runs in every study. Adding one is one value and one line. */
export const guards: readonly Guard[] = [
  overlapGuard, mixedGuard, disguiseGuard, sampleSizeGuard, upstreamGuard, duplicateFeatureGuard, missingGuard, competingGuard,
  calibrationGuard, separationGuard, eventsGuard, comparisonGuard, cutGuard, emptyGuard, unscoredGuard,
];

/** Looks before anything is fitted. */
export const guardBefore = (plan: Plan, data: StudyData): Finding[] => guards.flatMap((g) => g.before?.(plan, data) ?? []);
/** Looks at what a run found. */
export const guardAfter = (facts: Facts): Finding[] => guards.flatMap((g) => g.after?.(facts) ?? []);

/** Findings that end a run (leakage; in a strict plan every warning) as mistakes of the plan, at the part that each is about. */
export function mistakesAmong(plan: Plan, findings: readonly (Finding & { path?: Path })[]): Mistake[] {
  return findings.filter((f) => f.severity === "stop" || (plan.strict && f.severity === "warning"))
    .flatMap((f) => atPart(f.path ?? [], `${f.message}${f.doInstead === undefined ? "" : ` ${f.doInstead}`}${f.severity === "warning" ? " (The plan is strict: warnings stop.)" : ""}`).mistakes);
}

/**
 * Ends the run where a finding is leakage, or where the plan is strict and anything but a note was found; else gives the findings back.
 * @throws PlanError with every such finding in it
 */
export function judged<F extends Finding & { path?: Path }>(plan: Plan, findings: F[]): F[] {
  const ends = mistakesAmong(plan, findings);
  if (ends.length > 0) throw new PlanError(ends);
  return findings;
}
