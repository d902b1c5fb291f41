// What is wrong with the data is named, and what cannot be computed is NaN with a warning: every public measure, every bad case that it can meet.
import { describe, expect, test } from "vitest";
import * as evaluate from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { outcomeOf, silent } from "./silence.js";

type Survival = { time: number[]; event: number[]; marker: number[]; risk: number[]; group: number[]; cause: number[]; weights: number[] };
type Binary = { score: number[]; risk: number[]; event: number[] };

const n = 40;
const u = randomStream("bad input");
const survival: Survival = {
  time: Array.from({ length: n }, () => Math.ceil(30 * u.next())), event: Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 0 : 1)), marker: Array.from({ length: n }, () => u.normal()),
  risk: Array.from({ length: n }, () => 0.1 + 0.8 * u.next()), group: Array.from({ length: n }, (_, i) => i % 2), cause: Array.from({ length: n }, (_, i) => i % 3), weights: Array.from({ length: n }, (_, i) => 1 + (i % 2)),
};
const binary: Binary = { event: Array.from({ length: n }, (_, i) => i % 2), score: Array.from({ length: n }, () => u.normal()), risk: Array.from({ length: n }, () => 0.1 + 0.8 * u.next()) };
const random = () => randomStream(1);
const fold = (s: Survival) => ({ time: s.time, event: s.event });

