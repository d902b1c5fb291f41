import { dsvFormat } from "d3-dsv";
import { auditMerit, auditRatio, auditTest, swappedTests, type PrintedMerit, type PrintedTest } from "../src/evaluate/index.js";
import { didYouMean, InputError } from "../src/math/index.js";
import { countsOf, ratioOf, testOf } from "./auditWords.js";
import { readText } from "./files.js";
import { optionsHelp, readOptions, type Option } from "./options.js";

const options: Option[] = [
  { name: "n", value: "N", heading: "Figures of merit of one model in one set", help: "patients of the set" },
  { name: "events", value: "N", help: "those with the event, where the article says so" },
  { name: "sensitivity", value: "X", help: "as printed, decimals kept: 0.90, 83.1%" },
  { name: "specificity", value: "X", help: "as printed" },
  { name: "accuracy", value: "X", help: "as printed" },
  { name: "auc", value: "X", help: "as printed, with --low and --high" },
  { name: "low", value: "X", help: "lower limit of the AUC's interval" },
  { name: "high", value: "X", help: "upper limit" },
  { name: "z", value: "X", heading: "Tests", help: "statistic printed as z (DeLong, Wald), with --p; again for the next test" },
  { name: "chi2", value: "X", help: "statistic printed as χ² (likelihood ratio, log-rank, Hosmer–Lemeshow), with --df and --p" },
  { name: "t", value: "X", help: "statistic printed as t, with --df and --p" },
  { name: "df", value: "N", help: "degrees of freedom" },
  { name: "p", value: "P", help: "p as printed: 0.006, <0.001; one for each statistic" },
  { name: "test", value: "TEXT", help: "a test as printed, as often as there are tests: \"Hosmer-Lemeshow chi2=2.287 df=8 p=0.971\"" },
  { name: "ratio", value: "TEXT", heading: "Ratios and counts", help: "an odds or hazard ratio as printed, again for the next: \"PR OR=12.14 (1.20-122.88) p=0.035\"" },
  { name: "counts", value: "TEXT", help: "counts of a table's column and their sum, again for the next: \"location: 48 + 67 + 8 = 124\"" },
  { name: "json", heading: "Output", help: "everything as JSON" },
  { name: "help", short: "h", help: "print this help" },
];

const usage = `radscore audit: can printed numbers be true?

  radscore audit table.csv
  radscore audit --n 29 --sensitivity 1.00 --specificity 0.91 --accuracy 0.93
  radscore audit --n 532 --events 84 --auc 0.856 --low 0.830 --high 0.880
  radscore audit --test "Z=9.15; P=0.006" --test "Z=7.47; P=0.01"
  radscore audit --ratio "grade III OR=2547896 (0-Infinite) p=0.995" --counts "location: 48 + 67 + 8 = 124"

From sensitivity, specificity and accuracy: which numbers of patients with and without the event give them, whether the stated ones
do, and whether rows copied for balance would. From an AUC with its interval: whether it lies inside, which numbers of events the
width is consistent with (Hanley and McNeil 1982, an approximation), and if not the stated ones, how many copies of rows would be.
From a test: whether the statistic has the printed p, as what it would, and whether two tests have each other's. From a ratio:
whether its interval gives its p, and whether the estimate ran off.

A table has the columns set, model, n and any of events, sensitivity, specificity, accuracy, auc, low, high; the models of one
set share its patients.
Exit code 0: everything fits; 2: something does not.
`;

const known = ["set", "model", "n", "events", "sensitivity", "specificity", "accuracy", "auc", "low", "high"];
type Row = Record<string, string>;
type Answer = { title: string; fits: boolean; sentences: string[]; audit: unknown };

/** `radscore audit`: holds printed figures against whole patients, and printed tests against their p. */
export async function auditCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(`${usage}${optionsHelp(options)}\n`); return 0; }
  const one = (name: string) => {
    const all = given.get(name) ?? [];
    if (all.length > 1) throw new InputError(`audit: --${name} is given ${all.length} times; give several models or sets in a table.`);
    return all[0];
  };
  const results: Answer[] = [];
  for (const path of words) results.push(...sets(rowsOf(path), path));
  const merit = known.filter((k) => one(k) !== undefined);
  if (merit.length > 0 && one("n") === undefined) throw new InputError(`audit: --${merit[0]} ${one(merit[0])} needs the number of patients beside it: --n 100.`);
  if (merit.length > 0) results.push(...sets([Object.fromEntries(merit.map((k) => [k, one(k)!]))], "the options"));
  results.push(...tests([...separateTests(given), ...(given.get("test") ?? []).map(testOf)]));
  for (const text of given.get("ratio") ?? []) { const audit = auditRatio(ratioOf(text)); results.push({ title: "ratio", fits: audit.fits, sentences: audit.sentences, audit }); }
  for (const text of given.get("counts") ?? []) results.push(countsOf(text));
  if (results.length === 0) throw new InputError("audit: nothing to look at; give a table, or --n with figures of merit, or --z with --p, --test, --ratio or --counts. See radscore audit --help.");
  if (given.has("json")) process.stdout.write(`${JSON.stringify(results.map(({ title, fits, audit }) => ({ title, fits, audit })), null, 1)}\n`);
  else for (const r of results) process.stdout.write(`${r.fits ? "fits        " : "DOES NOT FIT"}  ${r.title}\n${r.sentences.map((s) => `    ${s}\n`).join("")}`);
  return results.every((r) => r.fits) ? 0 : 2;
}

