import { exp, log } from "./elementary.js";
import type { Random } from "./random.js";

/** ln 0! … ln n! */
function logFactorials(n: number): Float64Array {
  const table = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) table[i] = table[i - 1] + log(i);
  return table;
}

type Node = { left: number[]; pasts: Map<number, { value: number; count: number }> };

/**
 * p of Fisher's exact test for r × c by enumeration: columns are filled one after the other; tables with the same margins left
 * (in any order of the rows) meet in one node, their probabilities so far are kept side by side. From a node the largest and the
 * smallest probability of what is left are known exactly, so that whole bundles count, or fall out, at once.
 * Undefined where the work would exceed `budget`.
 */
export function enumerateTables(counts: number[][], rows: number[], columns: number[], budget: number): { p: number; observed: number } | undefined {
  if (rows.length > columns.length) {
    return enumerateTables(columns.map((_, j) => counts.map((row) => row[j])), columns, rows, budget);
  }
  const n = rows.reduce((a, b) => a + b, 0);
  const lf = logFactorials(n);
  const order = columns.map((_, j) => j).sort((a, b) => columns[b] - columns[a]);
  const totals = order.map((j) => columns[j]);
  const scale = rows.reduce((s, r) => s + lf[r], 0) + columns.reduce((s, c) => s + lf[c], 0) - lf[n];
  let seen = scale;
  for (const row of counts) for (const c of row) seen -= lf[c];
  const limit = seen + 1e-7;
  const base = Math.max(...rows) + 1;
  if (rows.length * log(base) > 36) return undefined;
  const keyOf = (left: number[]) => left.reduce((key, r) => key * base + r, 0);
  let work = 0;
  let stored = 0;

  /** Calls `each` with what is left (sorted) and Σ ln x! of every way to fill a column of `total`. */
  const fill = (left: number[], total: number, each: (rest: number[], cost: number) => void) => {
    const rest = left.slice();
    const after = Array.from({ length: left.length + 1 }, () => 0);
    for (let i = left.length - 1; i >= 0; i--) after[i] = after[i + 1] + left[i];
    const place = (i: number, open: number, cost: number) => {
      if (work > budget) return;
      if (i === left.length - 1) {
        work++;
        rest[i] = left[i] - open;
        each(rest.slice().sort((a, b) => b - a), cost + lf[open]);
        return;
      }
      const least = Math.max(0, open - after[i + 1]);
      const most = Math.min(left[i], open);
      for (let x = least; x <= most; x++) {
        rest[i] = left[i] - x;
        place(i + 1, open - x, cost + lf[x]);
      }
    };
    place(0, total, 0);
  };

  const bounds: Map<number, [number, number]>[] = totals.map(() => new Map());
  /** smallest and largest −Σ ln x! over the tables that fill columns `stage` … from what is left */
  const extremes = (stage: number, left: number[]): [number, number] => {
    if (stage === totals.length - 1) {
      const only = -left.reduce((s, r) => s + lf[r], 0);
      return [only, only];
    }
    if (stage === totals.length) return [0, 0];
    const key = keyOf(left);
    const known = bounds[stage].get(key);
    if (known !== undefined) return known;
    const found: [number, number] = [Infinity, -Infinity];
    fill(left, totals[stage], (rest, cost) => {
      const [low, high] = extremes(stage + 1, rest);
      found[0] = Math.min(found[0], low - cost);
      found[1] = Math.max(found[1], high - cost);
    });
    bounds[stage].set(key, found);
    if (++stored > 1e6) work = Infinity;
    return found;
  };

  let p = 0;
  let nodes = new Map<number, Node>();
  const start = rows.slice().sort((a, b) => b - a);
  nodes.set(keyOf(start), { left: start, pasts: new Map([[0, { value: scale, count: 1 }]]) });
  let open = n;
  for (let stage = 0; stage < totals.length && nodes.size > 0; stage++) {
    const next = new Map<number, Node>();
    open -= totals[stage];
    const columnsLeft = totals.slice(stage + 1).reduce((s, c) => s + lf[c], 0);
    for (const node of nodes.values()) {
      fill(node.left, totals[stage], (rest, cost) => {
        const [low, high] = extremes(stage + 1, rest);
        const key = keyOf(rest);
        let target = next.get(key);
        const all = lf[open] - columnsLeft - rest.reduce((s, r) => s + lf[r], 0);
        for (const { value, count } of node.pasts.values()) {
          work++;
          const past = value - cost;
          if (past + high <= limit) p += count * exp(past + all);
          else if (past + low <= limit) {
            if (target === undefined) next.set(key, (target = { left: rest, pasts: new Map() }));
            const mark = Math.round(past * 1e10);
            const same = target.pasts.get(mark);
            if (same !== undefined) same.count += count;
            else {
              target.pasts.set(mark, { value: past, count });
              // memory is bounded as time is
              if (++stored > 1e6) work = Infinity;
            }
          }
        }
      });
      if (work > budget) return undefined;
    }
    nodes = next;
  }
  return { p: Math.min(1, p), observed: exp(seen) };
}

/** p over random tables with the same margins (row labels shuffled against column labels): (1 + hits) / (1 + replicates). */
export function sampleTables(counts: number[][], rows: number[], columns: number[], replicates: number, random: Random): { p: number; observed: number } {
  const n = rows.reduce((a, b) => a + b, 0);
  const lf = logFactorials(n);
  const scale = rows.reduce((s, r) => s + lf[r], 0) + columns.reduce((s, c) => s + lf[c], 0) - lf[n];
  const cost = (table: ArrayLike<number>) => {
    let sum = 0;
    for (let k = 0; k < table.length; k++) sum += lf[table[k]];
    return sum;
  };
  const seen = cost(counts.flat());
  const ofRow = new Int32Array(n);
  const ofColumn = new Int32Array(n);
  for (let i = 0, k = 0; i < rows.length; i++) for (let c = 0; c < rows[i]; c++) ofRow[k++] = i * columns.length;
  for (let j = 0, k = 0; j < columns.length; j++) for (let c = 0; c < columns[j]; c++) ofColumn[k++] = j;
  const table = new Int32Array(rows.length * columns.length);
  let hits = 0;
  for (let b = 0; b < replicates; b++) {
    table.fill(0);
    for (let k = n - 1; k >= 0; k--) {
      const other = random.below(k + 1);
      const column = ofColumn[other];
      ofColumn[other] = ofColumn[k];
      ofColumn[k] = column;
      table[ofRow[k] + column]++;
    }
    if (cost(table) >= seen - 1e-7) hits++;
  }
  return { p: (1 + hits) / (1 + replicates), observed: exp(scale - seen) };
}