/** Every measure of follow-up; `uses` says what it reads beside time and event. */
const ofSurvival: Record<string, { uses: (keyof Survival)[]; run: (s: Survival) => unknown }> = {
  kaplanMeier: { uses: ["weights"], run: (s) => evaluate.kaplanMeier(fold(s), { weights: s.weights }) },
  medianSurvival: { uses: [], run: (s) => evaluate.medianSurvival(evaluate.kaplanMeier(fold(s))) },
  reverseKaplanMeier: { uses: [], run: (s) => evaluate.reverseKaplanMeier(fold(s)) },
  restrictedMean: { uses: [], run: (s) => evaluate.restrictedMean(evaluate.kaplanMeier(fold(s)), 10) },
  restrictedMeanDifference: { uses: [], run: (s) => evaluate.restrictedMeanDifference(...([0, 1].map((g) => ({ time: s.time.filter((_, i) => i % 2 === g), event: s.event.filter((_, i) => i % 2 === g) })) as [never, never]), 5) },
  roystonD: { uses: ["marker"], run: (s) => evaluate.roystonD(fold(s), s.marker) },
  survivalCalibrationOptimism: {
    uses: ["risk"], run: (s) => evaluate.survivalCalibrationOptimism({ fit: () => 0, predict: (_, rows) => Float64Array.from(rows, (i) => 1 - s.risk[i]) }, fold(s), 10, { random: random(), resamples: 5, groups: 2 }),
  },
  survivalCalibrationOptimismSpline: {
    uses: ["risk"], run: (s) => evaluate.survivalCalibrationOptimism({ fit: () => 0, predict: (_, rows) => Float64Array.from(rows, (i) => 1 - s.risk[i]) }, fold(s), 10, { random: random(), resamples: 5, method: "spline" }),
  },
  logRank: { uses: ["group"], run: (s) => evaluate.logRank(fold(s), s.group) },
  pairwiseLogRank: { uses: ["group"], run: (s) => evaluate.pairwiseLogRank(fold(s), s.group) },
  concordance: { uses: ["marker", "weights"], run: (s) => evaluate.concordance(fold(s), s.marker, { weights: s.weights }) },
  unoConcordance: { uses: ["marker"], run: (s) => evaluate.concordance(fold(s), s.marker, { timeWeight: "n/G2", tau: 20 }) },
  compareConcordance: { uses: ["marker", "risk"], run: (s) => evaluate.compareConcordance(fold(s), s.marker, s.risk) },
  concordanceSurvcomp: { uses: ["marker"], run: (s) => evaluate.concordanceSurvcomp(fold(s), s.marker) },
  compareConcordanceSurvcomp: { uses: ["marker", "risk"], run: (s) => evaluate.compareConcordanceSurvcomp(fold(s), s.marker, s.risk) },
  timeRoc: { uses: ["marker"], run: (s) => evaluate.timeRoc(fold(s), s.marker, [10]) },
  timeRocCurve: { uses: ["marker"], run: (s) => evaluate.timeRocCurve(fold(s), s.marker, 10) },
  timeRocWindow: { uses: ["marker"], run: (s) => evaluate.timeRocWindow(fold(s), s.marker, 5, 20) },
  timeRocCox: { uses: ["marker"], run: (s) => evaluate.timeRocCox(fold(s), s.marker, [10]) },
  timeRocNearest: { uses: ["marker"], run: (s) => evaluate.timeRocNearest(fold(s), s.marker, [10]) },
  timeRocNearestWindow: { uses: ["marker"], run: (s) => evaluate.timeRocNearestWindow(fold(s), s.marker, 5, 20) },
  brierSurvival: { uses: ["risk"], run: (s) => evaluate.brierSurvival(fold(s), [s.risk], [10]) },
  survivalCalibrationGroups: { uses: ["risk"], run: (s) => evaluate.survivalCalibrationGroups(fold(s), s.risk, 10) },
  survivalCalibrationCurve: { uses: ["risk"], run: (s) => evaluate.survivalCalibrationCurve(fold(s), s.risk, 10) },
  survivalCalibrationCurvePseudo: { uses: ["risk"], run: (s) => evaluate.survivalCalibrationCurve(fold(s), s.risk, 10, { method: "pseudo-values" }) },
  decisionCurveSurvival: { uses: ["risk"], run: (s) => evaluate.decisionCurveSurvival({ model: s.risk }, fold(s), 10) },
  pseudoValues: { uses: [], run: (s) => evaluate.pseudoValues(fold(s), [10]) },
  minimumPCut: { uses: ["marker"], run: (s) => evaluate.minimumPCut(fold(s), s.marker) },
  permutationCutP: { uses: ["marker"], run: (s) => evaluate.permutationCutP(fold(s), s.marker, random(), { permutations: 19 }) },
  crossValidatedCut: { uses: ["marker"], run: (s) => evaluate.crossValidatedCut(fold(s), s.marker, random(), { permutations: 9 }) },
  medianCut: { uses: ["marker"], run: (s) => evaluate.medianCut(fold(s), s.marker) },
  maxstatCut: { uses: ["marker"], run: (s) => evaluate.maxstatCut(fold(s), s.marker) },
  xTile: { uses: ["marker"], run: (s) => evaluate.xTile(fold(s), s.marker, { groups: 2 }) },
  aalenJohansen: { uses: ["cause", "weights"], run: (s) => evaluate.aalenJohansen({ time: s.time, cause: s.cause.map((c, i) => (s.event[i] === 0 ? 0 : c)) }, { weights: s.weights }) },
  meanTimeLost: { uses: ["cause", "weights"], run: (s) => evaluate.meanTimeLost({ time: s.time, cause: s.cause.map((c, i) => (s.event[i] === 0 ? 0 : c)) }, 10, { weights: s.weights }) },
  grayTest: { uses: ["cause", "group"], run: (s) => evaluate.grayTest({ time: s.time, cause: s.cause.map((c, i) => (s.event[i] === 0 ? 0 : c)) }, s.group) },
};

