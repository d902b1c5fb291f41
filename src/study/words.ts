import type { Plan } from "./plan.js";

/** A figure of merit in a sentence: three decimals, a true minus; with its sign where asked. */
export function formatNumber(value: number, signed = false): string {
  if (!Number.isFinite(value)) return "not known";
  const text = Math.abs(value).toFixed(3);
  return Number(text) === 0 ? text : value < 0 ? `−${text}` : signed ? `+${text}` : text;
}

/** How the threshold of a binary prediction was found, in words. */
export function thresholdInWords(threshold: Plan["evaluation"]["threshold"]): string {
  if (typeof threshold === "number") return String(threshold);
  if (threshold === "prevalence") return "the prevalence of the rows fitted on";
  if (threshold === "closest") return "the cut closest to the corner of the ROC curve of the rows fitted on";
  if (threshold === "youden") return "the cut with the largest Youden index of the rows fitted on";
  const [name, value] = Object.entries(threshold)[0] as [string, number];
  return `the cut that reaches a ${name} of ${value} in the rows fitted on`;
}

/** Options of a step or learner in words: "method pearson, cutoff 0.9". */
export function optionWords(options: Record<string, unknown>): string {
  return Object.entries(options).map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`).join(", ");
}
