import { InputError } from "./check.js";
import type { Design } from "./design.js";
import { order } from "./sort.js";

/** Follow-up: row k is at risk over (start[k], time[k]] (start absent: from the beginning), event[k] 1 at its end or 0 censored. */
export type FollowUp = { time: ArrayLike<number>; event: ArrayLike<number>; start?: ArrayLike<number> | undefined };
/** strata: a label a row; weight > 0 a row; offset: a known part of the linear predictor. */
export type CoxRows = {
  strata?: ArrayLike<number | string> | undefined; weights?: ArrayLike<number> | undefined; offset?: ArrayLike<number> | undefined;
};

/**
 * Rows ready for passes over risk sets: strata one after another, within each the latest time first and at a time events first.
 * Position i is row `row[i]` of the design. Groups are the sets of equal time (of one stratum), `group[g]` … `group[g + 1] − 1`.
 */
export type CoxData = {
  n: number; p: number; row: Int32Array;
  /** n × p, row by row, (value − centre) / scale by column */
  x: Float64Array; centre: Float64Array; scale: Float64Array;
  time: Float64Array; event: Uint8Array; weight: Float64Array; offset: Float64Array;
  /** groups, their number of events, and the stratum of each */
  group: Int32Array; deaths: Int32Array; groupOf: Int32Array; stratum: Int32Array; labels: string[];
  /** 1 where nobody is at risk any more, or yet, before the rows of a group come in: there sums over risk sets begin anew */
  emptied: Uint8Array;
  /**
   * where rows enter late: start by position; positions by start (latest first, strata in turn), and how many of them have left the risk
   * set at each group; first group whose time is <= start
   */
  start?: Float64Array; leave?: Int32Array; left?: Int32Array; before?: Int32Array;
  events: number;
};

/**
 * Checks and sorts the rows of a Cox model, once for all iterations. Times that differ by less than √ε, absolutely or relative
 * to the mean |time|, are one time (as R survival's timefix: the same follow-up from two subtractions is a tie).
 * @throws InputError on lengths that differ, values that are not finite, negative times, start >= time, weights <= 0, no event
 */
export function coxData(design: Design, followUp: FollowUp, rows: CoxRows = {}): CoxData {
  const n = design.n;
  const p = design.columns.length;
  checkFollowUp(n, followUp);
  checkRows(design, rows);
  const { time, start, by } = mergeTimes(n, followUp);
  const { stratumOf, labels } = stratify(n, rows.strata);
  const row = sortedRows(by, time, followUp.event, stratumOf, labels.length);
  const x = new Float64Array(n * p);
  const centre = new Float64Array(p);
  const scale = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    const column = design.columns[j];
    const mean = (centre[j] = total(column) / n);
    const spread = Math.sqrt(squaresAbout(column, mean) / n);
    // a constant column differs from its mean by rounding only: it becomes 0, and is found to be aliased
    const constant = spread <= 1e-13 * Math.abs(mean);
    scale[j] = constant ? 1 : spread;
    if (!constant) standardise(column, row, mean, spread, x, j, p);
  }
  const data: CoxData = {
    n, p, row, x, centre, scale, time: pick(row, time), event: eventsOf(row, followUp.event),
    weight: rows.weights === undefined ? new Float64Array(n).fill(1) : pick(row, rows.weights),
    offset: rows.offset === undefined ? new Float64Array(n) : pick(row, rows.offset),
    ...groupsOf(row, time, followUp.event, stratumOf), labels,
  };
  return start === undefined ? data : { ...data, ...lateEntry(data, pick(row, start)) };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
function squaresAbout(values: Float64Array, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) * (values[i] - mean);
  return sum;
}
function standardise(column: Float64Array, row: Int32Array, mean: number, spread: number, x: Float64Array, j: number, p: number): void {
  for (let i = 0, at = j; i < row.length; i++, at += p) x[at] = (column[row[i]] - mean) / spread;
}
function pick(row: Int32Array, values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(row.length);
  for (let i = 0; i < row.length; i++) out[i] = values[row[i]];
  return out;
}

function eventsOf(row: Int32Array, event: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(row.length);
  for (let i = 0; i < row.length; i++) out[i] = event[row[i]];
  return out;
}

