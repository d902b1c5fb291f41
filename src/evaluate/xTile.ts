import { chiSquaredCdf, InputError, order, shuffle, type Random } from "../math/index.js";
import { chisqOf, cutPlaces, leastGroup, logRankTerms, scanFromBelow, type LogRankTerms } from "./cutpointScan.js";
import { checkFollowUp, type FollowUp } from "./followUp.js";
import { logRank, type LogRank } from "./logRank.js";

export type XTileOptions = {
  /** 2 (default) or 3 groups */
  groups?: 2 | 3;
  /** smallest group as a share of the training patients, default .1 */
  minimum?: number;
  /** 1 training, 0 validation, one a patient; or by chance, half and half within event and censored, with `random` */
  training?: ArrayLike<number>;
  random?: Random;
  /** shuffles of the training marker for permutationP; 0 none (default) */
  permutations?: number;
};

export type XTile = {
  /** a patient's group is the number of cuts below the marker: low <= cuts[0] < … */
  cuts: number[]; chisq: number;
  /** p of the chosen cuts on the patients who chose them: optimistic */
  optimisticP: number;
  /** p by shuffling the training marker and searching anew, where asked for */
  permutationP?: number;
  training: number[];
  /** log-rank test of the training's cuts on the validation patients: the honest p; undefined where nobody was held out */
  validation?: LogRank; validationP: number;
  /** χ² of every cut or pair of cuts searched, the X-tile plot: low and high are the places' cut values (equal for two groups) */
  tiles: { low: number; high: number; chisq: number }[];
  warnings: string[];
};

/**
 * X-tile: the cut (two groups) or pair of cuts (three groups) with the largest log-rank χ² in the training patients, its χ² tested in the patients held
 * out. Camp, Dolled-Filhart & Rimm, Clin Cancer Res 2004;10:7252. Variant taken: all distinct values are cuts; three groups are judged
 * by the 2-df log-rank χ² of all three at once (not the larger of two pairwise tests); the split is 1 : 1, drawn within patients with and without event, as
 * the paper's "normalised" ranking of patients; no correction is printed by the program for a chosen cut, so optimisticP is marked and validationP and
 * permutationP stand beside it. Two groups O(n log n), three O(n²).
 * @throws InputError on follow-up as kaplanMeier; markers not finite, groups not 2 or 3, training other than 0 and 1, permutations that are no whole number >= 0 or
 * without `random`, under 4 patients to train on, no such cut
 */
export function xTile(data: FollowUp, marker: ArrayLike<number>, options: XTileOptions = {}): XTile {
  const n = checkFollowUp("xTile", data, { marker, training: options.training });
  const { groups = 2, permutations = 0, random } = options;
  if (groups !== 2 && groups !== 3) throw new InputError(`xTile: ${String(groups)} groups; choose 2 or 3.`);
  if (!(Number.isInteger(permutations) && permutations >= 0)) throw new InputError(`xTile: permutations is ${permutations}; give a whole number >= 0, for example 999 (0 for none).`);
  for (let i = 0; options.training !== undefined && i < n; i++) {
    if (options.training[i] !== 0 && options.training[i] !== 1) throw new InputError(`xTile: training of row ${i + 1} is ${options.training[i]}; give 1 (training) or 0 (validation).`);
  }
  if (permutations > 0 && random === undefined) throw new InputError("xTile: permutations need a random stream; give random as well.");
  const training = options.training !== undefined ? Array.from(options.training) : random === undefined ? Array.from({ length: n }, () => 1) : halves(data, random.stream("split"));
  const train = Array.from({ length: n }, (_, i) => i).filter((i) => training[i] === 1);
  const held = Array.from({ length: n }, (_, i) => i).filter((i) => training[i] === 0);
  if (train.length < 4) throw new InputError(`xTile: ${train.length} training patients; at least four are needed.`);
  const sub = pick(data, train);
  const values = Float64Array.from(train, (i) => marker[i]);
  const rows = order(values);
  const sorted = Float64Array.from(rows, (i) => values[i]);
  const least = leastGroup("xTile", options.minimum ?? 0.1, train.length);
  const places = cutPlaces(sorted, least);
  const terms = logRankTerms(sub, rows);
  const tiles = search(terms, places, least, groups);
  if (tiles.length === 0) throw new InputError(`xTile: no cut into ${groups} groups of at least ${least} of ${train.length} training patients; the marker has too few distinct values. Lower the minimum or use two groups.`);
  const best = tiles.reduce((a, b) => (b.chisq > a.chisq ? b : a));
  const cuts = groups === 2 ? [sorted[best.low - 1]] : [sorted[best.low - 1], sorted[best.high - 1]];
  const warnings = ["optimisticP belongs to cuts chosen on the same patients; report validationP or permutationP."];
  const result: XTile = {
    cuts, chisq: best.chisq, optimisticP: chiSquaredCdf(best.chisq, groups - 1, { upper: true }), training, validationP: NaN,
    tiles: tiles.map((t) => ({ low: sorted[t.low - 1], high: sorted[t.high - 1], chisq: t.chisq })), warnings,
  };
  if (held.length > 0) {
    const group = held.map((i) => cuts.filter((c) => marker[i] > c).length);
    if (new Set(group).size < 2) warnings.push("All validation patients fall into one group: the cuts cannot be tested there.");
    else {
      result.validation = logRank(pick(data, held), group);
      result.validationP = result.validation.p;
      if (new Set(group).size < groups) warnings.push("One group has no validation patient: the test compares the others.");
    }
  } else warnings.push("Nobody was held out: give `training` or a random stream for a validation p.");
  if (permutations > 0) result.permutationP = shuffledP(terms, places, least, groups, best.chisq, random!.stream("permutations"), permutations);
  return result;
}

