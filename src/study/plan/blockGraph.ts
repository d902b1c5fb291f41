import { InputError } from "../../math/index.js";
import type { Plan } from "../plan.js";

/** What a block takes in: a column of the table, another block's linear predictor, or the columns that another block kept. */
export type BlockInput = { kind: "column"; name: string } | { kind: "block"; name: string } | { kind: "selected"; name: string };

/** The part of a plan that the names in `from` are looked up in. */
export type Named = { groups: Record<string, readonly string[]>; blocks: readonly { name: string; from: readonly string[] }[] };

/** Block whose kept columns an entry means ("clinical.selected"), if it means one. */
export function selectedOf(entry: string, blocks: ReadonlySet<string>): string | undefined {
  const name = entry.endsWith(".selected") ? entry.slice(0, -".selected".length) : undefined;
  return name !== undefined && blocks.has(name) ? name : undefined;
}

/**
 * What one entry of `from` means. A group goes before a block of the same name (so that the model "clinical" may be made from the
 * group "clinical"), a block before a column.
 */
export function inputsOfEntry(entry: string, { groups, blocks }: Named): BlockInput[] {
  if (Object.hasOwn(groups, entry)) return groups[entry].map((name) => ({ kind: "column", name }));
  const names = new Set(blocks.map((b) => b.name));
  const selected = selectedOf(entry, names);
  if (selected !== undefined) return [{ kind: "selected", name: selected }];
  return [{ kind: names.has(entry) ? "block" : "column", name: entry }];
}

/** Inputs of a block of a resolved plan, each once, in the order of `from`. */
export function inputsOf(plan: Pick<Plan, "groups" | "scores" | "models">, name: string): BlockInput[] {
  const blocks = [...plan.scores, ...plan.models];
  const block = blocks.find((b) => b.name === name);
  if (block === undefined) throw new InputError(`The plan has no score or model "${name}".`);
  const seen = new Set<string>();
  return block.from.flatMap((entry) => inputsOfEntry(entry, { groups: plan.groups, blocks })).filter((input) => {
    const key = `${input.kind} ${input.name}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** Blocks in an order in which they can be computed (those of equal rank as written), or the names of a circle. */
export function orderOf(named: Named): { order: string[] } | { circle: string[] } {
  const order: string[] = [], done = new Set<string>(), open: string[] = [];
  const needs = new Map(named.blocks.map((b) => [b.name, [...new Set(b.from.flatMap((entry) => inputsOfEntry(entry, named)).flatMap((i) => (i.kind === "column" ? [] : [i.name])))]]));
  const visit = (name: string): string[] | undefined => {
    if (done.has(name)) return undefined;
    if (open.includes(name)) return [...open.slice(open.indexOf(name)), name];
    open.push(name);
    for (const need of needs.get(name) ?? []) {
      const circle = visit(need);
      if (circle !== undefined) return circle;
    }
    open.pop();
    done.add(name);
    order.push(name);
    return undefined;
  };
  for (const { name } of named.blocks) {
    const circle = visit(name);
    if (circle !== undefined) return { circle };
  }
  return { order };
}

/** Names of scores and models in the order in which they must be computed. */
export function blockOrder(plan: Pick<Plan, "groups" | "scores" | "models">): string[] {
  const found = orderOf({ groups: plan.groups, blocks: [...plan.scores, ...plan.models] });
  if ("circle" in found) throw new InputError(`The blocks ${found.circle.join(" → ")} need each other. Take one of them out of the others' from.`);
  return found.order;
}

/** Every column of the table that a block can come to need, through all blocks before it; in the order met. */
export function columnsNeeded(plan: Pick<Plan, "groups" | "scores" | "models">, name: string): string[] {
  return [...new Set(inputsOf(plan, name).flatMap((input) => (input.kind === "column" ? [input.name] : columnsNeeded(plan, input.name))))];
}
