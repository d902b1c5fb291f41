import { basename, dirname, join } from "node:path";
import { InputError } from "../src/math/index.js";
import { labelOfTime, openTable, rowList, scorePatients, type FrozenPipeline } from "../src/study/index.js";
import { fileSink, readBytes, readText, stdoutSink } from "./files.js";
import { optionsHelp, readOptions, type Option } from "./options.js";
import { csvLine } from "./table.js";

const options: Option[] = [
  { name: "out", short: "o", value: "FILE", heading: "Options", help: "csv file (standard output when left out)" },
  { name: "id", value: "COLUMN", help: "column of the patients' numbers (found by its name when left out)" },
  { name: "decimal", value: "MARK", choices: [".", ","], help: "decimal mark of the table, where both readings are possible" },
  { name: "dates", value: "ORDER", choices: ["dmy", "mdy"], help: "order of day and month, where both readings are possible" },
  { name: "models", value: "NAMES", help: "models to score by, with commas between (the final one when left out; all: every model)" },
  { name: "json", help: "JSON instead of csv" },
  { name: "help", short: "h", help: "print this help" },
];

const usage = `radscore predict: scores new patients by the frozen pipeline of a study

  radscore predict results/model.json patients.csv --out scores.csv

The table (.csv, .tsv, .xlsx, .parquet, also .csv.gz) has the columns that the model keeps, under the names and in the units of the
study. Nothing is fitted. Each row gets the linear predictor and the probability of the event (by each time, where survival), and
remarks: values that are missing and what the pipeline put in their place, values outside the training range or of a category that
training did not have, and an id that stands in several rows.
`;

/** `radscore predict model.json table.csv`. */
export async function predictCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(`${usage}${optionsHelp(options)}\n`); return 0; }
  if (words.length !== 2) throw new InputError(`predict: ${words.length === 1 ? "1 file was" : `${words.length} files were`} given, expected a model and a table: radscore predict model.json patients.csv.`);
  const [modelPath, tablePath] = words;
  const model = readModel(modelPath);
  const decimal = given.get("decimal")?.at(-1), dates = given.get("dates")?.at(-1);
  const read = await openTable({
    file: basename(tablePath), id: given.get("id")?.at(-1) ?? "", missing: [], join: "inner",
    ...(decimal !== undefined && { decimalComma: decimal === "," }), ...(dates !== undefined && { dates: dates as "dmy" | "mdy" }),
  }, { read: async (file) => readBytes(join(dirname(tablePath), file)) });
  if (read.report?.id === "row number") throw new InputError(`${tablePath}: no column is the patient's: none is called id, patient, case or subject. Name it with --id. Columns: ${Object.keys(read.table.columns).slice(0, 20).join(", ")}.`);
  const asked = given.get("models")?.at(-1);
  const models = asked === undefined ? [model.final] : asked === "all" ? model.models : asked.split(",").map((m) => m.trim());
  const scored = scorePatients(model, read.table, models), scores = scored.models;
  const twice = repeatedIds(read.table.id);
  const remarks = scored.remarks.map((own, row) => { const rows = twice.get(read.table.id[row]); return rows === undefined ? own : [`the id stands in ${rowList(rows)} of the table`, ...own]; });
  const names = models.flatMap((name) => [`${name}: linear predictor`, ...scores[name].probability.map((_, k) => `${name}: ${labelOfTime(model, k)}`)]);
  const values = (row: number) => models.flatMap((name) => [scores[name].linear[row], ...scores[name].probability.map((p) => p[row])]);
  const out = given.get("out")?.at(-1);
  const sink = out === undefined ? stdoutSink() : fileSink(out);
  const shown = (x: number) => (Number.isFinite(x) ? x : null);
  if (given.has("json")) {
    sink.write(`${JSON.stringify(read.table.id.map((id, row) => ({ id, ...Object.fromEntries(values(row).map((v, k) => [names[k], shown(v)])), remarks: remarks[row] })), null, 1)}\n`);
  } else {
    sink.write(csvLine(["id", ...names, "remarks"]));
    read.table.id.forEach((id, row) => sink.write(csvLine([id, ...values(row).map((v) => (Number.isFinite(v) ? v : "")), remarks[row].join("; ")])));
  }
  sink.close();
  for (const [id, rows] of [...twice].slice(0, 20)) process.stderr.write(`warning: ${tablePath}: the id "${id}" stands in ${rowList(rows)}; each row is scored by itself.\n`);
  if (twice.size > 20) process.stderr.write(`warning: ${tablePath}: ${twice.size - 20} more ids stand in several rows.\n`);
  const spoken = remarks.filter((r) => r.length > 0).length;
  process.stderr.write(`${read.table.id.length} ${read.table.id.length === 1 ? "patient" : twice.size > 0 ? "rows" : "patients"} scored by ${models.join(", ")}${spoken > 0 ? `; ${spoken} with remarks` : ""}.\n`);
  return 0;
}

/** Ids of several rows, with the rows' numbers. */
function repeatedIds(ids: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  ids.forEach((id, row) => rows.set(id, [...(rows.get(id) ?? []), row + 1]));
  return new Map([...rows].filter(([, at]) => at.length > 1));
}

function readModel(path: string): FrozenPipeline {
  try {
    return JSON.parse(readText(path)) as FrozenPipeline;
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path}: is no JSON (${error.message}). Give the model.json that radscore run wrote.`);
    throw error;
  }
}