const ofBinary: Record<string, { uses: (keyof Binary)[]; run: (s: Binary) => unknown }> = {
  rocCurve: { uses: ["score"], run: (s) => evaluate.rocCurve(s.score, s.event) },
  auc: { uses: ["score"], run: (s) => evaluate.auc(s.score, s.event) },
  aucDelong: { uses: ["score"], run: (s) => evaluate.aucDelong(s.score, s.event) },
  // the two halves of the patients
  delongUnpaired: {
    uses: ["score"], run: (s) => {
      const half = Math.ceil(s.event.length / 2);
      return evaluate.delongUnpaired({ score: s.score.slice(0, half), event: s.event.slice(0, half) }, { score: s.score.slice(half), event: s.event.slice(half) });
    },
  },
  delongPaired: { uses: ["score", "risk"], run: (s) => evaluate.delongPaired(s.score, s.risk, s.event) },
  bootstrapAuc: { uses: ["score"], run: (s) => evaluate.bootstrapAuc(s.score, s.event, { random: random(), resamples: 50 }) },
  bootstrapAucDifference: { uses: ["score", "risk"], run: (s) => evaluate.bootstrapAucDifference(s.score, s.risk, s.event, { random: random(), resamples: 50 }) },
  bestCut: { uses: ["score"], run: (s) => evaluate.bestCut(evaluate.rocCurve(s.score, s.event)) },
  partialAuc: { uses: ["score"], run: (s) => evaluate.partialAuc(evaluate.rocCurve(s.score, s.event), { from: 1, to: 0.2 }) },
  confusion: { uses: ["score"], run: (s) => evaluate.confusion(s.score, s.event) },
  netReclassification: { uses: ["risk"], run: (s) => evaluate.netReclassification(s.risk, s.risk.map((r) => r * r), s.event, { cuts: [0.3] } as never) },
  integratedDiscrimination: { uses: ["risk"], run: (s) => evaluate.integratedDiscrimination(s.risk, s.risk.map((r) => r * r), s.event) },
  calibrationLine: { uses: ["risk"], run: (s) => evaluate.calibrationLine(s.risk, s.event) },
  recalibration: { uses: ["risk"], run: (s) => evaluate.recalibration(s.risk, s.event) },
  calibrationCurve: { uses: ["risk"], run: (s) => evaluate.calibrationCurve(s.risk, s.event) },
  calibrationSpline: { uses: ["risk"], run: (s) => evaluate.calibrationCurve(s.risk, s.event, { method: "spline" }) },
  hosmerLemeshow: { uses: ["risk"], run: (s) => evaluate.hosmerLemeshow(s.risk, s.event) },
  brierBinary: { uses: ["risk"], run: (s) => evaluate.brierBinary(s.risk, s.event) },
  compareBrier: { uses: ["risk"], run: (s) => evaluate.compareBrier(s.risk, "null", s.event) },
  valProb: { uses: ["risk"], run: (s) => evaluate.valProb(s.risk, s.event) },
  decisionCurve: { uses: ["risk"], run: (s) => evaluate.decisionCurve({ model: s.risk }, s.event) },
};

const put = (values: number[], value: number) => values.map((v, i) => (i === 3 ? value : v));

/** Cases that are an error of the data, by what they touch. */
const wrongSurvival: [string, keyof Survival | "time" | "event", (s: Survival) => Survival][] = [
  ["a missing time", "time", (s) => ({ ...s, time: put(s.time, NaN) })],
  ["a negative time", "time", (s) => ({ ...s, time: put(s.time, -1) })],
  ["an infinite time", "time", (s) => ({ ...s, time: put(s.time, Infinity) })],
  ["times of another length", "time", (s) => ({ ...s, time: s.time.slice(1) })],
  ["an event of 2", "event", (s) => ({ ...s, event: put(s.event, 2), cause: put(s.cause, 0.5) })],
  ["a missing event", "event", (s) => ({ ...s, event: put(s.event, NaN), cause: put(s.cause, NaN) })],
  ["a missing marker", "marker", (s) => ({ ...s, marker: put(s.marker, NaN) })],
  ["an infinite marker", "marker", (s) => ({ ...s, marker: put(s.marker, Infinity) })],
  ["a marker of another length", "marker", (s) => ({ ...s, marker: s.marker.slice(1) })],
  ["a missing risk", "risk", (s) => ({ ...s, risk: put(s.risk, NaN) })],
  ["an infinite weight", "weights", (s) => ({ ...s, weights: put(s.weights, Infinity) })],
  ["a negative weight", "weights", (s) => ({ ...s, weights: put(s.weights, -1) })],
  ["weights that are all 0", "weights", (s) => ({ ...s, weights: s.weights.map(() => 0) })],
  ["a missing group", "group", (s) => ({ ...s, group: put(s.group, NaN) })],
  ["nobody", "time", () => ({ time: [], event: [], marker: [], risk: [], group: [], cause: [], weights: [] })],
];

