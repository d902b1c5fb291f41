import { z } from "zod";
import { cohortSchema, variableSchema } from "./planCohorts.js";
import { deriveSchema } from "./planDerive.js";
import { evaluationSchema, outcomeSchema, reportSchema, validationSchema } from "./planEvaluation.js";
import { planLearners, planSteps, useSchema, type LearnerInput, type StepInput } from "./planMethods.js";

const block = (what: string) => z.strictObject({
  from: z.array(z.string().min(1)).min(1).describe("Groups, columns, scores or models; \"clinical.selected\" are the columns that block kept in the same fit."),
  title: z.string().optional().describe("Name in the report."),
  steps: z.array(useSchema<StepInput>(planSteps, "A step of the pipeline")).default([]).describe("Steps in order, each fitted again in every fold and bootstrap sample."),
  learner: useSchema<LearnerInput>(planLearners, "The model that is fitted"),
}).describe(what);

/** The plan file: `study.yaml`, the same in JSON, or `defineStudy()`. Defaults are filled in by `resolvePlan`. */
export const planSchema = z.strictObject({
  $schema: z.string().optional().describe("Address of the schema, for editors."),
  radscore: z.literal(1).describe("Version of the plan format: 1."),
  title: z.string().min(1).describe("Title of the study."),
  question: z.string().default("").describe("The question that the study answers; first line of the report."),
  seed: z.int().min(0).default(1).describe("Seed of all random numbers (1): same seed, same bytes."),
  order: z.enum(["honest", "as-published"]).default("honest").describe("honest: every fit sees training rows only. as-published: the steps once on all patients, as many papers do; each fault is shown beside the honest number."),
  strict: z.boolean().default(false).describe("true: warnings of the guards stop the run (false)."),
  cohorts: z.array(cohortSchema).min(1).describe("Patients: one development cohort, any number of external ones."),
  variables: z.record(z.string(), variableSchema).default({}).describe("Labels, units and codes of columns, by column."),
  derive: z.record(z.string(), deriveSchema).default({}).describe("Variables made from others, by the rules of the field (receptors, subtype, T and N, node burden, pCR, time between dates); each may then be described under variables, excluded by, predicted or used as a predictor."),
  groups: z.record(z.string(), z.array(z.string().min(1)).min(1)).default({}).describe("Named groups of columns: names, patterns (T1_*), other groups, and !names or !patterns that are left out."),
  outcome: outcomeSchema,
  scores: z.record(z.string(), block("A score that models use as one column.")).default({}).describe("Scores, such as the Radscore."),
  models: z.record(z.string(), block("A model.")).refine((m) => Object.keys(m).length > 0, "is empty; expected at least one model.").describe("Models and their ladder (clinical, radiomics, combined)."),
  final: z.string().optional().describe("The model named beforehand as the final one; may be left out where there is one model."),
  reference: z.string().optional().describe("The model that the final one is held against; the first model without a score when left out."),
  validation: validationSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  report: reportSchema.prefault({}),
});

/** What a user writes. */
export type PlanInput = z.input<typeof planSchema>;
/** The same after `planSchema` filled in its defaults. */
export type FilledInput = z.output<typeof planSchema>;

/** JSON Schema (draft 2020-12) of the plan file, with help texts; editors complete and check by it. */
export function planJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(planSchema, { io: "input", reused: "ref" });
  return { ...schema, title: "radscore study plan", description: "A study: cohorts, outcome, models, validation and report." };
}
