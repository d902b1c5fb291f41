import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { join } from "node:path";
import { InputError } from "../src/math/index.js";
import { checkText, initPlan, planJsonSchema, problemLines, proposePlan, readTable, templates, type InitAnswers, type InitTable } from "../src/study/index.js";
import { fileSink, inWords, readBytes } from "./files.js";
import { optionsHelp, readOptions, type Option } from "./options.js";

const options: Option[] = [
  { name: "like", value: "PAPER", choices: templates.map((t) => t.paper), help: `the method of a paper: ${templates.map((t) => `${t.paper} ${t.what}`).join("; ")}` },
  { name: "clinical", value: "FILE", heading: "Your own tables (what is not given is asked, or proposed from the tables)", help: "table of clinical variables, in the folder" },
  { name: "features", value: "FILE", help: "table of radiomics features, where it is another one" },
  { name: "id", value: "COLUMN", help: "column of the patient; several tables may have different ones: --id A --id B" },
  { name: "outcome", value: "COLUMN", help: "column of an outcome of two classes" },
  { name: "time", value: "COLUMN", help: "survival: column of the follow-up time" },
  { name: "event", value: "COLUMN", help: "survival: column of the event code" },
  { name: "event-code", value: "CODE", help: "value that means the event; may be given several times" },
  { name: "unit", value: "UNIT", choices: ["days", "weeks", "months", "years"], help: "survival: unit of the times in the file" },
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
  const ask = asker(given.has("yes") || !process.stdin.isTTY);
  try {
    const clinical = last("clinical") ?? await ask(`Table of clinical variables${found.length > 0 ? ` (${found.join(", ")})` : ""}`, found.find((f) => /clin/i.test(f)) ?? found[0]);
    if (clinical === undefined || clinical === "") throw new InputError(`${folder} holds no table (.csv, .tsv, .xlsx, .parquet). Name it with --clinical, or take a paper's example with --like 000.`);
    const others = found.filter((f) => f !== clinical);
    const features = last("features") ?? (given.has("clinical") ? undefined : await ask(`Table of radiomics features, empty for none${others.length > 0 ? ` (${others.join(", ")})` : ""}`, others.find((f) => /radiom|feature/i.test(f))));
    const ids = given.get("id") ?? [];
    const world = { read: async (path: string) => readBytes(join(folder, path)) };
    const tables: InitTable[] = [];
    for (const [k, file] of [clinical, ...(features === undefined || features === "" ? [] : [features])].entries()) {
      const wanted = ids[k] ?? ids[0] ?? "";
      const { table, report } = await readTable({ file, id: wanted, missing: [], join: "inner" }, world);
      tables.push({ file, id: wanted === "" ? report?.id ?? "id" : wanted, table });
    }
    const answers: InitAnswers = {};
    const title = last("title") ?? await ask("Title of the study", undefined);
    if (title !== undefined && title !== "") answers.title = title;
    if (!["outcome", "time", "event"].some((name) => given.has(name))) {
      const time = await ask("Survival: column of the follow-up time; empty for an outcome of two classes", undefined);
      if (time !== undefined && time !== "") answers.time = time;
      const column = await ask(answers.time === undefined ? "Column of the outcome" : "Column of the event code", undefined);
      if (column !== undefined && column !== "") answers[answers.time === undefined ? "outcome" : "event"] = column;
      const code = column === undefined ? undefined : await ask("Value that means the event", "1");
      if (code !== undefined) answers.eventCodes = [code];
    }
    for (const key of ["outcome", "time", "event", "unit"] as const) if (given.has(key)) answers[key] = last(key)!;
    if (given.has("event-code")) answers.eventCodes = given.get("event-code")!;
    if (answers.event !== undefined || answers.time !== undefined) answers.kind = "survival";
    return proposePlan(tables, answers);
  } finally {
    ask.close();
  }
}

type Ask = ((question: string, proposal: string | undefined) => Promise<string | undefined>) & { close(): void };

/** Questions on the terminal; silent, the proposals are the answers. */
function asker(silent: boolean): Ask {
  const lines = silent ? undefined : createInterface({ input: process.stdin, output: process.stderr });
  const ask = async (question: string, proposal: string | undefined) => {
    if (lines === undefined) return proposal;
    const answer = (await lines.question(`${question}${proposal === undefined ? "" : ` [${proposal}]`}: `)).trim();
    return answer === "" ? proposal : answer;
  };
  return Object.assign(ask, { close: () => lines?.close() });
}
