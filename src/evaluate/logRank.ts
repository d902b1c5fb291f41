import { adjustP, chiSquaredCdf, InputError, log, exp, type Adjustment } from "../math/index.js";
import { quadraticForm } from "./quadraticForm.js";
import { checkFollowUp, groupCodes, membersBySlot, timeGrid, type FollowUp } from "./followUp.js";

export type LogRankOptions = {
  /** Fleming–Harrington G^ρ weights S(t−)^ρ: 0 log-rank (default), 1 Peto–Peto's Wilcoxon; S is the pooled curve of the stratum */
  rho?: number;
  /** stratum codes (whole numbers >= 0), one a patient */
  strata?: ArrayLike<number>;
};

export type LogRank = {
  /** the codes that occur, ascending; everything below stands in their order */
  groups: number[];
  n: number[];
  observed: number[];
  expected: number[];
  /** covariance of observed − expected, k × k */
  variance: number[][];
  chisq: number; df: number; p: number;
  /** two groups: Pike's estimate (O₂/E₂)/(O₁/E₁) of the second over the first; else NaN */
  hazardRatio: number;
  warnings: string[];
};

/**
 * Log-rank test of k groups: Σ over event times of observed minus expected dⱼ·nᵢⱼ/nⱼ with hypergeometric variance
 * dⱼ(nⱼ − dⱼ)/(nⱼ − 1)·(nᵢ/n)(δ − nₗ/n); χ² = (O − E)ᵀV⁻(O − E) on k − 1 df. Mantel, Cancer Chemother Rep 1966;50:163;
 * Peto & Peto, J R Stat Soc A 1972;135:185; the G^ρ family by Harrington & Fleming, Biometrika 1982;69:553. Strata add up.
 * Agrees with R survival 3.5-3 `survdiff(Surv(time, event) ~ group + strata(stratum), rho)`. O(n log n).
 * Groups that are never at risk at an event carry no df. Without any event p is NaN and a warning says so.
 *
 * @param group  whole-number codes >= 0, one a patient
 * @throws InputError on follow-up as kaplanMeier; fewer than two groups, group or stratum codes that are negative or not whole, rho negative or infinite
 */
export function logRank(data: FollowUp, group: ArrayLike<number>, options: LogRankOptions = {}): LogRank {
  const n = checkFollowUp("logRank", data, { group, strata: options.strata });
  const rho = options.rho ?? 0;
  if (!(rho >= 0 && rho < Infinity)) throw new InputError(`logRank: rho is ${rho}; it must be a number >= 0 (0 log-rank, 1 Peto–Peto).`);
  const { codes, of } = groupCodes("logRank", "group", group);
  const k = codes.length;
  if (k < 2) throw new InputError(`logRank: all ${n} patients are in group ${codes[0]}; at least two groups with patients are needed.`);
  const strata = options.strata === undefined ? undefined : groupCodes("logRank", "stratum", options.strata);
  const observed = new Float64Array(k);
  const expected = new Float64Array(k);
  const variance = Array.from({ length: k }, () => new Float64Array(k));
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const total = strata?.codes.length ?? 1;
  const rows = strata === undefined ? [member] : splitBy(member, strata.of, total);
  for (const inStratum of rows) addStratum(inStratum, strata === undefined ? start : undefined);

  const size = Array.from({ length: k }, () => 0);
  for (const g of of) size[g]++;
  const use = codes.map((_, g) => g).filter((g) => expected[g] > 0);
  const df = use.length - 1;
  const warnings: string[] = [];
  let events = 0;
  for (const o of observed) events += o;
  const chisq = df > 0 ? quadraticForm(use.slice(1).map((g) => observed[g] - expected[g]), use.slice(1).map((a) => use.slice(1).map((b) => variance[a][b]))) : NaN;
  if (events === 0) warnings.push("No event was seen in any group: there is nothing to compare and p is NaN.");
  else if (df < 1) warnings.push("At every event only one group was still at risk: the groups cannot be compared and p is NaN.");
  if (events > 0 && observed.some((o) => o === 0)) warnings.push(`No event in group ${codes.filter((_, g) => observed[g] === 0).join(", ")}: the test stands, a hazard ratio from it does not; use an exact or permutation test where events are few.`);
  return {
    groups: codes, n: size, observed: Array.from(observed), expected: Array.from(expected), variance: variance.map((row) => Array.from(row)),
    chisq, df: Math.max(0, df), p: Number.isFinite(chisq) ? chiSquaredCdf(chisq, df, { upper: true }) : NaN,
    hazardRatio: k === 2 && observed[0] > 0 ? observed[1] / expected[1] / (observed[0] / expected[0]) : NaN, warnings,
  };

  function addStratum(rowsInOrder: Int32Array, starts: Int32Array | undefined): void {
    const atRisk = new Float64Array(k);
    for (const i of rowsInOrder) atRisk[of[i]]++;
    const dead = new Float64Array(k);
    let left = rowsInOrder.length;
    let survival = 1;
    for (let from = 0, s = 0; from < rowsInOrder.length; s++) {
      let to = starts?.[s + 1] ?? from;
      if (starts === undefined) while (to < rowsInOrder.length && grid.slot[rowsInOrder[to]] === grid.slot[rowsInOrder[from]]) to++;
      let d = 0;
      for (let q = from; q < to; q++) {
        if (data.event[rowsInOrder[q]] === 1) {
          dead[of[rowsInOrder[q]]]++;
          d++;
        }
      }
      if (d > 0) {
        const w = rho === 0 ? 1 : survival === 0 ? 0 : exp(rho * log(survival));
        const c = left > 1 ? (w * w * d * (left - d)) / (left - 1) / left : 0;
        for (let a = 0; a < k; a++) {
          observed[a] += w * dead[a];
          expected[a] += (w * d * atRisk[a]) / left;
          variance[a][a] += c * atRisk[a];
          for (let b = 0; b < k; b++) variance[a][b] -= (c * atRisk[a] * atRisk[b]) / left;
          dead[a] = 0;
        }
        survival *= (left - d) / left;
      }
      for (let q = from; q < to; q++) atRisk[of[rowsInOrder[q]]]--;
      left -= to - from;
      from = to;
    }
  }
}

