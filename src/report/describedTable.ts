import type { NumberSummary } from "../cohort/index.js";
import { escapeHtml } from "./html.js";
import { fixedText, NOT_COMPUTED, percentDecimals, pText, spreadDecimals } from "./numberText.js";
import type { StudyResults } from "./results.js";
import { tableHtml, type HtmlCell, type HtmlRow } from "./tableHtml.js";
import { labelOf } from "./wording.js";

/** How many decimals a measured variable gets: by the spread of all its patients. */
export function decimalsOf(summary: "mean" | "median", all: NumberSummary): number {
  return spreadDecimals(summary === "mean" ? all.sd : all.iqr / 1.349 || all.sd);
}

/** "48.2 (9.1)" or "60 (44–78)"; dates as days. */
export function summaryText(summary: "mean" | "median", s: NumberSummary, decimals: number, kind: "number" | "date" = "number"): string {
  if (s.n === 0) return NOT_COMPUTED;
  const text = (x: number) => (kind === "date" ? dateText(x) : fixedText(x, decimals));
  if (summary === "mean") return `${text(s.mean)} (${fixedText(s.sd, decimals)})`;
  const [low, high] = [text(s.q1), text(s.q3)];
  return `${text(s.median)} (${low}${low.startsWith("−") || kind === "date" ? " to " : "–"}${high})`;
}

/** "45 (28.0)": the percentage's decimals by the number of patients described. */
export function countPercent(count: number, percent: number, decimals: number): string {
  return `${count} (${Number.isFinite(percent) ? fixedText(percent, decimals).padStart(decimals === 0 ? 2 : 3 + decimals, "\u2007") : NOT_COMPUTED})`;
}

/** Days since 1970 as 2019-03-07. */
export function dateText(days: number): string {
  return Number.isFinite(days) ? new Date(Math.round(days) * 86400000).toISOString().slice(0, 10) : NOT_COMPUTED;
}

/**
 * Table 1: variables by group with the test named in a footnote letter, the largest standardised difference, missing counts as
 * rows of their own; percentages of the column's known patients, or of the row's.
 */
export function describedTable(results: StudyResults, { title, description: d, percent = "column" }: StudyResults["baseline"][number], number: number, id: string): string {
  const compared = d.groups.length > 1;
  const decimals = percentDecimals(d.n);
  const tests = [...new Set(d.variables.flatMap((v) => (v.test === undefined ? [] : [v.test.name])))];
  const letter = (name: string) => String.fromCharCode(97 + tests.indexOf(name as (typeof tests)[number]));
  const rows = d.variables.flatMap((v): HtmlRow[] => {
    const { label, unit } = labelOf(results, v.name);
    const shownUnit = unit ?? (v.kind === "category" ? undefined : v.kind === "number" ? v.unit : undefined);
    const what = v.kind === "category" ? "n (%)" : v.summary === "mean" ? "mean (SD)" : "median (quartiles)";
    const title = v.test === undefined ? v.notes.join(" ") : `${v.test.name}: ${v.test.why}; statistic ${fixedText(v.test.statistic, 3)}`;
    const differences = v.differences?.pairs.map((p) => `${p.first} against ${p.second}: ${fixedText(p.value, 2)}`).join("; ") ?? "";
    const end: HtmlCell[] = !compared ? [] : [
      v.test === undefined ? { text: NOT_COMPUTED, title } : { html: `${escapeHtml(pText(v.test.p))}<sup>${letter(v.test.name)}</sup>`, title },
      { text: v.differences === undefined ? "" : fixedText(v.differences.largest, 2), title: differences },
    ];
    const blank: HtmlCell[] = end.map(() => "");
    const name = `<span class="variable">${escapeHtml(label)}${shownUnit === undefined ? "" : `, ${escapeHtml(shownUnit)}`}</span> <small>${what}</small>`;
    const missing: HtmlRow[] = v.overall.missing === 0 ? [] : [{ kind: "missing", cells: [{ html: '<span class="level">missing, n</span>' }, String(v.overall.missing), ...(compared ? v.groups.map((g) => String(g.missing)) : []), ...blank] }];
    if (v.kind !== "category") {
      const places = decimalsOf(v.summary, v.overall);
      const text = (s: NumberSummary) => summaryText(v.summary, s, places, v.kind as "number" | "date");
      return [{ kind: "first", cells: [{ html: name }, text(v.overall), ...(compared ? v.groups.map(text) : []), ...end] }, ...missing];
    }
    const share = (l: { count: number; column: number; row: number }) => countPercent(l.count, percent === "row" ? l.row : l.column, decimals);
    return [
      { kind: "first", cells: [{ html: name }, "", ...(compared ? v.groups.map(() => "") : []), ...end] },
      ...v.overall.levels.map((l, k): HtmlRow => ({ cells: [{ html: `<span class="level">${escapeHtml(l.level)}</span>` }, percent === "row" ? String(l.count) : share(l), ...(compared ? v.groups.map((g) => share(g.levels[k])) : []), ...blank] })),
      ...missing,
    ];
  });
  const by = d.by === undefined || /^\W*group$/i.test(d.by) ? "" : labelOf(results, d.by).label;
  return tableHtml({
    id, kind: "described", caption: `<b>Table ${number}.</b> ${escapeHtml(title)}`,
    columns: [
      { head: by === "" ? "Variable" : `By ${by}` }, { head: "All", sub: `n ${d.n}`, align: "number" }, ...(compared ? d.groups.map((g) => ({ head: g.name, sub: `n ${g.n}`, align: "number" as const })) : []),
      ...(compared ? [{ head: "P", align: "number" as const }, { head: "SMD", align: "number" as const, title: "standardised mean difference, the largest of the pairs of groups" }] : []),
    ],
    rows,
    notes: [
      `Percentages are of ${percent === "row" ? "the level’s patients (rows sum to 100 %)" : "the column’s patients whose value is known"}. Missing values are counted and left out of tests.`,
      ...(tests.length === 0 ? [] : [tests.map((t) => `<sup>${letter(t)}</sup> ${escapeHtml(t)}`).join("; ") + ". SMD: standardised mean difference, the largest of the pairs of groups."]),
      ...(d.withoutGroup > 0 ? [`${d.withoutGroup} patients without a value of ${escapeHtml(by)} are left out.`] : []),
      ...d.variables.flatMap((v) => v.notes.map((note) => `${escapeHtml(labelOf(results, v.name).label)}: ${escapeHtml(note)}`)),
      ...d.warnings.map(escapeHtml),
    ],
  });
}

