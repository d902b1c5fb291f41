// Every kind of mistake in a plan is found, at its line, in words that say what was found and what was expected.
import { expect, test } from "vitest";
import { checkText, defineStudy, learnersByName, planSteps, readPlan, stepsByName, type PlanInput } from "../../src/study/index.js";
import { steps } from "../../src/cohort/index.js";
import { learners } from "../../src/model/index.js";
import { changed, survivalPlan } from "./planText.js";

/** line to change, what it becomes, lines below it where the mistake stands, column, words that must be told */
type Case = [what: string, from: string, to: string, below: number, column: number | undefined, words: RegExp];
const cases: Case[] = [
  ["unknown section", "title: A study", "titel: A study", 0, 1, /there is no "titel".*Did you mean "title"/],
  ["a wrong version", "radscore: 1", "radscore: 2", 0, 11, /is 2; expected 1/],
  ["a seed that is text", "seed: 7", "seed: seven", 0, 7, /"seven".*a number/],
  ["a negative seed", "seed: 7", "seed: -1", 0, 7, /is -1.*at least 0/],
  ["an order that there is not", "seed: 7", "order: fair", 0, 8, /"fair".*honest, as-published/],
  ["a name given twice", "seed: 7", "seed: 7\nseed: 8", 1, 1, /"seed" stands twice/],
  ["a broken bracket", "seed: 7", "seed: [7", 1, undefined, /./],
  ["an unknown setting of a table", "- { file: features.csv, id: id }", "- { file: features.csv, id: id, delimeter: ; }", 0, 39, /delimeter.*Did you mean "delimiter"/],
  ["a table without a patient column", "- { file: features.csv, id: id }", "- { file: features.csv }", 0, undefined, /id: is missing.*patient/],
  ["the same table twice", "- { file: features.csv, id: id }", "- { file: clinical.csv, id: id }", 0, undefined, /"clinical.csv" stands twice/],
  ["an exclusion without a condition", "- { column: stage, is: IV, reason: stage IV }", "- { column: stage, reason: stage IV }", 0, undefined, /no condition.*is \(missing/],
  ["an exclusion with two conditions", "- { column: stage, is: IV, reason: stage IV }", "- { column: stage, is: IV, below: 3, reason: stage IV }", 0, undefined, /several conditions \(is, below\)/],
  ["an exclusion whose condition is a section", "- { column: stage, is: IV, reason: stage IV }", "- { column: stage, is: { equals: IV }, reason: stage IV }", 0, 26, /is a section; expected missing, text, a number, true or false, or a list/],
  ["an exclusion without a reason", "- { column: stage, is: IV, reason: stage IV }", "- { column: stage, is: IV }", 0, undefined, /reason: is missing/],
  ["two cohorts of one name", "- name: B", "- name: A", 0, 11, /"A" is the name of an earlier cohort/],
  ["a second development cohort", "models: [clinical]", "role: development", 0, 11, /second development cohort/],
  ["an external cohort for an unknown model", "models: [clinical]", "models: [clincal]", 0, 14, /no model "clincal".*Did you mean "clinical"/],
  ["a cohort without data", "tables: [{ file: b.csv, id: id }]", "tables: []", -2, undefined, /neither tables nor images/],
  ["two columns renamed to one name", "rename: { alter: age }", "rename: { alter: age, years: age }", 0, undefined, /two columns are renamed to "age"/],
  ["more removed than screened", "- name: A", "- name: A\n  screened: 10\n  flow: [{ reason: x, removed: 10 }]", 2, undefined, /10 of 10 screened/],
  ["a folder and a table of images", "rename: { alter: age }", "images: { table: i.csv, folder: i, image: a, mask: b }", 0, undefined, /both a table and a folder/],
  ["a pattern of images without a patient", "rename: { alter: age }", "images: { folder: i, image: '{class}/a.png', mask: '{id}_m.png' }", 0, undefined, /does not say where the patient's name/],
  ["a missing level that is none", "er: { levels: { 0: negative, 1: positive, 9: unknown }, missing: [unknown] }", "er: { levels: { 0: negative, 1: positive }, missing: [unknow] }", 0, undefined, /"unknow" is not among the levels/],
  ["levels and a cut", "er: { levels: { 0: negative, 1: positive, 9: unknown }, missing: [unknown] }", "er: { levels: { 0: a, 1: b }, cut: { at: [1], names: [a, b] } }", 0, undefined, /both levels.*and cut/],
  ["too few names of a cut", "age: { label: Age, unit: years }", "age: { cut: { at: [40, 50], names: [young, old] } }", 0, undefined, /2 names for 2 cut-points; expected 3/],
  ["cut-points that fall", "age: { label: Age, unit: years }", "age: { cut: { at: [50, 40], names: [a, b, c] } }", 0, undefined, /must rise: 50, 40/],
  ["a predictor that is not available", "clinical: [age, er]", "clinical: [age, er, late]", 0, 23, /"late".*available: false.*leakage/],
  ["a pattern that catches what is not available", "clinical: [age, er]", "clinical: [age, er, \"l*\"]", 0, 23, /"late".*leakage.*"!late"/],
  ["the outcome among the predictors", "clinical: [age, er]", "clinical: [age, dead]", 0, 19, /"dead" is the outcome itself.*leakage/],
  ["a group entry twice", "clinical: [age, er]", "clinical: [age, er, age]", 0, 23, /"age" stands twice/],
  ["a group of names left out alone", "radiomics: [\"f_*\", \"!f_bad\"]", "radiomics: [\"!f_bad\"]", 0, undefined, /only names that are left out/],
  ["an unknown kind of outcome", "kind: survival", "kind: survivl", 0, 9, /"survivl"; expected binary or survival/],
  ["a code with two meanings", "codes: { event: [1], censored: [0] }", "codes: { event: [1], censored: [0, 1] }", 0, undefined, /"1" has another meaning already/],
  ["codes left out", "codes: { event: [1], censored: [0] }", "unit_: months", 0, undefined, /no "unit_"/],
  ["an unknown step", "steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [varience]", 0, 13, /"varience"; did you mean "variance"/],
  ["an unknown option of a step", "steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [{ correlation: { maks: 0.9 } }]", 0, 30, /no "maks".*Did you mean "max"/],
  ["an option out of range", "steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [{ correlation: { max: 1.9 } }]", 0, 35, /1\.9.*at most 1/],
  ["a step for another outcome", "steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [smote]", 0, 13, /"smote" is for a binary outcome, but this one is survival/],
  ["a test that does not fit the outcome", "steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [{ univariable: { test: mannWhitney } }]", 0, undefined, /"mannWhitney" does not test numbers against a survival outcome; expected cox/],
  ["icc without a reader", "steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [icc]", 0, undefined, /icc needs another reading/],
  ["combat without centres", "steps: [variance, { correlation: { max: 0.9 } }, zScore]", "steps: [combat]", 0, undefined, /combat does not know the centres/],
  ["options beside their step", "- univariable: { p: 0.1 }", "- univariable:\n  p: 0.1", 1, undefined, /stands beside the name it belongs to/],
  ["two steps in one entry", "- univariable: { p: 0.1 }", "- { univariable: { p: 0.1 }, variance: {} }", 0, undefined, /several names \((univariable|variance), (univariable|variance)\)/],
  ["p limits of a criterion without p", "- univariable: { p: 0.1 }", "- stepwise: { criterion: aic, enter: 0.05 }", 0, undefined, /enter and stay belong to criterion: p/],
  ["an unknown learner", "learner: { lassoCox: { folds: 10 } }", "learner: lassocox", 0, 14, /"lassocox"; did you mean "lassoCox"/],
  ["a learner for another outcome", "learner: { lassoCox: { folds: 10 } }", "learner: lasso", 0, 14, /"lasso" is for a binary outcome.*Did you mean "lassoCox"/],
  ["folds that are text", "learner: { lassoCox: { folds: 10 } }", "learner: { lassoCox: { folds: ten } }", 0, 35, /"ten"; expected a/],
  ["a from that means nothing", "from: [clinical.selected, Radscore]", "from: [clinical.selected, Radscor]", 0, 31, /from names "Radscor"; did you mean "Radscore"/],
  ["selected of a group", "from: [clinical.selected, Radscore]", "from: [radiomics.selected, Radscore]", 0, 12, /"radiomics" is a group, which selects nothing/],
  ["selected of nothing", "from: [clinical.selected, Radscore]", "from: [clincal.selected, Radscore]", 0, 12, /no score or model "clincal".*Did you mean "clinical"/],
  ["a block made of itself", "from: [clinical.selected, Radscore]", "from: [combined]", 0, 12, /"combined" is made from itself/],
  ["a circle of blocks", "from: [radiomics]", "from: [radiomics, combined]", 0, undefined, /go in a circle \(Radscore ← combined ← Radscore\)/],
  ["an input twice", "from: [clinical.selected, Radscore]", "from: [Radscore, Radscore]", 0, 22, /"Radscore" stands twice/],
  ["an unknown final model", "final: combined", "final: combine", 0, 8, /no model "combine".*Did you mean "combined"/],
  ["a score as the final model", "final: combined", "final: Radscore", 0, 8, /"Radscore" is a score; expected a model/],
  ["no final model", "final: combined", "# none", -45, 1, /final is missing.*final: combined/],
  ["the final model as reference", "reference: clinical", "reference: combined", 0, 12, /final model itself/],
  ["too few folds", "crossValidation: { folds: 5, repeats: 2 }", "crossValidation: { folds: 1, repeats: 2 }", 0, 29, /is 1.*at least 2/],
  ["leaving out centres without centres", "bootstrap: 10", "leaveOneCentreOut: true", 0, 22, /needs the development cohort's centre/],
  ["a split by date without dates", "bootstrap: 10", "split: { by: date, from: 2020-01-01 }", 0, undefined, /by date needs the development cohort's date column/],
  ["a split by a column that is not named", "bootstrap: 10", "split: { by: column, values: [1] }", 0, undefined, /by column needs column/],
  ["times that fall", "times: [12, 24]", "times: [24, 12]", 0, 15, /12 stands after 24/],
  ["no times for survival", "times: [12, 24]", "level: 0.95", -1, undefined, /times is missing.*in months/],
  ["a window that ends before it begins", "times: [12, 24]", "times: [12, 24]\nwindow: [24, 12]", 1, undefined, /from 24 to 12/],
  ["a comparison of an unknown model", "comparisons: [[clinical, combined]]", "comparisons: [[clinical, radiomics]]", 0, 28, /no model "radiomics"/],
  ["a comparison with itself", "comparisons: [[clinical, combined]]", "comparisons: [[clinical, clinical]]", 0, undefined, /compares "clinical" with itself/],
  ["a subgroup twice", "comparisons: [[clinical, combined]]", "subgroups: [age, age]", 0, 20, /"age" stands twice/],
];

test("the plan that is changed has no mistake itself", () => {
  expect(checkText(survivalPlan, "study.yaml").problems).toEqual([]);
});

test.each(cases)("%s", (_what, from, to, below, column, words) => {
  const { text, line } = changed(from, to);
  const { problems, input } = checkText(text, "study.yaml");
  expect(input).toBeUndefined();
  const at = problems.filter((p) => words.test(p.message));
  expect(at, problems.map((p) => `${p.line}:${p.column} ${p.message}`).join("\n")).not.toEqual([]);
  if (below !== -45) expect(at[0].line).toBe(line + below);
  if (column !== undefined) expect(at[0].column).toBe(column);
});

test("all mistakes are found in one pass, in the order of the text, also in a block that is wrong elsewhere", () => {
  const { text } = changed("learner: { lassoCox: { folds: 10 } }", "learner: lasoCox", changed("from: [clinical.selected, Radscore]", "from: [clinical.selected, Radscor]\nsteps: [varience]", changed("seed: 7", "seed: x").text).text);
  const { problems } = checkText(text, "s.yaml");
  expect(problems.map((p) => p.line)).toEqual([3, 33, 42, 43]);
  expect(() => readPlan(text, "s.yaml")).toThrow(/^s\.yaml:3:7: seed: is "x".*\ns\.yaml:33:14: scores\.Radscore\.learner.*\ns\.yaml:42:31: .*\ns\.yaml:43:13: /);
});

test("whatever is broken in a plan, only mistakes of the plan are told", () => {
  const plan = readPlan(survivalPlan, "s.yaml") as unknown;
  const paths: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]) => {
    if (path.length > 0) paths.push(path);
    if (Array.isArray(value)) value.forEach((v, k) => walk(v, [...path, k]));
    else if (typeof value === "object" && value !== null) for (const [k, v] of Object.entries(value)) walk(v, [...path, k]);
  };
  walk(plan, []);
  expect(paths.length).toBeGreaterThan(80);
  for (const wrong of [null, 3.5, "zzz", [null], { zzz: 1 }]) {
    for (const path of paths) {
      const copy = structuredClone(plan) as any;
      const holder = path.slice(0, -1).reduce((v, p) => v[p], copy);
      holder[path[path.length - 1]] = wrong;
      const { problems } = checkText(JSON.stringify(copy), "s.json");
      for (const p of problems) expect(p.message).toMatch(/[.?]$/);
    }
  }
});

test("YAML and JSON are the same plan, and mistakes of JSON have their lines too", () => {
  const yaml = readPlan(survivalPlan, "s.yaml");
  const json = JSON.stringify(yaml, null, 2);
  expect(readPlan(json, "s.json")).toEqual(yaml);
  expect(readPlan(json.replaceAll("  ", "\t"), "s.json")).toEqual(yaml);
  const wrong = json.replace('"seed": 7', '"seed": "7"');
  expect(checkText(wrong, "s.json").problems).toMatchObject([{ line: 4, column: 11 }]);
});

test("defineStudy takes the same plan and names the same mistakes, without lines", () => {
  const plan = readPlan(survivalPlan, "s.yaml");
  expect(defineStudy(plan)).toBe(plan);
  expect(() => defineStudy({ ...plan, final: "combine" } as PlanInput)).toThrow(/^final: there is no model "combine"/);
});

test("an empty file, a list, text", () => {
  for (const text of ["", "# nothing", "- a\n- b", "hello"]) expect(checkText(text, "s.yaml").problems).toMatchObject([{ line: 1, message: expect.stringMatching(/radscore: 1/) }]);
});

test("every step and learner of the rooms has its name in a plan, and the plan's names mean those", () => {
  const engineSteps = new Set(planSteps.map((s) => s.engine));
  expect([...engineSteps].filter((name) => name !== "stepwise").sort()).toEqual(steps.map((s) => s.name).sort());
  for (const learner of learners) {
    if (learner.outcome === "continuous") continue;
    const known = learnersByName.get(learner.name)!;
    expect(known.engine).toBe(learner.name);
    expect(known.outcomes).toEqual([learner.outcome === "competing" ? "survival" : learner.outcome]);
  }
  expect(stepsByName.get("icc")!.engine).toBe("iccFilter");
});

test("a condition that cannot be read is one mistake, not two", () => {
  const { problems } = checkText(changed("- { column: stage, is: IV, reason: stage IV }", "- { column: stage, is: { equals: IV }, reason: stage IV }").text, "study.yaml");
  expect(problems.map((p) => p.message)).toEqual([expect.stringMatching(/^cohorts\[1\]\.exclude\[1\]\.is: is a section/)]);
});

test("ComBat that refuses new centres, and a test set of centres put aside: told before anything is fitted", () => {
  const plan = (combat: string) => `radscore: 1\ntitle: t\ncohorts: [{ name: A, tables: [a.csv], centre: site }]\noutcome: { kind: binary, name: y, column: y, event: 1, noEvent: 0 }\ngroups: { g: [x] }\nmodels:\n  m: { from: [g], steps: [${combat}], learner: logistic }\nvalidation: { split: { by: centre, values: [C] } }\n`;
  expect(checkText(plan("combat"), "s.yaml").problems).toMatchObject([{ line: 7, column: 27, message: expect.stringMatching(/combat refuses a centre that training did not have.*newCentre: passThrough/) }]);
  expect(checkText(plan("combat: { newCentre: passThrough }").replace("[combat: ", "[{ combat: ").replace("}], l", "} }], l"), "s.yaml").problems).toEqual([]);
});
