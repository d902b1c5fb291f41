import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { labelsOf } from "../src/cohort/index.js";
import { InputError } from "../src/math/index.js";
import { checkText, initPlan, openTable, patientColumn, planJsonSchema, problemLines, proposePlan, readTable, templates, wrapped, type InitAnswers, type InitTable } from "../src/study/index.js";
import { fileSink, inWords, readBytes } from "./files.js";
import { answersCome, asker, askUntil, type Ask } from "./initQuestions.js";
import { optionsHelp, readOptions, type Option } from "./options.js";

const units = ["days", "weeks", "months", "years"];

const options: Option[] = [
  { name: "like", value: "PAPER", choices: templates.map((t) => t.paper), help: `the method of a paper: ${templates.map((t) => `${t.paper} ${t.what}`).join("; ")}` },
  { name: "clinical", value: "FILE", heading: "Your own tables (what is not given is asked, or proposed from the tables)", help: "table of clinical variables, in the folder" },
  { name: "features", value: "FILE", help: "table of radiomics features, where it is another one" },
  { name: "id", value: "COLUMN", help: "column of the patient; several tables may have different ones: --id A --id B" },
  { name: "outcome", value: "COLUMN", help: "column of an outcome of two classes" },
  { name: "time", value: "COLUMN", help: "survival: column of the follow-up time" },
  { name: "event", value: "COLUMN", help: "survival: column of the event code" },
  { name: "event-code", value: "CODE", help: "value that means the event; may be given several times" },
  { name: "unit", value: "UNIT", choices: units, help: "survival: unit of the times in the file" },
  { name: "title", value: "TEXT", help: "title of the study" },
  { name: "name", value: "FILE", heading: "Output", help: "name of the plan (default: study.yaml)" },
  { name: "force", help: "replace a plan that is there" },
  { name: "yes", short: "y", help: "ask nothing; take what is proposed" },
  { name: "help", short: "h", help: "print this help" },
];

export const initHelp = `radscore init: writes a commented study plan

  radscore init [folder] --like 000          the method of a paper, on an example of its data
  radscore init [folder]                     for your own tables: asks a few questions and looks into them
  radscore init [folder] --clinical clinical.csv --features radiomics.csv --id patient --time rfs --event rfs_ind

  Writes study.yaml and study.schema.json (by which editors complete and check the plan).
${optionsHelp(options)}
`;

