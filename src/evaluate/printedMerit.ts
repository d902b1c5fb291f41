import { InputError } from "../math/index.js";
import { auditInterval, hanleyMcNeil, intervalSentences, rangesOf, type ClassCount, type IntervalAudit } from "./printedInterval.js";
import { readShare, type Printed } from "./printedNumber.js";

/** One model's figures in one set of patients, as an article prints them. */
export type PrintedMerit = { model: string; sensitivity?: Printed; specificity?: Printed; accuracy?: Printed; auc?: Printed; aucLow?: Printed; aucHigh?: Printed };
export type MeritAudit = {
  n: number;
  /** every number of events with which all models' sensitivity, specificity and accuracy can be whole patients */
  fits: ClassCount[];
  /** nothing printed contradicts anything else: whole patients, at the stated number of events where there is one, and the AUCs' intervals */
  right: boolean;
  /** each printed AUC: within its limits, their width against the numbers of events */
  intervals: IntervalAudit[];
  /** at the stated number of events */
  stated?: {
    events: number; others: number;
    models: { model: string; sensitivity: boolean; specificity: boolean; accuracy?: { printed: string; possible: string; fits: boolean }; noInformationRate: number }[];
    /** copies of each event row with which every accuracy comes right, where one copy does not: metrics of balanced rows */
    copies?: number;
    /** Hanley–McNeil interval of the AUC at the stated counts, and with the copies */
    auc: { model: string; printed: string; honest: [number, number]; copied?: [number, number] }[];
  };
  sentences: string[];
};

/** Whole numbers k of `total` whose share rounds to what is printed (both ways at an exact half). */
function wholeCounts(total: number, printed: { value: number; half: number }): number[] {
  const slack = printed.half * (1 + 1e-9);
  const [from, to] = [Math.max(0, Math.ceil((printed.value - slack) * total - 1e-9)), Math.min(total, Math.floor((printed.value + slack) * total + 1e-9))];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k);
}

/** Do these counts give the printed figures of one model? Possible accuracies are those of the whole numbers that sensitivity and specificity allow. */
function modelAt({ events, others }: ClassCount, m: PrintedMerit, copies = 1): { sensitivity: boolean; specificity: boolean; accuracies: number[]; accuracy: boolean } {
  const hits = m.sensitivity === undefined ? Array.from({ length: events + 1 }, (_, k) => k) : wholeCounts(events, readShare(m.sensitivity, `${m.model}: sensitivity`));
  const rejections = m.specificity === undefined ? Array.from({ length: others + 1 }, (_, k) => k) : wholeCounts(others, readShare(m.specificity, `${m.model}: specificity`));
  const total = copies * events + others;
  const accuracies = m.sensitivity === undefined || m.specificity === undefined ? [] : hits.flatMap((tp) => rejections.map((tn) => (copies * tp + tn) / total));
  let accuracy = true;
  if (m.accuracy !== undefined) {
    const printed = readShare(m.accuracy, `${m.model}: accuracy`);
    const near = (a: number) => Math.abs(a - printed.value) <= printed.half * (1 + 1e-9) + 1e-12;
    accuracy = accuracies.length > 0 ? accuracies.some(near)
      : wholeCounts(total, printed).some((right) => hits.some((tp) => rejections.some((tn) => copies * tp + tn === right)));
  }
  return { sensitivity: hits.length > 0, specificity: rejections.length > 0, accuracies, accuracy };
}

const allFit = (counts: ClassCount, models: readonly PrintedMerit[], copies = 1) => models.every((m) => {
  const at = modelAt(counts, m, copies);
  return at.sensitivity && at.specificity && at.accuracy;
});

/**
 * Which class counts can have given the sensitivity, specificity and accuracy that an article prints for n patients? Each is a whole number
 * of patients over its class, rounded; several models of one set share their patients. At the stated number of events it is checked whether
 * the figures fit, and if not, whether they fit after each event was copied 2 … 10 times (metrics of upsampled rows); printed intervals of
 * the AUC are held against Hanley–McNeil's (`auditInterval`). In the spirit of the GRIM test (Brown & Heathers, Soc Psychol
 * Personal Sci 2017;8:363).
 * @param n all patients of the set   @param events those with the event, where the article states them
 * @throws InputError for n, events or printed figures that are none
 */
