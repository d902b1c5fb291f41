import { breakable, escapeHtml } from "./html.js";
import { countText, fixedText, significantText, intervalText } from "./numberText.js";
import type { StudyResults } from "./results.js";
import { tableHtml, type HtmlCell } from "./tableHtml.js";
import { blockTitle } from "./wording.js";

/** Patients of each cohort on their way into the analysis, every exclusion with its reason; follow-up and centres below. */
export function flowTable(results: StudyResults): string {
  return results.cohorts.map((cohort) => {
    const rows = cohort.flow.map((f, k) => ({ cells: [k === 0 && f.removed === undefined ? "Start" : f.reason ?? (k === cohort.flow.length - 1 ? "Analysed" : "Left"), f.kind ?? "", f.removed === undefined ? "" : `−${countText(f.removed)}`, countText(f.n), f.events === undefined ? "" : countText(f.events)] as HtmlCell[] }));
    const centres = (cohort.centres ?? []).map((c) => `${c.name}: n ${c.n}, ${c.events} events`);
    const follow = cohort.followUp;
    return tableHtml({
      kind: "dense", caption: `<b>${escapeHtml(cohort.name)}</b> (${cohort.role}): n ${cohort.n}, ${cohort.events} events`,
      columns: [{ head: "What happened" }, { head: "Kind" }, { head: "Left", align: "number" }, { head: "Patients", align: "number" }, { head: "Events", align: "number" }], rows,
      notes: [
        ...(follow === undefined ? [] : [`Follow-up: median ${fixedText(follow.median, 1)} ${escapeHtml(follow.unit)} (quartiles ${intervalText(follow.low, follow.high, 1)}), reverse Kaplan–Meier.`]),
        ...(centres.length === 0 ? [] : [`Centres: ${escapeHtml(centres.join("; "))}.`]),
      ],
    });
  }).join("");
}

/** Patients that two sets share: the diagonal is the size of each set. */
export function overlapTable({ overlap }: StudyResults): string {
  if (overlap.sets.length === 0) return "";
  return tableHtml({
    kind: "dense", caption: "<b>Overlap of the sets</b>: patients in both",
    columns: [{ head: "Set" }, ...overlap.sets.map((s) => ({ head: s, align: "number" as const }))],
    rows: overlap.sets.map((s, i) => ({ cells: [s, ...overlap.shared[i].map((n, j): HtmlCell => ({ text: countText(n), kind: i === j ? "own" : n > 0 ? "alarm" : "" }))] })),
    notes: ["Off the diagonal, anything but 0 is a patient counted in two sets."],
  });
}

/** When sealed sets were opened, and for what. */
export function openingsTable({ openings }: StudyResults): string {
  if (openings.length === 0) return "<p>No sealed set: no test set was split off and no external cohort was named, or none was opened.</p>";
  return tableHtml({
    kind: "dense", caption: "<b>Sealed sets</b>: when they were opened, and what was read from them",
    columns: [{ head: "Set" }, { head: "Order of opening", align: "number" }, { head: "Purpose", kind: "wordy" }, { head: "SHA-256 of its data" }],
    rows: openings.map((o) => ({ cells: [o.set, countText(o.order), o.purpose, { text: `${o.hash.slice(0, 12)}…`, title: o.hash }] })),
    notes: ["Opened after the fits on all training patients, which no set of these has touched. What is chosen by a set once it is open turns it into a tuning set.", "The hash is of its patients, columns and outcome (in full in tables/sealed-sets.csv); the time of the first opening stands in provenance.json."],
  });
}

/** Candidates, parameters and what Riley's criteria ask for. */
export function sampleSizeTable(results: StudyResults): string {
  if (results.sampleSize.length === 0) return "";
  const development = results.cohorts.find((c) => c.role === "development");
  return tableHtml({
    kind: "dense", caption: `<b>Sample size</b>${development === undefined ? "" : `: there are ${countText(development.n)} patients with ${countText(development.events)} events`}`,
    columns: [{ head: "Model" }, { head: "Candidates", align: "number" }, { head: "Parameters", sub: "final fit", align: "number" }, { head: "Events", sub: "per candidate", align: "number" }, { head: "Patients needed", align: "number" }, { head: "Events needed", align: "number" }, { head: "Criterion", kind: "wordy" }],
    rows: results.sampleSize.map((s) => ({ cells: [blockTitle(results, s.model), countText(s.candidates), countText(s.parameters), s.eventsPerCandidate < 10 ? fixedText(s.eventsPerCandidate, 2) : fixedText(s.eventsPerCandidate, 1), s.needed === undefined ? "" : countText(s.needed.n), s.needed === undefined ? "" : countText(s.needed.events), s.needed?.criterion ?? ""] })),
    notes: ["Riley et al., BMJ 2020;368:m441: the largest of the criteria; counted on candidates, before any selection.", ...new Set(results.sampleSize.flatMap((s) => (s.note === "" ? [] : [escapeHtml(`${s.note.replace(/\.$/, "")}.`)])))],
  });
}

/** A table that the run hands over as it is: numbers to four significant digits, in full in the CSV. */
export function plainTable(table: StudyResults["tables"][number]): string {
  const numeric = table.columns.map((_, j) => table.rows.some((r) => typeof r[j] === "number"));
  const cell = (v: string | number | null): HtmlCell => v === null || v === undefined ? "" : typeof v === "number" ? (Number.isInteger(v) ? countText(v) : significantText(v, 3)) : { html: breakable(v) };
  return tableHtml({
    id: `table-${table.id}`, kind: "wide dense", caption: `<b>${escapeHtml(table.title)}</b>`,
    columns: table.columns.map((head, j) => ({ head, align: numeric[j] ? "number" : "left" })),
    rows: table.rows.slice(0, 25).map((r) => ({ cells: r.map(cell) })),
    notes: [...(table.note === undefined ? [] : [escapeHtml(table.note)]), ...(table.rows.length > 25 ? [`The first 25 of ${table.rows.length} rows; all are in tables/${escapeHtml(table.id)}.csv.`] : [])],
  });
}

/** What was set, to what, and by whom. */
export function parametersTable({ parameters }: StudyResults): string {
  if (parameters.length === 0) return "";
  return tableHtml({
    kind: "dense", caption: "<b>Parameters</b> as executed",
    columns: [{ head: "What" }, { head: "Value", kind: "wordy" }, { head: "From" }],
    rows: parameters.map((p) => ({ cells: [p.what, { html: breakable(p.value) }, p.from] })),
  });
}
