// Plans after five papers, plans for a user's own tables, and the schema by which editors check them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { readCsv } from "../../src/cohort/index.js";
import { checkText, initPlan, loadStudy, openStudy, planJsonSchema, proposePlan, readPlan, resolvePlan, templates } from "../../src/study/index.js";
import { example } from "../data.js";
import { misfits } from "./jsonSchema.js";
import { memoryWorld } from "./memoryWorld.js";
import { survivalPlan } from "./planText.js";

const schema = planJsonSchema();

test("the schema takes what the reader takes and refuses what it refuses", () => {
  expect(misfits(parse(survivalPlan), schema)).toEqual([]);
  for (const [from, to] of [["seed: 7", "sed: 7"], ["max: 0.9", "maxx: 0.9"], ["times: [12, 24]", "times: [a]"], ["kind: survival", "kind: survivl"], ["learner: cox", "learner: coxx"], ["folds: 5", "folds: 1"], ["id: id", "pid: id"]]) {
    const wrong = survivalPlan.replace(from, to);
    expect(misfits(parse(wrong), schema), to).not.toEqual([]);
    expect(checkText(wrong, "s.yaml").input, to).toBeUndefined();
  }
});

test("every part of the schema has its help text", () => {
  const bare: string[] = [];
  const resolved = (part: any): any => (part.$ref === undefined ? part : { ...resolved(part.$ref.replace("#/", "").split("/").reduce((v: any, k: string) => v[k], schema)), ...part });
  const walk = (part: any, path: string) => {
    for (const [key, value] of Object.entries<any>(part?.properties ?? {})) {
      if (resolved(value).description === undefined) bare.push(`${path}.${key}`);
      walk(value, `${path}.${key}`);
    }
    for (const key of ["items", "additionalProperties"]) if (typeof part?.[key] === "object") walk(part[key], path);
    for (const form of part?.anyOf ?? part?.oneOf ?? []) walk(form, path);
  };
  walk(schema, "");
  for (const [name, part] of Object.entries((schema as any).$defs)) walk(part, name);
  // "kind" of an outcome is one word, told by the section above it
  expect(bare.filter((b) => !b.endsWith(".kind"))).toEqual([]);
});

