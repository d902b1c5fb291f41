// The figures that a plan asks for are made from its data: what they show is what the patients say.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { SurvivalOutcome } from "../../src/cohort/index.js";
import { aalenJohansen, grayTest, incidenceAt, kaplanMeier, survivalAt } from "../../src/evaluate/index.js";
import { drawFigure, methodsMarkdown, reportHtml, type Figure } from "../../src/report/index.js";
import { casePictures } from "../../src/study/load/casePictures.js";
import { runOn } from "../../src/study/runStudy.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const of = <C extends Figure["chart"]>(figures: readonly Figure[], id: string, chart: C): Extract<Figure, { chart: C }> => {
  const found = figures.find((f) => f.id === id);
  expect(found, `${id} of ${figures.map((f) => f.id).join(", ")}`).toMatchObject({ chart });
  return found as Extract<Figure, { chart: C }>;
};

test("correlations stand in the tree's order: each feature with itself on the diagonal, near copies side by side", async () => {
  const cohort = generatedCohort({ n: 60, noise: 4, seed: 5, outcome: "binary", signals: [1.2] });
  // c1 is f1 turned round, c2 nearly f2: whatever the order, each stands next to its source
  const values = (name: string) => (cohort.table.columns[name] as { values: Float64Array }).values;
  Object.assign(cohort.table.columns, { c1: { kind: "number", values: values("f1").map((v) => -2 * v) }, c2: { kind: "number", values: values("f2").map((v, i) => v + 1e-3 * (i % 5)) } });
  const plan = planFor(cohort, { validation: { leaveOneCentreOut: false } });
  plan.groups["radiomics"] = ["s1", "f1", "f2", "f3", "f4", "c1", "c2"];
  plan.scores[0].steps.unshift({ name: "correlation", options: { method: "spearman", max: 0.9 } });
  const { results } = await runOn(plan, "plan", dataOf(cohort), memoryWorld(), { program: "test" });
  const figure = of(results.figures, "correlation-radscore", "heatmap");
  const { names, values: r, dendrogram } = figure.data;
  expect([...names].sort()).toEqual([...plan.groups["radiomics"]].sort());
  names.forEach((_, i) => expect(r[i][i]).toBe(1));
  for (const [a, b, rho] of [["f1", "c1", -1], ["f2", "c2", 1]] as const) {
    expect(Math.abs(names.indexOf(a) - names.indexOf(b))).toBe(1);
    expect(r[names.indexOf(a)][names.indexOf(b)]).toBeCloseTo(rho, 1);
  }
  expect([...dendrogram!.order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const svg = drawFigure(figure);
  for (const name of names) expect(svg).toContain(`>${name}<`);
});

const centres = ["A", "B"];
const survivalStudy = async () => {
  const development = generatedCohort({ n: 120, noise: 4, seed: 21, outcome: "survival", signals: [1.1], age: 0.3, centres });
  const external = generatedCohort({ n: 70, noise: 4, seed: 22, outcome: "survival", signals: [1.1], age: 0.3, centres: ["C"], name: "Elsewhere", first: 500 }, "external");
  const plan = planFor(development, { validation: { crossValidation: { folds: 3, repeats: 3 }, leaveOneCentreOut: false, split: { by: "random", test: 0.3, stratified: true } } });
  plan.cohorts.push({ ...plan.cohorts[0], name: "Elsewhere", role: "external" });
  plan.evaluation.cutpoint = { method: "median", groups: 3 };
  const data = dataOf(development, [external]);
  data.pictures = { "slice.png": "data:image/png;base64,AAAA" };
  const ages = development.table.columns["age"] as { values: Float64Array };
  ages.values[0] = NaN;
  plan.models[0].steps = [{ name: "impute", options: { method: "median" } }];
  plan.evaluation.cases = development.table.id.slice(0, 12).map((id, k) => ({ id, title: `Case ${k + 1}`, ...(k === 1 && { image: "slice.png", course: "well" }) }));
  return { development, external, plan, ...(await runOn(plan, "plan", data, memoryWorld(), { program: "test" })) };
};

test("each set's own patients stand under its figures: at risk, events by the time, groups and their tests", async () => {
  const { external, results, plan } = await survivalStudy();
  const outcome = external.outcome as { time: Float64Array; event: Uint8Array };
  const by = (t: number) => outcome.time.reduce((s, x, k) => s + Number(x <= t && outcome.event[k] === 1), 0);
  const auc = of(results.figures, "auc-t-external-elsewhere", "timeAuc").data;
  expect(auc.atRisk).toEqual([24, 48].map((time) => ({ time, n: outcome.time.filter((x) => x >= time).length, events: by(time) })));
  expect(auc).toMatchObject({ n: 70, events: outcome.event.reduce((s, e) => s + e, 0) });
  for (const time of [24, 48]) {
    const panel = of(results.figures, `calibration-${time}`, "calibration").data.panels.find((p) => p.title === "Elsewhere")!;
    expect([panel.n, panel.events, panel.by]).toEqual([70, by(time), `by ${time} months`]);
  }
  const decision = of(results.figures, "decision", "decision").data.panels.find((p) => p.title === "Elsewhere")!;
  expect([decision.events, decision.by]).toEqual([by(plan.evaluation.times[1]), "by 48 months"]);
  const groups = of(results.figures, "survival-external-elsewhere", "survival").data;
  expect(groups.test).toMatch(/^Log-rank P (= 0\.\d{3}|< 0\.001)$/);
  expect(groups.ratio).toMatch(/^HR against low risk: middle \d.*, high \d+\.\d\d \(\d/);
  expect(of(results.figures, "survival", "survival").data).not.toHaveProperty("ratio");
});

test("every repeat of the cross-validation stands in the spread, and their mean is the nested figure", async () => {
  const { results } = await survivalStudy();
  for (const { measure, strips } of of(results.figures, "spread", "spread").data.panels) for (const { name, values, mean } of strips) {
    expect(values).toHaveLength(3);
    const nested = results.performance.find((p) => p.model === name && p.measure === measure && p.estimate.kind === "nested cross-validation")!;
    expect(mean).toBeCloseTo(nested.estimate.value, 10);
  }
});

test("an external cohort stands beside the flow, not out of it; its box has no arrow", async () => {
  const { results } = await survivalStudy();
  const { ends, steps } = of(results.figures, "flow", "flow").data;
  expect(ends.map((e) => e.apart === true)).toEqual([false, false, true]);
  expect(ends.filter((e) => e.apart !== true).reduce((s, e) => s + e.n, 0)).toBe(steps.at(-1)!.n);
  const svg = drawFigure(of(results.figures, "flow", "flow"));
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
});

test("worked cases come from any scored set, with their picture; one that lacks a value is told of", async () => {
  const { results } = await survivalStudy();
  const { cases = [] } = of(results.figures, "nomogram", "nomogram").data;
  expect(cases.map((c) => c.title.replace(/ \(test set\)$/, ""))).toEqual(Array.from({ length: 11 }, (_, k) => `Case ${k + 2}`));
  expect(cases.some((c) => c.title.endsWith(" (test set)"))).toBe(true);
  expect(cases[0]).toMatchObject({ image: "data:image/png;base64,AAAA", course: "well" });
  expect(results.findings.filter((f) => f.guard === "worked case").map((f) => f.message)).toEqual(["Case 1 is not read off the nomogram: age is missing."]);
});

test("pictures of cases: bytes as they are, hashed; another kind of file and a huge one are named by their case", async () => {
  const { plan } = await survivalStudy();
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3);
  const read = (bytes: Uint8Array) => casePictures(plan, { ...memoryWorld(), read: async () => bytes });
  const { pictures, hashes } = await read(png);
  expect(pictures["slice.png"]).toBe(`data:image/png;base64,${Buffer.from(png).toString("base64")}`);
  expect(hashes["slice.png"]).toBe(createHash("sha256").update(png).digest("hex"));
  await expect(read(new TextEncoder().encode("II*"))).rejects.toThrow(/image of "Case 2" is neither a PNG nor a JPEG/);
  await expect(read(Uint8Array.from({ length: 2_000_000 }, (_, k) => png[k] ?? 0))).rejects.toThrow(/has 2\.0 MB; expected at most 1\.5 MB/);
});

test("methods and sample size speak of the patients who trained: a test set is told apart, one entry a kind and set", async () => {
  const { results, development } = await survivalStudy();
  const training = results.cohorts[0].n, aside = development.table.id.length - training;
  expect(aside).toBeGreaterThan(20);
  const text = methodsMarkdown(results);
  expect(text).toMatch(new RegExp(`${training} patients of Generated with \\d+ events \\(death\\) were used for development, ${aside} with \\d+ events were set aside as the test set \\(30 % at random, events shared evenly\\)`));
  const entries = text.split("\n").filter((l) => /^- (Apparent|Test set|External|Nested cross-validation),/.test(l));
  expect(entries.map((l) => l.split(" (")[0])).toEqual(["- Apparent, Generated, training", "- Test set, Generated, test", "- External, Elsewhere", "- Nested cross-validation, Generated, training"]);
  expect(entries[1]).toMatch(/AUC\(t\)/);
  expect(text).not.toMatch(/[^d]\. [a-z]/);
  expect(results.findings.find((f) => f.guard === "sample size")!.message).toContain(`there are ${training}.`);
});

test("where other events compete, risk groups have cumulative incidences and Gray's test; a falling curve is told as the share without the event", async () => {
  const competing = (seed: number, role: "development" | "external") => {
    const cohort = generatedCohort({ n: 120, noise: 2, seed, outcome: "survival", signals: [1.1], age: 0.3, name: role, first: seed * 1000 }, role);
    const outcome = cohort.outcome as SurvivalOutcome;
    // of those without the event every other one died of something else, when they were last seen or before
    let k = 0;
    outcome.cause = Uint8Array.from(outcome.event, (e) => (e === 1 ? 1 : k++ % 2 === 0 ? 2 : 0));
    outcome.time.forEach((t, i) => { if (outcome.cause![i] === 2) outcome.time[i] = t / 3; });
    return cohort;
  };
  const [development, external] = [competing(31, "development"), competing(32, "external")];
  const plan = planFor(development, { validation: { leaveOneCentreOut: false } });
  for (const m of plan.models) m.learner = { name: "fineGray", options: {} };
  for (const m of plan.models) m.steps = [];
  const { results, facts } = await runOn(plan, "plan", dataOf(development, [external]), memoryWorld(), { program: "test" });
  const figure = of(results.figures, "survival-external-external", "survival");
  expect(figure.data).toMatchObject({ rising: true, yLabel: "Cumulative incidence of death", test: expect.stringMatching(/^Gray P/), ratio: expect.stringMatching(/^sHR \d+\.\d\d \(/) });
  expect(figure.caption).toMatch(/^Cumulative incidence \(Aalen–Johansen.*Fine–Gray/);
  const { time, cause } = external.outcome as Required<SurvivalOutcome>;
  const linear = facts.sets.find((s) => s.kind === "external")!.predictions["combined"].linear;
  const group = Array.from(linear, (lp) => (lp > facts.cut!.values[0] ? 1 : 0));
  figure.data.groups.forEach((g, k) => {
    const own = group.flatMap((x, i) => (x === k ? [i] : [])), pick = (v: ArrayLike<number>) => own.map((i) => v[i]);
    const follow = { time: pick(time), cause: pick(cause) };
    expect(g.survival[0]).toBe(0);
    for (const t of [12, 24, 36]) {
      const at = g.survival[g.time.filter((x) => x <= t).length - 1];
      expect(at).toBeCloseTo(incidenceAt(aalenJohansen(follow), 1, [t])[0].incidence, 12);
      const [naive] = survivalAt(kaplanMeier({ time: follow.time, event: follow.cause.map((c) => (c === 1 ? 1 : 0)) }), [t]);
      expect(at).toBeLessThan(1 - naive.survival);
    }
    expect(g.censored.length).toBeLessThanOrEqual(follow.cause.filter((c) => c === 0).length);
  });
  expect(Number(/= (\d\.\d+)/.exec(figure.data.test!)?.[1] ?? 0)).toBeCloseTo(grayTest({ time, cause }, group).p, 2);
  expect(results.findings.find((f) => f.guard === "competing risks")).toMatchObject({ severity: "warning", message: expect.stringMatching(/higher than the cumulative incidence, those of fineGray too/) });
  drawFigure(figure);
  const plain = planFor(generatedCohort({ n: 80, noise: 2, seed: 3, outcome: "survival", signals: [1] }), { validation: { leaveOneCentreOut: false } });
  Object.assign(plain.outcome, { name: "recurrence", eventName: "recurrence" });
  const alone = await runOn(plain, "plan", dataOf(generatedCohort({ n: 80, noise: 2, seed: 3, outcome: "survival", signals: [1] })), memoryWorld(), { program: "test" });
  expect(of(alone.results.figures, "survival", "survival").data.yLabel).toBe("Recurrence: share without the event");
  expect(drawFigure(of(alone.results.figures, "nomogram", "nomogram"))).toContain("Free of recurrence at 24 months");
});

test("intervals of another level bear it in heads and captions", async () => {
  const cohort = generatedCohort({ n: 80, noise: 3, seed: 9, outcome: "binary", signals: [1] });
  const plan = planFor(cohort, { validation: { crossValidation: { folds: 3, repeats: 2 }, leaveOneCentreOut: false } });
  plan.evaluation.level = 0.9;
  plan.evaluation.comparisons = [["clinical", "combined"]];
  const { results } = await runOn(plan, "plan", dataOf(cohort), memoryWorld(), { program: "test" });
  for (const id of ["merit", "comparison-nested-cross-validation"]) {
    const figure = results.figures.find((f) => f.id === id)!;
    expect(figure.caption).toContain("90 % interval");
    expect(drawFigure(figure)).toContain("90 % CI");
    expect(`${figure.caption}${drawFigure(figure)}`).not.toContain("95 %");
  }
  expect(reportHtml(results).match(/<table[^>]*id="?performance-table[\s\S]*?<\/table>/)?.[0] ?? reportHtml(results)).toContain("(90 % CI)");
});

test("a study without resampling promises none: no nested headline, no refits that were not made; the smaller class and an unlabelled level are named", async () => {
  const cohort = generatedCohort({ n: 60, noise: 12, seed: 4, outcome: "binary", intercept: 0.8 });
  Object.assign(cohort.table.columns, { f: cohort.table.columns["f1"] });
  const plan = planFor(cohort, { validation: { leaveOneCentreOut: false } });
  plan.scores[0].learner.options = { folds: 5, lambda: 10 };
  plan.models.forEach((m) => { m.steps = []; });
  plan.groups["clinical"] = ["age", "grade", "f", "f2"];
  const { results } = await runOn(plan, "plan", dataOf(cohort), memoryWorld(), { program: "test" });
  expect(results.blocks[0].selected).toEqual([]);
  const html = reportHtml(results);
  expect(html).not.toMatch(/headline is nested|0 of 0 resampled|is judged on patients that the fit has not seen/);
  expect(html).toContain("No figure is of patients that the fit has not seen");
  const fewer = 60 - results.cohorts[0].events;
  expect(fewer).toBeLessThan(30);
  expect(results.findings.find((f) => f.guard === "sample size")).toMatchObject({ message: expect.stringContaining(`: ${fewer} patients of the smaller class (no response) for `), doInstead: expect.stringContaining("validate by nested cross-validation") });
  expect(html).toContain("of the smaller class each");
  expect(html).toMatch(/title="gradeG2">grade: G2</);
  // f2 is a variable, not level 2 of f
  expect(html).toMatch(/title="f2">f2</);
});
