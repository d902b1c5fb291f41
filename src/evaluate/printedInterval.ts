import { betaQuantile, exp, InputError, log, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { readShare, type Printed } from "./printedNumber.js";

export type ClassCount = { events: number; others: number };
type Limits = [low: number, high: number];
/** Rows that were copied before the interval was computed: "events" those of the rarer class, "rows" all. */
export type CopiedInterval = { of: "events" | "others" | "rows"; copies: number; limits: Limits; meets: number[] };
export type IntervalAudit = {
  model: string; auc: Printed; /** "0.830–0.880", where limits are printed */ printed?: string;
  /** the AUC lies within its own limits */
  ordered: boolean;
  /** numbers of events of the n patients with which the printed width is consistent; absent without limits */
  consistent?: number[];
  /** the printed limits are those of the AUC as a share of n patients ("binomial exact"), which know nothing of events */
  binomial?: boolean;
  /** at the stated numbers of events and others: Hanley–McNeil's limits, on the AUC's scale and on the logit's; `ratio` printed width over theirs */
  stated?: ClassCount & { limits: Limits; logit?: Limits; ratio?: number; band: Limits; fits: boolean; copied?: CopiedInterval[] };
  fits: boolean;
};

/**
 * Interval of an AUC from the numbers of the two classes alone: SE² = (A(1 − A) + (m − 1)(Q₁ − A²) + (k − 1)(Q₂ − A²))/(mk), Q₁ = A/(2 − A),
 * Q₂ = 2A²/(1 + A), m events and k others; A ± z·SE. Hanley & McNeil, Radiology 1982;143:29. It shows on how many patients a printed interval rests.
 * @throws InputError on an AUC outside 0 … 1, no events or no others, a level outside 0 … 1
 */
export function hanleyMcNeil(auc: number, { events, others }: ClassCount, level = 0.95): { se: number; low: number; high: number } {
  if (!(auc >= 0 && auc <= 1)) throw new InputError(`Hanley–McNeil: the AUC is ${auc}, expected 0 to 1.`);
  if (!(events > 0 && others > 0)) throw new InputError(`Hanley–McNeil: ${events} events and ${others} others, expected at least one of each.`);
  checkLevel("Hanley–McNeil", level);
  const [q1, q2] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)];
  const se = Math.sqrt((auc * (1 - auc) + (events - 1) * (q1 - auc * auc) + (others - 1) * (q2 - auc * auc)) / (events * others));
  const z = normalQuantile(1 - (1 - level) / 2);
  return { se, low: Math.max(0, auc - z * se), high: Math.min(1, auc + z * se) };
}

/**
 * How many times as wide as Hanley–McNeil's an interval by DeLong may be: 2.5 to 97.5 % of the ratio of the two standard errors in binormal
 * samples whose score spreads half to twice as far among the events as among the others, from 6 and 23 to 200 and 300 patients (the test
 * simulates it: no source). Hanley–McNeil's is too wide for high AUCs, and DeLong's own is unsteady below ten patients of a class.
 */
export function widthBand(auc: number, { events, others }: ClassCount): Limits {
  const a = Math.max(auc, 1 - auc), few = Math.min(events, others) < 10;
  return [Math.max(0.35, 0.6 - 1.2 * Math.max(0, a - 0.82) - (few ? 0.1 : 0)), few ? 1.6 : 1.4];
}

type Asked = { value: number; half: number; low: { value: number; half: number }; high: { value: number; half: number }; z: number };

/** Least and largest width ratio that rounding allows, on the AUC's scale; by the lower arm alone where the upper limit is cut off at 1. */
function ratioOnScale({ value, half, low, high, z }: Asked, counts: ClassCount): { ratio: number; least: number; most: number } {
  const cut = high.value >= 1 - high.half;
  const width = cut ? value - low.value : high.value - low.value, slack = low.half + (cut ? half : high.half);
  const of = (a: number) => (cut ? 1 : 2) * z * hanleyMcNeil(Math.min(1, Math.max(0, a)), counts).se;
  const own = [of(value - half), of(value), of(value + half)];
  return { ratio: width / own[1], least: Math.max(0, width - slack) / Math.max(...own), most: (width + slack) / Math.min(...own) };
}

