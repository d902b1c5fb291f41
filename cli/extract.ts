import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { InputError } from "../src/math/index.js";
import { applySetting, defaultParams, parseParams, type Params } from "../src/features/index.js";
import { casesOfFiles, type Case, type CaseTable } from "./cases.js";
import { extractHelp, readExtractCommand, type ExtractCommand } from "./extractOptions.js";
import { fileSink, inWords, isRegularOrNew, readText, stdoutSink, type Sink } from "./files.js";
import { openLog, withoutPaths, type Log } from "./log.js";
import { makeFolder, oneCase, type CaseResult, type Work } from "./oneCase.js";
import { cellOf, columnsOf, csvLine, writeTable, writeTxt, type Row, type Table } from "./table.js";

/** What a run works with, checked before anything is computed. */
export type Run = { command: ExtractCommand; table: CaseTable; work: Work; log: Log; pathBase: string };

/**
 * `radscore extract`: one image and mask, or a table of them, to a row of features each.
 * @returns exit code: 0 all good, 1 the command or an input file cannot be used, 2 some cases failed
 */
export async function extractCommand(args: readonly string[]): Promise<number> {
  const command = readExtractCommand(args);
  if (command.show === "help") { process.stdout.write(extractHelp); return 0; }
  if (command.show === "version") { process.stdout.write(`radscore ${(await import("./version.js")).version()}\n`); return 0; }
  const log = openLog({ verbosity: command.verbosity, fileLevel: command.loggingLevel, ...(command.logFile !== undefined && { file: command.logFile }) });
  try {
    const params = await readParams(command);
    const { table, pathBase, isTable } = await readInput(command);
    const run: Run = { command, table, log, pathBase, work: { params, mode: command.mode, mapFolder: resolve(command.outDir ?? "."), mapFormat: command.mapFormat } };
    if (command.validate) return validate(run);
    checkOutput(command, table.cases);
    if (command.outDir !== undefined) makeFolder(command.outDir);
    if (isTable || table.cases.length > 1) return await (await import("./batch.js")).runBatch(run);
    return await runSingle(run, table.cases[0]);
  } catch (error) {
    if ((error as Error).name !== "InputError") throw error;
    log.say("CRITICAL", (error as Error).message);
    return 1;
  }
}

async function readParams(command: ExtractCommand): Promise<Params> {
  let params = command.param === undefined ? defaultParams() : await parseParams(readText(command.param), command.param);
  for (const setting of command.settings) params = applySetting(params, setting);
  if (command.correctMask) params = applySetting(params, "correctMask:true");
  if (command.labels.length === 1) params = applySetting(params, `label:${command.labels[0]}`);
  return command.profile === undefined ? params : { ...params, profile: command.profile };
}

async function readInput(command: ExtractCommand): Promise<{ table: CaseTable; pathBase: string; isTable: boolean }> {
  const [first, ...masks] = command.words;
  if (first === undefined) throw new InputError("no input was given; expected <image> <mask> or <cases.csv>. See radscore extract --help.");
  if (/\.(csv|tsv)$/i.test(first)) {
    const { readCases } = await import("./caseTable.js");
    return { table: readCases(first, command.labels, command.spacing), pathBase: dirname(resolve(first)), isTable: true };
  }
  if (masks.length === 0) throw new InputError(`${first}: no mask was given; expected <image> <mask>, or a table whose name ends in .csv.`);
  return { table: casesOfFiles(first, masks, command.labels, command.spacing), pathBase: process.cwd(), isTable: false };
}

/** Refuses an output that could not be written, or that would replace an input, before hours of work. */
function checkOutput({ out, param, words, format, resume }: ExtractCommand, cases: readonly Case[]): void {
  if (resume && (out === undefined || !isRegularOrNew(out))) throw new InputError("--resume needs the --out file of the run to go on with.");
  if (out === undefined) {
    if (format === "parquet" && process.stdout.isTTY) throw new InputError("parquet cannot be shown on a terminal; add --out FILE.");
    return;
  }
  if (existsSync(out) && statSync(out).isDirectory()) throw new InputError(`${out}: is a folder, expected a file for --out; for one file per case use --out-dir.`);
  const folder = dirname(resolve(out));
  if (!existsSync(folder)) throw new InputError(`${out}: the folder ${folder} does not exist; make it first.`);
  if (isRegularOrNew(out)) try { accessSync(existsSync(out) ? out : folder, constants.W_OK); } catch (error) { throw inWords(error, out); }
  const inputs = [...words, ...(param === undefined ? [] : [param]), ...cases.flatMap((c) => [c.image, c.mask])];
  if (inputs.some((path) => resolve(path) === resolve(out))) throw new InputError(`${out}: is an input of this run; choose another name for --out.`);
}

function validate({ table, log }: Run): number {
  const wrong = table.cases.filter((one) => {
    const lost = one.error ?? [one.image, one.mask].filter((path) => !existsSync(path)).map((path) => `${path}: no such file`).join("; ");
    if (lost !== "") log.say("ERROR", `${nameOf(one, true)}: ${lost}`);
    return lost !== "";
  });
  log.print(`${table.cases.length} case${table.cases.length === 1 ? "" : "s"} checked, ${wrong.length} with errors.`);
  return wrong.length === 0 ? 0 : 2;
}

