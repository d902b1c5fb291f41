import { InputError } from "../math/index.js";
import type { RocCurve } from "./roc.js";

export type PartialAuc = {
  focus: "specificity" | "sensitivity"; from: number; to: number;
  /** area of the ROC curve in the region, trapezoids with interpolated ends; at most to − from */
  area: number;
  /** McClish's rescaling to .5 (chance) … 1 (perfect); NaN where the area is below chance's */
  corrected: number;
  warnings: string[];
};

/**
 * Partial area under the ROC curve between two specificities (or sensitivities), raw and rescaled by
 * ½ (1 + (area − chance) / (perfect − chance)). McClish, Med Decis Making 1989;9:190.
 * Agrees with pROC::auc(partial.auc, partial.auc.focus, partial.auc.correct), which also leaves the rescaled value out below chance.
 *
 * @param curve of rocCurve
 * @param from, to ends of the region in 0 … 1, in any order
 * @throws InputError where the ends lie outside 0 … 1 or are equal
 */
export function partialAuc(curve: RocCurve, { from, to, focus = "specificity" }: { from: number; to: number; focus?: PartialAuc["focus"] }): PartialAuc {
  if (!(from >= 0 && from <= 1 && to >= 0 && to <= 1) || from === to) {
    throw new InputError(`Partial AUC: the region is ${focus} ${from} to ${to}, expected two different ends in 0 … 1.`);
  }
  const [low, high] = from < to ? [from, to] : [to, from];
  const [along, height] = focus === "specificity" ? [curve.specificity, curve.sensitivity] : [curve.sensitivity, curve.specificity];
  let area = 0;
  for (let k = 1; k < along.length; k++) {
    // the coordinate along rises with the threshold for specificity and falls for sensitivity
    const [i, j] = along[k - 1] <= along[k] ? [k - 1, k] : [k, k - 1];
    const start = Math.max(low, along[i]);
    const end = Math.min(high, along[j]);
    if (!(end > start)) continue;
    const slope = (height[j] - height[i]) / (along[j] - along[i]);
    const mid = height[i] + slope * ((start + end) / 2 - along[i]);
    area += mid * (end - start);
  }
  const width = high - low;
  const chance = width * (1 - (low + high) / 2);
  const rescaled = 0.5 * (1 + (area - chance) / (width - chance));
  const warnings: string[] = [];
  if (rescaled < 0.5) warnings.push(`Partial AUC: the curve lies below chance for ${focus} ${low} to ${high}, so McClish's rescaled area is not defined (NaN); check the direction of the score.`);
  return { focus, from: low, to: high, area, corrected: rescaled < 0.5 ? NaN : rescaled, warnings };
}
