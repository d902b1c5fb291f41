import { labelsOf, type Table } from "../../cohort/index.js";
import type { Finding } from "../../report/index.js";
import { columnsOfModels } from "../plan/resolvePlan.js";
import type { Plan } from "../plan.js";

/** Words that are written as their first letter. */
const initials = ["yes", "no", "male", "female", "left", "right", "unknown"];

/** A label without what people write differently: case, spaces, points and dashes between letters. + and − at the end, digits and their points stay. */
function plainLabel(label: string): string {
  return label.normalize("NFKC").trim().toLowerCase().replace(/[\s_"'()[\],;:/]+/g, " ").trim().replace(/(?<=\p{L})[ .‐–-]+(?=\p{L})/gu, "").replace(/(?<=\p{L})\.$/u, "").replace(/ /g, "");
}

/** Whether one is the other cut short: letters alone, three at least (or the first letter of yes, no, male, …), no Roman numeral. */
function abbreviates(short: string, long: string): boolean {
  if (short.length >= long.length || !long.startsWith(short) || !/^\p{L}+$/u.test(long) || /^[ivx]+$/.test(short)) return false;
  return short.length >= 3 || (short.length === 1 && initials.includes(long));
}

/**
 * Labels that may be one category in several spellings: they differ in case, spaces or punctuation alone, or one is the other cut short ("pos" and
 * "Positive"). Groups of two and more, in the order given.
 */
export function alikeLabels(labels: readonly string[]): string[][] {
  const plain = labels.map(plainLabel);
  const group = labels.map((_, k) => k);
  const join = (a: number, b: number) => { const [from, to] = [group[b], group[a]]; group.forEach((g, k) => { if (g === from) group[k] = to; }); };
  // "+" and "−" alone are labels too
  labels.forEach((_, a) => labels.forEach((_, b) => { if (a < b && plain[a] !== "" && (plain[a] === plain[b] || abbreviates(plain[a], plain[b]) || abbreviates(plain[b], plain[a]))) join(a, b); }));
  return [...new Set(group)].map((g) => labels.filter((_, k) => group[k] === g)).filter((of) => of.length > 1);
}

/** The levels of a variable with spellings made one (that of the longest), as a plan writes them. */
export function mergedLevels(labels: readonly string[], alike: readonly string[][]): string {
  const of = (label: string) => alike.find((group) => group.includes(label))?.reduce((a, b) => (b.length > a.length ? b : a)) ?? label;
  return `levels: { ${labels.map((label) => `${JSON.stringify(label)}: ${JSON.stringify(of(label))}`).join(", ")} }`;
}

/** Categories that a model may use or that the plan describes, of which some may be one in several spellings. */
export function alikeFindings(plan: Plan, { name: who, table }: { name: string; table: Table }): Finding[] {
  const names = [...new Set([...columnsOfModels(plan, plan.models.map((m) => m.name)), ...Object.keys(plan.variables)])];
  return names.flatMap((name): Finding[] => {
    const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
    if (column?.kind !== "category" || column.levels.length > 50) return [];
    const labels = labelsOf(table, name), there = column.levels.filter((l) => labels.includes(l));
    const alike = alikeLabels(there);
    if (alike.length === 0) return [];
    const count = (label: string) => labels.filter((l) => l === label).length;
    return [{
      guard: "categories", severity: "note", where: who,
      message: `"${name}": ${alike.map((group) => group.map((l) => `"${l}" (${count(l)})`).join(", ")).join("; and ")} may be one category in several spellings; as they stand, each counts by itself.`,
      doInstead: `Give them one name: variables: ${JSON.stringify(name)}: { ${mergedLevels(there, alike)} }.`,
    }];
  });
}
