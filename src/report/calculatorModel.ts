import type { SurvivalData } from "./chartData.js";
import type { RiskGroups, StudyResults } from "./results.js";
import { labelOf } from "./wording.js";

/** What the calculator needs of a frozen pipeline (`FrozenPipeline` of the study fits it). */
export type CalculatorModel = {
  format: string; formatVersion: number; program: string; title: string; plan?: string;
  outcome: { kind: "binary" | "survival"; name: string; event: string; unit?: string; times: number[] };
  variables: Record<string, unknown>; models: string[]; final: string;
  blocks: CalculatorBlock[];
};
export type CalculatorBlock = {
  name: string; kind: "score" | "model"; inputs: string[]; blocks?: string[]; via?: Record<string, string>; /** columns that a step reads beside the inputs, such as ComBat's centre */ aside?: string[]; selected: string[]; model: unknown;
  steps: { name: string; options: Record<string, unknown>; state: unknown; before: string[]; after: string[] }[];
  baseline?: { time: number[]; hazard: number[] };
  ranges: Record<string, { low: number; high: number; unit?: string } | { levels: string[] }>;
  trainedOn: { rows: number[]; patients: number };
};

/** A field of the form: a clinical variable, or a score that is typed as a number. */
export type CalculatorField = { name: string; label: string; unit?: string } & ({ kind: "number" | "score"; low: number; high: number } | { kind: "category"; levels: string[] });
/** Survival of a risk group on a fixed grid of times; null where fewer than `least` were at risk. */
export type CoarseCurves = { unit: string; label: string; kind: string; ticks: number[]; least: number; groups: { name: string; n: number; events: number; survival: (number | null)[] }[] };

/** Blocks that the final model rests on, in the order in which they are computed. */
export function finalChain(model: CalculatorModel): CalculatorBlock[] {
  const wanted = new Set<string>();
  const visit = (name: string) => {
    const block = model.blocks.find((b) => b.name === name);
    if (block === undefined || wanted.has(name)) return;
    wanted.add(name);
    for (const up of [...(block.blocks ?? []), ...Object.values(block.via ?? {})]) visit(up);
  };
  visit(model.final);
  return model.blocks.filter((b) => wanted.has(b.name));
}

/** Columns of the feature row that the scores are computed from: those kept, all where a step reads the others too, and the centre of ComBat. */
export function rowColumns(model: CalculatorModel): string[] {
  const raw = model.blocks.filter((b) => b.kind === "score").flatMap((b) => {
    const mixes = b.steps.some((s) => s.name === "combat" || (s.name === "impute" && !["median", "mode", "mean", undefined].includes(s.options["method"] as string | undefined)));
    return [...(mixes ? b.inputs : b.selected), ...(b.aside ?? [])];
  });
  return [...new Set(raw)].filter((name) => !model.blocks.some((b) => b.name === name));
}

/**
 * The pipeline without what a calculator must not carry: rows and patients of the fit, rows left out with their names, the plan's text,
 * paths of cross-validation, event times (baseline hazards stay at the outcome's times alone), and blocks and variables that the final
 * model does not rest on.
 */
export function calculatorModel(model: CalculatorModel): CalculatorModel {
  const { plan: _, ...rest } = model;
  const chain = finalChain(model);
  const named = new Set(chain.flatMap((b) => [...b.inputs, ...Object.keys(b.ranges)]));
  return {
    ...rest, plan: "", models: [model.final], variables: Object.fromEntries(Object.entries(model.variables).filter(([name]) => named.has(name))),
    blocks: chain.map((block) => {
      const { baseline, ...own } = block;
      return { ...own, ...(baseline === undefined ? {} : { baseline: atTimes(baseline, model.outcome.times) }), steps: block.steps.map((s) => ({ ...s, state: stripped(s.state, model.outcome.times) })), trainedOn: { rows: [], patients: block.trainedOn.patients }, model: stripped(block.model, model.outcome.times) };
    }),
  };
}

/** A cumulative hazard known at the times asked for and nowhere between; beyond follow-up it ends. */
function atTimes(baseline: { time: number[]; hazard: number[] }, times: readonly number[]): { time: number[]; hazard: number[] } {
  const last = baseline.time[baseline.time.length - 1] ?? 0;
  const own = [...times].filter((t) => t <= last).sort((a, b) => a - b);
  return { time: own, hazard: own.map((t) => baseline.hazard[baseline.time.filter((u) => u <= t).length - 1] ?? 0) };
}

