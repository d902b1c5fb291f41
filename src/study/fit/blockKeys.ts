import { CENTRE, blockOrder, upstream, workingTable } from "./blockTable.js";
import { hashColumn, hashOf, rawBytes } from "./bytesOf.js";
import type { CohortData } from "../data.js";
import { levelOf } from "./linearOf.js";
import type { Plan } from "../plan.js";

/**
 * What a block's fit depends on, as a hash by block: the program, its plan entry, the raw columns it reads, the outcome, the readers (where
 * it looks at them), the seed and the patients at hand. With the resample's name and rows, and the keys of the blocks it reads, that is a
 * key under which a result may be used again: an edit of one block changes its own and those downstream.
 */
export function blockBases(plan: Plan, cohort: CohortData, training: Int32Array, code: string): Record<string, string> {
  const table = workingTable(cohort);
  const columnHash = new Map<string, string>();
  const ofColumn = (name: string) => {
    let known = columnHash.get(name);
    if (known === undefined) columnHash.set(name, (known = Object.hasOwn(table.columns, name) ? hashColumn(table.columns[name]) : ""));
    return known;
  };
  const { outcome } = cohort;
  const target = outcome.kind === "binary" ? hashOf("binary", outcome.event) : hashOf("survival", rawBytes(outcome.time), outcome.event);
  const ids = hashOf(JSON.stringify(cohort.table.id));
  const readers = hashOf(...cohort.readers.map((r) => hashOf(rawBytes(r.rows), ...Object.values(r.table.columns).map(hashColumn))));
  const blocks = new Set([...plan.scores, ...plan.models].map((b) => b.name));
  return Object.fromEntries(blockOrder(plan).map((block) => {
    const up = upstream(plan, block);
    const columns = block.from.flatMap((from) => plan.groups[from] ?? (blocks.has(from) || up.some((u) => from === `${u}.selected`) ? [] : [from]));
    const named = block.steps.flatMap((s) => wordsIn(s.options));
    const uses = block.steps.some((s) => s.name === "combat") ? [CENTRE, ...named] : named;
    return [block.name, hashOf(
      code, String(plan.seed), ids, target, rawBytes(training), JSON.stringify([block.name, block.from, block.steps, block.learner, columns]),
      ...columns.map(ofColumn), ...uses.map(ofColumn), block.steps.some((s) => s.name === "iccFilter") ? readers : "",
      outcome.kind === "survival" ? JSON.stringify(plan.evaluation.times) : "", JSON.stringify(levelOf(plan, block.learner.name)), JSON.stringify(readsSelected(plan, block.name)),
    )];
  }));
}

/** Every text in an option, however deep: it may name a column. */
function wordsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(wordsIn) : [];
}

/** Whether some block reads the columns that this one kept. */
function readsSelected(plan: Plan, name: string): boolean {
  return [...plan.scores, ...plan.models].some((b) => b.from.includes(`${name}.selected`));
}

/** Keys of all blocks in one resample. */
export function blockKeys(plan: Plan, bases: Record<string, string>, resample: { name: string; fit: Int32Array }): Record<string, string> {
  const keys: Record<string, string> = {};
  const where = hashOf(resample.name, rawBytes(resample.fit));
  for (const block of blockOrder(plan)) keys[block.name] = hashOf(bases[block.name], where, ...upstream(plan, block).map((u) => keys[u]));
  return keys;
}
