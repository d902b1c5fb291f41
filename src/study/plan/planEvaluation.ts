import { z } from "zod";
import { code } from "./planCohorts.js";
import { endpointShape, eventsSchema } from "./planDerive.js";

const codes = z.union([code, z.array(code).min(1)]);
const some = (what: string) => codes.describe(what);

export const outcomeSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("binary").describe("binary: two classes."), name: z.string().min(1).describe("What the outcome is called."), column: z.string().min(1).describe("Its column."),
    event: some("Values that mean the event."), noEvent: some("Values that mean no event."),
    eventName: z.string().optional().describe("What the event is called (name of the outcome)."), otherName: z.string().optional().describe("What its absence is called (\"no\" and the event)."),
  }).describe("An outcome of two classes."),
  z.strictObject({
    kind: z.literal("survival").describe("survival: time to an event."), name: z.string().min(1).optional().describe("What the outcome is called; the end-point's name where it is built from dates."), time: z.string().min(1).optional().describe("Column of the follow-up time."),
    event: z.string().min(1).optional().describe("Column of the event code."),
    codes: z.strictObject({ event: some("Codes of the event."), censored: some("Codes of censored follow-up."), other: codes.optional().describe("Codes of competing events.") }).optional().describe("What the codes mean; every code in the file must be named."),
    unit: z.string().min(1).optional().describe("Unit in which times are shown (months)."), divide: z.number().positive().default(1).describe("Times of the file are divided by this to be in that unit (30.4375 from days to months)."),
    eventName: z.string().optional().describe("What the event is called (name of the outcome)."),
    ...endpointShape, events: eventsSchema.optional(),
  }).meta({
    description: "Time to an event, with censoring: columns of time and event code, or an end-point built from dates.",
    anyOf: [{ required: ["name", "time", "event", "codes", "unit"] }, { required: ["endpoint", "origin", "lastContact", "events"] }],
  }),
]).describe("What is predicted.");

export const validationSchema = z.strictObject({
  crossValidation: z.union([z.literal(false), z.strictObject({ folds: z.int().min(2).default(5).describe("Folds (5)."), repeats: z.int().min(1).default(100).describe("Repeats with new folds (100).") })])
    .optional().describe("Nested, repeated cross-validation of the whole pipeline: { folds: 5, repeats: 100 } when left out; false for none."),
  bootstrap: z.union([z.literal(false), z.int().min(0)]).optional().describe("Bootstrap samples for the optimism of the whole pipeline (1000); false for none."),
  leaveOneCentreOut: z.boolean().default(false).describe("Each centre once as the test set (false)."),
  split: z.strictObject({
    by: z.enum(["random", "centre", "date", "column"]).default("random").describe("How the test patients are chosen."),
    test: z.number().gt(0).lt(1).default(0.3).describe("by random: share of the patients (0.3)."),
    column: z.string().optional().describe("by column: the column that says it."), values: z.array(code).min(1).optional().describe("by centre or column: the values that test."),
    from: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "is no day; expected yyyy-mm-dd").optional().describe("by date: patients from this day on test."),
    stratified: z.boolean().default(true).describe("by random: events shared evenly (true)."),
  }).optional().describe("A test set put aside, opened once. Cross-validation then works on the training patients."),
}).describe("How the models are validated.");

const name = z.string().min(1);

export const evaluationSchema = z.strictObject({
  times: z.array(z.number().positive()).optional().describe("Survival: times at which AUC, Brier score, calibration and decision curves stand."),
  window: z.tuple([z.number().min(0), z.number().positive()]).optional().describe("Survival: from and to of the AUC(t) curve and its median (first to last of times)."),
  level: z.number().gt(0.5).lt(1).default(0.95).describe("Level of the intervals (0.95)."),
  threshold: z.union([z.enum(["youden", "closest", "prevalence"]), z.number().gt(0).lt(1), z.strictObject({ sensitivity: z.number().gt(0).lt(1).describe("Sensitivity that the cut must reach.") }), z.strictObject({ specificity: z.number().gt(0).lt(1).describe("Specificity that the cut must reach.") })])
    .default("youden").describe("Probability from which a prediction is positive: a number, prevalence, or chosen inside the training rows: youden (default), closest (to the corner of the ROC curve), { sensitivity: 0.9 } or { specificity: 0.9 } (the cut that reaches it)."),
  cutpoint: z.strictObject({
    method: z.enum(["median", "youden", "minimum-p", "maxstat", "x-tile"]).default("median").describe("How risk groups are cut; all but median look at the outcome and get a corrected P."),
    groups: z.union([z.literal(2), z.literal(3)]).default(2).describe("Risk groups (2)."),
    minimum: z.number().gt(0).lt(0.5).optional().describe("minimum-p, maxstat, x-tile: smallest group that a cut may leave, as a share of the patients (0.1)."),
  }).optional().describe("Risk groups of the final model."),
  thresholds: z.tuple([z.number().min(0).lt(1), z.number().gt(0).lte(1)]).default([0.01, 0.8]).describe("Range of the decision curve (0.01 to 0.8)."),
  comparisons: z.array(z.tuple([name, name])).optional().describe("Pairs of models to compare: [first, second] is second against first. Every model against the final one when left out."),
  subgroups: z.array(z.union([name, z.strictObject({ column: name.describe("Column of the subgroups."), cut: z.number().optional().describe("A number is cut here.") })])).default([]).describe("Subgroups of the forest."),
  associations: z.array(z.strictObject({ of: name.describe("A score, model or column."), with: name.describe("A column (pathology, reading).") })).default([]).describe("Association of a score or reading with another column."),
  changes: z.array(z.strictObject({ before: name.describe("Column."), after: name.describe("Column.") })).default([]).describe("Change of a status between two time points."),
  paired: z.array(z.strictObject({ label: name.describe("Name of the row."), first: name.describe("Column."), second: name.describe("Column."), names: z.tuple([name, name]).optional().describe("What the two columns of the table are called, [primary, recurrence] ([first, second]).") })).default([]).describe("Columns side by side in Table 1 (primary and recurrence)."),
  baseline: z.array(z.union([name, z.strictObject({
    by: name.describe("outcome, cohort, centre, \"risk group\" or a column."), variables: z.array(name).optional().describe("Groups or columns to describe; the clinical ones when left out."),
    percent: z.enum(["column", "row"]).default("column").describe("Percentages by column or by row."),
  })])).optional().describe("Tables of patients' characteristics (by outcome; by cohort, centre where there are several)."),
  cases: z.array(z.strictObject({ id: z.union([z.string(), z.number()]).describe("Patient."), title: name.describe("Title of the case."), course: z.string().optional().describe("What happened."), image: z.string().optional().describe("Picture beside the plan.") })).default([]).describe("Worked cases of the nomogram."),
}).describe("What is measured and shown.");

export const reportSchema = z.strictObject({
  authors: z.string().optional().describe("For the title."), institution: z.string().optional().describe("For the title."),
  notes: z.array(z.string()).default([]).describe("Sentences for the front page."),
  statements: z.record(z.string(), z.string()).default({}).describe("Your own sentences for items of the checklists (ethics, funding), by item."),
}).describe("The report.");
