// Planted traps: each must be found, and a clean study must be left alone.
import { expect, test } from "vitest";
import { categoryColumn, numberColumn, type Column } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";
import { defineStudy, resolvePlan, type Plan, type StudyData } from "../../src/study/index.js";
import { guardBefore, judged } from "../../src/study/guards/guards.js";
import { lone } from "../../src/study/guards/disguiseGuard.js";

const N = 120;
const random = randomStream("guards");
const noise = () => Float64Array.from({ length: N }, () => 40 + 7 * random.normal());
const event = Uint8Array.from({ length: N }, (_, k) => Number(k % 3 === 0));

const clean: Record<string, Column> = { age: numberColumn(noise()), size: numberColumn(noise()), grade: categoryColumn(Array.from({ length: N }, (_, k) => ["low", "high"][(k >> 1) % 2])) };

function study(columns: Record<string, Column>, group: string[], variables: Record<string, { available?: boolean }> = {}, strict = false): { plan: Plan; data: StudyData } {
  const plan = resolvePlan(defineStudy({
    radscore: 1, title: "t", question: "q", strict,
    cohorts: [{ name: "A", tables: [{ file: "a.csv", id: "id" }] }], variables, groups: { clinical: group },
    outcome: { kind: "binary", name: "response", column: "y", event: ["1"], noEvent: ["0"] },
    models: { clinical: { from: ["clinical"], learner: "logistic" } }, final: "clinical",
  }), [...Object.keys(columns), "y"]);
  const id = Array.from({ length: N }, (_, k) => `P${(k * 7919) % 997}`);
  const development = { name: "A", role: "development" as const, table: { id, columns }, outcome: { kind: "binary" as const, event, name: "response" }, readers: [], flow: [] };
  return { plan, data: { development, external: [], findings: [], hashes: {}, understood: [] } };
}
const found = (s: { plan: Plan; data: StudyData }) => guardBefore(s.plan, s.data);

test("a clean study has one remark: its sample size", () => {
  expect(found(study(clean, ["age", "size", "grade"])).map((f) => f.guard).filter((g) => g !== "sample size")).toEqual([]);
});

test("the outcome with a little noise is the outcome in disguise", () => {
  const columns = { ...clean, marker: numberColumn(Float64Array.from(event, (e) => e + 0.1 * random.normal())) };
  expect(found(study(columns, ["age", "marker"]))).toContainEqual(expect.objectContaining({ guard: "outcome in disguise", where: "marker", severity: "warning" }));
});

test("a category that names the outcome is found, whichever way round", () => {
  const columns = { ...clean, course: categoryColumn(Array.from(event, (e) => (e === 1 ? "gone" : "there"))) };
  const s = study(columns, ["age", "course"]);
  expect(lone(columns.course, s.data)).toBe(1);
  expect(found(s).some((f) => f.where === "course" && f.guard === "outcome in disguise")).toBe(true);
});

test("what is declared unavailable stops as soon as a model may use it", () => {
  const columns = { ...clean, later: numberColumn(noise()) };
  const s = study(columns, ["age"], { later: { available: false } });
  expect(found(s).some((f) => f.where === "later")).toBe(false);
  // the plan reader refuses it by itself; the guard sees plans made in code too
  const used = { ...s.plan, groups: { clinical: ["age", "later"] } };
  const findings = guardBefore(used, s.data);
  expect(findings).toContainEqual(expect.objectContaining({ where: "later", severity: "stop" }));
  expect(() => judged(used, findings)).toThrow(/later.*declared unavailable/);
});

test("names that sound later are asked about, unless confirmed", () => {
  const columns = { ...clean, "MRI LD PreSurg": numberColumn(noise()), RCBClass: numberColumn(noise()) };
  const group = ["age", "MRI LD PreSurg", "RCBClass"];
  expect(found(study(columns, group)).filter((f) => /sounds as if/.test(f.message)).map((f) => f.where)).toEqual(["MRI LD PreSurg", "RCBClass"]);
  expect(found(study(columns, group, { "MRI LD PreSurg": { available: true }, RCBClass: { available: true } })).some((f) => /sounds as if/.test(f.message))).toBe(false);
});

test("scores that were fitted elsewhere, perhaps on these patients, are asked about in one remark, unless confirmed; features of like names are not", () => {
  const columns = { ...clean, "Rad-score": numberColumn(noise()), predicted_risk: numberColumn(noise()), radius: numberColumn(noise()), "T1_Histogram_Bin-0_Probability": numberColumn(noise()), unpredictability: numberColumn(noise()) };
  const group = Object.keys(columns);
  const asked = (variables = {}) => found(study(columns, group, variables)).filter((f) => f.guard === "score from elsewhere").map((f) => f.message);
  expect(asked()).toEqual([expect.stringMatching(/^"Rad-score", "predicted_risk" sound like what a model gave/)]);
  expect(asked({ "Rad-score": { available: true } })).toEqual([expect.stringMatching(/^"predicted_risk" sounds like/)]);
  expect(() => judged({ ...study(columns, group).plan, strict: true }, found(study(columns, group)))).toThrow(/"Rad-score", "predicted_risk" sound like/);
});