async function runSingle(run: Run, one: Case): Promise<number> {
  const result = await oneCase(one, run.work, run.work.mode === "voxel" ? await voxelProgress(run.log) : undefined);
  report(run, one, result);
  if ("error" in result) return result.unreadable ? 1 : 2;
  const row = rowOf(run, one, result);
  const table: Table = { input: run.table.columns, columns: Object.keys(result.values), rows: () => [row], anyError: false, single: true, skipNans: run.command.skipNans };
  if (run.command.outDir !== undefined && run.command.mode === "segment") writeCaseFile(run, table, row);
  await writeSingle(run.command, table, row);
  return 0;
}

/** Voxels done, on a terminal; maps can take minutes. */
async function voxelProgress(log: Log): Promise<((done: number, of: number) => void) | undefined> {
  if (!process.stderr.isTTY) return undefined;
  const { openVoxelProgress } = await import("./progress.js");
  const { show, clear } = openVoxelProgress(process.stderr);
  log.before = clear;
  return show;
}

/**
 * To standard output or a file. A csv or txt file that exists is added to, as PyRadiomics does, so that a loop over
 * cases fills one file; its header is not repeated, and what already stands there word for word is not written twice.
 */
async function writeSingle({ out, format }: ExtractCommand, table: Table, row: Row): Promise<void> {
  if (out !== undefined && (format === "csv" || format === "txt") && isRegularOrNew(out) && existsSync(out)) {
    const { appendFileSync } = await import("node:fs");
    const before = readFileSync(out, "utf8");
    let text = "";
    if (format === "txt") writeTxt(table, { write: (piece) => { text += piece; }, close() {}, drop() {} });
    else text = csvLine(columnsOf(table).map((name) => cellOf(table, row, name)));
    const header = format === "csv" ? csvLine(columnsOf(table)) : "";
    const stands = (part: string) => before.startsWith(part) || before.includes(`\n${part}`);
    if (stands(header) && stands(text)) return;
    try {
      appendFileSync(out, (before === "" || before.endsWith("\n") ? "" : "\n") + (stands(header) ? "" : header) + text);
    } catch (error) { throw inWords(error, out); }
    return;
  }
  const sink: Sink = out === undefined ? stdoutSink() : fileSink(out);
  await writeTable(format, table, sink);
  sink.close();
}

/** One csv of its own for a case, in --out-dir. */
export function writeCaseFile(run: Run, table: Table, row: Row): void {
  const path = `${run.command.outDir}/features_${row.number}.csv`;
  const columns = columnsOf(table);
  const sink = fileSink(path);
  sink.write(csvLine(columns) + csvLine(columns.map((name) => cellOf(table, row, name))));
  sink.close();
}

/** A result as a row of the output, with paths as the user wants them. */
export function rowOf({ command, table, pathBase }: Run, one: Case, result: CaseResult): Row {
  const input = { ...one.input };
  const path = (text: string, absolute: string) => {
    if (text.trim() === "") return text;
    const shaped = command.formatPath === "absolute" ? absolute : command.formatPath === "relative" ? relative(pathBase, absolute) : basename(absolute);
    return command.unixPath ? shaped.replaceAll("\\", "/") : shaped;
  };
  input[table.imageColumn] = path(input[table.imageColumn], one.image);
  input[table.maskColumn] = path(input[table.maskColumn], one.mask);
  if ("error" in result) return { number: one.number, input, values: {}, notes: {}, error: result.error };
  return { number: one.number, input, values: result.values, notes: result.notes };
}

/** How messages name a case: by number and row; the ID only where the user asked for it. */
export function nameOf(one: Case, withId: boolean): string {
  const row = one.row === undefined ? `case ${one.number}` : `row ${one.row}`;
  return withId && one.id ? `${row} (${one.id})` : row;
}

/** Messages of one case, without path or name of a patient where they go to the log file. */
export function report({ log, table }: Run, one: Case, result: CaseResult): void {
  const single = one.row === undefined && table.cases.length === 1;
  const name = single ? "" : `${nameOf(one, log.verbose)}: `;
  const hide = (text: string) => withoutPaths(text, one.image, one.mask, log.verbose ? undefined : one.id);
  if ("error" in result) {
    // the summary of a batch lists its failures
    log.say("ERROR", name + result.error, hide(name + result.error), single ? "ERROR" : "INFO");
    if (result.bug !== undefined) log.say("DEBUG", result.bug, hide(result.bug));
    return;
  }
  for (const warning of result.warnings) log.say("WARNING", name + warning, hide(name + warning));
  for (const [value, note] of Object.entries(result.notes)) log.say("INFO", `${name}${value} ${note}`, hide(`${name}${value} ${note}`));
  log.say("INFO", `${name}${Object.keys(result.values).length} values`);
}