/** The same on the logit scale, on which some programs make the interval; undefined where a limit is 0 or 1. */
function ratioOnLogit({ value, low, high, z }: Asked, counts: ClassCount): number | undefined {
  if (!(low.value > 0 && high.value < 1 && value > 0 && value < 1)) return undefined;
  const logit = (p: number) => log(p / (1 - p));
  return (logit(high.value) - logit(low.value)) / (2 * z * (hanleyMcNeil(value, counts).se / (value * (1 - value))));
}

/** The width ratio nearer to 1 of the two scales, and whether it is one that DeLong's intervals have. */
function widthAt(asked: Asked, counts: ClassCount, [from, to] = widthBand(asked.value, counts)): { ratio: number; fits: boolean } {
  const plain = ratioOnScale(asked, counts), bent = ratioOnLogit(asked, counts);
  const fits = (plain.least <= to && plain.most >= from) || (bent !== undefined && bent >= from && bent <= to);
  const far = (r: number) => Math.abs(log(r));
  return { ratio: bent !== undefined && far(bent) < far(plain.ratio) ? bent : plain.ratio, fits };
}

/** The share's exact binomial limits over n patients, within the rounding of all three printed numbers. */
function isBinomial({ value, half, low, high }: Asked, n: number, level: number): boolean {
  const tail = (1 - level) / 2;
  const lower = (a: number) => (a <= 0 ? 0 : betaQuantile(tail, a * n, n - a * n + 1)), upper = (a: number) => (a >= 1 ? 1 : betaQuantile(1 - tail, a * n + 1, n - a * n));
  const [least, most] = [Math.max(0, value - half), Math.min(1, value + half)];
  return low.value + low.half >= lower(least) && low.value - low.half <= lower(most) && high.value + high.half >= upper(least) && high.value - high.half <= upper(most);
}

/** Copies 2 … 10 of the rarer class, and of all rows, whose width meets the printed one within 10 %. */
function copiesOf(asked: Asked, { events, others }: ClassCount, level: number): CopiedInterval[] {
  const rare = events <= others ? "events" : "others";
  return ([rare, "rows"] as const).flatMap((of) => {
    const counts = (k: number) => ({ events: of === "others" ? events : k * events, others: of === "events" ? others : k * others });
    const near = Array.from({ length: 9 }, (_, k) => k + 2).map((k) => ({ k, far: Math.abs(log(widthAt(asked, counts(k)).ratio)), fits: widthAt(asked, counts(k), [1 / 1.1, 1.1]).fits })).filter((c) => c.fits);
    if (near.length === 0) return [];
    const { k } = near.reduce((best, c) => (c.far < best.far ? c : best));
    const { low, high } = hanleyMcNeil(asked.value, counts(k), level);
    return [{ of, copies: k, limits: [low, high] as Limits, meets: near.map((c) => c.k) }];
  });
}

/**
 * Can a printed AUC and its interval be of these patients? The AUC must lie within its limits, and their width must be one that the numbers of
 * events and others allow: by Hanley & McNeil, an approximation, so that a match says "consistent with" and `widthBand` says what is not one.
 * Where the width misfits at the stated events, it is held against rows that were copied before the interval was computed.
 * @returns undefined where no AUC is printed   @throws InputError one limit without the other, limits out of order or without an AUC
 */
export function auditInterval({ model, auc, aucLow, aucHigh }: { model: string; auc?: Printed; aucLow?: Printed; aucHigh?: Printed }, n: number, { events, level = 0.95 }: { events?: number; level?: number } = {}): IntervalAudit | undefined {
  if (auc === undefined) {
    if (aucLow !== undefined || aucHigh !== undefined) throw new InputError(`${model}: limits of an AUC's interval without the AUC; give it too.`);
    return undefined;
  }
  const { value, half } = readShare(auc, `${model}: AUC`);
  const at = events === undefined ? undefined : { events, others: n - events };
  const limitsAt = (counts: ClassCount): { limits: Limits; logit?: Limits } => {
    const { se, low, high } = hanleyMcNeil(value, counts, level), arm = (normalQuantile(1 - (1 - level) / 2) * se) / (value * (1 - value));
    return { limits: [low, high], ...(value > 0 && value < 1 ? { logit: [shifted(value, -arm), shifted(value, arm)] as Limits } : {}) };
  };
  if (aucLow === undefined && aucHigh === undefined) {
    return { model, auc, ordered: true, fits: true, ...(at === undefined ? {} : { stated: { ...at, ...limitsAt(at), band: widthBand(value, at), fits: true } }) };
  }
  if (aucLow === undefined || aucHigh === undefined) throw new InputError(`${model}: only one limit of the AUC's interval is given; give both.`);
  const [low, high] = [readShare(aucLow, `${model}: lower limit of the AUC`), readShare(aucHigh, `${model}: upper limit of the AUC`)];
  if (low.value > high.value) throw new InputError(`${model}: the AUC's lower limit ${aucLow} is above the upper one ${aucHigh}; the lower stands first.`);
  const asked: Asked = { value, half, low, high, z: normalQuantile(1 - (1 - level) / 2) };
  const ordered = value + half >= low.value - low.half && value - half <= high.value + high.half;
  const binomial = isBinomial(asked, n, level);
  const consistent = Array.from({ length: n - 1 }, (_, k) => k + 1).filter((k) => widthAt(asked, { events: k, others: n - k }).fits);
  const result = { model, auc, printed: `${aucLow}–${aucHigh}`, ordered, consistent, binomial };
  if (at === undefined) return { ...result, fits: ordered && (binomial || consistent.length > 0) };
  const width = widthAt(asked, at), fits = binomial || width.fits;
  const copied = ordered && !fits && width.ratio < 1 ? copiesOf(asked, at, level) : undefined;
  return { ...result, stated: { ...at, ...limitsAt(at), ratio: width.ratio, band: widthBand(value, at), fits, ...(copied === undefined ? {} : { copied }) }, fits: ordered && fits };
}