test("a column of numbers that one text makes a category stops the run; documented codes and true categories do not", () => {
  const cells = Array.from({ length: N }, (_, k) => (k === 4 || k === 90 ? "n/a" : k === 7 ? "Inf" : String(k % 20)));
  const columns = { ...clean, feature: categoryColumn(cells), shape: categoryColumn(cells.map((_, k) => ["1", "2", "3", "round"][k % 4])) };
  const s = study(columns, ["age", "feature", "shape", "grade"]);
  const told = found(s).filter((f) => f.guard === "numbers with text");
  expect(told.map((f) => [f.where, f.severity])).toEqual([["feature", "stop"]]);
  expect(() => judged(s.plan, told)).toThrow(/"feature" holds numbers, but is read as text because of "Inf", "n\/a" \(rows 5, 8, 91 of A\).*missing/);
});

test("identifiers stop the run", () => {
  const columns = { ...clean, number: numberColumn(Float64Array.from({ length: N }, (_, k) => 1000 + 3 * k)) };
  const s = study(columns, ["age", "number"]);
  expect(() => judged(s.plan, found(s))).toThrow(/"number" has a value of its own for every patient/);
});

test("features scaled on all patients are noted, features on their own scale are not", () => {
  const scale = (x: Float64Array) => {
    const mean = x.reduce((s, v) => s + v, 0) / N;
    const sd = Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / (N - 1));
    return x.map((v) => (v - mean) / sd);
  };
  const names = Array.from({ length: 12 }, (_, k) => `f${k}`);
  const scaled = Object.fromEntries(names.map((n) => [n, numberColumn(scale(noise()))]));
  const raw = Object.fromEntries(names.map((n) => [n, numberColumn(noise())]));
  expect(found(study(scaled, names)).find((f) => f.guard === "scaled upstream")?.message).toContain("12 of 12 number candidates");
  expect(found(study(raw, names)).some((f) => f.guard === "scaled upstream")).toBe(false);
});

test("a feature under two names and a patient under two numbers are found", () => {
  const twice = noise();
  const columns = { ...clean, a: numberColumn(twice), b: numberColumn(twice.map((v) => 2 * v + 1)) };
  expect(found(study(columns, ["a", "b", "age"])).find((f) => f.guard === "duplicated features")?.message).toContain("a and b");
  const repeated = Object.fromEntries(["p", "q", "r"].map((n) => { const v = noise(); v[60] = v[7]; return [n, numberColumn(v)]; }));
  expect(found(study(repeated, ["p", "q", "r"])).find((f) => f.guard === "duplicated patients")?.message).toContain("rows 8 and 61");
});

test("a patient of the external cohort who developed the model stops the run", () => {
  const s = study(clean, ["age", "size"]);
  const table = { id: s.data.development.table.id.map((id, k) => (k === 5 ? id : `X${k}`)), columns: { age: numberColumn(noise()), size: numberColumn(noise()) } };
  const data = { ...s.data, external: [{ ...s.data.development, name: "B", role: "external" as const, table }] };
  const findings = guardBefore(s.plan, data);
  expect(findings).toContainEqual(expect.objectContaining({ guard: "overlap", severity: "stop" }));
  expect(() => judged(s.plan, findings)).toThrow(/1 patient of B \(row 6\)/);
});

test("numbers that differ in the way of writing alone are found, in two cohorts and in one", () => {
  const s = study(clean, ["age", "size"]);
  const id = Array.from({ length: N }, (_, k) => `P-${String(k + 1).padStart(3, "0")}`);
  const other = ["p 7", "P0110", "P-7a", ...Array.from({ length: N - 3 }, (_, k) => `X${k}`)];
  const development = { ...s.data.development, table: { ...s.data.development.table, id: [...id.slice(0, N - 1), "p_003"] } };
  const table = { id: other, columns: { age: numberColumn(noise()), size: numberColumn(noise()) } };
  const told = guardBefore(s.plan, { ...s.data, development, external: [{ ...development, name: "B", role: "external" as const, table }] }).filter((f) => f.guard === "overlap");
  expect(told.map((f) => [f.severity, f.message])).toEqual([
    ["warning", expect.stringMatching(/^A: 1 pair of patients' numbers differs in the way of writing alone \(rows 3 and 120\)/)],
    ["warning", expect.stringMatching(/^A and B: 2 pairs of patients' numbers differ .*\(rows 7 and 1, 110 and 2\)/)],
  ]);
  expect(found(s).some((f) => f.guard === "overlap")).toBe(false);
});

test("few events for many candidates are counted before fitting; a strict plan stops there", () => {
  const names = Array.from({ length: 30 }, (_, k) => `f${k}`);
  const columns = Object.fromEntries(names.map((n) => [n, numberColumn(noise())]));
  const s = study(columns, names, {}, true);
  const finding = found(s).find((f) => f.guard === "sample size")!;
  expect(finding.message).toMatch(/40 events for 30 candidate parameters are 1\.3 each/);
  expect(() => judged(s.plan, found(s))).toThrow(/strict/);
});
