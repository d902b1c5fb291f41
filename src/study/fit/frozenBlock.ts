import type { FittedBlock, FittedStep } from "../pipeline.js";

/** Whether some step makes a column's values out of other columns (imputation by neighbours or chained equations, ComBat), so that none can be left out. */
export function mixesColumns(block: FittedBlock): boolean {
  return block.steps.some((s) => (s.name === "impute" && !["median", "mode", "mean", undefined].includes(s.options["method"] as string | undefined)) || s.name === "combat");
}

/**
 * A fitted block as it is frozen: what scores new patients, the same predictions to the last bit. The path and cross-validation curve of an
 * elastic net go, and, unless a step mixes columns, every column that the block did not select: as an input, in the states of the steps and
 * among the ranges. What each step dropped and why stands in the results.
 */
export function frozenBlock(block: FittedBlock): FittedBlock {
  const model = withoutTrace(block.model);
  if (mixesColumns(block)) return { ...block, model };
  const keep = new Set([...block.selected, ...(block.blocks ?? [])]);
  const steps: FittedStep[] = [];
  for (const step of block.steps) {
    const state = step.state === null ? null : stateOf(step.state as Record<string, unknown>, keep);
    if (state === undefined) return { ...block, model };
    const { columns, ...options } = step.options;
    steps.push({
      name: step.name, options: Array.isArray(columns) ? { ...options, columns: columns.filter((c) => keep.has(c as string)) } : step.options, state,
      before: step.before.filter((c) => keep.has(c)), after: step.after.filter((c) => keep.has(c)),
    });
  }
  return {
    ...block, steps, model, inputs: block.inputs.filter((c) => keep.has(c)), ranges: only(block.ranges, keep),
    ...(block.via === undefined ? {} : { via: only(block.via, keep) }),
  };
}

function withoutTrace(model: unknown): unknown {
  if (model === null || typeof model !== "object" || !("trace" in model)) return model;
  const { trace: _, ...rest } = model;
  return rest;
}

function only<T>(by: Record<string, T>, keep: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(by).filter(([name]) => keep.has(name)));
}

/** A step's state for the columns kept; undefined where its shape is none of those known: filters, scales (lists side by side), fills, rows. */
function stateOf(state: Record<string, unknown>, keep: ReadonlySet<string>): Record<string, unknown> | undefined {
  const warnings = state["warnings"] ?? [];
  const { kept, dropped, names, fills, filled } = state as { kept?: string[]; dropped?: unknown[]; names?: string[]; fills?: { name: string }[]; filled?: Record<string, number> };
  if (kept !== undefined && dropped !== undefined) return { kept: kept.filter((c) => keep.has(c)), dropped: [], warnings };
  if (names !== undefined) {
    const at = names.flatMap((c, k) => (keep.has(c) ? [k] : []));
    const beside = Object.entries(state).filter(([key]) => key !== "warnings" && key !== "constant");
    if (!beside.every(([, v]) => Array.isArray(v) && v.length === names.length)) return undefined;
    const constant = state["constant"] as string[] | undefined;
    return { ...Object.fromEntries(beside.map(([key, v]) => [key, at.map((k) => (v as unknown[])[k])])), ...(constant && { constant: constant.filter((c) => keep.has(c)) }), warnings };
  }
  if (fills !== undefined && filled !== undefined) return { ...state, fills: fills.filter((f) => keep.has(f.name)), filled: only(filled, keep) };
  return Array.isArray(state["rows"]) ? state : undefined;
}
