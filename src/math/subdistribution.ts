import { exp, log } from "./elementary.js";
import type { CoxLikelihood } from "./coxLikelihood.js";

/**
 * Rows of a Fine–Gray model sorted by time (earliest first), columns standardised. status 0 censored, 1 the event of interest, 2
 * a competing one. `times` are the distinct times of events of interest, `at[i]` how many of them are <= time[i], `below[i]` < time[i].
 */
export type SubdistributionData = {
  n: number; p: number; row: Int32Array; x: Float64Array; centre: Float64Array; scale: Float64Array;
  time: Float64Array; status: Uint8Array; group: Int32Array; groups: number;
  times: Float64Array; deaths: Float64Array; at: Int32Array; below: Int32Array;
  /** Kaplan–Meier estimate of being uncensored just before: at each row's time, and by censoring group at each event time */
  own: Float64Array; free: Float64Array[];
};

/**
 * Sorts, standardises and estimates the censoring distribution, by group of `group` (labels 0 … groups − 1). Fine & Gray, J Am Stat Assoc
 * 1999;94:496.
 */
export function subdistributionData(
  columns: readonly Float64Array[], times: ArrayLike<number>, statuses: ArrayLike<number>, groupOf: ArrayLike<number>, groups: number,
): SubdistributionData {
  const n = times.length;
  const p = columns.length;
  const row = Int32Array.from({ length: n }, (_, k) => k).sort((a, b) => times[a] - times[b] || a - b);
  const time = Float64Array.from(row, (k) => times[k]);
  const status = Uint8Array.from(row, (k) => statuses[k]);
  const group = Int32Array.from(row, (k) => groupOf[k]);
  const x = new Float64Array(n * p);
  const centre = new Float64Array(p);
  const scale = new Float64Array(p);
  columns.forEach((column, j) => {
    let sum = 0;
    for (const value of column) sum += value;
    const mean = sum / n;
    let squares = 0;
    for (const value of column) squares += (value - mean) * (value - mean);
    const spread = Math.sqrt(squares / n);
    const constant = spread <= 1e-13 * Math.abs(mean);
    centre[j] = mean;
    scale[j] = constant || spread === 0 ? 1 : spread;
    if (!constant) for (let i = 0; i < n; i++) x[i * p + j] = (column[row[i]] - mean) / scale[j];
  });
  const distinct: number[] = [];
  const deaths: number[] = [];
  for (let i = 0; i < n; i++) {
    if (status[i] !== 1) continue;
    if (distinct[distinct.length - 1] === time[i]) deaths[deaths.length - 1]++;
    else {
      distinct.push(time[i]);
      deaths.push(1);
    }
  }
  const m = distinct.length;
  const at = new Int32Array(n);
  const below = new Int32Array(n);
  const own = new Float64Array(n);
  const free = Array.from({ length: groups }, () => new Float64Array(m));
  const remaining = new Int32Array(groups);
  for (let i = 0; i < n; i++) remaining[group[i]]++;
  const g = new Float64Array(groups).fill(1);
  for (let i = 0, k = 0; i < n;) {
    const t = time[i];
    const before = k;
    if (k < m && distinct[k] === t) {
      // past the end of a group's follow-up nobody of it could be seen: its weight there is 0, as in crr
      for (let c = 0; c < groups; c++) free[c][k] = remaining[c] > 0 ? g[c] : 0;
      k++;
    }
    const censored = new Float64Array(groups);
    const leaving = new Int32Array(groups);
    for (; i < n && time[i] === t; i++) {
      at[i] = k;
      below[i] = before;
      own[i] = g[group[i]];
      leaving[group[i]]++;
      if (status[i] === 0) censored[group[i]]++;
    }
    for (let c = 0; c < groups; c++) {
      if (censored[c] > 0) g[c] *= 1 - censored[c] / remaining[c];
      remaining[c] -= leaving[c];
    }
  }
  return { n, p, row, x, centre, scale, time, status, group, groups, times: Float64Array.from(distinct), deaths: Float64Array.from(deaths), at, below, own, free };
}

