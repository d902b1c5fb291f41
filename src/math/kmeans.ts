import { InputError } from "./check.js";
import type { Random } from "./random.js";
import { wholeAboveZero } from "./testResult.js";

export type KmeansOptions = {
  /** how many clusters, their first centres drawn by k-means++; `random` is needed then */
  k?: number;
  /** first centres to start from, instead of k */
  centres?: readonly ArrayLike<number>[];
  random?: Random;
  /** how many starts, of which the one with the least sum of squares is kept (10); 1 where centres are given */
  restarts?: number;
  /** 200 */
  maxIterations?: number;
};

export type Kmeans = {
  centres: number[][];
  /** cluster of every row, from 0 */
  cluster: Int32Array;
  /** sums of squared distances to the own centre, one per cluster */
  withinSquares: Float64Array;
  totalWithin: number;
  /** sum of squared distances of the rows to their common mean, less totalWithin */
  between: number;
  /** passes over the rows, the last of which changed nothing where `converged` */
  iterations: number;
  converged: boolean;
  warnings: string[];
};

/**
 * k-means by Lloyd's algorithm (IEEE Trans Inf Theory 1982;28:129): rows to their nearest centre (of equal ones the first), centres to
 * the mean of their rows, until nothing changes. First centres by k-means++ (Arthur & Vassilvitskii, SODA 2007:1027) or as given; a
 * cluster that runs empty takes the row farthest from its centre, and a warning says so. Agrees with R kmeans(algorithm = "Lloyd").
 *
 * @param rows  n points of p finite numbers each, scaled alike beforehand
 * @throws InputError on k that is no whole number from 1 to n, restarts or iterations that are no whole number above 0, rows or centres without p finite numbers, neither centres nor `random`
 */
export function kmeans(rows: readonly ArrayLike<number>[], options: KmeansOptions): Kmeans {
  const { centres, random, maxIterations = 200 } = options;
  const n = rows.length;
  const k = centres?.length ?? options.k ?? 0;
  const p = rows[0]?.length ?? 0;
  check(rows, k, centres);
  wholeAboveZero(options.restarts ?? 10, "restarts", "k-means");
  wholeAboveZero(maxIterations, "maxIterations", "k-means");
  if (centres === undefined && random === undefined) {
    throw new InputError("k-means has neither first centres nor random numbers to draw them with; give centres, or random: randomStream(seed).");
  }
  const points = new Float64Array(n * p);
  rows.forEach((row, i) => points.set(Array.from(row), i * p));
  let best: Kmeans | undefined;
  const starts = centres === undefined ? options.restarts ?? 10 : 1;
  for (let start = 0; start < starts; start++) {
    const given = centres?.flatMap((c) => Array.from(c));
    const first = given === undefined ? spread(points, n, p, k, random!) : Float64Array.from(given);
    const run = lloyd(points, n, p, k, first, maxIterations);
    if (best === undefined || run.totalWithin < best.totalWithin) best = run;
  }
  return best!;
}

/**
 * Which of the centres is nearest to a point (of equal ones the first): the cluster of a row not there at the fit. −1 where NaN. Euclidean
 * distance; plumbing of `kmeans`.
 */
export function nearestCentre(centres: readonly ArrayLike<number>[], point: ArrayLike<number>): number {
  let nearest = -1;
  let least = Infinity;
  centres.forEach((centre, c) => {
    let sum = 0;
    for (let j = 0; j < centre.length; j++) sum += (point[j] - centre[j]) * (point[j] - centre[j]);
    if (sum < least) [nearest, least] = [c, sum];
  });
  return nearest;
}

function check(rows: readonly ArrayLike<number>[], k: number, centres: readonly ArrayLike<number>[] | undefined): void {
  const n = rows.length;
  if (!(Number.isInteger(k) && k >= 1 && k <= n)) {
    throw new InputError(`k-means is to make ${k} clusters of ${n} rows; ask for a whole number from 1 to ${n}.`);
  }
  const p = rows[0].length;
  const wrong = (what: string, list: readonly ArrayLike<number>[]) => list.forEach((row, i) => {
    const finite = Array.prototype.every.call(row, Number.isFinite);
    if (row.length !== p || !finite) {
      throw new InputError(`k-means: ${what} ${i + 1} has ${row.length} numbers${finite ? "" : ", not all of them finite"}, ` +
        `but ${p} finite numbers were expected; impute or leave out what is missing.`);
    }
  });
  wrong("row", rows);
  if (centres !== undefined) wrong("centre", centres);
}

