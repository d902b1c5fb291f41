import { escapeHtml } from "./html.js";
import { countText, fixedText, intervalText, levelText, measureDecimals, NOT_COMPUTED, pText } from "./numberText.js";
import type { Comparison, Estimate, Performance, StudyResults } from "./results.js";
import { tableHtml, type HtmlCell, type HtmlColumn, type HtmlRow } from "./tableHtml.js";
import { blockTitle, emptyText, estimateTitle, headlineMeasure, kindOf, meritColumns } from "./wording.js";

/** Value and interval as two cells with the tooltip of the whole number; apparent ones carry their class. */
function estimateCells(e: Estimate | undefined, decimals: number): [HtmlCell, HtmlCell] {
  if (e === undefined) return [{ html: "", kind: "none" }, ""];
  const kind = kindOf(e.kind).honest ? "" : "apparent";
  const title = estimateTitle(e);
  return [{ text: fixedText(e.value, decimals), title, kind: `value ${kind}` }, { text: !hasInterval(e) ? "" : `(${intervalText(e.low, e.high, decimals)})`, title, kind: `interval ${kind}` }];
}

/** "n 1,211, 84 events". */
const countsText = (e: Estimate) => `n ${countText(e.n)}${e.events === undefined ? "" : `, ${countText(e.events)} events`}`;

const hasInterval = (e: Estimate) => Number.isFinite(e.low ?? NaN) || Number.isFinite(e.high ?? NaN);

/** The interval under its value. */
function stackedCell(e: Estimate | undefined, decimals: number): HtmlCell {
  const [value, interval] = estimateCells(e, decimals);
  if (typeof value === "string" || typeof interval === "string" || value.text === undefined) return "";
  return { html: `${escapeHtml(value.text)}<small>${escapeHtml(interval.text ?? "")}</small>`, kind: `stacked ${value.kind ?? ""}`.replace("value", ""), title: value.title ?? "" };
}

/** "95 % CI": the level of the intervals. */
const levelOf = (all: readonly Estimate[]): string => levelText(all.find((e) => e.level !== undefined)?.level);

/** One text where all are the same, else undefined. */
function shared(texts: (string | undefined)[]): string | undefined {
  return texts.every((t) => t === texts[0]) ? texts[0] : undefined;
}

const brief: Record<string, string> = { "nested cross-validation": "CV", "optimism-corrected": "bootstrap", "632+": ".632+" };

/**
 * The table of the first screen: one measure, a row for each model, a column for each set and kind of validation (best evidence
 * first), each with n and events in its head; intervals; and how many resampled fits selected nothing. Apparent figures stand last and grey.
 */
export function headlineTable(results: StudyResults): string {
  const measure = headlineMeasure(results);
  const all = results.performance.filter((p) => p.measure === measure);
  // one bootstrap figure is enough for the first screen
  const own = all.some((p) => p.estimate.kind === "optimism-corrected") ? all.filter((p) => p.estimate.kind !== "632+") : all;
  // centre by centre stands in the table of all measures
  const centres = own.filter((p) => p.estimate.kind === "leave-one-centre-out");
  const mean = centres.filter((p) => p.estimate.set === "mean over centres");
  const shown = mean.length === 0 ? own : own.filter((p) => p.estimate.kind !== "leave-one-centre-out" || mean.includes(p));
  return meritTable(results, shown, measure, { id: "headline", caption: `<b>${escapeHtml(measureText(results, measure))}</b> of each model` });
}