const pick = (data: FollowUp, rows: number[]): FollowUp => ({ time: rows.map((i) => data.time[i]), event: rows.map((i) => data.event[i]) });

function halves(data: FollowUp, random: Random): number[] {
  const training = Array.from({ length: data.time.length }, () => 0);
  let odd = 0;
  for (const event of [1, 0]) {
    const rows = training.map((_, i) => i).filter((i) => data.event[i] === event);
    shuffle(rows, random);
    for (const i of rows) training[i] = odd++ % 2 === 0 ? 1 : 0;
  }
  return training;
}

type Tile = { low: number; high: number; chisq: number };

function search(terms: LogRankTerms, places: Int32Array, least: number, groups: 2 | 3): Tile[] {
  const { u, v } = scanFromBelow(terms);
  if (groups === 2) return Array.from(places, (k) => ({ low: k, high: k, chisq: chisqOf(u[k - 1], v[k - 1]) }));
  const n = terms.excess.length;
  const own = Float64Array.from(terms.place, (p) => terms.square[p]);
  const pairs = new Float64Array(n); // Σ_{i in low} square(min(Tᵢ, T_j)) by patient j
  const tiles: Tile[] = [];
  let done = 0;
  for (const low of places) {
    for (; done < low; done++) for (let j = 0; j < n; j++) pairs[j] += Math.min(own[done], own[j]);
    // covariance of (low, high), high = patients from place `high` on: −Σ_{i in low, j in high} square(min)
    let covariance = 0;
    let from = n;
    for (let c = places.length - 1; c >= 0 && places[c] >= low + least; c--) {
      const high = places[c];
      while (from > high) covariance -= pairs[--from];
      // high group's u and v are those of its complement, u with the sign turned
      const [a, b] = [u[low - 1], -u[high - 1]];
      const [va, vb] = [v[low - 1], v[high - 1]];
      const det = va * vb - covariance * covariance;
      tiles.push({ low, high, chisq: det > 1e-10 * va * vb ? (a * a * vb - 2 * a * b * covariance + b * b * va) / det : chisqOf(a, va) });
    }
  }
  return tiles;
}

function shuffledP(terms: LogRankTerms, places: Int32Array, least: number, groups: 2 | 3, chisq: number, random: Random, permutations: number): number {
  const n = terms.excess.length;
  const at = Int32Array.from({ length: n }, (_, i) => i);
  let reached = 0;
  for (let b = 0; b < permutations; b++) {
    shuffle(at, random);
    const shuffled = { excess: terms.excess.map((_, k) => terms.excess[at[k]]), linear: terms.linear.map((_, k) => terms.linear[at[k]]), place: terms.place.map((_, k) => terms.place[at[k]]), square: terms.square };
    if (search(shuffled, places, least, groups).some((t) => t.chisq >= chisq * (1 - 1e-12))) reached++;
  }
  return (1 + reached) / (1 + permutations);
}
