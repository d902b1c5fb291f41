import type { Nomogram } from "../model/index.js";
import { calculatorFields, calculatorModel, coarseCurves, groupFigure, rowColumns, type CalculatorField, type CalculatorModel } from "./calculatorModel.js";
import { coarseCurvesSvg } from "./coarseCurvesSvg.js";
import { mainCaveats, verdictHtml } from "./frontPage.js";
import { anchorId, escapeHtml } from "./html.js";
import { headlineTable, measureText } from "./meritTables.js";
import { formulaHtml } from "./modelTables.js";
import { estimateText, fullText, percentDecimals, percentText, significantText } from "./numberText.js";
import { pageStyle } from "./pageStyle.js";
import type { StudyResults } from "./results.js";
import { blockTitle, estimateTitle, headlineMeasure, kindOf, labelOf, meritColumns } from "./wording.js";

export type CalculatorExtra = {
  /** the page's scoring code: the study's own, bundled (web/calculator.ts) */
  scripts: { calculator: string };
  /** merit, caveats, labels, risk groups and figures */
  results: StudyResults;
};
/** What the page's script reads; JSON. */
export type CalculatorData = {
  model: CalculatorModel; fields: CalculatorField[]; level: number; nomogram?: Nomogram;
  groups?: { names: string[]; cuts: number[]; observed?: string[] };
  /** said below every risk, where the nested calibration slope lies wholly under 1 */
  tooExtreme?: string;
};

/**
 * calculator.html: one file that opens from disk and asks nothing of a network. Clinical variables by form, scores typed or computed
 * from a pasted feature row by the study's own code, → points, linear predictor, probability at each time with interval, risk group.
 * Merit and caveats stand at the top, the formula at the foot. It holds no patient's row (`calculatorModel`).
 */
export function calculatorHtml(model: CalculatorModel, { scripts, results }: CalculatorExtra): string {
  const fields = calculatorFields(model, results);
  const groups = results.riskGroups?.model === model.final ? results.riskGroups : undefined;
  const survival = groups === undefined ? undefined : groupFigure(results, groups);
  const nomogram = results.figures.find((f) => f.chart === "nomogram")?.data.nomogram;
  const names = new Set(fields.map((f) => f.name));
  const data: CalculatorData = {
    model: calculatorModel(model), fields, level: 0.95,
    ...(nomogram !== undefined && nomogram.axes.every((a) => names.has(a.name)) ? { nomogram } : {}),
    ...(groups === undefined ? {} : { groups: { names: groups.names, cuts: groups.cuts, ...(groups.observed === undefined ? {} : { observed: groups.observed.map((e) => `${percentText(100 * e.value, percentDecimals(e.n))}${e.events === undefined ? "" : ` (${e.events} of ${e.n})`}; ${e.set}, ${kindOf(e.kind).meaning}`) }) } }),
  };
  const extreme = tooExtreme(results, model.final);
  if (extreme !== undefined) data.tooExtreme = extreme;
  const blocks = results.blocks.filter((b) => data.model.blocks.some((x) => x.name === b.name));
  const findings = results.findings.map((f, index) => ({ ...f, index }));
  const caveats = mainCaveats(findings, 6).replace(/<a class="jump"[^>]*>|<\/a>/g, "").replace(/<a href="#remarks">/g, "");
  const curves = survival === undefined ? undefined : coarseCurves(survival);
  const honest: StudyResults = { ...results, performance: results.performance.filter((p) => p.model === model.final), models: results.models.filter((m) => m === model.final) };
  return [
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(`Calculator: ${results.title}`)}</title><style>${pageStyle}${calculatorStyle}</style></head><body><main>`,
    `<p class="warned"><b>Research use. Not a medical device:</b> not for decisions about a patient. Nothing that is typed here leaves this page.</p>`,
    `<header class="masthead"><p class="kicker">Calculator</p><h1>${escapeHtml(blockTitle(results, model.final))}</h1><p class="question">${escapeHtml(results.title)}: ${escapeHtml(results.outcome.event)}</p></header>`,
    meritLine(results, model.final, findings.filter((f) => f.severity !== "note").map((f) => f.guard)),
    `<div class="columns"><section class="first"><h2>Patient</h2><form id="patient" autocomplete="off">${fields.map((f) => fieldHtml(f)).join("")}${rowHtml(data.model, fields)}<p class="buttons"><button type="submit">Calculate</button> <button type="reset">Clear</button></p></form></section>`,
    `<section class="first" aria-live="polite"><h2>Result</h2><div id="result"><p class="hint">Fill in the patient and press Calculate.</p></div>${curves === undefined ? "" : `<figure id="curves">${coarseCurvesSvg(curves)}<figcaption>${escapeHtml(curves.label)} of the risk groups at fixed times (${escapeHtml(curves.kind)}), blank where fewer than ${curves.least} were at risk. A group's curve is no patient's forecast.</figcaption></figure>`}</section></div>`,
    `<section id="merit"><h2>How good is the model?</h2>${verdictHtml(results)}${headlineTable(honest)}${caveats}</section>`,
    `<section><h2>Formula</h2>${blocks.map((b) => `<h3>${escapeHtml(blockTitle(results, b.name))}</h3>${formulaHtml(results, b)}`).join("")}${groups === undefined ? "" : `<p>Risk groups: ${escapeHtml(groups.names.join(", "))}; cut${groups.cuts.length > 1 ? "s" : ""} of the linear predictor at ${groups.cuts.map((c) => significantText(c, 4)).join(" and ")} (${escapeHtml(groups.method)}).${groups.note === undefined ? "" : ` ${escapeHtml(groups.note)}`}</p>`}</section>`,
    `<footer><p>Made by ${escapeHtml(model.program)}. The scoring code is the one that the study ran. <noscript><b>The calculator needs scripts; the formula above can be worked by hand.</b></noscript></p></footer></main>`,
    `<script type="application/json" id="data">${JSON.stringify(data).replace(/</g, "\\u003c")}</script><script>${scripts.calculator.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--")}</script></body></html>\n`,
  ].join("\n");
}

