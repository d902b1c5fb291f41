// The doc comment is the contract: every value that a room exports has one, and in the rooms of the statistics it says where its formula is from.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "..", "src");
const names = (list: string) => list.split(",").map((part) => part.trim()).filter((part) => part !== "" && !part.startsWith("type ")).map((part) => part.split(/\s+as\s+/)[0]);
const imported = (file: string, from: string) => join(dirname(file), from.replace(/\.js$/, ".ts"));

/** Functions, constants and classes that a file exports, as [file that declares it, name]; types are left out. */
function exported(file: string): [string, string][] {
  const text = readFileSync(file, "utf8");
  const passedOn = [...text.matchAll(/^export\s+(?:\{([^}]*)\}|\*)\s+from\s+"([^"]+)"/gm)].flatMap(([, list, from]) =>
    list === undefined ? exported(imported(file, from)) : names(list).map((name): [string, string] => [imported(file, from), name]));
  return [...passedOn, ...[...text.matchAll(/^export\s+(?:async\s+)?(?:function\*?|const|let|class)\s+(\w+)/gm)].map((m): [string, string] => [file, m[1]])];
}

/** The doc comment before a declaration, "" where there is none; follows a name that the file only passes on. */
function docComment(file: string, name: string): string {
  const text = readFileSync(file, "utf8");
  const at = text.search(new RegExp(`^(?:export\\s+)?(?:async\\s+)?(?:function\\*?|const|let|class)\\s+${name}\\b`, "m"));
  if (at < 0) {
    const from = [...text.matchAll(/(?:import|export)\s+\{([^}]*)\}\s+from\s+"(\.[^"]+)"/g)].find(([, list]) => names(list).includes(name))?.[2];
    if (from !== undefined) return docComment(imported(file, from), name);
    const all = [...text.matchAll(/^export\s+\*\s+from\s+"([^"]+)"/gm)].map((m) => docComment(imported(file, m[1]), name));
    return all.find((doc) => doc !== "") ?? "";
  }
  const before = text.slice(0, at).trimEnd();
  return before.endsWith("*/") ? before.slice(Math.max(before.lastIndexOf("/**"), 0)) : "";
}

const rooms = ["math", "image", "prepare", "features", "cohort", "model", "evaluate", "report"];
const door = (room: string) => join(src, room, "index.ts");

test.each(rooms)("every value that %s exports has a doc comment", (room) => {
  const values = exported(door(room));
  expect(values.length).toBeGreaterThan(20);
  expect(values.filter(([file, name]) => !docComment(file, name).startsWith("/**")).map(([file, name]) => `${relative(src, file)}: ${name}`)).toEqual([]);
});

/** A year, a program, another function that is named, or why there is none. */
const origin = new RegExp([
  /\b(?:1[789]|20)\d\d\b/, /\bR(?:'s)?\b/, /\b(?:Hmisc|rms|pROC|caret|glmnet|timeROC|riskRegression|survcomp|scikit-learn|numpy|SPSS|PyRadiomics|X-tile)\b/, /Golub & Van Loan/,
  /`\w+`/, /\b[Aa]s \w+(?:Of|Learner|Roc|Line|elong)\b/, /\b[Nn]o (?:source|program)\b/, /[Pp]lumbing/, /of our own/, /alone\b/, /convention/, /units? in\s+(?:\*\s+)?the last place/, /RFC|ECMA/,
].map((r) => r.source).join("|"));

/** Lists, and what only reads, checks or writes columns and printed numbers: nothing to cite. */
const reads = new Set([
  "categoryColumn", "makeTable", "columnLength", "columnOf", "numbersOf", "labelsOf", "numberColumns", "withColumns", "dropColumns", "isoDate", "tableOfCells",
  "steps", "selectOutcome", "univariableTests", "timeUnits", "daysIn", "groupTestNames", "radscoreFormula", "radscoreOf", "withRadscores", "learners", "readPrinted", "InputError",
]);

test.each(["math", "cohort", "model", "evaluate"])("doc comments of %s name the source or the program, or say why there is none", (room) => {
  const silent = exported(door(room)).filter(([file, name]) => !reads.has(name) && !origin.test(docComment(file, name)));
  expect(silent.map(([file, name]) => `${relative(src, file)}: ${name}`)).toEqual([]);
});

/** A file's own functions by name, each as its text without comments; and its imported names, as [file, name there]. */
function functionsOf(file: string) {
  const text = readFileSync(file, "utf8");
  const starts = [...text.matchAll(/^(?:export\s+)?(?:async\s+)?(?:(function)\*?|const|let|class|type|interface)\s+(\w+)/gm)];
  const own = new Map(starts.flatMap((m, k) => (m[1] === undefined ? [] : [[m[2], text.slice(m.index, starts[k + 1]?.index).replace(/\/\*[\s\S]*?\*\/|\/\/ .*$/gm, "")] as const])));
  const foreign = new Map([...text.matchAll(/^(?:import|export)\s+\{([^}]*)\}\s+from\s+"(\.[^"]+)"/gm)].flatMap(([, list, from]) => names(list).map((name) => [name, imported(file, from)] as const)));
  const passedOn = [...text.matchAll(/^export\s+\*\s+from\s+"([^"]+)"/gm)].map((m) => imported(file, m[1]));
  return { own, foreign, passedOn };
}
const read = new Map<string, ReturnType<typeof functionsOf>>();
const rejected = new Map<string, boolean>();

/** Whether a function throws InputError: itself, or through a check or another function that it calls. */
function rejects(file: string, name: string): boolean {
  if (!read.has(file)) read.set(file, functionsOf(file));
  const { own, foreign, passedOn } = read.get(file)!;
  const text = own.get(name);
  if (text === undefined) return foreign.has(name) ? rejects(foreign.get(name)!, name) : passedOn.some((from) => rejects(from, name));
  const key = `${file} ${name}`;
  if (!rejected.has(key)) {
    rejected.set(key, text.includes("throw new InputError"));
    const called = () => [...text.matchAll(/(?<![.\w])\w+\b/g)].map(([word]) => word).filter((word) => word !== name && (own.has(word) || foreign.has(word)));
    if (!rejected.get(key)) rejected.set(key, called().some((word) => rejects(file, word)));
  }
  return rejected.get(key)!;
}

/** What these call refuses nothing that they hand on: a share of ½, a cut that the tree has, counts and a spectrum of our own making. */
const neverRejects = new Set(["median", "cutTreeAt", "checkDescription", "inverseRealFft"]);

test.each(["math", "cohort", "model", "evaluate"])("doc comments of %s say what a function rejects", (room) => {
  const rejecting = exported(door(room)).filter(([file, name]) => !neverRejects.has(name) && rejects(file, name));
  expect(rejecting.length).toBeGreaterThan(30);
  const silent = rejecting.filter(([file, name]) => !/@throws|InputError|Errors as/.test(docComment(file, name)));
  expect(silent.map(([file, name]) => `${relative(src, file)}: ${name}`)).toEqual([]);
});

test("every row of the table of agreement names tests that are there", () => {
  const rows = readFileSync(join(src, "..", "docs", "STATISTICS.md"), "utf8").split("\n").filter((line) => line.startsWith("| ")).slice(1);
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    let room = "";
    const files = row.split(" | ").at(-1)!.replace(/ \|$/, "").split(", ").map((name) => {
      if (name.includes("/")) room = name.split("/")[0];
      return `${name.includes("/") ? name : `${room}/${name}`}.test.ts`;
    });
    expect(files.filter((file) => !existsSync(join(import.meta.dirname, file))), row).toEqual([]);
  }
});
