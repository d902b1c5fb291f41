// Expected: R 4.2.2 hclust, cutree, cophenetic, kmeans (Lloyd), cluster::silhouette on centres.csv.
import { expect, test } from "vitest";
import { copheneticDistances, cutTree, cutTreeAt, euclideanDistances, hierarchicalClustering, kmeans, linkages, midranks, nearestCentre, randomStream, silhouette,
  type Linkage } from "../../src/math/index.js";
import { extendedTest, readJson } from "../data.js";
import { data, reference, unequal } from "../stats.js";

/** Mean 0, SD 1 with n − 1, as R scale(). */
function scaled(x: Float64Array): Float64Array {
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  const sd = Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / (x.length - 1));
  return x.map((v) => (v - mean) / sd);
}
const rowsOf = (columns: Float64Array[]) => Array.from(columns[0], (_, i) => Float64Array.from(columns, (c) => c[i]));

/** The 25 scaled features as rows of patients. */
function scaledRows(): Float64Array[] {
  const d = data("centres.csv");
  return rowsOf(Object.keys(d).filter((name) => /^f[0-9]+$/.test(name)).map((name) => scaled(d[name])));
}

function agrees(distances: ArrayLike<number>, n: number, linkage: Linkage, theirs: any): void {
  const tree = hierarchicalClustering(distances, n, linkage);
  expect(tree.merge, linkage).toEqual(theirs.merge);
  expect(tree.order.map((i) => i + 1), linkage).toEqual(theirs.order);
  expect(unequal(tree.height, theirs.height, 1e-12), linkage).toEqual([]);
  for (const [cut, cluster] of Object.entries(theirs.cutree)) {
    expect(Array.from(cutTree(tree, Number(cut.slice(1))), (c) => c + 1)).toEqual(cluster);
  }
}

test("features by 1 − |Spearman|: merges, heights, order and cuts of all linkages agree with R", () => {
  const { result } = reference("hclust_features") as any;
  const n = result.spearman.length;
  const distances = result.spearman.flat().map((r: number) => 1 - Math.abs(r));
  for (const linkage of linkages) agrees(distances, n, linkage, result[linkage]);
  const cophenetic = copheneticDistances(hierarchicalClustering(distances, n, "average"));
  const [x, y]: number[][] = [[], []];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) { x.push(distances[i * n + j]); y.push(cophenetic[i * n + j]); }
  const mean = (v: number[]) => v.reduce((s, a) => s + a, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const r = mean(x.map((a, i) => (a - mx) * (y[i] - my))) / Math.sqrt(mean(x.map((a) => (a - mx) ** 2)) * mean(y.map((a) => (a - my) ** 2)));
  expect(unequal([r], [result.cophenetic_cor], 1e-12)).toEqual([]);
});

test("patients by Euclidean distance, Ward: agrees with R", () => {
  const rows = scaledRows();
  agrees(euclideanDistances(rows), rows.length, "ward.D2", (reference("hclust_features") as any).result["samples_scaled_euclid_ward.D2"]);
});

test("three points by hand, and cuts by height", () => {
  const tree = hierarchicalClustering([0, 1, 4, 1, 0, 3, 4, 3, 0], 3, "average");
  expect(tree).toEqual({ linkage: "average", merge: [[-1, -2], [-3, 1]], height: [1, 3.5], order: [2, 0, 1] });
  expect([...cutTreeAt(tree, 0.5)]).toEqual([0, 1, 2]);
  expect([...cutTreeAt(tree, 1)]).toEqual([0, 0, 1]);
  expect([...cutTreeAt(tree, 9)]).toEqual([0, 0, 0]);
});

test("heights never fall, whatever the ties", () => {
  const random = randomStream("ties");
  for (const linkage of linkages) {
    const n = 30;
    const d = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) d[i * n + j] = d[j * n + i] = 1 + random.below(3);
    const { height, order, merge } = hierarchicalClustering(d, n, linkage);
    height.forEach((h, k) => k > 0 && expect(h).toBeGreaterThanOrEqual(height[k - 1] * (1 - 1e-12)));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(new Set(merge.flat()).size).toBe(2 * n - 2);
  }
});

test("distances that are none are named", () => {
  expect(() => hierarchicalClustering([0, NaN, NaN, 0], 2)).toThrow(/items 1 and 2 is NaN/);
  expect(() => hierarchicalClustering([0, 1], 2)).toThrow(/2 distances for 2 items/);
  expect(() => hierarchicalClustering([0, 1, 1, 0], 2, "centroid" as Linkage)).toThrow(/Linkage is "centroid"/);
  expect(() => cutTree({ merge: [[-1, -2]] }, 3)).toThrow(/from 1 to 2/);
});

