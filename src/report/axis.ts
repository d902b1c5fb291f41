import { scaleLinear } from "d3-scale";
import { exp, log } from "../math/index.js";
import { fixedText } from "./numberText.js";
import { line, text, type TextOptions } from "./svg.js";
import { textWidth } from "./textWidth.js";
import { ink, type } from "./theme.js";

/** Data to points of the picture, and back. */
export type Scale = { (value: number): number; domain: [number, number]; range: [number, number]; ticks(count: number): number[]; invert(at: number): number };

/** Linear scale; a domain without width gets one. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [a, b] = domain;
  const wide: [number, number] = b > a ? [a, b] : [a - (Math.abs(a) || 1) / 2, a + (Math.abs(a) || 1) / 2];
  const scale = scaleLinear(wide, [...range]);
  return Object.assign((value: number) => (Number.isFinite(value) ? scale(value) : NaN), { domain: wide, range: [...range] as [number, number], ticks: (n: number) => scale.ticks(n), invert: (at: number) => scale.invert(at) });
}

/** Logarithmic scale of positive numbers, ticks at 1, 2, 5 · 10ᵏ or at powers of ten. */
export function logScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const wide: [number, number] = domain[1] > domain[0] ? [...domain] : [domain[0] / 2, domain[0] * 2];
  const inner = linearScale([log(wide[0]), log(wide[1])], range);
  return Object.assign((value: number) => (value > 0 ? inner(log(value)) : NaN), {
    domain: wide, range: inner.range, invert: (at: number) => exp(inner.invert(at)),
    ticks: (n: number) => {
      const sets = [[1, 2, 5], [1, 3], [1]].map((heads) => logTicks(heads, wide));
      return sets.find((s) => s.length <= n) ?? everyOther(sets[2], n);
    },
  });
}

function logTicks(heads: number[], [low, high]: [number, number]): number[] {
  const out: number[] = [];
  for (let k = -8; k <= 8; k++) for (const head of heads) {
    const value = Number(`${head}e${k}`);
    if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) out.push(value);
  }
  return out;
}

function everyOther(values: number[], most: number): number[] {
  const step = Math.ceil(values.length / Math.max(1, most));
  return values.filter((_, k) => k % step === 0);
}

/** Least and greatest finite number, or undefined where there is none. */
export function extent(values: Iterable<number>): [number, number] | undefined {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : undefined;
}

/** The domain widened to round numbers. */
export function niceDomain(domain: readonly [number, number], count = 5): [number, number] {
  const [a, b] = linearScale(domain, [0, 1]).domain;
  return scaleLinear([a, b], [0, 1]).nice(count).domain() as [number, number];
}

/** Texts of an axis's ticks, all with the same number of decimals. */
export function tickTexts(ticks: readonly number[]): string[] {
  const digits = [0, 1, 2, 3, 4, 5, 6].find((d) => ticks.every((t) => Math.abs(t - Number(t.toFixed(d))) <= 1e-9 * Math.max(1, Math.abs(t)))) ?? 6;
  return ticks.map((t) => fixedText(t, digits));
}

/** Texts of ticks on a log scale: each as short as it goes. */
export const logTickTexts = (ticks: readonly number[]): string[] => ticks.map((t) => String(t));

export type AxisOptions = { ticks?: number[]; texts?: string[]; label?: string; log?: boolean; size?: number };

/** As many ticks as stand side by side with a gap. */
export function fittingTicks(scale: Scale, options: { texts?: (ticks: number[]) => string[]; most?: number; size?: number } = {}): number[] {
  const { texts = tickTexts, most = 8, size = type.tick } = options;
  for (let n = most; n > 1; n--) {
    const ticks = scale.ticks(n);
    const words = texts(ticks);
    const clash = ticks.some((t, k) => k > 0 && Math.abs(scale(t) - scale(ticks[k - 1])) < (textWidth(words[k], size) + textWidth(words[k - 1], size)) / 2 + 4);
    if (!clash) return ticks;
  }
  return scale.ticks(2).slice(0, 1);
}

const TICK = 3;
/** room an axis under a plot takes: ticks with their numbers, then its label */
export const BOTTOM_AXIS = 13, AXIS_LABEL = 11;

/** Axis under the plot. */
export function bottomAxis(scale: Scale, y: number, options: AxisOptions = {}): string {
  const write = options.log ? logTickTexts : tickTexts;
  const size = options.size ?? type.tick;
  const ticks = options.ticks ?? fittingTicks(scale, { texts: write, size });
  const words = options.texts ?? write(ticks);
  const [from, to] = scale.range;
  return line(from, y, to, y) + ticks.map((t, k) => line(scale(t), y, scale(t), y + TICK) + text(scale(t), y + TICK + 7, words[k], { anchor: "middle", size })).join("")
    + (options.label === undefined ? "" : text((from + to) / 2, y + BOTTOM_AXIS + AXIS_LABEL - 2, options.label, { anchor: "middle", width: Math.abs(to - from) + 8 }));
}

/** Room to the left of a plot for the numbers and the label of its axis. */
export function leftAxisRoom(scale: Scale, options: AxisOptions = {}): number {
  const ticks = options.ticks ?? scale.ticks(5);
  return Math.max(0, ...(options.texts ?? tickTexts(ticks)).map((w) => textWidth(w, type.tick))) + TICK + 4 + (options.label === undefined ? 0 : 11);
}

/** Axis to the left of the plot, its label turned. */
export function leftAxis(scale: Scale, x: number, options: AxisOptions = {}): string {
  const ticks = options.ticks ?? scale.ticks(5);
  const words = options.texts ?? (options.log ? logTickTexts(ticks) : tickTexts(ticks));
  const [from, to] = scale.range;
  const room = leftAxisRoom(scale, { ...options, ticks, texts: words });
  return line(x, from, x, to) + ticks.map((t, k) => line(x - TICK, scale(t), x, scale(t)) + text(x - TICK - 2, scale(t) + 2.5, words[k], { anchor: "end", size: type.tick })).join("")
    + (options.label === undefined ? "" : text(x - room + 6.5, (from + to) / 2, options.label, { anchor: "middle", rotate: -90, width: Math.abs(to - from) + 24 }));
}

/** Ticks above the plot with texts of their own (numbers of features left). */
export function topAxis(scale: Scale, y: number, ticks: number[], texts: string[], label?: string, options: TextOptions = {}): string {
  const [from, to] = scale.range;
  return line(from, y, to, y) + ticks.map((t, k) => line(scale(t), y - TICK, scale(t), y) + text(scale(t), y - TICK - 2, texts[k], { anchor: "middle", size: type.tick, ...options })).join("")
    + (label === undefined ? "" : text((from + to) / 2, y - BOTTOM_AXIS - 0.5, label, { anchor: "middle", fill: ink.muted, size: type.small }));
}
