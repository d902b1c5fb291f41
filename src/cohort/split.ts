import { InputError, shuffle, type Random } from "../math/index.js";
import { columnOf, daysOf, labelsOf } from "./columns.js";
import { daysIn } from "./outcomeOf.js";
import type { Outcome } from "./outcome.js";
import type { Table } from "./table.js";

/** Rows of the training and of the test set, rising; no patient has rows in both. `how` says it in words for the report. */
export type Split = { training: number[]; test: number[]; how: string };
export type SplitRule =
  /** random: `share` of the patients train (default .7), within strata of the outcome's event and of category columns */
  | { by: "random"; share?: number; strata?: string[]; outcome?: Outcome }
  /** centre: patients of the centres named are the test set (external validation) */
  | { by: "centre"; column: string; test: string[] }
  /** date: patients whose (first) date is on or after the day given are the test set (temporal validation) */
  | { by: "date"; column: string; from: string }
  /** column: a category column that says it */
  | { by: "column"; column: string; training: string[]; test: string[] };

/**
 * Training and test rows, patient by patient: all rows of a patient go to one side (that of the patient's first row by centre and
 * column, which must not differ between rows; by date the earliest). Random: within each stratum the patients, ordered by
 * id, are shuffled by the stratum's own stream, so neither the order of rows nor another stratum changes the draw; shares are
 * met overall by largest remainders. Continuous outcomes are not stratified. A side without patients is an InputError. Plumbing of our own,
 * judged by its properties: no program.
 */
export function splitRows(table: Table, rule: SplitRule, random: Random): Split {
  const patients = new Map<string, number[]>();
  table.id.forEach((id, r) => patients.set(id, [...(patients.get(id) ?? []), r]));
  const side = new Map<string, "training" | "test" | "none">();
  let how: string;
  if (rule.by === "random") {
    const share = rule.share ?? 0.7;
    if (!(share > 0 && share < 1)) throw new InputError(`The training share is ${share}, but a number between 0 and 1 is expected.`);
    const labels = (rule.strata ?? []).map((name) => labelsOf(table, name));
    const { outcome } = rule;
    if (outcome && outcome.kind !== "continuous") {
      if (outcome.event.length !== table.id.length) throw new InputError(`The outcome has ${outcome.event.length} rows, but the table has ${table.id.length}. Select the same rows of both.`);
      labels.push(Array.from(outcome.event, String));
    }
    const strata = new Map<string, string[]>();
    for (const [id, rows] of [...patients].sort(([a], [b]) => (a < b ? -1 : 1))) {
      // a patient with an event in any row is a patient with an event
      const key = JSON.stringify(labels.map((l) => rows.map((r) => l[r]).sort().at(-1)));
      strata.set(key, [...(strata.get(key) ?? []), id]);
    }
    const keys = [...strata.keys()].sort();
    const wanted = largestRemainders(keys.map((k) => strata.get(k)!.length * share), Math.round(patients.size * share));
    keys.forEach((key, k) => {
      const ids = strata.get(key)!;
      const stream = random.stream(`split ${key}`);
      shuffle(ids, stream);
      ids.forEach((id, i) => side.set(id, i < wanted[k] ? "training" : "test"));
    });
    how = `random, ${Math.round(share * 1000) / 10} % training${labels.length ? `, stratified by ${[...(rule.strata ?? []), ...(outcome && outcome.kind !== "continuous" ? [outcome.name] : [])].join(", ")}` : ""}`;
  } else if (rule.by === "date") {
    const days = daysIn(table, rule.column);
    const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(rule.from);
    const from = iso ? daysOf(Number(iso[1]), Number(iso[2]), Number(iso[3])) : NaN;
    if (Number.isNaN(from)) throw new InputError(`The split's date is "${rule.from}", but a day of the calendar as yyyy-mm-dd is expected.`);
    for (const [id, rows] of patients) {
      const first = rows.reduce((a, r) => (Number.isNaN(days[r]) ? a : Math.min(a, days[r])), Infinity);
      if (first === Infinity) throw new InputError(`${rule.column} is missing for patient ${id}, so the split by date cannot place it. Fill it or leave the patient out.`);
      side.set(id, first >= from ? "test" : "training");
    }
    how = `by date: ${rule.column} from ${rule.from} tests`;
  } else {
    const labels = labelsOf(table, rule.column);
    const column = columnOf(table, rule.column);
    const known = column.kind === "category" ? column.levels : [...new Set(labels)];
    const stated = [...rule.test, ...(rule.by === "column" ? rule.training : [])];
    for (const value of stated) if (!known.includes(value)) throw new InputError(`${rule.column} has no "${value}". Known: ${known.join(", ")}.`);
    for (const [id, rows] of patients) {
      const values = [...new Set(rows.map((r) => labels[r]))];
      if (values.length > 1) throw new InputError(`Patient ${id} has rows of ${values.join(" and ")} in ${rule.column}, but must stand on one side. Decide for one.`);
      if (values[0] === "") throw new InputError(`${rule.column} is missing for patient ${id}, so the split cannot place it. Fill it or leave the patient out.`);
      side.set(id, rule.test.includes(values[0]) ? "test" : rule.by === "centre" || rule.training.includes(values[0]) ? "training" : "none");
    }
    how = `by ${rule.column}: ${rule.test.join(", ")} tests`;
  }
  const of = (s: string) => Array.from(table.id.keys()).filter((r) => side.get(table.id[r]) === s);
  const split = { training: of("training"), test: of("test"), how };
  for (const s of ["training", "test"] as const) if (split[s].length === 0) throw new InputError(`The split ${how} leaves no patient for the ${s} set. Change its share, values or date.`);
  return split;
}

/**
 * A cohort that is part of another one (or another table of the same patients) takes over its split: each patient stays on the
 * side where the parent table has it. Patients whom the parent lacks are listed and on neither side. Plumbing: no source.
 */
export function inheritSplit(parent: Table, split: Split, table: Table): Split & { unknown: string[] } {
  const training = new Set(split.training.map((r) => parent.id[r])), test = new Set(split.test.map((r) => parent.id[r]));
  const rows = Array.from(table.id.keys());
  return {
    training: rows.filter((r) => training.has(table.id[r])), test: rows.filter((r) => test.has(table.id[r])), how: `inherited: ${split.how}`,
    unknown: [...new Set(table.id.filter((id) => !training.has(id) && !test.has(id)))],
  };
}

/** Whole numbers near the wanted ones that add up to the total. */
function largestRemainders(wanted: number[], total: number): number[] {
  const whole = wanted.map(Math.floor);
  let left = total - whole.reduce((a, b) => a + b, 0);
  const order = Array.from(wanted.keys()).sort((a, b) => wanted[b] - whole[b] - (wanted[a] - whole[a]) || a - b);
  for (const k of order) if (left-- > 0) whole[k]++;
  return whole;
}