/** Models × sets and kinds for one measure. */
function meritTable(results: StudyResults, own: Performance[], measure: string, { id, caption }: { id?: string; caption: string }): string {
  const decimals = measureDecimals(measure);
  const found = (model: string, column: { kind: string; set: string }) => own.find((p) => p.model === model && p.estimate.kind === column.kind && p.estimate.set === column.set)?.estimate;
  const models = [...results.models, ...own.map((p) => p.model)].filter((m, k, all) => all.indexOf(m) === k && own.some((p) => p.model === m));
  const columns = meritColumns(own);
  const home = results.cohorts.find((c) => c.role === "development")?.name;
  // many columns: the interval stands under its value
  const stacked = columns.length > 3;
  const heads: HtmlColumn[] = columns.flatMap((column): HtmlColumn[] => {
    const kind = kindOf(column.kind);
    const numbers = shared(models.flatMap((m) => { const e = found(m, column); return e === undefined ? [] : [countsText(e)]; }));
    const name = column.kind === "external" ? `External: ${column.set}` : column.set !== home && column.kind !== "test" ? `${kind.name}: ${column.set}` : kind.name;
    const head: HtmlColumn = { head: name, sub: numbers ?? "n differs, see below", align: "number", title: kind.meaning, ...(kind.honest ? {} : { kind: "apparent" }) };
    return stacked ? [head] : [{ ...head, span: 2 }, { head: "", align: "left", under: true }];
  });
  const empties = columns.filter((column) => models.some((m) => (found(m, column)?.empty ?? 0) > 0 || found(m, column)?.empty !== undefined));
  const emptyHeads: HtmlColumn[] = empties.length === 0 ? [] : [{ head: "Empty selections", sub: empties.map((c) => brief[c.kind] ?? kindOf(c.kind).short).join(", "), align: "centre", kind: "name", title: "resampled fits in which nothing was selected; they are scored as the null model" }];
  const notes = [...columns.map((column) => kindNote(column, own, columns)), ...differingCounts(results, own, columns), ...ownNotes(results, own)];
  // more columns than a page is wide: kinds downwards, models across
  if (columns.length > 4 && models.length <= 3) {
    const heads = models.map((m): HtmlColumn => ({ head: blockTitle(results, m), ...(m === results.final ? { sub: "final" } : {}), align: "number" }));
    return tableHtml({
      ...(id === undefined ? {} : { id }), caption, kind: "merit", columns: [{ head: "Judged by" }, { head: "n", align: "number" }, { head: "Events", align: "number" }, ...heads, ...(empties.length > 0 ? [{ head: "Empty selections", sub: models.join(", "), kind: "name", align: "centre" } satisfies HtmlColumn] : [])],
      rows: columns.map((column): HtmlRow => {
        const here = models.map((m) => found(m, column)), honest = kindOf(column.kind).honest;
        const name = column.kind === "external" ? `External: ${column.set}` : column.kind === "leave-one-centre-out" ? `${kindOf(column.kind).name}, ${column.set.replace("mean over centres", "mean")}` : kindOf(column.kind).name;
        const count = (of: "n" | "events"): string => { const all = [...new Set(here.flatMap((e) => (e?.[of] === undefined ? [] : [e[of]])))]; return all.length === 1 ? countText(all[0]!) : all.length === 0 ? NOT_COMPUTED : "differs"; };
        const empty = here.map((e) => (e?.empty === undefined ? NOT_COMPUTED : emptyText(e))).join(", ");
        return {
          cells: [{ text: name, kind: `name ${honest ? "" : "apparent"}`, title: kindOf(column.kind).meaning }, count("n"), count("events"), ...here.map((e) => stackedCell(e, decimals)), ...(empties.length > 0 ? [here.every((e) => e?.empty === undefined) ? "" : empty] : [])],
          ...(column.kind === "nested cross-validation" ? { kind: "final" } : {}),
        };
      }),
      notes,
    });
  }
  const rows = models.map((m) => {
    const cells: HtmlCell[] = [{ kind: "name", html: `${escapeHtml(blockTitle(results, m))}${m === results.final ? ' <small class="final">final</small>' : ""}` }];
    for (const column of columns) {
      if (stacked) cells.push(stackedCell(found(m, column), decimals));
      else cells.push(...estimateCells(found(m, column), decimals));
    }
    if (empties.length > 0) cells.push(empties.map((column) => { const e = found(m, column); return e === undefined ? NOT_COMPUTED : emptyText(e) || NOT_COMPUTED; }).join(", "));
    return { cells, ...(m === results.final ? { kind: "final" } : {}) };
  });
  return tableHtml({
    ...(id === undefined ? {} : { id }), caption, kind: "merit", columns: [{ head: "Model" }, ...heads, ...emptyHeads], rows,
    notes,
  });
}

