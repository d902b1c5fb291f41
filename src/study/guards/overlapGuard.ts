import type { Finding } from "../../report/index.js";
import type { CohortData } from "../data.js";
import { rowList } from "../rowNumbers.js";
import { few, type Guard } from "./guard.js";

/** Patients of one cohort that stand in another: the same patient cannot develop and validate a model. */
function sharedIds(a: CohortData, b: CohortData): number[] {
  const inside = new Set(a.table.id);
  return b.table.id.flatMap((id, row) => (inside.has(id) ? [row] : []));
}

const COMPARED = 20;

/** Rows whose numbers are all equal in two cohorts or within one: one patient under two names. The first 20 columns that vary are compared, at least three. */
function twins(a: CohortData, b: CohortData): [number, number][] {
  const columns = Object.entries(a.table.columns).flatMap(([name, column]) => {
    const other = b.table.columns[name];
    return column.kind === "number" && other?.kind === "number" && new Set(column.values).size > 10 ? [[column.values, other.values] as const] : [];
  }).slice(0, COMPARED);
  if (columns.length < 3) return [];
  const key = (side: 0 | 1, row: number) => columns.map((c) => c[side][row]).join("|");
  const seen = new Map<string, number>();
  a.table.id.forEach((_, row) => { const k = key(0, row); if (!seen.has(k)) seen.set(k, row); });
  return b.table.id.flatMap((id, row): [number, number][] => {
    const at = seen.get(key(1, row));
    return at === undefined || (a === b && at === row) || (a === b && a.table.id[at] === id) ? [] : [[at, row]];
  });
}

export const overlapGuard: Guard = {
  name: "overlap",
  before(_, data) {
    const { development, external } = data;
    const found: Finding[] = [];
    for (const cohort of external) {
      const shared = sharedIds(development, cohort);
      if (shared.length > 0) {
        found.push({
          guard: "overlap", severity: "stop", where: "overlap",
          message: `${shared.length} ${shared.length === 1 ? "patient" : "patients"} of ${cohort.name} (${rowList(shared.map((r) => r + 1))}) ${shared.length === 1 ? "bears the number of a patient" : "bear the numbers of patients"} of ${development.name}: a model would be validated on patients it was fitted on.`,
          doInstead: "Leave them out of one cohort, or give the cohorts' numbers a prefix if they are different people.",
        });
      }
      const same = twins(development, cohort);
      if (same.length > 0) found.push(twinFinding(same, `${development.name} and ${cohort.name}`, "warning"));
    }
    const own = twins(development, development);
    if (own.length > 0) found.push(twinFinding(own, development.name, "warning"));
    return found;
  },
};

const twinFinding = (pairs: [number, number][], where: string, severity: Finding["severity"]): Finding => ({
  guard: "duplicated patients", severity, where: "overlap",
  message: `${where}: ${pairs.length} ${pairs.length === 1 ? "pair of rows has" : "pairs of rows have"} the same values in every number (rows ${few(pairs.map(([a, b]) => `${a + 1} and ${b + 1}`), 4)}): possibly one patient under two numbers.`,
  doInstead: "Check them; a patient who stands on both sides of a split leaks.",
});
