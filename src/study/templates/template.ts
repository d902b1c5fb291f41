import type { OutcomeKind } from "../plan/planMethods.js";

/** What the method part of a template must know of the data part. `radiomics`: the user's own features stand in the group radiomics. */
export type TemplateParts = { clinical: readonly string[]; readers: boolean; centre: boolean; radiomics?: true; /** survival: times within the user's follow-up */ times?: readonly number[] };

/** The plan of a paper: comments above, its data as an example, and its method. */
export type Template = {
  paper: string; outcome: OutcomeKind; what: string; head: string; question: string;
  /** cohorts, variables, groups, outcome, where the user's own are not known */
  data: string; clinical: readonly string[];
  method(parts: TemplateParts): string;
};
