import { InputError, order, shuffle, type Random } from "../math/index.js";
import { checkFollowUp, membersBySlot, timeGrid, type FollowUp } from "./followUp.js";
import { lausen92, lausen94 } from "./lausen.js";

/**
 * Log-rank scores aᵢ = eventᵢ − Σ_{j: Tⱼ <= Tᵢ} eventⱼ/(n − γⱼ + 1), γⱼ the number of patients with T <= Tⱼ.
 * Hothorn & Lausen, Comput Stat Data Anal 2003;43:121. R: maxstat 0.7-25 `cscores(Surv, type = "LogRank")`.
 * @throws InputError on follow-up as kaplanMeier
 */
export function logRankScores(data: FollowUp): Float64Array {
  const n = checkFollowUp("logRankScores", data);
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const scores = new Float64Array(n);
  let sum = 0;
  for (let k = 0; k < grid.times.length; k++) {
    for (let q = start[k]; q < start[k + 1]; q++) sum += data.event[member[q]] / (n - start[k + 1] + 1);
    for (let q = start[k]; q < start[k + 1]; q++) scores[member[q]] = data.event[member[q]] - sum;
  }
  return scores;
}

export type MaxstatOptions = { minimum?: number; maximum?: number; /** with `random`: so many shuffles for permutationP */ permutations?: number; random?: Random };
export type MaxstatCut = {
  /** the low group has marker <= cut */
  cut: number; statistic: number; cuts: number[]; statistics: number[];
  lausen92: number; lausen94: number;
  /** the smaller of the two bounds: a corrected p */
  adjustedP: number;
  /** P(|Z| >= statistic) as if the cut had been given: optimistic */
  optimisticP: number;
  permutationP?: number; permutations?: number; warnings: string[];
};

/**
 * Maximally selected rank statistics: the largest |Σ_{low} a − m ā| / √(m(n − m)/(n(n − 1))·Σ(a − ā)²) over cuts with m patients in the low group,
 * a the log-rank scores, and its p by the bounds Lausen 1992 and 1994 or by shuffling. Agrees with R maxstat 0.7-25
 * `maxstat.test(Surv(time, event) ~ marker, smethod = "LogRank", minprop, maxprop)`: cuts are distinct values v whose low group has at least ⌊n·minimum⌋ and
 * at most ⌊n·maximum⌋ patients. A permutation statistic: it differs from the log-rank χ² of minimumPCut and can choose another cut.
 *
 * @param options  minimum .1 and maximum .9 by default
 * @throws InputError on follow-up as kaplanMeier; markers not finite, shares that do not ascend between 0 and 1, no such cut, no event, permutations not whole
 */
export function maxstatCut(data: FollowUp, marker: ArrayLike<number>, options: MaxstatOptions = {}): MaxstatCut {
  const n = checkFollowUp("maxstatCut", data, { marker });
  const { minimum = 0.1, maximum = 0.9, permutations = 999, random } = options;
  if (!(minimum > 0 && minimum < maximum && maximum < 1)) throw new InputError(`maxstatCut: minimum ${minimum} and maximum ${maximum} must be ascending shares between 0 and 1.`);
  const rows = order(marker);
  const scores = logRankScores(data);
  const [least, most] = [Math.max(1, Math.floor(n * minimum)), Math.min(n - 1, Math.floor(n * maximum))];
  const sizes: number[] = [];
  for (let k = least; k <= most; k++) if (marker[rows[k - 1]] !== marker[rows[k]]) sizes.push(k);
  if (sizes.length === 0) throw new InputError(`maxstatCut: no cut of the marker leaves between ${least} and ${most} of ${n} patients below it; it has too few distinct values. Widen the shares, or treat it as categories.`);
  const mean = scores.reduce((a, b) => a + b, 0) / n;
  const spread = scores.reduce((a, b) => a + (b - mean) * (b - mean), 0);
  if (!(spread > 0)) throw new InputError("maxstatCut: all patients have the same log-rank score (no event, or all at one time); no cut can be judged.");
  const scale = sizes.map((m) => 1 / Math.sqrt(((m * (n - m)) / (n * (n - 1))) * spread));
  const along = (rank: (k: number) => number, into: Float64Array) => {
    let sum = 0;
    let c = 0;
    for (let k = 0; k < n && c < sizes.length; k++) {
      sum += scores[rank(k)] - mean;
      if (k + 1 === sizes[c]) {
        into[c] = Math.abs(sum) * scale[c];
        c++;
      }
    }
  };
  const statistics = new Float64Array(sizes.length);
  along((k) => rows[k], statistics);
  let best = 0;
  for (let c = 1; c < sizes.length; c++) if (statistics[c] > statistics[best]) best = c;
  const statistic = statistics[best];
  const p92 = lausen92(statistic, minimum, maximum);
  const p94 = lausen94(statistic, sizes, n);
  const result: MaxstatCut = {
    cut: marker[rows[sizes[best] - 1]], statistic, cuts: sizes.map((k) => marker[rows[k - 1]]), statistics: Array.from(statistics), lausen92: p92, lausen94: p94,
    adjustedP: Math.min(p92, p94), optimisticP: lausen94(statistic, [sizes[best]], n), warnings: ["optimisticP belongs to a cut chosen on the same patients; report adjustedP or permutationP."],
  };
  if (random === undefined) return result;
  if (!(Number.isInteger(permutations) && permutations > 0)) throw new InputError(`maxstatCut: permutations is ${permutations}; give a whole number > 0, for example 999.`);
  const at = Int32Array.from(rows);
  const trial = new Float64Array(sizes.length);
  let reached = 0;
  for (let b = 0; b < permutations; b++) {
    shuffle(at, random);
    along((k) => at[k], trial);
    if (trial.some((x) => x >= statistic * (1 - 1e-12))) reached++;
  }
  return { ...result, permutationP: (1 + reached) / (1 + permutations), permutations };
}
