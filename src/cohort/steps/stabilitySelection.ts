import { elasticNet, InputError } from "../../math/index.js";
import type { Step } from "../step.js";
import { checkOutcome } from "./association.js";
import { responseOf } from "./lassoSelect.js";
import { applyFilter, completeNumbers, filterState, fittedColumns, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type StabilityOptions = ColumnsOption & {
  /** halves drawn (default 100) */
  halves?: number;
  /** columns that each half may choose, q (default √(.8·p), at least 1) */
  count?: number;
  /** share of the halves that must choose a column (default .75, above .5) */
  threshold?: number;
  /** 1 LASSO (default) */
  alpha?: number;
};
/** `shares`: how often each column was chosen. `falseBound`: bound on the expected number of columns kept by mistake. */
export type StabilityState = FilterState & { shares: { name: string; share: number }[]; count: number; threshold: number; falseBound: number };

/**
 * Stability selection: an elastic-net path on each of many random halves of the patients; a half chooses the first q columns that
 * enter (the largest λ with at least q non-zero coefficients, the largest q of them by |coefficient|·sd); columns chosen in at least
 * the threshold's share of halves stay. Expected number kept by mistake ≤ q² / ((2·threshold − 1)·p), for exchangeable noise columns.
 * Meinshausen & Bühlmann, J R Stat Soc B 2010;72:417, their subsamples of ⌊n/2⌋ without randomised penalties.
 * A half without two classes, or without two events, is drawn again (at most 20 times, then InputError).
 */
export const stabilitySelection: Step<StabilityState> = {
  name: "stabilitySelection",
  fit(table, outcome, options: StabilityOptions, random) {
    const names = fittedColumns("stabilitySelection", table, options);
    checkOutcome("stabilitySelection", outcome, table.id.length);
    const p = names.length;
    const { halves = 100, threshold = 0.75, alpha = 1, count = Math.max(1, Math.floor(Math.sqrt(0.8 * p))) } = options;
    if (!(threshold > 0.5 && threshold <= 1)) throw new InputError(`stabilitySelection was given threshold = ${threshold}, but a number above .5 and up to 1 is expected.`);
    if (!(Number.isInteger(count) && count >= 1 && count <= p)) throw new InputError(`stabilitySelection was asked for ${count} of ${p} columns a half. Ask for 1 to ${p}.`);
    if (!(Number.isInteger(halves) && halves >= 1)) throw new InputError(`stabilitySelection was asked for ${halves} halves, but a whole number of 1 or more is expected.`);
    const x = names.map((name) => completeNumbers("stabilitySelection", table, name));
    const spread = x.map((v) => {
      const mean = v.reduce((a, b) => a + b, 0) / v.length;
      return Math.sqrt(v.reduce((a, b) => a + (b - mean) * (b - mean), 0));
    });
    const patients = [...new Set(table.id)].sort();
    if (patients.length < 4) throw new InputError(`stabilitySelection was given ${patients.length} patients, but needs at least 4 to draw halves.`);
    const chosen = new Int32Array(p);
    for (let h = 0; h < halves; h++) {
      const rows = half(h);
      const path = elasticNet(x, rows, responseOf(outcome), { alpha });
      let at = path.df.findIndex((df) => df >= count);
      if (at < 0) at = path.df.length - 1;
      const { index, value } = path.coefficients[at];
      Array.from(index.keys()).sort((a, b) => Math.abs(value[b]) * spread[index[b]] - Math.abs(value[a]) * spread[index[a]] || index[a] - index[b])
        .slice(0, count).forEach((k) => chosen[index[k]]++);
    }
    const shares = names.map((name, j) => ({ name, share: chosen[j] / halves }));
    const why = new Map(shares.filter((s) => !(s.share >= threshold)).map((s) => [s.name, `chosen in ${Math.round(1000 * s.share) / 10} % of the halves`]));
    return { ...filterState(names, why), shares, count, threshold, falseBound: (count * count) / ((2 * threshold - 1) * p) };

    function half(h: number): number[] {
      for (let attempt = 0; attempt < 20; attempt++) {
        const stream = random.stream(`half ${h} ${attempt}`);
        const pool = [...patients];
        const wanted = Math.floor(pool.length / 2);
        for (let k = 0; k < wanted; k++) {
          const other = k + stream.below(pool.length - k);
          [pool[k], pool[other]] = [pool[other], pool[k]];
        }
        const members = new Set(pool.slice(0, wanted));
        const rows = Array.from(table.id.keys()).filter((r) => members.has(table.id[r]));
        if (outcome.kind === "continuous") return rows;
        const events = rows.reduce((a, r) => a + outcome.event[r], 0);
        if (events >= 2 && (outcome.kind === "survival" || events <= rows.length - 2)) return rows;
      }
      throw new InputError(`The outcome ${outcome.name} has too few events for halves of the patients. Use lasso with cross-validation.`);
    }
  },
  apply: applyFilter,
};