test("k-means from given centres agrees with R's Lloyd", () => {
  const { args, result } = reference("kmeans_lloyd") as any;
  const rows = scaledRows();
  const fit = kmeans(rows, { centres: args.start.map((i: number) => rows[i - 1]) });
  expect(Array.from(fit.cluster, (c) => c + 1)).toEqual(result.cluster);
  fit.centres.forEach((centre, c) => expect(unequal(centre, result.centers[c], 1e-11)).toEqual([]));
  expect(unequal(fit.withinSquares, result.withinss, 1e-12)).toEqual([]);
  expect(unequal([fit.totalWithin, fit.between], [result.tot_withinss, result.betweenss], 1e-12)).toEqual([]);
  expect([fit.iterations, fit.converged, fit.warnings]).toEqual([result.iter, true, []]);
  expect(rows.map((row) => nearestCentre(fit.centres, row))).toEqual([...fit.cluster]);
  expect(nearestCentre([[0], [2]], [NaN])).toBe(-1);
  const widths = silhouette(euclideanDistances(rows), fit.cluster);
  expect(unequal([widths.reduce((s, w) => s + w, 0) / widths.length], [result.silhouette], 1e-12)).toEqual([]);
});

test("k-means++ finds three far groups from every seed, and the same ones for the same seed", () => {
  const random = randomStream("groups");
  const rows = Array.from({ length: 60 }, (_, i) => [10 * (i % 3) + random.normal(), (i % 3 === 1 ? 20 : 0) + random.normal()]);
  for (let seed = 0; seed < 20; seed++) {
    const { cluster } = kmeans(rows, { k: 3, random: randomStream(seed) });
    for (let i = 3; i < 60; i++) expect(cluster[i]).toBe(cluster[i % 3]);
    expect(new Set(cluster.slice(0, 3)).size).toBe(3);
  }
  expect(kmeans(rows, { k: 4, random: randomStream(1) })).toEqual(kmeans(rows, { k: 4, random: randomStream(1) }));
});

test("empty clusters, too few different rows, and bad input", () => {
  const moved = kmeans([[0], [1], [10], [11]], { centres: [[0], [100], [200]] });
  expect(moved.warnings.join()).toMatch(/ran empty/);
  expect(new Set(moved.cluster).size).toBe(3);
  const same = kmeans([[1], [1], [1]], { k: 2, random: randomStream(1) });
  expect(same.totalWithin).toBe(0);
  expect(same.warnings.join()).toMatch(/fewer than 2 different rows/);
  expect(() => kmeans([[1], [2]], { k: 3, random: randomStream(1) })).toThrow(/3 clusters of 2 rows/);
  expect(() => kmeans([[1], [NaN]], { k: 1, random: randomStream(1) })).toThrow(/row 2 has 1 numbers, not all of them finite/);
  expect(() => kmeans([[1], [2]], { k: 2 })).toThrow(/random: randomStream/);
});

extendedTest("features and cars of mtcars: clusters agree with R", "stats/reference/hclust_kmeans_mtcars.json", (path) => {
  const { data: { x }, result } = readJson(path);
  const columns = x[0].map((_: number, j: number) => x.map((row: number[]) => row[j]));
  const z = rowsOf(columns.map((c: number[]) => scaled(Float64Array.from(c))));
  const p = columns.length;
  const rank = columns.map((c: number[]) => midranks(c).ranks);
  const unit = rank.map((r: Float64Array) => scaled(r));
  const distances = new Float64Array(p * p);
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) {
    distances[i * p + j] = i === j ? 0 : 1 - Math.abs(unit[i].reduce((s: number, a: number, k: number) => s + a * unit[j][k], 0) / (z.length - 1));
  }
  agrees(distances, p, "ward.D2", result["ward.D2_features"]);
  agrees(distances, p, "ward.D", result["ward.D_features"]);
  agrees(euclideanDistances(z), z.length, "ward.D2", result["ward.D2_rows"]);
  const fit = kmeans(z, { centres: [z[0], z[14], z[17]] });
  expect(Array.from(fit.cluster, (c) => c + 1)).toEqual(result.kmeans.cluster);
  expect(unequal([fit.totalWithin], [result.kmeans.tot_withinss], 1e-12)).toEqual([]);
});
