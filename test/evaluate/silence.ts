// Judges a result of bad data: NaN in it is silent unless a warning or its own meaning explains it.
import { InputError } from "../../src/math/index.js";

/** NaN that says something by itself, as the doc comments tell: a time not reached, no interval where the curve is 0 or 1, nothing asked for. */
const meaningful: Record<string, RegExp> = {
  kaplanMeier: /standardErrorOfLog|lower|upper/, medianSurvival: /time|lower|upper/, reverseKaplanMeier: /median|quartiles|curve\.(standardErrorOfLog|lower|upper)/,
  brierSurvival: /ntegratedTrapezoid/, xTile: /validationP/, bestCut: /ppv|npv/, crossValidate: /pooled\.\w+\.sd/, calibrationCurve: /points\.\d+\.(lower|upper)/,
};

/** Paths of NaN in a result, warnings anywhere in it, and whether it is one that can warn. */
export function look(value: unknown, path = ""): { nan: string[]; warned: boolean } {
  if (typeof value === "number") return { nan: Number.isNaN(value) ? [path] : [], warned: false };
  if (value === null || typeof value !== "object") return { nan: [], warned: false };
  if (ArrayBuffer.isView(value)) return { nan: Array.from(value as unknown as Float64Array).some(Number.isNaN) ? [path] : [], warned: false };
  const found = Object.entries(value).map(([key, inner]) => (key === "warnings" ? { nan: [], warned: (inner as string[]).length > 0 } : look(inner, `${path}.${key}`)));
  return { nan: found.flatMap((f) => f.nan), warned: found.some((f) => f.warned) };
}

/** NaN in a result of this measure that neither a warning nor its own meaning explains. */
export function silent(measure: string, result: unknown): string[] {
  const { nan, warned } = look(result);
  return warned ? [] : nan.filter((path) => !meaningful[measure]?.test(path));
}

/** An InputError's message, or the result. */
export function outcomeOf(run: () => unknown): { error?: string; result?: unknown } {
  try {
    return { result: run() };
  } catch (error) {
    if (error instanceof InputError) return { error: error.message };
    throw error;
  }
}
