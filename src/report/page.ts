import { describedTable, pairedTable } from "./describedTable.js";
import type { Figure } from "./figure.js";
import { figureBand } from "./figureHtml.js";
import { faultBands, firstScreen } from "./frontPage.js";
import { anchorId, escapeHtml, paragraph } from "./html.js";
import { band, findingHtml, marginHtml, placeFindings, sections, type Margin } from "./marginNotes.js";
import { comparisonTable, performanceTable } from "./meritTables.js";
import { coefficientTable, formulaHtml, stabilityTable, stepsTable, univariableTable } from "./modelTables.js";
import { pageScript } from "./pageScript.js";
import { pageStyle } from "./pageStyle.js";
import { checkTables } from "./checkTables.js";
import { drawFigure } from "./drawFigure.js";
import type { StudyResults } from "./results.js";
import { blockTitle } from "./wording.js";
import { flowTable, openingsTable, overlapTable, parametersTable, plainTable, sampleSizeTable } from "./studyTables.js";

export type ReportOptions = {
  /** draws a figure as SVG; `drawFigure` when left out */
  draw?: (figure: Figure) => string;
  /** links of the foot: other files of the folder */
  files?: { href: string; text: string }[];
};

const sectionNames: Record<string, string> = {
  patients: "Patients", features: "Features", models: "Models", performance: "Performance", calibration: "Calibration", use: "Clinical use", survival: "Survival and risk groups", stability: "Stability",
};
type Part = { id: string; title: string; html: string; level: 1 | 2 };

/**
 * The report: one HTML file that needs no network and reads without scripts. First screen: question, patients, verdict, honest
 * performance, caveats; then the front figures, Table 1, models, all measures, methods, all remarks; then an appendix by section.
 * Findings stand in the margin beside what they concern; apparent figures are grey and named so; printed, all details are open.
 * Faults of arithmetic in the tables join the findings.
 */
