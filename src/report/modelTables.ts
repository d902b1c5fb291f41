import { exp } from "../math/index.js";
import { breakable, escapeHtml, paragraph } from "./html.js";
import { intervalText, levelText, NOT_COMPUTED, percentText, pText, ratioText, significantText, fixedText } from "./numberText.js";
import type { BlockReport, StudyResults } from "./results.js";
import { tableHtml, type HtmlCell, type HtmlRow } from "./tableHtml.js";
import { blockTitle, labelOf, ratioName, termText } from "./wording.js";

const ratioCells = (value?: number, low?: number, high?: number): [HtmlCell, HtmlCell] => value === undefined ? ["", ""] : [{ text: ratioText(value), kind: "value" }, { text: !Number.isFinite(low ?? NaN) && !Number.isFinite(high ?? NaN) ? "" : `(${intervalText(low, high, ratioText)})`, kind: "interval" }];

/** "95 % CI" of a block's coefficients: the plan's level, or the learner's own. */
const coefficientLevel = (block: BlockReport): string => levelText(block.coefficients.find((c) => c.level !== undefined)?.level);

/** Coefficients of a score or model, ratios with intervals, p. Those of selected terms carry the caveat that they were chosen on the same patients. */
export function coefficientTable(results: StudyResults, block: BlockReport): string {
  if (block.coefficients.length === 0) return paragraph([`Nothing was selected: ${blockTitle(results, block.name)} is the null model, the same prediction for every patient.`]);
  const ratio = ratioName(results);
  const ratios = block.coefficients.some((c) => c.ratio !== undefined), intervals = block.coefficients.some((c) => c.low !== undefined), ps = block.coefficients.some((c) => c.p !== undefined);
  const methods = [...new Set(block.coefficients.flatMap((c) => (c.intervalMethod === undefined ? [] : [c.intervalMethod])))];
  const development = results.cohorts.find((c) => c.role === "development");
  return tableHtml({
    kind: "coefficients", caption: `<b>${escapeHtml(blockTitle(results, block.name))}</b>: coefficients`,
    columns: [{ head: "Term" }, { head: "Coefficient", align: "number" }, ...(ratios ? [{ head: ratio.short, align: "number" as const, title: ratio.long, ...(intervals ? { sub: `(${coefficientLevel(block)})`, span: 2 } : {}) }, ...(intervals ? [{ head: "", under: true as const }] : [])] : []), ...(ps ? [{ head: "P", align: "number" as const }] : [])],
    rows: block.coefficients.map((c) => {
      const [value, interval] = ratioCells(c.ratio, c.low, c.high);
      return { cells: [{ html: breakable(termText(results, c.term)), title: c.term }, significantText(c.coefficient, 4), ...(ratios ? [value, ...(intervals ? [interval] : [])] : []), ...(ps ? [c.p === undefined ? NOT_COMPUTED : pText(c.p)] : [])] };
    }),
    notes: [
      `Fitted on ${development === undefined ? "the development patients" : `${escapeHtml(development.name)}: n ${development.n}, ${development.events} events`}. ${methods.length > 0 ? `Intervals: ${escapeHtml(methods.join("; "))}; they take the terms as given.` : "Penalised or plain coefficients without an interval."}`,
      ...(block.candidates > block.coefficients.length && ps ? [`Chosen among ${block.candidates} candidates on these patients: intervals and P are too good.`] : []),
    ],
  });
}

/** Univariable and multivariable ratios of one block side by side; what was not selected says so. */
export function univariableTable(results: StudyResults, block: BlockReport): string {
  if (block.univariable === undefined || block.univariable.length === 0) return "";
  const ratio = ratioName(results);
  const rows = block.univariable.map((u): HtmlRow => {
    const term = u.term + (u.level ?? "");
    const c = block.coefficients.find((x) => x.term === term || x.term === u.term);
    const [one, oneInterval] = ratioCells(u.ratio, u.low, u.high), [two, twoInterval] = ratioCells(c?.ratio, c?.low, c?.high);
    const tail: HtmlCell[] = c === undefined ? [{ text: "not selected", span: 3, kind: "not" }] : [two, twoInterval, c.p === undefined ? NOT_COMPUTED : pText(c.p)];
    return { cells: [{ html: breakable(termText(results, u.term, u.level)), title: term }, String(u.n), String(u.events), one, oneInterval, pText(u.p), ...tail] };
  });
  return tableHtml({
    kind: "wide dense", caption: `<b>${escapeHtml(blockTitle(results, block.name))}</b>: univariable and multivariable ${ratio.long}s`,
    columns: [
      { head: "Term" }, { head: "n", align: "number" }, { head: "Events", align: "number" }, { head: `Univariable ${ratio.short}`, sub: `(${levelText(block.univariableLevel)})`, align: "number", span: 2 }, { head: "", under: true }, { head: "P", align: "number" },
      { head: `Multivariable ${ratio.short}`, sub: `(${coefficientLevel(block)})`, align: "number", span: 2 }, { head: "", under: true }, { head: "P", align: "number" },
    ],
    rows, notes: ["Apparent: chosen and fitted on the same patients, so that multivariable ratios lean away from 1 and their P is too small."],
  });
}

