import type { Random } from "./random.js";

/** Columns as dense ranks (equal values share one), the rows of each in ascending order, and the value of each rank. */
export type Ranked = { rank: Int32Array[]; rising: Int32Array[]; value: Float64Array[] };

export function rankColumns(columns: readonly Float64Array[]): Ranked {
  const rising: Int32Array[] = [], value: Float64Array[] = [];
  const rank = columns.map((values) => {
    const rows = Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
    const ranks = new Int32Array(values.length);
    for (let k = 1, r = 0; k < rows.length; k++) ranks[rows[k]] = values[rows[k]] > values[rows[k - 1]] ? ++r : r;
    rising.push(rows);
    value.push(Float64Array.from(new Set(Float64Array.from(rows, (i) => values[i]))));
    return ranks;
  });
  return { rank, rising, value };
}

/** Nodes of a tree: rows whose rank in `column` is at most `cut` go left; column −1 is a leaf with the mean `value`. */
export type Tree = { column: Int32Array; cut: Int32Array; left: Int32Array; right: Int32Array; value: Float64Array };

/** The leaf of a row, its value in column `swapped` taken from row `donor` (swapped −1: as it is). */
export function leafOf(tree: Tree, { rank }: Ranked, row: number, swapped: number, donor: number): number {
  let at = 0;
  for (;;) {
    const j = tree.column[at];
    if (j < 0) return at;
    at = rank[j][j === swapped ? donor : row] <= tree.cut[at] ? tree.left[at] : tree.right[at];
  }
}

/** Between the ranks `below` and `above` of a column. */
type Cut = { column: number; below: number; above: number; gain: number };

/**
 * A regression tree on rows with whole weights (0: not in it): each node is cut where Σ_left²/w_left + Σ_right²/w_right of the
 * targets is largest among `tries` columns drawn without replacement, until it holds at most `leaf` rows by weight, one target value, or no
 * cut helps. On targets 0 and 1 this is Gini's index. Breiman et al., Classification and Regression Trees, 1984. A cut lies halfway between two values of the bagged rows.
 */
export function growTree(data: Ranked, y: Float64Array, weight: Int32Array, { tries, leaf }: { tries: number; leaf: number }, random: Random): Tree {
  const n = y.length, p = data.rank.length;
  const rows = Int32Array.from(weight.keys()).filter((i) => weight[i] > 0);
  const most = 2 * rows.length;
  const tree: Tree = { column: new Int32Array(most).fill(-1), cut: new Int32Array(most), left: new Int32Array(most), right: new Int32Array(most), value: new Float64Array(most) };
  const deck = Int32Array.from({ length: p }, (_, j) => j);
  const nodeOf = new Int32Array(n).fill(-1);
  const sorted = new Int32Array(n), keys = new Float64Array(n), spare = new Int32Array(rows.length);
  let nodes = 1;
  const open: [number, number, number][] = [[0, 0, rows.length]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, from, to] = next;
    let w = 0, s = 0, least = Infinity, largest = -Infinity;
    for (let k = from; k < to; k++) {
      const i = rows[k];
      w += weight[i];
      s += weight[i] * y[i];
      if (y[i] < least) least = y[i];
      if (y[i] > largest) largest = y[i];
      nodeOf[i] = node;
    }
    tree.value[node] = least === largest ? least : s / w;
    if (w <= leaf || least === largest || to - from < 2) continue;
    const best: Cut = { column: -1, below: 0, above: 0, gain: (s * s) / w + 1e-12 * (largest - least) * (largest - least) };
    for (let k = 0; k < tries; k++) {
      const other = k + random.below(p - k);
      const j = deck[other];
      deck[other] = deck[k];
      deck[k] = j;
      const count = inOrder(data, j, rows, from, to, nodeOf, node, sorted, keys);
      bestCut(data.rank[j], j, sorted, count, y, weight, w, s, best);
    }
    if (best.column < 0) continue;
    const ranks = data.rank[best.column];
    const cut = highestBelow(data.value[best.column], best);
    let middle = from, aside = 0;
    for (let k = from; k < to; k++) {
      if (ranks[rows[k]] <= cut) rows[middle++] = rows[k];
      else spare[aside++] = rows[k];
    }
    for (let k = 0; k < aside; k++) rows[middle + k] = spare[k];
    tree.column[node] = best.column;
    tree.cut[node] = cut;
    tree.left[node] = nodes++;
    tree.right[node] = nodes++;
    open.push([tree.right[node], middle, to], [tree.left[node], from, middle]);
  }
  return tree;
}

/** The last rank whose value is at most the middle of the cut's two values. */
function highestBelow(value: Float64Array, { below, above }: Cut): number {
  const middle = value[below] + (value[above] - value[below]) / 2;
  let rank = below;
  while (rank + 1 < above && value[rank + 1] <= middle) rank++;
  return rank;
}

/** The node's rows by a column: picked from the column's own order where the node is large, else sorted. Returns how many. */
function inOrder({ rank, rising }: Ranked, j: number, rows: Int32Array, from: number, to: number, nodeOf: Int32Array, which: number, sorted: Int32Array, keys: Float64Array): number {
  const count = to - from, n = nodeOf.length;
  if (count * 6 > n) {
    const all = rising[j];
    let k = 0;
    for (let a = 0; a < n; a++) if (nodeOf[all[a]] === which) sorted[k++] = all[a];
    return k;
  }
  const ranks = rank[j];
  if (count <= 24) {
    for (let k = 0; k < count; k++) {
      const i = rows[from + k], r = ranks[i];
      let a = k;
      for (; a > 0 && (ranks[sorted[a - 1]] > r || (ranks[sorted[a - 1]] === r && sorted[a - 1] > i)); a--) sorted[a] = sorted[a - 1];
      sorted[a] = i;
    }
    return count;
  }
  for (let k = 0; k < count; k++) keys[k] = ranks[rows[from + k]] * n + rows[from + k];
  keys.subarray(0, count).sort();
  for (let k = 0; k < count; k++) sorted[k] = keys[k] % n;
  return count;
}

/** Puts a cut of column j into `best` where one has a larger gain. */
function bestCut(ranks: Int32Array, j: number, sorted: Int32Array, count: number, y: Float64Array, weight: Int32Array, w: number, s: number, best: Cut): void {
  let left = 0, sum = 0;
  for (let k = 0; k + 1 < count; k++) {
    const i = sorted[k];
    left += weight[i];
    sum += weight[i] * y[i];
    if (ranks[i] === ranks[sorted[k + 1]]) continue;
    const rest = s - sum;
    const gain = (sum * sum) / left + (rest * rest) / (w - left);
    if (gain > best.gain) {
      best.gain = gain;
      best.column = j;
      best.below = ranks[i];
      best.above = ranks[sorted[k + 1]];
    }
  }
}
