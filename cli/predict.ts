import { basename, dirname, join } from "node:path";
import { InputError } from "../src/math/index.js";
import { labelOfTime, readTable, scorePatients, type FrozenPipeline } from "../src/study/index.js";
import { fileSink, readBytes, readText, stdoutSink } from "./files.js";
import { optionsHelp, readOptions, type Option } from "./options.js";
import { csvLine } from "./table.js";

const options: Option[] = [
  { name: "out", short: "o", value: "FILE", heading: "Options", help: "csv file (standard output when left out)" },
  { name: "id", value: "COLUMN", help: "column of the patients' numbers (found by its name when left out)" },
  { name: "models", value: "NAMES", help: "models to score by, with commas between (the final one when left out; all: every model)" },
  { name: "json", help: "JSON instead of csv" },
  { name: "help", short: "h", help: "print this help" },
];

const usage = `radscore predict: scores new patients by the frozen pipeline of a study

  radscore predict results/model.json patients.csv --out scores.csv

The table (.csv, .tsv, .xlsx, .parquet, also .csv.gz) has the columns that the model keeps, under the names and in the units of the
study. Nothing is fitted. Each row gets the linear predictor and the probability of the event (by each time, where survival), and
remarks: values that are missing, outside the training range, or of a category that training did not have.
`;

/** `radscore predict model.json table.csv`. */
export async function predictCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(`${usage}${optionsHelp(options)}\n`); return 0; }
  if (words.length !== 2) throw new InputError(`predict: ${words.length === 1 ? "1 file was" : `${words.length} files were`} given, expected a model and a table: radscore predict model.json patients.csv.`);
  const [modelPath, tablePath] = words;
  const model = readModel(modelPath);
  const read = await readTable({ file: basename(tablePath), id: given.get("id")?.at(-1) ?? "", missing: [], join: "inner" },
    { read: async (file) => readBytes(join(dirname(tablePath), file)) });
  const asked = given.get("models")?.at(-1);
  const models = asked === undefined ? [model.final] : asked === "all" ? model.models : asked.split(",").map((m) => m.trim());
  const { models: scores, remarks } = scorePatients(model, read.table, models);
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
  const spoken = remarks.filter((r) => r.length > 0).length;
  process.stderr.write(`${read.table.id.length} patients scored by ${models.join(", ")}${spoken > 0 ? `; ${spoken} with remarks` : ""}.\n`);
  return 0;
}

function readModel(path: string): FrozenPipeline {
  try {
    return JSON.parse(readText(path)) as FrozenPipeline;
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path}: is no JSON (${error.message}). Give the model.json that radscore run wrote.`);
    throw error;
  }
}
