// IBSI's reference tables: how they are read, and how our values are held against them.
import { readFileSync } from "node:fs";

/** One row of a reference table that has a consensus value. */
export type ReferenceRow = { tag: string; reference: number; tolerance: number; /** as printed */ printed: string };

/** A row with our value: `rounded` to the digits that count. */
export type Verdict = ReferenceRow & { ours: number; rounded: number; pass: boolean };

/** Rows of `reference value;tolerance;tag`; those without a consensus value are left out. */
export function readReference(path: string): ReferenceRow[] {
  return readFileSync(path, "utf8").split(/\r?\n/).slice(1).map((line) => line.split(";")).filter(([printed]) => printed !== undefined && printed !== "")
    .map(([printed, tolerance, tag]) => ({ tag, reference: Number(printed), tolerance: Number(tolerance), printed }));
}

/** One row of IBSI 2's table: a filter (1.A … 9.B) and a statistic. */
export type FilterRow = ReferenceRow & { filter: string };

/** Rows of `filter_id;feature;feature_tag;consensus_value;tolerance`; a blank value is left out. */
export function readFilterReference(path: string): FilterRow[] {
  return readFileSync(path, "utf8").split(/\r?\n/).slice(1).map((line) => line.split(";")).filter((cells) => (cells[3] ?? "") !== "")
    .map(([filter, , tag, printed, tolerance]) => ({ filter, tag, reference: Number(printed), tolerance: Number(tolerance), printed }));
}

/**
 * The tables print consensus values of three significant digits (counts in full) and tolerances that are mostly 0, so ours is
 * rounded to three digits, or to as many as the reference prints, before |ours − reference| <= tolerance is asked.
 */
export function verdict<R extends ReferenceRow>(row: R, ours: number | undefined): R & Verdict {
  const value = ours ?? NaN;
  const rounded = Number.isFinite(value) ? Number(value.toPrecision(Math.max(3, significantDigits(row.printed)))) : NaN;
  const slack = 1e-9 * Math.abs(row.reference);
  return { ...row, ours: value, rounded, pass: Math.abs(rounded - row.reference) <= row.tolerance + slack };
}

/** Digits that carry information: without sign, exponent, leading zeros, and the trailing zeros of a whole number. */
function significantDigits(printed: string): number {
  const mantissa = printed.replace(/e.*$/i, "");
  const digits = mantissa.replace(/[-+.]/g, "").replace(/^0+/, "");
  return (mantissa.includes(".") ? digits : digits.replace(/0+$/, "")).length;
}
