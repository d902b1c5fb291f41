// Mistakes that the data show stand at the line and column of the plan that names the part, several in one go; what a run would remark is told.
import { expect, test } from "vitest";
import { alikeLabels } from "../../src/study/load/alikeLevels.js";
import { loadStudy, mistakesAmong, openStudy, PlanError, readPlan, remarks, resolvePlan, runOn } from "../../src/study/index.js";
import { memoryWorld } from "./memoryWorld.js";
import { changed, survivalPlan } from "./planText.js";
import { clinical, external, features } from "./tenPatients.js";

type Files = Record<string, string | Uint8Array>;
const files: Files = { "clinical.csv": clinical, "features.csv": features, "b.csv": external };
const open = (text: string, more: Files = {}) => openStudy(text, "s.yaml", memoryWorld({ ...files, ...more }));
const faults = async (text: string, more: Files = {}): Promise<string[]> => open(text, more).then(() => [], (e: Error) => { if (e.name !== "InputError") throw e; return e.message.split("\n"); });

test("the plan that is changed has no mistake itself", async () => expect(await faults(survivalPlan)).toEqual([]));

const same: [string, string] = ["seed: 7", "seed: 7"];
/** what; line to change and what it becomes; files that change; the text at which the mistake must stand, found behind `after`; words */
test.each<[string, [string, string], Files, string, string, RegExp]>([
  ["a table that is not there", ["tables: [{ file: b.csv, id: id }]", "tables: [{ file: c.csv, id: id }]"], {}, "", "c.csv", /c\.csv: no such file/],
  ["a table that cannot be read", same, { "b.csv": "id,alter\n1,2,3\n" }, "", "b.csv", /b\.csv: Row 1 has 3 cells/],
  ["a patient column that is not there", ["- { file: features.csv, id: id }", "- { file: features.csv, id: pid }"], {}, "", "pid", /no column "pid"/],
  ["no patient column", ["- { file: features.csv, id: id }", "- f.csv"], { "f.csv": "x,y\n1,2\n" }, "", "f.csv", /no column is the patient's/],
  ["columns that a table lacks", ["- { file: features.csv, id: id }", "- { file: features.csv, id: id, columns: [f_a, f_z] }"], {}, "", "f_z", /columns asks for "f_z"/],
  ["a patient twice", same, { "clinical.csv": `${clinical}4,II,43,1,5,28,1\n` }, "    tables:\n      - ", "{ file: clinical", /1 patient of clinical\.csv has several rows: 4 \(rows 4, 11\)/],
  ["one column in two tables", same, { "features.csv": features.replace("f_bad,g", "f_bad,age") }, "id: id }\n      - ", "{ file: features", /"age" stands in clinical\.csv and in features\.csv/],
  ["nobody in both tables", same, { "features.csv": "id,f_a,f_b,f_bad\nx,1,2,3\n" }, "id: id }\n      - ", "{ file: features", /no patient of clinical\.csv is in features\.csv/],
  ["a rename of what is not there", ["rename: { alter: age }", "rename: { alter: age, alder: er }"], {}, "", "alder", /rename names "alder"/],
  ["a rename onto a column that is there", ["rename: { alter: age }", "rename: { alter: er }"], {}, "alter: ", "er", /"alter" is to be renamed "er"/],
  ["counts of the flow", ["- name: A", "- name: A\n  screened: 20\n  flow: [{ reason: x, removed: 5 }]"], {}, "screened: ", "20", /20 screened − 5 removed = 15/],
  ["an exclusion by a column that is not there", ["- { column: stage, is: IV, reason: stage IV }", "- { column: stages, is: IV, reason: stage IV }"], {}, "column: ", "stages", /exclude names a column "stages"/],
  ["an exclusion that takes all", ["- { column: stage, is: IV, reason: stage IV }", "- { column: stage, is: IV, reason: stage IV }\n- { column: age, above: 1, reason: adults }\n- { column: age, is: missing, reason: no age }"], {}, "adults }\n      - ", "{ column: age, is", /"no age" \(age\) takes out all 1/],
  ["an exclusion by size of what is text", ["- { column: stage, is: IV, reason: stage IV }", "- { column: stage, above: 2, reason: stage }"], {}, "above: ", "2", /exclude asks whether "stage" is above 2/],
  ["a patient column of lesions", ["- name: A", "- name: A\n  patient: pat"], {}, "patient: ", "pat\n", /patient names a column "pat"/],
  ["a centre that is missing", ["- name: A", "- name: A\n  centre: age"], {}, "centre: ", "age", /the centre \("age"\) is missing in row 8/],
  ["a date that is none", ["- name: A", "- name: A\n  date: age"], {}, "date: ", "age", /"age" is to be the date/],
  ["a reader of other patients", ["- name: A", "- name: A\n  readers: [{ file: r.csv, id: id }]"], { "r.csv": "id,f_a\nx,2\ny,3\n4,4\n" }, "", "r.csv", /the ICC needs at least 3/],
  ["an undocumented code", same, { "clinical.csv": clinical.replace("40,0,5", "40,7,5") }, "  er: { ", "levels", /"er" has a code that no level documents: "7" \(row 1\)/],
  ["text where a unit is stated", ["age: { label: Age, unit: years }", "stage: { unit: mm }"], {}, "unit: ", "mm", /"stage" has the unit mm, but holds text/],
  ["a number that is none", ["age: { label: Age, unit: years }", "stage: { kind: number }"], {}, "stage: { kind: ", "number", /"stage" is stated to be a number/],
  ["a cut of what is text", ["age: { label: Age, unit: years }", "stage: { cut: { at: [2], names: [a, b] } }"], {}, "stage: { ", "cut", /"stage" is stated to be a number/],
  ["a variable that no table has", ["late: { available: false }", "lates: { available: false }"], {}, "", "lates", /variables: there is no column "lates"/],
  ["a group's entry that means nothing", ["clinical: [age, er]", "clinical: [age, HER2MostPos]"], {}, "", "HER2MostPos", /groups\.clinical: "HER2MostPos" means no column/],
  ["a pattern that catches what is known later", ["clinical: [age, er]", "clinical: [age, er, everything]\neverything: [\"g\", \"?onths\"]"], {}, "\"g\", ", "\"?onths\"", /"months" is the outcome itself|leakage/],
  ["a from that is no column", ["from: [clinical]", "from: [clinical, tumour]"], {}, "from: [clinical, ", "tumour", /models\.clinical\.from: "tumour" is neither/],
  ["columns of a step", ["steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [variance, { correlationFilter: { max: 0.9, columns: [f_q] } }]"], {}, "", "columns", /steps\[2\]\.columns: "f_q"/],
  ["a column that a step always keeps", ["- univariable: { p: 0.1 }", "- stepwise: { always: [age, size] }"], {}, "always: [age, ", "size", /stepwise names a column "size"/],
  ["a score called like a column", same, { "features.csv": features.replace(",g\n", ",Radscore\n") }, "scores:\n  ", "Radscore", /is called "Radscore" too/],
  ["a column of the outcome that is not there", ["event: dead", "event: died"], {}, "event: ", "died", /outcome's column "died"/],
  ["a code in the outcome that nobody named", same, { "clinical.csv": clinical.replace("30,0", "30,2") }, "  ", "codes", /"dead" has a code that the plan does not name: "2"/],
  ["a negative time", same, { "clinical.csv": clinical.replace("5,30,0", "5,-30,0") }, "time: ", "months", /"months" is negative/],
  ["no event", ["codes: { event: [1], censored: [0] }", "codes: { event: [5], censored: [0, 1] }"], {}, "codes: { ", "event", /has the event/],
  ["times beyond the follow-up", ["times: [12, 24]", "times: [12, 24, 500]"], {}, "24, ", "500", /500 months lies beyond the longest follow-up of A, 50 months/],
  ["a window beyond the follow-up", ["times: [12, 24]", "times: [12, 24]\nwindow: [12, 70]"], {}, "\n  ", "window", /70 months lies beyond/],
  ["a split by a value that nobody has", ["bootstrap: 10", "split: { by: column, column: stage, values: [I, V] }"], {}, "values: [I, ", "V", /has "V" as stage/],
  ["a split by a column that is not there", ["bootstrap: 10", "split: { by: column, column: stages, values: [I] }"], {}, "column: ", "stages", /no column "stages"/],
  ["a split that leaves nobody", ["bootstrap: 10", "split: { by: column, column: stage, values: [I, II, III] }"], {}, "", "split", /training|side/],
  ["a worked case that is no patient", ["times: [12, 24]", "times: [12, 24]\ncases: [{ id: 4, title: one }, { id: 3, title: two }]"], {}, "one }, { id: ", "3", /"3" is no patient/],
  ["a picture of a case that is not there", ["times: [12, 24]", "times: [12, 24]\ncases: [{ id: 4, title: one, image: q.png }]"], {}, "", "q.png", /q\.png: no such file/],
  ["a subgroup, an association, a change, a pair, a table that name no column", ["times: [12, 24]", "times: [12, 24]\nassociations: [{ of: Radscore, with: grade }]"], {}, "with: ", "grade", /evaluation\.associations: there is no column "grade"/],
  ["a change between columns of other words", ["times: [12, 24]", "times: [12, 24]\nchanges: [{ before: er, after: stage }]"], {}, "after: ", "stage", /"er" is .* and "stage" .*: no value is in both, so everybody would have changed/],
  ["a change of numbers", ["times: [12, 24]", "times: [12, 24]\nchanges: [{ before: months, after: age }]"], {}, "after: ", "age", /"months" holds numbers, and a change is one of a status/],
  ["a pair of a number and a category", ["times: [12, 24]", "times: [12, 24]\npaired: [{ label: x, first: age, second: stage }]"], {}, "second: ", "stage", /"age" holds numbers and "stage" categories/],
  ["an external cohort without a column", ["models: [clinical]", "centre: er"], {}, "  - ", "name: B", /B: lacks 2 columns/],
  ["an external category that training has not", ["er: { levels: { 0: negative, 1: positive, 9: unknown }, missing: [unknown] }", "er: { kind: category }"], { "b.csv": external.replace("60,1", "60,2") }, "  - ", "name: B", /B: has categories that A has not/],
  ["images whose folder has none", ["rename: { alter: age }", "images: { folder: pics, image: '{id}.png', mask: '{id}_m.png' }"], {}, "", "pics", /no file in pics/],
  ["settings that are not there", ["rename: { alter: age }", "images: { table: i.csv, image: im, mask: ma, parameters: p.yaml }"], { "i.csv": "id,im,ma\na,a.png,b.png\n", "a.png": "x", "b.png": "y" }, "", "p.yaml", /p\.yaml: no such file/],
  ["masks that are not there", ["rename: { alter: age }", "images: { table: i.csv, image: im, mask: ma }"], { "i.csv": "id,im,ma\na,a.png,b.png\n", "a.png": "x" }, "", "i.csv", /1 image file of 2 is not there: b\.png/],
  ["a table of images without their column", ["rename: { alter: age }", "images: { table: i.csv, image: pic, mask: ma }"], { "i.csv": "id,im,ma\na,a.png,b.png\n" }, "", "pic,", /i\.csv has no column "pic"/],
  ["several masks without a rule", ["rename: { alter: age }", "images: { table: i.csv, image: im, mask: ma, severalMasks: error }"], { "i.csv": "id,im,ma\na,a.png,b.png;c.png\n", "a.png": "x", "b.png": "y", "c.png": "z" }, "", "error", /several masks: a \(2\)/],
  ["a derived variable's source that is not there", ["variables:", "derive:\n  burden: { rule: nodeBurden, positiveNodes: nodes }\nvariables:"], {}, "", "nodes", /derive\.burden reads "nodes"/],
  ["a derived variable called like a column", ["variables:", "derive:\n  stage: { rule: nodeBurden, positiveNodes: late }\nvariables:"], {}, "derive:\n  ", "stage", /derive makes "stage"/],
  ["a cell that a rule cannot read", ["variables:", "derive:\n  burden: { rule: nodeBurden, positiveNodes: stage }\nvariables:"], {}, "derive:\n  ", "burden", /derive\.burden, /],
])("%s: at its line and column", async (_what, [from, to], more, after, at, words) => {
  const { text } = changed(from, to);
  const said = await faults(text, more);
  const found = said.filter((s) => words.test(s));
  // once for each cohort or kind of cell, all at one place
  expect(new Set(found.map((f) => f.slice(0, f.indexOf(": ")))).size, said.join("\n")).toBe(1);
  const [, line, column] = /^s\.yaml:(\d+):(\d+): /.exec(found[0])!.map(Number);
  const offset = text.split("\n").slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0) + column - 1;
  expect([text.slice(offset, offset + at.length), text.slice(offset - after.length, offset)], found[0]).toEqual([at, after]);
});

test("mistakes that do not follow from each other are told in one go, in the order of the plan", async () => {
  const wrong: [string, string][] = [
    ["- { file: features.csv, id: id }", "- { file: features.csv, id: id }\n- gone.csv"], ["tables: [{ file: b.csv, id: id }]", "tables: [{ file: away.csv, id: id }]"], ["times: [12, 24]", "times: [12, 24]\ncases: [{ id: 4, title: one, image: lost.png }]"],
  ];
  const missing = wrong.reduce((plan, [from, to]) => changed(from, to, plan).text, survivalPlan);
  expect((await faults(missing)).map((s) => s.replace(/ no such file.*/, ""))).toEqual(["s.yaml:9:9: gone.csv:", "s.yaml:14:22: away.csv:", "s.yaml:52:39: lost.png:"]);
  // an odd outcome, an odd code, a group, a time, and the other cohort's table
  const more = changed("clinical: [age, er]", "clinical: [age, er, size]", changed("tables: [{ file: b.csv, id: id }]", "tables: [{ file: away.csv, id: id }]").text).text;
  expect((await faults(more, { "clinical.csv": clinical.replace("40,0,5,30,0", "40,7,5,30,3") })).map((s) => s.slice(0, 60))).toEqual([
    expect.stringMatching(/^s\.yaml:13:22: away\.csv/), expect.stringMatching(/^s\.yaml:17:9: A: "er" has a code/), expect.stringMatching(/^s\.yaml:20:23: groups\.clinical: "size"/), expect.stringMatching(/^s\.yaml:27:3: A: the outcome's column "dead" has/),
  ]);
});

test("rows that leave before are not looked at for codes: no mistake is told that is none", async () => {
  // row 10 has no outcome, row 3 is excluded: odd codes there do not matter, whatever is wrong elsewhere
  const odd = clinical.replace("49,0,5,20,", "49,8,5,20,").replace("42,1,5,5", "42,8,5,5").replace("40,0,5,30,0", "40,0,5,30,3");
  expect(await faults(survivalPlan, { "clinical.csv": odd })).toEqual([expect.stringMatching(/"dead" has a code/)]);
});

// 40 patients; follow-up 180 to 2,520 "months", later variables among the candidates
const many = (row: (k: number) => (string | number)[], head: string) => `${head}\n${Array.from({ length: 40 }, (_, k) => row(k).join(",")).join("\n")}\n`;
const plan = (more: { clinical?: string; unit?: string; times?: string; strict?: boolean; split?: boolean; variables?: string } = {}) => `radscore: 1
title: t
${more.strict === true ? "strict: true\n" : ""}cohorts: [{ name: Here, tables: [{ file: a.csv, id: id }] }]
groups: { clinical: [${more.clinical ?? "age, er"}] }
${more.variables ?? ""}outcome: { kind: survival, name: s, time: days, event: dead, codes: { event: 1, censored: 0 }, ${more.unit ?? "unit: months, divide: 30.4375"} }
models: { clinical: { from: [clinical], learner: cox } }
validation: { crossValidation: { folds: 2, repeats: 1 }${more.split === true ? ", split: { by: random, test: 0.4 }" : ""} }
evaluation: { times: ${more.times ?? "[12, 24]"} }
`;
const table = many((k) => [k + 1, 40 + ((k * 7) % 31), ["neg", "Positive", "pos", "NEG "][k % 4], 180 + k * 60, k % 2, 181 + k * 60, (k * 5) % 3], "id,age,er,days,dead,survDtD2,sstat");
const looked = async (text: string, data = table) => {
  const written = resolvePlan(readPlan(text, "s.yaml"));
  const study = await loadStudy(written, memoryWorld({ "a.csv": data }));
  return { study, found: remarks(study.plan, written, study), stops: mistakesAmong(study.plan, remarks(study.plan, written, study)) };
};
const said = <F extends { message: string }>(found: F[], words: RegExp): F[] => found.filter((f) => words.test(f.message));

test("what a run would remark before fitting: later variables at their entry, with few events, and nothing where nothing is odd", async () => {
  const { found } = await looked(plan({ clinical: "age, survDtD2, sstat" }));
  expect(said(found, /sounds as if it were known only after/).map((f) => [f.where, f.path])).toEqual([["survDtD2", ["groups", "clinical", 1]], ["sstat", ["groups", "clinical", 2]]]);
  expect(said(found, /"survDtD2" (alone tells s with C|goes with the length of follow-up)/)).toHaveLength(1);
  const { found: plain } = await looked(plan({ clinical: "age" }));
  // 20 events, 5 of them up to 24 months: little, and nothing else
  expect(plain.map((f) => f.guard)).toEqual(["sample size", "times"]);
});

test("a strict plan's warnings, and leakage, are mistakes", async () => {
  expect((await looked(plan({ clinical: "age, sstat", strict: true }))).stops).toMatchObject([
    { path: ["groups", "clinical", 1], message: expect.stringMatching(/"sstat" sounds.*\(The plan is strict/) }, { path: ["models"], message: expect.stringMatching(/^clinical: 20 events for 2 candidate parameters.*\(The plan is strict/) },
  ]);
  expect((await looked(plan({ clinical: "age, sstat" }))).stops).toEqual([]);
  const numbers = table.replaceAll("neg", "1").replaceAll("Positive", "2").replaceAll("NEG ", "3").replace(",pos,", ",lost,").replaceAll("pos", "5").split("\n").map((l, k) => (k === 0 ? l : l.replace(/^(\d+),(\d+),(\d)/, (_, id, age, er) => `${id},${age},${Number(er) + Number(id)}`))).join("\n");
  expect((await looked(plan(), numbers)).stops).toMatchObject([{ path: ["groups", "clinical", 1], message: expect.stringMatching(/"er" holds numbers, but is read as text because of "lost"/) }]);
});

test("what a guard stops in a run is a mistake at the same part of the plan, also after fitting", async () => {
  const run = async (text: string, data = table) => {
    const { study } = await looked(text, data);
    return runOn({ ...study.plan, validation: { leaveOneCentreOut: false } }, text, study, memoryWorld({}), { program: "test" }).then(() => [], (e: unknown) => { if (!(e instanceof PlanError)) throw e; return [...e.mistakes]; });
  };
  expect((await run(plan({ clinical: "age, sstat", strict: true }))).map((m) => m.path)).toEqual([["groups", "clinical", 1], ["models"]]);
  // enough events for one candidate, and a category that nobody with the event has
  const text = plan({ clinical: "er", strict: true }).replace("id: id", "id: id, columns: [er, days, dead]");
  const parted = many((k) => [k + 1, k % 8 === 0 ? "neg" : "pos", 180 + (k % 40) * 60, k % 8 === 0 ? 0 : 1], "id,er,days,dead").replace(/\n$/, "") + Array.from({ length: 400 }, (_, k) => `\n${100 + k},${k % 8 === 0 ? "neg" : "pos"},${180 + (k % 40) * 60},${k % 8 === 0 ? 0 : 1}`).join("");
  expect((await run(text, parted)).map((m) => [m.path, m.message.includes("er")])).toContainEqual([["models", "clinical"], true]);
});

test("times before the first event, and a unit that cannot be, are told with what to write", async () => {
  const { found } = await looked(plan({ times: "[2, 3, 24]" }));
  expect(said(found, /^At 2, 3 months nobody has had the event: the first one is at 7\.89 months/)).toMatchObject([{ path: ["evaluation", "times"], severity: "warning" }]);
  const { found: undivided, study } = await looked(plan({ unit: "unit: months" }));
  expect(said(undivided, /The follow-up goes from 180 to 2520 months, which is more than 50 years/)).toMatchObject([{ doInstead: "Check unit and divide: if the file counts days, write divide: 30.4375.", path: ["outcome"] }]);
  // a run tells it too
  expect(study.findings.some((f) => f.guard === "follow-up")).toBe(true);
  const units = async (unit: string) => said((await looked(plan({ unit, times: "[0.005]" }))).found, /the unit may be wrong/).map((f) => f.doInstead);
  expect(await units("unit: days")).toEqual([]);
  expect(await units("unit: years, divide: 365.25")).toEqual([]);
  expect(await units("unit: years")).toEqual(["Check unit and divide: if the file counts days, write divide: 365.25."]);
  expect(await units("unit: months, divide: 3000")).toEqual(["Check unit and divide: if the file counts days, write divide: 30.4375."]);
});

test("events so far at each time, and those of the training side where the plan splits", async () => {
  const value = async (text: string) => Object.fromEntries((await looked(text)).study.understood.map((u) => [u.what, u.value]));
  const whole = await value(plan());
  // events are the odd rows: 240, 360, … days; 12 months are 365.25 days, 24 are 730.5
  expect(whole["events Here"]).toBe("2 up to 12 months (36 still followed), 5 up to 24 months (30 still followed)");
  expect(whole["model clinical"]).toMatch(/2 candidates for 20 events, /);
  const split = await value(plan({ split: true }));
  expect(split["split"]).toBe("24 rows with 12 events train, 16 rows with 8 events test");
  expect(split["model clinical"]).toMatch(/2 candidates for 12 events in training, 6 events per candidate/);
});

test("spellings of one category are told, with what to write; other categories are left alone", async () => {
  const { found } = await looked(plan());
  expect(said(found, /may be one category/)).toMatchObject([{ severity: "note", path: ["groups", "clinical", 1], message: expect.stringMatching(/^"er": "NEG" \(10\), "neg" \(10\); and "Positive" \(10\), "pos" \(10\) may be/), doInstead: expect.stringMatching(/^Give them one name: variables: "er": \{ levels: \{ .*"pos": "Positive"/) }]);
  expect(alikeLabels(["HER2+", "HER2-", "HER2", "ER +", "er+"])).toEqual([["ER +", "er+"]]);
  for (const apart of [["I", "II", "III", "IIIA", "IV"], ["T1", "T1a", "T1-2", "T12"], ["1.5", "15"], ["luminal A", "luminal B"], ["A", "AB", "B", "0"], ["<20", ">20"], ["HR+/HER2−", "HER2+", "triple-negative"], ["no", "yes"]]) expect(alikeLabels(apart), apart.join()).toEqual([]);
  expect(alikeLabels(["y", "Yes", "n", "NO", "m", "male"])).toEqual([["y", "Yes"], ["n", "NO"], ["m", "male"]]);
  expect(alikeLabels(["triple negative", "Triple-Negative", "triple_negative", "neg.", "Neg"])).toEqual([["triple negative", "Triple-Negative", "triple_negative"], ["neg.", "Neg"]]);
});
