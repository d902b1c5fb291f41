import { fstatSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { didYouMean, InputError } from "../src/math/index.js";

/**
 * Asks on standard error and gives the answer, or what was proposed where the answer is empty. `ended`: nobody answers any more (or ever did), so that
 * asking again is in vain.
 */
export type Ask = ((question: string, proposal: string | undefined) => Promise<string | undefined>) & { ended(): boolean; say(text: string): void; close(): void };

/** Answers come from a terminal, a file or a pipe of the shell; a program that started this one, or nobody, gives none. */
export function answersCome(): boolean {
  if (process.stdin.isTTY) return true;
  try { const input = fstatSync(0); return input.isFIFO() || input.isFile(); } catch { return false; }
}

/** Questions on the terminal, or lines of a file; silent, the proposals are the answers. */
export function asker(silent: boolean): Ask {
  const lines = silent ? undefined : createInterface({ input: process.stdin, output: process.stderr });
  // lines of a pipe come before they are asked for: an iterator keeps them
  const given = lines !== undefined && !process.stdin.isTTY ? lines[Symbol.asyncIterator]() : undefined;
  let ended = silent;
  const ask = async (question: string, proposal: string | undefined) => {
    if (lines === undefined) return proposal;
    const asked = `${question}${proposal === undefined ? "" : ` [${proposal}]`}: `;
    if (given !== undefined) process.stderr.write(asked);
    const answer = (given === undefined ? await lines.question(asked) : await given.next().then(({ value, done }) => {
      ended ||= done === true;
      process.stderr.write(`${done ? "" : value}\n`);
      return done ? "" : String(value);
    })).trim();
    return answer === "" ? proposal : answer;
  };
  return Object.assign(ask, { ended: () => ended, say: (text: string) => { if (!ended) process.stderr.write(`${text}\n`); }, close: () => lines?.close() });
}

/**
 * Asks until the answer is one of some words, or empty where nothing is `needed`, which says what to do. @param what  what the words are
 * @throws InputError where the answer is none of them and nobody answers any more
 */
export async function askUntil(ask: Ask, question: string, proposal: string | undefined, known: readonly string[], what: string, needed?: string): Promise<string | undefined> {
  for (;;) {
    const answer = await ask(question, proposal);
    if (answer === undefined && needed === undefined) return undefined;
    if (answer !== undefined && known.includes(answer)) return answer;
    const wrong = answer === undefined ? needed! : `"${answer}" is no ${what}. ${didYouMean(answer, known.slice(0, 80))}`;
    if (ask.ended()) throw new InputError(wrong);
    ask.say(wrong);
  }
}
