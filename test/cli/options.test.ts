import { expect, test } from "vitest";
import { optionsHelp, readOptions, type Option } from "../../cli/options.js";
import { readExtractCommand } from "../../cli/extractOptions.js";

const options: Option[] = [
  { name: "out", short: "o", value: "FILE", help: "a file" },
  { name: "out-dir", short: "od", value: "FOLDER", help: "a folder" },
  { name: "format", short: "f", value: "F", choices: ["csv", "json"], help: "how" },
  { name: "verbosity", short: "v", value: "N", bare: { value: "4", fits: /^[1-5]$/ }, help: "how much" },
  { name: "skip-nans", help: "a switch" },
];
const given = (...args: string[]) => {
  const { words, options: o } = readOptions(args, options);
  return { words, ...Object.fromEntries(o) };
};

// Expected: Python 3 argparse with the same options (PyRadiomics' command is built on it).
test("options are read in all of argparse's spellings", () => {
  expect(given("a", "--out", "x", "b")).toEqual({ words: ["a", "b"], out: ["x"] });
  expect(given("--out=x=y")).toEqual({ words: [], out: ["x=y"] });
  expect(given("-o", "x", "-od", "y")).toEqual({ words: [], out: ["x"], "out-dir": ["y"] });
  expect(given("-ox")).toEqual({ words: [], out: ["x"] });
  expect(given("--form", "csv")).toEqual({ words: [], format: ["csv"] });
  expect(given("--skip")).toEqual({ words: [], "skip-nans": [""] });
  expect(given("-v", "5", "a")).toEqual({ words: ["a"], verbosity: ["5"] });
  expect(given("-v", "image.nrrd")).toEqual({ words: ["image.nrrd"], verbosity: ["4"] });
  expect(given("--", "--out")).toEqual({ words: ["--out"] });
});

test("what cannot be read is one sentence that says what to do", () => {
  expect(() => given("--fromat", "csv")).toThrow('there is no option --fromat. Did you mean "format"?');
  expect(() => given("--format", "cvs")).toThrow('--format is "cvs"; expected csv, json. Did you mean "csv"?');
  expect(() => given("-o")).toThrow("-o needs a value: -o FILE.");
  expect(() => given("--out", "--skip-nans")).toThrow("--out needs a value");
  expect(() => given("--skip-nans=1")).toThrow("is a switch");
  expect(() => given("-x")).toThrow("there is no option -x.");
  expect(() => readOptions(["--out-"], [...options, { name: "out-file", value: "X", help: "" }])).toThrow("--out- can be --out-dir or --out-file");
});

test("every option stands in the help, no line wider than asked", () => {
  const help = optionsHelp(options, 60);
  for (const { name } of options) expect(help).toContain(`--${name}`);
  for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
});

test("the format follows the name of the output unless it is given", () => {
  expect(readExtractCommand(["a", "b"]).format).toBe("txt");
  expect(readExtractCommand(["a", "b", "-o", "x.CSV"]).format).toBe("csv");
  expect(readExtractCommand(["a", "b", "-o", "x.parquet"]).format).toBe("parquet");
  expect(readExtractCommand(["a", "b", "-o", "x.csv", "-f", "json"]).format).toBe("json");
});

test("labels and jobs are whole numbers above 0", () => {
  expect(readExtractCommand(["--label", "1,2,1"]).labels).toEqual([1, 2]);
  expect(() => readExtractCommand(["--label", "1.5"])).toThrow('--label is "1.5"; expected a whole number');
  expect(() => readExtractCommand(["-j", "0"])).toThrow('--jobs is "0"; expected a whole number above 0');
});
