// Every option that a plan may say of a step or learner reaches the method: with it, what is fitted differs from what is fitted without.
import { expect, test } from "vitest";
import { categoryColumn, makeTable, numberColumn, type BinaryOutcome, type SurvivalOutcome, type Table } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";
import { checkText, fitPipeline, planLearners, planSteps, resolvePlan, type CohortData, type PlanInput, type SetFacts } from "../../src/study/index.js";
import { thresholdOf } from "../../src/study/estimates/merit.js";
import { riskCut } from "../../src/study/estimates/riskCut.js";

const n = 150;
const random = randomStream("plan options");
const normal = (name: string) => { const r = random.stream(name); return Float64Array.from({ length: n }, () => r.normal()); };
const [x1, x2, e3, e4, x5, x6, other] = ["x1", "x2", "e3", "e4", "x5", "x6", "other"].map(normal);
const site = Array.from({ length: n }, (_, i) => ["A", "B", "C"][i % 3]);
const chance = random.stream("categories");
const g = Array.from({ length: n }, (_, i) => (i % 11 === 3 ? null : ["low", "middle", "high"][Math.min(2, Math.floor(chance.next() * 2 + (x1[i] > 0 ? 1 : 0)))]));
const h = Array.from({ length: n }, (_, i) => (i % 13 === 5 ? null : chance.next() < (x2[i] > 0 ? 0.7 : 0.3) ? "yes" : "no"));
const lift = x1.map((v, i) => 0.9 * v + 0.6 * x2[i] + 0.5 * x6[i] + normal("noise")[i]);
const event = Uint8Array.from(lift, (v) => (v > 0.4 ? 1 : 0));
const time = Float64Array.from(lift, (v, i) => Math.ceil(24 * Math.exp(-0.6 * v) * (0.5 + Math.abs(e4[i]))));
const numbers = { x1, x2, x3: x1.map((v, i) => v + 0.2 * e3[i]), x4: x1.map((v, i) => v + x2[i] + 0.3 * e4[i]), x5, x6, x7: other.map((v) => Math.exp(v)), coarse: x5.map((v) => Math.round(2 * v)) };
const columns = Object.fromEntries(Object.entries(numbers).map(([name, v]) => [name, numberColumn(Array.from(v, (a, i) => (a + (site[i] === "B" ? 0.7 : 0)) * (site[i] === "C" ? 1.4 : 1)))]));
const whole: Table = makeTable(Array.from({ length: n }, (_, i) => `p${i % 140}`), {
  ...columns, x5gap: numberColumn(Array.from(x5, (v, i) => (i % 7 === 0 ? NaN : v + 0.5 * x1[i]))), x6gap: numberColumn(Array.from(x6, (v, i) => (i % 9 === 0 ? NaN : v))), g: categoryColumn(g, ["low", "middle", "high"], true), h: categoryColumn(h, ["no", "yes"]),
  again: numberColumn(Array.from(numbers.x1, (v, i) => v + 0.5 * e4[i])), dose: numberColumn(other), arm: categoryColumn(Array.from(x6, (v) => (v > 0 ? "b" : v > -0.7 ? "a" : "c"))), scanner: categoryColumn(Array.from({ length: n }, (_, i) => ["s", "t"][i % 2])),
});
const outcomes = { binary: { kind: "binary", event, name: "response" } as BinaryOutcome, survival: { kind: "survival", time, event, cause: event.map((e, i) => (e === 1 ? 1 : i % 5 === 0 ? 2 : 0)), unit: "months", name: "survival" } as SurvivalOutcome };

type Kind = keyof typeof outcomes;
type Options = Record<string, unknown>;
/** The one block of a plan, fitted, as text without the options themselves. */
function fitted(kind: Kind, from: string[], steps: PlanInput["models"][string]["steps"], learner: PlanInput["models"][string]["learner"]): string {
  const key = JSON.stringify([kind, from, steps, learner]);
  if (!known.has(key)) known.set(key, fittedAnew(kind, from, steps, learner));
  return known.get(key)!;
}
const known = new Map<string, string>();

