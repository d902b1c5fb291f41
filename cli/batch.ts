import type { Case } from "./cases.js";
import { nameOf, report, rowOf, writeCaseFile, type Run } from "./extract.js";
import { fileSink, isRegularOrNew, stdoutSink } from "./files.js";
import { caseKey, memoryJournal, openJournal, type Journal } from "./journal.js";
import { duration, openProgress } from "./progress.js";
import type { CaseResult } from "./oneCase.js";
import { runPool } from "./pool.js";
import { writeTable, type Row, type Table } from "./table.js";
import { version } from "./version.js";

/** Threads can be given another script and less memory in tests. */
export type BatchOptions = { script?: URL; resourceLimits?: { maxOldGenerationSizeMb: number } };

/**
 * Every case of a table: parallel over worker threads, each result into the journal as it finishes, the output in the
 * order of the table at the end. A failed case is a row with its error. The journal stays beside the output, so that
 * `--resume` repeats nothing: neither after an interruption nor when rows were added to the table.
 * @returns exit code 0, or 2 where some cases failed
 */
export async function runBatch(run: Run, { script = new URL("./worker.js", import.meta.url), resourceLimits }: BatchOptions = {}): Promise<number> {
  const { command, table, work, log } = run;
  const { cases } = table;
  const started = performance.now();
  const file = command.out !== undefined && isRegularOrNew(command.out) ? command.out : undefined;
  const journal = file === undefined ? memoryJournal() : openJournal(`${file}.journal`, command.resume);
  const common = caseKey([version(), work.params, work.mode, work.mode === "voxel" && [work.mapFolder, work.mapFormat]]);
  const keyOf = (one: Case) => caseKey([common, one.image, one.mask, one.label, one.labelChannel, one.spacing, work.mode === "voxel" && one.number]);

  const position = cases.map((one) => journal.find(keyOf(one)));
  const open = cases.filter((one) => position[one.number - 1] === undefined);
  if (command.resume) log.print(`${cases.length - open.length} of ${cases.length} cases are in the journal already.`);
  log.say("INFO", `${open.length} cases to extract with ${Math.min(command.jobs, open.length)} jobs`);

  const progress = openProgress(cases.length, cases.length - open.length);
  log.before = progress.clear;
  const failed: { one: Case; error: string }[] = [];
  const interrupted = () => {
    log.print(file === undefined ? "Stopped; no results were kept (there is no --out file)." : `Stopped; ${position.filter((p) => p !== undefined).length} finished cases are kept, the same command with --resume goes on.`);
    journal.close();
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  try {
    const said = new Set<string>();
    await runPool<Case, CaseResult>({
      script, jobs: command.jobs, workerData: work, tasks: open, ...(resourceLimits !== undefined && { resourceLimits }),
      died: (why) => ({ error: why === "memory"
        ? "ran out of memory; run it alone with --jobs 1, or with a larger heap (NODE_OPTIONS=--max-old-space-size=8192)."
        : `its thread stopped (${why}); run it alone to see why.` }),
      done(one, result) {
        position[one.number - 1] = journal.append(keyOf(one), result);
        if ("error" in result) failed.push({ one, error: result.error });
        report(run, one, onlyNew(result, said));
        if (command.outDir !== undefined && command.mode === "segment" && !("error" in result)) writeCaseFile(run, tableOf([one]), rowOf(run, one, result));
        progress.step("error" in result);
      },
    });
    progress.clear();
    const sink = file !== undefined ? fileSink(file) : command.out !== undefined ? fileSink(command.out) : stdoutSink();
    try {
      await writeTable(command.format, tableOf(cases), sink);
      sink.close();
    } catch (error) { sink.drop(); throw error; }
  } catch (error) {
    progress.clear();
    if ((error as Error).name === "InputError") (error as Error).message += await kept();
    throw error;
  } finally {
    process.removeListener("SIGINT", interrupted);
    journal.close();
  }
  summarise();
  return failed.length === 0 ? 0 : 2;

  /** Where the results are that the output could not take. */
  async function kept(): Promise<string> {
    const done = cases.filter((one) => position[one.number - 1] !== undefined);
    if (file !== undefined) return ` ${done.length} of ${cases.length} results are kept in ${file}.journal; the same command with --resume goes on.`;
    const rescue = `radscore-rescued-${process.pid}.${command.format}`;
    try {
      const sink = fileSink(rescue);
      await writeTable(command.format, tableOf(done), sink);
      sink.close();
      return ` The ${done.length} results are in ${rescue} instead.`;
    } catch { return ""; }
  }

  /** The output over some of the cases, read from the journal row by row. */
  function tableOf(some: readonly Case[]): Table {
    return {
      input: table.columns, columns: allColumns(journal, some.map((one) => position[one.number - 1]!)),
      *rows(): Generator<Row> { for (const one of some) yield rowOf(run, one, journal.read(position[one.number - 1]!)); },
      anyError: some.some((one) => failed.some((f) => f.one === one)), single: false, skipNans: command.skipNans,
    };
  }

  function summarise(): void {
    if (command.verbosity < 2) return;
    const { length } = failed;
    failed.sort((a, b) => a.one.number - b.one.number);
    const where = command.out === undefined ? "" : ` ${command.out}`;
    log.print(`${cases.length} case${cases.length === 1 ? "" : "s"}: ${cases.length - length} extracted, ${length} failed, ${duration((performance.now() - started) / 1000)}.${where}`);
    for (const { one, error } of failed.slice(0, 20)) log.print(`  failed: ${nameOf(one, true)}: ${error}`);
    if (length > 20) log.print(`  … and ${length - 20} more, see the column Error.`);
  }
}

/** Names in the order of the first case that has them, each further name after those of the cases before. */
function allColumns(journal: Journal, positions: readonly number[]): string[] {
  const names = new Set<string>();
  const seen = new Set<readonly string[]>();
  for (const position of positions) {
    const columns = journal.columnsOf(position);
    if (seen.has(columns)) continue;
    seen.add(columns);
    for (const name of columns) names.add(name);
  }
  return [...names];
}

/** A warning that many cases share is said once. */
function onlyNew(result: CaseResult, said: Set<string>): CaseResult {
  if ("error" in result) return result;
  const warnings = result.warnings.filter((w) => !said.has(w));
  for (const w of warnings) said.add(w);
  return { ...result, warnings };
}
