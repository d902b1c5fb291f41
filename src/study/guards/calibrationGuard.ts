import { fixedText, levelText, type Estimate, type Finding, type Kind } from "../../report/index.js";
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
      ...(under.length === 0 ? [] : [told(name, `calibration slope ${under.map(slopeText).join("; ")}, wholly under 1${under.some((e) => e.low! <= 0) ? "; 0, risks that say nothing, is not excluded" : ""}.`, "Such risks are too extreme, high ones too high and low ones too low. Do not read them as they are: name fewer candidates, shrink or penalise the coefficients, and recalibrate on patients of the place of use first.")]),
      ...(above.length === 0 ? [] : [told(name, `calibration slope ${above.map(slopeText).join("; ")}, wholly above 1.`, "Such risks lie too close together, high ones too low and low ones too high. Do not read them as they are: penalise less, and recalibrate on patients of the place of use first.")]),
    ];
  }),
};

const told = (model: string, what: string, doInstead: string): Finding => ({ guard: "calibration", severity: "warning", where: model, message: `${model}: ${what}`, doInstead });

/** "0.30 (95 % CI −0.25 to 0.86; nested cross-validation)": decimals as in the tables, one more where an end would be rounded to 1. */
function slopeText({ value, low, high, level, kind, set }: Estimate): string {
  const decimals = [low!, high!].some((x) => fixedText(x, 2) === "1.00") ? 3 : 2;
  return `${fixedText(value, decimals)} (${levelText(level)} ${fixedText(low!, decimals)} to ${fixedText(high!, decimals)}; ${kind}${kind === "external" ? `, ${set}` : ""})`;
}
