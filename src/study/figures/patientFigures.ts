import { selectRows, steps as stepList, type Table } from "../../cohort/index.js";
import type { Figure } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { counts, plainSet, scoredSets } from "./setsOf.js";

/** Who came in, who left and why, and which sets the rest became. */
export function flowFigure(facts: Facts): Figure[] {
  const { development, external } = facts.data;
  const eventName = facts.plan.outcome.eventName;
  // a step by which nobody left has no box of its own; what it remarks stands in the box before it
  const boxes = (flow: typeof development.flow) => {
    const made: { label: string; n: number; events?: number; out?: { reason: string; n: number }[]; notes: string[] }[] = [];
    for (const [k, step] of flow.entries()) {
      if (k === 0 || (step.removed ?? 0) > 0) {
        if (k > 0) made.at(-1)!.out = [{ reason: step.reason ?? "left out", n: step.removed! }];
        made.push({ label: k === 0 ? "Patients assessed" : "Remaining", n: step.n, notes: [] });
      } else if (step.removed === undefined && step.reason !== undefined) made.at(-1)!.notes.push(step.reason);
      if (step.events !== undefined) made.at(-1)!.events = step.events;
    }
    if (made.length > 1) made.at(-1)!.label = "Analysed";
    return made.map(({ notes, label, ...box }) => ({ label: [label, ...notes].join("; "), ...box }));
  };
  const ends = scoredSets(facts).map((s) => ({ label: `${s.kind === "apparent" ? `Development: ${s.set}` : `${plainSet(s.set)} (${s.kind})`}${s.unscored > 0 ? `; ${s.unscored} more lack a value that a model needs` : ""}`, n: s.n, events: s.events, ...(s.kind === "external" && { apart: true }) }));
  const all = counts(development.outcome);
  const figure: Figure = {
    id: "flow", section: "patients", front: true, title: "Patients", chart: "flow",
    caption: `Flow of patients of ${development.name}: ${all.n} analysed, ${all.events} with ${eventName}.`,
    data: { steps: boxes(development.flow), ends, eventName },
  };
  return [figure, ...external.map((cohort): Figure => ({
    id: `flow-${cohort.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`, section: "patients", title: `Patients of ${cohort.name}`, chart: "flow",
    caption: `Flow of patients of the external cohort ${cohort.name}.`,
    data: { steps: boxes(cohort.flow), ends: [{ label: cohort.name, ...counts(cohort.outcome) }], eventName },
  }))];
}

/** First two principal components of standardised features before and after ComBat, by centre. */
export function harmonisationFigures(facts: Facts): Figure[] {
  const { development } = facts.data;
  if (development.centre === undefined) return [];
  const centre = Array.from(facts.training, (r) => development.centre![r]);
  const figures: Figure[] = [];
  for (const block of facts.blocks) {
    const at = block.steps.findIndex((s) => s.name === "combat");
    if (at < 0) continue;
    const combat = stepList.find((s) => s.name === "combat")!;
    const batch = (block.steps[at].options["batch"] as string | undefined) ?? ".centre";
    let table = withCentre(selectRows(development.table, facts.training), batch, centre);
    for (const step of block.steps.slice(0, at)) table = stepList.find((s) => s.name === step.name)?.apply(step.state, table) ?? table;
    const columns = block.steps[at].before.filter((c) => c !== batch && table.columns[c]?.kind === "number");
    const after = combat.apply(block.steps[at].state, table);
    const panels = [{ title: "Before ComBat", of: table }, { title: "After ComBat", of: after }].map(({ title, of }) => ({ title, ...components(of, columns, centre) }));
    figures.push({
      id: `harmonisation-${block.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`, section: "features", title: `Features of ${block.name} by centre`, chart: "pca",
      caption: `First two principal components of ${columns.length} standardised features of ${centre.length} training patients, before and after ComBat. ComBat was fitted on training patients alone.`,
      data: { panels },
    });
  }
  return figures;
}

function withCentre(table: Table, name: string, centre: readonly string[]): Table {
  if (Object.hasOwn(table.columns, name)) return table;
  const levels = [...new Set(centre)].sort();
  return { ...table, columns: { ...table.columns, [name]: { kind: "category", codes: Int32Array.from(centre, (c) => levels.indexOf(c)), levels, ordered: false } } };
}

/**
 * Scores of the patients on the first two principal components of the standardised columns, by orthogonal iteration u ← X Xᵀ u from a fixed
 * start (Golub & Van Loan, 8.2.4; 200 rounds at most): two components do not need the whole spectrum.
 */
function components(table: Table, columns: readonly string[], group: readonly string[]): { points: { x: number; y: number; group: string }[]; explained: [number, number] } {
  const n = group.length;
  const x = columns.flatMap((name) => {
    const column = table.columns[name];
    return column?.kind === "number" ? standardised(column.values) : [];
  });
  let u = [0, 1].map((k) => unit(Float64Array.from({ length: n }, (_, i) => ((i * (k + 3) + 1) % 7) - 3)));
  let root: [number, number] = [0, 0];
  for (let round = 0; round < 200; round++) {
    const next = u.map((v) => crossed(x, v));
    const along = dot(next[0], next[1]) / dot(next[0], next[0]);
    for (let i = 0; i < n; i++) next[1][i] -= along * next[0][i];
    const size: [number, number] = [Math.sqrt(dot(next[0], next[0])), Math.sqrt(dot(next[1], next[1]))];
    const still = Math.abs(size[0] - root[0]) + Math.abs(size[1] - root[1]) < 1e-10 * size[0];
    root = size;
    u = next.map(unit);
    if (still) break;
  }
  const total = x.length * (n - 1);
  return { points: group.map((g, i) => ({ x: u[0][i] * Math.sqrt(root[0]), y: u[1][i] * Math.sqrt(root[1]), group: g })), explained: [root[0] / total, root[1] / total] };
}

function standardised(values: Float64Array): Float64Array[] {
  const n = values.length;
  let mean = 0, square = 0;
  for (const v of values) mean += v / n;
  for (const v of values) square += (v - mean) * (v - mean);
  const sd = Math.sqrt(square / (n - 1));
  return Number.isFinite(sd) && sd > 0 ? [values.map((v) => (v - mean) / sd)] : [];
}

/** X Xᵀ v, X by columns. */
function crossed(x: readonly Float64Array[], v: Float64Array): Float64Array {
  const out = new Float64Array(v.length);
  for (const column of x) {
    const along = dot(column, v);
    for (let i = 0; i < v.length; i++) out[i] += along * column[i];
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function unit(v: Float64Array): Float64Array {
  const size = Math.sqrt(dot(v, v));
  return size > 0 ? v.map((a) => a / size) : v;
}
