import type { Description } from "../../cohort/index.js";
import type { Finding } from "../../report/index.js";
import type { StudyData } from "../data.js";
import type { Facts } from "../facts.js";
import type { Plan } from "../plan.js";

/**
 * A trap that is looked for in every run. `before` sees the plan and the data before anything is fitted, `after` what the run found.
 * A guard warns; `strict: true` in the plan makes warnings stop the run (`judged`). Leakage is "stop" by itself.
 */
export type Guard = {
  name: string;
  before?(plan: Plan, data: StudyData): Finding[];
  after?(facts: Facts): Finding[];
};

export type Tables = { title: string; description: Description }[];

/** A few names, and how many more: "a, b, c and 4 more". */
export function few(names: readonly string[], most = 5): string {
  return names.length <= most ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
