// Simulation tests of truth that need several methods' cohorts: seeded, replicates stated, judged within 3 Monte Carlo standard errors.
import { expect, test } from "vitest";
import { categoryColumn, combat, makeTable, numberColumn, numbersOf } from "../../src/cohort/index.js";
import { aalenJohansen, compareTimeRoc, delongPaired, grayTest, incidenceAt, kaplanMeier, restrictedMean, timeRoc } from "../../src/evaluate/index.js";
import { randomStream, type Random } from "../../src/math/index.js";
import { fineGray, firthCox } from "../../src/model/index.js";

const share = (count: number, replicates: number, truth: number) => expect(Math.abs(count / replicates - truth)).toBeLessThan(3 * Math.sqrt((truth * (1 - truth)) / replicates));
const exponential = (random: Random, mean: number) => -Math.log(1 - random.next()) * mean;

// 400 cohorts of 120: times exponential (mean 20), censored uniformly on (5, 45); two markers that know nothing: AUC(t) is .5 and the two are equal
test("AUC(t) of noise is .5 on average, its interval covers, and the comparison's p is uniform: 400 replicates", () => {
  const random = randomStream("null AUC(t)");
  const reps = 400;
  let [sum, squares, covered, below05, below50] = [0, 0, 0, 0, 0];
  for (let r = 0; r < reps; r++) {
    const [event, time]: number[][] = [[], []];
    for (let i = 0; i < 120; i++) {
      const [t, c] = [exponential(random, 20), 5 + 40 * random.next()];
      time.push(Math.min(t, c));
      event.push(Number(t <= c));
    }
    const [a, b] = [0, 1].map(() => timeRoc({ time, event }, time.map(() => random.normal()), [15]));
    sum += a.times[0].auc;
    squares += (a.times[0].auc - 0.5) * (a.times[0].auc - 0.5);
    if (a.times[0].lower <= 0.5 && a.times[0].upper >= 0.5) covered++;
    const [{ p }] = compareTimeRoc(a, b);
    if (p <= 0.05) below05++;
    if (p <= 0.5) below50++;
  }
  expect(Math.abs(sum / reps - 0.5)).toBeLessThan((3 * Math.sqrt(squares / reps)) / Math.sqrt(reps));
  share(covered, reps, 0.95);
  share(below05, reps, 0.05);
  share(below50, reps, 0.5);
});

// 500 cohorts of 150 (half with the event): two markers that tell the same
test("DeLong's paired p is uniform where two markers are equally good: 500 replicates", () => {
  const random = randomStream("equal markers");
  let [below05, below50] = [0, 0];
  for (let r = 0; r < 500; r++) {
    const event = Array.from({ length: 150 }, (_, i) => i % 2);
    const shared = event.map(() => random.normal());
    const [a, b] = [0, 1].map(() => event.map((e, i) => e + shared[i] + random.normal()));
    const { p } = delongPaired(a, b, event);
    if (p <= 0.05) below05++;
    if (p <= 0.5) below50++;
  }
  share(below05, 500, 0.05);
  share(below50, 500, 0.5);
});

// two causes with constant hazards .04 e^{…} and .02, censored uniformly on (10, 60); F₁(t) = ⅔(1 − e^{−.06 t}); 400 cohorts of 100
test("Gray's p is uniform under the null, and the interval of a cumulative incidence covers: 400 replicates", () => {
  const random = randomStream("competing risks");
  const truth = (2 / 3) * (1 - Math.exp(-0.6));
  let [below05, below50, covered] = [0, 0, 0];
  for (let r = 0; r < 400; r++) {
    const [cause, time]: number[][] = [[], []];
    for (let i = 0; i < 100; i++) {
      const [one, two, c] = [exponential(random, 25), exponential(random, 50), 10 + 50 * random.next()];
      const t = Math.min(one, two, c);
      time.push(t);
      cause.push(t === c ? 0 : t === one ? 1 : 2);
    }
    const { p } = grayTest({ time, cause }, time.map((_, i) => i % 2));
    if (p <= 0.05) below05++;
    if (p <= 0.5) below50++;
    const [at] = incidenceAt(aalenJohansen({ time, cause }), 1, [10]);
    if (at.lower <= truth && truth <= at.upper) covered++;
  }
  share(below05, 400, 0.05);
  share(below50, 400, 0.5);
  share(covered, 400, 0.95);
});

// exponential times of mean 10, censored uniformly on (4, 24): mean up to 8 is 10(1 − e^{−.8}); 400 cohorts of 80
test("the interval of the restricted mean covers: 400 replicates", () => {
  const random = randomStream("restricted mean");
  const truth = 10 * (1 - Math.exp(-0.8));
  let covered = 0;
  for (let r = 0; r < 400; r++) {
    const pairs = Array.from({ length: 80 }, () => [exponential(random, 10), 4 + 20 * random.next()]);
    const mean = restrictedMean(kaplanMeier({ time: pairs.map(([t, c]) => Math.min(t, c)), event: pairs.map(([t, c]) => Number(t <= c)) }), 8);
    if (mean.lower <= truth && truth <= mean.upper) covered++;
  }
  share(covered, 400, 0.95);
});