/** What is to be known of every risk of an overfitted model: its nested calibration slope, where the interval lies wholly under 1. */
function tooExtreme(results: StudyResults, model: string): string | undefined {
  const slope = results.performance.find((p) => p.model === model && p.measure === "calibration slope" && p.estimate.kind === "nested cross-validation")?.estimate;
  if (slope?.high === undefined || !(slope.high < 1)) return undefined;
  return `The risks of this model are too extreme: high ones too high, low ones too low (calibration slope ${estimateText(slope, 2)} by nested cross-validation, 1 would be right).`;
}

/** The model's merit in one line, honest first, and what the guards warned of: before anything is typed. */
function meritLine(results: StudyResults, model: string, warned: readonly string[]): string {
  const measure = headlineMeasure(results);
  // single centres stand in the report
  const all = results.performance.filter((p) => p.model === model && p.measure === measure && (p.estimate.kind !== "leave-one-centre-out" || p.estimate.set === "mean over centres"));
  const own = all.some((p) => p.estimate.kind === "optimism-corrected") ? all.filter((p) => p.estimate.kind !== "632+") : all;
  const text = meritColumns(own).map(({ kind, set }) => {
    const e = own.find((p) => p.estimate.kind === kind && p.estimate.set === set)!.estimate;
    const words = `${kindOf(kind).name.toLowerCase()}${kind === "external" ? ` (${set})` : ""} ${estimateText(e, 3)}, n ${e.n}${e.events === undefined ? "" : `, ${e.events} events`}`;
    return kindOf(kind).honest ? `<b title="${escapeHtml(estimateTitle(e))}">${escapeHtml(words)}</b>` : `<span class="apparent" title="${escapeHtml(estimateTitle(e))}">${escapeHtml(words)}: not validation</span>`;
  });
  const warnings = [...new Set(warned)];
  return `<p class="merit-line">${text.length === 0 ? "No performance of this model was computed." : `${escapeHtml(measureText(results, measure))}: ${text.join("; ")}.`} ${escapeHtml(results.verdict.sentence)}${warnings.length === 0 ? "" : ` <a href="#merit">Warnings: ${escapeHtml(warnings.join(", "))}.</a>`}</p>`;
}

const short = (x: number) => fullText(Number(x.toPrecision(4)));

