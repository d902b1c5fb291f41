import { exp, InputError, log, normalCdf, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { readPrinted, type Printed } from "./printedNumber.js";

/** An odds or hazard ratio as printed; `low` and `high` of its 95 % interval, "Infinite" where the upper limit is that. */
export type PrintedRatio = { name: string; ratio: Printed; low?: Printed; high?: Printed; p?: Printed };
export type RatioAudit = { fits: boolean; /** the estimate ran off: separation */ separated: boolean; se?: number; z?: number; p?: number; sentences: string[] };

/**
 * Standard error of a log ratio from its printed interval, and the ratio's Wald z: (log high − log low)/(2z), log ratio / SE. Altman &
 * Bland, BMJ 2011;343:d2304. Plain arithmetic: no program.
 * @throws InputError on a ratio or limits not above 0, limits out of order, a level outside 0 … 1
 */
export function ratioFromInterval(ratio: number, low: number, high: number, level = 0.95): { se: number; z: number; middle: number } {
  if (!(ratio > 0 && low > 0 && high > low)) throw new InputError(`Ratio ${ratio} (${low}–${high}): expected positive numbers, the interval in order.`);
  checkLevel("ratioFromInterval", level);
  const se = (log(high) - log(low)) / (2 * normalQuantile(1 - (1 - level) / 2));
  return { se, z: log(ratio) / se, middle: exp((log(low) + log(high)) / 2) };
}

const infinite = (text: Printed | undefined) => text !== undefined && /^\s*(inf(inite|inity)?|∞)\s*$/i.test(text);
/** A ratio beyond which (or below whose inverse) an estimate is taken to have run off: no effect of a clinical variable is so large. */
const RUN_OFF = 1e6;

/**
 * Do a printed ratio, its interval and its p belong together? The ratio lies in the geometric middle of a Wald interval, whose width gives
 * the standard error and so p (`ratioFromInterval`); rounding of all four is allowed for. A ratio over a million, or limits of 0 and
 * infinity, tell of separation: a level in which all or none had the event.
 * @throws InputError what is no number, a ratio that is not positive, one limit without the other
 */
export function auditRatio({ name, ratio, low, high, p }: PrintedRatio): RatioAudit {
  const r = readPrinted(ratio, `${name}: the ratio`);
  if (!(r.value > 0)) throw new InputError(`${name}: the ratio is ${ratio}, expected a number above 0.`);
  if ((low === undefined) !== (high === undefined)) throw new InputError(`${name}: only one limit of the interval is given; give both.`);
  const shown = `${name}: ratio ${ratio}${low === undefined ? "" : ` (${low}–${high})`}${p === undefined ? "" : `, p ${p}`}`;
  const l = low === undefined ? undefined : readPrinted(low, `${name}: the lower limit`), endless = infinite(high);
  const h = high === undefined || endless ? undefined : readPrinted(high, `${name}: the upper limit`);
  if (endless || r.value > RUN_OFF || r.value < 1 / RUN_OFF) {
    return { fits: false, separated: true, sentences: [`${shown}: the estimate ran off to where it cannot be told from infinity, because all or none of a level had the event (separation): neither the ratio nor its p can be read. Firth's penalised regression gives finite ones, or merge the level with another.`] };
  }
  if (l === undefined || h === undefined) return { fits: true, separated: false, sentences: [`${shown}: no interval is printed, and without one neither the precision nor p can be judged.`] };
  if (h.value < l.value) throw new InputError(`${name}: the lower limit ${low} is above the upper one ${high}; the lower stands first.`);
  if (r.value + r.half < l.value - l.half || r.value - r.half > h.value + h.half) return { fits: false, separated: false, sentences: [`${shown}: the ratio lies outside its own interval.`] };
  if (!(l.value - l.half > 0)) return { fits: true, separated: false, sentences: [`${shown}: the lower limit is rounded to ${low}, too coarse to give a standard error.`] };
  const own = ratioFromInterval(r.value, l.value, h.value), pOf = (z: number) => 2 * normalCdf(Math.abs(z), { upper: true });
  // every corner of what rounding leaves open
  const zs = [r.value - r.half, r.value, r.value + r.half].flatMap((a) => [l.value - l.half, l.value, l.value + l.half].flatMap((b) => [h.value - h.half, h.value, h.value + h.half].flatMap((c) => (a > 0 && c > b ? [ratioFromInterval(a, b, c)] : []))));
  const sides = zs.map((q) => Math.abs(q.z)), [near, far] = [Math.min(...sides), Math.max(...sides)];
  const q = p === undefined ? undefined : readPrinted(p, `${name}: p`);
  const pFits = q === undefined || (/^\s*</.test(p!) ? pOf(far) < q.value : pOf(near) >= q.value - q.half && pOf(far) <= q.value + q.half);
  // the interval is Wald's where the ratio stands in its geometric middle; a profile or bootstrap interval need not, and gives no p
  const middle = Math.min(...zs.map((w) => w.middle)), top = Math.max(...zs.map((w) => w.middle));
  const even = r.value + r.half >= middle && r.value - r.half <= top;
  const facts = { se: own.se, z: own.z, p: pOf(own.z) };
  const said = q === undefined ? `${shown}: by Wald z = ${own.z.toFixed(2)}, p = ${short(facts.p)}.` : pFits ? `${shown}: the interval gives p = ${short(facts.p)}, as printed.` : `${shown}: the interval gives p = ${short(facts.p)}, not ${p} as printed${even ? "" : ", unless p is of another test than Wald's"}.`;
  const sentences = [said, ...(even ? [] : [`${name}: the ratio is not in the geometric middle of its limits (${short(own.middle)}), so the interval is not Wald's (a profile likelihood's or a bootstrap's need not be even), or one of the three is wrong.`])];
  return { fits: pFits || !even, separated: false, ...facts, sentences };
}

const short = (p: number) => (p < 1e-4 ? p.toExponential(0) : String(Number(p.toPrecision(3))));
