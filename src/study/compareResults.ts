/** One difference between two runs: where, what was recorded, what came out now. `step` is its place in `verifySteps`. */
export type Difference = { step: number; path: string; recorded: unknown; now: unknown };

/** The steps of a run in the order in which they rest on each other, with the parts of results.json that each makes. */
export const verifySteps: readonly { name: string; parts: readonly string[] }[] = [
  { name: "question and outcome", parts: ["format", "formatVersion", "title", "question", "order", "seed", "outcome", "models", "final", "reference", "labels", "report"] },
  { name: "patients", parts: ["cohorts", "overlap", "baseline", "paired", "sampleSize"] },
  { name: "scores and models", parts: ["blocks"] },
  { name: "merit", parts: ["performance"] },
  { name: "comparisons", parts: ["comparisons", "verdict", "faults", "riskGroups"] },
  { name: "guards", parts: ["findings", "openings"] },
  { name: "figures and tables", parts: ["figures", "tables"] },
  { name: "words", parts: ["parameters", "methods"] },
];

/** Numbers may differ by this share of the larger (of 1, where both are smaller). */
export const NEAR = 1e-9;

/**
 * Compares two results: numbers within 1e-9, everything else (choices, names, words, which values are missing) exactly. The program's
 * version is not compared. @returns differences in the order of the steps, at most `most`
 */
export function compareResults(recorded: unknown, now: unknown, most = 20): Difference[] {
  const found: Difference[] = [];
  const [a, b] = [recorded as Record<string, unknown>, now as Record<string, unknown>];
  verifySteps.forEach(({ parts }, step) => { for (const part of parts) compare(a[part], b[part], part, step, found, most); });
  const known = new Set(["program", ...verifySteps.flatMap((s) => s.parts)]);
  for (const part of new Set([...Object.keys(a), ...Object.keys(b)])) if (!known.has(part)) compare(a[part], b[part], part, verifySteps.length - 1, found, most);
  return found;
}

function compare(a: unknown, b: unknown, path: string, step: number, found: Difference[], most: number): void {
  if (found.length >= most || a === b) return;
  if (typeof a === "number" && typeof b === "number") {
    if (Math.abs(a - b) > NEAR * Math.max(1, Math.abs(a), Math.abs(b))) found.push({ step, path, recorded: a, now: b });
  } else if (typeof a === "object" && typeof b === "object" && a !== null && b !== null && Array.isArray(a) === Array.isArray(b)) {
    if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) { found.push({ step, path: `${path}.length`, recorded: a.length, now: b.length }); return; }
    const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
    for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) compare(x[key], y[key], Array.isArray(a) ? `${path}[${nameIn(x[key]) ?? key}]` : `${path}.${key}`, step, found, most);
  } else found.push({ step, path, recorded: a, now: b });
}

/** Entries of a list are told by their name where they have one. */
function nameIn(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { name, id, model, measure } = entry as Record<string, unknown>;
  if (typeof model === "string" && typeof measure === "string") return `${model} ${measure}`;
  return typeof name === "string" ? name : typeof id === "string" ? id : undefined;
}
