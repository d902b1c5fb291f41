import { InputError } from "../math/index.js";
import { columnOf, labelsOf, numbersOf } from "./columns.js";
import type { BinaryOutcome, SurvivalOutcome } from "./outcome.js";
import { selectRows, type Table } from "./table.js";

/** A row that has no outcome, and why. */
export type LeftOut = { id: string; row: number; why: string };
/** The rows that have the outcome (`rows` of the table given, in their order), the outcome of those, and the others with reasons. */
export type WithOutcome<O> = { table: Table; outcome: O; rows: number[]; leftOut: LeftOut[] };

/**
 * A binary outcome from a column. `event` lists the values that mean 1 and `none` those that mean 0, as text ("1", "yes");
 * without `none` every other value means 0. A missing value, or one in neither list, leaves the row out with its reason.
 * An outcome of one class is an InputError. Plumbing: no source.
 */
export function binaryOutcome(table: Table, options: { column: string; event: readonly (string | number)[]; none?: readonly (string | number)[]; name?: string }): WithOutcome<BinaryOutcome> {
  const labels = labelsOf(table, options.column);
  const coded = eventCoding(options.column, labels, options.event, options.none);
  const { rows, leftOut } = sift(table, (r) => coded.why[r]);
  const event = Uint8Array.from(rows, (r) => coded.event[r]);
  const events = event.reduce((a, b) => a + b, 0);
  if (events === 0 || events === rows.length) {
    throw new InputError(`${options.column} is ${events === 0 ? "never" : "always"} an event (${options.event.join(", ")}) in ${rows.length} rows. Check the values listed as event.`);
  }
  return { table: selectRows(table, rows), outcome: { kind: "binary", event, name: options.name ?? options.column }, rows, leftOut };
}

/** Days in each unit of time; a year is 365.25 days and a month a twelfth of it. */
export const timeUnits = { days: 1, weeks: 7, months: 30.4375, years: 365.25 } as const;
export type TimeUnit = keyof typeof timeUnits;

/**
 * A survival outcome from a column of times (in `unit`) and one of event codes. `event` lists codes of the event; `competing`,
 * in order, those of other causes (cause 2, 3, …; the event of interest is 1); all others, or those of `censored`, are
 * censored. `into` changes the unit (a month is 30.4375 days, a year 365.25). Rows left out with a reason: time or code
 * missing, an unlisted code, a negative time; a time of zero stays unless `zero` is "leaveOut". No event is an InputError. Plumbing: no
 * source.
 */
export function survivalOutcome(table: Table, options: {
  time: string; unit: TimeUnit; into?: TimeUnit; status: string; event: readonly (string | number)[]; competing?: readonly (string | number)[];
  censored?: readonly (string | number)[]; zero?: "keep" | "leaveOut"; name?: string;
}): WithOutcome<SurvivalOutcome> {
  const times = numbersOf(table, options.time);
  const labels = labelsOf(table, options.status);
  const competing = (options.competing ?? []).map(String);
  const coded = eventCoding(options.status, labels, [...options.event, ...competing], options.censored);
  const { rows, leftOut } = sift(table, (r) => {
    const t = times[r];
    if (Number.isNaN(t)) return `${options.time} is missing`;
    if (!Number.isFinite(t)) return `${options.time} is infinite`;
    if (t < 0) return `${options.time} is negative (${t})`;
    if (t === 0 && options.zero === "leaveOut") return `${options.time} is zero`;
    return coded.why[r];
  });
  const unit = options.into ?? options.unit;
  const factor = timeUnits[options.unit] / timeUnits[unit];
  if (!(factor > 0)) throw new InputError(`The unit of time is "${options.unit}" into "${unit}", but ${Object.keys(timeUnits).join(", ")} are known.`);
  // not among the competing ones: −1 + 2 = 1, the event of interest
  const cause = Uint8Array.from(rows, (r) => (coded.event[r] === 0 ? 0 : competing.indexOf(labels[r]) + 2));
  const event = cause.map((c) => (c === 1 ? 1 : 0));
  if (!event.includes(1)) throw new InputError(`${options.status} is never an event (${options.event.join(", ")}) in ${rows.length} rows. Check the codes listed as event.`);
  const outcome: SurvivalOutcome = {
    kind: "survival", time: Float64Array.from(rows, (r) => times[r] * factor), event, unit, name: options.name ?? options.status,
    ...(competing.length > 0 ? { cause } : {}),
  };
  return { table: selectRows(table, rows), outcome, rows, leftOut };
}

function eventCoding(column: string, labels: string[], event: readonly (string | number)[], none?: readonly (string | number)[]): { event: Uint8Array; why: string[] } {
  const yes = new Set(event.map(String)), no = none === undefined ? undefined : new Set(none.map(String));
  const both = [...yes].find((v) => no?.has(v));
  if (both !== undefined) throw new InputError(`"${both}" of ${column} is listed both as event and as none. List it once.`);
  return {
    event: Uint8Array.from(labels, (l) => (yes.has(l) ? 1 : 0)),
    why: labels.map((l) => (l === "" ? `${column} is missing` : yes.has(l) || no === undefined || no.has(l) ? "" : `${column} is "${l}", which is not listed`)),
  };
}

/** Rows without a reason to leave them out, and the others. InputError where none stays. Plumbing: no source. */
export function sift(table: Table, whyNot: (row: number) => string): { rows: number[]; leftOut: LeftOut[] } {
  const rows: number[] = [], leftOut: LeftOut[] = [];
  table.id.forEach((id, row) => {
    const why = whyNot(row);
    if (why === "") rows.push(row);
    else leftOut.push({ id, row, why });
  });
  if (rows.length === 0) throw new InputError(`No row has the outcome; the first is left out because ${leftOut[0]?.why ?? "the table is empty"}. Check the columns named.`);
  return { rows, leftOut };
}

/** The days of a date column, NaN where missing. @throws InputError where the column is missing or holds no dates */
export function daysIn(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.kind !== "date") throw new InputError(`${name} is a ${column.kind} column, but dates are expected. Read it with kinds: { "${name}": "date" }.`);
  return column.days;
}