// Fine & Gray's own design: P(cause 1 by t | x) = 1 − (1 − p(1 − e^{−t}))^{e^{βx}}, p = .6, β = .5; censored uniformly on (.5, 4); 300 cohorts of 200
test("Fine–Gray's interval covers the subdistribution hazard ratio: 300 replicates", () => {
  const random = randomStream("Fine-Gray");
  const [p, beta] = [0.6, 0.5];
  let covered = 0;
  for (let r = 0; r < 300; r++) {
    const x = Float64Array.from({ length: 200 }, (_, i) => i % 2);
    const [cause, time]: number[][] = [[], []];
    for (const v of x) {
      const ratio = Math.exp(beta * v);
      const never = Math.pow(1 - p, ratio);
      const q = random.next();
      const t = q < 1 - never ? -Math.log(1 - (1 - Math.pow(1 - q, 1 / ratio)) / p) : exponential(random, 1 / ratio);
      const c = 0.5 + 3.5 * random.next();
      time.push(Math.min(t, c));
      cause.push(t > c ? 0 : q < 1 - never ? 1 : 2);
    }
    const model = fineGray({ names: ["x"], columns: [x], n: 200 }, time, cause);
    if (model.ci[0][0] <= Math.exp(beta) && Math.exp(beta) <= model.ci[0][1]) covered++;
  }
  share(covered, 300, 0.95);
});

// few events: 40 patients, a rare exposure (8 of 40), hazard ratio 2; the profile interval of the penalised likelihood, 300 cohorts
test("Firth's Cox interval covers where events are few: 300 replicates", () => {
  const random = randomStream("Firth Cox");
  let covered = 0;
  for (let r = 0; r < 300; r++) {
    const x = Float64Array.from({ length: 40 }, (_, i) => Number(i < 8));
    const pairs = Array.from(x, (v) => [exponential(random, v === 1 ? 10 : 20), 15 * random.next()]);
    const model = firthCox({ names: ["x"], columns: [x], n: 40 }, { time: pairs.map(([t, c]) => Math.min(t, c)), event: pairs.map(([t, c]) => Number(t <= c)) });
    if (model.ci[0][0] <= 2 && 2 <= model.ci[0][1]) covered++;
  }
  share(covered, 300, 0.95);
});

// 40 features of 2 × 40 patients, centre B shifted by 2 and spread by 1.5, a covariate that differs between the centres and moves each feature by 1; 60 cohorts
test("ComBat removes a planted shift and spread and keeps the covariate's effect: 60 replicates", () => {
  const random = randomStream("planted shift");
  const shifts: number[] = [], spreads: number[] = [], effects: number[] = [];
  const names = Array.from({ length: 40 }, (_, j) => `f${j}`);
  for (let r = 0; r < 60; r++) {
    const centre = Array.from({ length: 80 }, (_, i) => (i < 40 ? "A" : "B"));
    const x = centre.map((c, i) => Number(i % 4 < (c === "A" ? 1 : 3)));
    const features = Object.fromEntries(names.map((name) => [name, numberColumn(Float64Array.from(centre, (c, i) => x[i] + (c === "B" ? 2 + 1.5 * random.normal() : random.normal())))]));
    const table = makeTable(centre.map((_, i) => `P${i}`), { centre: categoryColumn(centre), x: numberColumn(Float64Array.from(x)), ...features });
    const clean = combat.apply(combat.fit(table, { kind: "continuous", value: new Float64Array(), name: "" }, { batch: "centre", columns: names, covariates: ["x"] }, undefined as never), table);
    const residual = (name: string, c: string, k: number) => Array.from(numbersOf(clean, name)).filter((_, i) => centre[i] === c && x[i] === k);
    const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
    const average = (of: (name: string) => number) => mean(names.map(of));
    shifts.push(average((f) => (mean(residual(f, "B", 0)) + mean(residual(f, "B", 1)) - mean(residual(f, "A", 0)) - mean(residual(f, "A", 1))) / 2));
    effects.push(average((f) => (mean(residual(f, "A", 1)) - mean(residual(f, "A", 0)) + mean(residual(f, "B", 1)) - mean(residual(f, "B", 0))) / 2));
    const variance = (v: number[]) => v.reduce((a, b) => a + (b - mean(v)) * (b - mean(v)), 0) / (v.length - 1);
    spreads.push(average((f) => Math.log(variance(residual(f, "B", 1)) / variance(residual(f, "A", 0)))));
  }
  // each feature's shift, 2 of its own standard deviations as estimated, is shrunken towards the others', which leaves a bias that no replicate removes: under 1 %
  for (const [values, truth, bias] of [[shifts, 0, 0.02], [effects, 1, 0], [spreads, 0, 0]] as const) {
    const m = values.reduce((a, b) => a + b, 0) / values.length;
    const se = Math.sqrt(values.reduce((a, b) => a + (b - m) * (b - m), 0) / (values.length - 1) / values.length);
    expect(Math.abs(m - truth)).toBeLessThan(3 * se + bias);
  }
});
