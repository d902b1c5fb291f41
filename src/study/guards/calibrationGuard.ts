import type { Estimate, Finding, Kind } from "../../report/index.js";
import { formatNumber } from "../words.js";
import type { Guard } from "./guard.js";

/** Kinds of validation in which a slope is looked at, in the order in which they are told. */
const looked: Kind[] = ["nested cross-validation", "optimism-corrected", "632+", "test", "external"];

/**
 * Risks that do not fit: a validated calibration slope whose interval lies wholly under 1 (high risks too high, low ones too low, as of an overfitted
 * model) or wholly above it. One finding for a model and direction, every kind of validation that says so in it; of a model that kept nothing in the fit
 * on all patients, whose risk is the same for everybody, nothing is said here. Van Calster et al., BMC Med 2019;17:230.
 */
export const calibrationGuard: Guard = {
  name: "calibration",
  after: ({ plan, blocks, performance }) => plan.models.flatMap(({ name }): Finding[] => {
    if (blocks.find((b) => b.name === name)?.model === null) return [];
    const slopes = looked.flatMap((kind) => performance.filter((p) => p.model === name && p.measure === "calibration slope" && p.estimate.kind === kind).map((p) => p.estimate));
    const under = slopes.filter((e) => e.high !== undefined && e.high < 1), above = slopes.filter((e) => e.low !== undefined && e.low > 1);
    return [
      ...(under.length === 0 ? [] : [told(name, `calibration slope ${under.map(slopeText).join("; ")}, wholly under 1: its risks are too extreme, high ones too high and low ones too low${under.some((e) => e.low! <= 0) ? "; a slope of 0, risks that say nothing, is not excluded" : ""}.`, "Do not read its risks as they are: name fewer candidates, shrink or penalise the coefficients, and recalibrate on patients of the place of use first.")]),
      ...(above.length === 0 ? [] : [told(name, `calibration slope ${above.map(slopeText).join("; ")}, wholly above 1: its risks lie too close together, high ones too low and low ones too high.`, "Do not read its risks as they are: penalise less, and recalibrate on patients of the place of use first.")]),
    ];
  }),
};

const told = (model: string, what: string, doInstead: string): Finding => ({ guard: "calibration", severity: "warning", where: model, message: `${model}: ${what}`, doInstead });

/** "0.302 (95 % CI −0.253 to 0.858; nested cross-validation)". */
function slopeText({ value, low, high, level = 0.95, kind, set }: Estimate): string {
  return `${formatNumber(value)} (${Math.round(100 * level)} % CI ${formatNumber(low!)} to ${formatNumber(high!)}; ${kind}${kind === "external" ? `, ${set}` : ""})`;
}
