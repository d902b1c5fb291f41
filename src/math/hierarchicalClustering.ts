import { InputError } from "./check.js";

/**
 * R hclust's names of the linkages that `hierarchicalClustering` knows; ward.D2 works on distances as they are, ward.D wants them squared
 * (Murtagh & Legendre, J Classif 2014;31:274).
 */
export const linkages = ["ward.D", "ward.D2", "average", "complete", "single"] as const;
/** ward.D2 squares the distances first, as Ward's criterion wants; ward.D takes them as they are (Murtagh & Legendre 2014). */
export type Linkage = (typeof linkages)[number];

/** A tree of n leaves, as R's hclust. */
export type Dendrogram = {
  linkage: Linkage;
  /** n − 1 pairs: a negative number −i is leaf i (from 1), a positive one the cluster made by that merge (from 1) */
  merge: [number, number][];
  /** n − 1 heights */
  height: number[];
  /** leaves from left to right, from 0 */
  order: number[];
};

/**
 * Agglomerative clustering by the formula of Lance & Williams (Comput J 1967;9:373): the two nearest clusters are merged, again and
 * again; each cluster keeps its nearest neighbour among the later ones (Murtagh, Comput J 1983;26:354), sought anew only when a bound on it comes
 * to the front (Müllner 2011, arXiv:1109.2378), so that it takes about n² steps. Of equal distances the pair with the least numbers is merged first. Agrees with R 4.2.2 hclust: merges, heights, order.
 *
 * @param distances  n × n, row by row, symmetric, finite, none negative; for features 1 − |correlation|. InputError else.
 */
export function hierarchicalClustering(distances: ArrayLike<number>, n: number, linkage: Linkage = "ward.D2"): Dendrogram {
  if (!linkages.includes(linkage)) throw new InputError(`Linkage is "${linkage}", but one of ${linkages.join(", ")} was expected.`);
  const d = checked(distances, n, linkage === "ward.D2");
  /** rows of `d` in use, and those of them that still are clusters; a merged row holds Infinity and is left out of `d` by and by */
  let m = n;
  let count = n;
  let clusters: Clusters = {
    name: Int32Array.from({ length: n }, (_, i) => -i - 1), size: new Float64Array(n).fill(1),
    nearest: new Float64Array(n).fill(Infinity), neighbour: new Int32Array(n).fill(-1),
  };
  const merge: [number, number][] = [];
  const height: number[] = [];
  for (let i = 0; i < n; i++) seek(d, m, i, clusters.nearest, clusters.neighbour);
  let tree = minimumTree(clusters.nearest);
  while (count > 1) {
    mergeNearest(linkage, d, m, clusters, tree, merge, height);
    count--;
    if (count > 32 && count < 0.75 * m) {
      const kept = placesKept(clusters.name, count);
      keepRows(d, m, kept);
      clusters = clustersKept(clusters, kept);
      tree = minimumTree(clusters.nearest);
      m = count;
    }
  }
  return { linkage, merge, height, order: leaves(merge) };
}

/** Merges the two nearest clusters. */
function mergeNearest(linkage: Linkage, d: Float64Array, m: number, clusters: Clusters, tree: Float64Array, merge: [number, number][], height: number[]): void {
  const { name, size, nearest, neighbour } = clusters;
  let i = leastOf(tree);
  while (neighbour[i] < 0) {
    seek(d, m, i, nearest, neighbour);
    change(tree, i, nearest[i]);
    i = leastOf(tree);
  }
  const j = neighbour[i];
  const between = nearest[i];
  merge.push(name[i] < 0 && name[j] < 0 ? [Math.max(name[i], name[j]), Math.min(name[i], name[j])]
    : [Math.min(name[i], name[j]), Math.max(name[i], name[j])]);
  height.push(linkage === "ward.D2" ? Math.sqrt(between) : between);
  join(linkage, d, m, clusters, tree, i, j, between);
  size[i] += size[j];
  name[i] = merge.length;
  name[j] = 0;
  nearest[j] = Infinity;
  change(tree, i, nearest[i]);
  change(tree, j, Infinity);
}

/** Distances of i < j stand in one triangle without gaps, row by row: i's to j at rowStart(m, i) + j. Half the memory, and the next row's is m − i − 2 on. */
const rowStart = (m: number, i: number) => (i * (2 * m - i - 1)) / 2 - i - 1;

