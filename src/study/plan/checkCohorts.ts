import { didYouMean } from "../../math/index.js";
import { type BlockNames, type PartialPlan, type Say } from "./checkPlan.js";

/** Cohorts: one development, data for each, conditions that say one thing, names given once. */
export function checkCohorts(plan: PartialPlan, names: BlockNames, say: Say, written?: unknown): void {
  const cohorts = plan.cohorts ?? [];
  const roles = cohorts.map((c, k) => (c === undefined ? undefined : c.role ?? (k === 0 ? "development" : "external")));
  const first = roles.indexOf("development");
  if (cohorts.length > 0 && first < 0 && !roles.includes(undefined)) say(["cohorts"], `every cohort is external; one must be role: development, whose patients the models are fitted on.`);
  cohorts.forEach((cohort, c) => {
    if (cohort === undefined) return;
    const path = ["cohorts", c];
    const earlier = cohorts.findIndex((o) => o !== undefined && o.name !== undefined && o.name === cohort.name);
    if (cohort.name !== undefined && earlier < c) say([...path, "name"], `"${cohort.name}" is the name of an earlier cohort too; give each its own.`);
    if (roles[c] === "development" && c !== first) say([...path, "role"], `"${cohort.name}" is a second development cohort; make it external, or put its patients into the tables of the first.`);
    if ((cohort.tables ?? []).length === 0 && cohort.images === undefined) say(path, `"${cohort.name}" has neither tables nor images; name a table: tables: [{ file: clinical.csv, id: patient }].`);
    const files = (cohort.tables ?? []).map((t) => (typeof t === "string" ? t : t?.file === undefined ? undefined : `${t.file} ${t.sheet ?? ""}`));
    files.forEach((f, k) => { if (f !== undefined && files.indexOf(f) < k) say([...path, "tables", k], `the table "${f.trim()}" stands twice in this cohort; name it once.`); });
    if (cohort.models !== undefined && roles[c] === "development") say([...path, "models"], `models is for external cohorts, which may be scored by some models alone; leave it out.`);
    cohort.models?.forEach((m, k) => { if (m !== undefined && !names.models.includes(m)) say([...path, "models", k], `there is no model "${m}". ${didYouMean(m, names.models)}`); });
    cohort.exclude?.forEach((rule, k) => {
      if (rule === undefined) return;
      const given = (["is", "not", "below", "above"] as const).filter((key) => rule[key] !== undefined);
      // a condition that could not be read has been told of already
      const rules = (written as { cohorts?: { exclude?: Record<string, unknown>[] }[] } | undefined)?.cohorts?.[c]?.exclude;
      if (given.length === 0 && ["is", "not", "below", "above"].some((key) => rules?.[k]?.[key] !== undefined)) return;
      if (given.length !== 1) say([...path, "exclude", k], given.length === 0 ? `says no condition; expected one of is (missing, or values), not, below, above.` : `says several conditions (${given.join(", ")}); write one line for each.`);
    });
    const removed = (cohort.flow ?? []).reduce((sum, f) => sum + (f?.removed ?? 0), 0);
    if (cohort.screened !== undefined && removed >= cohort.screened) say([...path, "flow"], `${removed} of ${cohort.screened} screened patients are removed, so that none is left; correct the counts.`);
    const ours = Object.values(cohort.rename ?? {});
    Object.entries(cohort.rename ?? {}).forEach(([theirs, name], k) => { if (name !== undefined && ours.indexOf(name) < k) say([...path, "rename", theirs], `two columns are renamed to "${name}"; a name stands for one column.`); });
    if (cohort.images !== undefined) {
      const { table, folder, image, mask, id = "id" } = cohort.images;
      const at = [...path, "images"];
      if ((table === undefined) === (folder === undefined)) say(at, table === undefined ? `needs a table (one row a patient, with columns of image and mask) or a folder (with patterns of their names).` : `names both a table and a folder; choose one.`);
      else if (folder !== undefined) {
        for (const [key, pattern] of [["image", image], ["mask", mask]] as const) if (pattern !== undefined && !pattern.includes(`{${id}}`)) say([...at, key], `"${pattern}" does not say where the patient's name stands; write it as {${id}}, for example {class}/{${id}}${key === "mask" ? "_mask*" : ""}.png.`);
        for (const [, place] of (mask ?? "").matchAll(/\{([^}]*)\}/g)) if (image !== undefined && !image.includes(`{${place}}`)) say([...at, "mask"], `{${place}} is not in the pattern of the image; use * for parts that only masks have.`);
      }
    }
  });
}

/** Variables: levels, cuts and missing codes that fit each other. */
export function checkVariables(plan: PartialPlan, say: Say): void {
  for (const [name, variable] of Object.entries(plan.variables ?? {})) {
    if (variable === undefined) continue;
    const { levels, cut, missing, ordered, unit, kind } = variable;
    const path = ["variables", name];
    const labels = levels === undefined ? [] : Array.isArray(levels) ? levels : Object.values(levels);
    const codes = levels === undefined ? [] : Array.isArray(levels) ? levels : Object.keys(levels);
    if (levels !== undefined && cut !== undefined) say(path, `has both levels (for codes) and cut (for numbers); keep one.`);
    if (cut?.at !== undefined && cut.names !== undefined) {
      if (cut.names.length !== cut.at.length + 1) say([...path, "cut", "names"], `${cut.names.length} names for ${cut.at.length} cut-point${cut.at.length === 1 ? "" : "s"}; expected ${cut.at.length + 1}, one for each category.`);
      if (cut.at.some((v, k) => k > 0 && v !== undefined && v <= (cut.at![k - 1] ?? -Infinity))) say([...path, "cut", "at"], `the cut-points must rise: ${cut.at.join(", ")}.`);
      if (new Set(cut.names).size < cut.names.length) say([...path, "cut", "names"], `a name stands twice; give each category its own.`);
    }
    if (levels !== undefined) {
      missing?.forEach((m, k) => { if (m !== undefined && !labels.includes(String(m)) && !codes.includes(String(m))) say([...path, "missing", k], `"${String(m)}" is not among the levels. ${didYouMean(String(m), labels.filter((l) => l !== undefined) as string[])}`); });
      if (kind === "number") say([...path, "kind"], `has levels, so it is a category, not a number; leave kind out.`);
      if (unit !== undefined) say([...path, "unit"], `has levels, and levels have no unit; leave it out.`);
    }
    if (ordered !== undefined && levels === undefined && kind !== "category") say([...path, "ordered"], `ordered belongs to levels; list them in their order.`);
    if (ordered !== undefined && levels === undefined && kind === "category") say([...path, "ordered"], `list the levels in their order, so that it is known: levels: { 1: low, 2: high }.`);
  }
}
