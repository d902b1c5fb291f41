import type { Finding } from "../../report/index.js";
import type { CohortData } from "../data.js";
import { counted, rowList } from "../rowNumbers.js";
import { few, type Guard } from "./guard.js";

/** Patients of one cohort that stand in another: the same patient cannot develop and validate a model. */
function sharedIds(a: CohortData, b: CohortData): number[] {
  const inside = new Set(a.table.id);
  return b.table.id.flatMap((id, row) => (inside.has(id) ? [row] : []));
}

/** A patient's number without what programs add or lose: case, leading zeros, ".0", spaces, hyphens, underscores. */
const plainId = (id: string) => id.trim().toLowerCase().replace(/\.0+$/, "").replace(/[\s_-]/g, "").replace(/(^|[^0-9])0+(?=[0-9])/g, "$1");

/** Rows whose numbers are another patient's, written otherwise: pairs of rows of a and of b. */
function rewritten(a: CohortData, b: CohortData): [number, number][] {
  const first = new Map<string, number>();
  a.table.id.forEach((id, row) => { const key = plainId(id); if (!first.has(key)) first.set(key, row); });
  return b.table.id.flatMap((id, row): [number, number][] => { const at = first.get(plainId(id)); return at === undefined || a.table.id[at] === id ? [] : [[at, row]]; });
}

const COMPARED = 20;
/** Rows up to which every pair is looked at; beyond it only values that are equal to the last digit. */
const PAIRED = 3000;

/**
 * Rows whose numbers are the same in two cohorts or within one, to a thousandth of a standard deviation (values rounded or written anew): one patient
 * under two names. The first 20 columns of more than ten values are compared, where they can tell that many patients apart at all: the product of
 * their numbers of values must exceed a hundred times the number of pairs.
 */
function twins(a: CohortData, b: CohortData): [number, number][] {
  const columns = Object.entries(a.table.columns).flatMap(([name, column]) => {
    const other = b.table.columns[name];
    if (column.kind !== "number" || other?.kind !== "number") return [];
    const known = column.values.filter((v) => Number.isFinite(v)), values = new Set(known).size;
    const mean = known.reduce((s, v) => s + v, 0) / known.length;
    return values > 10 ? [{ sides: [column.values, other.values] as const, values, near: 1e-3 * Math.sqrt(known.reduce((s, v) => s + (v - mean) * (v - mean), 0) / known.length) }] : [];
  }).slice(0, COMPARED);
  const product = columns.reduce((x, c) => Math.min(x * c.values, Number.MAX_VALUE), 1);
  if (columns.length < 3 || product < 100 * a.table.id.length * b.table.id.length) return [];
  const found: [number, number][] = [];
  if (a.table.id.length > PAIRED || b.table.id.length > PAIRED) {
    const key = (side: 0 | 1, row: number) => columns.map((c) => c.sides[side][row]).join("|");
    const seen = new Map<string, number>();
    a.table.id.forEach((_, row) => { const k = key(0, row); if (!seen.has(k)) seen.set(k, row); });
    b.table.id.forEach((id, row) => { const at = seen.get(key(1, row)); if (at !== undefined && !(a === b && (at >= row || a.table.id[at] === id))) found.push([at, row]); });
    return found;
  }
  const alike = (i: number, j: number) => {
    let known = 0;
    for (const { sides: [x, y], near } of columns) {
      const gap = Math.abs(x[i] - y[j]);
      if (gap > near || Number.isNaN(x[i]) !== Number.isNaN(y[j])) return false;
      if (gap <= near) known++;
    }
    return known >= 3;
  };
  const taken = new Set<number>();
  a.table.id.forEach((id, i) => {
    for (let j = a === b ? i + 1 : 0; j < b.table.id.length; j++) if (!taken.has(j) && !(a === b && b.table.id[j] === id) && alike(i, j)) { taken.add(j); found.push([i, j]); }
  });
  return found.sort((x, y) => x[1] - y[1]);
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
    for (const cohort of [development, ...external]) {
      const pairs = rewritten(development, cohort);
      if (pairs.length > 0) found.push({
        guard: "overlap", severity: "warning", where: "overlap",
        message: `${cohort === development ? development.name : `${development.name} and ${cohort.name}`}: ${counted(pairs.length, "pair")} of patients' numbers ${pairs.length === 1 ? "differs" : "differ"} in the way of writing alone (rows ${few(pairs.map(([a, b]) => `${a + 1} and ${b + 1}`), 4)}): possibly one patient twice.`,
        doInstead: "Write numbers alike where they are one patient's; give the cohorts' numbers a prefix where they are not.",
      });
    }
    const own = twins(development, development);
    if (own.length > 0) found.push(twinFinding(own, development.name, "warning"));
    return found;
  },
};

const twinFinding = (pairs: [number, number][], where: string, severity: Finding["severity"]): Finding => ({
  guard: "duplicated patients", severity, where: "overlap",
  message: `${where}: ${pairs.length} ${pairs.length === 1 ? "pair of rows has" : "pairs of rows have"} the same values in every number that was compared, or nearly (rows ${few(pairs.map(([a, b]) => `${a + 1} and ${b + 1}`), 4)}): possibly one patient under two numbers.`,
  doInstead: "Check them; a patient who stands on both sides of a split leaks.",
});
