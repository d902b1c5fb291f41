import type { Outcome } from "../cohort/index.js";
import { elasticNet, InputError, shuffle, type Design, type NetOptions, type NetResponse, type Random } from "../math/index.js";
import { checkedNet, elasticNetPath } from "./elasticNet.js";

export type StabilityOptions = NetOptions & {
  /** complementary pairs of half samples (Shah & Samworth: 50, thus 100 fits) */
  pairs?: number;
  /** a column is selected where its share of subsamples is at least this (0.5 < threshold <= 1); default 0.75 */
  threshold?: number;
  /** columns taken in one fit: the first so many to enter the path; default √(0.8 p) as in Meinshausen & Bühlmann's bound for one false selection at 0.9 */
  perFit?: number;
};
export type StabilitySelection = {
  selected: string[];
  /** share of the subsamples in which each column was taken, in the order of the design */
  names: string[]; frequency: number[];
  threshold: number; perFit: number; subsamples: number;
  /** bounds on the expected number of columns wrongly selected: q²/((2π − 1) p) (Meinshausen & Bühlmann, exchangeability) */
  falseBound: number;
  warnings: string[];
};

/**
 * Stability selection: the LASSO (or elastic net) on complementary halves of the rows, again and again; in each the first q columns
 * to enter the path are taken, and those taken in at least a share π of the halves are selected. Meinshausen & Bühlmann, J R Stat
 * Soc B 2010;72:417; complementary pairs of Shah & Samworth, J R Stat Soc B 2013;75:55. Halves keep the share of events. An empty
 * selection is a result. Expected number of false selections <= q²/((2π − 1) p) where noise columns are exchangeable and the
 * selection is no worse than guessing.
 *
 * @throws InputError as elasticNetPath; threshold outside (0.5, 1]; fewer than 2 events (or rows of a class) to share out
 */
export function stabilitySelection(design: Design, outcome: Outcome, random: Random, options: StabilityOptions = {}): StabilitySelection {
  const { pairs = 50, threshold = 0.75, perFit = Math.max(1, Math.floor(Math.sqrt(0.8 * design.columns.length))), ...net } = options;
  if (!(threshold > 0.5 && threshold <= 1)) throw new InputError(`stabilitySelection: threshold is ${threshold}, but a share above 0.5 and up to 1 is expected.`);
  if (!(Number.isInteger(pairs) && pairs >= 1)) throw new InputError(`stabilitySelection: ${pairs} pairs were asked for; a whole number >= 1 is expected.`);
  if (!(Number.isInteger(perFit) && perFit >= 1)) throw new InputError(`stabilitySelection: perFit is ${perFit}, but a whole number >= 1 is expected.`);
  const response = checkedNet("stabilitySelection", design, outcome, net);
  const { n, names, columns } = design;
  const p = columns.length;
  const strata = outcome.kind === "continuous" ? [all(n)] : [all(n).filter((i) => outcome.event[i] === 1), all(n).filter((i) => outcome.event[i] !== 1)];
  if (outcome.kind !== "continuous" && (strata[0].length < 2 || (outcome.kind === "binary" && strata[1].length < 2))) {
    throw new InputError(`stabilitySelection: ${outcome.name} has ${strata[0].length} events and ${strata[1].length} others; both halves of the rows need some. Use a larger cohort.`);
  }
  const warnings = elasticNetPath(design, outcome, { ...net, lambdas: 2, lambdaRatio: 0.99 }).warnings;
  const taken = new Float64Array(p);
  for (let k = 0; k < pairs; k++) {
    const halves: [number[], number[]] = [[], []];
    for (const rows of strata) {
      const order = Int32Array.from(rows);
      shuffle(order, random);
      const half = order.length >> 1;
      // of an odd number the last row sits out, so that both halves have one size
      for (let i = 0; i < 2 * half; i++) halves[i < half ? 0 : 1].push(order[i]);
    }
    for (const rows of halves) for (const j of firstToEnter(columns, rows, response, net, perFit)) taken[j]++;
  }
  const frequency = Array.from(taken, (t) => t / (2 * pairs));
  return {
    selected: names.filter((_, j) => frequency[j] >= threshold), names: [...names], frequency, threshold, perFit, subsamples: 2 * pairs,
    falseBound: (perFit * perFit) / ((2 * threshold - 1) * p), warnings,
  };
}

/** The first q columns of a path, by λ of entry; among those that enter at one λ the larger coefficients first. */
function firstToEnter(columns: readonly Float64Array[], rows: number[], response: NetResponse, options: NetOptions, q: number): number[] {
  const chosen: number[] = [];
  const seen = new Set<number>();
  // the path is walked down only as far as needed
  for (const lambdaRatio of [0.3, 0.05]) {
    chosen.length = 0;
    seen.clear();
    const path = elasticNet(columns, rows, response, { tolerance: 1e-3, lambdas: lambdaRatio === 0.3 ? 30 : 75, ...options, lambdaRatio });
    for (const { index, value } of path.coefficients) {
      const fresh = index.map((j, k) => ({ j, size: Math.abs(value[k]) })).filter(({ j }) => !seen.has(j)).sort((a, b) => b.size - a.size || a.j - b.j);
      for (const { j } of fresh) {
        seen.add(j);
        if (chosen.length < q) chosen.push(j);
      }
      if (chosen.length === q) return chosen;
    }
  }
  return chosen;
}

const all = (n: number) => Int32Array.from({ length: n }, (_, i) => i);
