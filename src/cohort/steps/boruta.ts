import { adjustP, binomialCdf, forestImportance, InputError, shuffle, type Random } from "../../math/index.js";
import type { Outcome } from "../outcome.js";
import { selectOutcome } from "../selectOutcome.js";
import type { Step } from "../step.js";
import { checkOutcome, nullMartingale } from "./association.js";
import { median } from "./median.js";
import { applyFilter, completeNumbers, filterState, fittedColumns, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type BorutaOptions = ColumnsOption & {
  /** rounds at most (default 100); fewer where every column is decided before */
  rounds?: number;
  /** of the binomial tests, Bonferroni over the columns (default .01) */
  alpha?: number;
  /** what becomes of columns not decided in the rounds: "drop" (default) or "keep" */
  tentative?: "drop" | "keep";
  /** trees of a forest (default 500) */
  trees?: number;
  /** columns looked at for each cut (default ⌊√columns⌋ of the columns and shadows together) */
  tries?: number;
};
export type BorutaDecision = "confirmed" | "tentative" | "rejected";
/** By column: in how many of its rounds it beat the best shadow, the decision, and the median of its importance (z) over these rounds. */
export type BorutaState = FilterState & { columns: { name: string; decision: BorutaDecision; hits: number; rounds: number; importance: number }[]; rounds: number; shadow: number; alpha: number };

/**
 * All-relevant selection: each round puts a permuted copy (a shadow) of every column left beside them, at least five, grows a
 * random forest on all, and counts a hit for a column whose importance is above the largest of the shadows'. After each round the hits of
 * an undecided column are held against a binomial with probability ½, Bonferroni over all columns given: too many (P(X ≥ hits)
 * < alpha) and it is confirmed, too few (P(X ≤ hits) < alpha) and it is rejected and leaves with its shadow; the rest is tentative.
 * Kursa & Rudnicki, J Stat Softw 2010;36(11), with the rules of R Boruta 7 (mcAdj, pValue = .01, maxRuns = 100); its confirmed columns stay in the forest too.
 *
 * Importance: z of `forestImportance` (permutation of out-of-bag rows, 500 trees, as Boruta's getImpRfZ), which is the paper's. Binary: trees
 * by Gini's index. Continuous: by squares. Survival: by squares on martingale residuals of the null model, event − H(t) (Therneau, Grambsch &
 * Fleming, Biometrika 1990;77:147; Keleş & Segal, Stat Med 2002;21:313), whose best cut is the largest log-rank score, and which
 * needs no survival curve in a leaf. Rows of one patient are drawn into a bag together.
 *
 * The test is about importance in these rows; it does not bound false selections over cohorts. Where no column carries anything, a
 * column is kept only if its chance association is above the median of the largest of p such: on average at most about ln 2 = .69 columns.
 * 300 rows × 100 columns with the defaults cost about 18 CPU seconds. `shadow` is the median over rounds of the largest shadow importance.
 */
export const boruta: Step<BorutaState> = {
  name: "boruta",
  fit(table, outcome, options: BorutaOptions, random) {
    const names = fittedColumns("boruta", table, options);
    checkOutcome("boruta", outcome, table.id.length);
    const { rounds = 100, alpha = 0.01, tentative = "drop", trees = 500, tries } = options;
    if (!(Number.isInteger(rounds) && rounds >= 1)) throw new InputError(`boruta was asked for ${rounds} rounds, but a whole number of 1 or more is expected.`);
    if (!(alpha > 0 && alpha < 1)) throw new InputError(`boruta was given alpha = ${alpha}, but a number between 0 and 1 is expected.`);
    if (tentative !== "drop" && tentative !== "keep") throw new InputError(`boruta was given tentative = "${String(tentative)}", but "drop" or "keep" is expected.`);
    const given = names.map((name) => completeNumbers("boruta", table, name));
    const rows = inFixedOrder(table.id, given, outcome);
    const x = given.map((v) => Float64Array.from(rows, (r) => v[r]));
    const target = targetOf(selectOutcome(outcome, rows));
    const forest = { trees, group: patientNumbers(rows.map((r) => table.id[r])) };
    const p = names.length;
    const hits = new Int32Array(p), played = new Int32Array(p);
    const decision: BorutaDecision[] = names.map(() => "tentative");
    const importance: number[][] = names.map(() => []), highest: number[] = [];
    let round = 0;
    for (; round < rounds && decision.includes("tentative"); round++) {
      const chance = random.stream(`round ${round}`);
      const left = [...names.keys()].filter((j) => decision[j] !== "rejected");
      const shadows = shadowsOf(left.map((j) => x[j]), chance.stream("shadows"));
      const columns = [...left.map((j) => x[j]), ...shadows];
      const { z } = forestImportance(columns, target.values, target.kind, { ...forest, tries: Math.min(columns.length, tries ?? Math.floor(Math.sqrt(columns.length))) }, chance.stream("forest"));
      const best = z.slice(left.length).reduce((a, b) => Math.max(a, b), -Infinity);
      highest.push(best);
      left.forEach((j, k) => {
        importance[j].push(z[k]);
        played[j]++;
        if (z[k] > best) hits[j]++;
      });
      const many = adjustP(Float64Array.from(hits, (h, j) => binomialCdf(h - 1, played[j], 0.5, { upper: true })), "bonferroni");
      const few = adjustP(Float64Array.from(hits, (h, j) => binomialCdf(h, played[j], 0.5)), "bonferroni");
      for (const j of left) {
        if (decision[j] !== "tentative") continue;
        if (many[j] < alpha) decision[j] = "confirmed";
        else if (few[j] < alpha) decision[j] = "rejected";
      }
    }
    const why = new Map(names.flatMap((name, j) => {
      if (decision[j] === "confirmed" || (decision[j] === "tentative" && tentative === "keep")) return [];
      return [[name, `${decision[j]}: above every shadow in ${hits[j]} of ${played[j]} rounds`] as const];
    }));
    const open = decision.filter((d) => d === "tentative").length;
    const warnings = open > 0 ? [`${open} column${open > 1 ? "s are" : " is"} not decided after ${round} rounds. Give more rounds, or say with tentative what becomes of them.`] : [];
    return {
      ...filterState(names, why, warnings), rounds: round, shadow: median(Float64Array.from(highest)), alpha,
      columns: names.map((name, j) => ({ name, decision: decision[j], hits: hits[j], rounds: played[j], importance: median(Float64Array.from(importance[j])) })),
    };
  },
  apply: applyFilter,
};

/** A permuted copy of each column, and of the first ones again up to five. */
function shadowsOf(columns: Float64Array[], random: Random): Float64Array[] {
  return Array.from({ length: Math.max(5, columns.length) }, (_, k) => {
    const copy = columns[k % columns.length].slice();
    shuffle(copy, random);
    return copy;
  });
}

function targetOf(outcome: Outcome): { values: ArrayLike<number>; kind: "classes" | "numbers" } {
  switch (outcome.kind) {
    case "binary": return { values: outcome.event, kind: "classes" };
    case "continuous": return { values: outcome.value, kind: "numbers" };
    case "survival": return { values: nullMartingale(outcome), kind: "numbers" };
  }
}

/** Rows by patient, then by what they hold: chance is dealt out in this order, so that the table's own does not matter. */
function inFixedOrder(id: readonly string[], columns: readonly Float64Array[], outcome: Outcome): number[] {
  const keys = [...columns, ...(outcome.kind === "continuous" ? [outcome.value] : outcome.kind === "binary" ? [outcome.event] : [outcome.time, outcome.event])];
  return Array.from(id.keys()).sort((a, b) => {
    if (id[a] !== id[b]) return id[a] < id[b] ? -1 : 1;
    for (const key of keys) if (key[a] !== key[b]) return key[a] - key[b];
    return 0;
  });
}

function patientNumbers(id: readonly string[]): Int32Array {
  const number = new Map<string, number>();
  return Int32Array.from(id, (one) => {
    if (!number.has(one)) number.set(one, number.size);
    return number.get(one)!;
  });
}