/** Everything at coefficients `beta`: by event time increment of the hazard (at the centre) and mean of x; by row e^η and ∫ w dH, ∫ w x̄ dH. */
export type SubdistributionSets = {
  hazard: Float64Array; mean: Float64Array; relative: Float64Array; lived: Float64Array; livedMean: Float64Array; value: number;
};

/**
 * Risk sets of the subdistribution hazard: at time u who has time >= u, and who had a competing event before, with weight
 * G(u−)/G(T−), G the censoring distribution (Fine & Gray, J Am Stat Assoc 1999;94:496). O(n p) by running sums from both ends.
 */
export function subdistributionSets(data: SubdistributionData, beta: ArrayLike<number>): SubdistributionSets {
  const { n, p, x, status, group, groups, times, deaths, at, own, free } = data;
  const m = times.length;
  const relative = new Float64Array(n);
  const eta = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) eta[i] += x[i * p + j] * beta[j];
    relative[i] = exp(eta[i]);
  }
  // S0 and S1 at event time k: from the end for who is still followed, from the beginning for competing events
  const S0 = new Float64Array(m);
  const S1 = new Float64Array(m * p);
  const alive = new Float64Array(p + 1);
  for (let k = m - 1, i = n - 1; k >= 0; k--) {
    for (; i >= 0 && at[i] > k; i--) accumulate(alive, x, i, p, relative[i]);
    S0[k] = alive[p];
    for (let j = 0; j < p; j++) S1[k * p + j] = alive[j];
  }
  const left = Array.from({ length: groups }, () => new Float64Array(p + 1));
  for (let k = 0, i = 0; k < m; k++) {
    for (; i < n && at[i] <= k; i++) if (status[i] === 2) accumulate(left[group[i]], x, i, p, relative[i] / own[i]);
    for (let c = 0; c < groups; c++) {
      S0[k] += free[c][k] * left[c][p];
      for (let j = 0; j < p; j++) S1[k * p + j] += free[c][k] * left[c][j];
    }
  }
  const hazard = deaths.map((d, k) => d / S0[k]);
  const mean = S1.map((s, a) => s / S0[Math.floor(a / p)]);
  let value = 0;
  for (let i = 0; i < n; i++) if (status[i] === 1) value += eta[i];
  for (let k = 0; k < m; k++) value -= deaths[k] * log(S0[k]);
  // what each row lives through: all up to its time, and after a competing event the weighted rest
  const plain = prefix(hazard, mean, p, undefined);
  const weighted = free.map((f) => prefix(hazard, mean, p, f));
  const lived = new Float64Array(n);
  const livedMean = new Float64Array(n * p);
  const width = p + 1;
  for (let i = 0; i < n; i++) {
    const rest = weighted[group[i]];
    for (let j = 0; j <= p; j++) {
      let sum = plain[at[i] * width + j];
      if (status[i] === 2) sum += (rest[m * width + j] - rest[at[i] * width + j]) / own[i];
      if (j === p) lived[i] = sum;
      else livedMean[i * p + j] = sum;
    }
  }
  return { hazard, mean, relative, lived, livedMean, value };
}

function accumulate(into: Float64Array, x: Float64Array, i: number, p: number, r: number): void {
  for (let j = 0; j < p; j++) into[j] += r * x[i * p + j];
  into[p] += r;
}

/** Sums over event times < k of hazard·weight·(mean, 1), k = 0 … m, p + 1 numbers each. */
function prefix(hazard: Float64Array, mean: Float64Array, p: number, weight: Float64Array | undefined): Float64Array {
  const m = hazard.length;
  const sums = new Float64Array((m + 1) * (p + 1));
  for (let k = 0; k < m; k++) {
    const h = hazard[k] * (weight === undefined ? 1 : weight[k]);
    for (let j = 0; j <= p; j++) sums[(k + 1) * (p + 1) + j] = sums[k * (p + 1) + j] + (j === p ? h : h * mean[k * p + j]);
  }
  return sums;
}

/**
 * Log partial likelihood (Breslow's ties), gradient and information of the Fine–Gray model. Fine & Gray 1999. Its maximum agrees with R
 * cmprsk 2.2-11 crr through `fineGray`.
 */
