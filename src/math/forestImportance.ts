import { InputError } from "./check.js";
import type { Random } from "./random.js";
import { growTree, leafOf, rankColumns, type Ranked, type Tree } from "./forestTree.js";

export type ForestOptions = {
  /** trees (default 500) */
  trees?: number;
  /** columns looked at for each cut (default ⌊√columns⌋, at least 1) */
  tries?: number;
  /** nodes of at most so many bagged rows are leaves (default 1 for classes, 5 for numbers) */
  leaf?: number;
  /** rows of one label are drawn into or out of a bag together (rows of one patient) */
  group?: ArrayLike<number>;
};
export type ForestImportance = {
  /** mean over trees of the rise in out-of-bag error where the column is permuted, and its ratio to the standard error over trees */
  rise: Float64Array; z: Float64Array;
  /** mean over trees of the out-of-bag error: share misclassified, or mean square */
  error: number; trees: number;
};

/**
 * Importance of columns in a random forest: each tree is grown on a bootstrap sample of the rows, each cut the best of `tries`
 * columns drawn at random, and judged on the rows out of its bag, as they are and with one column permuted among them; z is the mean
 * rise in error over its standard error between trees. Breiman, Mach Learn 2001;45:5. Classes ("classes", targets 0 and 1) are cut by
 * Gini's index and counted as misclassified (a tied leaf by a half); numbers are cut and judged by squares. A column that no tree uses has 0.
 * The measure of R randomForest's scaled importance(type = 1) and ranger's scale.permutation.importance; chance differs.
 * O(trees · tries · n log² n). Trusts its input but for lengths.
 *
 * @param columns  p columns of n finite numbers
 * @param target   n numbers
 * @throws InputError on lengths that differ, fewer than 2 trees, `tries` outside 1 … p, too few rows to be left out of a bag
 */
export function forestImportance(columns: readonly Float64Array[], target: ArrayLike<number>, kind: "classes" | "numbers", options: ForestOptions, random: Random): ForestImportance {
  const p = columns.length, n = target.length;
  const { trees = 500, tries = Math.max(1, Math.floor(Math.sqrt(p))), leaf = kind === "classes" ? 1 : 5 } = options;
  if (p === 0 || columns.some((c) => c.length !== n)) throw new InputError(`The forest was given ${p} columns for ${n} targets. Give at least one column, each of as many rows as the target.`);
  if (!(Number.isInteger(trees) && trees >= 2)) throw new InputError(`The forest was asked for ${trees} trees, but a whole number of 2 or more is expected.`);
  if (!(Number.isInteger(tries) && tries >= 1 && tries <= p)) throw new InputError(`The forest was asked to look at ${tries} of ${p} columns for a cut. Ask for 1 to ${p}.`);
  const data = rankColumns(columns);
  const y = Float64Array.from(target);
  const { of, count } = groups(options.group, n);
  const sum = new Float64Array(p), squares = new Float64Array(p);
  const weight = new Int32Array(n), times = new Int32Array(count);
  let error = 0, judged = 0;
  for (let t = 0; t < trees; t++) {
    const chance = random.stream(t);
    times.fill(0);
    for (let k = 0; k < count; k++) times[chance.below(count)]++;
    for (let i = 0; i < n; i++) weight[i] = times[of[i]];
    const out = Int32Array.from(weight.keys()).filter((i) => weight[i] === 0);
    if (out.length === 0 || out.length === n) continue;
    const tree = growTree(data, y, weight, { tries, leaf }, chance);
    const before = Float64Array.from(out, (i) => loss(tree.value[leafOf(tree, data, i, -1, i)], y[i], kind));
    judged++;
    error += mean(before);
    for (const j of new Set(tree.column)) if (j >= 0) {
      const rise = riseOf(tree, data, j, out, before, y, kind, chance);
      sum[j] += rise;
      squares[j] += rise * rise;
    }
  }
  if (judged < 2) throw new InputError(`The forest has ${judged} trees with rows out of their bag among ${n} rows; give more rows or trees.`);
  const rise = sum.map((s) => s / judged);
  const z = rise.map((m, j) => {
    const variance = (squares[j] - judged * m * m) / (judged - 1);
    return variance > 0 ? m / Math.sqrt(variance / judged) : 0;
  });
  return { rise, z, error: error / judged, trees: judged };
}

function riseOf(tree: Tree, data: Ranked, j: number, out: Int32Array, before: Float64Array, y: Float64Array, kind: "classes" | "numbers", chance: Random): number {
  const donor = Int32Array.from(out);
  let rise = 0;
  for (let k = 0; k < out.length; k++) {
    const other = k + chance.below(out.length - k);
    const held = donor[k];
    donor[k] = donor[other];
    donor[other] = held;
    rise += loss(tree.value[leafOf(tree, data, out[k], j, donor[k])], y[out[k]], kind) - before[k];
  }
  return rise / out.length;
}

function loss(value: number, y: number, kind: "classes" | "numbers"): number {
  if (kind === "numbers") return (y - value) * (y - value);
  return value === 0.5 ? 0.5 : value > 0.5 === y > 0.5 ? 0 : 1;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}

function groups(label: ArrayLike<number> | undefined, n: number): { of: Int32Array; count: number } {
  if (label === undefined) return { of: Int32Array.from({ length: n }, (_, i) => i), count: n };
  const place = new Map<number, number>();
  const of = Int32Array.from({ length: n }, (_, i) => {
    if (!place.has(label[i])) place.set(label[i], place.size);
    return place.get(label[i])!;
  });
  return { of, count: place.size };
}
