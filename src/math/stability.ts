import { InputError } from "./check.js";
import { elasticNet, type NetOptions } from "./elasticNet.js";
import type { NetResponse } from "./elasticNetPrepare.js";
import { shuffle, type Random } from "./random.js";

export type StabilityRule = {
  /** "pairs" (default): complementary pairs, each cut of the units giving two halves; "halves": every half drawn anew */
  scheme?: "pairs" | "halves";
  /** halves fitted (default 100; of pairs an even number) */
  halves?: number;
  /** columns taken in one fit, q: the first so many to enter the path (default √(.8 p), at least 1) */
  count?: number;
  /** share of the halves from which on a column is selected, π (default .75; above .5) */
  threshold?: number;
};
export type StabilityShares = {
  /** share of the halves in which each column was taken */
  share: Float64Array;
  scheme: "pairs" | "halves"; halves: number; count: number; threshold: number;
  /** bound on the expected number of columns selected by mistake: q² / ((2π − 1) p) */
  falseBound: number;
  /** the sharper bound of pairs where the share of a noise column is unimodally distributed; null where it does not apply */
  unimodalBound: number | null;
};

/**
 * Stability selection: an elastic-net path on each of many halves; in each the first q columns to enter are taken (of those that enter at
 * one λ the larger |coefficient · sd| first), and columns taken in at least a share π of the halves are selected. Meinshausen &
 * Bühlmann, J R Stat Soc B 2010;72:417 (scheme "halves", without randomised penalties); complementary pairs of Shah & Samworth, J R Stat Soc B
 * 2013;75:55 (scheme "pairs"). Expected number selected by mistake <= q²/((2π − 1) p): for M & B where noise columns are
 * exchangeable and the choice no worse than guessing, for S & S without assumption for the columns that a half takes with probability at
 * most q/p. Their bound for unimodal shares is C q²/p, B = pairs, C = 1/(2(2π − 1 − 1/(2B))) for π <= ¾, else 4(1 − π + 1/(2B))/(1 + 1/B), for q/p <= 1/√3.
 * The path and its defaults are `elasticNet`'s (tolerance 1e-3), walked only as far as q columns.
 *
 * @param unit     each row's unit, 0 … units − 1; units (patients) are drawn whole
 * @param stratum  each unit's stratum, 0, 1, …; halves keep the shares of the strata, of an odd number one unit sits out
 * @throws InputError on an unknown scheme, a threshold not above ½ and at most 1, a count outside 1 … p, halves that are not whole (pairs: even)
 */
export function stabilityShares(
  columns: readonly Float64Array[], response: NetResponse, unit: ArrayLike<number>, stratum: ArrayLike<number>, rule: StabilityRule, net: NetOptions, random: Random,
): StabilityShares {
  const p = columns.length;
  const { scheme = "pairs", halves = 100, threshold = 0.75, count = Math.max(1, Math.floor(Math.sqrt(0.8 * p))) } = rule;
  if (scheme !== "pairs" && scheme !== "halves") throw new InputError(`stabilitySelection was given scheme = "${String(scheme)}", but pairs or halves is expected.`);
  if (!(threshold > 0.5 && threshold <= 1)) throw new InputError(`stabilitySelection was given threshold = ${threshold}, but a number above .5 and up to 1 is expected.`);
  if (!(Number.isInteger(count) && count >= 1 && count <= p)) throw new InputError(`stabilitySelection was asked for ${count} of ${p} columns a half. Ask for 1 to ${p}.`);
  if (!(Number.isInteger(halves) && halves >= 1) || (scheme === "pairs" && halves % 2 === 1)) {
    throw new InputError(`stabilitySelection was asked for ${halves} halves, but ${scheme === "pairs" ? "an even" : "a whole"} number of 1 or more is expected.`);
  }
  const members: number[][] = Array.from({ length: stratum.length }, () => []);
  for (let i = 0; i < unit.length; i++) members[unit[i]].push(i);
  const strata: number[][] = [];
  for (let u = 0; u < stratum.length; u++) (strata[stratum[u]] ??= []).push(u);
  const size = columns.map((values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return Math.sqrt(values.reduce((a, b) => a + (b - mean) * (b - mean), 0));
  });
  const share = new Float64Array(p);
  for (let k = 0; k < (scheme === "pairs" ? halves / 2 : halves); k++) {
    const chance = random.stream(`cut ${k}`);
    const sides: number[][] = [[], []];
    for (const units of strata) {
      const order = Int32Array.from(units ?? []);
      shuffle(order, chance);
      const half = order.length >> 1;
      for (let i = 0; i < 2 * half; i++) sides[i < half ? 0 : 1].push(order[i]);
    }
    for (const side of scheme === "pairs" ? sides : [sides[0]]) {
      const rows = side.flatMap((u) => members[u]).sort((a, b) => a - b);
      for (const j of firstToEnter(columns, rows, response, net, count, size)) share[j] += 1 / halves;
    }
  }
  return { share, scheme, halves, count, threshold, ...bounds(p, count, threshold, scheme, halves / 2) };
}

function bounds(p: number, q: number, threshold: number, scheme: "pairs" | "halves", pairs: number): { falseBound: number; unimodalBound: number | null } {
  const theta = q / p;
  const applies = scheme === "pairs" && theta * theta <= 1 / 3 && threshold > Math.min(0.5 + theta * theta, 0.5 + 1 / (2 * pairs) + 0.75 * theta * theta);
  const factor = threshold <= 0.75 ? 1 / (2 * (2 * threshold - 1 - 1 / (2 * pairs))) : (4 * (1 - threshold + 1 / (2 * pairs))) / (1 + 1 / pairs);
  return { falseBound: (q * q) / ((2 * threshold - 1) * p), unimodalBound: applies && factor > 0 ? (factor * q * q) / p : null };
}

/** The first q columns of a path, by λ of entry; among those that enter at one λ the larger effects first. */
function firstToEnter(columns: readonly Float64Array[], rows: number[], response: NetResponse, options: NetOptions, q: number, size: number[]): number[] {
  const chosen: number[] = [];
  const seen = new Set<number>();
  // the path is walked down only as far as needed
  for (const lambdaRatio of [0.3, 0.05]) {
    chosen.length = 0;
    seen.clear();
    const path = elasticNet(columns, rows, response, { tolerance: 1e-3, lambdas: lambdaRatio === 0.3 ? 30 : 75, ...options, lambdaRatio });
    for (const { index, value } of path.coefficients) {
      const fresh = index.map((j, k) => ({ j, effect: Math.abs(value[k]) * size[j] })).filter(({ j }) => !seen.has(j)).sort((a, b) => b.effect - a.effect || a.j - b.j);
      for (const { j } of fresh) {
        seen.add(j);
        if (chosen.length < q) chosen.push(j);
      }
      if (chosen.length === q) return chosen;
    }
  }
  return chosen;
}
