import type { Checklist } from "./checklistTypes.js";
import { fillAnswer } from "./checklistFill.js";
import { clear } from "./checklists/clear.js";
import { metrics } from "./checklists/metrics.js";
import { tripodAi } from "./checklists/tripodAi.js";
import { escapeHtml } from "./html.js";
import { metricsScore } from "./metricsScore.js";
import { fixedText } from "./numberText.js";
import { pageStyle } from "./pageStyle.js";
import type { StudyResults } from "./results.js";
import { tableHtml, type HtmlCell } from "./tableHtml.js";

const stateText = { reported: "in the folder", partly: "in part", user: "to write", stated: "stated by the user" } as const;

/**
 * checklist.html: TRIPOD+AI, CLEAR and METRICS item by item: our sentence, the user's statement (plan: report.statements), where the
 * evidence is, what the user must still write; the METRICS score with its assumptions. `report` is the report's file that links go to.
 */
export function checklistHtml(results: StudyResults, options: { report?: string } = {}): string {
  const report = options.report ?? "report.html";
  const score = metricsScore(results);
  const lists = [tripodAi, clear].map((list) => listHtml(results, list, report));
  const style = `${pageStyle}body{display:block}main{max-width:70rem}.state-user{color:var(--warn)}.state-partly{color:#7a5a00}.state-reported,.state-stated{color:var(--good)}.checks td,.checks th{vertical-align:top}.checks td.toWrite{min-width:11rem}`;
  return [
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(`Checklists: ${results.title}`)}</title><style>${style}</style></head><body><main>`,
    `<header class="masthead"><p class="kicker"><a href="${escapeHtml(report)}">Report</a></p><h1>Checklists</h1><p class="question">${escapeHtml(results.title)}</p></header>`,
    `<p>Sentences are written from the run. What the run cannot know is named under “You write”; put it into the plan under <code>report.statements</code>, by topic or item (<code>ethics: …</code>, <code>CLEAR 16: …</code>), and run again. A filled item says that something is reported, not that it is right.</p>`,
    summaryTable(results), metricsHtml(results, score, report), ...lists, `<footer><p>Written by ${escapeHtml(results.program)}, seed ${results.seed}.</p></footer></main></body></html>\n`,
  ].join("\n");
}

function summaryTable(results: StudyResults): string {
  const rows = [tripodAi, clear, metrics].map((list) => {
    const states = list.items.map((item) => fillAnswer(results, list, item).state);
    const n = (state: string) => String(states.filter((s) => s === state).length);
    return { cells: [list.id, String(list.items.length), n("reported"), n("stated"), n("partly"), n("user")] };
  });
  return tableHtml({ kind: "dense", caption: "<b>Items by what fills them</b>", columns: [{ head: "Standard" }, { head: "Items", align: "number" }, { head: "In the folder", align: "number" }, { head: "Stated by the user", align: "number" }, { head: "In part", align: "number" }, { head: "To write", align: "number" }], rows });
}

function listHtml(results: StudyResults, list: Checklist, report: string): string {
  const rows = list.items.map((item) => ({ cells: [item.no ?? "", item.item, ...answerCells(results, list, item, report)] as HtmlCell[] }));
  return `<section id="${list.id.toLowerCase().replace("+", "-")}"><h2>${escapeHtml(list.title)}</h2>${tableHtml({
    kind: "wide dense checks", caption: "", columns: [{ head: "No" }, { head: "Item", kind: "wordy" }, { head: "State" }, { head: "Our sentence", kind: "wordy" }, { head: "Where" }, { head: "You write", kind: "wordy toWrite" }], rows, notes: [escapeHtml(list.credit)],
  })}</section>`;
}

function answerCells(results: StudyResults, list: Checklist, item: Checklist["items"][number], report: string): HtmlCell[] {
  const a = fillAnswer(results, list, item);
  const sentence = [escapeHtml(a.sentence), a.statement === undefined ? "" : `<q>${escapeHtml(a.statement)}</q>`].filter((t) => t !== "").join(" ");
  const where = a.where === undefined ? "" : a.where.endsWith(".html") ? (a.where === "checklist.html" ? "this page" : `<a href="${a.where}">${a.where}</a>`) : `<a href="${escapeHtml(report)}#${escapeHtml(a.where)}">${escapeHtml(a.where.replace(/-/g, " "))}</a>`;
  return [{ text: stateText[a.state], kind: `state-${a.state}` }, { html: sentence }, { html: where }, a.toWrite ?? ""];
}

function metricsHtml(results: StudyResults, score: ReturnType<typeof metricsScore>, report: string): string {
  const table = tableHtml({
    kind: "wide dense checks", caption: "",
    columns: [{ head: "No" }, { head: "Item", kind: "wordy" }, { head: "Weight", align: "number" }, { head: "Counts", align: "number" }, { head: "State" }, { head: "Our sentence", kind: "wordy" }, { head: "Where" }, { head: "You write", kind: "wordy toWrite" }],
    rows: metrics.items.map((item, k) => {
      const s = score.items[k];
      return { ...(s.applies ? {} : { kind: "missing" }), cells: [item.no ?? "", item.item, fixedText(s.weight, 4), s.applies ? (s.counted ? fixedText(s.weight, 4) : "0") : { text: "", html: "–", title: s.why }, ...(s.applies ? answerCells(results, metrics, item, report) : [s.why, "", "", ""])] as HtmlCell[] };
    }),
    notes: [escapeHtml(metrics.credit)],
  });
  const assumptions = score.assumptions.map((a) => `<li><b>${escapeHtml(a.condition)}</b>: ${a.holds ? "applies" : "does not apply"} (${escapeHtml(a.why)})</li>`).join("");
  return `<section id="metrics"><h2>${escapeHtml(metrics.title)}</h2><p class="lead"><b>${fixedText(score.score, 1)} %</b> of the weight that applies: <b>${score.grade}</b>. The score counts what is reported and done by its list; it is not a grade of truth, and a high score does not make a model right.</p>` +
    `<p>Items without evidence count 0; what the user's statements claim counts as stated, unchecked. Item 1 counts because these lists are filled: hand them in with the article. Conditions:</p><ul class="foot">${assumptions}</ul>${table}</section>`;
}