test.each(templates.map((t) => [t.paper, t.what] as const))("the plan like %s reads, fits the schema, and names the paper's steps and guards", (paper) => {
  const text = initPlan(paper);
  expect(checkText(text, "study.yaml").problems).toEqual([]);
  expect(misfits(parse(text), schema)).toEqual([]);
  expect(text.match(/# .*Guard/g)!.length).toBeGreaterThanOrEqual(4);
  expect(text.match(/^ *# .*"[^"]+"/gm)!.length).toBeGreaterThanOrEqual(2);
  // what departs from the paper is named
  expect(text.match(/# .*Departure/g)!.length).toBeGreaterThanOrEqual(2);
  expect(text).not.toMatch(/undefined|[Cc]omes? later/);
});

test("the plans like 001, 002 and 003 are those papers' methods", () => {
  const plan = (paper: string) => resolvePlan(readPlan(initPlan(paper), "s.yaml"));
  const p001 = plan("001");
  expect(p001.outcome).toMatchObject({ column: "burden", event: ["high"] });
  expect(p001.derive!.find((d) => d.name === "burden")).toEqual({ name: "burden", rule: "nodeBurden", sources: { positiveNodes: "nodes_positive" }, options: {} });
  // ICC > 0.75, rank sums, |r| > 0.6 by the larger mean, elastic net, upsampling, network
  expect(p001.scores[0].steps.map((s) => s.name)).toEqual(["variance", "combat", "iccFilter", "univariable", "correlation", "zScore", "lasso", "upsample"]);
  expect(p001.scores[0].steps[4].options).toEqual({ method: "spearman", cutoff: 0.6, drop: "largerMean" });
  expect(p001.scores[0].learner.name).toBe("network");
  const p002 = plan("002");
  expect(p002.cohorts[0].exclude[0]).toMatchObject({ column: "subtype", is: { not: ["triple negative"] } });
  expect(p002.outcome).toMatchObject({ column: "pCR", event: ["pCR"] });
  // one selection, twice
  expect(p002.models[0].steps).toEqual(p002.models[1].steps);
  expect(p002.models[0].steps.map((s) => s.name)).toEqual(["variance", "iccFilter", "univariable", "correlation", "zScore", "lasso", "vif", "stepwise", "smote"]);
  expect(p002.models[2].from).toEqual(["Model 1.selected", "Model 2.selected"]);
  const p003 = plan("003");
  expect(p003.scores.map((b) => [b.name, b.from, b.learner.name])).toEqual([
    ["US intra", ["ultrasound lesion"], "lassoCox"], ["US peri", ["ultrasound rim"], "lassoCox"], ["MRI intra", ["MRI lesion"], "lassoCox"], ["MRI peri", ["MRI rim"], "lassoCox"],
    ["US gross", ["US intra", "US peri"], "cox"], ["MRI gross", ["MRI intra", "MRI peri"], "cox"], ["Multi-modal", ["US intra", "US peri", "MRI intra", "MRI peri"], "cox"],
  ]);
  expect(p003.models.find((m) => m.name === "combined")!.from).toEqual(["clinical MRI", "Multi-modal"]);
  expect(p003.models[0].steps.at(-1)).toEqual({ name: "stepwise", options: { criterion: "bic", direction: "both" } });
  expect(p003).toMatchObject({ outcome: { built: { endpoint: "DFS", origin: "surgery" } }, evaluation: { times: [12, 36, 60], cutpoint: { method: "x-tile" } }, reference: "clinical MRI" });
});

// Methods of the two papers, point by point
test("the plans like 000 and 004 are those papers' methods", () => {
  const p000 = resolvePlan(readPlan(initPlan("000").replace(/^( *)# (- icc)/m, "$1$2").replace(/^ {4}# readers:\n {4}# {3}/m, "    readers:\n      "), "s.yaml"));
  expect(p000.scores[0]).toMatchObject({ learner: { name: "lassoCox", options: { folds: 10, at: "min" } } });
  expect(p000.scores[0].steps).toEqual([
    { name: "variance", options: {} }, { name: "iccFilter", options: { form: "ICC(2,1)", above: 0.75 } }, { name: "correlation", options: { method: "pearson", cutoff: 0.95 } }, { name: "zScore", options: {} },
  ]);
  expect(p000.models[0].steps.slice(1)).toEqual([{ name: "univariable", options: { alpha: 0.1 } }, { name: "stepwise", options: { criterion: "aic", direction: "both" } }]);
  expect(p000).toMatchObject({ final: "combined", reference: "clinical", evaluation: { times: [24, 36, 60], window: [24, 60], cutpoint: { method: "x-tile" } }, validation: { bootstrap: { resamples: 500 } } });
  expect(p000.models[2].from).toEqual(["clinical.selected", "Radscore"]);
  const p004 = resolvePlan(readPlan(initPlan("004"), "s.yaml"));
  expect(p004.scores[0].steps.map((s) => s.name)).toEqual(["variance", "univariable", "correlation", "vif", "zScore", "lasso", "stepwise"]);
  expect(p004.scores[0].steps.at(-1)!.options).toEqual({ criterion: "scoreLR", enter: 0.05, stay: 0.1 });
  expect(p004.models[0].steps.slice(1)).toEqual([{ name: "univariable", options: { alpha: 0.1 } }, { name: "stepwise", options: { criterion: "p", direction: "backward", stay: 0.05 } }]);
  expect(p004.validation.crossValidation).toEqual({ folds: 5, repeats: 100 });
  expect(p004.variables.nodes.available).toBe(false);
});

const ispy = (name: string) => readFileSync(example(join("ispy1", name)));
const tableOf = (file: string, text: string, id: string) => ({ file, id, table: readCsv(text, { id }).table });

test("a plan for one's own tables: outcome, units, codes and features are proposed, later variables kept out, and it loads", async () => {
  const clinical = ispy("clinical.csv").toString("utf8");
  const some = `SUBJECTID,T1_a,T1_b,T1_c\n${clinical.trim().split("\n").slice(1).map((l, k) => `${l.split(",")[0]},${k % 13},${(k * k) % 17},${(k * 5) % 11}`).join("\n")}\n`;
  const proposal = proposePlan([tableOf("clinical.csv", clinical, "SUBJECTID"), tableOf("f.csv", some, "SUBJECTID")], { time: "RFS", event: "rfs_ind", title: "RFS: a study" });
  expect(proposal.guesses.join("\n")).toMatch(/rfs_ind = 1 is the event\nRFS is in days \(it goes up to \d+\)\nnot available.*PCR, RCBClass/);
  const text = initPlan(undefined, proposal);
  const { plan, development } = await openStudy(text, "study.yaml", memoryWorld({ "clinical.csv": clinical, "f.csv": some }));
  expect(plan.title).toBe("RFS: a study");
  expect(plan.groups.radiomics).toEqual(["T1_a", "T1_b", "T1_c"]);
  expect(plan.groups.clinical).toContain("age");
  expect(plan.groups.clinical).not.toContain("PCR");
  expect(plan.variables.age.unit).toBe("years");
  expect(plan.outcome).toMatchObject({ kind: "survival", time: "RFS", event: "rfs_ind", divide: 30.4375, unit: "months" });
  expect(development.table.id.length).toBe(221);
});

test("an outcome that cannot be told is asked for, by its option", () => {
  const table = tableOf("a.csv", "id,age,status,outcome\n1,50,0,1\n2,60,1,0\n3,55,1,1\n", "id");
  expect(() => proposePlan([table])).toThrow(/Several columns may be the outcome \(--outcome COLUMN\): status, outcome/);
  expect(() => proposePlan([table], { outcome: "outcom" })).toThrow(/no column "outcom".*Did you mean "outcome"/);
  expect(() => proposePlan([tableOf("a.csv", "id,age,y\n1,50,a\n2,60,b\n", "id")], { outcome: "y" })).toThrow(/Which value of "y" is the event\? It holds "a", "b"/);
  expect(() => initPlan("000", proposePlan([table], { outcome: "outcome" }))).toThrow(/is for a survival outcome, but the one given is binary. Take 001 or 002 or 004/);
  expect(() => initPlan("005")).toThrow(/no plan like "005"/);
});

// counts told in examples/ispy1/SOURCE.md: 221 clinical rows, 161 with features, 43 events; 156 with pCR, 46 of them yes
test.each([["rfs.yaml", 161, 43, 0], ["pcr.yaml", 156, 46, 1]] as const)("the real plan %s loads: patients, events, flow", async (name, patients, events, external) => {
  const files = Object.fromEntries(["clinical.csv", "radiomics.csv.gz", "ispy2.csv"].map((f) => [f, new Uint8Array(ispy(f))]));
  const { development, external: others, plan, unmatched } = await loadStudy(resolvePlan(readPlan(ispy(name).toString("utf8"), name)), memoryWorld(files));
  expect([development.table.id.length, development.outcome.event.reduce((a, b) => a + b, 0)]).toEqual([patients, events]);
  expect(development.flow[0].n).toBe(221);
  expect(development.flow.at(-1)!.n).toBe(patients);
  expect(plan.groups.radiomics.length).toBe(370);
  expect(unmatched[0].onlyFirst.length).toBe(60);
  expect(others.length).toBe(external);
});
