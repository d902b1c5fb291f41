import type { Numbers } from "./binaryInput.js";

/** A 2×2 table of prediction against truth. */
export type Counts = { tp: number; fp: number; tn: number; fn: number };

/** tp, fp, tn, fn at a cut, in one pass. */
export function countTable(score: Numbers, event: Numbers, threshold: number): Counts {
  let [tp, fp, tn, fn] = [0, 0, 0, 0];
  for (let i = 0; i < event.length; i++) {
    if (score[i] >= threshold) { if (event[i] === 1) tp++; else fp++; }
    else if (event[i] === 1) fn++; else tn++;
  }
  return { tp, fp, tn, fn };
}

/** The table's plain shares, NaN where a denominator is empty; confusionOf gives them with intervals. */
export function ratios({ tp, fp, tn, fn }: Counts): Record<"accuracy" | "sensitivity" | "specificity" | "ppv" | "npv" | "balancedAccuracy" | "f1" | "mcc", number> {
  const sensitivity = tp / (tp + fn);
  const specificity = tn / (tn + fp);
  return {
    accuracy: (tp + tn) / (tp + fp + tn + fn), sensitivity, specificity, ppv: tp / (tp + fp), npv: tn / (tn + fn),
    balancedAccuracy: (sensitivity + specificity) / 2, f1: (2 * tp) / (2 * tp + fp + fn),
    mcc: (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
  };
}