/** A step's state or a model without rows of patients. */
function stripped(value: unknown, times: readonly number[]): unknown {
  if (Array.isArray(value)) return value.map((v) => stripped(v, times));
  if (value === null || typeof value !== "object") return value;
  const rest: Record<string, unknown> = {};
  for (const [key, v] of Object.entries(value)) {
    if (key === "leftOut") rest[key] = [];
    else if (key === "trace") continue;
    else if (key === "baseline" && Array.isArray(v)) rest[key] = v.map((b) => coarseBaseline(b, times));
    else rest[key] = stripped(v, times);
  }
  return rest;
}

type Baseline = { stratum: string; time: number[]; hazard: number[]; last: number; variance?: number[]; drift?: number[][] };
function coarseBaseline(b: Baseline, times: readonly number[]): Baseline {
  const own = [...times].filter((t) => t <= b.last).sort((x, y) => x - y);
  const at = own.map((t) => b.time.filter((u) => u <= t).length - 1);
  const pick = (values: number[]) => at.map((k) => values[k] ?? 0);
  return { stratum: b.stratum, time: own, hazard: pick(b.hazard), last: own[own.length - 1] ?? 0, ...(b.variance === undefined ? {} : { variance: pick(b.variance) }), ...(b.drift === undefined ? {} : { drift: b.drift.map(pick) }) };
}

/** Fields of the form: raw columns that the models of the chain kept, with unit, range or levels; then the scores they read. */
export function calculatorFields(model: CalculatorModel, results: Pick<StudyResults, "labels" | "blocks">): CalculatorField[] {
  const chain = finalChain(model);
  const isBlock = new Set(model.blocks.map((b) => b.name));
  const fields = new Map<string, CalculatorField>();
  const scores = new Map<string, CalculatorField>();
  for (const block of chain.filter((b) => b.kind === "model")) {
    for (const name of block.selected) {
      const range = block.ranges[name] ?? chain.map((b) => b.ranges[name]).find((r) => r !== undefined);
      if (range === undefined || fields.has(name) || scores.has(name)) continue;
      const { label, unit } = labelOf(results, name);
      if (isBlock.has(name)) {
        if ("low" in range && model.blocks.find((b) => b.name === name)!.kind === "score") scores.set(name, { name, label: results.blocks.find((b) => b.name === name)?.title ?? name, kind: "score", low: range.low, high: range.high });
      } else if ("levels" in range) fields.set(name, { name, label, kind: "category", levels: range.levels });
      else {
        const own = unit ?? range.unit;
        fields.set(name, { name, label, ...(own === undefined ? {} : { unit: own }), kind: "number", low: range.low, high: range.high });
      }
    }
  }
  return [...fields.values(), ...scores.values()];
}

/**
 * Kaplan–Meier curves of the risk groups read at the ticks of their figure alone, blank where fewer than `least` were at risk, so that
 * no patient's time of event or censoring can be read.
 */
export function coarseCurves(data: SurvivalData, least = 5): CoarseCurves {
  return {
    unit: data.unit, label: data.yLabel, kind: data.kind, ticks: data.ticks, least,
    groups: data.groups.map((g) => ({
      name: g.name, n: g.n, events: g.events,
      survival: data.ticks.map((t, k) => {
        if (!((g.atRisk[k] ?? 0) >= least)) return null;
        const steps = g.time.filter((u) => u <= t).length;
        return steps === 0 ? 1 : Math.round(g.survival[steps - 1] * 100) / 100;
      }),
    })),
  };
}

/** The survival figure of the risk groups: the one they name, else the first whose curves bear their names. */
export function groupFigure(results: StudyResults, groups: RiskGroups): SurvivalData | undefined {
  const own = results.figures.filter((f) => f.chart === "survival");
  const plain = (s: string) => s.toLowerCase().replace(/[^a-z]+/g, " ").replace(/\brisk\b/, "").trim();
  const same = (d: SurvivalData) => d.groups.length === groups.names.length && groups.names.every((name) => d.groups.some((g) => plain(g.name) === plain(name)));
  return (own.find((f) => f.id === groups.figure) ?? own.find((f) => same(f.data)))?.data;
}