function fieldHtml(field: CalculatorField): string {
  const id = `field-${anchorId(field.name)}`;
  const unit = field.kind === "number" && field.unit !== undefined ? ` <small>${escapeHtml(field.unit)}</small>` : "";
  const label = `<label for="${id}">${escapeHtml(field.label)}${unit}</label>`;
  const wrong = `<small id="${id}-wrong" class="wrong" role="alert"></small>`;
  if (field.kind === "category") return `<div class="field">${label}<select id="${id}" data-name="${escapeHtml(field.name)}" aria-describedby="${id}-wrong"><option value="">choose</option>${field.levels.map((l) => `<option>${escapeHtml(l)}</option>`).join("")}</select>${wrong}</div>`;
  return `<div class="field">${label}<input id="${id}" data-name="${escapeHtml(field.name)}" type="text" inputmode="decimal" aria-describedby="${id}-wrong ${id}-range"><small id="${id}-range" class="range">training range ${short(field.low)} to ${short(field.high)}</small>${wrong}</div>`;
}

/** Where a row of features may be pasted or dropped in place of the typed score. */
function rowHtml(model: CalculatorModel, fields: readonly CalculatorField[]): string {
  const scores = fields.filter((f) => f.kind === "score");
  if (scores.length === 0) return "";
  const needed = rowColumns(model);
  return `<details id="row"><summary>Compute ${escapeHtml(scores.map((s) => labelOf({}, s.label).label).join(" and "))} from a row of features</summary><p class="hint">Paste a CSV with its header and one row, or drop the file here. It needs ${needed.length} columns: <span class="names">${needed.slice(0, 30).map((n) => escapeHtml(n)).join(", ")}${needed.length > 30 ? ", …" : ""}</span>. What is computed takes the place of a typed value.</p><textarea id="features" rows="4" spellcheck="false" aria-label="Header and row of features"></textarea><div id="rows"></div></details>`;
}

const calculatorStyle = `body{display:block}main{max-width:60rem}.warned{background:#fdf3e7;border:1px solid #e0b98a;padding:.5rem .8rem;font:var(--s-1)/1.4 var(--sans);margin:0 0 1rem}
.merit-line{font:var(--s-1)/1.5 var(--sans);margin:.7rem 0}.merit-line .apparent{color:var(--faint);font-style:italic}
.columns{display:grid;gap:1.5rem 2.5rem;margin:1rem 0}.columns section{margin:0;min-width:0}@media (min-width:760px){.columns{grid-template-columns:minmax(0,5fr) minmax(0,6fr)}}
.field{margin:0 0 .7rem;font-family:var(--sans)}.field label{display:block;font-size:var(--s-1);font-weight:700}.field label small{font-weight:400;color:var(--muted)}
input,select,textarea,button{font:var(--s0)/1.3 var(--sans);color:inherit;border:1px solid #8a8a8a;border-radius:2px;padding:.4rem .5rem;background:#fff;max-width:100%}
input,select{width:100%}textarea{width:100%;font:var(--s-1)/1.3 ui-monospace,Menlo,Consolas,"Liberation Mono",monospace}
input:focus-visible,select:focus-visible,textarea:focus-visible,button:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
input[aria-invalid],select[aria-invalid]{border-color:var(--stop)}
.range{color:var(--muted)}.range.outside{color:var(--warn);font-weight:700}
button[type=submit]{background:var(--accent);border-color:var(--accent);color:#fff;font-weight:700;padding:.5rem 1.2rem}button[type=reset]{padding:.5rem 1rem}
details#row{margin:.6rem 0;font:var(--s-1)/1.4 var(--sans)}details#row summary{cursor:pointer;color:var(--accent)}details#row.over{outline:2px dashed var(--accent)}
.names{overflow-wrap:anywhere;color:var(--muted)}.hint{color:var(--muted);font:var(--s-1)/1.45 var(--sans)}
.risk{font-family:var(--sans);margin:0 0 .8rem}.risk b{font-size:var(--s3);display:block;line-height:1.15}.risk small{color:var(--muted)}
.field .wrong{display:block}.field .wrong:empty{display:none}
.wrong{color:var(--stop);font:var(--s-1)/1.45 var(--sans);font-weight:700}
#curves svg{width:100%;height:auto;max-width:32rem;display:block}#curves figcaption{font:var(--s-2)/1.42 var(--sans);color:var(--muted);margin-top:.3rem}
#curves [data-faded] {opacity:.3}#curves [data-own] polyline{stroke-width:3.2}
.caveats{margin-top:1rem}`;