export function subdistributionLikelihood(data: SubdistributionData, beta: ArrayLike<number>): CoxLikelihood {
  const { n, p, x, status, deaths } = data;
  const { mean, relative, lived, value } = subdistributionSets(data, beta);
  const gradient = new Float64Array(p);
  const information = new Float64Array(p * p);
  for (let i = 0; i < n; i++) {
    const h = relative[i] * lived[i];
    for (let j = 0; j < p; j++) {
      gradient[j] += ((status[i] === 1 ? 1 : 0) - h) * x[i * p + j];
      for (let k = 0; k <= j; k++) information[j * p + k] += h * x[i * p + j] * x[i * p + k];
    }
  }
  for (let t = 0; t < deaths.length; t++) {
    for (let j = 0; j < p; j++) for (let k = 0; k <= j; k++) information[j * p + k] -= deaths[t] * mean[t * p + j] * mean[t * p + k];
  }
  for (let j = 0; j < p; j++) for (let k = 0; k < j; k++) information[k * p + j] = information[j * p + k];
  return { value, gradient, information };
}

/**
 * Rows' contributions to the score, n × p, η + ψ of Fine & Gray: η the residual of the weighted likelihood, ψ what estimating the
 * censoring distribution adds. Its cross product is the middle of the sandwich. Fine & Gray 1999, section 4; agrees with crr's variance.
 *
 * @param ownEvents with censoring groups: ψ of a group counts the hazard's steps by the share of events that are the group's own, which is what crr does;
 * the paper's hazard is that of all events
 */
export function subdistributionScores(data: SubdistributionData, beta: ArrayLike<number>, ownEvents = false): Float64Array {
  const { n, p, x, status, group, groups, at, below, own, free, time } = data;
  const sets = subdistributionSets(data, beta);
  const { hazard, mean, relative, lived, livedMean } = sets;
  const m = hazard.length;
  const width = p + 1;
  const score = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      const seen = status[i] === 1 ? x[i * p + j] - mean[(at[i] - 1) * p + j] : 0;
      score[i * p + j] = seen - relative[i] * (x[i * p + j] * lived[i] - livedMean[i * p + j]);
    }
  }
  for (let c = 0; c < groups; c++) {
    const rest = prefix(ownEvents && groups > 1 ? stepsOfGroup(data, hazard, c) : hazard, mean, p, free[c]);
    const left = new Float64Array(p + 1);
    const sum = new Float64Array(p);
    let remaining = 0;
    for (let i = 0; i < n; i++) if (group[i] === c) remaining++;
    for (let i = 0; i < n;) {
      // all rows of this group at one time t; q(t) over competing events before t and event times from t on
      let end = i;
      let censored = 0;
      let leaving = 0;
      const ofGroup: number[] = [];
      for (; end < n && time[end] === time[i]; end++) {
        if (group[end] !== c) continue;
        ofGroup.push(end);
        leaving++;
        if (status[end] === 0) censored++;
      }
      const k = below[i];
      const hazardAfter = rest[m * width + p] - rest[k * width + p];
      for (let j = 0; j < p; j++) {
        const q = left[j] * hazardAfter - left[p] * (rest[m * width + j] - rest[k * width + j]);
        const share = remaining > 0 ? q / remaining : 0;
        if (censored > 0) sum[j] += (share * censored) / remaining;
        for (const r of ofGroup) score[r * p + j] += (status[r] === 0 ? share : 0) - sum[j];
      }
      for (const r of ofGroup) if (status[r] === 2) accumulate(left, x, r, p, relative[r] / own[r]);
      remaining -= leaving;
      i = end;
    }
  }
  return score;
}

/** The steps of the hazard that events of one group make. */
function stepsOfGroup({ n, status, group, at, deaths }: SubdistributionData, hazard: Float64Array, c: number): Float64Array {
  const own = new Float64Array(hazard.length);
  for (let i = 0; i < n; i++) if (status[i] === 1 && group[i] === c) own[at[i] - 1]++;
  return hazard.map((h, k) => (h * own[k]) / deaths[k]);
}
