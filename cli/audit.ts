import { dsvFormat } from "d3-dsv";
import { auditMerit, auditTest, type PrintedMerit } from "../src/evaluate/index.js";
import { didYouMean, InputError } from "../src/math/index.js";
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
  { name: "z", value: "X", heading: "A test", help: "statistic printed as z (DeLong, Wald), with --p" },
  { name: "chi2", value: "X", help: "statistic printed as χ² (likelihood ratio, log-rank, Hosmer–Lemeshow), with --df and --p" },
  { name: "t", value: "X", help: "statistic printed as t, with --df and --p" },
  { name: "df", value: "N", help: "degrees of freedom" },
  { name: "p", value: "P", help: "p as printed: 0.006, <0.001" },
  { name: "json", heading: "Output", help: "everything as JSON" },
  { name: "help", short: "h", help: "print this help" },
];

const usage = `radscore audit: can printed numbers be true?

  radscore audit table.csv
  radscore audit --n 29 --sensitivity 1.00 --specificity 0.91 --accuracy 0.93
  radscore audit --z 9.15 --p 0.006

From sensitivity, specificity and accuracy: which numbers of patients with and without the event give them, whether the stated ones
do, and whether rows copied for balance would. From a test: whether the statistic has the printed p, and as what it would.

A table has the columns set, model, n and any of events, sensitivity, specificity, accuracy, auc, low, high; the models of one
set share its patients.
Exit code 0: everything fits; 2: something does not.
`;

const known = ["set", "model", "n", "events", "sensitivity", "specificity", "accuracy", "auc", "low", "high"];
type Row = Record<string, string>;

/** `radscore audit`: holds printed figures against whole patients, and printed tests against their p. */
export async function auditCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(`${usage}${optionsHelp(options)}\n`); return 0; }
  const one = (name: string) => given.get(name)?.at(-1);
  const results: { title: string; fits: boolean; sentences: string[]; audit: unknown }[] = [];
  for (const path of words) results.push(...sets(rowsOf(path), path));
  if (one("n") !== undefined) results.push(...sets([Object.fromEntries(known.flatMap((k) => (one(k) === undefined ? [] : [[k, one(k)!]])))], "the options"));
  for (const kind of ["z", "chi2", "t"] as const) {
    const statistic = one(kind);
    if (statistic === undefined) continue;
    const p = one("p");
    if (p === undefined) throw new InputError(`audit: --${kind} ${statistic} needs the printed p beside it: --p 0.01.`);
    const df = one("df");
    const audit = auditTest({ statistic, p, kind: kind === "chi2" ? "chi-squared" : kind, ...(df === undefined ? {} : { df: Number(df) }) });
    results.push({ title: "test", fits: audit.fits, sentences: [audit.sentence], audit });
  }
  if (results.length === 0) throw new InputError("audit: nothing to look at; give a table, or --n with figures of merit, or --z with --p. See radscore audit --help.");
  if (given.has("json")) process.stdout.write(`${JSON.stringify(results.map(({ title, fits, audit }) => ({ title, fits, audit })), null, 1)}\n`);
  else for (const r of results) process.stdout.write(`${r.fits ? "fits        " : "DOES NOT FIT"}  ${r.title}\n${r.sentences.map((s) => `    ${s}\n`).join("")}`);
  return results.every((r) => r.fits) ? 0 : 2;
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
    const fits = events === undefined ? audit.fits.length > 0 : audit.fits.some((f) => f.events === events);
    return { title: `${name === "" ? "figures" : name}: ${members.length} ${members.length === 1 ? "model" : "models"}, n = ${n}${events === undefined ? "" : `, ${events} events`}`, fits, sentences: audit.sentences, audit };
  });
}
