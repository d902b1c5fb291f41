// A plan written in TypeScript and the same in YAML are one plan, in every part that a plan has.
import { parse } from "yaml";
import { expect, test } from "vitest";
import { defineStudy, planJsonSchema, planLearners, planSteps, readPlan, resolvePlan, type PlanInput } from "../../src/study/index.js";

const tables = `radscore: 1
$schema: ./study.schema.json
title: A
question: Does it?
seed: 9
order: as-published
strict: true
cohorts:
  - name: Here
    role: development
    screened: 120
    flow: [{ reason: no MRI, removed: 20 }]
    tables:
      - { file: c.csv, id: id, delimiter: ";", decimalComma: true, dates: dmy, missing: [999, unknown], columns: [age, "x*"], join: left }
      - { file: d.xlsx, id: pid, sheet: Two, join: inner }
      - e.csv
    centre: site
    date: diagnosed
    patient: person
    readers: [r2.csv, { file: r3.csv, id: id, name: third }]
    exclude:
      - { column: stage, is: IV, reason: stage IV }
      - { column: age, below: 18, reason: minor, kind: eligibility }
      - { column: size, above: 90, reason: too large, kind: other }
      - { column: grade, is: missing, reason: no grade, kind: missing }
      - { column: sex, not: [f], reason: not female, kind: eligibility }
  - { name: There, role: external, models: [clinical], tables: [f.csv], rename: { alter: age } }
variables:
  age: { label: Age, unit: years, kind: number, cut: { at: [50], names: [young, old] }, source: record, available: true }
  grade: { levels: { 1: G1, 2: G2, 9: unknown }, ordered: true, missing: [unknown] }
  site: { levels: [a, b] }
  late: { available: false }
derive:
  ER: { rule: receptorStatus, percent: er }
  ER low: { rule: estrogenReceptor2020, percent: er }
  HER2: { rule: her2Status, ihc: ihc, ratio: ratio, copies: copies, result: fish }
  Ki: { rule: ki67Status, percent: ki67, cut: 20 }
  subtype: { rule: molecularSubtype, er: ER, pr: pr, her2: HER2, ki67: ki67, prPercent: prp, edition: St Gallen 2011 }
  T: { rule: tCategory, millimetres: mm, sub: true, t4: skin }
  N: { rule: nCategory, positiveNodes: nodes }
  burden: { rule: nodeBurden, positiveNodes: nodes }
  wait: { rule: timeBetween, from: diagnosed, to: operated, unit: days }
groups: { clinical: [age, grade, T], radiomics: ["x*", "!x_bad"] }
outcome: { kind: survival, name: survival, time: days, event: dead, codes: { event: [1], censored: 0, other: [2] }, unit: months, divide: 30.4375, eventName: death }
scores:
  Radscore: { title: Radscore, from: [radiomics], steps: [impute, { correlation: { max: 0.8 } }, zScore], learner: { lassoCox: { folds: 5, lambda: 1se, penaltyFactor: { x1: 0 } } } }
models:
  clinical: { from: [clinical], steps: [{ impute: { method: mice, methods: { grade: proportionalOdds } } }, { stepwise: { criterion: bicPatients } }], learner: cox }
  combined: { from: [clinical.selected, Radscore], learner: { cox: { ties: breslow } } }
final: combined
reference: clinical
validation:
  crossValidation: { folds: 4, repeats: 3 }
  bootstrap: 20
  leaveOneCentreOut: true
  split: { by: date, test: 0.25, from: 2020-01-01, stratified: false }
evaluation:
  times: [12, 24]
  window: [6, 30]
  level: 0.9
  cutpoint: { method: x-tile, groups: 3, minimum: 0.2 }
  thresholds: [0.1, 0.6]
  comparisons: [[clinical, combined]]
  subgroups: [site, { column: age2, cut: 50 }]
  associations: [{ of: Radscore, with: grade }]
  changes: [{ before: a, after: b }]
  paired: [{ label: ER, first: er1, second: er2, names: [primary, recurrence] }]
  baseline: [outcome, { by: cohort, variables: [age], percent: row }]
  cases: [{ id: 17, title: A case, course: fine, image: case.png }]
report: { authors: N N, institution: Here, notes: [a note], statements: { ethics: approved } }
`;
const tablesTwin: PlanInput = {
  radscore: 1, $schema: "./study.schema.json", title: "A", question: "Does it?", seed: 9, order: "as-published", strict: true,
  cohorts: [
    {
      name: "Here", role: "development", screened: 120, flow: [{ reason: "no MRI", removed: 20 }],
      tables: [{ file: "c.csv", id: "id", delimiter: ";", decimalComma: true, dates: "dmy", missing: [999, "unknown"], columns: ["age", "x*"], join: "left" }, { file: "d.xlsx", id: "pid", sheet: "Two", join: "inner" }, "e.csv"],
      centre: "site", date: "diagnosed", patient: "person", readers: ["r2.csv", { file: "r3.csv", id: "id", name: "third" }],
      exclude: [
        { column: "stage", is: "IV", reason: "stage IV" }, { column: "age", below: 18, reason: "minor", kind: "eligibility" }, { column: "size", above: 90, reason: "too large", kind: "other" },
        { column: "grade", is: "missing", reason: "no grade", kind: "missing" }, { column: "sex", not: ["f"], reason: "not female", kind: "eligibility" },
      ],
    },
    { name: "There", role: "external", models: ["clinical"], tables: ["f.csv"], rename: { alter: "age" } },
  ],
  variables: {
    age: { label: "Age", unit: "years", kind: "number", cut: { at: [50], names: ["young", "old"] }, source: "record", available: true }, grade: { levels: { 1: "G1", 2: "G2", 9: "unknown" }, ordered: true, missing: ["unknown"] },
    site: { levels: ["a", "b"] }, late: { available: false },
  },
  derive: {
    ER: { rule: "receptorStatus", percent: "er" }, "ER low": { rule: "estrogenReceptor2020", percent: "er" }, HER2: { rule: "her2Status", ihc: "ihc", ratio: "ratio", copies: "copies", result: "fish" }, Ki: { rule: "ki67Status", percent: "ki67", cut: 20 },
    subtype: { rule: "molecularSubtype", er: "ER", pr: "pr", her2: "HER2", ki67: "ki67", prPercent: "prp", edition: "St Gallen 2011" }, T: { rule: "tCategory", millimetres: "mm", sub: true, t4: "skin" }, N: { rule: "nCategory", positiveNodes: "nodes" },
    burden: { rule: "nodeBurden", positiveNodes: "nodes" }, wait: { rule: "timeBetween", from: "diagnosed", to: "operated", unit: "days" },
  },
  groups: { clinical: ["age", "grade", "T"], radiomics: ["x*", "!x_bad"] },
  outcome: { kind: "survival", name: "survival", time: "days", event: "dead", codes: { event: [1], censored: 0, other: [2] }, unit: "months", divide: 30.4375, eventName: "death" },
  scores: { Radscore: { title: "Radscore", from: ["radiomics"], steps: ["impute", { correlation: { max: 0.8 } }, "zScore"], learner: { lassoCox: { folds: 5, lambda: "1se", penaltyFactor: { x1: 0 } } } } },
  models: {
    clinical: { from: ["clinical"], steps: [{ impute: { method: "mice", methods: { grade: "proportionalOdds" } } }, { stepwise: { criterion: "bicPatients" } }], learner: "cox" },
    combined: { from: ["clinical.selected", "Radscore"], learner: { cox: { ties: "breslow" } } },
  },
  final: "combined", reference: "clinical",
  validation: { crossValidation: { folds: 4, repeats: 3 }, bootstrap: 20, leaveOneCentreOut: true, split: { by: "date", test: 0.25, from: "2020-01-01", stratified: false } },
  evaluation: {
    times: [12, 24], window: [6, 30], level: 0.9, cutpoint: { method: "x-tile", groups: 3, minimum: 0.2 }, thresholds: [0.1, 0.6], comparisons: [["clinical", "combined"]], subgroups: ["site", { column: "age2", cut: 50 }],
    associations: [{ of: "Radscore", with: "grade" }], changes: [{ before: "a", after: "b" }], paired: [{ label: "ER", first: "er1", second: "er2", names: ["primary", "recurrence"] }], baseline: ["outcome", { by: "cohort", variables: ["age"], percent: "row" }],
    cases: [{ id: 17, title: "A case", course: "fine", image: "case.png" }],
  },
  report: { authors: "N N", institution: "Here", notes: ["a note"], statements: { ethics: "approved" } },
};

