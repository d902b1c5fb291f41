import { InputError, log, midranks, pearson, survivalSomersD } from "../../math/index.js";
import type { Outcome } from "../outcome.js";
import type { Step } from "../step.js";
import { checkOutcome } from "./association.js";
import { applyFilter, completeNumbers, filterState, fittedColumns, shown, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type MrmrOptions = ColumnsOption & {
  /** how many columns to choose (default 10, at most those given) */
  count?: number;
  /** "MID": relevance − redundancy (default); "MIQ": relevance / redundancy */
  scheme?: "MID" | "MIQ";
  /** how information is measured: "states" of discretised values (default for classes and numbers), or "ranks" (default and only choice for survival) */
  information?: "states" | "ranks";
};
/** In the order of choice, with relevance I(x; y), mean redundancy with those chosen before, and the score; in nats. */
export type MrmrState = FilterState & { scheme: "MID" | "MIQ"; information: "states" | "ranks"; chosen: { name: string; relevance: number; redundancy: number; score: number }[] };

/**
 * Minimum redundancy, maximum relevance: columns chosen one by one by I(x; y) − mean I(x; chosen) (MID, the default, as the
 * paper's text prefers it for continuous data) or I(x; y) / mean I(x; chosen) (MIQ). Peng, Long & Ding, IEEE PAMI 2005;27:1226; Ding & Peng 2005.
 * The first choice is the most relevant; ties go to the first column. In MIQ a redundancy below 1e-12 counts as 1e-12.
 *
 * states: mutual information of discretised values, natural logarithm: three states, below mean − sd, above mean + sd, and between, as the paper's
 * experiments (α = 1); a column of at most three values keeps them. The outcome's classes are its own (binary), its three states (continuous).
 * ranks: I = −½ ln(1 − ρ²), what a rank correlation ρ would mean between normal variables, as R mRMRe (De Jay et al., Bioinformatics 2013;29:2365):
 * between columns Spearman's ρ; with the outcome Somers' D = 2C − 1 (survival: Harrell's C; binary: the AUC), Spearman's ρ for a continuous one. 1 − ρ²
 * below 1e-12 counts as 1e-12.
 */
export const mrmr: Step<MrmrState> = {
  name: "mrmr",
  fit(table, outcome, options: MrmrOptions) {
    const names = fittedColumns("mrmr", table, options);
    checkOutcome("mrmr", outcome, table.id.length);
    const { count = Math.min(10, names.length), scheme = "MID", information = outcome.kind === "survival" ? "ranks" : "states" } = options;
    if (!(Number.isInteger(count) && count >= 1 && count <= names.length)) throw new InputError(`mrmr was asked for ${count} of ${names.length} columns. Ask for 1 to ${names.length}.`);
    if (scheme !== "MID" && scheme !== "MIQ") throw new InputError(`mrmr was given scheme = "${String(scheme)}", but MID or MIQ is expected.`);
    if (information !== "ranks" && (information !== "states" || outcome.kind === "survival")) {
      throw new InputError(`mrmr was given information = "${String(information)}" for a ${outcome.kind} outcome, but ${outcome.kind === "survival" ? "ranks is" : "states or ranks is"} expected.`);
    }
    const x = names.map((name) => completeNumbers("mrmr", table, name));
    const { relevance, between } = information === "ranks" ? byRanks(x, outcome) : byStates(x, outcome);
    const redundancy = new Float64Array(names.length);
    const left = new Set(names.keys());
    const chosen: (MrmrState["chosen"][number] & { j: number })[] = [];
    while (chosen.length < count) {
      let best = { j: -1, redundancy: 0, score: -Infinity };
      for (const j of left) {
        const mean = chosen.length === 0 ? 0 : redundancy[j] / chosen.length;
        const score = chosen.length === 0 || scheme === "MID" ? relevance[j] - mean : relevance[j] / Math.max(mean, 1e-12);
        if (score > best.score + 1e-12 * Math.abs(best.score === -Infinity ? 0 : best.score)) best = { j, redundancy: mean, score };
      }
      left.delete(best.j);
      chosen.push({ j: best.j, name: names[best.j], relevance: relevance[best.j], redundancy: best.redundancy, score: best.score });
      for (const j of left) redundancy[j] += between(j, best.j);
    }
    const why = new Map([...left].map((j) => [names[j], `not among the ${count} chosen (relevance ${shown(relevance[j])})`]));
    return { ...filterState(names, why), scheme, information, chosen: chosen.map(({ j: _j, ...rest }) => rest) };
  },
  apply: applyFilter,
};

type Information = { relevance: number[]; between: (j: number, k: number) => number };

function byStates(x: Float64Array[], outcome: Outcome): Information {
  const coded = x.map(states);
  const y = outcome.kind === "continuous" ? states(outcome.value) : outcome.event;
  return { relevance: coded.map((v) => mutualInformation(v, y)), between: (j, k) => mutualInformation(coded[j], coded[k]) };
}

function byRanks(x: Float64Array[], outcome: Outcome): Information {
  const ranks = x.map((v) => midranks(v).ranks);
  const withOutcome = outcomeCorrelation(outcome);
  return { relevance: ranks.map((r) => normalInformation(withOutcome(r))), between: (j, k) => normalInformation(pearson(ranks[j], ranks[k])) };
}

/** Correlation of a column's ranks with the outcome: Somers' D of the outcome (a binary one as times 0 with and 1 without the event), Spearman's ρ. */
function outcomeCorrelation(outcome: Outcome): (ranks: Float64Array) => number {
  switch (outcome.kind) {
    case "survival": return survivalSomersD(outcome.time, outcome.event);
    case "binary": return survivalSomersD(outcome.event.map((e) => 1 - e), outcome.event);
    case "continuous": {
      const y = midranks(outcome.value).ranks;
      return (ranks) => pearson(ranks, y);
    }
  }
}

/** −½ ln(1 − ρ²); 0 where there is no correlation (a constant column). */
function normalInformation(correlation: number): number {
  return Number.isNaN(correlation) ? 0 : -0.5 * log(Math.max(1e-12, 1 - correlation * correlation));
}

/** 0, 1, 2: below, within, above mean ± sd (n − 1); values themselves where there are at most three. */
function states(values: Float64Array): Uint8Array {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= 3) return Uint8Array.from(values, (v) => distinct.indexOf(v));
  const sorted = values.slice().sort();
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const sd = Math.sqrt(sorted.reduce((a, v) => a + (v - mean) * (v - mean), 0) / (sorted.length - 1));
  return Uint8Array.from(values, (v) => (v < mean - sd ? 0 : v > mean + sd ? 2 : 1));
}

/** Σ p(a, b)·log(p(a, b) / (p(a)·p(b))) of codes below 4. In natural units (nats); Shannon 1948. Worked by hand: no program. */
export function mutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const joint = new Float64Array(16), pa = new Float64Array(4), pb = new Float64Array(4);
  for (let i = 0; i < n; i++) {
    joint[4 * a[i] + b[i]]++;
    pa[a[i]]++;
    pb[b[i]]++;
  }
  let sum = 0;
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) if (joint[4 * i + j] > 0) sum += (joint[4 * i + j] / n) * log((joint[4 * i + j] * n) / (pa[i] * pb[j]));
  return Math.max(0, sum);
}
