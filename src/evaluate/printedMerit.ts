import { exp, InputError, log, normalQuantile } from "../math/index.js";

/** A share as printed, its decimals kept: "0.90" says more than 0.9; "83.1 %" is read as a share. */
export type Printed = string;
/** One model's figures in one set of patients, as an article prints them. */
export type PrintedMerit = { model: string; sensitivity?: Printed; specificity?: Printed; accuracy?: Printed; auc?: Printed; aucLow?: Printed; aucHigh?: Printed };
export type ClassCount = { events: number; others: number };
/** `worst`: the largest distance of any printed figure from the counts, in units of half its last decimal (at most 1 fits). */
export type MeritAudit = {
  n: number;
  /** every number of events with which all models' figures can be whole patients */
  fits: ClassCount[];
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

const printedNumber = (text: Printed, what: string): { value: number; half: number } => {
  const percent = /%\s*$/.test(text);
  const bare = text.replace(/[%\s<]/g, "").replace(",", ".").replace("−", "-");
  const value = Number(bare);
  if (bare === "" || !Number.isFinite(value)) throw new InputError(`${what} is "${text}", expected a number as printed, such as 0.83 or 83.1 %.`);
  const decimals = (bare.split(".")[1] ?? "").length;
  let unit = percent ? 0.01 : 1;
  for (let k = 0; k < decimals; k++) unit /= 10;
  return { value: percent ? value / 100 : value, half: unit / 2 };
};

/** A printed number and half a unit of its last decimal: what rounding may have moved it by. @throws InputError no number */
export const readPrinted = (text: Printed, what = "The printed number"): { value: number; half: number } => printedNumber(text, what);

/** Whole numbers k of `total` whose share rounds to what is printed (both ways at an exact half). */
function wholeCounts(total: number, printed: { value: number; half: number }): number[] {
  const slack = printed.half * (1 + 1e-9);
  const [from, to] = [Math.max(0, Math.ceil((printed.value - slack) * total - 1e-9)), Math.min(total, Math.floor((printed.value + slack) * total + 1e-9))];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k);
}

/**
 * Interval of an AUC from the numbers of the two classes alone: SE² = (A(1 − A) + (m − 1)(Q₁ − A²) + (k − 1)(Q₂ − A²))/(mk), Q₁ = A/(2 − A),
 * Q₂ = 2A²/(1 + A), m events and k others; A ± z·SE. Hanley & McNeil, Radiology 1982;143:29. It shows on how many patients a printed interval rests.
 * @throws InputError on an AUC outside 0 … 1, no events or no others
 */
export function hanleyMcNeil(auc: number, { events, others }: ClassCount, level = 0.95): { se: number; low: number; high: number } {
  if (!(auc >= 0 && auc <= 1)) throw new InputError(`Hanley–McNeil: the AUC is ${auc}, expected 0 to 1.`);
  if (!(events > 0 && others > 0)) throw new InputError(`Hanley–McNeil: ${events} events and ${others} others, expected at least one of each.`);
  const [q1, q2] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)];
  const se = Math.sqrt((auc * (1 - auc) + (events - 1) * (q1 - auc * auc) + (others - 1) * (q2 - auc * auc)) / (events * others));
  const z = normalQuantile(1 - (1 - level) / 2);
  return { se, low: Math.max(0, auc - z * se), high: Math.min(1, auc + z * se) };
}

