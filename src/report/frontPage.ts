import { escapeHtml, paragraph } from "./html.js";
import { headlineTable, measureText } from "./meritTables.js";
import { findingHtml, severityText, type NumberedFinding } from "./marginNotes.js";
import { countText, estimateText, fixedText, intervalText, measureDecimals, levelText } from "./numberText.js";
import { tableHtml } from "./tableHtml.js";
import type { Estimate, Fault, StudyResults } from "./results.js";
import { blockTitle, estimateTitle, faultsText, headlineMeasure, kindOf, patientsText } from "./wording.js";

/** Title, question, who and by what. */
export function masthead(results: StudyResults): string {
  const who = [results.report?.authors, results.report?.institution].filter((t) => t !== undefined && t !== "").map((t) => escapeHtml(t!)).join(" · ");
  return `<header class="masthead"><p class="kicker">Prediction model study${results.order === "as-published" ? " · <b>reproduction of a published order of steps</b>" : ""}</p><h1>${escapeHtml(results.title)}</h1>` +
    `<p class="question">${escapeHtml(results.question)}</p>${who === "" ? "" : `<p class="who">${who}</p>`}</header>`;
}

/** Patients, events, outcome, follow-up, candidates: the numbers one asks for first. */
export function keyFacts(results: StudyResults): string {
  const development = results.cohorts.find((c) => c.role === "development");
  const facts: [string, string][] = [["Outcome", `<span>${escapeHtml(results.outcome.name)}${results.outcome.unit === undefined ? "" : `, ${escapeHtml(results.outcome.unit)}`}</span>`]];
  if (development !== undefined) {
    facts.push(["Patients", `<b>${countText(development.n)}</b>`], ["Events", `<b>${countText(development.events)}</b> <span>${escapeHtml(results.outcome.event)}</span>`]);
    if (development.followUp !== undefined) facts.push(["Follow-up, median", `<b>${fixedText(development.followUp.median, 1)}</b> <span title="reverse Kaplan–Meier; quartiles in brackets">${escapeHtml(development.followUp.unit)} <span class="keep">(${intervalText(development.followUp.low, development.followUp.high, 1)})</span></span>`]);
  }
  const others = results.cohorts.filter((c) => c.role !== "development");
  if (others.length > 0) facts.push(["Other sets", others.map((c) => `<b>${countText(c.n)}</b> <span>${escapeHtml(c.name.replace(/, test$/, ""))} (${c.role}), ${c.events} events</span>`).join("<br>")]);
  const size = results.sampleSize.find((s) => s.model === results.final);
  if (size !== undefined) facts.push(["Candidates", `<b>${countText(size.candidates)}</b> <span>${fixedText(size.eventsPerCandidate, size.eventsPerCandidate < 10 ? 2 : 1)} ${results.outcome.kind === "binary" && development !== undefined && development.events > development.n / 2 ? "of the smaller class" : "events"} each</span>`]);
  return `<dl class="facts">${facts.map(([name, html]) => `<div><dt>${name}</dt><dd>${html}</dd></div>`).join("")}</dl>`;
}

/** The answer in a sentence, and what it rests on. */
export function verdictHtml(results: StudyResults): string {
  const { sentence, adds, comparison, further = [] } = results.verdict;
  const e = comparison?.difference;
  const made = (d: Estimate) => `${d.set === "mean over centres" ? "Mean over centres" : d.set}: ${patientsText(d.n, d.events)}; ${d.method}; ${d.low === undefined ? "no interval" : `${levelText(d.level)} by ${d.intervalMethod ?? "a method not named"}`}.`;
  const basis = e === undefined ? "" : `<p class="basis">${[e, ...further.map((f) => f.comparison.difference)].map((d) => escapeHtml(made(d))).join("<br>")}</p>`;
  // the sentence ends with those on other patients, which stand below the first in plain letters
  const tail = further.map((f) => ` ${f.sentence}`).join(""), head = sentence.endsWith(tail) ? sentence.slice(0, sentence.length - tail.length) : sentence;
  return `<div class="verdict ${adds}"${e === undefined ? "" : ` title="${escapeHtml(estimateTitle(e))}"`}><p>${escapeHtml(head)}</p>${head === sentence ? "" : `<p class="further">${escapeHtml(tail.trim())}</p>`}${basis}</div>`;
}

/** Warnings and stops of the run, in full up to `shown`; the rest by number with a link to the list. */
export function mainCaveats(findings: readonly NumberedFinding[], shown = 5): string {
  const order = { stop: 0, warning: 1, note: 2 };
  // risks that do not fit forbid the use of them, and are not to be crowded out
  const urgent = (f: NumberedFinding) => Number(f.guard !== "calibration");
  const serious = findings.filter((f) => f.severity !== "note").sort((a, b) => order[a.severity] - order[b.severity] || urgent(a) - urgent(b));
  if (serious.length === 0) return `<div class="caveats"><h2>Main caveats</h2><p>No guard gave a warning. ${findings.length === 0 ? "" : `<a href="#remarks">${findings.length} note${findings.length === 1 ? "" : "s"}</a>.`}</p></div>`;
  // findings of one guard with one remedy stand together
  const grouped: NumberedFinding[] = [];
  for (const f of serious) {
    const same = grouped.findIndex((g) => g.guard === f.guard && g.doInstead === f.doInstead && g.severity === f.severity);
    if (same < 0) grouped.push(f);
    else grouped[same] = { ...grouped[same], message: `${grouped[same].message} ${f.message}` };
  }
  const left = serious.filter((f) => !grouped.slice(0, shown).some((g) => g.guard === f.guard && g.doInstead === f.doInstead && g.severity === f.severity));
  const rest = findings.length - serious.length + left.length;
  return `<div class="caveats"><h2>Main caveats</h2>${grouped.slice(0, shown).map((f) => `<a class="jump" href="#finding-${f.index + 1}" aria-label="${severityText[f.severity]}: ${escapeHtml(f.guard)}">${findingHtml(f)}</a>`).join("")}` +
    `${rest > 0 ? `<p class="more"><a href="#remarks">${rest} more remark${rest === 1 ? "" : "s"}</a></p>` : ""}</div>`;
}

