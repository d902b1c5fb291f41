// A number in a figure is the table's number, at the plan's level; what is not drawn says why.
import { beforeAll, expect, test } from "vitest";
import { log, normalCdf } from "../../src/math/index.js";
import { drawFigure, fixedText, intervalText, reportHtml, resultTables, type Figure, type StudyResults } from "../../src/report/index.js";
import { runOn } from "../../src/study/runStudy.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const of = <C extends Figure["chart"]>(results: StudyResults, id: string, chart: C): Extract<Figure, { chart: C }> => {
  const found = results.figures.find((f) => f.id === id);
  expect(found, `${id} of ${results.figures.map((f) => f.id).join(", ")}`).toMatchObject({ chart });
  return found as Extract<Figure, { chart: C }>;
};
const entry = ({ performance }: StudyResults, model: string, measure: string, kind = "nested cross-validation") => performance.find((p) => p.model === model && p.measure === measure && p.estimate.kind === kind)!.estimate;

const LEVEL = 0.8;
async function study(kind: "binary" | "survival") {
  const cohort = generatedCohort({ n: 130, noise: 3, seed: 33, outcome: kind, signals: [1.1], age: 0.4, grade: 0.4 });
  const plan = planFor(cohort, { validation: { crossValidation: { folds: 3, repeats: 4 }, leaveOneCentreOut: false } });
  Object.assign(plan.evaluation, {
    level: LEVEL, subgroups: [{ column: "age", cut: -1000 }, { column: "age", cut: 33 }], associations: [{ of: "Radscore", with: "grade" }],
    ...(kind === "survival" && { window: [20, 50] }),
  });
  return { cohort, plan, ...(await runOn(plan, "plan", dataOf(cohort), memoryWorld(), { program: "test" })) };
}
let binary: Awaited<ReturnType<typeof study>>, survival: typeof binary;
beforeAll(async () => { [binary, survival] = [await study("binary"), await study("survival")]; });

test("the spread over repeats is of the table's figures: its mean, SD and ends in every panel", () => {
  for (const [{ results }, measures] of [[binary, ["AUC", "accuracy", "calibration slope"]], [survival, ["C-index", "calibration slope"]]] as const) {
    const figure = of(results, "spread", "spread");
    expect(figure.data.panels.map((p) => p.measure)).toEqual(measures);
    for (const { measure, strips } of figure.data.panels) for (const { name, values, mean, sd, min, max } of strips) {
      const e = entry(results, name, measure);
      expect(values).toHaveLength(e.count!);
      for (const [a, b] of [[mean, e.value], [sd, e.sd], [min, e.min], [max, e.max]]) expect(a, `${measure} of ${name}`).toBeCloseTo(b!, 10);
    }
    expect(figure.caption).toContain("from each repeat's predictions together");
  }
});

test("AUC with its interval in the key of ROC curves is the table's", () => {
  const { results } = binary;
  const figure = of(results, "roc", "roc"), svg = drawFigure(figure);
  expect(figure.data.panels.map((p) => p.curves[0].kind)).toEqual(["nested cross-validation", "apparent"]);
  for (const panel of figure.data.panels) for (const { name, kind, auc, aucLow, aucHigh } of panel.curves) {
    const { value, low, high } = entry(results, name, "AUC", kind);
    expect([auc, aucLow, aucHigh]).toEqual([value, low, high]);
    expect(svg).toContain(`${name}, AUC ${fixedText(value, 2)} (${intervalText(low, high, 2)})`);
  }
});

test("the median beside AUC(t) is the table's; without a window of the plan it says whose it is", async () => {
  for (const [id, kind] of [["auc-t", "nested cross-validation"], ["auc-t-apparent", "apparent"]]) {
    const figure = of(survival.results, id, "timeAuc");
    for (const { name, median, medianOf } of figure.data.curves) expect([median, medianOf]).toEqual([entry(survival.results, name, "median AUC(20–50)", kind).value, undefined]);
    expect(drawFigure(figure)).toContain(`>combined, median ${fixedText(entry(survival.results, "combined", "median AUC(20–50)", kind).value, 2)}<`);
  }
  const { cohort, plan } = survival;
  const { window: _, ...without } = plan.evaluation;
  const { results } = await runOn({ ...plan, evaluation: without, validation: { leaveOneCentreOut: false } }, "plan", dataOf(cohort), memoryWorld(), { program: "test" });
  const figure = of(results, "auc-t-apparent", "timeAuc");
  expect(figure.data.curves.every((c) => c.medianOf === "this curve")).toBe(true);
  expect(drawFigure(figure)).toMatch(/>combined, median of this curve 0\.\d\d</);
});

