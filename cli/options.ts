import { didYouMean, InputError, nearestWord } from "../src/math/index.js";

/** One option of a command. The list of options is also its help text. */
export type Option = {
  /** long name without dashes */
  name: string;
  /** short name without dash; two letters are allowed ("od"), as PyRadiomics' own command has them */
  short?: string;
  /** what the value is called in the help; a switch has none */
  value?: string;
  choices?: readonly string[];
  /** value of the option given bare; the next word belongs to it only where it fits */
  bare?: { value: string; fits: RegExp };
  /** heading of the help under which this option and those after it stand */
  heading?: string;
  help: string;
};

export type Given = { words: string[]; options: Map<string, string[]> };

/**
 * Reads a command line as Python's argparse does, so that scripts written for PyRadiomics' command work unchanged:
 * `--out x`, `--out=x`, `-o x`, `-ox`, `-od x`, unambiguous beginnings (`--form csv`), options between the words.
 * @throws InputError unknown option (with the nearest known one), missing value, value that is no choice
 */
export function readOptions(args: readonly string[], known: readonly Option[]): Given {
  const given: Given = { words: [], options: new Map() };
  for (let k = 0; k < args.length; k++) {
    const word = args[k];
    if (word === "--") { given.words.push(...args.slice(k + 1)); break; }
    if (!looksLikeOption(word)) { given.words.push(word); continue; }
    const { option, shown, attached } = findOption(word, known);
    let value = attached;
    if (option.value === undefined) {
      if (value !== undefined) throw new InputError(`${shown} is a switch and takes no value, but "${value}" was given.`);
      value = "";
    } else if (value === undefined) {
      const next = args[k + 1];
      if (option.bare !== undefined) value = next !== undefined && option.bare.fits.test(next) ? args[++k] : option.bare.value;
      else if (next === undefined || looksLikeOption(next)) throw new InputError(`${shown} needs a value: ${shown} ${option.value}.`);
      else value = args[++k];
    }
    if (option.choices !== undefined && !option.choices.includes(value)) {
      const near = nearestWord(value, option.choices);
      throw new InputError(`${shown} is "${value}"; expected ${option.choices.join(", ")}.${near === undefined ? "" : ` Did you mean "${near}"?`}`);
    }
    given.options.set(option.name, [...(given.options.get(option.name) ?? []), value]);
  }
  return given;
}

const looksLikeOption = (word: string) => word.length > 1 && word.startsWith("-") && !/^-\d/.test(word);

function findOption(word: string, known: readonly Option[]): { option: Option; shown: string; attached?: string } {
  const [, name, attached] = /^--?([^=]*)(?:=([\s\S]*))?$/.exec(word)!;
  if (word.startsWith("--")) {
    const exact = known.find((o) => o.name === name);
    const begun = known.filter((o) => o.name.startsWith(name));
    if (exact === undefined && begun.length > 1) throw new InputError(`--${name} can be ${begun.map((o) => `--${o.name}`).join(" or ")}; write one of them.`);
    const option = exact ?? begun[0];
    if (option === undefined) throw new InputError(`there is no option --${name}. ${didYouMean(name, known.map((o) => o.name))} See --help.`);
    return { option, shown: `--${option.name}`, ...(attached !== undefined && { attached }) };
  }
  const whole = known.find((o) => o.short === name);
  if (whole !== undefined) return { option: whole, shown: `-${name}`, ...(attached !== undefined && { attached }) };
  const first = known.find((o) => o.short === word[1] && o.value !== undefined);
  if (first !== undefined) return { option: first, shown: `-${word[1]}`, attached: word.slice(2) };
  throw new InputError(`there is no option ${word}. Known: ${known.filter((o) => o.short).map((o) => `-${o.short}`).join(" ")}. See --help.`);
}

/** The options under their headings in two columns, at most `width` characters wide. */
export function optionsHelp(known: readonly Option[], width = 96): string {
  const lines: string[] = [];
  const left = 30;
  for (const option of known) {
    if (option.heading !== undefined) lines.push("", option.heading);
    const value = option.value === undefined ? "" : option.bare === undefined ? ` ${option.value}` : ` [${option.value}]`;
    const name = `  ${option.short === undefined ? "" : `-${option.short}, `}--${option.name}${value}`;
    const text = wrap(option.help, width - left);
    if (name.length + 2 > left) lines.push(name);
    else lines.push(name.padEnd(left) + text.shift());
    for (const line of text) lines.push(" ".repeat(left) + line);
  }
  return lines.join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    if (lines[last] !== "" && lines[last].length + 1 + word.length > width) lines.push(word);
    else lines[last] += (lines[last] === "" ? "" : " ") + word;
  }
  return lines;
}
