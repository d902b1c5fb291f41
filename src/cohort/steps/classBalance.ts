import { InputError, type Random } from "../../math/index.js";
import type { Outcome } from "../outcome.js";
import type { Step } from "../step.js";
import { selectRows, type Table } from "../table.js";
import { checkOutcome } from "./association.js";
import { fingerprint } from "./fingerprint.js";

export type BalanceOptions = { /** rows of the smaller class over rows of the larger, afterwards (default 1) */ ratio?: number };
/**
 * `rows[k]`: the training row whose patient, and whose outcome, row k of the result has (selectOutcome takes it). `before` and
 * `after` count [no event, event]. `training` is the fingerprint of the training table: any other table passes through.
 */
export type BalanceState = { rows: number[]; training: string; before: [number, number]; after: [number, number]; warnings: string[] };

/**
 * Rows of the two classes and how many the smaller and the larger should have. Plumbing: no source.
 * @throws InputError for an outcome that is not binary or a ratio outside 0 … 1
 */
export function classesOf(step: string, table: Table, outcome: Outcome, options: BalanceOptions): { small: number[]; large: number[]; ratio: number } {
  if (outcome.kind !== "binary") throw new InputError(`${step} balances two classes, but the outcome ${outcome.name} is ${outcome.kind}. Leave the step out.`);
  checkOutcome(step, outcome, table.id.length);
  const { ratio = 1 } = options;
  if (!(ratio > 0 && ratio <= 1)) throw new InputError(`${step} was given ratio = ${ratio}, but a number above 0 and up to 1 is expected.`);
  const none: number[] = [], event: number[] = [];
  outcome.event.forEach((e, r) => (e === 1 ? event : none).push(r));
  return event.length <= none.length ? { small: event, large: none, ratio } : { small: none, large: event, ratio };
}

/** What `upsample` and `undersample` keep: the rows taken and their counts of each class before and after, for the report. Plumbing: no source. */
export function balanceState(table: Table, outcome: Outcome, rows: number[]): BalanceState {
  const event = (outcome as { event: Uint8Array }).event;
  const count = (of: ArrayLike<number>): [number, number] => {
    const n: [number, number] = [0, 0];
    for (let k = 0; k < of.length; k++) n[event[of[k]]]++;
    return n;
  };
  const before = count(Array.from(table.id.keys())), after = count(rows);
  return { rows, training: fingerprint(table), before, after, warnings: [] };
}

function balancing(name: string, choose: (small: number[], large: number[], ratio: number, random: Random) => { added: number[] } | { kept: Set<number> }): Step<BalanceState> {
  return {
    name,
    trainingOnly: true,
    fit(table, outcome, options: BalanceOptions, random) {
      const { small, large, ratio } = classesOf(name, table, outcome, options);
      const chosen = choose(small, large, ratio, random);
      const all = Array.from(table.id.keys());
      return balanceState(table, outcome, "added" in chosen ? [...all, ...chosen.added] : all.filter((r) => chosen.kept.has(r)));
    },
    apply: (state, table) => (fingerprint(table) === state.training ? selectRows(table, state.rows) : table),
  };
}

/**
 * Rows of the smaller class drawn with replacement and appended until it has `ratio` times the rows of the larger. Duplicates keep their
 * patient. Random oversampling (Japkowicz & Stephen, Intell Data Anal 2002;6:429), training rows only.
 */
export const upsample = balancing("upsample", (small, large, ratio, random) => {
  const missing = Math.max(0, Math.round(ratio * large.length) - small.length);
  return { added: Array.from({ length: missing }, () => small[random.below(small.length)]) };
});

/**
 * Rows of the larger class drawn without replacement so that the smaller has `ratio` times its rows; the order of rows stays. Random
 * undersampling (Japkowicz & Stephen, Intell Data Anal 2002;6:429), training rows only.
 */
export const undersample = balancing("undersample", (small, large, ratio, random) => {
  const wanted = Math.min(large.length, Math.round(small.length / ratio));
  const pool = [...large];
  for (let k = 0; k < wanted; k++) {
    const other = k + random.below(pool.length - k);
    [pool[k], pool[other]] = [pool[other], pool[k]];
  }
  return { kept: new Set([...small, ...pool.slice(0, wanted)]) };
});