/** A share moved by `arm` on the logit scale. */
function shifted(share: number, arm: number): number {
  const odds = (share / (1 - share)) * exp(arm);
  return odds / (1 + odds);
}

const interval = ([low, high]: Limits) => `${low.toFixed(3)}–${high.toFixed(3)}`;
const times = (x: number) => x.toFixed(2);

/** What the audit of an interval found, in sentences. */
export function intervalSentences(a: IntervalAudit, n: number): string[] {
  const who = `${a.model}: AUC ${a.auc}${a.printed === undefined ? "" : ` (${a.printed})`}`;
  if (!a.ordered) return [`${who} lies outside its own interval: one of the three numbers is wrong.`];
  const said: string[] = [];
  const s = a.stated;
  if (s !== undefined) {
    const theirs = `${who}: by Hanley and McNeil ${s.events} events and ${s.others} others give ${interval(s.limits)}${s.logit === undefined ? "" : ` (on the logit scale ${interval(s.logit)})`}`;
    const allowed = `DeLong's and others' may be ${times(s.band[0])} to ${times(s.band[1])} times as wide`;
    if (s.ratio === undefined) said.push(`${theirs}.`);
    else if (a.binomial === true && !(s.ratio >= s.band[0] && s.ratio <= s.band[1])) said.push(`${theirs}; the printed one is the exact binomial interval of ${n} patients, which takes the AUC for a share and knows nothing of the events.`);
    else said.push(s.fits ? `${theirs}; the printed width is ${times(s.ratio)} times theirs, consistent with these counts (${allowed}).`
      : `${theirs}; the printed width is ${times(s.ratio)} times theirs, not consistent with these counts (${allowed}).`);
    for (const c of s.copied ?? []) {
      const which = c.of === "rows" ? `all ${s.events + s.others} rows` : `the ${s[c.of]} ${c.of}`;
      said.push(`${a.model}: the width is as if ${which} had been copied, each counted ${c.meets.length === 1 ? `${c.copies} times` : `${rangesOf(c.meets)} times (nearest ${c.copies})`}: ${c.copies} give ${interval(c.limits)}.`);
    }
    if (s.copied?.length === 0) said.push(`${a.model}: no 2 to 10 copies of the rarer class or of all rows meet the printed width either.`);
  }
  if (a.consistent !== undefined && !(a.binomial === true && a.consistent.length === 0)) {
    said.push(a.consistent.length === 0 ? `${who}: no number of events among ${n} patients is consistent with an interval of this width.`
      : `${who}: the width is consistent with ${rangesOf(a.consistent)} of ${n} patients having the event (an approximation).`);
  } else if (s === undefined && a.binomial === true) said.push(`${who}: the interval is the exact binomial one of ${n} patients, which takes the AUC for a share and knows nothing of the events.`);
  return said;
}

/** 6, 8–10 */
export function rangesOf(k: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < k.length; ) {
    let j = i;
    while (j + 1 < k.length && k[j + 1] === k[j] + 1) j++;
    parts.push(i === j ? String(k[i]) : `${k[i]}–${k[j]}`);
    i = j + 1;
  }
  return parts.join(", ");
}