/** The members in their order, one list a stratum. */
function splitBy(member: Int32Array, of: Int32Array, strata: number): Int32Array[] {
  const lists = Array.from({ length: strata }, () => [] as number[]);
  for (const i of member) lists[of[i]].push(i);
  return lists.map((l) => Int32Array.from(l));
}

/**
 * Log-rank test for trend over ordered groups: (sᵀ(O − E))²/(sᵀVs) on 1 df with scores s (default 1, 2, …, k in the order of the codes).
 * Tarone, Biometrika 1975;62:679. Equals the Cox score test of the scores with exact ties; from R's `survdiff` by hand.
 * p is NaN where groups are never at risk together.
 * @throws InputError where there is not one finite score a group, or all are equal
 */
export function logRankTrend(test: LogRank, scores: ArrayLike<number> = test.groups.map((_, g) => g + 1)): { u: number; variance: number; chisq: number; df: 1; p: number } {
  if (scores.length !== test.groups.length) throw new InputError(`logRankTrend: ${scores.length} scores for ${test.groups.length} groups; give one score a group.`);
  test.groups.forEach((code, a) => {
    if (!Number.isFinite(scores[a])) throw new InputError(`logRankTrend: the score of group ${code} is ${scores[a]}, expected a finite number; give the groups' order or dose.`);
  });
  if (test.groups.every((_, a) => scores[a] === scores[0])) throw new InputError(`logRankTrend: all ${scores.length} scores are ${scores[0]}, expected at least two different ones; give the groups' order or dose.`);
  let u = 0;
  let variance = 0;
  test.groups.forEach((_, a) => {
    u += scores[a] * (test.observed[a] - test.expected[a]);
    test.groups.forEach((_, b) => (variance += scores[a] * scores[b] * test.variance[a][b]));
  });
  const chisq = variance > 0 ? (u * u) / variance : NaN;
  return { u, variance, chisq, df: 1, p: variance > 0 ? chiSquaredCdf(chisq, 1, { upper: true }) : NaN };
}

export type LogRankPair = { groups: [number, number]; chisq: number; p: number; adjusted: number; warnings: string[] };

/**
 * Log-rank tests of every pair of groups, each on the two groups' patients alone, with p adjusted over the pairs ("BH" by default, or any
 * method of adjustP). R: survminer's `pairwise_survdiff`, `survdiff` on each pair and `p.adjust`.
 * @throws InputError as logRank, save that one group gives no pairs; an unknown `adjust`
 */
export function pairwiseLogRank(data: FollowUp, group: ArrayLike<number>, options: LogRankOptions & { adjust?: Adjustment } = {}): LogRankPair[] {
  checkFollowUp("pairwiseLogRank", data, { group, strata: options.strata });
  const { codes } = groupCodes("pairwiseLogRank", "group", group);
  const pairs: LogRankPair[] = [];
  for (let a = 0; a < codes.length; a++) {
    for (let b = a + 1; b < codes.length; b++) {
      const rows = Array.from({ length: group.length }, (_, i) => i).filter((i) => group[i] === codes[a] || group[i] === codes[b]);
      const pick = (column: ArrayLike<number>) => rows.map((i) => column[i]);
      const { rho, strata } = options;
      const test = logRank({ time: pick(data.time), event: pick(data.event) }, pick(group), { ...(rho === undefined ? {} : { rho }), ...(strata === undefined ? {} : { strata: pick(strata) }) });
      pairs.push({ groups: [codes[a], codes[b]], chisq: test.chisq, p: test.p, adjusted: NaN, warnings: test.warnings });
    }
  }
  const known = pairs.filter((q) => !Number.isNaN(q.p));
  const adjusted = adjustP(known.map((q) => q.p), options.adjust ?? "BH");
  known.forEach((q, k) => (q.adjusted = adjusted[k]));
  return pairs;
}