/** Nearest of the clusters after i. */
function seek(d: Float64Array, m: number, i: number, nearest: Float64Array, neighbour: Int32Array): void {
  let least = Infinity;
  let at = -1;
  for (let b = i + 1, o = rowStart(m, i); b < m; b++) {
    const value = d[o + b];
    if (value < least) {
      least = value;
      at = b;
    }
  }
  nearest[i] = least;
  neighbour[i] = at;
}

/** A binary tree over values: the leaves in its second half, above each two the lesser. */
function minimumTree(values: Float64Array): Float64Array {
  let leaves = 1;
  while (leaves < values.length) leaves *= 2;
  const tree = new Float64Array(2 * leaves).fill(Infinity);
  tree.set(values, leaves);
  for (let at = leaves - 1; at > 0; at--) tree[at] = Math.min(tree[2 * at], tree[2 * at + 1]);
  return tree;
}

function change(tree: Float64Array, i: number, value: number): void {
  let at = (tree.length >> 1) + i;
  tree[at] = value;
  for (at >>= 1; at > 0; at >>= 1) tree[at] = Math.min(tree[2 * at], tree[2 * at + 1]);
}

/** Place of the first of the least values. */
function leastOf(tree: Float64Array): number {
  const leaves = tree.length >> 1;
  let at = 1;
  while (at < leaves) at = tree[2 * at] <= tree[2 * at + 1] ? 2 * at : 2 * at + 1;
  return at - leaves;
}

/** By row: what the cluster is called in `merge` (0 once it is part of another), its size, its nearest neighbour among the later ones. */
type Clusters = { name: Int32Array; size: Float64Array; nearest: Float64Array; neighbour: Int32Array };

function placesKept(name: Int32Array, count: number): Int32Array {
  const kept = new Int32Array(count);
  for (let k = 0, at = 0; k < name.length; k++) if (name[k] !== 0) kept[at++] = k;
  return kept;
}

function clustersKept({ name, size, nearest, neighbour }: Clusters, kept: Int32Array): Clusters {
  const place = new Int32Array(name.length).fill(-1);
  const count = kept.length;
  for (let at = 0; at < count; at++) place[kept[at]] = at;
  const out: Clusters = { name: new Int32Array(count), size: new Float64Array(count), nearest: new Float64Array(count), neighbour: new Int32Array(count) };
  for (let at = 0; at < count; at++) {
    const k = kept[at];
    out.name[at] = name[k];
    out.size[at] = size[k];
    out.nearest[at] = nearest[k];
    out.neighbour[at] = neighbour[k] < 0 ? -1 : place[neighbour[k]];
  }
  return out;
}

/**
 * Cluster j becomes part of i < j: row i and what earlier rows hold of i get the distances to the union, those of j Infinity. Who had i or j for its nearest keeps the distance as a lower bound, for the union is no nearer than the
 * nearer of its parts, and is marked (−1) to be sought anew only when it comes to the front.
 */
function join(linkage: Linkage, d: Float64Array, m: number, { name, size, nearest, neighbour }: Clusters, tree: Float64Array, i: number, j: number, between: number): void {
  let least = Infinity;
  let at = -1;
  const [ni, nj] = [size[i], size[j]];
  for (let k = 0, ik = i - 1, jk = j - 1; k < m; ik += k < i ? m - k - 2 : 1, jk += k < j ? m - k - 2 : 1, k++) {
    if (k === i || k === j || name[k] === 0) continue;
    const joined = lanceWilliams(linkage, d[ik], d[jk], between, ni, nj, size[k]);
    d[ik] = joined;
    d[jk] = Infinity;
    if (k > i && joined < least) {
      least = joined;
      at = k;
    }
    if (neighbour[k] === i || neighbour[k] === j) neighbour[k] = -1;
    // rounding alone can bring the union nearer
    if (k < i && joined < nearest[k]) {
      nearest[k] = joined;
      neighbour[k] = -1;
      change(tree, k, joined);
    }
  }
  d[rowStart(m, i) + j] = Infinity;
  nearest[i] = least;
  neighbour[i] = at;
}

/** Leaves the rows and columns kept, in place: each number moves towards the start. */
function keepRows(d: Float64Array, m: number, kept: Int32Array): void {
  const count = kept.length;
  for (let a = 0, to = 0; a < count; to += count - 1 - a, a++) keepColumns(d, rowStart(m, kept[a]), kept, a + 1, to);
}

function keepColumns(d: Float64Array, o: number, kept: Int32Array, from: number, to: number): void {
  for (let b = from; b < kept.length; b++) d[to + b - from] = d[o + kept[b]];
}

