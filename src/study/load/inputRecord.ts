import type { Plan } from "../plan.js";

/** Files that the plan itself names. Others (pictures, found by a pattern or a table) may bear patients' numbers in their names. */
function namedBy(plan: Plan): Set<string> {
  return new Set(plan.cohorts.flatMap(({ tables, readers, images }) => [...tables, ...readers].map((t) => t.file).concat([images?.table, images?.parameters].filter((f) => f !== undefined))));
}

/**
 * SHA-256 of every input as it may be written down: by its name where the plan names the file, as "picture 1", "picture 2", … (in the order
 * of their names) where it does not, since such names may be patients' numbers.
 */
export function inputRecord(plan: Plan, hashes: Readonly<Record<string, string>>): Record<string, string> {
  const named = namedBy(plan);
  let picture = 0;
  return Object.fromEntries(Object.keys(hashes).sort().map((path) => [named.has(path) ? path : `picture ${++picture}`, hashes[path]]));
}

/** Whether a name of a record is that of a picture. */
export const isPicture = (name: string): boolean => /^picture \d+$/.test(name);
