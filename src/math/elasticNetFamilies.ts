import { exp, log } from "./elementary.js";

/**
 * What the solver asks of a likelihood: the loss −log L / Σw at a linear predictor η, its negative gradient r by η, and its
 * Hessian by η, which is diag(w) − Σ_t v_t v_t′ (the second part for Cox only: one vector for every distinct event time).
 */
export type NetFamily = {
  n: number;
  /** an intercept is fitted (never for Cox, whose likelihood has none) */
  intercept: boolean;
  /** the Hessian does not depend on η */
  quadratic: boolean;
  /** distinct event times; 0 but for Cox */
  times: number;
  /** loss at η; leaves −∂loss/∂η in r */
  loss(eta: Float64Array, r: Float64Array): number;
  /** diagonal of the Hessian at the η last given to loss */
  curvature(w: Float64Array): void;
  /** v_t′x for every event time at the η of the last call of curvature, into out[at …] */
  riskMeans(x: Float64Array, xAt: number, out: Float64Array, at: number): void;
  /** deviance at a loss value, in the units of the given weights */
  deviance(loss: number): number;
};

/** Gaussian: loss ½ Σ w (y − η)², weights summing to 1. */
export function gaussianFamily(y: Float64Array, w: Float64Array, total: number, intercept: boolean): NetFamily {
  const n = y.length;
  return {
    n, intercept, quadratic: true, times: 0,
    loss(eta, r) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const e = y[i] - eta[i];
        r[i] = w[i] * e;
        sum += r[i] * e;
      }
      return sum / 2;
    },
    curvature(out) { out.set(w); },
    riskMeans() {},
    deviance: (loss) => 2 * loss * total,
  };
}

/** Binomial: loss −Σ w (y η − log(1 + e^η)), y in {0, 1} (or a share), weights summing to 1. */
export function binomialFamily(y: Float64Array, w: Float64Array, total: number, intercept: boolean): NetFamily {
  const n = y.length;
  const p = new Float64Array(n);
  return {
    n, intercept, quadratic: false, times: 0,
    loss(eta, r) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const h = eta[i];
        const e = exp(h > 0 ? -h : h);
        p[i] = h > 0 ? 1 / (1 + e) : e / (1 + e);
        sum += w[i] * ((h > 0 ? h : 0) + log(1 + e) - y[i] * h);
        r[i] = w[i] * (y[i] - p[i]);
      }
      return sum;
    },
    curvature(out) {
      for (let i = 0; i < n; i++) out[i] = w[i] * Math.max(p[i] * (1 - p[i]), 1e-9);
    },
    riskMeans() {},
    deviance: (loss) => 2 * loss * total,
  };
}

/**
 * Cox partial likelihood with Breslow ties, rows in ascending time: loss −[Σ w δ η − Σ_t D_t log S_t], D_t the weight of the events
 * at t, S_t = Σ w e^η over those at risk at t; weights summing to 1. The deviance is 2 (log L_sat − log L) with
 * log L_sat = −Σ_t D_t log D_t in the units of the given weights.
 */
export function coxFamily(time: Float64Array, event: ArrayLike<number>, w: Float64Array, total: number): NetFamily {
  const n = time.length;
  const start: number[] = [];
  const deaths: number[] = [];
  let saturated = 0;
  for (let i = 0; i < n;) {
    let end = i;
    let d = 0;
    while (end < n && time[end] === time[i]) d += event[end] === 1 ? w[end++] : (end++, 0);
    if (d > 0) {
      start.push(i);
      deaths.push(d);
      saturated -= d * total * log(d * total);
    }
    i = end;
  }
  const T = start.length;
  const first = Int32Array.from(start);
  const D = Float64Array.from(deaths);
  const eventWeight = Float64Array.from(w, (x, i) => (event[i] === 1 ? x : 0));
  const eventTotal = D.reduce((a, b) => a + b, 0);
  const relative = new Float64Array(n); // w e^(η − shift)
  const S = new Float64Array(T);
  const hazard = new Float64Array(n);
  const heldRelative = new Float64Array(n);
  /** √D_t / S_t */
  const heldShare = new Float64Array(T);
  const rootD = D.map(Math.sqrt);
  return {
    n, intercept: false, quadratic: false, times: T,
    loss(eta, r) {
      let shift = -Infinity;
      for (let i = 0; i < n; i++) if (eta[i] > shift) shift = eta[i];
      let sum = 0;
      let atRisk = 0;
      for (let i = n - 1, k = T - 1; i >= 0; i--) {
        relative[i] = w[i] * exp(eta[i] - shift);
        atRisk += relative[i];
        sum -= eventWeight[i] * eta[i];
        if (k >= 0 && first[k] === i) {
          // where all at risk are far below the largest η the sum may vanish: the smallest number keeps it finite
          S[k] = atRisk > 1e-300 ? atRisk : 1e-300;
          sum += D[k] * log(S[k]);
          k--;
        }
      }
      let cumulative = 0;
      for (let i = 0, k = 0; i < n; i++) {
        if (k < T && first[k] === i) { cumulative += D[k] / S[k]; k++; }
        hazard[i] = relative[i] * cumulative;
        r[i] = eventWeight[i] - hazard[i];
      }
      return sum + shift * eventTotal;
    },
    curvature(out) {
      out.set(hazard);
      heldRelative.set(relative);
      for (let k = 0; k < T; k++) heldShare[k] = rootD[k] / S[k];
    },
    riskMeans(x, xAt, out, at) {
      let sum = 0;
      for (let i = n - 1, k = T - 1; k >= 0; i--) {
        sum += heldRelative[i] * x[xAt + i];
        if (first[k] === i) {
          out[at + k] = sum * heldShare[k];
          k--;
        }
      }
    },
    // log L in the given weights: D_t log S_t with S_t scaled by the total adds log(total) for every event
    deviance: (loss) => 2 * (saturated + total * (loss + eventTotal * log(total))),
  };
}
