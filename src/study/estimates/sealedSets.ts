import type { Kind, Opening } from "../../report/index.js";
import { selectOutcome, selectRows } from "../../cohort/index.js";
import { InputError } from "../../math/index.js";
import type { CohortData } from "../data.js";
import type { Merit } from "../facts.js";
import { hashColumn, hashOf, rawBytes } from "../fit/bytesOf.js";
import { meritOf, type MeritAt } from "./merit.js";
import type { FittedBlock, Prediction } from "../pipeline.js";

/** Throws where a patient stands both among the places fitted on and among those to be judged: by patient, not by row. */
export function refuseShared(who: string, id: readonly string[], fit: ArrayLike<number>, judged: ArrayLike<number>): void {
  const seen = new Set<string>();
  for (let k = 0; k < fit.length; k++) seen.add(id[fit[k]]);
  const shared = Array.from(judged).filter((k) => seen.has(id[k]));
  if (shared.length > 0) {
    throw new InputError(`${who}: ${new Set(shared.map((k) => id[k])).size} patients of the set to be judged were fitted on (rows ${rowNumbers(shared)}). Split by patient, or call the figure apparent.`);
  }
}

const rowNumbers = (rows: readonly number[]) => `${rows.slice(0, 5).map((r) => r + 1).join(", ")}${rows.length > 5 ? ", …" : ""}`;

/** The blocks that a model's prediction rests on, itself included. */
export function fitsBehind(blocks: readonly FittedBlock[], model: string): FittedBlock[] {
  const known = new Map(blocks.map((b) => [b.name, b]));
  const found = new Set<FittedBlock>();
  const visit = (name: string) => {
    const block = known.get(name);
    if (block === undefined || found.has(block)) return;
    found.add(block);
    for (const up of [...(block.blocks ?? []), ...Object.values(block.via ?? {})]) visit(up);
  };
  visit(model);
  return [...found];
}

/** Rows of a set whose patients were seen by any fit behind a model. `development` is the cohort whose rows the fits name. */
export function seenRows(blocks: readonly FittedBlock[], model: string, development: CohortData, cohort: CohortData, rows: ArrayLike<number>): number[] {
  const seen = new Set(fitsBehind(blocks, model).flatMap((b) => b.trainedOn.rows.map((r) => development.table.id[r])));
  return Array.from(rows).filter((r) => seen.has(cohort.table.id[r]));
}

/**
 * The evaluator's door: figures of merit of a model on rows of a cohort, after a look at every fit in the chain behind it.
 * Where patients of the set were seen by any of them, only "apparent" (or "tuning") may be asked for.
 *
 * @param rows of the cohort's table; @param prediction one value for each of them
 * @throws InputError naming how many patients were seen, and which rows
 */
export function judge(
  blocks: readonly FittedBlock[], model: string, development: CohortData, cohort: CohortData, rows: ArrayLike<number>,
  prediction: Prediction, at: MeritAt, kind: Kind,
): Merit {
  if (kind !== "apparent" && kind !== "tuning") {
    const seen = seenRows(blocks, model, development, cohort, rows);
    if (seen.length > 0) {
      const patients = new Set(seen.map((r) => cohort.table.id[r])).size;
      throw new InputError(`${cohort.name}: ${patients} of its patients were seen by the fits behind "${model}" (rows ${rowNumbers(seen)} of ${cohort.name}), so its figures are not ${kind === "external" ? "external validation" : `a ${kind}`}. ` +
        "Take them out of one of the sets, or give different patients different ids.");
    }
  }
  return meritOf(selectOutcome(cohort.outcome, rows), prediction, Int32Array.from(prediction.linear.keys()), at);
}

/** The log of sealed sets: who is opened, when (in order of openings), what for, and the hash of what was found in it. */
export type SealLog = { openings: Opening[]; chosenBy: Set<string> };
export const sealLog = (): SealLog => ({ openings: [], chosenBy: new Set() });

/** Notes that a sealed set is read. `choose`: something was decided by what it showed, after which it is a tuning set. @param hash of its data, by `hashOfSet` */
export function open(log: SealLog, set: string, purpose: string, hash: string, choose = false): void {
  log.openings.push({ set, order: log.openings.length + 1, purpose, hash });
  if (choose) log.chosenBy.add(set);
}

/** SHA-256 of a set as it is judged: its patients in their order, every column, the outcome. Another hash means that other data were opened. */
export function hashOfSet(cohort: CohortData, rows: ArrayLike<number>): string {
  const { id, columns } = selectRows(cohort.table, rows), outcome = selectOutcome(cohort.outcome, rows);
  return hashOf(JSON.stringify(id), ...Object.keys(columns).sort().flatMap((name) => [name, hashColumn(columns[name])]), ...(outcome.kind === "survival" ? [rawBytes(outcome.time)] : []), outcome.event);
}

/** What a set's figures may be called: a set by which something was chosen is a tuning set from then on. */
export function kindOf<K extends Kind>(log: SealLog, set: string, kind: K): K | "tuning" {
  return log.chosenBy.has(set) ? "tuning" : kind;
}