/** What a column is: kind, its meaning, method, interval. */
function kindNote(column: { kind: Performance["estimate"]["kind"]; set: string }, own: Performance[], columns: { set: string }[]): string {
  const kind = kindOf(column.kind);
  const e = own.filter((p) => p.estimate.kind === column.kind && p.estimate.set === column.set).map((p) => p.estimate);
  const methods = [...new Set(e.map((x) => x.method))].join("; ");
  const intervals = [...new Set(e.flatMap((x) => (!hasInterval(x) ? [] : [`${levelText(x.level)}: ${x.intervalMethod ?? "method not named"}`])))].join("; ");
  const name = `${kind.name}${new Set(columns.map((c) => c.set)).size > 1 ? ` (${column.set})` : ""}`;
  return `<span${kind.honest ? "" : ' class="apparent"'}><b>${escapeHtml(name)}</b>: ${escapeHtml(kind.meaning)}. ${escapeHtml(capital(methods))}${intervals === "" ? ". No interval" : `; ${escapeHtml(intervals)}`}.</span>`;
}

function differingCounts(results: StudyResults, own: Performance[], columns: { kind: string; set: string }[]): string[] {
  return columns.flatMap((column) => {
    const here = own.filter((p) => p.estimate.kind === column.kind && p.estimate.set === column.set);
    if (new Set(here.map((p) => `${p.estimate.n} ${p.estimate.events}`)).size < 2) return [];
    return [escapeHtml(`${kindOf(here[0].estimate.kind).name}: ${here.map((p) => `${blockTitle(results, p.model)} ${countsText(p.estimate)}`).join("; ")}.`)];
  });
}

function ownNotes(results: StudyResults, own: Performance[]): string[] {
  return [...new Set(own.flatMap((p) => (p.estimate.note === undefined ? [] : [p.estimate.note])))].map((note) => {
    const models = own.filter((p) => p.estimate.note === note).map((p) => blockTitle(results, p.model));
    return escapeHtml(new Set(models).size === results.models.length ? `${capital(note)}.` : `${[...new Set(models)].join(", ")}: ${note}.`).replace(/\.\.$/, ".");
  });
}

/** "AUC at 36 months" for "AUC(36)". */
export function measureText(results: StudyResults, measure: string): string {
  const at = /^(.*)\(([\d.]+)\)$/.exec(measure);
  return at === null ? capital(measure) : `${capital(at[1].trim())} at ${at[2]} ${results.outcome.unit ?? ""}`.trim();
}

/** Every measure of merit in a table of its own rows: n, events, kind and set stand in columns. */
export function performanceTable(results: StudyResults): string {
  const measures = [...new Set(results.performance.map((p) => p.measure))];
  const sets = [...new Set(results.performance.map((p) => p.estimate.set))];
  const units = results.performance.some((p) => p.estimate.unit !== undefined);
  const several = sets.length > 1;
  const methods = [...new Set(results.performance.flatMap((p) => (hasInterval(p.estimate) ? [p.estimate.intervalMethod ?? "method not named"] : [])))];
  const letter = (e: Estimate) => String.fromCharCode(97 + methods.indexOf(e.intervalMethod ?? "method not named"));
  const rows = measures.flatMap((measure) => {
    const own = results.performance.filter((p) => p.measure === measure);
    const order = meritColumns(own);
    const sorted = own.map((p, k) => ({ p, k })).sort((a, b) => place(order, a.p) - place(order, b.p) || a.k - b.k).map(({ p }) => p);
    return [
      { kind: "group", cells: [{ text: measureText(results, measure), span: 9 + Number(several) + Number(units) }] },
      ...sorted.map(({ model, estimate: e }) => ({
        cells: [
          { text: blockTitle(results, model), kind: "name" }, { text: kindOf(e.kind).name, kind: kindOf(e.kind).honest ? "name" : "name apparent" }, ...(several ? [{ text: e.set, kind: "name" }] : []), ...estimateCells(e, measureDecimals(measure)),
          ...(units ? [e.unit ?? ""] : []), e.sd === undefined ? "" : fixedText(e.sd, 3), countText(e.n), e.events === undefined ? "" : countText(e.events), e.empty === undefined ? (e.fits ?? e.count ?? "").toString() : emptyText(e), { html: hasInterval(e) ? `<sup>${letter(e)}</sup>` : "", title: e.intervalMethod ?? "" },
        ] satisfies HtmlCell[],
      })),
    ];
  });
  return tableHtml({
    id: "performance-table", kind: "wide dense", caption: `<b>Performance</b>, all measures and kinds of validation${several ? "" : `; set: ${escapeHtml(sets[0] ?? "")}`}`, rows,
    columns: [
      { head: "Model" }, { head: "Kind" }, ...(several ? [{ head: "Set" }] : []), { head: "Value", align: "number", span: 2, sub: `(${levelOf(results.performance.map((p) => p.estimate))})` }, { head: "", under: true }, ...(units ? [{ head: "Unit" }] : []), { head: "SD", align: "number", title: "spread over repeats or resamples; no interval" },
      { head: "n", align: "number" }, { head: "Events", align: "number" }, { head: "Fits", sub: "empty/all", align: "number", title: "resampled fits in which nothing was selected, and all" }, { head: "CI by", title: "method of the interval, below" },
    ],
    notes: [methods.map((m, k) => `<sup>${String.fromCharCode(97 + k)}</sup> ${escapeHtml(m)}`).join("; "), "SD is the spread over repeats or resamples, never an interval.", ...legendOfKinds(results), ...ownNotes(results, results.performance)],
  });
}