const dates = `radscore: 1
title: B
cohorts: [{ name: Here, tables: [c.csv], centre: site }]
derive: { pCR: { rule: completeResponse, ypT: ypt, ypN: ypn } }
groups: { own: [pCR, x] }
outcome: { kind: survival, endpoint: { name: DM, events: [distantMetastasis] }, origin: surgery, lastContact: seen, landmark: 6, competingDeath: true, unit: years, events: { localRecurrence: lr, regionalRecurrence: rr, distantMetastasis: dm, contralateralCancer: cc, secondCancer: sc, death: d, cancerDeath: cd } }
models: { m: { from: [own], learner: fineGray } }
validation: { crossValidation: false, split: { by: centre, values: [b] } }
evaluation: { times: [2] }
`;
const datesTwin: PlanInput = {
  radscore: 1, title: "B", cohorts: [{ name: "Here", tables: ["c.csv"], centre: "site" }], derive: { pCR: { rule: "completeResponse", ypT: "ypt", ypN: "ypn" } }, groups: { own: ["pCR", "x"] },
  outcome: {
    kind: "survival", endpoint: { name: "DM", events: ["distantMetastasis"] }, origin: "surgery", lastContact: "seen", landmark: 6, competingDeath: true, unit: "years",
    events: { localRecurrence: "lr", regionalRecurrence: "rr", distantMetastasis: "dm", contralateralCancer: "cc", secondCancer: "sc", death: "d", cancerDeath: "cd" },
  },
  models: { m: { from: ["own"], learner: "fineGray" } }, validation: { crossValidation: false, split: { by: "centre", values: ["b"] } }, evaluation: { times: [2] },
};