/** Runs of one stratum and time among sorted rows, with their events. */
function groupsOf(row: Int32Array, time: Float64Array, event: ArrayLike<number>, stratumOf: Int32Array): Pick<CoxData, "group" | "deaths" | "groupOf" | "stratum" | "emptied" | "events"> {
  const n = row.length;
  const groupOf = new Int32Array(n);
  let groups = 0;
  for (let i = 1; i < n; i++) {
    if (time[row[i]] !== time[row[i - 1]] || stratumOf[row[i]] !== stratumOf[row[i - 1]]) groups++;
    groupOf[i] = groups;
  }
  const group = new Int32Array(groups + 2).fill(n);
  const deaths = new Int32Array(groups + 1);
  const stratum = new Int32Array(groups + 1);
  let events = 0;
  for (let i = n - 1; i >= 0; i--) {
    const g = groupOf[i];
    group[g] = i;
    stratum[g] = stratumOf[row[i]];
    deaths[g] += event[row[i]];
    events += event[row[i]];
  }
  const emptied = stratum.map((s, g) => (g === 0 || s !== stratum[g - 1] ? 1 : 0));
  return { group, deaths, groupOf, stratum, emptied: Uint8Array.from(emptied), events };
}

/** Strata in turn, in each the latest time first, at a time events first, else as given; `by` is the order of the times. */
function sortedRows(by: Int32Array, time: Float64Array, event: ArrayLike<number>, stratumOf: Int32Array, strata: number): Int32Array {
  const falling = fallingRows(by, time, event);
  if (strata === 1) return falling;
  const n = time.length;
  const next = new Int32Array(strata + 1);
  for (let k = 0; k < n; k++) next[stratumOf[k] + 1]++;
  for (let s = 0; s < strata; s++) next[s + 1] += next[s];
  const row = new Int32Array(n);
  for (let k = 0; k < n; k++) row[next[stratumOf[falling[k]]]++] = falling[k];
  return row;
}

function fallingRows(by: Int32Array, time: Float64Array, event: ArrayLike<number>): Int32Array {
  const n = by.length;
  const row = new Int32Array(n);
  for (let end = n, to = 0; end > 0; ) {
    let from = end - 1;
    while (from > 0 && time[by[from - 1]] === time[by[from]]) from--;
    for (let k = from; k < end; k++) if (event[by[k]] === 1) row[to++] = by[k];
    for (let k = from; k < end; k++) if (event[by[k]] !== 1) row[to++] = by[k];
    end = from;
  }
  return row;
}

function lateEntry(data: CoxData, start: Float64Array): Required<Pick<CoxData, "start" | "leave" | "left" | "before" | "emptied">> {
  const { n, groupOf, group, stratum, time, deaths } = data;
  const leave = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) =>
    stratum[groupOf[a]] - stratum[groupOf[b]] || start[b] - start[a] || a - b);
  // first group of the stratum (times fall) with time <= start, by bisection; or the group after the stratum's last
  const before = Int32Array.from({ length: n }, (_, i) => {
    let low = groupOf[i];
    let high = deaths.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stratum[middle] !== stratum[groupOf[i]] || time[group[middle]] <= start[i]) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  const left = new Int32Array(deaths.length);
  const emptied = data.emptied.slice();
  for (let g = 0, gone = 0, inside = 0; g < deaths.length; g++) {
    if (emptied[g] === 1) {
      gone = group[g];
      inside = 0;
    }
    for (; gone < n && start[leave[gone]] >= time[group[g]] && stratum[groupOf[leave[gone]]] === stratum[g]; gone++) inside--;
    left[g] = gone;
    if (inside === 0) emptied[g] = 1;
    inside += group[g + 1] - group[g];
  }
  return { start, leave, left, before, emptied };
}

function stratify(n: number, strata: ArrayLike<number | string> | undefined): { stratumOf: Int32Array; labels: string[] } {
  if (strata === undefined) return { stratumOf: new Int32Array(n), labels: [""] };
  const values = Array.from(strata, String);
  const numeric = values.every((v) => v.trim() !== "" && Number.isFinite(Number(v)));
  const labels = [...new Set(values)].sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
  const code = new Map(labels.map((label, k) => [label, k]));
  return { stratumOf: Int32Array.from(values, (v) => code.get(v)!), labels };
}