test("a subgroup of everybody has the nested figure and interval of the table; one of few events has neither interval nor a full mark", () => {
  for (const { results, cohort, plan } of [binary, survival]) {
    const figure = of(results, "subgroups", "forest"), rows = figure.data.rows.filter((r) => r.indent === true);
    const e = entry(results, plan.final, figure.data.measure), [whole, ...parts] = rows;
    expect(whole).toMatchObject({ label: "≥ -1000 years", n: cohort.table.id.length, events: e.events });
    for (const [a, b] of [[whole.panels[0]!.value, e.value], [whole.panels[0]!.low, e.low], [whole.panels[0]!.high, e.high]]) expect(a).toBeCloseTo(b!, 10);
    const young = parts.find((r) => r.label.startsWith("<"))!;
    expect(young.events).toBeLessThan(10);
    expect(young.few).toBe("few events");
    expect([young.panels[0]?.low ?? NaN, young.panels[0]?.high ?? NaN]).toEqual([NaN, NaN]);
    const svg = drawFigure(figure);
    expect(svg).toContain(`${figure.data.measure} (80 % CI)`);
    if (young.panels[0] !== null) expect(svg).toContain(", few events<");
  }
});

test("the plan's level stands in every figure and table that has intervals of ours", () => {
  for (const { results } of [binary, survival]) {
    const tables = resultTables(results).filter(({ csv }) => /(^|,)(interval_)?level(,|$)/m.test(csv.split("\n")[0]));
    expect(tables.map((t) => t.name)).toEqual(expect.arrayContaining(["performance.csv", "coefficients.csv", "univariable.csv"]));
    for (const { name, csv } of tables) expect(csv, name).not.toMatch(/,0\.95,/);
    expect(reportHtml(results)).not.toContain("(95 % CI)");
    // Wald: the middle of the interval is the estimate, its half width 1.28 standard errors, P that of the estimate over one
    const { coefficient, low, high, level, p } = results.blocks.find((b) => b.name === "radiomics")!.coefficients[0];
    const se = (log(high!) - log(low!)) / 2 / 1.2815515655446004;
    expect([level, (log(high!) + log(low!)) / 2]).toEqual([LEVEL, expect.closeTo(coefficient, 9)]);
    expect(2 * normalCdf(-Math.abs(coefficient / se))).toBeCloseTo(p!, 9);
    for (const figure of results.figures) expect(`${figure.caption}${drawFigure(figure)}`, figure.id).not.toMatch(/95 %/);
  }
  for (const [results, ids] of [[binary.results, ["roc", "calibration", "merit", "subgroups", "ratios-combined"]], [survival.results, ["auc-t-apparent", "calibration-24", "survival-left-out", "merit", "subgroups", "ratios-combined"]]] as const) {
    for (const id of ids) expect(results.figures.find((f) => f.id === id)!.caption, id).toContain("80 %");
  }
});

test("the band of AUC(t) at a time of the plan is the table's interval at that level", () => {
  const { results, plan } = survival;
  const { data } = of(results, "auc-t-apparent", "timeAuc");
  for (const { name, time, low, high } of data.curves) {
    const at = time.findIndex((t) => t >= plan.evaluation.times[0]);
    const e = entry(results, name, "AUC(24)", "apparent");
    // the grid's nearest time, not the very one: the widths agree, as those of 95 % (half as wide again) would not
    expect((high[at] - low[at]) / (e.high! - e.low!)).toBeGreaterThan(0.8);
    expect((high[at] - low[at]) / (e.high! - e.low!)).toBeLessThan(1.2);
  }
});