/** Formula of a score or model, and of a survival model the baseline survival that turns it into a probability. */
export function formulaHtml(results: StudyResults, block: BlockReport): string {
  if (block.formula === undefined) return "";
  const times = (block.baseline ?? []).map((b) => `S₀(${b.time}${results.outcome.unit === undefined ? "" : ` ${results.outcome.unit}`}) = exp(−${significantText(b.cumulativeHazard, 4)}) = ${fixedText(exp(-b.cumulativeHazard), 4)}`);
  const probability = block.kind === "score" ? "" : results.outcome.kind === "binary" ? "Probability of the event = 1 / (1 + exp(−lp)), lp the sum above."
    : times.length === 0 ? "" : `Baseline survival at lp 0: ${times.join("; ")}. Probability of the event by t = 1 − S₀(t)^exp(lp), lp the sum above.`;
  return `<div class="formula"><code>${breakable(block.formula)}</code>${probability === "" ? "" : `<p>${escapeHtml(probability)}</p>`}</div>`;
}

/** What each step of a block did: columns before and after, options, names where they are few. */
export function stepsTable(results: StudyResults, block: BlockReport): string {
  if (block.steps.length === 0) return "";
  const optionText = (options: Record<string, unknown>) => Object.entries(options).map(([k, v]) => `${k} ${typeof v === "object" ? JSON.stringify(v) : String(v)}`).join(", ");
  return tableHtml({
    kind: "dense", caption: `<b>${escapeHtml(blockTitle(results, block.name))}</b>: steps in their order, on all development patients`,
    columns: [{ head: "Step" }, { head: "Options", kind: "wordy" }, { head: "Before", align: "number" }, { head: "After", align: "number" }, { head: "What left or stayed", kind: "wordy" }],
    rows: block.steps.map((s) => {
      const removed = s.removed === undefined || s.removed.length === 0 ? "" : `left: ${nameList(s.removed.map((r) => (r.why === undefined ? r.name : `${r.name} (${r.why})`)))}`;
      const kept = s.kept === undefined || s.kept.length === 0 || s.kept.length > 20 ? "" : `kept: ${nameList(s.kept)}`;
      return { cells: [s.step, { text: optionText(s.options) }, String(s.before), String(s.after), { html: [breakable(removed), breakable(kept), escapeHtml(s.note ?? "")].filter((t) => t !== "").join(". ") }] };
    }),
    notes: ["The same steps are refitted in every fold and bootstrap sample; what they keep there differs (see stability)."],
  });
}

function nameList(names: string[]): string {
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 6).join(", ")} and ${names.length - 6} more (tables/steps.csv)`;
}

/** How often each variable came back in the resampled fits. */
export function stabilityTable(results: StudyResults, block: BlockReport): string {
  const s = block.stability;
  if (s === undefined) return "";
  return tableHtml({
    kind: "dense", caption: `<b>${escapeHtml(blockTitle(results, block.name))}</b>: how often each variable was selected`,
    columns: [{ head: "Variable" }, { head: "Share of fits", align: "number" }, { head: "In the final fit" }],
    rows: s.kept.slice(0, 40).map((k) => ({ cells: [{ html: breakable(labelOf(results, k.name).label), title: k.name }, percentText(100 * k.share, 1), block.selected.includes(k.name) ? "yes" : "no"] })),
    notes: [`${s.fits} resampled fits; ${s.empty} of them selected nothing and count as the null model.${s.kept.length > 40 ? ` ${s.kept.length - 40} more variables were selected at least once; see tables/stability.csv.` : ""}`],
  });
}