function squares(points: Float64Array, i: number, centres: Float64Array, c: number, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) {
    const difference = points[i * p + j] - centres[c * p + j];
    sum += difference * difference;
  }
  return sum;
}

/** k-means++: each further centre is a row, drawn with probability by its squared distance to the nearest centre so far. */
function spread(points: Float64Array, n: number, p: number, k: number, random: Random): Float64Array {
  const centres = new Float64Array(k * p);
  const nearest = new Float64Array(n).fill(Infinity);
  for (let c = 0; c < k; c++) {
    let total = 0;
    if (c > 0) {
      for (let i = 0; i < n; i++) {
        nearest[i] = Math.min(nearest[i], squares(points, i, centres, c - 1, p));
        total += nearest[i];
      }
    }
    let row = random.below(n);
    if (total > 0) {
      let left = random.next() * total;
      for (row = 0; row < n - 1; row++) {
        left -= nearest[row];
        if (left < 0) break;
      }
    }
    centres.set(points.subarray(row * p, (row + 1) * p), c * p);
  }
  return centres;
}

function lloyd(points: Float64Array, n: number, p: number, k: number, first: Float64Array, maxIterations: number): Kmeans {
  const centres = first.slice();
  const cluster = new Int32Array(n).fill(-1);
  const distance = new Float64Array(n);
  const count = new Float64Array(k);
  const warnings: string[] = [];
  let iterations = 0;
  let changed = true;
  while (changed && iterations < maxIterations) {
    changed = false;
    iterations++;
    count.fill(0);
    for (let i = 0; i < n; i++) {
      let nearest = 0;
      let least = Infinity;
      for (let c = 0; c < k; c++) {
        const value = squares(points, i, centres, c, p);
        if (value < least) {
          least = value;
          nearest = c;
        }
      }
      distance[i] = least;
      count[nearest]++;
      if (cluster[i] !== nearest) changed = true;
      cluster[i] = nearest;
    }
    for (let c = 0; c < k; c++) {
      if (count[c] > 0) continue;
      let farthest = -1;
      for (let i = 0; i < n; i++) if (count[cluster[i]] > 1 && (farthest < 0 || distance[i] > distance[farthest])) farthest = i;
      if (farthest < 0 || distance[farthest] === 0) continue;
      count[cluster[farthest]]--;
      cluster[farthest] = c;
      count[c] = 1;
      distance[farthest] = 0;
      changed = true;
      warnings.push(`cluster ${c + 1} ran empty in pass ${iterations} and took row ${farthest + 1}; fewer clusters may fit better`);
    }
    if (changed) means(points, cluster, count, centres, n, p, k);
  }
  const withinSquares = new Float64Array(k);
  for (let i = 0; i < n; i++) withinSquares[cluster[i]] += squares(points, i, centres, cluster[i], p);
  const totalWithin = withinSquares.reduce((sum, value) => sum + value, 0);
  const common = new Float64Array(p);
  means(points, new Int32Array(n), Float64Array.of(n), common, n, p, 1);
  let total = 0;
  for (let i = 0; i < n; i++) total += squares(points, i, common, 0, p);
  if (changed) warnings.push(`k-means did not settle in ${maxIterations} passes; allow more`);
  count.forEach((rows, c) => {
    if (rows === 0) warnings.push(`cluster ${c + 1} is empty: there are fewer than ${k} different rows; ask for fewer clusters`);
  });
  return {
    centres: Array.from({ length: k }, (_, c) => Array.from(centres.subarray(c * p, (c + 1) * p))),
    cluster, withinSquares, totalWithin, between: total - totalWithin, iterations, converged: !changed, warnings,
  };
}

/** Centres to the means of their rows; the centre of an empty cluster stays. */
function means(
  points: Float64Array, cluster: Int32Array, count: Float64Array, centres: Float64Array, n: number, p: number, k: number,
): void {
  for (let c = 0; c < k; c++) if (count[c] > 0) centres.fill(0, c * p, (c + 1) * p);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) centres[cluster[i] * p + j] += points[i * p + j];
  for (let c = 0; c < k; c++) if (count[c] > 0) for (let j = 0; j < p; j++) centres[c * p + j] /= count[c];
}
