import type { Estimate } from "./results.js";

// How numbers are rounded and printed, once for all: true minus, en dash between the ends of an interval ("to" where an end is
// negative), P never 0.000, and one sign for what could not be computed.

/** What stands where a number could not be computed. */
export const NOT_COMPUTED = "–";

/** A number to a fixed count of decimals, with a true minus; never "−0.00". */
export function fixedText(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return x === Infinity ? "∞" : x === -Infinity ? "−∞" : NOT_COMPUTED;
  const text = Math.abs(x) < 1e15 ? x.toFixed(decimals) : x.toExponential(2);
  return signed(Number(text) === 0 ? text.replace("-", "") : text);
}

/** A whole number with commas between thousands: 11,258. */
export function countText(n: number): string {
  if (!Number.isFinite(n)) return NOT_COMPUTED;
  return signed(String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ","));
}

/** A number to `digits` significant digits, plain between 0.0001 and a million, else as 2.5 × 10⁶. */
export function significantText(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return fixedText(x, 0);
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, power] = x.toExponential(digits - 1).split("e");
    return `${signed(mantissa)} × 10${superscript(Number(power))}`;
  }
  const text = x.toPrecision(digits);
  return signed(text.includes("e") ? String(Number(text)) : text);
}

/** A number in full, as it is stored. */
export function fullText(x: number): string {
  return Number.isFinite(x) ? signed(String(x).replace(/e([+-]\d+)$/, (_, power: string) => ` × 10${superscript(Number(power))}`)) : fixedText(x, 0);
}

/**
 * A p-value without its letter: "< 0.001", three decimals below 0.1, two above, "> 0.99"; what is below .05 is never rounded up to it.
 */
export function pText(p: number): string {
  if (!Number.isFinite(p)) return NOT_COMPUTED;
  if (p < 0.001) return "< 0.001";
  if (p > 0.99) return "> 0.99";
  if (p < 0.05 && p >= 0.0495) return p.toFixed(4) === "0.0500" ? "< 0.05" : p.toFixed(4);
  return p < 0.0995 ? p.toFixed(3) : p.toFixed(2);
}

/** "P = 0.032", "P < 0.001". */
export function pSentence(p: number): string {
  const text = pText(p);
  return /^[<>]/.test(text) ? `P ${text}` : `P = ${text}`;
}

/** "0.62–0.79"; "−0.03 to 0.05" where a bound is negative or not finite; what is missing shows as such. */
export function intervalText(low: number | undefined, high: number | undefined, decimals: number | ((x: number) => string)): string {
  // null: NaN that went through JSON
  if (typeof low !== "number" || typeof high !== "number" || (Number.isNaN(low) && Number.isNaN(high))) return NOT_COMPUTED;
  const text = typeof decimals === "function" ? decimals : (x: number) => fixedText(x, decimals);
  const [a, b] = [text(low), text(high)];
  return low < 0 || high < 0 || !Number.isFinite(low) || !Number.isFinite(high) || a.includes("−") ? `${a} to ${b}` : `${a}–${b}`;
}

/** Decimals in which a measure of merit is printed. */
export function measureDecimals(measure: string): number {
  if (/slope|in the large|ratio|HR|OR\b/i.test(measure)) return 2;
  return 3;
}

/** A ratio (odds, hazard): two decimals, fewer where it is large; small ones by significant digits. */
export function ratioText(x: number): string {
  if (!Number.isFinite(x)) return fixedText(x, 0);
  const size = Math.abs(x);
  if (size >= 10000 || (size < 0.001 && x !== 0)) return significantText(x, 2);
  if (size >= 99.95) return fixedText(x, 0);
  if (size >= 9.995) return fixedText(x, 1);
  return size < 0.095 ? significantText(x, 2) : fixedText(x, 2);
}

/** "0.713 (0.652–0.774)"; without an interval the number alone. */
export function estimateText(e: Pick<Estimate, "value" | "low" | "high">, decimals: number): string {
  const value = fixedText(e.value, decimals);
  return e.low === undefined || e.high === undefined ? value : `${value} (${intervalText(e.low, e.high, decimals)})`;
}

/** Decimals of a percentage of so many: none below 100, one from there. */
export function percentDecimals(total: number): number {
  return total < 100 ? 0 : 1;
}

/** "45 (28.0 %)" has its percentage from here: count of total, decimals by the total unless given. */
export function percentText(percent: number, decimals: number): string {
  return Number.isFinite(percent) ? `${fixedText(percent, decimals)} %` : NOT_COMPUTED;
}

/** Decimals in which a measured variable is described: two digits of its spread are kept, at least one decimal below 100. */
export function spreadDecimals(spread: number): number {
  if (!Number.isFinite(spread) || spread === 0) return 1;
  if (spread >= 100) return 0;
  let decimals = 1;
  for (let limit = 1; spread < limit && decimals < 6; limit /= 10) decimals++;
  return decimals;
}

/** "level" of an interval in words: .95 → "95 % CI". */
export function levelText(level = 0.95): string {
  return `${String(Number((100 * level).toFixed(2)))} % CI`;
}

function signed(text: string): string {
  return text.replace("-", "−");
}

function superscript(power: number): string {
  return [...String(power)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
}
