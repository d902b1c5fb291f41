import { selectRows, steps as stepList, type Column, type Table } from "../../cohort/index.js";
import { correlationMatrix, hierarchicalClustering } from "../../math/index.js";
import type { NetTrace } from "../../model/index.js";
import { significantText, type BarsData, type Figure, type FunnelData, type HeatmapData } from "../../report/index.js";
import { spreadOf } from "../estimates/intervals.js";
import type { Facts } from "../facts.js";
import { workingTable } from "../fit/blockTable.js";
import { computeBlocks } from "../fit/predictBlock.js";
import type { FittedBlock } from "../pipeline.js";
import { stabilityOf } from "../blockReports.js";
import { labelOf, slug, termLabel, trainingText } from "./setsOf.js";

const NAMES = 12;
const WIDEST = 400;

/** Blocks that choose among more than a handful of columns. */
const choosing = (facts: Facts) => facts.blocks.filter((b) => b.steps.some((s) => s.after.length < s.before.length) || b.selected.length < b.inputs.length);

/** How many features each step left, with names where they are few. */
export function funnelFigures(facts: Facts): Figure[] {
  return choosing(facts).filter((b) => b.inputs.length > NAMES).map((block): Figure => {
    const stages: FunnelData["stages"] = [{ label: "candidates", left: block.inputs.length }];
    for (const step of block.steps) if (step.after.length !== step.before.length) stages.push({ label: inWords(step.name), left: step.after.length, ...(step.after.length <= NAMES ? { names: step.after } : {}) });
    stages.push({ label: inWords(block.learner.name), left: block.selected.length, ...(block.selected.length <= NAMES ? { names: block.selected } : {}) });
    return {
      id: `funnel-${slug(block.name)}`, section: "features", title: `Features of ${block.name}, step by step`, chart: "funnel",
      caption: `Features left after each step in the fit on all ${block.trainedOn.patients} training patients. Within the resamples the same steps are fitted anew and may keep others.`, data: { stages },
    };
  });
}

/** What was kept: coefficients of each score in front, shares of the resamples in the appendix. */
export function selectionFigures(facts: Facts): Figure[] {
  const figures: Figure[] = [];
  const computed = computeBlocks(facts.blocks, selectRows(workingTable(facts.data.development), facts.training), { unseen: "missing" });
  for (const block of facts.blocks) {
    const { bars, numbers, categories } = coefficientBars(facts, block, computed.get(block.name)!.columns);
    const front = block.kind === "score" && !figures.some((f) => f.front);
    if (bars.length > 0) {
      figures.push({
        id: `coefficients-${slug(block.name)}`, section: "models", front, title: `What ${block.name} rests on`, chart: "bars",
        caption: `Coefficients of ${block.name} as fitted on all ${trainingText(facts)}${numbers ? `, per standard deviation among them${block.kind === "score" ? ", features as the steps before left them" : ""}` : ""}${categories ? "; of categories (and of what has two values) against their reference" : ""}; longest first.${numbers ? " The table has them per unit." : ""}${bars.some((b) => b.note !== undefined) ? " At the right: share of bootstrap samples whose fit kept the variable." : ""}`,
        data: { label: `${coefficientLabel(facts)}${numbers ? " per SD" : ""}${categories ? `${numbers ? "; categories" : ""} against ${numbers ? "their" : "the"} reference` : ""}`, bars, zero: true },
      });
    } else if (block.model === null) {
      figures.push({ id: `coefficients-${slug(block.name)}`, section: "models", front, title: `${block.name}: nothing was selected`, chart: "bars", caption: "No variable was kept: the block is the null model and predicts the same for everybody.", data: { label: "Coefficient", bars: [], zero: true } });
    }
    const stability = stabilityOf(facts, block.name);
    if (stability === undefined || stability.kept.length === 0 || block.inputs.length < 2) continue;
    const { fits, empty, kept } = stability;
    figures.push({
      id: `stability-${slug(block.name)}`, section: "stability", title: `How often ${block.name} keeps each variable`, chart: "bars",
      caption: `Share of ${fits} ${facts.bootstrap === undefined ? "fits of the cross-validation" : "bootstrap samples"} whose fit kept the variable${kept.length > 25 ? `; the 25 most frequent of ${kept.length}` : ""}.${empty === 0 ? "" : ` In ${empty} nothing was kept.`}`,
      data: { label: "Share of fits", domain: [0, 1], bars: kept.slice(0, 25).map(({ name, share }) => ({ name: labelOf(facts, name), value: share })) },
    });
  }
  return figures;
}

