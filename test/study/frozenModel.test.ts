// model.json holds what scores new patients, and no more: the same predictions without what selection dropped.
import { expect, test } from "vitest";
import { noCache, findFacts, scorePatients, type FrozenPipeline, type Plan } from "../../src/study/index.js";
import { workingTable } from "../../src/study/fit/blockTable.js";
import { frozenBlock } from "../../src/study/fit/frozenBlock.js";
import { predictBlocks } from "../../src/study/fit/predictBlock.js";
import { frozenPipeline } from "../../src/study/resultsOf.js";
import { withColumns } from "../../src/cohort/index.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const steps = (...names: (string | [string, object])[]) => names.map((n) => (typeof n === "string" ? { name: n, options: {} } : { name: n[0], options: n[1] as Record<string, unknown> }));

async function frozen(outcome: "binary" | "survival", chain: ReturnType<typeof steps>) {
  const cohort = generatedCohort({ n: 90, noise: 40, signals: [1.4, 1], age: 0.6, seed: `frozen ${outcome}`, outcome });
  // a tenth of s2, and of a column that no model will want
  for (const name of ["s2", "f7"]) { const c = cohort.table.columns[name]; if (c.kind === "number") for (let i = 0; i < 90; i += 10) c.values[i] = NaN; }
  const plan: Plan = planFor(cohort);
  plan.scores[0].steps = chain;
  const { facts } = await findFacts(plan, dataOf(cohort), memoryWorld(), { code: "a", cache: noCache });
  const model = JSON.parse(JSON.stringify(frozenPipeline(facts, "test", ""))) as FrozenPipeline;
  return { cohort, plan, facts, model };
}

for (const [outcome, chain] of [
  ["binary", steps("impute", "variance", ["univariable", { alpha: 0.3 }], "correlation", "yeoJohnson", "zScore")],
  ["survival", steps("impute", "robust", ["correlation", { cutoff: 0.3 }])],
] as const) {
  test(`${outcome}: the frozen pipeline predicts as the fitted one, bit for bit`, async () => {
    const { cohort, plan, facts, model } = await frozen(outcome, chain as ReturnType<typeof steps>);
    const { times } = plan.evaluation;
    const fitted = predictBlocks(facts.blocks, workingTable(cohort), times);
    expect(predictBlocks(model.blocks, workingTable(cohort), times)).toEqual(fitted);
    const [score] = model.blocks;
    expect(score.selected).toContain("s1");
    expect(score.inputs).toEqual(facts.blocks[0].inputs.filter((c) => score.selected.includes(c)));
    expect(facts.blocks[0].inputs).toHaveLength(42);
    // nothing of a dropped column is in it
    const gone = facts.blocks[0].inputs.find((c) => !score.selected.includes(c))!;
    expect(JSON.stringify(score)).not.toContain(`"${gone}"`);
  });

  test(`${outcome}: patients are scored by the columns kept alone`, async () => {
    const { cohort, facts, model } = await frozen(outcome, chain as ReturnType<typeof steps>);
    const needed = [...model.blocks[0].selected, "age", "grade"];
    const table = { id: cohort.table.id, columns: Object.fromEntries(needed.map((c) => [c, cohort.table.columns[c]])) };
    const whole = predictBlocks(facts.blocks, workingTable(cohort), []);
    const scored = scorePatients(model, table, model.models).models;
    for (const name of model.models) expect(scored[name].linear).toEqual(whole[name].linear);
  });
}

test("a value missing in a column that the LASSO left out does not cost a patient the prediction", async () => {
  const { cohort, facts } = await frozen("binary", steps("impute", "zScore"));
  const block = facts.blocks[0];
  const left = block.inputs.find((c) => !block.selected.includes(c))!;
  const column = cohort.table.columns[left];
  if (column.kind !== "number") throw new Error("a number is expected");
  // without the imputing step the value stays missing
  const bare = { ...block, steps: block.steps.filter((s) => s.name !== "impute") };
  const holed = withColumns(cohort.table, { [left]: { ...column, values: column.values.map(() => NaN) } });
  const row = Array.from(cohort.table.id.keys()).find((r) => r % 10 !== 0)!;
  expect(predictBlocks([bare], holed, []).Radscore.linear[row]).toBe(predictBlocks([block], cohort.table, []).Radscore.linear[row]);
});

test("where a step fills a column from the others, every column stays", async () => {
  const { facts } = await frozen("binary", steps(["impute", { method: "knn" }], "zScore"));
  expect(frozenBlock(facts.blocks[0]).inputs).toHaveLength(42);
});
