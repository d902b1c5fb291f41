import { InputError } from "./check.js";

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
 * again; each cluster keeps its nearest neighbour among the later ones (Murtagh, Comput J 1983;26:354), so that it takes about n²
 * steps. Of equal distances the pair with the least numbers is merged first. Agrees with R 4.2.2 hclust: merges, heights, order.
 *
 * @param distances  n × n, row by row, symmetric, finite, none negative; for features 1 − |correlation|. InputError else.
 */
export function hierarchicalClustering(distances: ArrayLike<number>, n: number, linkage: Linkage = "ward.D2"): Dendrogram {
  const d = checked(distances, n, linkage);
  const size = new Float64Array(n).fill(1);
  /** what the cluster at i is called in `merge` */
  const name = Int32Array.from({ length: n }, (_, i) => -i - 1);
  const active = Int32Array.from({ length: n }, (_, i) => i);
  const neighbour = new Int32Array(n).fill(-1);
  const nearest = new Float64Array(n).fill(Infinity);
  const merge: [number, number][] = [];
  const height: number[] = [];
  let count = n;
  /** nearest of the active clusters after position a */
  const seek = (a: number) => {
    const i = active[a];
    let least = Infinity;
    let at = -1;
    for (let b = a + 1; b < count; b++) {
      const value = d[i * n + active[b]];
      if (value < least) {
        least = value;
        at = active[b];
      }
    }
    nearest[i] = least;
    neighbour[i] = at;
  };
  for (let a = 0; a < n - 1; a++) seek(a);
  while (count > 1) {
    let i = active[0];
    for (let a = 1; a < count - 1; a++) if (nearest[active[a]] < nearest[i]) i = active[a];
    const j = neighbour[i];
    const between = nearest[i];
    merge.push(name[i] < 0 && name[j] < 0 ? [Math.max(name[i], name[j]), Math.min(name[i], name[j])]
      : [Math.min(name[i], name[j]), Math.max(name[i], name[j])]);
    height.push(linkage === "ward.D2" ? Math.sqrt(between) : between);
    count--;
    for (let a = active.indexOf(j); a < count; a++) active[a] = active[a + 1];
    for (let a = 0; a < count; a++) {
      const k = active[a];
      if (k === i) continue;
      const joined = lanceWilliams(linkage, d[i * n + k], d[j * n + k], between, size[i], size[j], size[k]);
      d[i * n + k] = d[k * n + i] = joined;
    }
    size[i] += size[j];
    name[i] = merge.length;
    for (let a = 0; a < count - 1; a++) {
      const k = active[a];
      if (k === i || neighbour[k] === i || neighbour[k] === j) seek(a);
    }
  }
  return { linkage, merge, height, order: leaves(merge) };
}

function checked(distances: ArrayLike<number>, n: number, linkage: Linkage): Float64Array {
  if (!linkages.includes(linkage)) throw new InputError(`Linkage is "${linkage}", but one of ${linkages.join(", ")} was expected.`);
  if (n < 2 || distances.length !== n * n) {
    throw new InputError(`Clustering got ${distances.length} distances for ${n} items; ` +
      `it needs at least 2 items and all ${n} × ${n} distances, row by row.`);
  }
  const d = Float64Array.from(distances);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = d[i * n + j];
      if (!(value >= 0 && value < Infinity) || Math.abs(value - d[j * n + i]) > 1e-9 * (1 + value)) {
        throw new InputError(`Distance of items ${j + 1} and ${i + 1} is ${value} and ${d[j * n + i]}, ` +
          "but one finite number >= 0 was expected; leave out constant or missing columns before the distances are made.");
      }
      d[i * n + j] = d[j * n + i] = linkage === "ward.D2" ? value * value : value;
    }
  }
  return d;
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

/** The cluster of every leaf when the tree is cut into k, numbered from 0 by their first leaf. As R cutree(k = …) less 1. */
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

/** Cophenetic distances (n × n, row by row): the height at which two leaves are first in one cluster. As R cophenetic(). */
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
