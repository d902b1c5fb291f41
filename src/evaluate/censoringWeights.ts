import { lastAtMost, membersBySlot, timeGrid, type FollowUp } from "./followUp.js";

/**
 * Inverse probability of censoring weights by the marginal (Kaplan–Meier) censoring curve G, in which events come before censoring at one time:
 * for each patient 1/G(T−), and 1/G(t) at any t. `adjust` gives the part of each patient's influence that comes from estimating G: for terms
 * xᵢ carrying 1/G(Tᵢ−), listed by patient, and a term y carrying 1/G(t), all as sums over patients / n,
 * ψₗ = n·(cₗ/Y(Tₗ)·X(Tₗ) − Σ_{u ≤ Tₗ} λ_u/Y_u·X(u)) with X(u) the sum of terms whose time lies after u.
 */
export type CensoringWeights = {
  atOwnTime: Float64Array;
  at(t: number): number;
  adjust(x: Float64Array, t: number, y: number): Float64Array;
  /** the same in timeROC's convention for tied times, which see at `timeRoc` */
  adjustByRow(x: Float64Array, t: number, y: number): Float64Array;
};

/** @param event  n flags, 1 where follow-up ended with any event (competing ones included), 0 censored */
export function censoringWeights(data: FollowUp): CensoringWeights {
  const n = data.time.length;
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const m = grid.times.length;
  const { after, before, jump, each } = censoringCurve(data.event, start, member);
  return {
    atOwnTime: inverseAt(before, grid.slot),
    at: (t) => {
      const k = lastAtMost(grid.times, m, t);
      return k < 0 ? 1 : 1 / after[k];
    },
    adjust(x, t, y) {
      const later = new Float64Array(m); // X(u)
      let sum = 0;
      for (let k = m - 1; k >= 0; k--) {
        later[k] = sum + (grid.times[k] <= t ? y * n : 0);
        for (let q = start[k]; q < start[k + 1]; q++) sum += x[member[q]];
      }
      const out = new Float64Array(n);
      let compensator = 0;
      for (let k = 0; k < m; k++) {
        compensator += jump[k] * later[k];
        for (let q = start[k]; q < start[k + 1]; q++) {
          const i = member[q];
          out[i] = ((data.event[i] === 0 ? each[k] * later[k] : 0) - compensator) / n;
        }
      }
      return out;
    },
    adjustByRow(x, t, y) {
      // member lists patients by time, tied ones in the order of their rows; position a has n − a at risk
      const later = new Float64Array(n + 1);
      for (let a = n - 1; a >= 0; a--) later[a] = later[a + 1] + x[member[a]];
      const out = new Float64Array(n);
      let compensator = 0;
      for (let a = 0; a < n; a++) {
        const i = member[a];
        const first = start[grid.slot[i]];
        const rest = data.time[i] <= t ? y * n : 0;
        if (data.event[i] === 0) compensator += ((n / (n - a)) / (n - a)) * (later[a] + rest);
        out[i] = ((data.event[i] === 0 ? (n / (n - first)) * (later[first] + rest) : 0) - compensator) / n;
      }
      return out;
    },
  };
}

/** By time the censoring curve G(t) and G(t−), λ/Y · n and n/Y. */
function censoringCurve(event: ArrayLike<number>, start: Int32Array, member: Int32Array): { after: Float64Array; before: Float64Array; jump: Float64Array; each: Float64Array } {
  const n = member.length;
  const m = start.length - 1;
  const after = new Float64Array(m);
  const before = new Float64Array(m);
  const jump = new Float64Array(m);
  const each = new Float64Array(m);
  let curve = 1;
  for (let k = 0; k < m; k++) {
    const left = n - start[k];
    let dead = 0;
    for (let q = start[k]; q < start[k + 1]; q++) dead += event[member[q]];
    const censored = start[k + 1] - start[k] - dead;
    before[k] = curve;
    if (censored > 0) curve *= (left - dead - censored) / (left - dead);
    after[k] = curve;
    each[k] = n / left;
    jump[k] = (censored / left) * each[k];
  }
  return { after, before, jump, each };
}

function inverseAt(values: Float64Array, slot: Int32Array): Float64Array {
  const inverse = new Float64Array(slot.length);
  for (let i = 0; i < slot.length; i++) inverse[i] = 1 / values[slot[i]];
  return inverse;
}