/** Cases that happen, and have a result, an error that names them, or NaN with a warning. */
const thinSurvival: [string, (s: Survival) => Survival][] = [
  ["one event", (s) => ({ ...s, event: s.event.map((_, i) => Number(i === 5)), cause: s.cause.map((_, i) => Number(i === 5)) })],
  ["nobody censored", (s) => ({ ...s, event: s.event.map(() => 1), cause: s.cause.map((c) => Math.max(1, c)) })],
  ["all censored", (s) => ({ ...s, event: s.event.map(() => 0), cause: s.cause.map(() => 0) })],
  ["all times equal", (s) => ({ ...s, time: s.time.map(() => 12) })],
  ["all times 0", (s) => ({ ...s, time: s.time.map(() => 0) })],
  ["all at the time asked for", (s) => ({ ...s, time: s.time.map(() => 10) })],
  ["a constant marker", (s) => ({ ...s, marker: s.marker.map(() => 1), risk: s.risk.map(() => 0.5) })],
  ["two marker values", (s) => ({ ...s, marker: s.group, risk: s.group.map((g) => 0.2 + 0.6 * g) })],
  ["risks of 0 and 1", (s) => ({ ...s, risk: s.group })],
  ["one group", (s) => ({ ...s, group: s.group.map(() => 0) })],
  ["an event in one group only", (s) => ({ ...s, event: s.event.map((e, i) => e * s.group[i]), cause: s.cause.map((c, i) => c * s.group[i]) })],
  ["a marker that orders the events", (s) => ({ ...s, marker: s.time.map((t) => -t), event: s.event.map(() => 1), cause: s.cause.map(() => 1) })],
  ["two patients", (s) => Object.fromEntries(Object.entries(s).map(([k, v]) => [k, v.slice(0, 2)])) as Survival],
  ["one patient", (s) => Object.fromEntries(Object.entries(s).map(([k, v]) => [k, v.slice(1, 2)])) as Survival],
  ["huge times", (s) => ({ ...s, time: s.time.map((t) => t * 1e12) })],
];

const wrongBinary: [string, keyof Binary, (s: Binary) => Binary][] = [
  ["an event of 2", "event", (s) => ({ ...s, event: put(s.event, 2) })],
  ["a missing event", "event", (s) => ({ ...s, event: put(s.event, NaN) })],
  ["events of another length", "event", (s) => ({ ...s, event: s.event.slice(1) })],
  ["a missing score", "score", (s) => ({ ...s, score: put(s.score, NaN) })],
  ["a missing risk", "risk", (s) => ({ ...s, risk: put(s.risk, NaN) })],
  ["nobody", "event", () => ({ event: [], score: [], risk: [] })],
];
const thinBinary: [string, (s: Binary) => Binary][] = [
  ["one class", (s) => ({ ...s, event: s.event.map(() => 1) })],
  ["the other class", (s) => ({ ...s, event: s.event.map(() => 0) })],
  ["one event", (s) => ({ ...s, event: s.event.map((_, i) => Number(i === 5)) })],
  ["a constant score", (s) => ({ ...s, score: s.score.map(() => 1), risk: s.risk.map(() => 0.5) })],
  ["complete separation", (s) => ({ ...s, score: s.event.map((e, i) => e + i / 1000), risk: s.event.map((e, i) => 0.1 + 0.6 * e + i / 1000) })],
  ["quasi-complete separation", (s) => ({ ...s, score: s.event.map((e, i) => (i === 0 ? 1 : e)), risk: s.event.map((e, i) => (i === 0 ? 0.8 : 0.2 + 0.6 * e)) })],
  ["risks of 0 and 1", (s) => ({ ...s, risk: s.risk.map((r) => Number(r > 0.5)), score: s.score.map((r) => Number(r > 0)) })],
  ["risks of 0 and 1 that are right", (s) => ({ ...s, risk: s.event, score: s.event })],
  ["two patients", (s) => ({ event: s.event.slice(0, 2), score: s.score.slice(0, 2), risk: s.risk.slice(0, 2) })],
  ["one patient", (s) => ({ event: s.event.slice(0, 1), score: s.score.slice(0, 1), risk: s.risk.slice(0, 1) })],
];

describe.each(Object.entries(ofSurvival))("%s", (measure, { uses, run }) => {
  test("the good cohort gives numbers without NaN", () => expect(silent(measure, run(survival))).toEqual([]));
  for (const [name, touched, spoil] of wrongSurvival) {
    if (touched !== "time" && touched !== "event" && !uses.includes(touched)) continue;
    test(`${name} is named`, () => expect(outcomeOf(() => run(spoil(survival))).error).toBeTypeOf("string"));
  }
  test.each(thinSurvival)("%s: a result, an error that says so, or NaN with a warning", (_name, spoil) => {
    const { error, result } = outcomeOf(() => run(spoil(survival)));
    if (error === undefined) expect(silent(measure, result)).toEqual([]);
  });
});

