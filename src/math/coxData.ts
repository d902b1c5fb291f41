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
  /** where rows enter late: start by position, positions by start (latest first, strata in turn), first group whose time is <= start */
  start?: Float64Array; leave?: Int32Array; before?: Int32Array;
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
  const { time, start } = mergeTimes(n, followUp);
  const { stratumOf, labels } = stratify(n, rows.strata);

  const { event } = followUp;
  const row = sortedRows(time, event, stratumOf, labels.length);

  const bounds: number[] = [];
  const deaths: number[] = [];
  const stratum: number[] = [];
  const groupOf = new Int32Array(n);
  let events = 0;
  for (let i = 0; i < n; i++) {
    const fresh = i === 0 || time[row[i]] !== time[row[i - 1]] || stratumOf[row[i]] !== stratumOf[row[i - 1]];
    if (fresh) {
      bounds.push(i);
      deaths.push(0);
      stratum.push(stratumOf[row[i]]);
    }
    groupOf[i] = bounds.length - 1;
    deaths[bounds.length - 1] += event[row[i]];
    events += event[row[i]];
  }
  bounds.push(n);

  const centre = new Float64Array(p);
  const scale = new Float64Array(p);
  const x = new Float64Array(n * p);
  for (let j = 0; j < p; j++) {
    const column = design.columns[j];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += column[i];
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (column[i] - mean) * (column[i] - mean);
    centre[j] = mean;
    const spread = Math.sqrt(squares / n);
    // a constant column differs from its mean by rounding only: it becomes 0, and is found to be aliased
    const constant = spread <= 1e-13 * Math.abs(mean);
    scale[j] = constant ? 1 : spread;
    if (!constant) for (let i = 0; i < n; i++) x[i * p + j] = (column[row[i]] - mean) / scale[j];
  }

  const pick = (values: ArrayLike<number> | undefined, otherwise: number) =>
    Float64Array.from(row, (k) => (values === undefined ? otherwise : values[k]));
  const data: CoxData = {
    n, p, row, x, centre, scale, time: pick(time, 0), event: Uint8Array.from(row, (k) => event[k]),
    weight: pick(rows.weights, 1), offset: pick(rows.offset, 0),
    group: Int32Array.from(bounds), deaths: Int32Array.from(deaths), groupOf, stratum: Int32Array.from(stratum), labels, events,
  };
  return start === undefined ? data : { ...data, ...lateEntry(data, pick(start, 0)) };
}

/** Strata in turn, in each the latest time first, at a time events first, else as given. */
function sortedRows(time: Float64Array, event: ArrayLike<number>, stratumOf: Int32Array, strata: number): Int32Array {
  const n = time.length;
  const byTime = order(time.map((t) => -t));
  const next = new Int32Array(strata + 1);
  for (let k = 0; k < n; k++) next[stratumOf[k] + 1]++;
  for (let s = 0; s < strata; s++) next[s + 1] += next[s];
  const row = new Int32Array(n);
  for (const k of byTime) row[next[stratumOf[k]]++] = k;
  const censored: number[] = [];
  for (let i = 0, to = 0; i < n; to = i) {
    censored.length = 0;
    const first = row[i];
    for (; i < n && time[row[i]] === time[first] && stratumOf[row[i]] === stratumOf[first]; i++) {
      if (event[row[i]] === 1) row[to++] = row[i];
      else censored.push(row[i]);
    }
    for (const k of censored) row[to++] = k;
  }
  return row;
}

function lateEntry(data: CoxData, start: Float64Array): { start: Float64Array; leave: Int32Array; before: Int32Array } {
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
  return { start, leave, before };
}

function stratify(n: number, strata: ArrayLike<number | string> | undefined): { stratumOf: Int32Array; labels: string[] } {
  if (strata === undefined) return { stratumOf: new Int32Array(n), labels: [""] };
  const values = Array.from(strata, String);
  const numeric = values.every((v) => v.trim() !== "" && Number.isFinite(Number(v)));
  const labels = [...new Set(values)].sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
  const code = new Map(labels.map((label, k) => [label, k]));
  return { stratumOf: Int32Array.from(values, (v) => code.get(v)!), labels };
}

/** Merges near-equal times: the sorted distinct values are cut where the gap is more than √ε, and more than √ε of mean |time|. */
function mergeTimes(n: number, { time, start }: FollowUp): { time: Float64Array; start: Float64Array | undefined } {
  const stop = Float64Array.from(time);
  const begin = start === undefined ? undefined : Float64Array.from(start);
  const sorted = new Float64Array(begin === undefined ? n : 2 * n);
  sorted.set(stop);
  if (begin !== undefined) sorted.set(begin, n);
  sorted.sort();
  const distinct = sorted.filter((t, k) => k === 0 || t !== sorted[k - 1]);
  let total = 0;
  for (const t of distinct) total += Math.abs(t);
  const tolerance = 1.4901161193847656e-8 * Math.max(1, total / distinct.length);
  const first = new Map<number, number>();
  for (let k = 1, head = 0; k < distinct.length; k++) {
    if (distinct[k] - distinct[k - 1] <= tolerance) first.set(distinct[k], distinct[head]);
    else head = k;
  }
  if (first.size > 0) {
    for (let k = 0; k < n; k++) {
      stop[k] = first.get(stop[k]) ?? stop[k];
      if (begin === undefined) continue;
      begin[k] = first.get(begin[k]) ?? begin[k];
      if (begin[k] >= stop[k]) throw new InputError(`Row ${k + 1}: start ${start![k]} and time ${time[k]} are equal to rounding. Leave the row out or correct it.`);
    }
  }
  return { time: stop, start: begin };
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
    for (let k = 0; k < n; k++) {
      if (!Number.isFinite(column[k])) {
        throw new InputError(`Variable "${design.names[j]}" is ${column[k]} in row ${k + 1}; finite numbers are needed. Impute it or leave the row out.`);
      }
    }
  });
}