/** The triangle of the distances, squared for ward.D2. */
function checked(distances: ArrayLike<number>, n: number, squared: boolean): Float64Array {
  if (n < 2 || distances.length !== n * n) {
    throw new InputError(`Clustering got ${distances.length} distances for ${n} items; ` +
      `it needs at least 2 items and all ${n} × ${n} distances, row by row.`);
  }
  const d = new Float64Array((n * (n - 1)) / 2);
  // by blocks, so that a column does not run through all memory for each row
  for (let from = 0; from < n; from += 64) for (let i = from + 1; i < n; i++) checkBlock(distances, n, i, from, Math.min(i, from + 64), d, squared);
  return d;
}

/** Columns from … to − 1 of row i, against the same of the other half. */
function checkBlock(distances: ArrayLike<number>, n: number, i: number, from: number, to: number, d: Float64Array, squared: boolean): void {
  for (let j = from, at = rowStart(n, from) + i; j < to; at += n - j - 2, j++) {
    const value = distances[i * n + j];
    if (!(value >= 0 && value < Infinity) || Math.abs(value - distances[j * n + i]) > 1e-9 * (1 + value)) {
      throw new InputError(`Distance of items ${j + 1} and ${i + 1} is ${value} and ${distances[j * n + i]}, ` +
        "but one finite number >= 0 was expected; leave out constant or missing columns before the distances are made.");
    }
    d[at] = squared ? value * value : value;
  }
}

/** Distance of k to the union of i and j. */
function lanceWilliams(linkage: Linkage, ik: number, jk: number, ij: number, ni: number, nj: number, nk: number): number {
  if (linkage === "single") return Math.min(ik, jk);
  if (linkage === "complete") return Math.max(ik, jk);
  if (linkage === "average") return (ni * ik + nj * jk) / (ni + nj);
  return ((ni + nk) * ik + (nj + nk) * jk - nk * ij) / (ni + nj + nk);
}

/** Leaves from left to right, without recursion: a chain of merges may be as deep as n. */
function leaves(merge: [number, number][]): number[] {
  const order: number[] = [];
  const waiting = [merge.length];
  while (waiting.length > 0) {
    const at = waiting.pop()!;
    if (at < 0) order.push(-at - 1);
    else waiting.push(merge[at - 1][1], merge[at - 1][0]);
  }
  return order;
}

/**
 * The cluster of every leaf when the tree is cut into k, numbered from 0 by their first leaf. As R cutree(k = …) less 1.
 * @throws InputError on k that is no whole number from 1 to n
 */
export function cutTree({ merge }: Pick<Dendrogram, "merge">, k: number): Int32Array {
  const n = merge.length + 1;
  if (!(Number.isInteger(k) && k >= 1 && k <= n)) {
    throw new InputError(`The tree of ${n} items is to be cut into ${k} clusters; ask for a whole number from 1 to ${n}.`);
  }
  const parent = new Int32Array(2 * n - 1).fill(-1);
  const node = (name: number) => (name < 0 ? -name - 1 : n + name - 1);
  for (let m = 0; m < n - k; m++) for (const name of merge[m]) parent[node(name)] = n + m;
  const number = new Map<number, number>();
  // from the last merge down every node takes the root of its parent
  const root = Int32Array.from(parent, (_, at) => at);
  for (let at = 2 * n - 2; at >= 0; at--) if (parent[at] >= 0) root[at] = root[parent[at]];
  return Int32Array.from({ length: n }, (_, leaf) => {
    if (!number.has(root[leaf])) number.set(root[leaf], number.size);
    return number.get(root[leaf])!;
  });
}

/** The clusters when all merges up to a height are kept. As R cutree(h = …) less 1. */
export function cutTreeAt(tree: Pick<Dendrogram, "merge" | "height">, height: number): Int32Array {
  return cutTree(tree, tree.merge.length + 1 - tree.height.filter((h) => h <= height).length);
}

/** Cophenetic distances (n × n, row by row): the height at which two leaves are first in one cluster. As R cophenetic(). Sokal & Rohlf 1962. */
export function copheneticDistances({ merge, height }: Pick<Dendrogram, "merge" | "height">): Float64Array {
  const n = merge.length + 1;
  const result = new Float64Array(n * n);
  const members: number[][] = [];
  merge.forEach((pair, m) => {
    const [left, right] = pair.map((name) => (name < 0 ? [-name - 1] : members[name - 1]));
    for (const i of left) for (const j of right) result[i * n + j] = result[j * n + i] = height[m];
    members.push([...left, ...right]);
  });
  return result;
}
