import { selectOutcome } from "../cohort/index.js";
import { reverseKaplanMeier, wilson } from "../evaluate/index.js";
import type { CohortReport, StudyResults } from "../report/index.js";
import { baselineTables, eventsAmong, overlapMatrix, pairedTables } from "./baselineTables.js";
import { blockReports } from "./blockReports.js";
import type { Facts, SetFacts } from "./facts.js";
import { headline } from "./estimates/merit.js";
import { groupOf } from "./figures/riskGroupFigures.js";
import { frozenBlock } from "./fit/frozenBlock.js";
import { calibrationGuard } from "./guards/calibrationGuard.js";
import { methodsOf, parametersOf } from "./methodsOf.js";
import type { FittedBlock, FrozenPipeline } from "./pipeline.js";
import { sampleSizes } from "./estimates/sampleSizes.js";
import { verdictOf } from "./verdictOf.js";

/** Everything that results.json holds, from what a run found; figures are added by the caller. */
export function resultsOf(facts: Facts, program: string): StudyResults {
  const { plan } = facts;
  const { outcome } = plan;
  const labels = Object.fromEntries(Object.entries(plan.variables).filter(([, v]) => v.label !== undefined).map(([name, v]) => [name, { label: v.label!, ...(v.unit !== undefined && { unit: v.unit }) }]));
  const baseline = baselineTables(facts), paired = pairedTables(facts), riskGroups = riskGroupsOf(facts);
  return {
    format: "radscore results", formatVersion: 1, program, title: plan.title, question: plan.question, order: plan.order, seed: plan.seed,
    outcome: {
      kind: outcome.kind, name: outcome.name, event: outcome.eventName,
      ...(outcome.kind === "survival" && { unit: outcome.unit, times: plan.evaluation.times, ...(plan.evaluation.window && { window: plan.evaluation.window }) }),
    },
    models: plan.models.map((m) => m.name), final: plan.final, ...(plan.reference !== undefined && { reference: plan.reference }),
    verdict: verdictOf(facts), cohorts: cohortReports(facts), overlap: overlapMatrix(facts), baseline, ...(paired.length > 0 && { paired }),
    ...(Object.keys(labels).length > 0 && { labels }), ...(riskGroups && { riskGroups }), report: plan.report,
    blocks: blockReports(facts), performance: facts.performance, comparisons: facts.comparisons, sampleSize: sampleSizes(facts),
    findings: facts.findings, faults: facts.faults, openings: facts.openings, figures: [], tables: foldTables(facts), parameters: parametersOf(facts), methods: methodsOf(facts),
  };
}

/** A block with what the guards say of its risks, so that whoever has the model alone reads it too. */
function withCaveats(block: FittedBlock, { findings }: Facts): FittedBlock {
  const told = findings.filter((f) => f.guard === calibrationGuard.name && f.where === block.name).map((f) => `${f.message}${f.doInstead === undefined ? "" : ` ${f.doInstead}`}`);
  return told.length === 0 ? block : { ...block, warnings: [...block.warnings, ...told] };
}

/** model.json: what scores new patients. */
export function frozenPipeline(facts: Facts, program: string, planText: string): FrozenPipeline {
  const { plan, blocks } = facts;
  return {
    format: "radscore model", formatVersion: 1, program, title: plan.title, plan: planText,
    outcome: { kind: plan.outcome.kind, name: plan.outcome.name, event: plan.outcome.eventName, ...(plan.outcome.kind === "survival" && { unit: plan.outcome.unit }), times: plan.evaluation.times },
    variables: plan.variables, ...(plan.derive !== undefined && { derive: plan.derive }), blocks: blocks.map((b) => withCaveats(frozenBlock(b), facts)), models: plan.models.map((m) => m.name), final: plan.final,
  };
}