test("slope and calibration in the large in the corner are the table's; a slope of another time says so", () => {
  const own = of(binary.results, "calibration", "calibration").data.panels.find((p) => p.kind === "apparent")!;
  for (const [name, measure] of [["slope", "calibration slope"], ["in the large", "calibration in the large"]]) {
    const shown = Math.abs(entry(binary.results, "combined", measure, "apparent").value) < 0.005 ? "0.00" : fixedText(entry(binary.results, "combined", measure, "apparent").value, 2);
    expect(own.statistics.find((s) => s.name === name)?.text).toBe(shown);
  }
  const names = [24, 48].map((t) => of(survival.results, `calibration-${t}`, "calibration").data.panels[0].statistics.map((s) => s.name));
  expect(names).toEqual([["slope"], ["slope by 24 months"]]);
});

test("bars of a model compare: a number's coefficient times its SD, a category's as it is", () => {
  const { results, cohort } = survival;
  const age = (cohort.table.columns["age"] as { values: Float64Array }).values, middle = age.reduce((a, b) => a + b, 0) / age.length;
  const sd = Math.sqrt(age.reduce((a, v) => a + (v - middle) * (v - middle), 0) / (age.length - 1));
  const { coefficients } = results.blocks.find((b) => b.name === "clinical")!;
  const { bars, label } = of(results, "coefficients-clinical", "bars").data;
  expect(bars).toHaveLength(coefficients.length);
  const bar = bars.find((b) => b.name.startsWith("age, per SD"))!;
  expect(bar.name).toBe(`age, per SD\u00a0(${sd.toPrecision(2)})`);
  expect(bar.value).toBeCloseTo(coefficients.find((c) => c.term === "age")!.coefficient * sd, 10);
  for (const c of coefficients.filter((x) => x.term.startsWith("grade"))) expect(bars.find((b) => b.name === `grade: ${c.term.slice(5)}`)!.value).toBe(c.coefficient);
  expect(label).toContain("per SD");
});

test("a curve goes pale after the time from which fewer than 5 are at risk, and its name tells events and n", () => {
  const { results, cohort } = survival;
  const time = (cohort.outcome as { time: Float64Array }).time;
  const { data, ...figure } = of(results, "survival-left-out", "survival");
  const svg = drawFigure({ ...figure, data });
  const falls = data.groups.map((g) => g.fewFrom!);
  expect(falls.every((t) => time.includes(t))).toBe(true);
  for (const [k, g] of data.groups.entries()) {
    expect(svg).toContain(`>${g.name}, ${g.events} events, n ${g.n}<`);
    // numbers at risk under the axis: 5 or more up to then, fewer after
    data.ticks.forEach((t, i) => expect(g.atRisk[i] >= 5, `${g.name} at ${t}`).toBe(t <= falls[k]));
  }
});

test("a figure of a score that is the null model keeps its place and says why it is not drawn", async () => {
  const cohort = generatedCohort({ n: 60, noise: 2, seed: 4, outcome: "binary" });
  const plan = planFor(cohort);
  plan.scores[0].learner.options = { folds: 5, lambda: "1se" };
  plan.evaluation.associations = [{ of: "Radscore", with: "grade" }];
  const { results } = await runOn(plan, "plan", dataOf(cohort), memoryWorld(), { program: "test" });
  expect(results.blocks[0].selected).toEqual([]);
  for (const id of ["association-radscore-grade", "waterfall"]) {
    const figure = results.figures.find((f) => f.id === id)!;
    expect(figure.caption).toBe("Not drawn: Radscore is the null model (nothing was selected).");
    expect(drawFigure(figure)).toContain(">Not drawn: Radscore is the null model (nothing was selected)<");
  }
  const roc = of(results, "roc", "roc");
  const words = entry(results, "radiomics", "AUC", "apparent").note!;
  expect(words).toBe("No interval: every patient is predicted alike.");
  expect(roc.notes).toContain(`radiomics, apparent: AUC 0.500. ${words}`);
  expect(drawFigure(roc)).toContain(">radiomics, AUC 0.50 (no interval)<");
});