/** Do these counts give the printed figures of one model? Possible accuracies are those of the whole numbers that sensitivity and specificity allow. */
function modelAt({ events, others }: ClassCount, m: PrintedMerit, copies = 1): { sensitivity: boolean; specificity: boolean; accuracies: number[]; accuracy: boolean } {
  const hits = m.sensitivity === undefined ? Array.from({ length: events + 1 }, (_, k) => k) : wholeCounts(events, printedNumber(m.sensitivity, `${m.model}: sensitivity`));
  const rejections = m.specificity === undefined ? Array.from({ length: others + 1 }, (_, k) => k) : wholeCounts(others, printedNumber(m.specificity, `${m.model}: specificity`));
  const total = copies * events + others;
  const accuracies = m.sensitivity === undefined || m.specificity === undefined ? [] : hits.flatMap((tp) => rejections.map((tn) => (copies * tp + tn) / total));
  let accuracy = true;
  if (m.accuracy !== undefined) {
    const printed = printedNumber(m.accuracy, `${m.model}: accuracy`);
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
 * the AUC are held against Hanley–McNeil's for the real and the copied counts. In the spirit of the GRIM test (Brown & Heathers, Soc Psychol
 * Personal Sci 2017;8:363).
 * @param n all patients of the set   @param events those with the event, where the article states them
 * @throws InputError for n, events or printed figures that are none
 */
export function auditMerit(models: readonly PrintedMerit[], n: number, { events, level = 0.95 }: { events?: number; level?: number } = {}): MeritAudit {
  if (!(Number.isInteger(n) && n >= 2)) throw new InputError(`Audit: n is ${n}, expected a whole number of at least 2 patients.`);
  if (events !== undefined && !(Number.isInteger(events) && events > 0 && events < n)) throw new InputError(`Audit: ${events} events of ${n} patients, expected a whole number between them.`);
  if (models.length === 0) throw new InputError("Audit: no model's figures were given, expected at least one.");
  const fits = Array.from({ length: n - 1 }, (_, k) => ({ events: k + 1, others: n - k - 1 })).filter((counts) => allFit(counts, models));
  const sentences = [fits.length === 0
    ? `No split of ${n} patients into two classes gives the printed figures: at least one of them is wrong, or they are not of ${n} patients.`
    : `Of ${n} patients the printed figures fit ${ranges(fits.map((f) => f.events))} with the event.`];
  if (events === undefined) return { n, fits, sentences };
  const counts = { events, others: n - events };
  const right = allFit(counts, models);
  const copies = right ? undefined : Array.from({ length: 9 }, (_, k) => k + 2).find((k) => allFit(counts, models, k));
  const stated: NonNullable<MeritAudit["stated"]> = {
    ...counts, ...(copies === undefined ? {} : { copies }),
    models: models.map((m) => {
      const at = modelAt(counts, m);
      const noInformationRate = Math.max(counts.events, counts.others) / n;
      if (m.accuracy === undefined) return { model: m.model, sensitivity: at.sensitivity, specificity: at.specificity, noInformationRate };
      const possible = at.accuracies.length === 0 ? "none" : interval([Math.min(...at.accuracies), Math.max(...at.accuracies)]);
      return { model: m.model, sensitivity: at.sensitivity, specificity: at.specificity, accuracy: { printed: m.accuracy, possible, fits: at.accuracy }, noInformationRate };
    }),
    auc: models.flatMap((m) => {
      if (m.auc === undefined) return [];
      const { value } = printedNumber(m.auc, `${m.model}: AUC`);
      const at = (k: number): [number, number] => { const h = hanleyMcNeil(value, { events: k * events, others: counts.others }, level); return [h.low, h.high]; };
      const printed = m.aucLow === undefined || m.aucHigh === undefined ? "no interval printed" : `${m.aucLow}–${m.aucHigh}`;
      return [{ model: m.model, printed, honest: at(1), ...(copies === undefined ? {} : { copied: at(copies) }) }];
    }),
  };
  sentences.push(right
    ? `With ${events} events and ${counts.others} others all figures fit.`
    : `With ${events} events and ${counts.others} others they do not fit: ${stated.models.flatMap((m) => faultOf(m)).join("; ")}.`);
  if (copies !== undefined) {
    sentences.push(`With each event counted ${copies} times (${copies * events} of ${copies * events + counts.others} rows) every figure comes right: they were computed on rows that were copied for balance, not on patients.`);
  }
  for (const a of stated.auc) if (a.copied !== undefined) sentences.push(`${a.model}: AUC interval printed ${a.printed}; Hanley–McNeil gives ${interval(a.honest)} for ${events} events and ${interval(a.copied)} for ${copies! * events}.`);
  return { n, fits, stated, sentences };
}

function faultOf(m: NonNullable<MeritAudit["stated"]>["models"][number]): string[] {
  const faults: string[] = [];
  if (!m.sensitivity) faults.push(`${m.model}: no whole number of events gives the sensitivity`);
  if (!m.specificity) faults.push(`${m.model}: no whole number of others gives the specificity`);
  if (m.accuracy !== undefined && !m.accuracy.fits) faults.push(`${m.model}: accuracy printed ${m.accuracy.printed}, possible ${m.accuracy.possible}`);
  return faults;
}

const interval = ([low, high]: [number, number]) => (low.toFixed(3) === high.toFixed(3) ? low.toFixed(3) : `${low.toFixed(3)}–${high.toFixed(3)}`);

/** 6, 8–10 */
function ranges(k: number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < k.length; ) {
    let j = i;
    while (j + 1 < k.length && k[j + 1] === k[j] + 1) j++;
    parts.push(i === j ? String(k[i]) : `${k[i]}–${k[j]}`);
    i = j + 1;
  }
  return parts.join(", ");
}

/**
 * Standard error of a log ratio from its printed interval, and the ratio's Wald z: (log high − log low)/(2z), log ratio / SE. Altman &
 * Bland, BMJ 2011;343:d2304. Plain arithmetic: no program.
 * @throws InputError on a ratio or limits not above 0, limits out of order
 */
export function ratioFromInterval(ratio: number, low: number, high: number, level = 0.95): { se: number; z: number; middle: number } {
  if (!(ratio > 0 && low > 0 && high > low)) throw new InputError(`Ratio ${ratio} (${low}–${high}): expected positive numbers, the interval in order.`);
  const se = (log(high) - log(low)) / (2 * normalQuantile(1 - (1 - level) / 2));
  return { se, z: log(ratio) / se, middle: exp((log(low) + log(high)) / 2) };
}
