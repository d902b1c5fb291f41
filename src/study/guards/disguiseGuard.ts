import type { Column } from "../../cohort/index.js";
import { auc, concordance } from "../../evaluate/index.js";
import { spearman } from "../../math/index.js";
import type { Finding } from "../../report/index.js";
import { candidatesOf } from "../fit/blockTable.js";
import type { StudyData } from "../data.js";
import type { Plan } from "../plan.js";
import { few, type Guard } from "./guard.js";

/** A discrimination that hardly any honest predictor reaches by itself. */
export const TOO_GOOD = 0.95;
const LATER = /(pre-?surg|post-?(op|surg|treat|nac)|inter-?reg|follow-?up|surv|death|dead|decease|recur|relaps|metasta|respon|pcr|\brcb|1-3d|after|(^|[^a-z])(sstat|vital[ _.-]?status|outcome|event|[rdp]fs|dmfs|os)([^a-z]|$)|(^|[_. -])target$)/i;

// not "probability": the bins of a histogram and a co-occurrence matrix have theirs
const MADE = /(rad[-_. ]?score|radiomics?[-_. ]?score|signature|nomogram|risk[-_. ]?score|linear[-_. ]?predictor|(^|[^a-z])predict(ed|ion)?([^a-z]|$))/i;

/** How well one column alone tells the outcome, direction chosen by itself: AUC or C of a number; of a category by its levels' event rates. */
export function lone(column: Column, data: StudyData): number {
  const { outcome } = data.development;
  const score = scoreOf(column, data);
  if (score === undefined) return NaN;
  const known = Array.from(score.keys()).filter((k) => Number.isFinite(score[k]));
  const event = known.map((k) => outcome.event[k]);
  const events = event.reduce<number>((s, e) => s + e, 0);
  if (events === 0 || (outcome.kind === "binary" && events === event.length) || known.length < 10) return NaN;
  const x = known.map((k) => score[k]);
  const value = outcome.kind === "binary" ? auc(x, event) : concordance({ time: known.map((k) => outcome.time[k]), event }, x).c;
  return Math.max(value, 1 - value);
}

function scoreOf(column: Column, data: StudyData): Float64Array | undefined {
  if (column.kind === "number") return column.values;
  if (column.kind === "date") return column.days;
  const { event } = data.development.outcome;
  const rate = column.levels.map((_, level) => {
    let n = 0, sum = 0;
    column.codes.forEach((c, k) => { if (c === level) { n++; sum += event[k]; } });
    return n === 0 ? NaN : sum / n;
  });
  return Float64Array.from(column.codes, (c) => (c < 0 ? NaN : rate[c]));
}

/** The outcome in disguise: a candidate that tells it almost alone, is it under another name, goes with the follow-up time, is known only later, or is a model's output that may have been fitted on these patients. */
export const disguiseGuard: Guard = {
  name: "outcome in disguise",
  before(plan: Plan, data: StudyData) {
    const found: Finding[] = [];
    const candidates = [...new Set(plan.models.flatMap((m) => candidatesOf(plan, m.name)))];
    const columns = data.development.table.columns;
    const outcomeColumns = plan.outcome.kind === "binary" ? [plan.outcome.column] : [plan.outcome.time, plan.outcome.event];
    for (const name of candidates) {
      const column = columns[name];
      if (column === undefined) continue;
      if (outcomeColumns.includes(name)) {
        found.push(finding("stop", name, `"${name}" is the outcome itself.`, "Take it out of the candidates."));
        continue;
      }
      if (plan.variables[name]?.available === false) {
        found.push(finding("stop", name, `"${name}" is declared unavailable at prediction (available: false), yet a model may use it.`, "Take it out of the group, or correct the declaration if it is known in time."));
        continue;
      }
      const merit = lone(column, data);
      if (merit > TOO_GOOD) {
        found.push(finding("warning", name, `"${name}" alone tells ${data.development.outcome.name} with ${data.development.outcome.kind === "binary" ? "AUC" : "C"} ${merit.toFixed(3)}: it may be the outcome in disguise.`, "Find out when and from what it is recorded."));
      } else if (data.development.outcome.kind === "survival" && column.kind !== "category") {
        const time = data.development.outcome.time;
        const values = column.kind === "number" ? column.values : column.days;
        const known = Array.from(values.keys()).filter((k) => Number.isFinite(values[k]));
        const rho = known.length < 10 ? 0 : spearman(known.map((k) => values[k]), known.map((k) => time[k]));
        if (Math.abs(rho) > 0.9) found.push(finding("warning", name, `"${name}" goes with the length of follow-up (Spearman ${rho.toFixed(2)}): it is known only as the follow-up is.`, "A predictor must be known at time zero; declare it available: false."));
      }
      if (LATER.test(name) && plan.variables[name]?.available !== true) {
        found.push(finding("warning", name, `"${name}" sounds as if it were known only after the prediction.`, `Say so (variables: "${name}": { available: false }), or confirm that it is known in time (available: true).`));
      }
      if (column.kind === "date") found.push(finding("warning", name, `"${name}" is a date among the candidates.`, "Turn it into an interval that is known at prediction."));
    }
    const made = candidates.filter((name) => columns[name] !== undefined && MADE.test(name) && plan.variables[name]?.available !== true);
    if (made.length > 0) {
      found.push({ guard: "score from elsewhere", severity: "warning", where: made[0], message: `${few(made.map((n) => `"${n}"`))} ${made.length === 1 ? "sounds" : "sound"} like what a model gave. If that model was fitted on these patients, it has seen their outcome, and no resampling here can take that back.`, doInstead: "Make the score in the plan (scores), so that every fold fits it anew; or confirm that it was made on other patients (its variable: { available: true })." });
    }
    const ids = candidates.filter((name) => identifies(columns[name]));
    if (ids.length > 0) found.push({ guard: "identifier", severity: "stop", where: "plan", message: `${few(ids.map((n) => `"${n}"`))} has a value of its own for every patient, in the order of the file or as text: an identifier, not a predictor.`, doInstead: "Take it out of the candidates." });
    return found;
  },
};

/** A text that differs in every row, or whole numbers that only rise or fall along the rows. */
function identifies(column: Column | undefined): boolean {
  if (column === undefined) return false;
  if (column.kind === "category") return column.codes.length > 20 && column.levels.length > 0.9 * column.codes.length;
  if (column.kind === "date" || column.values.length < 20) return false;
  if (!column.values.every((v) => Number.isInteger(v))) return false;
  const up = column.values.every((v, k) => k === 0 || v > column.values[k - 1]);
  return up || column.values.every((v, k) => k === 0 || v < column.values[k - 1]);
}

const finding = (severity: Finding["severity"], name: string, message: string, doInstead: string): Finding => ({ guard: "outcome in disguise", severity, where: name, message, doInstead });
