import { escapeHtml } from "./html.js";
import type { Finding, StudyResults } from "./results.js";

/** A finding with its number in results.findings, which its id on the page is made of. */
export type NumberedFinding = Finding & { index: number };
/** Which findings stand beside which part of the page. */
export type Margin = ReadonlyMap<string, NumberedFinding[]>;

/** Parts of the page beside which findings can stand, in the order in which a `where` is looked up. */
export const sections = ["patients", "features", "models", "performance", "calibration", "use", "survival", "stability"] as const;

const aliases: Record<string, string> = {
  outcome: "patients", flow: "patients", cohort: "patients", cohorts: "patients", data: "patients", table: "baseline", "table 1": "baseline", "sample-size": "sample size", samplesize: "sample size", openings: "sealed sets",
  sealed: "sealed sets", plan: "remarks", events: "performance", comparison: "comparisons", delong: "comparisons", cutpoint: "survival", cut: "survival", "risk groups": "survival", "decision curve": "use", nomogram: "use", pipeline: "models",
};

/**
 * Each finding beside the part of the page it concerns: figure by id, block, cohort (patients), variable of Table 1, section; what
 * names none of these stands beside the list of all remarks, with its `where` in front. Stops first, then warnings, then notes.
 */
export function placeFindings(results: StudyResults): Margin {
  const placed = new Map<string, NumberedFinding[]>();
  const order = { stop: 0, warning: 1, note: 2 };
  const all = results.findings.map((f, index) => ({ ...f, index })).sort((a, b) => order[a.severity] - order[b.severity] || a.index - b.index);
  const described = new Set(results.baseline.flatMap((b) => b.description.variables.map((v) => v.name)));
  for (const finding of all) {
    const key = placeOf(results, finding.where, described);
    placed.set(key, [...(placed.get(key) ?? []), finding]);
  }
  return placed;
}

function placeOf(results: StudyResults, where: string, described: Set<string>): string {
  const word = where.trim().replace(/^(?:model|score|block|figure|section|cohort|column|variable|set)[: ]+/i, "");
  if (results.figures.some((f) => f.id === word)) return `figure ${word}`;
  if (results.blocks.some((b) => b.name === word)) return `block ${word}`;
  const chart = results.figures.find((f) => f.chart.toLowerCase() === word.toLowerCase());
  if (chart !== undefined) return `figure ${chart.id}`;
  if (results.cohorts.some((c) => c.name === word || c.centres?.some((centre) => centre.name === word))) return "patients";
  const lower = word.toLowerCase();
  const named = aliases[lower] ?? lower;
  if ((sections as readonly string[]).includes(named) || ["baseline", "sample size", "comparisons", "overlap", "sealed sets", "parameters"].includes(named)) return named;
  if (described.has(word)) return "baseline";
  if (results.blocks.some((b) => b.inputs.includes(word) || b.selected.includes(word))) return "features";
  if (results.performance.some((p) => p.measure === word)) return "performance";
  return "remarks";
}

export const severityText = { stop: "Stop", warning: "Warning", note: "Note" } as const;

/** One finding as it stands in the margin. */
export function findingHtml(f: NumberedFinding, inList = false): string {
  return `<div class="finding ${f.severity}"${inList ? ` id="finding-${f.index + 1}"` : ""}><b>${severityText[f.severity]}${inList ? `: ${escapeHtml(f.where)}` : ""}</b> <span class="guard">${escapeHtml(f.guard)}</span> ${escapeHtml(f.message)}${f.doInstead === undefined ? "" : ` <i>Instead: ${escapeHtml(f.doInstead)}</i>`}</div>`;
}

/** What stands in the margin beside a part: its findings, and remarks of its own (plain text). */
export function marginHtml(margin: Margin, keys: readonly string[], remarks: readonly string[] = []): string {
  const findings = keys.flatMap((key) => margin.get(key) ?? []);
  return findings.map((f) => findingHtml(f)).join("") + remarks.map((r) => `<div class="finding remark">${escapeHtml(r)}</div>`).join("");
}

/** A part of the page: its text, and what stands beside it. */
export function band(body: string, margin = "", kind = ""): string {
  return `<div class="band${kind === "" ? "" : ` ${kind}`}"><div class="body">${body}</div>${margin === "" ? "" : `<aside class="margin">${margin}</aside>`}</div>`;
}