/** what a coefficient is on */
const coefficientLabel = (facts: Facts) => `Coefficient (log ${facts.plan.outcome.kind === "survival" ? "hazard" : "odds"} ratio)`;

/** Steps and learners of the pipeline as a reader calls them. */
const words: Record<string, string> = {
  iccFilter: "agreement of readers (ICC)", correlation: "correlation filter", univariable: "univariable filter", variance: "variance filter", clusterRepresentatives: "one of each cluster", vif: "variance inflation",
  mrmr: "mRMR", boruta: "Boruta", lasso: "LASSO", lassoCox: "LASSO Cox", elasticNet: "elastic net", elasticNetCox: "elastic net Cox", stability: "stability selection", stepwise: "stepwise selection", logistic: "logistic model", cox: "Cox model",
};
const inWords = (name: string) => words[name] ?? name;

/** Coefficients per standard deviation of the columns that the learner read, so that millimetres and years compare; categories as they are. */
function coefficientBars(facts: Facts, block: FittedBlock, columns: Readonly<Record<string, Column>>): { bars: BarsData["bars"]; numbers: boolean; categories: boolean } {
  const model = block.model as { coefficients?: number[]; selected?: string[]; model?: { names: string[]; coefficients?: number[]; coefficient?: number[] } } | null;
  if (model === null) return { bars: [], numbers: false, categories: false };
  const names = model.selected ?? model.model?.names ?? [];
  const values = model.coefficients ?? model.model?.coefficients ?? model.model?.coefficient ?? [];
  const resamples = facts.bootstrap?.resamples ?? [];
  const bars = names.map((name, k) => {
    const share = resamples.length === 0 ? undefined : resamples.filter((r) => r.kept[block.name]?.includes(name)).length / resamples.length;
    const sd = spreadOfNumber(columns[name]);
    return {
      name: sd === undefined ? termLabel(facts, name) : block.kind === "score" ? labelOf(facts, name) : perSd(facts, name, sd), value: (values[k] ?? NaN) * (sd ?? 1), category: sd === undefined,
      ...(share === undefined || block.kind === "model" ? {} : { note: `${Math.round(100 * share)} %` }),
    };
  }).filter((b) => b.name !== "(Intercept)").sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 30);
  return { bars: bars.map(({ name, value, ...bar }) => ({ name, value, ...("note" in bar ? { note: bar.note } : {}) })), numbers: bars.some((b) => !b.category), categories: bars.some((b) => b.category) };
}

/** Standard deviation of a number with more than two values; undefined for what is yes or no. */
function spreadOfNumber(column: Column | undefined): number | undefined {
  if (column?.kind !== "number") return undefined;
  const known = column.values.filter(Number.isFinite);
  return new Set(known).size > 2 ? spreadOf(Array.from(known)).sd : undefined;
}

/** "Age, per SD (9.8 years)"; the size of an SD where the learner read the column in its own unit. */
function perSd(facts: Facts, name: string, sd: number): string {
  const raw = facts.data.development.table.columns[name];
  const own = raw === undefined ? sd : raw.kind === "number" ? spreadOf(Array.from(facts.training, (r) => raw.values[r])).sd : NaN;
  const unit = facts.plan.variables[name]?.unit;
  // filled in values lower the spread a little, a scaling step changes it
  return `${labelOf(facts, name)}, per SD${Math.abs(own / sd - 1) < 0.2 ? `\u00a0(${significantText(sd, 2)}${unit === undefined ? "" : `\u00a0${unit}`})` : ""}`;
}