/** `radscore init` */
export async function initCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(initHelp); return 0; }
  const folder = words[0] ?? ".";
  const last = (name: string) => given.get(name)?.at(-1);
  const path = join(folder, last("name") ?? "study.yaml");
  if (existsSync(path) && !given.has("force")) throw new InputError(`${path} is there already. Give another --name, or --force to replace it.`);
  const own = ["clinical", "features", "outcome", "time", "event", "id"].some((name) => given.has(name)) || last("like") === undefined;
  const proposal = own ? await proposed(folder, given) : undefined;
  const text = initPlan(last("like"), proposal);
  const { problems } = checkText(text, last("name") ?? "study.yaml");
  // a proposal may need the user's hand; a template never does
  if (problems.length > 0 && proposal === undefined) throw new Error(problemLines(problems));
  try { mkdirSync(folder, { recursive: true }); } catch (error) { throw inWords(error, folder); }
  writeWhole(path, text);
  const schema = join(folder, "study.schema.json");
  if (!existsSync(schema)) writeWhole(schema, `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
  process.stdout.write(closing(path, proposal?.guesses, problemLines(problems)));
  return 0;
}

/** What was written, what was guessed line by line, and what comes next. */
function closing(path: string, guesses: readonly string[] | undefined, problems: string): string {
  const listed = (guesses ?? []).map((g) => `  - ${wrapped(g, 96).join("\n    ")}\n`).join("");
  const first = guesses === undefined ? "Put the names of your files and columns into it.\n" : listed === "" ? "Look through it.\n" : `\nGuessed from the tables; please correct it in the plan:\n${listed}\n`;
  return `${path} is written.\n${first}Then: radscore check ${path}\n${problems === "" ? "" : `\nTo be mended first:\n${problems}\n`}`;
}

function writeWhole(path: string, text: string): void {
  const sink = fileSink(path);
  sink.write(text);
  sink.close();
}

async function proposed(folder: string, given: Map<string, string[]>) {
  const last = (name: string) => given.get(name)?.at(-1);
  const found = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(csv|tsv|txt|xlsx|parquet)(\.gz)?$/i.test(name)).sort() : [];
  const ask = asker(given.has("yes") || !answersCome());
  try {
    const clinical = last("clinical") ?? await ask(`Table of clinical variables${found.length > 0 ? ` (${found.join(", ")})` : ""}`, found.find((f) => /clin/i.test(f)) ?? found[0]);
    if (clinical === undefined || clinical === "") throw new InputError(`${folder} holds no table (.csv, .tsv, .xlsx, .parquet). Name it with --clinical, or take a paper's example with --like 000.`);
    const others = found.filter((f) => f !== clinical);
    const features = last("features") ?? (given.has("clinical") ? undefined : await ask(`Table of radiomics features, empty for none${others.length > 0 ? ` (${others.join(", ")})` : ""}`, others.find((f) => /radiom|feature/i.test(f)) ?? only(others.filter((f) => !/extern|valid|test|reader|outcome/i.test(f)))));
    const ids = given.get("id") ?? [];
    const world = { read: async (path: string) => readBytes(join(folder, path)) };
    const tables: InitTable[] = [], said: string[] = [];
    for (const [k, file] of [clinical, ...(features === undefined || features === "" ? [] : [features])].entries()) {
      const plan = { file, missing: [], join: "inner" as const };
      const id = ids[k] ?? ids[0] ?? await patientOf(await openTable({ ...plan, id: "" }, world), ask, said);
      const { table } = await readTable({ ...plan, id }, world);
      tables.push({ file, id: id === "" ? "id" : id, table });
    }
    const answers: InitAnswers = {};
    const title = last("title") ?? await ask("Title of the study", undefined);
    if (title !== undefined && title !== "") answers.title = title;
    if (!["outcome", "time", "event"].some((name) => given.has(name))) {
      const columns = tables.flatMap(({ table }) => Object.keys(table.columns));
      const time = await askUntil(ask, "Survival: column of the follow-up time; empty for an outcome of two classes", undefined, columns, "column of the tables");
      if (time !== undefined) answers.time = time;
      const column = await askUntil(ask, answers.time === undefined ? "Column of the outcome" : "Column of the event code", undefined, columns, "column of the tables");
      if (column !== undefined) answers[answers.time === undefined ? "outcome" : "event"] = column;
      const values = column === undefined ? [] : valuesOf(tables, column);
      const code = values.length === 0 ? undefined : await askUntil(ask, `Value that means the event${values.length <= 8 ? ` (${values.join(", ")})` : ""}`, values.includes("1") ? "1" : undefined, values, `value of ${column}`);
      if (code !== undefined) answers.eventCodes = [code];
      if (answers.time !== undefined && !given.has("unit")) {
        const unit = await askUntil(ask, `Unit of the times in the file (${units.join(", ")}), empty to be guessed`, undefined, units, "unit of time");
        if (unit !== undefined) answers.unit = unit;
      }
    }
    for (const key of ["outcome", "time", "event", "unit"] as const) if (given.has(key)) answers[key] = last(key)!;
    if (given.has("event-code")) answers.eventCodes = given.get("event-code")!;
    if (answers.event !== undefined || answers.time !== undefined) answers.kind = "survival";
    const inTables = proposePlan(tables, answers);
    const proposal = { ...inTables, guesses: [...said, ...inTables.guesses] };
    const unused = given.has("clinical") ? [] : found.filter((f) => !tables.some((t) => t.file === f));
    return unused.length === 0 ? proposal : { ...proposal, guesses: [...proposal.guesses, `not used: ${unused.join(", ")}`] };
  } finally {
    ask.close();
  }
}

/** The patient's column of a table: the one that readers know, else the one asked for, with the likeliest proposed; "": the file's own (Parquet). */
async function patientOf({ file, table, report }: Awaited<ReturnType<typeof openTable>>, ask: Ask, said: string[]): Promise<string> {
  if (report === undefined) return "";
  if (report.id !== "row number") return report.id;
  const likely = patientColumn(table), names = Object.keys(table.columns);
  const shown = names.length <= 12 ? names.join(", ") : `${names.slice(0, 12).join(", ")}, … ${names.length} in all`;
  const id = (await askUntil(ask, `Column of the patient in ${file} (${shown})`, likely, names, `column of ${file}`, `${file}: no column is known to be the patient's; name one of ${shown} (as an option: --id COLUMN).`))!;
  if (id === likely) said.push(`${id} is the patient's column of ${file}`);
  return id;
}

const only = (names: readonly string[]) => (names.length === 1 ? names[0] : undefined);

function valuesOf(tables: readonly InitTable[], column: string): string[] {
  const at = tables.find(({ table }) => table.columns[column] !== undefined);
  return at === undefined ? [] : [...new Set(labelsOf(at.table, column).filter((l) => l !== ""))].sort();
}