/** The first screen: question, patients, verdict, honest performance; the caveats stand beside it. */
export function firstScreen(results: StudyResults): { body: string; margin: string } {
  const findings = results.findings.map((f, index) => ({ ...f, index }));
  const measure = headlineMeasure(results);
  const intro = `<p class="lead">The final model, named beforehand, is the <b>${escapeHtml(blockTitle(results, results.final).toLowerCase())}</b>${results.reference === undefined ? "" : `, held against the <b>${escapeHtml(blockTitle(results, results.reference).toLowerCase())}</b>`}. ` +
    `${results.performance.some((p) => kindOf(p.estimate.kind).honest) ? `${escapeHtml(measureText(results, measure))} is judged on patients that the fit has not seen; apparent figures stand grey beside it, to show what optimism is worth.` : "No figure is of patients that the fit has not seen: none is validation."} <a href="#performance-table">All measures</a>.</p>`;
  return { body: masthead(results) + verdictHtml(results) + keyFacts(results) + (results.performance.length === 0 ? paragraph(["No performance was computed."]) : headlineTable(results) + intro), margin: mainCaveats(findings).replace("</h2>", `</h2>${faultsLine(results)}`) };
}

function faultsLine(results: StudyResults): string {
  const { faults } = results;
  if (faults.length === 0) return "";
  const kinds = [...new Set(faults.map((f) => f.fault))];
  const [, counted, where] = /^(\d+ faults?)(.*)$/.exec(faultsText(results))!;
  return `<a class="jump" href="#faults"><div class="finding fault"><b>${counted}</b>${where}: ${escapeHtml(kinds.join("; "))}.</div></a>`;
}

/** Reproduction mode: each fault beside what it made of a number, and the honest figure; figures of one fault that were made alike stand in one table. */
export function faultBands(results: StudyResults): { body: string; margin: string }[] {
  const groups = new Map<string, { fault: Fault; number: number }[]>();
  results.faults.forEach((fault, k) => {
    const key = [fault.fault, fault.what, howMade(fault.asPublished, true), howMade(fault.honest, false)].join("\n");
    groups.set(key, [...(groups.get(key) ?? []), { fault, number: k + 1 }]);
  });
  return [...groups.values()].map((own) => {
    const [{ fault, number }] = own;
    return { body: own.length === 1 ? faultPair(results, fault, number) : faultTable(results, own), margin: `<div class="finding fault"><b>Fault</b> <span class="guard">${escapeHtml(fault.fault)}</span> ${escapeHtml(fault.what)}</div>` };
  });
}

/** "nested CV; I-SPY 1, n 156, 46 events; …; interval: …" */
const howMade = (e: Fault["honest"], published: boolean): string => `${published ? "not validation" : kindOf(e.kind).short}; ${e.set}, n ${e.n}${e.events === undefined ? "" : `, ${e.events} events`}; ${e.method}${e.low === undefined ? "; no interval" : `; interval: ${e.intervalMethod ?? "method not named"}`}`;

function faultTable(results: StudyResults, own: readonly { fault: Fault; number: number }[]): string {
  const [{ fault, number }] = own;
  const cell = (e: Fault["honest"], measure: string, kind: string) => ({ text: estimateText(e, measureDecimals(measure)), kind, title: estimateTitle(e) });
  return `<div class="pair" id="fault-${number}">${tableHtml({
    kind: "faults", caption: `<b>${escapeHtml(fault.fault.charAt(0).toUpperCase() + fault.fault.slice(1))}</b>`,
    columns: [{ head: "Figure" }, { head: "Model" }, { head: "As published", kind: "apparent" }, { head: "Honest" }],
    rows: own.map(({ fault: f }) => ({ cells: [{ text: measureText(results, f.measure), kind: "name" }, { text: blockTitle(results, f.model), kind: "name" }, cell(f.asPublished, f.measure, "apparent"), cell(f.honest, f.measure, "honest")] })),
    notes: [`<span class="apparent"><b>As published</b>: ${escapeHtml(howMade(fault.asPublished, true))}.</span>`, `<b>Honest</b>: ${escapeHtml(howMade(fault.honest, false))}.`],
  })}</div>`;
}

function faultPair(results: StudyResults, { measure, model, asPublished, honest }: Fault, number: number): string {
  const decimals = measureDecimals(measure);
  const cell = (label: string, kind: string, e: Fault["honest"]) => `<div class="${kind}" title="${escapeHtml(estimateTitle(e))}"><span class="label">${label}</span><b>${estimateText(e, decimals)}</b><small>${escapeHtml(howMade(e, kind === "published"))}</small></div>`;
  return `<div class="pair" id="fault-${number}"><h3>${escapeHtml(`${measureText(results, measure)}, ${blockTitle(results, model)}`)}</h3><div class="two">${cell("As published", "published", asPublished)}${cell("Honest", "honest", honest)}</div></div>`;
}