export function auditMerit(models: readonly PrintedMerit[], n: number, { events, level = 0.95 }: { events?: number; level?: number } = {}): MeritAudit {
  if (!(Number.isInteger(n) && n >= 2)) throw new InputError(`Audit: n is ${n}, expected a whole number of at least 2 patients.`);
  if (events !== undefined && !(Number.isInteger(events) && events > 0 && events < n)) throw new InputError(`Audit: ${events} events of ${n} patients, expected a whole number between them.`);
  if (models.length === 0) throw new InputError("Audit: no model's figures were given, expected at least one.");
  const shares = models.some((m) => m.sensitivity !== undefined || m.specificity !== undefined || m.accuracy !== undefined);
  if (!shares && models.every((m) => m.auc === undefined && m.aucLow === undefined && m.aucHigh === undefined)) throw new InputError("Audit: no printed figure was given beside n; give any of sensitivity, specificity, accuracy and AUC.");
  const fits = Array.from({ length: n - 1 }, (_, k) => ({ events: k + 1, others: n - k - 1 })).filter((counts) => allFit(counts, models));
  const intervals = models.flatMap((m) => auditInterval(m, n, { ...(events === undefined ? {} : { events }), level }) ?? []);
  const sentences = !shares ? [] : [fits.length === 0
    ? `No split of ${n} patients into two classes gives the printed figures: at least one of them is wrong, or they are not of ${n} patients.`
    : `Of ${n} patients the printed figures fit ${rangesOf(fits.map((f) => f.events))} with the event.`];
  if (events === undefined) {
    for (const a of intervals) sentences.push(...intervalSentences(a, n));
    // the counts that whole patients allow must be among those that each interval allows
    const shared = fits.filter((f) => intervals.every((a) => a.consistent === undefined || a.binomial === true || a.consistent.includes(f.events)));
    const right = fits.length > 0 && intervals.every((a) => a.fits) && shared.length > 0;
    if (!right && fits.length > 0 && intervals.every((a) => a.fits)) sentences.push("No number of events is consistent with all of them at once.");
    return { n, fits, right, intervals, sentences };
  }
  const counts = { events, others: n - events };
  const whole = allFit(counts, models);
  const copies = whole ? undefined : Array.from({ length: 9 }, (_, k) => k + 2).find((k) => allFit(counts, models, k));
  const stated: NonNullable<MeritAudit["stated"]> = {
    ...counts, ...(copies === undefined ? {} : { copies }),
    models: models.map((m) => {
      const at = modelAt(counts, m);
      const noInformationRate = Math.max(counts.events, counts.others) / n;
      if (m.accuracy === undefined) return { model: m.model, sensitivity: at.sensitivity, specificity: at.specificity, noInformationRate };
      const possible = at.accuracies.length === 0 ? (m.sensitivity ?? m.specificity) === undefined ? nearestShares(m.accuracy, n) : "none" : interval([Math.min(...at.accuracies), Math.max(...at.accuracies)]);
      return { model: m.model, sensitivity: at.sensitivity, specificity: at.specificity, accuracy: { printed: m.accuracy, possible, fits: at.accuracy }, noInformationRate };
    }),
    auc: models.flatMap((m) => {
      if (m.auc === undefined) return [];
      const { value } = readShare(m.auc, `${m.model}: AUC`);
      const at = (k: number): [number, number] => { const h = hanleyMcNeil(value, { events: k * events, others: counts.others }, level); return [h.low, h.high]; };
      const printed = m.aucLow === undefined || m.aucHigh === undefined ? "no interval printed" : `${m.aucLow}–${m.aucHigh}`;
      return [{ model: m.model, printed, honest: at(1), ...(copies === undefined ? {} : { copied: at(copies) }) }];
    }),
  };
  if (shares) {
    sentences.push(whole
      ? `With ${events} events and ${counts.others} others sensitivity, specificity and accuracy can be whole patients.`
      : `With ${events} events and ${counts.others} others they do not fit: ${stated.models.flatMap((m) => faultOf(m)).join("; ")}.`);
  }
  if (copies !== undefined) {
    sentences.push(`With each event counted ${copies} times (${copies * events} of ${copies * events + counts.others} rows) every figure comes right: they were computed on rows that were copied for balance, not on patients.`);
  }
  const accurate = models.flatMap((m) => (m.accuracy === undefined ? [] : [m.accuracy]));
  if (accurate.length > 0) {
    const most = Math.max(events, counts.others);
    sentences.push(`No-information rate ${(100 * most / n).toFixed(1)} % (${most} of ${n}): so often would be right who calls every patient ${most === events ? "an event" : "no event"}; accuracy printed ${accurate.join(", ")}.`);
  }
  for (const a of intervals) sentences.push(...intervalSentences(a, n));
  return { n, fits, right: whole && intervals.every((a) => a.fits), intervals, stated, sentences };
}

/** The shares of n patients on both sides of a printed one. */
function nearestShares(printed: Printed, n: number): string {
  const below = Math.floor(readShare(printed, "accuracy").value * n), percent = /%/.test(printed), decimals = (printed.replace(/[%\s]/g, "").split(/[.,]/)[1] ?? "").length;
  const shown = (k: number) => `${((percent ? 100 : 1) * k / n).toFixed(decimals)}${percent ? " %" : ""} (${k} of ${n})`;
  return below >= n ? shown(n) : `${shown(below)} or ${shown(below + 1)}, unless it is a mean over folds or repeats`;
}

function faultOf(m: NonNullable<MeritAudit["stated"]>["models"][number]): string[] {
  const faults: string[] = [];
  if (!m.sensitivity) faults.push(`${m.model}: no whole number of events gives the sensitivity`);
  if (!m.specificity) faults.push(`${m.model}: no whole number of others gives the specificity`);
  if (m.accuracy !== undefined && !m.accuracy.fits) faults.push(`${m.model}: accuracy printed ${m.accuracy.printed}, possible ${m.accuracy.possible}`);
  return faults;
}

const interval = ([low, high]: [number, number]) => (low.toFixed(3) === high.toFixed(3) ? low.toFixed(3) : `${low.toFixed(3)}–${high.toFixed(3)}`);