const pictures = `radscore: 1
title: C
cohorts:
  - name: Here
    images: { folder: us, image: "{class}/{id}.png", mask: "{class}/{id}_mask*.png", id: id, label: 2, parameters: p.yaml, spacing: 0.1, severalMasks: union }
  - { name: There, images: { table: t.csv, image: image, mask: mask } }
outcome: { kind: binary, name: malignancy, column: class, event: malignant, noEvent: [benign], eventName: cancer, otherName: benign lesion }
groups: { shape: ["original_shape*"] }
models: { m: { title: Shape, from: [shape], steps: [{ upsample: { ratio: 0.5 } }], learner: { network: { hidden: 2, earlyStopping: 0.2 } } } }
validation: { bootstrap: false, split: { by: column, column: part, values: [2] } }
evaluation: { threshold: { sensitivity: 0.9 } }
`;
const picturesTwin: PlanInput = {
  radscore: 1, title: "C",
  cohorts: [
    { name: "Here", images: { folder: "us", image: "{class}/{id}.png", mask: "{class}/{id}_mask*.png", id: "id", label: 2, parameters: "p.yaml", spacing: 0.1, severalMasks: "union" } },
    { name: "There", images: { table: "t.csv", image: "image", mask: "mask" } },
  ],
  outcome: { kind: "binary", name: "malignancy", column: "class", event: "malignant", noEvent: ["benign"], eventName: "cancer", otherName: "benign lesion" },
  groups: { shape: ["original_shape*"] },
  models: { m: { title: "Shape", from: ["shape"], steps: [{ upsample: { ratio: 0.5 } }], learner: { network: { hidden: 2, earlyStopping: 0.2 } } } },
  validation: { bootstrap: false, split: { by: "column", column: "part", values: [2] } }, evaluation: { threshold: { sensitivity: 0.9 } },
};

test.each([["tables", tables, tablesTwin], ["dates", dates, datesTwin], ["pictures", pictures, picturesTwin]] as const)("the plan of %s is the same in YAML, JSON and TypeScript", (_, yaml, twin) => {
  const plan = resolvePlan(readPlan(yaml, "s.yaml"));
  expect(resolvePlan(defineStudy(twin))).toEqual(plan);
  expect(resolvePlan(readPlan(JSON.stringify(twin), "s.json"))).toEqual(plan);
  // what was written arrives: nothing is dropped on the way
  expect(JSON.stringify(resolvePlan(defineStudy({ ...twin, title: "another" })))).not.toBe(JSON.stringify(plan));
});

test("the three plans use every part that a plan has, but for the options of methods", () => {
  const schema: any = planJsonSchema();
  const methods = new Set([...planSteps, ...planLearners].flatMap((m) => [m.name, ...(m.also ?? [])]));
  const wanted = new Set<string>(), used = new Set<string>();
  const of = (part: any): any => (part?.$ref === undefined ? part : of(part.$ref.replace("#/", "").split("/").reduce((v: any, k: string) => v[k], schema)));
  const walk = (given: any, path: string) => {
    const part = of(given);
    for (const [key, value] of Object.entries<any>(part?.properties ?? {})) if (!methods.has(key) || !/steps|learner/.test(path)) { wanted.add(`${path}.${key}`); walk(value, `${path}.${key}`); }
    if (typeof part?.items === "object") walk(part.items, path);
    if (typeof part?.additionalProperties === "object") walk(part.additionalProperties, `${path}.*`);
    for (const form of [...(part?.anyOf ?? []), ...(part?.oneOf ?? []), ...(part?.allOf ?? [])]) walk(form, path);
  };
  walk(schema, "");
  const collect = (value: unknown, path: string) => {
    if (Array.isArray(value)) value.forEach((v) => collect(v, path));
    else if (typeof value === "object" && value !== null) for (const [key, v] of Object.entries(value)) for (const p of [`${path}.${key}`, `${path}.*`]) { used.add(p); collect(v, p); }
  };
  for (const text of [tables, dates, pictures]) collect(parse(text), "");
  expect([...wanted].filter((p) => !used.has(p) && !p.endsWith("specificity"))).toEqual([]);
});

test("TypeScript knows the methods and their options, and the reader refuses what it refuses", () => {
  type Block = PlanInput["models"][string];
  const right: Block = { from: ["x"], steps: [{ mrmr: { information: "ranks" } }, { mRMR: null }], learner: { cox: { ties: "breslow" } } };
  // @ts-expect-error no learner of this name
  const learner: Block = { from: ["x"], learner: "coxx" };
  // @ts-expect-error cox has no such option
  const option: Block = { from: ["x"], learner: { cox: { tie: "breslow" } } };
  // @ts-expect-error no such value
  const value: Block = { from: ["x"], steps: [{ mrmr: { information: "bits" } }], learner: "cox" };
  const plan = (m: Block): PlanInput => ({ ...datesTwin, groups: { x: ["a"] }, models: { m } });
  expect(() => defineStudy(plan(right))).not.toThrow();
  for (const wrong of [learner, option, value]) expect(() => defineStudy(plan(wrong))).toThrow(/coxx|"tie"|bits/);
});
