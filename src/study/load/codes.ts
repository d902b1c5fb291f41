import type { VariablePlan } from "../plan.js";

/** A code for comparison: 1, "1", "1.0" and "01" are one code, TRUE and true another. */
export function codeKey(code: string): string {
  const text = code.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return String(Number(text));
  return /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
}

/** Whether a cell's label means one of some codes: the code itself, or the name of the level that stands for it. */
export function codeMatcher(codes: readonly string[], variable?: VariablePlan): (label: string) => boolean {
  const wanted = new Set(codes.map(codeKey));
  for (const [code, level] of Object.entries(variable?.levels ?? {})) {
    if (codes.includes(level)) wanted.add(codeKey(code));
    if (wanted.has(codeKey(code))) wanted.add(codeKey(level));
  }
  return (label) => wanted.has(codeKey(label));
}

/** Whether a label counts as missing: an empty cell, or a code or level that the plan calls missing. */
export function missingMatcher(variable?: VariablePlan): (label: string) => boolean {
  const coded = codeMatcher(variable?.missing ?? [], variable);
  return (label) => label === "" || coded(label);
}
