import { categoryColumn, selectRows, withColumns, type Column, type Table } from "../../cohort/index.js";
import { didYouMean, InputError } from "../../math/index.js";
import type { CohortData } from "../data.js";
import type { BlockPlan, Plan } from "../plan.js";

/** The column that holds each row's centre while blocks are fitted and read; no column of a file has this name. */
export const CENTRE = ".centre";

/** The cohort's table with the centre as a column. */
export function workingTable(cohort: CohortData): Table {
  return cohort.centre === undefined ? cohort.table : withColumns(cohort.table, { [CENTRE]: categoryColumn(cohort.centre) });
}

/** What a block reads: raw columns, other blocks' linear predictors, and columns as another block's steps left them (`via`). */
export type BlockInputs = { columns: string[]; blocks: string[]; via: Record<string, string>; aside: string[] };
/** What a block gave for the rows at hand: its linear predictor, and its columns after its steps. */
export type Computed = { linear: Float64Array; columns: Record<string, Column>; selected: string[] };

/** Blocks in the order in which they can be computed. @throws InputError on a circle, or a name that nothing has */
export function blockOrder(plan: Plan): BlockPlan[] {
  const all = [...plan.scores, ...plan.models];
  const known = new Map(all.map((b) => [b.name, b]));
  const done: BlockPlan[] = [], open = new Set<string>();
  const visit = (block: BlockPlan) => {
    if (done.includes(block)) return;
    if (open.has(block.name)) throw new InputError(`"${block.name}" needs itself through ${[...open].join(", ")}. Break the circle in "from".`);
    open.add(block.name);
    for (const name of upstream(plan, block)) visit(known.get(name)!);
    open.delete(block.name);
    done.push(block);
  };
  all.forEach(visit);
  return done;
}

/** Names of the blocks that a block reads directly; a group goes before a block of the same name. */
export function upstream(plan: Plan, block: BlockPlan): string[] {
  const known = new Set([...plan.scores, ...plan.models].map((b) => b.name));
  const named = block.from.flatMap((name) => (Object.hasOwn(plan.groups, name) ? [] : known.has(name) ? [name] : [name.replace(/\.selected$/, "")]));
  return [...new Set(named)].filter((name) => known.has(name) && name !== block.name);
}

/** All blocks that a model rests on, itself included, in order of computation. */
export function chainOf(plan: Plan, name: string): BlockPlan[] {
  const order = blockOrder(plan);
  const known = new Map(order.map((b) => [b.name, b]));
  const wanted = new Set<string>();
  const visit = (block: string) => { wanted.add(block); for (const up of upstream(plan, known.get(block)!)) visit(up); };
  visit(name);
  return order.filter((b) => wanted.has(b.name));
}

/** The raw columns that could enter a block, through whatever it reads: its candidates. */
export function candidatesOf(plan: Plan, name: string): string[] {
  const known = new Map([...plan.scores, ...plan.models].map((b) => [b.name, b]));
  return [...new Set(chainOf(plan, name).flatMap((b) => b.from.flatMap((from) => plan.groups[from] ?? (known.has(from) || known.has(from.replace(/\.selected$/, "")) ? [] : [from]))))];
}

/** Resolves `from`; `selected` tells what each fitted block kept. `aside`: columns that a step reads but the block does not use. */
export function resolveInputs(plan: Plan, block: BlockPlan, selected: (block: string) => string[], table: Table): BlockInputs {
  const known = new Map([...plan.scores, ...plan.models].map((b) => [b.name, b]));
  const columns: string[] = [], blocks: string[] = [], via: Record<string, string> = {};
  const take = (name: string) => { if (!columns.includes(name)) columns.push(name); };
  for (const from of block.from) {
    const source = from.endsWith(".selected") ? from.slice(0, -".selected".length) : undefined;
    if (Object.hasOwn(plan.groups, from)) plan.groups[from].forEach(take);
    else if (known.has(from) && from !== block.name) { blocks.push(from); take(from); }
    else if (source !== undefined && known.has(source)) for (const name of selected(source)) { take(name); if (!known.has(name)) via[name] = source; else if (!blocks.includes(name)) blocks.push(name); }
    else if (Object.hasOwn(table.columns, from)) take(from);
    else throw new InputError(`"${block.name}" reads "${from}", which is no column, group or block. ${didYouMean(from, [...Object.keys(plan.groups), ...known.keys(), ...Object.keys(table.columns)])}`);
  }
  const aside = new Set<string>();
  for (const step of block.steps) {
    // further readings that stand as columns of the same table
    if (step.name === "iccFilter") for (const name of Object.values((step.options["repeats"] as Record<string, string[]> | undefined) ?? {}).flat()) aside.add(name);
    if (step.name !== "combat") continue;
    const batch = step.options["batch"] ?? CENTRE;
    if (!Object.hasOwn(table.columns, String(batch))) throw new InputError(`"${block.name}": combat needs the centre of each patient. Name the cohort's centre column in the plan, or the step's batch.`);
    for (const name of [String(batch), ...((step.options["covariates"] as string[] | undefined) ?? [])]) if (!columns.includes(name)) aside.add(name);
  }
  return { columns, blocks, via, aside: [...aside] };
}

/** The table that a block's first step gets, for the rows at hand. */
export function blockTable(who: string, inputs: BlockInputs, table: Table, computed: ReadonlyMap<string, Computed>): Table {
  const columns: Record<string, Column> = {};
  for (const name of [...inputs.columns, ...inputs.aside]) {
    const via = inputs.via[name];
    if (via !== undefined) columns[name] = computed.get(via)!.columns[name];
    else if (inputs.blocks.includes(name)) columns[name] = { kind: "number", values: computed.get(name)!.linear };
    else if (Object.hasOwn(table.columns, name)) columns[name] = table.columns[name];
    // a step that cannot do without says so itself; repeated readings are of no use once the filter is fitted
    else if (inputs.aside.includes(name)) continue;
    else throw new InputError(`"${who}" needs the column "${name}", which the table lacks. ${didYouMean(name, Object.keys(table.columns))}`);
  }
  return { id: table.id, columns };
}

/** Rows of computed columns. */
export function selectComputed(computed: ReadonlyMap<string, Computed>, rows: ArrayLike<number>): Map<string, Computed> {
  return new Map([...computed].map(([name, c]) => {
    const part = selectRows({ id: Array.from(c.linear, () => ""), columns: c.columns }, rows);
    return [name, { linear: Float64Array.from(rows, (r) => c.linear[r]), columns: part.columns, selected: c.selected }];
  }));
}