/** Agreement of features between readers where an ICC filter ran. */
export function iccFigures(facts: Facts): Figure[] {
  return facts.blocks.flatMap((block) => block.steps.filter((s) => s.name === "iccFilter").map((step): Figure => {
    const state = step.state as { form: string; subjects: number; iccs: { name: string; icc: number | null; lower: number | null; upper: number | null }[] };
    const threshold = Number(step.options["above"] ?? step.options["min"] ?? 0.75);
    return {
      id: `icc-${slug(block.name)}`, section: "features", title: "Agreement of readers", chart: "icc",
      caption: `Intraclass correlation ${state.form} of each feature with its 95 % interval, ${state.subjects} patients read twice; features below ${threshold} were left out.`,
      data: { form: state.form, threshold, readers: 1 + facts.data.development.readers.length, n: state.subjects, features: state.iccs.map((f) => ({ name: f.name, icc: f.icc ?? NaN, low: f.lower ?? NaN, high: f.upper ?? NaN })).sort((a, b) => b.icc - a.icc) },
    };
  }));
}

/** The table of the training rows as it stood before step `at` of a block. */
function tableBefore(facts: Facts, block: FittedBlock, at: number): Table {
  let table = selectRows(facts.data.development.table, facts.training);
  for (const step of block.steps.slice(0, at)) {
    const entry = stepList.find((s) => s.name === step.name);
    if (entry !== undefined && entry.trainingOnly !== true) table = entry.apply(step.state, table);
  }
  return table;
}

/** Correlations of the features that the last step before the learner left, reordered by Ward's clustering on 1 − |Spearman|. */
export function correlationFigure(facts: Facts): Figure[] {
  return choosing(facts).filter((b) => b.kind === "score").flatMap((block): Figure[] => {
    const at = Math.max(...block.steps.map((s, k) => (s.name === "correlation" || s.name === "clusterRepresentatives" ? k : -1)), -1);
    if (at < 0) return [];
    const table = tableBefore(facts, block, at);
    const names = block.steps[at].before.filter((name) => table.columns[name]?.kind === "number");
    if (names.length < 3 || names.length > WIDEST) return [];
    const columns = names.map((name) => (table.columns[name] as { values: Float64Array }).values);
    if (columns.some((c) => c.some((v) => Number.isNaN(v)))) return [];
    const r = correlationMatrix(columns, "spearman");
    const p = names.length;
    const distances = Float64Array.from({ length: p * p }, (_, k) => (k % p === Math.floor(k / p) ? 0 : Math.max(0, 1 - Math.abs(r[Math.max(Math.floor(k / p), k % p) * p + Math.min(Math.floor(k / p), k % p)]))));
    const tree = hierarchicalClustering(distances, p, "ward.D2");
    const leaves = tree.order;
    const values = leaves.map((i) => leaves.map((j) => Math.round(r[i * p + j] * 100) / 100));
    const data: HeatmapData = {
      names: leaves.map((i) => names[i]), values, label: "Spearman ρ", domain: [-1, 1],
      dendrogram: { merges: tree.merge.map(([left, right], k) => ({ left, right, height: tree.height[k] })), order: tree.order },
    };
    return [{ id: `correlation-${slug(block.name)}`, section: "features", title: `Correlation of the features of ${block.name}`, chart: "heatmap", caption: `Spearman correlation of the ${p} features before ${block.steps[at].name === "correlation" ? "the correlation step" : "clusters were formed"}, ${table.id.length} training patients, ordered by Ward's clustering of 1 − |ρ|.`, data }];
  });
}

/** Path and cross-validation curve of the LASSO, where the learner kept its trace. */
export function lassoFigures(facts: Facts): Figure[] {
  return facts.blocks.flatMap((block): Figure[] => {
    const trace = (block.model as { trace?: NetTrace } | null)?.trace;
    if (trace === undefined) return [];
    const chosen = [{ label: "λ min", lambda: trace.lambdaMin }, { label: "λ 1 SE", lambda: trace.lambda1se }];
    const { lambda, nonzero } = trace;
    return [
      { id: `lasso-path-${slug(block.name)}`, section: "models", title: `LASSO path of ${block.name}`, chart: "lassoPath", caption: `Coefficients along λ on the ${trainingText(facts)}; above: how many are not 0.`, data: { lambda, nonzero, coefficients: trace.coefficients, chosen } },
      { id: `lasso-cv-${slug(block.name)}`, section: "models", title: `Choice of λ for ${block.name}`, chart: "lassoCv", caption: `Mean ${trace.measure} over the inner folds ± 1 standard error; ${trainingText(facts)}.`, data: { lambda, nonzero, mean: trace.mean, se: trace.se, measure: trace.measure, chosen } },
    ];
  });
}