function fittedAnew(kind: Kind, from: string[], steps: PlanInput["models"][string]["steps"], learner: PlanInput["models"][string]["learner"]): string {
  const input = {
    radscore: 1, title: "t", cohorts: [{ name: "A", tables: [{ file: "f.csv", id: "id" }], centre: "scanner", readers: ["again.csv"] }],
    groups: { own: from }, models: { m: { from: ["own"], steps, learner } }, validation: { crossValidation: false, bootstrap: false },
    outcome: kind === "binary" ? { kind, name: "response", column: "y", event: 1, noEvent: 0 } : { kind, name: "survival", time: "t", event: "d", codes: { event: 1, censored: 0, other: 2 }, unit: "months" },
    ...(kind === "survival" && { evaluation: { times: [12] } }),
  } as unknown as PlanInput;
  const plan = resolvePlan(input, [...Object.keys(whole.columns), "y", "t", "d"]);
  const reader = makeTable(whole.id.slice(0, 60), Object.fromEntries(Object.keys(columns).map((name) => [name, numberColumn(Array.from({ length: 60 }, (_, i) => (columns[name] as { values: Float64Array }).values[i] + (name === "x1" ? 0.05 : name === "x2" ? 0.72 : 1.6) * e3[i] + 0.3))])));
  const cohort: CohortData = { name: "A", role: "development", table: whole, outcome: outcomes[kind], centre: Array.from({ length: n }, (_, i) => ["s", "t"][i % 2]), readers: [{ name: "again", rows: Int32Array.from({ length: 60 }, (_, i) => i), table: reader }], flow: [] };
  const rows = Int32Array.from({ length: n }, (_, i) => i).filter((i) => i < 140);
  const [block] = fitPipeline(plan, cohort, cohort.readers.length > 0 && kind === "binary" ? rows : Int32Array.from({ length: n }, (_, i) => i), randomStream("fit"));
  return JSON.stringify([block.steps.map((s) => s.state), block.selected, block.model]);
}