function place(order: { kind: string; set: string }[], p: Performance): number {
  return order.findIndex((c) => c.kind === p.estimate.kind && c.set === p.estimate.set);
}

function legendOfKinds(results: StudyResults): string[] {
  const used = new Set(results.performance.map((p) => p.estimate.kind));
  return [...used].filter((k) => !kindOf(k).honest).map((k) => `<span class="apparent"><b>${kindOf(k).name}</b>: ${kindOf(k).meaning}.</span>`);
}

/** Differences between models, second less first, with their tests. */
export function comparisonTable(results: StudyResults): string {
  if (results.comparisons.length === 0) return "";
  const measure = headlineMeasure(results);
  // the likelihood-ratio tests have no other place on the page
  const likelihood = (c: Comparison) => c.measure === "log-likelihood";
  const main = results.comparisons.filter((c) => c.measure === measure || likelihood(c));
  const shown = results.comparisons.length <= 15 || main.length === 0 ? results.comparisons : main;
  const cellsOf = (c: Comparison): HtmlCell[] => {
    const e = c.difference;
    const test = c.test === undefined ? "" : `${c.test.name}: ${c.test.df === undefined ? "statistic" : "χ²"} ${fixedText(c.test.statistic, 2)}${c.test.df === undefined ? "" : `, ${c.test.df} df`}`;
    return [
      `${blockTitle(results, c.second)} − ${blockTitle(results, c.first)}`, measureText(results, c.measure), { text: kindOf(e.kind).name, kind: kindOf(e.kind).honest ? "" : "apparent" }, ...estimateCells(e, 3), countText(e.n), e.events === undefined ? "" : countText(e.events),
      c.test === undefined ? "" : { text: pText(c.test.p), ...(kindOf(e.kind).honest ? {} : { kind: "apparent" }) }, { text: test, kind: "wordy" },
    ];
  };
  const intervals = [...new Set(shown.flatMap((c) => (c.difference.low === undefined ? [] : [`${kindOf(c.difference.kind).name}: ${levelText(c.difference.level)} by ${c.difference.intervalMethod ?? "a method not named"}`])))];
  return tableHtml({
    id: "comparisons", kind: "wide dense", caption: "<b>Comparison of models</b>, second less first",
    columns: [{ head: "Models" }, { head: "Measure" }, { head: "Kind" }, { head: "Difference", sub: `(${levelOf(results.comparisons.map((c) => c.difference))})`, align: "number", span: 2 }, { head: "", under: true }, { head: "n", align: "number" }, { head: "Events", align: "number" }, { head: "P", align: "number" }, { head: "Test", kind: "wordy" }],
    rows: shown.map((c) => ({ cells: cellsOf(c) })),
    notes: [...intervals.map((t) => escapeHtml(`${t}.`)), ...[...new Set(shown.filter(likelihood).map((c) => `Likelihood-ratio test of ${c.second} against ${c.first}: twice the difference of the log-likelihoods of the two fits, apparent. ${c.difference.note ?? ""}`.trim()))].map(escapeHtml), "A P without multiplicity correction; on the patients of the fit it tests whether a coefficient is 0, not whether predictions improve.", ...(shown.length < results.comparisons.length ? [`${results.comparisons.length - shown.length} comparisons by other measures are in tables/comparisons.csv.`] : [])],
  });
}

export function capital(text: string): string {
  return text === "" ? "" : text[0].toUpperCase() + text.slice(1);
}
