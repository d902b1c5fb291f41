import { InputError } from "../../math/index.js";
import type { Step } from "../step.js";
import { selectRows, type Column } from "../table.js";
import { balanceState, classesOf, type BalanceOptions, type BalanceState } from "./classBalance.js";
import { fingerprint } from "./fingerprint.js";
import { completeNumbers, meanVariance } from "./stepColumns.js";

export type SmoteOptions = BalanceOptions & { /** neighbours to draw from (default 5) */ neighbours?: number };
/** `partner[k]`, `share[k]`: synthetic row k lies that share of the way from its row (after the training rows in `rows`) to its partner. */
export type SmoteState = BalanceState & { partner: number[]; share: number[]; modes: Record<string, number[]> };

/**
 * Synthetic rows of the smaller class, each between a row of it and one of its k nearest of the same class: x + u·(x′ − x),
 * u uniform. Chawla, Bowyer, Hall & Kegelmeyer, J Artif Intell Res 2002;16:321. Distances over all number columns, each divided
 * by its training standard deviation (the paper leaves the scale to the user). Categories take the commonest of the neighbours
 * (SMOTE-NC), dates those of the row itself. A synthetic row has the patient and the outcome of the row it starts from, so
 * that grouped resampling keeps them together. Training rows only: every other table passes through.
 */
export const smote: Step<SmoteState> = {
  name: "smote",
  trainingOnly: true,
  fit(table, outcome, options: SmoteOptions, random) {
    const { small, large, ratio } = classesOf("smote", table, outcome, options);
    const { neighbours = 5 } = options;
    const missing = Math.max(0, Math.round(ratio * large.length) - small.length);
    if (small.length < 2) throw new InputError("smote has one row in the smaller class, but needs two to stand between. Use upsample.");
    const k = Math.min(neighbours, small.length - 1);
    if (!(k >= 1)) throw new InputError(`smote was given ${neighbours} neighbours, but at least 1 is expected.`);
    const x = Object.keys(table.columns).filter((n) => table.columns[n].kind === "number").map((name) => {
      const values = completeNumbers("smote", table, name);
      const { variance } = meanVariance(values);
      const sd = Math.sqrt(variance);
      return values.map((v) => (sd > 0 ? v / sd : 0));
    });
    if (x.length === 0) throw new InputError("smote found no number columns to measure distances by. Use upsample.");
    const near = small.map((r) => {
      const distance = new Map(small.map((s) => [s, x.reduce((d, c) => d + (c[r] - c[s]) * (c[r] - c[s]), 0)]));
      return small.filter((s) => s !== r).sort((a, b) => distance.get(a)! - distance.get(b)! || a - b).slice(0, k);
    });
    const state: SmoteState = { ...balanceState(table, outcome, Array.from(table.id.keys())), partner: [], share: [], modes: {} };
    const base: number[] = [];
    for (let made = 0; made < missing; made++) {
      base.push(made < small.length * Math.floor(missing / small.length) ? made % small.length : random.below(small.length));
      state.partner.push(near[base[made]][random.below(k)]);
      state.share.push(random.next());
    }
    for (const [name, column] of Object.entries(table.columns)) {
      if (column.kind === "category") state.modes[name] = base.map((b) => commonest(near[b].map((r) => column.codes[r])));
    }
    return { ...state, ...balanceState(table, outcome, [...state.rows, ...base.map((b) => small[b])]) };
  },
  apply(state, table) {
    if (fingerprint(table) !== state.training) return table;
    const n = table.id.length;
    const made = selectRows(table, state.rows);
    for (const [name, column] of Object.entries(made.columns) as [string, Column][]) {
      for (let k = 0; k < state.partner.length; k++) {
        if (column.kind === "number") column.values[n + k] += state.share[k] * (column.values[state.partner[k]] - column.values[n + k]);
        else if (column.kind === "category") column.codes[n + k] = state.modes[name][k];
      }
    }
    return made;
  },
};

/** The most frequent code; of several the first met (the nearest neighbour's). */
function commonest(codes: number[]): number {
  let best = codes[0], most = 0;
  for (const code of codes) {
    const count = codes.filter((c) => c === code).length;
    if (count > most) [best, most] = [code, count];
  }
  return best;
}