const all = ["x1", "x2", "x3", "x4", "x5", "x6", "x7"];
const gaps = ["x1", "x2", "x5gap", "x6gap", "g", "h"];
/** Option → value; beside it options that it needs, and the columns and outcome that show it. */
type Case = { value: unknown; with?: Options; from?: string[]; kind?: Kind; before?: Options };
const steps: Record<string, Record<string, Case>> = {
  impute: {
    columns: { value: ["x5gap"] , from: ["x1", "x5gap"] }, method: { value: "mode" }, neighbours: { value: 2, with: { method: "knn" } }, donors: { value: 1, with: { method: "mice" } }, rounds: { value: 2, with: { method: "mice" } },
    numbers: { value: "normal", with: { method: "mice" } }, methods: { value: { g: "polytomous" }, with: { method: "mice" } }, imputation: { value: 2, with: { method: "mice" } },
  },
  zScore: { columns: { value: ["x1"] } }, minMax: { columns: { value: ["x1"] } }, robust: { columns: { value: ["x1"] } },
  yeoJohnson: { columns: { value: ["x7"] }, standardize: { value: false } },
  combat: {
    columns: { value: ["x1", "x2", "x3"] }, batch: { value: "arm" }, covariates: { value: ["dose"] }, parametric: { value: false }, meanOnly: { value: true }, reference: { value: "t" },
    newCentre: { value: "passThrough" },
  },
  icc: { columns: { value: ["x1", "x3"] }, form: { value: "ICC(3,1)" }, min: { value: 0.95 }, by: { value: "lower" }, repeats: { value: { x1: ["again"] }, from: ["x1"] } },
  variance: { columns: { value: ["x1"], with: { above: 100 } }, above: { value: 2 }, mostShare: { value: 0.05, from: [...all, "coarse"] } },
  univariable: { columns: { value: ["x1"] }, p: { value: 1e-6 }, test: { value: "welch" }, categoryTest: { value: "fisher", from: ["x1", "arm"] }, adjust: { value: "BH" } },
  correlation: { columns: { value: ["x1", "x3"] }, method: { value: "pearson", with: { max: 0.5 } }, max: { value: 0.4 }, drop: { value: "weakerOutcome", with: { max: 0.4 } } },
  cluster: { columns: { value: ["x1", "x3"] }, clusters: { value: 2 }, height: { value: 0.1 }, representative: { value: "outcome" } },
  vif: { columns: { value: ["x5", "x6"] }, max: { value: 1000 } },
  mrmr: { columns: { value: ["x5", "x6"], with: { count: 2 } }, count: { value: 2 }, scheme: { value: "MIQ" }, information: { value: "ranks" } },
  boruta: { columns: { value: ["x5", "x6"], with: { rounds: 3, trees: 10 } }, rounds: { value: 4, with: { trees: 10 } }, p: { value: 0.5, with: { rounds: 3, trees: 10 } }, tentative: { value: "keep", with: { rounds: 2, trees: 10 } }, trees: { value: 7, with: { rounds: 3 } }, tries: { value: 1, with: { rounds: 3, trees: 10 } } },
  lasso: { columns: { value: ["x5", "x6"] }, alpha: { value: 0.2 }, folds: { value: 4 }, lambda: { value: "1se" }, lambdas: { value: 12 }, lambdaRatio: { value: 0.2 } },
  stability: { columns: { value: ["x5", "x6"] }, scheme: { value: "halves" }, halves: { value: 10 }, count: { value: 1 }, threshold: { value: 0.95 }, alpha: { value: 0.3 } },
  smote: { ratio: { value: 0.9 }, neighbours: { value: 1 } }, upsample: { ratio: { value: 0.9 } }, undersample: { ratio: { value: 0.9 } },
  stepwise: {
    columns: { value: ["x5", "x6"] }, criterion: { value: "scoreLR" }, direction: { value: "forward", with: { criterion: "p" } }, enter: { value: 1e-7, with: { criterion: "scoreLR" } }, stay: { value: 1e-7, with: { criterion: "p", direction: "backward" } },
    always: { value: ["x5"] }, penalty: { value: 30 },
  },
};
const net: Record<string, Case> = {
  alpha: { value: 0.25 }, folds: { value: 4 }, lambda: { value: "1se" }, lambdas: { value: 12 }, lambdaRatio: { value: 0.2 }, standardize: { value: false }, nonNegative: { value: true, from: ["x1", "x4", "x5", "x7", "x3"] },
  penaltyFactor: { value: { x5: 0 } }, foldLambda: { value: "shared", with: { lambdas: 8 } }, measure: { value: "auc" },
};
const coxNet: Record<string, Case> = { ...net, measure: { value: "C" }, grouped: { value: false } };
const learners: Record<string, Record<string, Case>> = {
  logistic: { level: { value: 0.8 }, reference: { value: { arm: "c" } } }, firth: { level: { value: 0.8 }, reference: { value: { arm: "c" } }, profile: { value: true } },
  lasso: net, elasticNet: net, ridge: net, lassoCox: coxNet, elasticNetCox: coxNet, ridgeCox: coxNet,
  network: {
    hidden: { value: 2 }, activation: { value: "tanh" }, decay: { value: 0.5 }, loss: { value: "leastSquares" }, skip: { value: true }, starts: { value: 2 }, range: { value: 0.1 }, optimiser: { value: "rprop" },
    learningRate: { value: 0.1, with: { optimiser: "adam", maxIterations: 20 } }, maxIterations: { value: 5 }, tolerance: { value: 1e-2 }, standardize: { value: false }, earlyStopping: { value: 0.3 }, patience: { value: 1, with: { earlyStopping: 0.3, optimiser: "rprop", decay: 0 } }, reference: { value: { arm: "c" } },
  },
  cox: { ties: { value: "breslow" }, level: { value: 0.8 }, reference: { value: { arm: "c" } }, robust: { value: true }, clusterByPatient: { value: true } },
  firthCox: { ties: { value: "breslow" }, level: { value: 0.8 }, reference: { value: { arm: "c" } }, profile: { value: false } },
  fineGray: { level: { value: 0.8 }, reference: { value: { arm: "c" } } },
};

const plain: Record<Kind, string> = { binary: "logistic", survival: "cox" };
const ownFrom: Record<string, string[]> = { impute: gaps, smote: all, upsample: all };

for (const method of planSteps) {
  const cases = steps[method.name];
  test(`every option of the step ${method.name} reaches it`, () => {
    expect(Object.keys(method.options.shape).sort()).toEqual(Object.keys(cases).sort());
    for (const [option, { value, with: beside = {}, from = ownFrom[method.name] ?? all, kind = "binary" }] of Object.entries(cases)) {
      const fit = (options: Options) => fitted(kind, from, [{ [method.name]: options }] as never, plain[kind] as never);
      expect(fit({ ...beside, [option]: value }) === fit(beside), `${method.name}: ${option}`).toBe(false);
    }
  });
}

