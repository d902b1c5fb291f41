import { didYouMean } from "../../math/index.js";
import type { BlockNames, PartialPlan, Say } from "./checkPlan.js";

const developmentOf = (plan: PartialPlan) => plan.cohorts?.find((c, k) => c !== undefined && (c.role ?? (k === 0 ? "development" : "external")) === "development");

/** Validation: what a split or leaving out centres needs. */
export function checkValidation(plan: PartialPlan, say: Say): void {
  const development = developmentOf(plan);
  const { split, leaveOneCentreOut } = plan.validation ?? {};
  const path = ["validation", "split"];
  if (leaveOneCentreOut === true && development !== undefined && development.centre === undefined) say(["validation", "leaveOneCentreOut"], `needs the development cohort's centre column; name it as centre: … in the cohort.`);
  if (split === undefined) return;
  switch (split.by) {
    case "centre":
      if (development !== undefined && development.centre === undefined) say([...path, "by"], `by centre needs the development cohort's centre column; name it as centre: … in the cohort.`);
      if (split.values === undefined) say(path, `by centre needs values: the centres that test.`);
      break;
    case "date":
      if (development !== undefined && development.date === undefined) say([...path, "by"], `by date needs the development cohort's date column; name it as date: … in the cohort.`);
      if (split.from === undefined) say(path, `by date needs from: the first day of the test patients, as 2020-01-01.`);
      break;
    case "column":
      if (split.column === undefined) say(path, `by column needs column: the column that says who tests.`);
      if (split.values === undefined) say(path, `by column needs values: those of the column that test.`);
      break;
  }
  if (split.by !== "date" && split.from !== undefined) say([...path, "from"], `from belongs to by: date; leave it out, or split by date.`);
  if (split.by !== "column" && split.column !== undefined) say([...path, "column"], `column belongs to by: column; leave it out, or split by column.`);
}

/** Evaluation: times for survival alone, names of models. */
export function checkEvaluation(plan: PartialPlan, names: BlockNames, say: Say): void {
  const { times, window, thresholds, comparisons, associations, cutpoint, subgroups, baseline } = plan.evaluation ?? {};
  const kind = plan.outcome?.kind;
  const path = ["evaluation"];
  if (kind === "survival" && plan.evaluation !== undefined && times === undefined) say(path, `times is missing; name the times at which the models are judged, in ${plan.outcome?.kind === "survival" ? plan.outcome.unit : "the outcome's unit"}, as times: [24, 36, 60].`);
  if (kind === "survival" && times?.length === 0) say([...path, "times"], `is an empty list; name at least one time.`);
  if (kind === "binary") for (const key of ["times", "window"] as const) if (plan.evaluation?.[key] !== undefined) say([...path, key], `${key} is for survival, but the outcome is binary; leave it out.`);
  times?.forEach((t, k) => { if (t !== undefined && k > 0 && t <= (times[k - 1] ?? -Infinity)) say([...path, "times", k], `${t} stands after ${times[k - 1]}; times must rise, each once.`); });
  if (window !== undefined && !(window[0] < window[1])) say([...path, "window"], `goes from ${window[0]} to ${window[1]}; the first must be the smaller.`);
  if (thresholds !== undefined && !(thresholds[0] < thresholds[1])) say([...path, "thresholds"], `goes from ${thresholds[0]} to ${thresholds[1]}; the first must be the smaller.`);
  if (kind === "binary" && cutpoint?.method !== undefined && ["minimum-p", "maxstat", "x-tile"].includes(cutpoint.method)) say([...path, "cutpoint", "method"], `"${cutpoint.method}" cuts by survival, but the outcome is binary; expected median or youden.`);
  if (cutpoint?.groups === 3 && cutpoint.method !== undefined && !["median", "x-tile"].includes(cutpoint.method)) say([...path, "cutpoint", "groups"], `${cutpoint.method} makes two groups; three come from x-tile, or from thirds (median).`);
  if (cutpoint?.minimum !== undefined && !["minimum-p", "maxstat", "x-tile"].includes(cutpoint.method ?? "median")) say([...path, "cutpoint", "minimum"], `minimum bounds a search, but ${cutpoint.method ?? "median"} makes none; leave it out.`);
  comparisons?.forEach((pair, k) => {
    if (pair === undefined) return;
    pair.forEach((name, j) => { if (!names.models.includes(name)) say([...path, "comparisons", k, j], `there is no model "${name}". ${didYouMean(name, names.models)}`); });
    if (pair[0] === pair[1]) say([...path, "comparisons", k], `compares "${pair[0]}" with itself.`);
  });
  associations?.forEach((a, k) => { if (a?.of !== undefined && a.of === a.with) say([...path, "associations", k], `asks how "${a.of}" goes with itself.`); });
  const columns = (subgroups ?? []).map((s) => (typeof s === "string" ? s : s?.column));
  columns.forEach((c, k) => { if (c !== undefined && columns.indexOf(c) < k) say([...path, "subgroups", k], `"${c}" stands twice; name it once.`); });
  const by = (baseline ?? []).map((b) => (typeof b === "string" ? b : b?.by));
  by.forEach((b, k) => { if (b === "centre" && developmentOf(plan) !== undefined && developmentOf(plan)!.centre === undefined) say([...path, "baseline", k], `by centre needs the development cohort's centre column; name it as centre: … in the cohort.`); });
}
