// Expected: R 4.2.2, sva 3.46.0 (calls in the reference files). Tolerance 1e-8: the same signed stopping rule.
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/math/index.js";
import { categoryColumn, combat, makeTable, numberColumn, numbersOf, selectRows, type CombatOptions, type Table } from "../../src/cohort/index.js";
import { data, reference, unequal } from "../stats.js";

const centres = data("centres.csv");
const features = Array.from({ length: 25 }, (_, j) => `f${j + 1}`);
const table = makeTable(centres.text.id, {
  centre: categoryColumn(centres.text.centre), cov1: numberColumn(centres.cov1), cov2: numberColumn(centres.cov2),
  ...Object.fromEntries(features.map((f) => [f, numberColumn(centres[f])])),
});
const none = { kind: "continuous", value: new Float64Array(), name: "" } as const;
const chance = undefined as never;
const fit = (t: Table, options: CombatOptions) => combat.fit(t, none, { columns: features, ...options }, chance);

test.each<[string, Omit<CombatOptions, "batch">]>([
  ["combat_parametric", {}],
  ["combat_parametric_covariates", { covariates: ["cov1", "cov2"] }],
  ["combat_nonparametric_covariate", { covariates: ["cov1"], parametric: false }],
  ["combat_meanonly_covariate", { covariates: ["cov1"], meanOnly: true }],
  ["combat_ref_covariate", { covariates: ["cov1"], reference: "C2" }],
  ["combat_ref_meanonly_nonparametric", { reference: "C1", meanOnly: true, parametric: false }],
])("%s agrees with sva", (name, options) => {
  const ours = combat.apply(fit(table, { batch: "centre", ...options }), table);
  const theirs = reference(name).result.corrected as number[][];
  features.forEach((f, j) => expect(unequal(numbersOf(ours, f), theirs[j], 1e-8, 1), f).toEqual([]));
});

// every combination of prior, mean only, reference batch and covariate
test.each(Object.keys(reference("combat_modes").result))("combat_modes agrees with sva: %s", (name) => {
  const [prior, mean, batch, covariate] = name.split("_");
  const columns = features.slice(0, 5);
  const options = { columns, batch: "centre", parametric: prior === "parametric", meanOnly: mean === "mean", ...(batch === "none" ? {} : { reference: batch }), ...(covariate === "none" ? {} : { covariates: [covariate] }) };
  const ours = combat.apply(fit(table, options), table);
  const theirs = reference("combat_modes").result[name] as number[][];
  columns.forEach((f, j) => expect(unequal(numbersOf(ours, f), theirs[j], 1e-8, 1), f).toEqual([]));
});

test("combat_toy agrees with sva", () => {
  const toy = reference("combat_toy");
  const { x, batch, cov } = toy.data as any;
  const t = makeTable(batch.map((_: string, r: number) => String(r)), {
    batch: categoryColumn(batch), cov: numberColumn(cov), ...Object.fromEntries(x.map((v: number[], j: number) => [`f${j}`, numberColumn(v)])),
  });
  const columns = x.map((_: unknown, j: number) => `f${j}`);
  for (const [name, options] of Object.entries({ parametric: {}, with_covariate: { covariates: ["cov"] }, mean_only: { meanOnly: true }, ref_A: { reference: "A" } })) {
    const ours = combat.apply(combat.fit(t, none, { batch: "batch", columns, ...options }, chance), t);
    columns.forEach((f: string, j: number) => expect(unequal(numbersOf(ours, f), toy.result[name][j], 1e-8, 1), `${name} ${f}`).toEqual([]));
  }
});

describe("a centre that training did not have", () => {
  const rows = [...table.id.keys()];
  const isNew = (r: number) => centres.text.centre[r] === "C4";
  const train = selectRows(table, rows.filter((r) => !isNew(r))), late = selectRows(table, rows.filter(isNew));
  test("is refused by default, by name", () => {
    expect(() => combat.apply(fit(train, { batch: "centre" }), late)).toThrow(/Centre "C4" was not among the training rows \(C1, C2, C3\)/);
  });
  test("passes through where that is the rule", () => {
    expect(combat.apply(fit(train, { batch: "centre", newCentre: "passThrough" }), late)).toEqual(late);
  });
  test("with a reference centre its own shift is found: as if it had been fitted with the others", () => {
    // against a reference, each centre's effect depends on its own rows and the reference alone (without covariates)
    const options = { batch: "centre", reference: "C2" };
    const late2 = combat.apply(fit(train, { ...options, newCentre: "transductive" }), late);
    const whole = combat.apply(fit(table, options), table);
    for (const f of features) expect(unequal(numbersOf(late2, f), numbersOf(selectRows(whole, rows.filter(isNew)), f), 1e-9, 1), f).toEqual([]);
    expect(() => combat.apply(fit(train, { ...options, newCentre: "transductive" }), selectRows(late, [0]))).toThrow(/one row/);
    expect(() => fit(train, { batch: "centre", newCentre: "transductive" })).toThrow(/only with a reference/);
  });
});

test("a planted shift and scale go: centres differ by noise afterwards", () => {
  const shift = (v: number, r: number) => (centres.text.centre[r] === "C3" ? 3 * v + 20 : v);
  const planted = makeTable(table.id, { ...table.columns, ...Object.fromEntries(features.map((f) => [f, numberColumn(centres[f].map(shift))])) });
  const clean = combat.apply(fit(planted, { batch: "centre" }), planted);
  const mean = (c: string, f: string) => { const v = numbersOf(clean, f).filter((_, r) => centres.text.centre[r] === c); return v.reduce((a, b) => a + b, 0) / v.length; };
  for (const f of features) expect(Math.abs(mean("C3", f) - mean("C1", f)), f).toBeLessThan(2);
});

test("what combat cannot adjust is named", () => {
  const bad = (columns: Table["columns"], options: Partial<CombatOptions> = {}) => () => fit({ ...table, columns: { ...table.columns, ...columns } }, { batch: "centre", ...options });
  expect(bad({ cov1: numberColumn(centres.text.centre.map((c) => (c === "C1" ? 1 : 0))) }, { covariates: ["cov1"] })).toThrow(/cov1 cannot be told apart from the centres/);
  expect(bad({ f3: numberColumn(centres.f3.map((v, r) => (r === 4 ? NaN : v))) })).toThrow(/f3 has 1 missing value of 60/);
  expect(bad({ centre: categoryColumn(centres.text.centre.map((c, r) => (r === 0 ? "X" : c))) })).toThrow(/Centre X has one training row/);
  expect(bad({ centre: categoryColumn(centres.text.centre.map(() => "X")) })).toThrow(InputError);
  expect(bad({}, { reference: "C9" })).toThrow(/"C9" has no training rows/);
  const flat = fit({ ...table, columns: { ...table.columns, f3: numberColumn(centres.f3.map((v, r) => (centres.text.centre[r] === "C2" ? 5 : v))) } }, { batch: "centre" });
  expect(flat.unadjusted).toEqual(["f3"]);
  expect(flat.warnings[0]).toMatch(/f3 is constant within a centre/);
});
