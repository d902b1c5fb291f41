import { InputError, order, type FollowUp as LateEntry } from "../math/index.js";

/** Right-censored follow-up of n patients: time > = 0 in any one unit, event 1 at `time` or 0 censored there. Censored at t counts as at risk at t. Math's type without late entry. */
export type FollowUp = Pick<LateEntry, "time" | "event">;

/** Distinct times, ascending; slot[i] is patient i's place among them. */
export type TimeGrid = { times: Float64Array; slot: Int32Array };

/**
 * Checks follow-up at the door: equal lengths, at least one patient, finite times >= 0, events 0 or 1, and every further
 * column (`others`) of n finite numbers. A time of 0 is allowed: the patient is at risk at 0 only.
 */
export function checkFollowUp(who: string, data: FollowUp, others: Record<string, ArrayLike<number> | undefined> = {}): number {
  const n = data.time.length;
  if (n === 0) throw new InputError(`${who}: no patients were given; at least one follow-up time is needed.`);
  const columns: Record<string, ArrayLike<number>> = { event: data.event };
  for (const [name, column] of Object.entries(others)) if (column !== undefined) columns[name] = column;
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== n) throw new InputError(`${who}: time has ${n} values but ${name} has ${column.length}. They must stand for the same patients in the same order.`);
  }
  for (let i = 0; i < n; i++) {
    const t = data.time[i];
    const e = data.event[i];
    if (!(t >= 0 && t < Infinity)) throw new InputError(`${who}: time of row ${i + 1} is ${t}; follow-up must be a finite number >= 0. Leave such patients out, with the reason, when the outcome is built.`);
    if (e !== 0 && e !== 1) throw new InputError(`${who}: event of row ${i + 1} is ${e}; it must be 1 (event) or 0 (censored).`);
  }
  for (const [name, column] of Object.entries(others)) {
    const i = column === undefined ? -1 : firstNotFinite(column);
    if (i >= 0) throw new InputError(`${who}: ${name} of row ${i + 1} is ${column![i]}; a finite number is needed. Impute or leave out missing values first.`);
  }
  return n;
}

/** Row of the first value that is no finite number; −1 where all are. */
function firstNotFinite(column: ArrayLike<number>): number {
  for (let i = 0; i < column.length; i++) if (!Number.isFinite(column[i])) return i;
  return -1;
}

/** Weights finite, >= 0, and not all 0; undefined stays undefined. */
export function checkWeights(who: string, weights: ArrayLike<number> | undefined, n: number): void {
  if (weights === undefined) return;
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) throw new InputError(`${who}: weight of row ${i + 1} is ${weights[i]}; weights must be finite and >= 0.`);
    total += weights[i];
  }
  if (total === 0) throw new InputError(`${who}: all weights are 0; at least one patient must count.`);
}

/** Times to look at: finite and >= 0. */
export function checkTimes(who: string, times: ArrayLike<number>): void {
  for (let k = 0; k < times.length; k++) {
    if (!(times[k] >= 0 && times[k] < Infinity)) throw new InputError(`${who}: time ${times[k]} cannot be looked at; give finite times >= 0 in the unit of the follow-up.`);
  }
}

const nearTie = 1.490116119384766e-8; // √ of the double's epsilon, as survival::aeqSurv

/**
 * Distinct times ascending, and each patient's place. Times nearer to their neighbour than 1.5e-8, absolutely or as a
 * share of the mean time, are rounding noise and count as one time, the smallest of the run (survival's `timefix`).
 */
export function timeGrid(time: ArrayLike<number>): TimeGrid {
  const n = time.length;
  const by = order(time);
  let distinct = 0;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    if (k > 0 && time[by[k]] === time[by[k - 1]]) continue;
    distinct++;
    sum += Math.abs(time[by[k]]);
  }
  const near = Math.max(nearTie, (nearTie * sum) / distinct);
  const times = new Float64Array(n);
  const slot = new Int32Array(n);
  let g = -1;
  let before = -Infinity;
  for (let k = 0; k < n; k++) {
    const here = time[by[k]];
    if (!(here - before <= near)) times[++g] = here + 0;
    slot[by[k]] = g;
    before = here;
  }
  return { times: times.slice(0, g + 1), slot };
}

/** Index of the last of the first m ascending values that is <= x; −1 where none is. */
export function lastAtMost(values: ArrayLike<number>, m: number, x: number): number {
  let [low, high] = [0, m];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (values[mid] <= x) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}

/** Index of the last of the first m ascending values that is < x; −1 where none is. */
export function lastBelow(values: ArrayLike<number>, m: number, x: number): number {
  let [low, high] = [0, m];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (values[mid] < x) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}

/** Patients by their time: those of times[k] are member[start[k]] … member[start[k + 1] − 1], in the order given. */
export function membersBySlot(grid: TimeGrid): { start: Int32Array; member: Int32Array } {
  const m = grid.times.length;
  const start = new Int32Array(m + 1);
  const { slot } = grid;
  for (let i = 0; i < slot.length; i++) start[slot[i] + 1]++;
  for (let k = 0; k < m; k++) start[k + 1] += start[k];
  const next = start.slice(0, m);
  const member = new Int32Array(slot.length);
  for (let i = 0; i < slot.length; i++) member[next[slot[i]]++] = i;
  return { start, member };
}

/** Group codes (whole numbers >= 0) as 0 … k − 1 in ascending order of the codes that occur. */
export function groupCodes(who: string, name: string, group: ArrayLike<number>): { codes: number[]; of: Int32Array } {
  const seen = new Set<number>();
  for (let i = 0; i < group.length; i++) {
    if (!Number.isInteger(group[i]) || group[i] < 0) throw new InputError(`${who}: ${name} of row ${i + 1} is ${group[i]}; codes must be whole numbers >= 0. Leave rows without a ${name} out first.`);
    seen.add(group[i]);
  }
  const codes = [...seen].sort((a, b) => a - b);
  const place = new Map(codes.map((c, k) => [c, k]));
  return { codes, of: Int32Array.from(group, (g) => place.get(g)!) };
}
