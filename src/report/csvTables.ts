import type { Description } from "../cohort/index.js";
import type { Estimate, StudyResults } from "./results.js";

type Row = Record<string, string | number | boolean | null | undefined>;

/** One CSV text (RFC 4180, lines end in \n): the columns in the order in which rows name them; NaN and nothing are empty. */
export function csvText(rows: readonly Row[], columns: readonly string[] = [...new Set(rows.flatMap((r) => Object.keys(r)))]): string {
  const cell = (v: Row[string]) => {
    if (v === undefined || v === null || (typeof v === "number" && !Number.isFinite(v))) return "";
    const text = String(v);
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [columns.map(cell).join(","), ...rows.map((r) => columns.map((c) => cell(r[c])).join(","))].join("\n") + "\n";
}

/** What belongs to every number, in columns. */
function estimateRow(e: Estimate): Row {
  return {
    value: e.value, low: e.low, high: e.high, level: e.low === undefined ? undefined : e.level ?? 0.95, interval_method: e.intervalMethod, n: e.n, events: e.events, unit: e.unit, set: e.set, kind: e.kind, method: e.method,
    sd: e.sd, min: e.min, max: e.max, counted: e.count, fits: e.fits, empty_selections: e.empty, seed: e.seed, note: e.note,
  };
}

/**
 * The tables of tables/*.csv: numbers in full (not rounded), each with n, events, unit, set, kind of validation, interval and its
 * method. Tables without a row are left out.
 */
export function resultTables(results: StudyResults): { name: string; csv: string }[] {
  const development = results.cohorts.find((c) => c.role === "development");
  const fitted: Row = { n: development?.n, events: development?.events, set: development?.name, kind: "apparent" };
  const ratio = results.outcome.kind === "survival" ? "hazard ratio" : "odds ratio";
  const tables: [string, Row[]][] = [
    ["performance", results.performance.map((p) => ({ model: p.model, measure: p.measure, ...estimateRow(p.estimate) }))],
    ["comparisons", results.comparisons.map((c) => ({ first: c.first, second: c.second, measure: c.measure, ...estimateRow(c.difference), test: c.test?.name, statistic: c.test?.statistic, df: c.test?.df, p: c.test?.p }))],
    ["coefficients", results.blocks.flatMap((b) => b.coefficients.map((c): Row => ({ block: b.name, learner: b.learner, term: c.term, coefficient: c.coefficient, ratio: c.ratio, ratio_kind: c.ratio === undefined ? undefined : ratio, low: c.low, high: c.high, level: c.low === undefined ? undefined : c.level ?? 0.95, interval_method: c.intervalMethod, p: c.p, ...fitted })))],
    ["baseline-hazard", results.blocks.flatMap((b) => (b.baseline ?? []).map((h): Row => ({ model: b.name, time: h.time, unit: results.outcome.unit, cumulative_hazard_at_lp_0: h.cumulativeHazard, ...fitted })))],
    ["univariable", results.blocks.flatMap((b) => (b.univariable ?? []).map((u): Row => ({ block: b.name, term: u.term, level: u.level, ratio_kind: ratio, value: u.ratio, low: u.low, high: u.high, interval_level: b.univariableLevel ?? 0.95, p: u.p, n: u.n, events: u.events, set: development?.name, kind: "apparent" })))],
    ...results.baseline.map(({ description }, k): [string, Row[]] => [`table-${k + 1}`, descriptionRows(description)]),
    ...(results.paired ?? []).map((t, k): [string, Row[]] => [`paired-${k + 1}`, pairedRows(t)]),
    ["flow", results.cohorts.flatMap((c) => c.flow.map((f): Row => ({ cohort: c.name, role: c.role, kind: f.kind, reason: f.reason, removed: f.removed, n: f.n, events: f.events })))],
    ["overlap", results.overlap.sets.map((set, i): Row => ({ set, ...Object.fromEntries(results.overlap.sets.map((other, j) => [other, results.overlap.shared[i][j]])) }))],
    ["steps", results.blocks.flatMap((b) => b.steps.map((s): Row => ({ block: b.name, step: s.step, options: JSON.stringify(s.options), before: s.before, after: s.after, removed: s.removed?.map((r) => (r.why === undefined ? r.name : `${r.name} (${r.why})`)).join("; "), note: s.note })))],
    ["stability", results.blocks.flatMap((b) => (b.stability?.kept ?? []).map((k): Row => ({ block: b.name, variable: k.name, share: k.share, fits: b.stability!.fits, empty_selections: b.stability!.empty, in_final_fit: b.selected.includes(k.name) })))],
    ["sample-size", results.sampleSize.map((s): Row => ({ model: s.model, candidates: s.candidates, parameters: s.parameters, events_per_candidate: s.eventsPerCandidate, n: development?.n, events: development?.events, needed_n: s.needed?.n, needed_events: s.needed?.events, criterion: s.needed?.criterion, note: s.note }))],
    ["remarks", results.findings.map((f): Row => ({ severity: f.severity, guard: f.guard, where: f.where, message: f.message, do_instead: f.doInstead }))],
    ["faults", results.faults.flatMap((f) => [["as published", f.asPublished] as const, ["honest", f.honest] as const].map(([which, e]): Row => ({ fault: f.fault, what: f.what, model: f.model, measure: f.measure, which, ...estimateRow(e) })))],
    ["sealed-sets", results.openings.map((o): Row => ({ set: o.set, order_of_opening: o.order, purpose: o.purpose, sha256_of_its_data: o.hash }))],
    ["parameters", results.parameters.map((p): Row => ({ what: p.what, value: p.value, from: p.from }))],
    ...results.tables.map((t): [string, Row[]] => [t.id, t.rows.map((r) => Object.fromEntries(t.columns.map((c, j) => [c, r[j]])))]),
  ];
  const taken = new Map<string, number>();
  return tables.filter(([, rows]) => rows.length > 0).map(([name, rows]) => {
    // a table of the run that bears the name of one of these gets a number
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return { name: `${name}${times > 1 ? `-${times}` : ""}.csv`, csv: csvText(rows) };
  });
}

/** One row a variable (numbers) or level (categories) and column of Table 1. */
function descriptionRows(d: Description): Row[] {
  return d.variables.flatMap((v) => {
    const columns = [{ name: "all", n: d.n, s: v.overall }, ...(d.groups.length > 1 ? d.groups.map((g, k) => ({ name: g.name, n: g.n, s: v.groups[k] })) : [])];
    const test: Row = { test: v.test?.name, test_choice: v.test?.why, statistic: v.test?.statistic, p: v.test?.p, largest_smd: v.differences?.largest };
    return columns.flatMap(({ name, n, s }): Row[] => {
      const head: Row = { variable: v.name, kind: v.kind, group_by: d.by, group: name, group_n: n };
      if ("levels" in s) return s.levels.map((l) => ({ ...head, level: l.level, count: l.count, column_percent: l.column, row_percent: l.row, known: s.n, missing: s.missing, ...test }));
      return [{ ...head, level: undefined, unit: v.kind === "number" ? v.unit : "days since 1970-01-01", known: s.n, missing: s.missing, mean: s.mean, sd: s.sd, median: s.median, q1: s.q1, q3: s.q3, min: s.min, max: s.max, ...test }];
    });
  });
}

function pairedRows({ first, second, rows }: NonNullable<StudyResults["paired"]>[number]): Row[] {
  return rows.flatMap((r): Row[] => {
    const tail: Row = { pairs: r.n, without_pair: r.missing, test: r.test?.name, statistic: r.test?.statistic, p: r.test?.p };
    if (r.kind === "category") return r.levels.map((l) => ({ variable: r.label, kind: r.kind, level: l.level, [`count ${first}`]: l.first, [`count ${second}`]: l.second, ...tail }));
    return [r.first, r.second].map((s, k) => ({ variable: r.label, kind: r.kind, unit: r.unit, column: k === 0 ? first : second, mean: s.mean, sd: s.sd, median: s.median, q1: s.q1, q3: s.q3, ...tail }));
  });
}
