// radscore predict: the frozen pipeline gives what the run gave, and says what is wrong with a patient or a table.
import { mkdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { openStudy, runOn, scorePatients, type FrozenPipeline, type StudyRun } from "../../src/study/index.js";
import { memoryWorld } from "../study/memoryWorld.js";
import { file, place, radscore } from "./bin.js";
import { clinicalCsv, featuresCsv, rowsOf, smallPlan, smallStudy } from "./smallStudy.js";

const rows = rowsOf();
// a sixth feature that never varies, and so is never selected
const features = featuresCsv(rows).trimEnd().split("\n").map((line, k) => `${line},${k === 0 ? "f6" : 1}\n`).join("");
let run: StudyRun, model: FrozenPipeline;
const quoted = (cell: string | number) => `"${String(cell).replaceAll('"', '""')}"`;
/** Clinical data and features of one row each, as a table of new patients. */
const table = (of = rows, leave: string[] = [], change: Record<string, string | number>[] = []) => {
  const columns = ["age", "grade", "f1", "f2", "f3", "f4", "f5"].filter((c) => !leave.includes(c));
  const cells = of.map((r, i) => ({ age: r.age, grade: r.grade, ...Object.fromEntries(r.f.map((v, k) => [`f${k + 1}`, v])), ...change[i] }) as Record<string, string | number>);
  return `id,${columns.join(",")}\n${of.map((r, i) => [quoted(r.id), ...columns.map((c) => cells[i][c])].join(",")).join("\n")}\n`;
};
/** csv of the command, without commas inside cells but in the last column and the id. */
const predicted = (name: string, content: string, more: string[] = []) => {
  const { code, out, err } = radscore(["predict", place("model/model.json"), file(name, content), "--json", ...more]);
  return { code, err, rows: code === 0 ? JSON.parse(out) as Record<string, number | string | string[] | null>[] : [] };
};

beforeAll(async () => {
  const world = memoryWorld({ "clinical.csv": clinicalCsv(rows), "features.csv": features });
  const loaded = await openStudy(smallPlan, "study.yaml", world);
  run = await runOn(loaded.plan, smallPlan, loaded, world, { program: "test" });
  mkdirSync(place("model"), { recursive: true });
  const made = radscore(["run", smallStudy("predict", { files: { "features.csv": features } }), "--out", place("model"), "-q", "--jobs", "1"]);
  expect(made).toMatchObject({ code: 0, err: "" });
  model = JSON.parse(readFileSync(place("model/model.json"), "utf8"));
});

test("the development table gets the run's own predictions, by every model; the feature that selection dropped is not needed", () => {
  const { code, err, rows: got } = predicted("development.csv", table(), ["--models", "all"]);
  // a column that the model does not read may hold anything
  expect(predicted("more.csv", table().split("\n").map((line, i) => (line === "" ? line : `${line},${i === 0 ? "f6" : "?"}`)).join("\n"), ["--models", "all"]).rows).toEqual(got);
  expect(code).toBe(0);
  expect(err).toMatch(/^60 patients scored by clinical, combined/);
  expect(model.blocks.find((b) => b.name === "Radscore")!.selected).not.toContain("f6");
  for (const name of ["clinical", "combined"]) {
    const { linear, probability } = run.facts.sets[0].predictions[name];
    got.forEach((row, i) => {
      expect(row.id).toBe(rows[i].id);
      expect(Math.abs(Number(row[`${name}: linear predictor`]) - linear[i])).toBeLessThan(1e-12);
      expect(Math.abs(Number(row[`${name}: probability of response`]) - probability[0][i])).toBeLessThan(1e-12);
      expect(row.remarks).toEqual([]);
    });
  }
});

test("csv holds the same numbers, each row under its id; the final model is the default", () => {
  const out = radscore(["predict", place("model/model.json"), file("few.csv", table(rows.slice(0, 2)))]).out.trimEnd().split("\n");
  expect(out[0]).toBe("id,combined: linear predictor,combined: probability of response,remarks");
  expect(Number(out[1].split(",").at(-2))).toBeCloseTo(run.facts.sets[0].predictions["combined"].probability[0][0], 12);
  expect(out[2].startsWith(quoted(rows[1].id))).toBe(true);
});

test("one patient alone is scored as among others", () => {
  const { rows: [one] } = predicted("one.csv", table([rows[7]]));
  expect(Number(one["combined: linear predictor"])).toBeCloseTo(run.facts.sets[0].predictions["combined"].linear[7], 12);
});

test("values outside the training range, missing ones and unknown categories are named in their own row; the others are scored", () => {
  const { code, err, rows: got } = predicted("odd.csv", table(rows.slice(0, 5), [], [{ age: 140 }, { age: "" }, { grade: "G7" }, { grade: "", f1: -99 }, {}]));
  expect(code).toBe(0);
  const ages = rows.map((r) => r.age);
  expect(got[0].remarks).toEqual([`age is 140, outside the training range ${Math.min(...ages)} to ${Math.max(...ages)}`]);
  // the clinical block fills by the commonest value (mode): of equally common ones the smallest
  const commonest = <T>(values: T[], order: (a: T, b: T) => number) => [...new Set(values)].sort((a, b) => values.filter((v) => v === b).length - values.filter((v) => v === a).length || order(a, b))[0];
  const age = commonest(ages, (a, b) => a - b), grade = commonest(rows.map((r) => r.grade), (a, b) => a.localeCompare(b));
  expect(got[1].remarks).toEqual([`age is missing; the commonest training value ${age} is put in its place`]);
  expect(got[2].remarks).toEqual([`grade is "G7", which the study does not know (G1, G2, G3); it counts as missing; the commonest training value ${grade} is put in its place`]);
  const f1 = rows.map((r) => r.f[0]);
  expect([...got[3].remarks as string[]].sort()).toEqual([`f1 is -99, outside the training range ${Number(Math.min(...f1).toPrecision(4))} to ${Number(Math.max(...f1).toPrecision(4))}`, `grade is missing; the commonest training value ${grade} is put in its place`]);
  expect(got[4].remarks).toEqual([]);
  expect(err).toMatch(/5 patients scored by combined; 4 with remarks/);
  // the plan imputes: every row has a number, and that of the fifth is what it was
  for (const row of got) expect(Number.isFinite(row["combined: linear predictor"])).toBe(true);
  expect(Number(got[4]["combined: linear predictor"])).toBeCloseTo(run.facts.sets[0].predictions["combined"].linear[4], 12);
});

test("a missing feature says which median stands in for it; without imputation there is no score, and why", () => {
  const [name] = model.blocks.find((b) => b.name === "Radscore")!.selected;
  const k = Number(name.slice(1)) - 1, sorted = rows.map((r) => r.f[k]).sort((a, b) => a - b);
  const { rows: got } = predicted("gap.csv", table(rows.slice(0, 2), [], [{ [name]: "" }]));
  expect(got[0].remarks).toEqual([`${name} is missing; the training median ${Number(((sorted[29] + sorted[30]) / 2).toPrecision(4))} is put in its place`]);
  const bare = structuredClone(model);
  for (const block of bare.blocks) if (block.kind === "model") block.steps = [];
  const unscored = scorePatients(bare, { id: ["a"], columns: { age: { kind: "number", values: Float64Array.of(NaN) }, grade: { kind: "category", codes: Int32Array.of(0), levels: ["G2"], ordered: false }, ...Object.fromEntries([1, 2, 3, 4, 5].map((j) => [`f${j}`, { kind: "number" as const, values: Float64Array.of(0) }])) } });
  expect(unscored.models["combined"].linear[0]).toBeNaN();
  expect(unscored.remarks[0]).toContain("age is missing; nothing is put in its place, so that the model cannot score the patient");
});

test("an id in two rows is told with the rows' numbers, and both are scored", () => {
  const { code, err, rows: got } = predicted("twice.csv", table([rows[0], rows[1], { ...rows[2], id: rows[0].id }]));
  expect(code).toBe(0);
  expect(err).toContain("3 rows scored by combined; 2 with remarks");
  expect(err).toContain(`the id "${rows[0].id}" stands in rows 1, 3; each row is scored by itself.`);
  expect(got.map((r) => r.remarks)).toEqual([["the id stands in rows 1, 3 of the table"], [], ["the id stands in rows 1, 3 of the table"]]);
  expect(Number(got[2]["combined: linear predictor"])).toBeCloseTo(run.facts.sets[0].predictions["combined"].linear[2], 12);
});

test("what is wrong with a table is said in the words of this command", () => {
  const nameless = predicted("nameless.csv", table(rows.slice(0, 2)).replace("id,", "number,"));
  expect(nameless.err).toContain("no column is the patient's");
  expect(nameless.err).toContain("Name it with --id.");
  expect(nameless.err).not.toMatch(/plan|init/);
  expect(predicted("nameless.csv", table(rows.slice(0, 2)).replace("id,", "number,"), ["--id", "number"]).code).toBe(0);
  const text = predicted("unit.csv", table(rows.slice(0, 3), [], [{}, { age: "60 years" }]));
  expect(text.err).toBe('radscore: The table: "age" holds text ("60 years") in row 2, expected numbers as in the study. Correct the cells, or leave them empty where the value is missing.\n');
  // a comma that may part thousands or decimals is decided by an option
  const commas = "id;age;grade;f1;f2;f3;f4;f5\nA;51,250;G2;0;0;0;0;0\n";
  expect(predicted("commas.csv", commas).err).toMatch(/State decimal as/);
  expect(predicted("commas.csv", commas, ["--decimal", ","]).code).toBe(0);
  const upper = predicted("upper.csv", table(rows.slice(0, 2)).replace("age,grade", "Age,GRADE"));
  expect(upper.err).toContain('age, grade. Did you mean "Age" for "age", "GRADE" for "grade"? Add them, under the same names.');
});

test("a variable with a unit in the plan: text in its cells is no matter of the plan", () => {
  const plan = smallStudy("units", { change: [["variables:\n", "variables:\n  age: { unit: years }\n"], ["repeats: 2 }\n  bootstrap: 4", "repeats: 1 }\n  bootstrap: 0"]] });
  expect(radscore(["run", plan, "--out", place("units/out"), "-q", "--jobs", "1"]).code).toBe(0);
  const { err } = radscore(["predict", place("units/out/model.json"), file("years.csv", table(rows.slice(0, 3), [], [{}, { age: "60 years" }]))]);
  expect(err).toBe('radscore: The table: "age" holds text ("60 years") in row 2, expected numbers in years as in the study. Correct the cells, without the unit, or leave them empty where the value is missing.\n');
  const { out } = radscore(["predict", place("units/out/model.json"), file("gap.csv", table(rows.slice(0, 2), [], [{ age: "" }]))]);
  expect(out).toMatch(/age is missing; the commonest training value \d+ years is put in its place/);
});

test("lacking columns are all named; text among numbers by its row; models and files that are none", () => {
  const selected = model.blocks.find((b) => b.name === "Radscore")!.selected;
  expect(selected.length).toBeGreaterThan(1);
  expect(predicted("lacking.csv", table(rows, ["grade", ...selected])).err).toBe(`radscore: The table lacks ${selected.length + 1} columns that the model needs: ${["grade", ...selected].sort((a, b) => model.blocks.flatMap((x) => x.selected).indexOf(a) - model.blocks.flatMap((x) => x.selected).indexOf(b)).join(", ")}. Add them, under the same names.\n`);
  expect(predicted("text.csv", table(rows.slice(0, 3), [], [{}, { [selected[0]]: "high" }])).err).toMatch(new RegExp(`^radscore: The table: "${selected[0]}" holds text \\("high"\\) in row 2, expected numbers as in the study\\.`));
  expect(predicted("development.csv", table(), ["--models", "clinical,radiomics"]).err).toMatch(/The model "radiomics" is not in the file; it has clinical, combined/);
  expect(radscore(["predict", place("model/results.json"), place("few.csv")])).toMatchObject({ code: 1, err: expect.stringMatching(/no model of radscore.*radscore results.*Give a model\.json/) });
  expect(radscore(["predict", file("cut.json", "{\"format\": "), place("few.csv")])).toMatchObject({ code: 1, err: expect.stringMatching(/cut\.json: is no JSON/) });
  expect(radscore(["predict", place("model/model.json")])).toMatchObject({ code: 1, err: expect.stringMatching(/1 file was given, expected a model and a table/) });
  expect(radscore(["predict", place("model/model.json"), place("nothing.csv")])).toMatchObject({ code: 1, err: expect.stringMatching(/nothing\.csv: no such file/) });
});

test("a survival model: risk by each time as in the run, through JSON", async () => {
  const text = smallPlan.replace("outcome: { kind: binary, name: response, column: y, event: [1], noEvent: [0] }", "outcome: { kind: survival, name: survival, time: months, event: y, codes: { event: [1], censored: [0] }, unit: months }")
    .replace("learner: { lasso: { folds: 3 } }", "learner: { lassoCox: { folds: 3 } }").replaceAll("learner: firth", "learner: cox") + "evaluation: { times: [12, 24] }\n";
  const clinical = clinicalCsv(rows).split("\n").map((l, i) => (l === "" ? l : i === 0 ? `${l},months` : `${l},${6 + ((i * 37) % 48)}`)).join("\n");
  const world = memoryWorld({ "clinical.csv": clinical, "features.csv": features });
  const loaded = await openStudy(text.replace("crossValidation: { folds: 3, repeats: 2 }\n  bootstrap: 4", "crossValidation: { folds: 2, repeats: 1 }\n  bootstrap: 0"), "study.yaml", world);
  const survival = await runOn(loaded.plan, text, loaded, world, { program: "test" });
  const frozen = JSON.parse(JSON.stringify(survival.model)) as FrozenPipeline;
  const scored = scorePatients(frozen, loaded.development.table);
  const own = survival.facts.sets[0].predictions["combined"];
  expect(scored.times).toEqual([12, 24]);
  for (const k of [0, 1]) scored.models["combined"].probability[k].forEach((p, i) => expect(Math.abs(p - own.probability[k][i])).toBeLessThan(1e-12));
});