export function reportHtml(results: StudyResults, options: ReportOptions = {}): string {
  const draw = options.draw ?? drawFigure;
  const checked: StudyResults = { ...results, findings: [...results.findings, ...checkTables(results)] };
  const margin = placeFindings(checked);
  const front = results.figures.filter((f) => f.front === true);
  const parts: Part[] = [summary(checked), ...faults(checked), ...frontFigures(front, draw, margin), baseline(checked, margin), models(checked, margin), performance(checked, margin), methods(checked, margin), remarks(checked, margin)].filter((p) => p.html !== "");
  const appendix = appendixParts(checked, results.figures.filter((f) => f.front !== true), draw, margin);
  return [
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="generator" content="${escapeHtml(results.program)}"><title>${escapeHtml(results.title)}</title><style>${pageStyle}</style></head><body>`,
    `<nav aria-label="Contents"><details open><summary>Contents</summary><ol>${[...parts, ...(appendix.length === 0 ? [] : [{ id: "appendix", title: "Appendix", level: 1 as const }]), ...appendix].map((p) => `<li class="l${p.level}"><a href="#${p.id}">${escapeHtml(p.title)}</a></li>`).join("")}</ol></details></nav>`,
    `<main>${parts.map(partHtml).join("\n")}`,
    `<section id="appendix" class="appendix-head"><h2>Appendix</h2></section>`,
    appendix.map((p) => `<details class="appendix" id="${p.id}"><summary><h2>${escapeHtml(p.title)}</h2></summary>${p.html}</details>`).join("\n"),
    foot(results, options), `</main><script>${pageScript}</script></body></html>\n`,
  ].join("\n");
}

function partHtml(part: Part): string {
  return `<section id="${part.id}"${part.id === "summary" ? ' class="first"' : ""}>${part.id === "summary" ? "" : `<h2>${escapeHtml(part.title)}</h2>`}${part.html}</section>`;
}

function summary(results: StudyResults): Part {
  const { body, margin } = firstScreen(results);
  return { id: "summary", title: "Summary", level: 1, html: band(body, margin) };
}

function faults(results: StudyResults): Part[] {
  if (results.order !== "as-published" && results.faults.length === 0) return [];
  const lead = paragraph(["This run followed the published order of steps. Each fault stands in the margin beside what it made of a number, and the same number without it."]);
  return [{ id: "faults", title: "As published, and honest", level: 1, html: band(lead) + (results.faults.length === 0 ? band(paragraph(["No fault of the list was found in this order."])) : faultBands(results).map((f) => band(f.body, f.margin)).join("")) }];
}

function frontFigures(figures: Figure[], draw: (f: Figure) => string, margin: Margin): Part[] {
  if (figures.length === 0) return [];
  const beside = sections.filter((s) => s !== "features" && s !== "models" && s !== "performance" && s !== "stability");
  // findings about a whole section stand beside its first front figure
  const used = new Set<string>();
  const html = figures.map((figure, k) => {
    const extra = beside.includes(figure.section as never) && !used.has(figure.section) ? marginHtml(margin, [figure.section]) : "";
    if (extra !== "") used.add(figure.section);
    const one = figureBand(figure, String(k + 1), draw, margin);
    return extra === "" ? one : one.replace("</aside></div>", `${extra}</aside></div>`);
  });
  return [{ id: "figures", title: "Figures", level: 1, html: html.join("") }];
}

function baseline(results: StudyResults, margin: Margin): Part {
  const tables = results.baseline.map((b, k) => describedTable(results, b, k + 1, `baseline-${k + 1}`));
  const paired = (results.paired ?? []).map((p, k) => pairedTable(p, `paired-${k + 1}`));
  return { id: "baseline", title: results.baseline.length === 1 && paired.length === 0 ? "Table 1" : "Patient tables", level: 1, html: [...tables, ...paired].map((t, k) => band(t, k === 0 ? marginHtml(margin, results.figures.some((f) => f.front === true && f.section === "patients") ? ["baseline"] : ["baseline", "patients"]) : "")).join("") };
}

function models(results: StudyResults, margin: Margin): Part {
  const html = results.blocks.map((block, k) => band(
    `<div id="model-${anchorId(block.name)}"><h3>${escapeHtml(blockTitle(results, block.name))} <small>${escapeHtml(block.learner)}; ${block.candidates} candidates, ${block.parameters} parameters</small></h3>${formulaHtml(results, block)}${coefficientTable(results, block)}</div>`,
    marginHtml(margin, [...(k === 0 ? ["models"] : []), `block ${block.name}`], ownWarnings(results, block)), ""));
  return { id: "models", title: "Models", level: 1, html: html.join("") };
}

/** Warnings of a block that neither a finding nor the text beside them says already. */
function ownWarnings(results: StudyResults, block: StudyResults["blocks"][number]): string[] {
  return block.warnings.filter((w) => !/^(Nothing|No variable) was selected/.test(w) && !results.findings.some((f) => f.message.includes(w) || w.includes(f.message)));
}

function performance(results: StudyResults, margin: Margin): Part {
  if (results.performance.length === 0) return { id: "performance", title: "Performance", level: 1, html: "" };
  const notes = marginHtml(margin, ["performance"]), beside = marginHtml(margin, ["comparisons"]);
  return { id: "performance", title: "All measures", level: 1, html: band(performanceTable(results), notes, "wide") + (results.comparisons.length === 0 ? beside : band(comparisonTable(results), beside, "wide")) };
}

function methods(results: StudyResults, margin: Margin): Part {
  const text = results.methods.map((m) => `<h3>${escapeHtml(m.heading)}</h3>${paragraph(m.sentences)}`).join("");
  return { id: "methods", title: "Methods", level: 1, html: text === "" ? "" : band(text, marginHtml(margin, ["parameters"])) };
}

function remarks(results: StudyResults, margin: Margin): Part {
  const notes = (results.report?.notes ?? []).map((n) => `<div class="finding remark">${escapeHtml(n)}</div>`).join("");
  const order = { stop: 0, warning: 1, note: 2 };
  const list = results.findings.map((f, index) => ({ ...f, index })).sort((a, b) => order[a.severity] - order[b.severity] || a.index - b.index);
  const lead = paragraph([`Everything the guards found, ${list.length} remarks; each also stands in the margin beside what it concerns.`]);
  return { id: "remarks", title: "All remarks", level: 1, html: band(lead + (list.length === 0 ? paragraph(["The guards found nothing."]) : list.map((f) => findingHtml(f, true)).join("")) + (notes === "" ? "" : `<h3>From the plan</h3>${notes}`), marginHtml(margin, ["remarks"]) === "" ? "" : "") };
}

/** The appendix by section: figures that do not stand in front, then the tables of that section. */
function appendixParts(results: StudyResults, figures: Figure[], draw: (f: Figure) => string, margin: Margin): Part[] {
  let number = 0;
  const own = (section: string) => figures.filter((f) => f.section === section).map((f) => figureBand(f, `A${++number}`, draw, margin)).join("");
  const shownInFront = (section: string) => results.figures.some((f) => f.front === true && f.section === section);
  const notes = (section: string) => (shownInFront(section) || ["patients", "models", "performance"].includes(section) ? "" : marginHtml(margin, [section]));
  const tables: Record<string, string> = {
    patients: band(flowTable(results)) + band(overlapTable(results), marginHtml(margin, ["overlap"])) + band(openingsTable(results), marginHtml(margin, ["sealed sets"])),
    features: results.blocks.map((b) => stepsTable(results, b)).filter((t) => t !== "").map((t) => band(t)).join(""),
    models: results.blocks.map((b) => univariableTable(results, b)).filter((t) => t !== "").map((t) => band(t, "", "wide")).join("") + band(sampleSizeTable(results), marginHtml(margin, ["sample size"])),
    stability: results.blocks.map((b) => stabilityTable(results, b)).filter((t) => t !== "").map((t) => band(t)).join(""),
  };
  const known = new Set<string>(sections);
  const named = sections.flatMap((section): Part[] => {
    const remarks = notes(section);
    const html = (remarks === "" ? "" : `<div class="remarks">${remarks}</div>`) + own(section) + (tables[section] ?? "");
    return html === "" ? [] : [{ id: `appendix-${section}`, title: sectionNames[section], level: 2, html }];
  });
  const others = [...new Set(figures.map((f) => f.section))].filter((s) => !known.has(s)).map((s): Part => ({ id: `appendix-${anchorId(s)}`, title: s, level: 2, html: own(s) }));
  const further = results.tables.map((t) => band(plainTable(t), "", "wide")).join("");
  const parameters = parametersTable(results);
  return [
    ...named, ...others,
    ...(further === "" ? [] : [{ id: "appendix-tables", title: "Further tables", level: 2 as const, html: further }]),
    ...(parameters === "" ? [] : [{ id: "appendix-parameters", title: "Parameters", level: 2 as const, html: band(parameters) }]),
  ];
}

function foot(results: StudyResults, { files = [] }: ReportOptions): string {
  const links = files.map((f) => `<a href="${escapeHtml(f.href)}">${escapeHtml(f.text)}</a>`).join(" · ");
  return `<footer><p>Written by ${escapeHtml(results.program)} from the run itself, seed ${results.seed}; every number is in results.json with n, events, unit, set, kind of validation, interval and its method. Research use; not a medical device.</p>${links === "" ? "" : `<p>${links}</p>`}</footer>`;
}
