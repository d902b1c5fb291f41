// The figures that a plan asks for are made from its data: what they show is what the patients say.
import { expect, test } from "vitest";
import { drawFigure, type Figure } from "../../src/report/index.js";
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
