import { selectOutcome, selectRows, type Table } from "../../cohort/index.js";
import type { Random } from "../../math/index.js";
import { blockOrder, CENTRE, workingTable, type Computed } from "./blockTable.js";
import type { CohortData } from "../data.js";
import { fitBlock, type BlockFit, type Training } from "./fitBlock.js";
import type { FittedBlock } from "../pipeline.js";
import type { Plan } from "../plan.js";

/** The training rows as a fit gets them; readers' values of patients who are not among them stay out. */
export function trainingOf(cohort: CohortData, rows: ArrayLike<number>, working: Table = workingTable(cohort)): Training {
  const table = selectRows(working, rows);
  const inside = new Set(table.id);
  return {
    table, outcome: selectOutcome(cohort.outcome, rows), rows: Array.from(rows),
    readers: cohort.readers.map(({ table: t, rows: own }) => {
      const keep = Array.from(t.id.keys()).filter((r) => inside.has(t.id[r]));
      const part = selectRows(t, keep);
      const centre = working.columns[CENTRE];
      return centre === undefined ? part : { id: part.id, columns: { ...part.columns, [CENTRE]: selectRows({ id: working.id, columns: { [CENTRE]: centre } }, keep.map((r) => own[r])).columns[CENTRE] } };
    }),
  };
}

/** Every block of a plan, or those named, fitted in order of dependence on the given rows (a repeated row counts again); what each gives for those rows. */
export function fitBlocks(plan: Plan, training: Training, random: Random, names?: ReadonlySet<string>): { blocks: FittedBlock[]; fits: Map<string, BlockFit> } {
  const fits = new Map<string, BlockFit>(), done = new Map<string, Computed>();
  for (const block of blockOrder(plan)) {
    if (names !== undefined && !names.has(block.name)) continue;
    const one = fitBlock(plan, block, training, done, random.stream(block.name));
    fits.set(block.name, one);
    done.set(block.name, one.computed);
  }
  return { blocks: [...fits.values()].map((f) => f.fitted), fits };
}

/**
 * The whole pipeline fitted on rows of the development cohort: imputation, harmonisation, selection, scores and models, nothing of it
 * from other rows. Elastic nets keep their path, to be drawn. Same plan, rows and stream: same JSON.
 */
export function fitPipeline(plan: Plan, cohort: CohortData, rows: ArrayLike<number>, random: Random): FittedBlock[] {
  return fitBlocks(plan, { ...trainingOf(cohort, rows), trace: true }, random).blocks;
}