/** Two columns of the same patients side by side, with the paired test. */
export function pairedTable({ title, first, second, rows }: NonNullable<StudyResults["paired"]>[number], id: string): string {
  const lines = rows.flatMap((row): HtmlRow[] => {
    const test: HtmlCell[] = [String(row.n), row.test === undefined ? NOT_COMPUTED : pText(row.test.p), { text: row.test?.name ?? "", kind: "wordy" }];
    const name = `<span class="variable">${escapeHtml(row.label)}${row.unit === undefined ? "" : `, ${escapeHtml(row.unit)}`}</span> <small>${row.kind === "category" ? "n (%)" : row.summary === "mean" ? "mean (SD)" : "median (quartiles)"}</small>`;
    const missing: HtmlRow[] = row.missing === 0 ? [] : [{ kind: "missing", cells: [{ html: '<span class="level">without the pair, n</span>' }, { text: String(row.missing), span: 2 }, "", "", ""] }];
    if (row.kind === "number") {
      const places = decimalsOf(row.summary, row.first);
      return [{ kind: "first", cells: [{ html: name }, summaryText(row.summary, row.first, places), summaryText(row.summary, row.second, places), ...test] }, ...missing];
    }
    const decimals = percentDecimals(row.n);
    return [
      { kind: "first", cells: [{ html: name }, "", "", ...test] },
      ...row.levels.map((l): HtmlRow => ({ cells: [{ html: `<span class="level">${escapeHtml(l.level)}</span>` }, countPercent(l.first, 100 * l.first / row.n, decimals), countPercent(l.second, 100 * l.second / row.n, decimals), "", "", ""] })), ...missing,
    ];
  });
  return tableHtml({
    id, kind: "described", caption: `<b>${escapeHtml(title)}</b>, the same patients twice`, rows: lines,
    columns: [{ head: "Variable" }, { head: first, align: "number" }, { head: second, align: "number" }, { head: "Pairs", align: "number" }, { head: "P", align: "number" }, { head: "Paired test", kind: "wordy" }],
    notes: ["Each patient counts once in each column; percentages are of the patients with both values."],
  });
}