describe.each(Object.entries(ofBinary))("%s", (measure, { uses, run }) => {
  test("the good cohort gives numbers without NaN", () => expect(silent(measure, run(binary))).toEqual([]));
  for (const [name, touched, spoil] of wrongBinary) {
    if (touched !== "event" && !uses.includes(touched)) continue;
    test(`${name} is named`, () => expect(outcomeOf(() => run(spoil(binary))).error).toBeTypeOf("string"));
  }
  test.each(thinBinary)("%s: a result, an error that says so, or NaN with a warning", (_name, spoil) => {
    const { error, result } = outcomeOf(() => run(spoil(binary)));
    if (error === undefined) expect(silent(measure, result)).toEqual([]);
  });
});

/** What only single functions take, refused in a sentence that names it: the call, and what the sentence must say. */
const groups = survival.group;
const trendOf = evaluate.logRank(fold(survival), groups);
const competing = { time: survival.time, cause: survival.cause };
const refused: [string, RegExp, () => unknown][] = [
  ["grayTest, the censored as the cause", /cause of interest is 0/, () => evaluate.grayTest(competing, groups, { cause: 0 })],
  ["grayTest, half a cause", /cause of interest is 1\.5/, () => evaluate.grayTest(competing, groups, { cause: 1.5 })],
  ["grayTest, a cause NaN", /cause of interest is NaN/, () => evaluate.grayTest(competing, groups, { cause: NaN })],
  ["lausen92, b NaN", /statistic is NaN/, () => evaluate.lausen92(NaN, 0.1, 0.9)],
  ["lausen94, b NaN", /statistic is NaN/, () => evaluate.lausen94(NaN, [4, 5], 10)],
  ["lausen94, sizes that fall", /cut 2 has 4 of 10/, () => evaluate.lausen94(3, [5, 4], 10)],
  ["lausen94, everybody low", /cut 2 has 10 of 10/, () => evaluate.lausen94(3, [5, 10], 10)],
  ["survivalFromPredictor, a predictor missing", /row 2 is NaN/, () => evaluate.survivalFromPredictor(0, [1, NaN])],
  ["survivalFromPredictor, an infinite predictor", /row 1 is Infinity/, () => evaluate.survivalFromPredictor(1, [Infinity])],
  ["eventsPerParameter, no final parameter", /0 parameters in the final model/, () => evaluate.eventsPerParameter(50, 5, 0)],
  ["eventsPerParameter, final NaN", /NaN parameters in the final model/, () => evaluate.eventsPerParameter(50, 5, NaN)],
  ...[-5, 0, NaN, Infinity].map((size): [string, RegExp, () => unknown] =>
    [`survivalCalibrationGroups, size ${size}`, new RegExp(`groups of ${size} patients`), () => evaluate.survivalCalibrationGroups(fold(survival), survival.risk, 10, { size })]),
  ["logRankTrend, a score missing", /score of group 1 is NaN/, () => evaluate.logRankTrend(trendOf, [1, NaN])],
  ["logRankTrend, an infinite score", /score of group 0 is Infinity/, () => evaluate.logRankTrend(trendOf, [Infinity, 1])],
  ["logRankTrend, equal scores", /all 2 scores are 0\.1/, () => evaluate.logRankTrend(trendOf, [0.1, 0.1])],
  ["recalibrate, no intercept", /intercept NaN and slope 1/, () => evaluate.recalibrate(binary.risk, { intercept: NaN, slope: 1 })],
  ["recalibrate, an infinite slope", /slope Infinity/, () => evaluate.recalibrate(binary.risk, { intercept: 0, slope: Infinity })],
  ...[NaN, -1, 2.5].map((permutations): [string, RegExp, () => unknown] =>
    [`xTile, ${permutations} permutations`, new RegExp(`permutations is ${permutations}`), () => evaluate.xTile(fold(survival), survival.marker, { permutations, random: random() })]),
  ["xTile, training of 2", /training of row 4 is 2/, () => evaluate.xTile(fold(survival), survival.marker, { training: put(groups, 2) })],
];

test.each(refused)("%s, is refused by name", (_, says, run) => expect(outcomeOf(run).error).toMatch(says));

test("a baseline survival of 0 or 1 stays whatever the predictor", () =>
  expect([0, 1].map((s) => [...evaluate.survivalFromPredictor(s, [-900, 0, 900])])).toEqual([[0, 0, 0], [1, 1, 1]]));