for (const method of planLearners) {
  const cases = learners[method.name], kind = method.outcomes![0];
  test(`every option of the learner ${method.name} reaches it`, () => {
    expect(Object.keys(method.options.shape).sort()).toEqual(Object.keys(cases).sort());
    // the six elastic nets are one method with another default
    const told = Object.entries(cases).filter(([option]) => !/^(elasticNet|ridge)/.test(method.name) || option === "alpha" || option === "lambda");
    for (const [option, { value, with: beside = {}, from = option === "reference" ? ["x1", "arm"] : all }] of told) {
      const fit = (options: Options) => fitted(kind, from, [], { [method.name]: options } as never);
      expect(fit({ ...beside, [option]: value }) === fit(beside), `${method.name}: ${option}`).toBe(false);
    }
  });
}

test("each criterion of stepwise is its own; survival's bic counts events", () => {
  const fit = (options: Options, kind: Kind = "binary") => fitted(kind, all, [{ stepwise: options }] as never, plain[kind] as never);
  const [aic, bic, p, score] = ["aic", "bic", "p", "scoreLR"].map((criterion) => fit({ criterion }));
  expect(new Set([aic, bic, p, score]).size).toBe(4);
  expect(fit({ criterion: "bicPatients" })).toBe(bic);
  expect(fit({ criterion: "bic" }, "survival")).toBe(fit({ criterion: "bicEvents" }, "survival"));
  expect(fit({ criterion: "bic" }, "survival")).not.toBe(fit({ criterion: "bicPatients" }, "survival"));
  // AIC is a penalty of 2; log(140) is BIC of 140 rows
  expect(JSON.parse(fit({ penalty: 2 }))[1]).toEqual(JSON.parse(aic)[1]);
  expect(JSON.parse(fit({ penalty: Math.log(140) }))[1]).toEqual(JSON.parse(bic)[1]);
});

test("a variable without penalty stays where λ lets nothing else in", () => {
  const lone = JSON.parse(fitted("binary", all, [], { lasso: { penaltyFactor: { x5: 0 }, lambda: 1 } } as never));
  expect(lone[1]).toEqual(["x5"]);
  expect(JSON.parse(fitted("binary", all, [], { lasso: { lambda: 1 } } as never))[1]).toEqual([]);
});

const study = (steps: string, learner: string, kind: Kind) => `radscore: 1
title: t
cohorts: [{ name: A, tables: [{ file: f.csv, id: id }] }]
groups: { own: [x1, x2] }
outcome: ${kind === "binary" ? "{ kind: binary, name: y, column: y, event: 1, noEvent: 0 }" : "{ kind: survival, name: s, time: t, event: d, codes: { event: 1, censored: 0 }, unit: months }"}
models: { m: { from: [own], steps: [${steps}], learner: ${learner} } }
${kind === "survival" ? "evaluation: { times: [12] }\n" : ""}`;

