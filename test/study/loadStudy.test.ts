// Tables of a plan to cohorts: joins, exclusions, codes, outcomes; every mistake of the files in words, every patient in the flow.
import { gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { labelsOf, numbersOf, numberColumn, writeParquet } from "../../src/cohort/index.js";
import { openStudy, readPlan, resolvePlan, inputsOf, blockOrder, type LoadedStudy } from "../../src/study/index.js";
import { changed, survivalPlan } from "./planText.js";
import { memoryWorld } from "./memoryWorld.js";
import { clinical, external, features } from "./tenPatients.js";

const files = { "clinical.csv": clinical, "features.csv": features, "b.csv": external };
const open = (text: string = survivalPlan, more: Record<string, string | Uint8Array> = {}): Promise<LoadedStudy> => openStudy(text, "s.yaml", memoryWorld({ ...files, ...more }));
const fault = async (text: string, more: Record<string, string | Uint8Array> = {}) => open(text, more).then(() => "nothing was wrong", (e: Error) => { if (e.name !== "InputError") throw e; return e.message; });

test("tables become cohorts: joined in the first table's order, excluded, coded; each patient that leaves is in the flow", async () => {
  const { development: d, external: [b], plan, unmatched, findings, hashes } = await open();
  expect(d.table.id).toEqual(["1", "4", "5", "6", "7", "8", "9"]);
  expect(d.flow).toEqual([{ n: 10 }, { n: 9, removed: 1, reason: "not in features.csv", kind: "join" }, { n: 8, removed: 1, reason: "stage IV", kind: "eligibility" }, { n: 7, removed: 1, reason: "survival: dead missing", kind: "outcome", events: 3 }]);
  expect(unmatched).toEqual([{ cohort: "A", first: "clinical.csv", second: "features.csv", onlyFirst: ["2"], onlySecond: ["11"] }]);
  // findings go into reports: rows, never names
  expect(findings.filter((f) => f.guard === "join").map((f) => f.message)).toEqual([
    "1 patient of clinical.csv (row 2) is not in features.csv and leaves the study.", "1 patient of features.csv (row 1) is not in clinical.csv and not used.",
  ]);
  expect(Array.from((d.outcome as { time: Float64Array }).time)).toEqual([30, 28, 40, 12, 50, 26, 33]);
  expect(Array.from(d.outcome.event)).toEqual([0, 1, 0, 1, 0, 1, 0]);
  expect(labelsOf(d.table, "er")).toEqual(["negative", "positive", "", "negative", "positive", "positive", "negative"]);
  expect(d.table.columns.er).toMatchObject({ levels: ["negative", "positive"] });
  expect(d.table.columns.age).toMatchObject({ kind: "number", unit: "years" });
  expect(Array.from(numbersOf(d.table, "f_a"))).toEqual([9, 7, 6, 5, 4, 3, 2]);
  expect(plan.groups).toEqual({ clinical: ["age", "er"], radiomics: ["f_a", "f_b"] });
  expect(Array.from(numbersOf(b.table, "age"))).toEqual([50, 60, 70]);
  expect(hashes["features.csv"]).toBe(createHash("sha256").update(features).digest("hex"));
});

test("a plan's blocks in an order that can be computed, and what each takes in; a group goes before a block of its name", async () => {
  const { plan } = await open();
  expect(blockOrder(plan)).toEqual(["Radscore", "clinical", "combined"]);
  expect(inputsOf(plan, "clinical")).toEqual([{ kind: "column", name: "age" }, { kind: "column", name: "er" }]);
  expect(inputsOf(plan, "combined")).toEqual([{ kind: "selected", name: "clinical" }, { kind: "block", name: "Radscore" }]);
  expect(plan.scores[0].steps).toEqual([{ name: "variance", options: {} }, { name: "correlation", options: { cutoff: 0.9 } }, { name: "zScore", options: {} }]);
});

test("defaults are filled in", () => {
  const { validation, evaluation, reference, order, seed } = resolvePlan(readPlan(`radscore: 1
title: t
cohorts: [{ name: A, tables: [a.csv] }]
outcome: { kind: binary, name: y, column: y, event: 1, noEvent: 0 }
models:
  plain: { from: [age], learner: logistic }
  more: { from: [age, size], learner: lasso }
final: more
`, "s.yaml"));
  expect({ validation, reference, order, seed }).toEqual({ validation: { crossValidation: { folds: 5, repeats: 100 }, bootstrap: { resamples: 1000 }, leaveOneCentreOut: false }, reference: "plain", order: "honest", seed: 1 });
  expect(evaluation).toMatchObject({ times: [], level: 0.95, threshold: "youden", cutpoint: { method: "median", groups: 2 }, comparisons: [["plain", "more"]], baseline: [{ by: "outcome", percent: "column" }] });
});

test("gzip, decimal commas, xlsx-like endings, Parquet: the same table", async () => {
  const comma = features.replaceAll(",", ";").replace("11;0;", "11;0,5;");
  for (const [name, bytes] of Object.entries({ "f.csv.gz": gzipSync(features), "f.tsv": features.replaceAll(",", "\t"), "f.txt": comma })) {
    const { development } = await open(changed("- { file: features.csv, id: id }", `- { file: ${name}, id: id }`).text, { [name]: bytes });
    expect(Array.from(numbersOf(development.table, "f_b"))).toEqual([3, 4, 2, 0, 3, 1, 4]);
  }
  const ids = ["1", "4", "5", "6", "7", "8", "9", "10"];
  const parquet = writeParquet({ id: ids, columns: { f_a: numberColumn(ids.map(Number)), f_b: numberColumn(ids.map((_, k) => k * k)), f_bad: numberColumn(ids.map(() => 1)) } });
  const { development } = await open(changed("- { file: features.csv, id: id }", "- { file: f.parquet, id: id }").text, { "f.parquet": parquet });
  expect(Array.from(numbersOf(development.table, "f_a"))).toEqual([1, 4, 5, 6, 7, 8, 9]);
});

test.each<[string, [string, string], Record<string, string | Uint8Array>, RegExp]>([
  ["a file that is not there", ["tables: [{ file: b.csv, id: id }]", "tables: [{ file: c.csv, id: id }]"], {}, /c\.csv: no such file/],
  ["a file of no known kind", ["tables: [{ file: b.csv, id: id }]", "tables: [{ file: b.doc, id: id }]"], { "b.doc": "x" }, /b\.doc: is no kind of table/],
  ["a damaged gzip", ["tables: [{ file: b.csv, id: id }]", "tables: [{ file: b.csv.gz, id: id }]"], { "b.csv.gz": gzipSync(external).subarray(0, 30) }, /b\.csv\.gz: cannot be unpacked/],
  ["no such patient column", ["- { file: features.csv, id: id }", "- { file: features.csv, id: pid }"], {}, /features\.csv: There is no column "pid"/],
  ["no column that could be the patient's", ["- { file: features.csv, id: id }", "- f.csv"], { "f.csv": "x,y\n1,2\n" }, /f\.csv: no column is the patient's/],
  ["nobody in both tables", ["- { file: features.csv, id: id }", "- { file: f.csv, id: id }"], { "f.csv": "id,f_a\n001,1\n004,2\n" }, /no patient of clinical\.csv is in f\.csv\. Only in clinical\.csv: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10\. Only in f\.csv: 001, 004\. "1" and "001" seem to be one patient/],
  ["a patient twice", ["seed: 7", "seed: 7"], { "clinical.csv": `${clinical}4,II,43,1,5,28,1\n` }, /1 patient of clinical\.csv has several rows: 4 \(rows 4, 11\)/],
  ["one column in two tables", ["seed: 7", "seed: 7"], { "features.csv": features.replace("f_bad,g", "f_bad,age") }, /"age" stands in clinical\.csv and in features\.csv/],
  ["a code without a level", ["er: { levels: { 0: negative, 1: positive, 9: unknown }, missing: [unknown] }", "er: { levels: { 0: negative, 1: positive } }"], {}, /A: "er" has a code that no level documents: "9" \(row 5\)\. Documented: 0 = negative, 1 = positive/],
  ["text where a unit is stated", ["age: { label: Age, unit: years }", "stage: { unit: mm }"], {}, /"stage" has the unit mm, but holds text: "I"/],
  ["a number that is none", ["age: { label: Age, unit: years }", "stage: { kind: number }"], {}, /"stage" is stated to be a number, but some cells are none: "I", "II", "III" \(rows 1, 4–9\)/],
  ["an outcome code that the plan does not name", ["seed: 7", "seed: 7"], { "clinical.csv": clinical.replace("30,0", "30,2") }, /"dead" has a code that the plan does not name: "2" \(row 1\)/],
  ["no event", ["codes: { event: [1], censored: [0] }", "codes: { event: [5], censored: [0, 1] }"], {}, /none of 7 patients has the event/],
  ["a negative time", ["seed: 7", "seed: 7"], { "clinical.csv": clinical.replace("5,30,0", "5,-30,0") }, /"months" is negative or infinite in row 1 \(-30\)/],
  ["times beyond follow-up", ["times: [12, 24]", "times: [12, 50, 60]"], {}, /50, 60 months lie beyond the longest follow-up of A, 50 months/],
  ["an outcome column that is not there", ["time: months", "time: month"], {}, /outcome's column "month" is not there.*Did you mean "months"/],
  ["an exclusion by a column that is not there", ["- { column: stage, is: IV, reason: stage IV }", "- { column: stages, is: IV, reason: stage IV }"], {}, /exclude names a column "stages" that is not there.*"stage"/],
  ["an exclusion that takes all", ["- { column: stage, is: IV, reason: stage IV }", "- { column: age, above: 1, reason: adults }\n- { column: age, is: missing, reason: no age }"], {}, /"no age" \(age\) takes out all 1 patients/],
  ["a pattern without columns", ["radiomics: [\"f_*\", \"!f_bad\"]", "radiomics: [\"h_*\", f_c]"], {}, /groups\.radiomics: "h_\*", "f_c" mean no column/],
  ["a variable that no table has", ["late: { available: false }", "lates: { available: false }"], {}, /variables: there is no column "lates"/],
  ["a from that is no column", ["from: [clinical]", "from: [clinical, tumour]"], {}, /models\.clinical\.from: "tumour" is neither a group nor a block nor a column/],
  ["a score called like a column", ["from: [clinical.selected, Radscore]", "from: [clinical.selected, Radscore]"], { "features.csv": features.replace(",g\n", ",Radscore\n") }, /a column of the table is called "Radscore" too/],
  ["an external cohort without a column", ["models: [clinical]", "centre: er"], {}, /B: lacks 2 columns that the models may need: f_a, f_b\..*models: \[clinical\]/],
  ["a rename of what is not there", ["rename: { alter: age }", "rename: { alder: age }"], {}, /B: rename names "alder", which no table has.*"alter"/],
  ["a rename onto a column that is there", ["rename: { alter: age }", "rename: { alter: er }"], {}, /"alter" is to be renamed "er", but there is a column "er" already/],
  ["an external set of no event", ["seed: 7", "seed: 7"], { "b.csv": external.replaceAll(",1\n", ",0\n") }, /B: none of 3 patients has the event/],
  ["counts of the flow that do not add up", ["- name: A", "- name: A\n  screened: 20\n  flow: [{ reason: x, removed: 5 }]"], {}, /20 screened − 5 removed = 15 patients, but clinical\.csv has 10 \(9 after joining/],
  ["a centre that is missing", ["- name: A", "- name: A\n  centre: age"], {}, /the centre \("age"\) is missing in row 8/],
  ["a date that is none", ["- name: A", "- name: A\n  date: age"], {}, /"age" is to be the date, but holds numbers/],
  ["a category that only an external cohort has", ["er: { levels: { 0: negative, 1: positive, 9: unknown }, missing: [unknown] }", "er: { kind: category }"], { "b.csv": external.replace("60,1", "60,2") }, /B: has categories that A has not: "er" is "2" in 1 row \(known: 0, 1, 9\)/],
  ["a column of another kind in an external cohort", ["seed: 7", "seed: 7"], { "b.csv": external.replace("a,50", "a,old") }, /B: "age" has the unit years, but holds text: "old" \(row 1\)/],
  ["a column without a description of another kind", ["age: { label: Age, unit: years }", "stage: { label: Stage }"], { "b.csv": external.replace("a,50", "a,old") }, /B: 1 column of another kind than in the development cohort: "age" \(number in A, category in B\)/],
  ["a worked case that is no patient", ["times: [12, 24]", "times: [12, 24]\ncases: [{ id: 4, title: one }, { id: 3, title: two }]"], {}, /evaluation\.cases: "3" is no patient of the study/],
  ["a split by a value that nobody has", ["bootstrap: 10", "split: { by: column, column: stage, values: [I, V] }"], {}, /validation\.split: no patient of A has "V" as stage/],
  ["a reader of other features", ["- name: A", "- name: A\n  readers: [{ file: r.csv, id: id }]"], { "r.csv": "id,h\n1,2\n" }, /r\.csv shares no column/],
  ["a reader of other patients", ["- name: A", "- name: A\n  readers: [{ file: r.csv, id: id }]"], { "r.csv": "id,f_a\nx,2\ny,3\n4,4\n" }, /r\.csv has 1 patient of the study, but the ICC needs at least 3/],
])("%s", async (_what, [from, to], more, words) => {
  expect(await fault(changed(from, to).text, more)).toMatch(words);
});

test("leakage by a pattern is found when the columns are known", async () => {
  const text = changed("clinical: [age, er]", "clinical: [age, er, everything]\neverything: [\"l?te\"]", changed("late: { available: false }", "\"late\": { available: false }").text).text;
  expect(await fault(text)).toMatch(/"late".*leakage/);
});

test("the flow's own counts may tell why patients are in one table alone", async () => {
  const { development } = await open(changed("- name: A", "- name: A\n  screened: 10\n  flow: [{ reason: no MRI, removed: 1 }]").text);
  expect(development.flow.slice(0, 3)).toEqual([{ n: 10 }, { n: 9, removed: 1, reason: "no MRI", kind: "before the table" }, { n: 8, removed: 1, reason: "stage IV", kind: "eligibility" }]);
});

test("conditions look at codes, level names, missing codes and numbers, one after another", async () => {
  const { development: d } = await open(changed("- { column: stage, is: IV, reason: stage IV }", "- { column: er, is: missing, reason: no ER }\n- { column: er, not: positive, reason: ER negative }\n- { column: months, below: 28, reason: short }").text);
  expect(d.flow.slice(2).map((f) => [f.reason, f.removed, f.n])).toEqual([["no ER", 1, 8], ["ER negative", 4, 4], ["short", 2, 2]]);
  expect(d.table.id).toEqual(["4", "7"]);
});

test("numbers are cut, codes that mean missing freed, categories of numbers in their order", async () => {
  const text = changed("age: { label: Age, unit: years }", "age: { cut: { at: [43, 46], names: [young, middle, old] } }\nstage: { levels: [I, II, III], ordered: true }\ng: { kind: category }\nf_a: { missing: [3] }").text;
  const { development: d } = await open(text);
  expect(labelsOf(d.table, "age")).toEqual(["young", "middle", "middle", "middle", "old", "", "old"]);
  expect(d.table.columns.stage).toMatchObject({ ordered: true, levels: ["I", "II", "III"] });
  expect(d.table.columns.g).toMatchObject({ kind: "category", levels: ["2"] });
  expect(Array.from(numbersOf(d.table, "f_a"))).toEqual([9, 7, 6, 5, 4, NaN, 2]);
});

test("lesions: rows of one patient bear the patient's name, and splits see it", async () => {
  const lesions = clinical.replace("id,stage", "id,patient,stage").split("\n").map((l, k) => (k === 0 || l === "" ? l : l.replace(/^(\d+),/, (_, id) => `${id},p${Math.ceil(Number(id) / 2)},`))).join("\n");
  const { development: d, understood } = await open(changed("- name: A", "- name: A\n  patient: patient").text, { "clinical.csv": lesions });
  expect(d.table.id).toEqual(["p1", "p2", "p3", "p3", "p4", "p4", "p5"]);
  expect(understood.find((u) => u.what === "cohort A")!.value).toMatch(/^development: 5 patients with 7 lesions, 3 events/);
});

test("a second reader's rows are aligned with the study's patients", async () => {
  const { development: d } = await open(changed("- name: A", "- name: A\n  readers: [{ file: r.csv, id: id, name: second }]").text, { "r.csv": "id,f_a,f_b\n9,20,1\n3,30,1\n4,40,1\n1,10,1\n" });
  expect(d.readers).toMatchObject([{ name: "second", rows: Int32Array.of(6, 1, 0) }]);
  expect(Array.from(numbersOf(d.readers[0].table, "f_a"))).toEqual([20, 40, 10]);
});

test("competing events have causes, times are divided into the unit, a zero time is told", async () => {
  const text = changed("unit: months", "unit: years\ndivide: 12", changed("times: [12, 24]", "times: [1, 2]", changed("codes: { event: [1], censored: [0] }", "codes: { event: [1], censored: [0], other: [2] }").text).text).text;
  const { development: d, findings } = await open(text, { "clinical.csv": clinical.replace("40,0\n", "40,2\n").replace("5,30,0", "5,0,0") });
  expect(d.outcome).toMatchObject({ unit: "years", cause: Uint8Array.of(0, 1, 2, 1, 0, 1, 0), event: Uint8Array.of(0, 1, 0, 1, 0, 1, 0) });
  expect(Array.from((d.outcome as { time: Float64Array }).time.slice(3, 4))).toEqual([1]);
  expect(findings.find((f) => f.guard === "follow-up")!.message).toMatch(/1 patient \(row 1\) has a follow-up of zero/);
});

test("more folds than events are told", async () => {
  const told = async (folds: number) => (await open(changed("crossValidation: { folds: 5, repeats: 2 }", `crossValidation: { folds: ${folds}, repeats: 2 }`).text)).findings.filter((f) => f.guard === "folds");
  expect(await told(3)).toEqual([]);
  expect(await told(4)).toMatchObject([{ severity: "warning", message: expect.stringMatching(/^4 folds for 3 events: some folds have none/), doInstead: expect.stringMatching(/at most 3 folds/) }]);
});

test("what was understood names codes with counts, units, missing values and candidates per event, and no patient", async () => {
  const { understood } = await open();
  const said = Object.fromEntries(understood.map((u) => [u.what, u.value]));
  expect(said["variable er"]).toBe("categories negative 3, positive 3, missing 1");
  expect(said["variable age"]).toBe("number 40 to 48 years, missing 1");
  expect(said["missing values"]).toBe("age 1, er 1 (of 7 rows)");
  expect(said["model clinical"]).toMatch(/^2 columns → impute → univariable \(p 0.1\) → cox; 2 candidates for 3 events, 1.5 events per candidate$/);
  expect(said["model combined"]).toMatch(/^what clinical selects \+ Radscore → cox; 4 candidates/);
});