/** Tests given by --z, --chi2 or --t, each with the --p (and --df) of the same place. */
function separateTests(given: ReadonlyMap<string, string[]>): PrintedTest[] {
  const kinds = (["z", "chi2", "t"] as const).filter((k) => given.has(k)), ps = given.get("p") ?? [], dfs = given.get("df") ?? [];
  if (kinds.length === 0) {
    if (ps.length > 0) throw new InputError(`audit: --p ${ps[0]} needs the statistic beside it: --z 2.1.`);
    return [];
  }
  const [kind] = kinds, statistics = given.get(kind)!;
  if (kinds.length > 1) throw new InputError(`audit: ${kinds.map((k) => `--${k}`).join(" and ")} together do not say whose --p is whose; write each test in one: --test "z=2.1 p=0.036".`);
  if (ps.length === 0) throw new InputError(`audit: --${kind} ${statistics[0]} needs the printed p beside it: --p 0.01.`);
  if (ps.length !== statistics.length || (dfs.length > 1 && dfs.length !== statistics.length)) throw new InputError(`audit: --${kind} is given ${statistics.length} times, --p ${ps.length} times${dfs.length > 1 ? `, --df ${dfs.length} times` : ""}, expected one for each test.`);
  return statistics.map((statistic, k) => ({ statistic, p: ps[k], kind: kind === "chi2" ? "chi-squared" : kind, ...(dfs.length === 0 ? {} : { df: Number(dfs[k] ?? dfs[0]) }) }));
}

/** Each test, and below the first of two that have each other's p what they are swapped. */
function tests(printed: readonly PrintedTest[]): Answer[] {
  const answers = printed.map((test, k): Answer => {
    const audit = auditTest(test);
    return { title: test.name ?? (printed.length > 1 ? `test ${k + 1}` : "test"), fits: audit.fits, sentences: [audit.sentence], audit };
  });
  for (const { first, second, as, sentence } of swappedTests(printed)) answers.push({ title: `${answers[first].title} and ${answers[second].title}`, fits: false, sentences: [sentence], audit: { swapped: [first, second], as } });
  return answers;
}

function rowsOf(path: string): Row[] {
  const text = readText(path);
  const separator = [",", ";", "\t"].find((s) => text.split("\n")[0].split(s).includes("model")) ?? ",";
  const rows = dsvFormat(separator).parse(text);
  for (const column of rows.columns) {
    if (!known.includes(column)) throw new InputError(`${path}: the column "${column}" is not known. ${didYouMean(column, known)} Columns: ${known.join(", ")}.`);
  }
  if (rows.length === 0) throw new InputError(`${path}: has no rows; give one row a model and set.`);
  return rows.map((row) => ({ ...row }) as Row);
}

function sets(rows: Row[], where: string) {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row["set"] ?? "", [...(groups.get(row["set"] ?? "") ?? []), row]);
  return [...groups].map(([name, members]) => {
    const whole = (what: "n" | "events") => {
      const values = [...new Set(members.map((m) => m[what] ?? "").filter((v) => v !== ""))];
      if (values.length > 1) throw new InputError(`${where}: the set "${name}" has ${what} ${values.join(" and ")}; the models of one set share its patients.`);
      return values.length === 0 ? undefined : Number(values[0]);
    };
    const n = whole("n");
    if (n === undefined) throw new InputError(`${where}: the set "${name}" has no n; give the number of its patients.`);
    const events = whole("events");
    const printed = (row: Row): PrintedMerit => ({
      model: row["model"] ?? "model",
      ...Object.fromEntries([["sensitivity", "sensitivity"], ["specificity", "specificity"], ["accuracy", "accuracy"], ["auc", "auc"], ["low", "aucLow"], ["high", "aucHigh"]]
        .flatMap(([from, to]) => ((row[from] ?? "").trim() === "" ? [] : [[to, row[from].trim()]]))),
    });
    const audit = auditMerit(members.map(printed), n, events === undefined ? {} : { events });
    return { title: `${name === "" ? "figures" : name}: ${members.length} ${members.length === 1 ? "model" : "models"}, n = ${n}${events === undefined ? "" : `, ${events} events`}`, fits: audit.right, sentences: audit.sentences, audit };
  });
}
