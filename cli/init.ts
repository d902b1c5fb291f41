import { existsSync, fstatSync, mkdirSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { join } from "node:path";
import { labelsOf } from "../src/cohort/index.js";
import { InputError } from "../src/math/index.js";
import { checkText, initPlan, planJsonSchema, problemLines, proposePlan, readTable, templates, type InitAnswers, type InitTable } from "../src/study/index.js";
import { fileSink, inWords, readBytes } from "./files.js";
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
  process.stdout.write(`${path} is written.${proposal === undefined ? " Put the names of your files and columns into it" : ` ${proposal.guesses.length > 0 ? `Guessed, please correct: ${proposal.guesses.join("; ")}` : "Look through it"}`}, then: radscore check ${path}\n${problems.length > 0 ? `\nTo be mended first:\n${problemLines(problems)}\n` : ""}`);
  return 0;
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
    const tables: InitTable[] = [];
    for (const [k, file] of [clinical, ...(features === undefined || features === "" ? [] : [features])].entries()) {
      const wanted = ids[k] ?? ids[0] ?? "";
      const read = (id: string) => readTable({ file, id, missing: [], join: "inner" }, world);
      let id = wanted;
      const { table, report } = await read(id).catch(async (error: Error) => {
        // nothing is called id or patient: ask for it
        const said = error.name === "InputError" && id === "" ? await ask(`Column of the patient in ${file}`, undefined) : undefined;
        if (said === undefined || said === "") throw error;
        id = said;
        return read(id);
      });
      tables.push({ file, id: id === "" ? report?.id ?? "id" : id, table });
    }
    const answers: InitAnswers = {};
    const title = last("title") ?? await ask("Title of the study", undefined);
    if (title !== undefined && title !== "") answers.title = title;
    if (!["outcome", "time", "event"].some((name) => given.has(name))) {
      const time = await ask("Survival: column of the follow-up time; empty for an outcome of two classes", undefined);
      if (time !== undefined && time !== "") answers.time = time;
      const column = await ask(answers.time === undefined ? "Column of the outcome" : "Column of the event code", undefined);
      if (column !== undefined && column !== "") answers[answers.time === undefined ? "outcome" : "event"] = column;
      const values = column === undefined ? [] : valuesOf(tables, column);
      const code = column === undefined ? undefined : await ask(`Value that means the event${values.length > 0 && values.length <= 8 ? ` (${values.join(", ")})` : ""}`, values.includes("1") || values.length === 0 ? "1" : undefined);
      if (code !== undefined) answers.eventCodes = [code];
      if (answers.time !== undefined && !given.has("unit")) {
        const unit = await ask("Unit of the times in the file (days, weeks, months, years), empty to be guessed", undefined);
        if (unit !== undefined && !units.includes(unit)) throw new InputError(`"${unit}" is no unit of time. Expected ${units.join(", ")}.`);
        if (unit !== undefined) answers.unit = unit;
      }
    }
    for (const key of ["outcome", "time", "event", "unit"] as const) if (given.has(key)) answers[key] = last(key)!;
    if (given.has("event-code")) answers.eventCodes = given.get("event-code")!;
    if (answers.event !== undefined || answers.time !== undefined) answers.kind = "survival";
    const proposal = proposePlan(tables, answers);
    const unused = given.has("clinical") ? [] : found.filter((f) => !tables.some((t) => t.file === f));
    return unused.length === 0 ? proposal : { ...proposal, guesses: [...proposal.guesses, `not used: ${unused.join(", ")}`] };
  } finally {
    ask.close();
  }
}

type Ask = ((question: string, proposal: string | undefined) => Promise<string | undefined>) & { close(): void };

const only = (names: readonly string[]) => (names.length === 1 ? names[0] : undefined);

function valuesOf(tables: readonly InitTable[], column: string): string[] {
  const at = tables.find(({ table }) => table.columns[column] !== undefined);
  return at === undefined ? [] : [...new Set(labelsOf(at.table, column).filter((l) => l !== ""))].sort();
}

/** Answers come from a terminal, a file or a pipe of the shell; a program that started this one, or nobody, gives none. */
function answersCome(): boolean {
  if (process.stdin.isTTY) return true;
  try { const input = fstatSync(0); return input.isFIFO() || input.isFile(); } catch { return false; }
}

/** Questions on the terminal, or lines of a file; silent, the proposals are the answers. */
function asker(silent: boolean): Ask {
  const lines = silent ? undefined : createInterface({ input: process.stdin, output: process.stderr });
  // lines of a pipe come before they are asked for: an iterator keeps them
  const given = lines !== undefined && !process.stdin.isTTY ? lines[Symbol.asyncIterator]() : undefined;
  const ask = async (question: string, proposal: string | undefined) => {
    if (lines === undefined) return proposal;
    const asked = `${question}${proposal === undefined ? "" : ` [${proposal}]`}: `;
    if (given !== undefined) process.stderr.write(asked);
    const answer = (given === undefined ? await lines.question(asked) : await given.next().then(({ value, done }) => { process.stderr.write(`${done ? "" : value}\n`); return done ? "" : String(value); })).trim();
    return answer === "" ? proposal : answer;
  };
  return Object.assign(ask, { close: () => lines?.close() });
}