function cohortReports(facts: Facts): CohortReport[] {
  return facts.sets.filter((s) => s.kind !== "apparent" || s === facts.sets[0]).map((set, k): CohortReport => {
    const { cohort, rows } = set;
    const role = k === 0 ? "development" : cohort === facts.data.development ? "test" : "external";
    const centres = cohort.centre === undefined ? undefined : [...new Set(Array.from(rows, (r) => cohort.centre![r]))].sort().map((name) => {
      const own = Array.from(rows).filter((r) => cohort.centre![r] === name);
      return { name, n: own.length, events: eventsAmong(cohort, own) };
    });
    const followUp = followUpOf(set);
    return { name: set.name, role, n: rows.length, events: eventsAmong(cohort, rows), flow: role === "test" ? [] : [...cohort.flow, ...putAside(set)], ...(centres && { centres }), ...(followUp && { followUp }) };
  });
}

/** Patients of the cohort whom the plan's split put aside as a test set. */
function putAside({ cohort, rows }: SetFacts): CohortReport["flow"] {
  const before = cohort.flow.at(-1)?.n ?? rows.length;
  return before > rows.length ? [{ n: rows.length, events: eventsAmong(cohort, rows), removed: before - rows.length, reason: "put aside as the test set", kind: "split" }] : [];
}

/** Median follow-up by reverse Kaplan–Meier, with its quartiles. */
function followUpOf({ cohort, rows }: SetFacts): CohortReport["followUp"] {
  const outcome = selectOutcome(cohort.outcome, rows);
  if (outcome.kind !== "survival") return undefined;
  const { median, quartiles } = reverseKaplanMeier({ time: outcome.time, event: outcome.event });
  return { median: median.time, low: quartiles[0].time, high: quartiles[2].time, unit: outcome.unit };
}

function riskGroupsOf({ cut, sets, plan }: Facts): StudyResults["riskGroups"] {
  if (cut === undefined) return undefined;
  const names = cut.values.length === 1 ? ["low risk", "high risk"] : ["low risk", "middle risk", "high risk"];
  const [set] = sets;
  const outcome = selectOutcome(set.cohort.outcome, set.rows);
  const linear = set.predictions[cut.model].linear;
  const note = cut.correctedP !== undefined ? `Cut chosen on these patients: P ${shortP(cut.p ?? NaN)} as if given beforehand, ${shortP(cut.correctedP)} corrected (${cut.correction}).` : undefined;
  const observed = outcome.kind === "survival" ? undefined : names.map((_, g) => {
    const own = Array.from(linear.keys()).filter((k) => Number.isFinite(linear[k]) && groupOf(linear[k], cut.values) === g);
    const events = own.reduce((a, k) => a + outcome.event[k], 0);
    const { lower, upper } = own.length === 0 ? { lower: NaN, upper: NaN } : wilson(events, own.length, plan.evaluation.level);
    return { value: events / own.length, ...(own.length > 0 ? { low: lower, high: upper, level: plan.evaluation.level, intervalMethod: "Wilson" } : { note: "Nobody stands in this group." }), n: own.length, events, set: set.name, kind: set.kind, method: "share with the event in the group", seed: plan.seed };
  });
  return { model: cut.model, cuts: cut.values, names, method: cut.method, ...(note !== undefined && { note }), ...(observed && { observed }) };
}

const shortP = (p: number) => (p < 0.001 ? "< 0.001" : `${Number(p.toPrecision(2))}`);

/** Fold by fold, what each model reached and kept. */
function foldTables({ plan, crossValidation, data }: Facts): StudyResults["tables"] {
  if (crossValidation === undefined) return [];
  const measure = headline(data.development.outcome.kind);
  const models = plan.models.map((m) => m.name);
  return [{
    id: "cross-validation-folds", title: "Cross-validation, fold by fold",
    columns: ["repeat", "fold", "n", "events", ...models.map((m) => `${measure}, ${m}`), ...models.map((m) => `variables kept, ${m}`)],
    rows: crossValidation.results.map((f) => [f.repeat, f.fold, f.n, f.events,
      ...models.map((m) => { const v = f.merit[m]?.[measure]; return v === undefined || !Number.isFinite(v) ? null : v; }), ...models.map((m) => f.kept[m]?.length ?? null)]),
    note: "A model that kept nothing is the null model and counts.",
  }];
}
