import { appendFileSync } from "node:fs";
import { inWords } from "./files.js";

export const levels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
export type Level = (typeof levels)[number];

/**
 * Messages to standard error (verbosity 1 critical … 3 warnings … 5 everything) and, by level, to a log file.
 * The log file never names a patient: cases stand there by number or table row, paths and IDs are replaced
 * (`inFile`, made with `withoutPaths`); IDs appear at verbosity 4 and above (`-v`).
 */
export type Log = {
  say(level: Level, text: string, inFile?: string, onScreen?: Level): void;
  /** a line of the program itself: progress, summary */
  print(text: string): void;
  verbose: boolean;
  /** called before each line, e.g. to wipe a progress bar */
  before: () => void;
};

export type LogOptions = { verbosity: number; file?: string; fileLevel: Level | "NOTSET" };

export function openLog(options: LogOptions): Log {
  const least = 5 - options.verbosity;
  let { file } = options;
  const fileLeast = options.fileLevel === "NOTSET" ? 0 : levels.indexOf(options.fileLevel);
  if (file !== undefined) {
    try { appendFileSync(file, ""); } catch (error) { throw inWords(error, file); }
  }
  const log: Log = {
    verbose: options.verbosity >= 4,
    before() {},
    print(text) {
      log.before();
      try { process.stderr.write(`${text}\n`); } catch { /* nobody listens */ }
    },
    say(level, text, inFile = text, onScreen = level) {
      const rank = levels.indexOf(level), screenRank = levels.indexOf(onScreen);
      if (screenRank >= least) log.print(screenRank >= 3 ? `radscore: ${text}` : `${onScreen.toLowerCase()}: ${text}`);
      if (file === undefined || rank < fileLeast) return;
      const time = new Date().toISOString().slice(0, 19).replace("T", " ");
      try {
        appendFileSync(file, `[${time}] ${level[0]}: ${inFile.replaceAll("\n", " ")}\n`);
      } catch (error) {
        log.print(`warning: ${(inWords(error, file) as Error).message} The log ends here; the run goes on.`);
        file = undefined;
      }
    },
  };
  return log;
}

/** `text` with every path, file name, folder name and ID of a case replaced by what it is. */
export function withoutPaths(text: string, image: string, mask: string, id = ""): string {
  const hidden: [string, string][] = id === "" ? [] : [[id, "<ID>"]];
  for (const [path, what] of [[image, "<image>"], [mask, "<mask>"]] as const) {
    hidden.push([path, what]);
    const name = path.split(/[\\/]/).pop() ?? "";
    if (name !== "") hidden.push([name, what]);
    for (const part of path.split(/[\\/]/).slice(-4, -1)) if (part.length > 3) hidden.push([part, "<folder>"]);
  }
  hidden.sort((a, b) => b[0].length - a[0].length);
  return hidden.reduce((t, [what, by]) => t.replaceAll(what, by), text);
}
