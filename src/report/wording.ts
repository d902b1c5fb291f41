import { countText, fixedText, levelText } from "./numberText.js";
import { escapeHtml } from "./html.js";
import type { Estimate, Kind, Performance, StudyResults } from "./results.js";

// The words of the report: what the kinds of validation are called, in which order they stand, and what is said of a number.

/** Best evidence first; what was fitted or chosen on the patients comes last. */
export const kinds: readonly { kind: Kind; name: string; short: string; meaning: string; honest: boolean }[] = [
  { kind: "external", name: "External", short: "external", meaning: "the frozen pipeline scored patients of another source", honest: true },
  { kind: "test", name: "Test set", short: "test", meaning: "the frozen pipeline scored patients set aside beforehand", honest: true },
  { kind: "nested cross-validation", name: "Nested cross-validation", short: "nested CV", meaning: "every step refitted without the patients scored", honest: true },
  { kind: "leave-one-centre-out", name: "Leave one centre out", short: "centre left out", meaning: "every step refitted without the centre scored", honest: true },
  { kind: "optimism-corrected", name: "Optimism-corrected", short: "optimism-corrected", meaning: "apparent figure less the mean optimism of bootstrap samples, every step refitted in each", honest: true },
  { kind: "632+", name: ".632+ bootstrap", short: ".632+", meaning: "bootstrap samples scored on the patients they left out, every step refitted, weighed with the apparent figure", honest: true },
  { kind: "tuning", name: "Tuning set", short: "tuning", meaning: "something was chosen by these patients: not validation", honest: false },
  { kind: "apparent", name: "Apparent", short: "apparent", meaning: "the same patients as the fit: not validation", honest: false },
];

export function kindOf(kind: Kind): (typeof kinds)[number] {
  return kinds.find((k) => k.kind === kind)!;
}

/** n, events, unit, set, kind, method, interval, resamples of a number: its tooltip. */
export function estimateTitle(e: Estimate): string {
  const parts = [`${e.set}: ${e.n} patients${e.events === undefined ? "" : `, ${e.events} events`}`, kindOf(e.kind).short, e.method];
  if (e.unit !== undefined) parts.push(`unit ${e.unit}`);
  parts.push(e.low === undefined ? "no interval" : `${levelText(e.level)} by ${e.intervalMethod ?? "a method not named"}`);
  if (e.sd !== undefined) parts.push(`SD over resamples ${fixedText(e.sd, 3)}${e.min !== undefined && e.max !== undefined ? ` (range ${fixedText(e.min, 3)} to ${fixedText(e.max, 3)})` : ""}; a spread, no interval`);
  if (e.count !== undefined) parts.push(`${e.count} ${e.kind === "leave-one-centre-out" ? "centres" : /cross-validation/.test(e.kind) || (e.fits !== undefined && e.fits !== e.count) ? "repeats" : "fits"} counted`);
  if (e.empty !== undefined && e.empty > 0) parts.push(`${emptyText(e)} fits with an empty selection`);
  if (e.seed !== undefined) parts.push(`seed ${e.seed}`);
  if (e.note !== undefined) parts.push(e.note);
  return parts.join("; ");
}

/** Empty selections of how many fits: "31/100". */
export function emptyText(e: Estimate): string {
  const all = e.fits ?? (e.empty !== undefined && e.count !== undefined && e.empty <= e.count && !/cross-validation/.test(e.kind) ? e.count : undefined);
  return e.empty === undefined ? "" : `${e.empty}${all === undefined ? "" : `/${all}`}`;
}

/** "161 patients, 43 events". */
export function patientsText(n: number, events?: number): string {
  return `${countText(n)} patients${events === undefined ? "" : `, ${countText(events)} events`}`;
}

/** The measure of the first screen: that of the verdict, else the first of C-index and AUC that there is. */
export function headlineMeasure(results: StudyResults): string {
  const measures = results.performance.map((p) => p.measure);
  const wanted = [results.verdict.comparison?.measure, results.outcome.kind === "survival" ? "C-index" : "AUC", "C-index", "AUC"];
  return wanted.find((m) => m !== undefined && measures.includes(m)) ?? measures[0] ?? "C-index";
}

/** Sets and kinds that a measure was judged on, best evidence first, the order of sets kept. */
export function meritColumns(performance: readonly Performance[]): { kind: Kind; set: string }[] {
  const columns: { kind: Kind; set: string }[] = [];
  for (const { estimate: { kind, set } } of performance) if (!columns.some((c) => c.kind === kind && c.set === set)) columns.push({ kind, set });
  const rank = (kind: Kind) => kinds.findIndex((k) => k.kind === kind);
  return columns.sort((a, b) => rank(a.kind) - rank(b.kind));
}

/** "5 faults of the published order, in 26 figures": kinds of fault, and the figures that they made. */
export function faultsText({ faults, order }: StudyResults): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  return `${count(new Set(faults.map((f) => f.fault)).size, "fault")} ${order === "as-published" ? "of the published order" : "found"}, in ${count(faults.length, "figure")}`;
}

/** What hazard or odds ratios are called in this study. */
export function ratioName(results: StudyResults): { short: string; long: string } {
  return results.outcome.kind === "survival" ? { short: "HR", long: "hazard ratio" } : { short: "OR", long: "odds ratio" };
}

/** A column's label (its name where the plan gives none), and its unit. */
export function labelOf(results: Pick<StudyResults, "labels">, name: string): { label: string; unit?: string } {
  return results.labels?.[name] ?? { label: name };
}

/** A term of a design ("HR Pospositive") in words: "Hormone receptor: positive", "Age, per year". Plain text. */
export function termText(results: Pick<StudyResults, "labels"> & Partial<Pick<StudyResults, "blocks">>, term: string, level?: string): string {
  const known = new Set([...Object.keys(results.labels ?? {}), ...(results.blocks ?? []).flatMap((b) => b.selected)]);
  // a term that is a variable itself ("f12") is no level of a shorter one ("f1")
  const name = known.has(term) ? term : [...known].filter((n) => term.startsWith(n)).sort((a, b) => b.length - a.length)[0];
  if (name === undefined) return level === undefined ? term : `${term}: ${level}`;
  const { label, unit } = labelOf(results, name);
  const rest = level ?? term.slice(name.length);
  if (rest !== "") return `${label}: ${rest}`;
  return unit === undefined ? label : `${label}, per ${unit.replace(/^(year|month|week|day|hour|point)s$/, "$1")}`;
}

/** A model's title: "Combined model"; one whose title is its name gets the word model. */
export function blockTitle(results: StudyResults, name: string): string {
  const block = results.blocks.find((b) => b.name === name);
  if (block === undefined || block.kind === "score" || block.title !== name) return block?.title ?? name;
  const first = /^[a-z]+( |$)/.test(name) ? name[0].toUpperCase() + name.slice(1) : name;
  return /model/i.test(name) ? first : `${first} model`;
}

/** "recurrence-free survival, months". */
export function outcomeText({ outcome }: StudyResults): string {
  return escapeHtml(outcome.unit === undefined ? outcome.name : `${outcome.name}, ${outcome.unit}`);
}
