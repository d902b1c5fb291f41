import { faultsText, type Estimate, type StudyResults } from "../src/report/index.js";

const shown = ["apparent", "optimism-corrected", "nested cross-validation", "leave-one-centre-out", "test", "external"] as const;

/** What a run says at its end: the figure of merit of each model by kind, with interval, n, events, empty selections; the verdict; findings. */
export function closingLines(results: StudyResults): string[] {
  const measure = results.outcome.kind === "survival" ? "C-index" : "AUC";
  const first = results.cohorts[0];
  const lines = [`${results.title}: ${first.n} patients, ${first.events} with ${results.outcome.event}`];
  const rows: string[][] = [];
  for (const model of results.models) {
    for (const kind of shown) {
      for (const { estimate } of results.performance.filter((p) => p.model === model && p.measure === measure && p.estimate.kind === kind)) {
        if (kind === "leave-one-centre-out" && estimate.set !== "mean over centres") continue;
        rows.push([model, kind === "external" || kind === "test" ? `${kind}, ${estimate.set}` : kind, `${measure} ${three(estimate.value)}${interval(estimate)}`, `n ${estimate.n}, ${estimate.events ?? "?"} events${empty(estimate)}`]);
      }
    }
  }
  const width = [0, 1, 2].map((c) => Math.max(...rows.map((r) => r[c].length)));
  lines.push(...rows.map((r) => `  ${r[0].padEnd(width[0])}  ${r[1].padEnd(width[1])}  ${r[2].padEnd(width[2])}  ${r[3]}`), results.verdict.sentence);
  const warnings = results.findings.filter((f) => f.severity !== "note").length, notes = results.findings.length - warnings;
  const count = (n: number, what: string) => (n === 0 ? [] : [`${n} ${what}${n === 1 ? "" : "s"}`]);
  const told = [[...count(warnings, "warning"), ...count(notes, "note")].join(" and "), ...(results.faults.length === 0 ? [] : [faultsText(results)])].filter((t) => t !== "");
  lines.push(told.length === 0 ? "No guard had anything to remark." : `${told.join(", ")}: see the report.`);
  return lines;
}

const three = (v: number) => (Number.isFinite(v) ? v.toFixed(3) : "–");
const interval = ({ low, high, level = 0.95 }: Estimate) => (low === undefined || high === undefined ? "" : ` (${Math.round(level * 100)} % CI ${three(low)} to ${three(high)})`);
const empty = ({ empty: none = 0, count, fits, kind }: Estimate) => {
  const of = kind === "optimism-corrected" ? count : kind === "leave-one-centre-out" ? fits : undefined;
  return none === 0 || kind === "apparent" ? "" : `, ${none} empty selection${none === 1 ? "" : "s"}${of === undefined ? "" : ` of ${of}`}`;
};
