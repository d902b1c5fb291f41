import type { Use } from "../plan.js";

/** Names that plans use → names of the step's or learner's own options. Both are understood. */
const shorter: Record<string, Record<string, string>> = {
  correlation: { max: "cutoff" },
  univariable: { p: "alpha", max: "alpha" },
  variance: { min: "above" },
  icc: { min: "above" }, iccFilter: { min: "above" },
  lasso: { lambda: "at" }, stabilitySelection: { select: "count" },
};

/** A step's options by the step's own names. */
export function stepOptions({ name, options }: Use): Record<string, unknown> {
  return renamed(options, shorter[name] ?? {});
}

/** A learner's options; a `lambda` of "min", "1se" or one number says where the path is read (`at`), an array is the path itself. */
export function learnerOptions({ options }: Use): Record<string, unknown> {
  return Array.isArray(options["lambda"]) ? { ...options } : renamed(options, { lambda: "at" });
}

/** A step's or learner's own options by the names that plans use. */
export function planOptions(name: string, options: Record<string, unknown>): Record<string, unknown> {
  const own: Record<string, string> = { at: "lambda", penalties: "penaltyFactor", standardise: "standardize" };
  if (name === "impute" && options["method"] === "mice") own["neighbours"] = "donors";
  if (name === "vif") own["limit"] = "max";
  if (name === "boruta") own["alpha"] = "p";
  for (const [short, long] of Object.entries(shorter[name] ?? {}).reverse()) own[long] = short;
  return renamed(options, own);
}

function renamed(options: Record<string, unknown>, names: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [names[key] ?? key, value]));
}