/** Merges near-equal times: the sorted distinct values are cut where the gap is more than √ε, and more than √ε of mean |time|. `by`: their order. */
function mergeTimes(n: number, { time, start }: FollowUp): { time: Float64Array; start: Float64Array | undefined; by: Int32Array } {
  const stop = new Float64Array(time);
  const all = start === undefined ? stop : new Float64Array(2 * n);
  if (start !== undefined) {
    all.set(stop);
    all.set(start, n);
  }
  const by = order(all);
  const merged = withoutNear(all, by);
  if (start === undefined) return { time: merged ?? stop, start: undefined, by: merged === undefined ? by : order(merged) };
  const fixed = (merged ?? all).slice(0, n);
  const begin = (merged ?? all).slice(n);
  for (let k = 0; k < n; k++) {
    if (begin[k] >= fixed[k]) throw new InputError(`Row ${k + 1}: start ${start[k]} and time ${time[k]} are equal to rounding. Leave the row out or correct it.`);
  }
  return { time: fixed, start: begin, by: order(fixed) };
}

/** The values with each run of near ones put on its first; undefined where no two are near. */
function withoutNear(values: Float64Array, by: Int32Array): Float64Array | undefined {
  let distinct = 0;
  let sum = 0;
  for (let k = 0; k < by.length; k++) {
    if (k > 0 && values[by[k]] === values[by[k - 1]]) continue;
    distinct++;
    sum += Math.abs(values[by[k]]);
  }
  return putTogether(values, by, 1.4901161193847656e-8 * Math.max(1, sum / distinct));
}
function putTogether(values: Float64Array, by: Int32Array, tolerance: number): Float64Array | undefined {
  let out: Float64Array | undefined;
  let head = values[by[0]];
  for (let k = 1; k < by.length; k++) {
    const here = values[by[k]];
    if (here - values[by[k - 1]] > tolerance) head = here;
    else if (here !== head) {
      out ??= values.slice();
      out[by[k]] = head;
    }
  }
  return out;
}

function checkFollowUp(n: number, { time, event, start }: FollowUp): void {
  if (n === 0) throw new InputError("A Cox model needs rows; the design has none.");
  for (const [name, values] of Object.entries({ time, event, start })) {
    if (values !== undefined && values.length !== n) {
      throw new InputError(`${name} has ${values.length} values but the design has ${n} rows. Give one for each row.`);
    }
  }
  let events = 0;
  for (let k = 0; k < n; k++) {
    if (!Number.isFinite(time[k]) || time[k] < 0) throw new InputError(`Row ${k + 1}: time is ${time[k]}; follow-up must be a finite number >= 0. Correct it or leave the row out.`);
    if (event[k] !== 0 && event[k] !== 1) throw new InputError(`Row ${k + 1}: event is ${event[k]}; expected 1 (event) or 0 (censored).`);
    if (start !== undefined && !(Number.isFinite(start[k]) && start[k] < time[k])) {
      throw new InputError(`Row ${k + 1}: start is ${start[k]} and time ${time[k]}; start must be finite and before time. Correct it or leave the row out.`);
    }
    events += event[k];
  }
  if (events === 0) throw new InputError(`All ${n} rows are censored; a Cox model needs events. Check the coding of the event, or follow up longer.`);
}

function checkRows(design: Design, { strata, weights, offset }: CoxRows): void {
  const n = design.n;
  for (const [name, values] of Object.entries({ strata, weights, offset })) {
    if (values !== undefined && values.length !== n) throw new InputError(`${name} has ${values.length} values but the design has ${n} rows. Give one for each row.`);
  }
  for (let k = 0; k < n; k++) {
    if (weights !== undefined && !(weights[k] > 0 && weights[k] < Infinity)) {
      throw new InputError(`Row ${k + 1}: weight is ${weights[k]}; weights must be finite and above 0. Leave out rows of weight 0.`);
    }
    if (offset !== undefined && !Number.isFinite(offset[k])) throw new InputError(`Row ${k + 1}: offset is ${offset[k]}; it must be finite.`);
  }
  design.columns.forEach((column, j) => {
    if (column.length !== n) throw new InputError(`Variable "${design.names[j]}" has ${column.length} values but the design has ${n} rows.`);
    // where all are finite so is their sum, unless they are huge
    const k = Number.isFinite(total(column)) ? -1 : column.findIndex((value) => !Number.isFinite(value));
    if (k >= 0) throw new InputError(`Variable "${design.names[j]}" is ${column[k]} in row ${k + 1}; finite numbers are needed. Impute it or leave the row out.`);
  });
}
