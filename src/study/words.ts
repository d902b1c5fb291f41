/** A figure of merit in a sentence: three decimals, a true minus; with its sign where asked. */
export function formatNumber(value: number, signed = false): string {
  if (!Number.isFinite(value)) return "not known";
  const text = Math.abs(value).toFixed(3);
  return Number(text) === 0 ? text : value < 0 ? `−${text}` : signed ? `+${text}` : text;
}

/** Options of a step or learner in words: "method pearson, cutoff 0.9". */
export function optionWords(options: Record<string, unknown>): string {
  return Object.entries(options).map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`).join(", ");
}
