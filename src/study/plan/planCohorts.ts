import { z } from "zod";

/** A value as a cell holds it. */
export const code = z.union([z.string(), z.number(), z.boolean()]).describe("A value as the file holds it.");
const name = (what: string) => z.string().min(1).describe(what);
const codes = z.union([code, z.array(code).min(1)]);

const tableObject = z.strictObject({
  file: name("File beside the plan: .csv, .tsv, .txt (also .gz), .xlsx, .parquet."),
  id: name("Column of the patient (of the lesion, where the cohort names a patient column)."),
  delimiter: z.string().length(1).optional().describe("Mark between cells; found out when left out."),
  decimalComma: z.boolean().optional().describe("Decimals are written with a comma; found out when left out."),
  dates: z.enum(["ymd", "dmy", "mdy"]).optional().describe("Order of day and month in dates with slashes or dashes."),
  missing: z.array(code).optional().describe("Further cells that mean missing; empty, NA, NaN, null, none, #N/A, missing and . always do."),
  sheet: z.string().optional().describe("Sheet of an .xlsx file; the first when left out."),
  columns: z.array(z.string()).optional().describe("Columns to take, patterns allowed; all when left out."),
  join: z.enum(["inner", "left"]).optional().describe("inner (default): patients that this table lacks leave, counted in the flow; left: they stay, its columns missing."),
});
const tableSchema = z.union([name("File beside the plan; its patient column is the one called id, patient id, case or subject."), tableObject])
  .describe("A table of the cohort; tables are joined by patient, the first one counts.");

const readerSchema = z.union([name("File with a second reader's features."), z.strictObject({
  file: name("File with the features of another reading of the same patients."), id: name("Column of the patient.").optional(), name: z.string().optional().describe("What the reader is called."),
})]).describe("Another reading of the same patients, for the ICC.");

const imagesSchema = z.strictObject({
  table: z.string().optional().describe("Table with one row a patient: columns of id, image, mask (several masks parted by ;) and any clinical columns."),
  folder: z.string().optional().describe("Folder with pictures, where names follow a pattern."),
  image: name("With table: the column of the image. With folder: a pattern as {class}/{id}.png; names in braces become columns."),
  mask: name("With table: the column of the mask. With folder: a pattern as {class}/{id}_mask*.png."),
  id: z.string().min(1).default("id").describe("With table: the column of the patient. With folder: the name in braces that stands for the patient (id)."),
  label: z.int().min(0).optional().describe("Label of the region in the mask (1)."),
  parameters: z.string().optional().describe("Extraction settings, a PyRadiomics parameter file; the defaults when left out."),
  spacing: z.number().positive().optional().describe("Pixel size in mm of pictures (PNG, JPEG), which hold none."),
  severalMasks: z.enum(["union", "largest", "error"]).default("error").describe("A patient with several masks: all together (union), the largest, or error (default)."),
}).describe("Images and masks from which features are extracted.");

const excludeSchema = z.strictObject({
  column: name("Column that decides."),
  is: z.union([z.literal("missing"), codes]).optional().describe("missing, or the value or values that leave."),
  not: codes.optional().describe("Every row leaves that has another value than this (inclusion)."),
  below: z.number().optional().describe("Numbers below it leave."), above: z.number().optional().describe("Numbers above it leave."),
  reason: name("Why, in words for the flow chart."),
  kind: z.enum(["eligibility", "outcome", "images", "missing", "follow-up", "other"]).default("eligibility").describe("Kind of the reason."),
}).describe("Patients that leave, in this order; each is in the flow with its reason.");

export const cohortSchema = z.strictObject({
  name: name("What the cohort is called in the report."),
  role: z.enum(["development", "external"]).optional().describe("development (the first cohort) or external (all others)."),
  models: z.array(z.string()).min(1).optional().describe("External: the models it is scored by, where it lacks columns of others; all when left out."),
  screened: z.int().min(1).optional().describe("Patients before anybody left."),
  flow: z.array(z.strictObject({ reason: name("Why they left."), removed: z.int().min(0).describe("How many.") })).default([]).describe("Who left before the table was made, by reason."),
  tables: z.array(tableSchema).default([]).describe("Tables of the cohort, joined by patient."),
  images: imagesSchema.optional(),
  centre: z.string().optional().describe("Column of the centre (ComBat, leave-one-centre-out, description by centre)."),
  date: z.string().optional().describe("Column of the date of diagnosis (temporal split)."),
  patient: z.string().optional().describe("Column of the patient where a row is a lesion: rows of one patient then stay together in every split."),
  readers: z.array(readerSchema).default([]).describe("Further readings of the same patients (another reader, a repeat), for the ICC."),
  exclude: z.array(excludeSchema).default([]).describe("Who leaves, in this order, each with a typed reason; the flow chart tells it."),
  rename: z.record(z.string(), z.string()).default({}).describe("Columns by another name in this cohort: { theirs: ours }."),
}).describe("Patients from one source.");

export const variableSchema = z.strictObject({
  label: z.string().optional().describe("Name in tables and figures."), unit: z.string().optional().describe("Unit of its numbers."),
  levels: z.union([z.record(z.string(), z.string()), z.array(z.string()).min(2)]).optional().describe("Code in the file → name of the level, in order; a list where the file holds the names."),
  ordered: z.boolean().optional().describe("The order of the levels means something (grade, stage)."),
  kind: z.enum(["number", "category", "date"]).optional().describe("What the column holds, where the file does not show it."),
  missing: z.array(code).optional().describe("Codes or levels that count as missing (indeterminate, 999)."),
  cut: z.strictObject({ at: z.array(z.number()).min(1).describe("Lower bound of each category after the first."), names: z.array(z.string()).min(2).describe("Names of the categories.") }).optional()
    .describe("Number → categories. State cut-points taken from the literature, never from these data."),
  available: z.boolean().optional().describe("false: known only after the moment the prediction is made for; may not be a predictor (default true)."),
  source: z.string().optional().describe("Where the value comes from (pathology report, MRI reading)."),
}).describe("A variable: label, unit, codes.");