test.each([
  ["{ impute: { rounds: 3 } }", "logistic", "binary", /rounds belongs to method: mice, but the method is median/],
  ["{ impute: { method: knn, donors: 3 } }", "logistic", "binary", /donors belongs to method: mice, but the method is knn/],
  ["{ impute: { method: mice, donors: 3, neighbours: 4 } }", "logistic", "binary", /donors and neighbours are one number/],
  ["{ impute: { method: mice, methods: { x1: norm } } }", "logistic", "binary", /methods\.x1: is "norm"; expected one of pmm, normal, logistic/],
  ["{ mrmr: { information: states } }", "cox", "survival", /states are counted against classes, but the outcome is survival; expected ranks/],
  ["{ stability: { halves: 7 } }", "logistic", "binary", /7 halves make no whole number of pairs/],
  ["{ stepwise: { criterion: bicEvents } }", "logistic", "binary", /bicEvents counts events for Cox models/],
  ["{ stepwise: { criterion: scoreLR, direction: backward } }", "logistic", "binary", /Forward: LR, which begins with no variable/],
  ["{ stepwise: { criterion: bic, penalty: 3 } }", "logistic", "binary", /penalty is AIC's cost of a parameter/],
  ["variance", "{ network: { patience: 3 } }", "binary", /patience belongs to earlyStopping/],
  ["variance", "{ network: { learningRate: 0.1 } }", "binary", /learningRate belongs to optimiser: adam, but the optimiser is bfgs/],
] as const)("check tells of %s with %s (%s)", (steps, learner, kind, message) => {
  expect(checkText(study(steps, learner, kind), "p.yaml").problems.map((p) => p.message).join("\n")).toMatch(message);
});

const evaluated = (evaluation: object) => resolvePlan({
  radscore: 1, title: "t", cohorts: [{ name: "A", tables: [{ file: "f.csv", id: "id" }] }], groups: { own: ["x1"] }, models: { m: { from: ["own"], learner: "cox" } },
  outcome: { kind: "survival", name: "s", time: "t", event: "d", codes: { event: 1, censored: 0 }, unit: "months" }, evaluation: { times: [12], ...evaluation },
} as PlanInput);

test("a threshold reaches the sensitivity or specificity asked for, and no cut beyond it does", () => {
  const outcome: BinaryOutcome = { kind: "binary", name: "y", event: Uint8Array.from({ length: 40 }, (_, i) => Number(i % 8 > 3 ? i > 9 : i > 34)) };
  const risk = Float64Array.from({ length: 40 }, (_, i) => (i + 1) / 41);
  const binaryPlan = (threshold: unknown) => ({ ...evaluated({}), evaluation: { ...evaluated({}).evaluation, threshold } }) as ReturnType<typeof evaluated>;
  const share = (cut: number, of: number) => { const own = [...risk.keys()].filter((i) => outcome.event[i] === of); return own.filter((i) => (risk[i] >= cut) === (of === 1)).length / own.length; };
  for (const goal of [0.7, 0.9]) {
    const cut = thresholdOf(binaryPlan({ sensitivity: goal }), outcome, risk)!, higher = Math.min(...risk.filter((r) => r > cut + 1 / 41));
    expect(share(cut, 1)).toBeGreaterThanOrEqual(goal);
    expect(share(higher, 1)).toBeLessThan(goal);
    expect(share(thresholdOf(binaryPlan({ specificity: goal }), outcome, risk)!, 0)).toBeGreaterThanOrEqual(goal);
  }
  const corner = (cut: number) => (1 - share(cut, 1)) ** 2 + (1 - share(cut, 0)) ** 2, youden = (cut: number) => share(cut, 1) + share(cut, 0) - 1;
  const [closest, best] = ["closest", "youden"].map((t) => thresholdOf(binaryPlan(t), outcome, risk)!);
  for (const r of risk) {
    expect(corner(r)).toBeGreaterThanOrEqual(corner(closest) - 1e-12);
    expect(youden(r)).toBeLessThanOrEqual(youden(best) + 1e-12);
  }
});

test.each(["minimum-p", "maxstat", "x-tile"])("the smallest group of a cut by %s is the plan's", (method) => {
  // a planted cut: the last sixth of the predictor dies early
  const linear = Float64Array.from({ length: 120 }, (_, i) => i), follow: SurvivalOutcome = { kind: "survival", name: "s", unit: "months", event: new Uint8Array(120).fill(1), time: Float64Array.from(linear, (_, i) => (i >= 100 ? 1 + i / 1000 : 10 + ((i * 37) % 97))) };
  const cut = (minimum?: number) => {
    const plan = evaluated({ cutpoint: { method, ...(minimum !== undefined && { minimum }) } });
    return riskCut(plan, { cohort: { outcome: follow }, rows: Int32Array.from(linear.keys()), predictions: { m: { linear, probability: [] } } } as unknown as SetFacts)!.values[0];
  };
  expect(Math.floor(cut())).toBe(99);
  expect(120 - linear.filter((v) => v <= cut(0.4)).length).toBeGreaterThanOrEqual(48);
});

test("a smallest group without a search, and thresholds that are none, are told", () => {
  const problems = (evaluation: string) => checkText(`${study("variance", "cox", "survival").replace("times: [12] }", `times: [12], ${evaluation} }`)}`, "p.yaml").problems.map((p) => p.message).join("\n");
  expect(problems("cutpoint: { method: median, minimum: 0.2 }")).toMatch(/minimum bounds a search, but median makes none/);
  expect(problems("threshold: { sensitivty: 0.9 }")).toMatch(/sensitivty/);
  expect(problems("threshold: { sensitivity: 1.2 }")).toMatch(/1\.2/);
});

test.each(["smote", "upsample", "undersample"])("an empty selection before %s is the null model, not an error", (balance) => {
  const [states, selected, model] = JSON.parse(fitted("binary", all, [{ variance: { above: 1e9 } }, balance] as never, "logistic" as never));
  expect([states[1], selected, model]).toEqual([null, [], null]);
});
