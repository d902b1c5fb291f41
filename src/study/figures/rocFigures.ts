import { rocCurve, timeRoc } from "../../evaluate/index.js";
import { selectOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import { median, quantiles, randomStream } from "../../math/index.js";
import { fixedText, measureDecimals, type Figure, type Kind, type RocData, type TimeAucData } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { windowName } from "../estimates/merit.js";
import { counts, foldsOf, modelsIn, percentOf, scoredSets, tableEntry, trainingOutcome } from "./setsOf.js";

const GRID = Array.from({ length: 51 }, (_, k) => k / 50);
const BANDS = 500;

/** Sensitivity of a score at each share of false positives of the grid: the highest there, straight between points where scores tie. */
function sensitivityAtGrid(score: ArrayLike<number>, event: ArrayLike<number>): Float64Array {
  const { falsePositive, sensitivity } = points(score, event);
  let k = 0;
  return Float64Array.from(GRID, (g) => {
    while (k + 1 < falsePositive.length && falsePositive[k + 1] <= g + 1e-12) k++;
    if (k + 1 === falsePositive.length) return sensitivity[k];
    const share = (g - falsePositive[k]) / (falsePositive[k + 1] - falsePositive[k]);
    return sensitivity[k] + Math.max(0, share) * (sensitivity[k + 1] - sensitivity[k]);
  });
}

/** ROC curves of every set with pointwise bootstrap bands, and the average of the folds' curves. */
export function rocFigure(facts: Facts): Figure[] {
  if (facts.plan.outcome.kind !== "binary") return [];
  const panels: RocData["panels"] = [], notes: string[] = [];
  const tail = (1 - facts.plan.evaluation.level) / 2, percent = percentOf(facts);
  const folds = foldsOf(facts);
  const outcome = trainingOutcome(facts);
  if (folds.length > 0) {
    const cv = facts.crossValidation!;
    const curves = modelsIn(facts, cv.repeats[0].predictions).map((name) => {
      const each = folds.flatMap(({ repeat, places }) => {
        const score = places.map((k) => cv.repeats[repeat].predictions[name].linear[k]);
        const event = places.map((k) => outcome.event[k]);
        const events = event.reduce<number>((s, e) => s + e, 0);
        return events === 0 || events === event.length || score.some((x) => !Number.isFinite(x)) ? [] : [sensitivityAtGrid(score, event)];
      });
      return {
        name, falsePositive: [0, ...GRID], sensitivity: [0, ...GRID.map((_, g) => each.reduce((s, e) => s + e[g], 0) / each.length)],
        ...areaOf(facts, name, "nested cross-validation", facts.sets[0].name, notes), kind: "nested cross-validation",
      };
    });
    const events = outcome.event.reduce((s, e) => s + e, 0);
    panels.push({ title: facts.sets[0].name, n: outcome.event.length, events, curves });
  }
  for (const set of scoredSets(facts)) {
    if (set.events === 0 || set.events === set.n) continue;
    const event = set.outcome.event;
    const curves = modelsIn(facts, set.from.predictions).map((name) => {
      const score = set.from.predictions[name].linear;
      const { falsePositive, sensitivity } = points(score, event);
      const random = randomStream(facts.plan.seed).stream("roc bands").stream(set.title).stream(name);
      const draws = Array.from({ length: BANDS }, () => stratified(score, event, random));
      const band = GRID.map((_, g) => quantiles(Float64Array.from(draws, (d) => d[g]), [tail, 1 - tail]));
      const more = (tableEntry(facts, name, "AUC", set.kind, set.set)?.n ?? set.n) - set.n;
      if (more > 0) notes.push(`${set.title}: the AUC of ${name} is, as in the table, of ${more} more patients, whom another model could not score; no curve has them.`);
      const at = (curve: number) => falsePositive.map((fp) => { const k = Math.min(GRID.length - 1, Math.round(fp * 50)); return band[k][curve]; });
      const threshold = facts.thresholds[name];
      const positive = threshold === undefined ? undefined : Array.from(set.from.predictions[name].probability[0], (p) => p >= threshold.value);
      const share = (wanted: number) => { let hit = 0, all = 0; event.forEach((e, k) => { if (e === wanted) { all++; if (positive![k]) hit++; } }); return hit / all; };
      return {
        name, falsePositive, sensitivity, low: at(0), high: at(1), ...areaOf(facts, name, set.kind, set.set, notes), kind: set.kind,
        ...(positive === undefined ? {} : { point: [share(0), share(1)] as [number, number] }),
      };
    });
    if (curves.length > 0) panels.push({ title: set.set, n: set.n, events: set.events, curves });
  }
  if (panels.length === 0) return [];
  return [{
    id: "roc", section: "performance", front: true, title: "ROC curves", chart: "roc",
    caption: `Receiver operating characteristic. Nested cross-validation: the folds' curves averaged at each share of false positives, not pooled. Bands: pointwise ${percent}, ${BANDS} bootstrap samples of each class; AUC and its ${percent} interval are those of the table of all measures. Dots: the threshold chosen on training patients.`,
    ...(notes.length > 0 ? { notes } : {}), data: { panels },
  }];
}

/** AUC of a model as the table has it, with its interval or why there is none. */
function areaOf(facts: Facts, model: string, kind: Kind, set: string, notes: string[]): { auc: number; aucLow?: number; aucHigh?: number; none?: string } {
  const entry = tableEntry(facts, model, "AUC", kind, set);
  if (entry?.low !== undefined && entry.high !== undefined) return { auc: entry.value, aucLow: entry.low, aucHigh: entry.high };
  // the table's words in the margin, short ones in the key
  const why = /No interval: [^.]+\./.exec(entry?.note ?? "")?.[0];
  if (why !== undefined) notes.push(`${model}, ${kind}: AUC ${fixedText(entry!.value, measureDecimals("AUC"))}. ${why}`);
  return { auc: entry?.value ?? NaN, ...(why === undefined ? {} : { none: "no interval" }) };
}

function points(score: ArrayLike<number>, event: ArrayLike<number>): { falsePositive: number[]; sensitivity: number[] } {
  const curve = rocCurve(score, event);
  const pairs = Array.from(curve.sensitivity, (s, k): [number, number] => [1 - curve.specificity[k], s]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { falsePositive: pairs.map((p) => p[0]), sensitivity: pairs.map((p) => p[1]) };
}

/** One bootstrap draw within each class. */
function stratified(score: ArrayLike<number>, event: ArrayLike<number>, random: ReturnType<typeof randomStream>): Float64Array {
  const classes: number[][] = [[], []];
  for (let i = 0; i < event.length; i++) classes[event[i]].push(i);
  const drawn = classes.flatMap((own) => own.map(() => own[random.below(own.length)]));
  return sensitivityAtGrid(drawn.map((i) => score[i]), drawn.map((i) => event[i]));
}

/** AUC(t) as a curve: averaged over the folds of nested cross-validation, and apparent beside it, with the median over the window. */
export function timeAucFigure(facts: Facts): Figure[] {
  const { plan } = facts;
  if (plan.outcome.kind !== "survival") return [];
  const outcome = trainingOutcome(facts) as SurvivalOutcome;
  const eventTimes = Array.from(outcome.time).filter((_, k) => outcome.event[k] === 1);
  if (eventTimes.length < 2) return [];
  const [from, to] = plan.evaluation.window ?? Array.from(quantiles(eventTimes, [0.1, 0.9]));
  const [first, last] = [Math.min(from, ...quantiles(eventTimes, [0.1])), Math.max(to, ...quantiles(eventTimes, [0.9]))];
  const times = Array.from({ length: 41 }, (_, k) => first + ((last - first) * k) / 40);
  const figures: Figure[] = [];
  const atRisk = (of: SurvivalOutcome) => plan.evaluation.times.map((time) => ({
    time, n: of.time.reduce((s, t) => s + Number(t >= time), 0), events: of.time.reduce((s, t, k) => s + Number(t <= time && of.event[k] === 1), 0),
  }));
  const unit = plan.outcome.unit, { level, window } = plan.evaluation;
  // the table's median where it has one: over the event times of the window, of cross-validation the mean of the folds' own medians
  const medianOf = (model: string, kind: Kind, set: string, auc: readonly number[]): { median?: number; medianOf?: string } => {
    const entry = window === undefined ? undefined : tableEntry(facts, model, windowName(window), kind, set);
    if (entry !== undefined) return Number.isFinite(entry.value) ? { median: entry.value } : {};
    const inside = auc.filter((a, k) => times[k] >= from && times[k] <= to && Number.isFinite(a));
    return inside.length === 0 ? {} : { median: median(inside), medianOf: "this curve" };
  };
  const figure = (id: string, kind: string, of: SurvivalOutcome, curves: TimeAucData["curves"], front: boolean, how: string): Figure => ({
    id, section: "performance", front, title: `Time-dependent AUC, ${kind}`, chart: "timeAuc",
    caption: `AUC(t), cumulative cases and dynamic controls, inverse-probability-of-censoring weights (Uno 2007; Blanche 2013), ${how}. Shaded: the window from ${from} to ${to} ${unit} over which the median is taken${window === undefined ? ", of the curve as drawn" : id === "auc-t" ? ", in each fold by itself, then averaged as in the table of all measures: not the median of the average curve" : ", as in the table of all measures"}. Under the axis: patients at risk and events so far.`,
    data: { unit, window: [from, to], curves, atRisk: atRisk(of), kind, ...counts(of) },
  });
  const folds = foldsOf(facts);
  if (folds.length > 0) {
    const cv = facts.crossValidation!;
    const curves = modelsIn(facts, cv.repeats[0].predictions).map((name) => {
      const sum = new Float64Array(times.length), count = new Float64Array(times.length);
      for (const { repeat, places } of folds) {
        const score = places.map((k) => cv.repeats[repeat].predictions[name].linear[k]);
        if (score.some((x) => !Number.isFinite(x))) continue;
        timeRoc(selectOutcome(outcome, places), score, times, { standardErrors: false }).times.forEach(({ auc }, k) => { if (Number.isFinite(auc)) { sum[k] += auc; count[k]++; } });
      }
      const auc = times.map((_, k) => sum[k] / count[k]);
      return { name, time: times, auc, low: [], high: [], ...medianOf(name, "nested cross-validation", facts.sets[0].name, auc) };
    });
    figures.push(figure("auc-t", "nested cross-validation", outcome, curves, true, "in each fold left out, averaged over folds and repeats; no interval is given for the average curve"));
  }
  for (const set of scoredSets(facts)) {
    const own = set.outcome as SurvivalOutcome;
    const curves = modelsIn(facts, set.from.predictions).map((name) => {
      const score = set.from.predictions[name].linear;
      const all = timeRoc(own, score, times, { level }).times, auc = all.map((t) => t.auc);
      return { name, time: times, auc, low: all.map((t) => t.lower), high: all.map((t) => t.upper), ...medianOf(name, set.kind, set.set, auc) };
    });
    if (curves.length > 0) figures.push(figure(`auc-t-${set.kind}${set.kind === "apparent" ? "" : `-${set.set.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`}`, set.title, own, curves, folds.length === 0 && set.kind === "apparent", `with pointwise ${percentOf(facts)} bands`));
  }
  return figures;
}
