import { InputError, order } from "../math/index.js";
import { checkFollowUp, checkTimes, lastAtMost, timeGrid, type FollowUp } from "./followUp.js";

export type NearestTimeRoc = { time: number; auc: number; threshold: number[]; sensitivity: number[]; falsePositive: number[]; survival: number; warnings: string[] };

/**
 * Time-dependent ROC by nearest neighbours (Heagerty, Lumley & Pepe, Biometrics 2000;56:337): the survival of patients with marker x is the weighted
 * Kaplan–Meier curve S_λ(t | x) of those whose place in the marker's distribution lies within `span` of x's, |F(xⱼ) − F(x)| < span, F the share of patients <= x; then
 * sensitivity(c) = ((1 − F(c)) − S(c, t))/(1 − S(t)), specificity(c) = 1 − S(c, t)/S(t) with S(c, t) = mean of S_λ(t | xᵢ) over xᵢ > c and S(t) over everyone.
 * Both are monotone in c. The 0/1 kernel and symmetric window are those of R's survivalROC (method "NNE", span), which is not checked here against a run of that
 * program: the tests work an example by hand. Default span .25·n^−.2, as the paper's example. The AUC is the trapezoid. O(n²·share of events).
 *
 * @param marker  higher = earlier event
 * @param times   one result each
 * @throws InputError on follow-up as kaplanMeier; markers not finite, times < 0, a span not above 0 and at most 1
 */
export function timeRocNearest(data: FollowUp, marker: ArrayLike<number>, times: ArrayLike<number>, options: { span?: number } = {}): NearestTimeRoc[] {
  const n = checkFollowUp("timeRocNearest", data, { marker });
  checkTimes("timeRocNearest", times);
  const span = options.span ?? 0.25 / fifthRoot(n);
  if (!(span > 0 && span <= 1)) throw new InputError(`timeRocNearest: span is ${span}; it must lie between 0 and 1 (a share of the patients).`);
  const rows = order(marker);
  const share = new Float64Array(n); // F(x) by place in the order
  for (let a = n - 1; a >= 0; a--) share[a] = a < n - 1 && marker[rows[a]] === marker[rows[a + 1]] ? share[a + 1] : (a + 1) / n;
  const grid = timeGrid(data.time);
  const m = grid.times.length;
  const lasts = Array.from(times, (t) => lastAtMost(grid.times, m, t));
  const conditional = lasts.map(() => new Float64Array(n));
  const dead = new Float64Array(m);
  const gone = new Float64Array(m);
  const curve = new Float64Array(m);
  for (let a = 0, from = 0, to = 0; a < n; a++) {
    // 1e-12: shares are multiples of 1/n, and a gap of exactly `span` stays outside
    while (share[a] - share[from] >= span - 1e-12) from++;
    while (to < n && share[to] - share[a] < span - 1e-12) to++;
    dead.fill(0);
    gone.fill(0);
    for (let b = from; b < to; b++) {
      const i = rows[b];
      gone[grid.slot[i]]++;
      dead[grid.slot[i]] += data.event[i];
    }
    let [left, s] = [to - from, 1];
    for (let k = 0; k < m; k++) {
      if (dead[k] > 0) s *= (left - dead[k]) / left;
      left -= gone[k];
      curve[k] = s;
    }
    lasts.forEach((k, c) => (conditional[c][a] = k < 0 ? 1 : curve[k]));
  }
  return Array.from(times, (time, c): NearestTimeRoc => {
    const s = conditional[c];
    let all = 0;
    for (let a = 0; a < n; a++) all += s[a] / n;
    const result: NearestTimeRoc = { time, auc: NaN, threshold: [Infinity], sensitivity: [0], falsePositive: [0], survival: all, warnings: [] };
    if (!(all > 0 && all < 1)) {
      result.warnings.push(all > 0 ? `No event is seen by ${time}: no AUC there.` : `Nobody is seen to live beyond ${time}: no AUC there.`);
      return result;
    }
    let [above, joint, auc] = [0, 0, 0];
    for (let a = n - 1; a >= 0; ) {
      const threshold = marker[rows[a]];
      for (; a >= 0 && marker[rows[a]] === threshold; a--) {
        above += 1 / n;
        joint += s[a] / n;
      }
      const [tp, fp] = [(above - joint) / (1 - all), joint / all];
      const last = result.sensitivity.length - 1;
      auc += ((tp + result.sensitivity[last]) / 2) * (fp - result.falsePositive[last]);
      result.threshold.push(threshold);
      result.sensitivity.push(tp);
      result.falsePositive.push(fp);
    }
    result.auc = auc;
    return result;
  });
}

/**
 * Median AUC(t) by nearest neighbours over the event times in [from, to] (or `times`), with the curve; times without an AUC are left out.
 * Source and agreement as `timeRocNearest`.
 * @throws InputError as timeRocNearest; a window without 0 <= from < to
 */
export function timeRocNearestWindow(data: FollowUp, marker: ArrayLike<number>, from: number, to: number, options: { span?: number; times?: ArrayLike<number> } = {}): { time: number[]; auc: number[]; median: number; warnings: string[] } {
  if (!(from >= 0 && to > from && to < Infinity)) throw new InputError(`timeRocNearestWindow: the window ${from} to ${to} is empty; give 0 <= from < to in the unit of the follow-up.`);
  checkFollowUp("timeRocNearestWindow", data, { marker });
  const own = [...new Set(Array.from(data.time).filter((t, i) => data.event[i] === 1 && t >= from && t <= to))].sort((a, b) => a - b);
  const found = timeRocNearest(data, marker, options.times ?? own, options.span === undefined ? {} : { span: options.span }).filter((x) => !Number.isNaN(x.auc));
  const sorted = found.map((x) => x.auc).sort((a, b) => a - b);
  const m = sorted.length;
  return {
    time: found.map((x) => x.time), auc: found.map((x) => x.auc), median: m === 0 ? NaN : (sorted[Math.floor((m - 1) / 2)] + sorted[Math.floor(m / 2)]) / 2,
    warnings: m === 0 ? [`No AUC could be computed between ${from} and ${to}: there is no event in the window, or nobody lives beyond it.`] : [],
  };
}

/** n^(1/5) by Newton's method. */
function fifthRoot(n: number): number {
  let x = Math.max(1, Math.sqrt(Math.sqrt(n)));
  for (let k = 0; k < 60; k++) x -= (x - n / (x * x * x * x)) / 5;
  return x;
}
