import { InputError } from "../math/index.js";
import { checkFollowUp, checkTimes, lastAtMost, membersBySlot, timeGrid, type FollowUp } from "./followUp.js";

/**
 * Pseudo-values of survival at one time or of the restricted mean: θ̂ + n·(influence of patient i on θ̂) by the infinitesimal jackknife of the Kaplan–Meier
 * curve. Their mean is θ̂, and regressing them on covariates models θ. Andersen, Klein & Rosthøj, Biometrika 2003;90:15. Agrees with R survival
 * 3.5-3 `pseudo(survfit(Surv(time, event) ~ 1), times, type = "surv" | "rmst")`, which is the infinitesimal jackknife too; the
 * leave-one-out values n·θ̂ − (n − 1)·θ̂₋ᵢ of package pseudo differ from it at order 1/n. O(n log n) once and O(n) a time.
 *
 * @returns one array of n values for each time
 * @throws InputError on follow-up as kaplanMeier; times that are negative or not finite, an unknown type
 */
export function pseudoValues(data: FollowUp, times: ArrayLike<number>, type: "survival" | "restrictedMean" = "survival"): Float64Array[] {
  const n = checkFollowUp("pseudoValues", data);
  checkTimes("pseudoValues", times);
  if (type !== "survival" && type !== "restrictedMean") throw new InputError(`pseudoValues: type "${String(type)}" is not known; choose survival or restrictedMean.`);
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const m = grid.times.length;
  const survival = new Float64Array(m);
  const dead = new Float64Array(m);
  for (let k = 0, s = 1; k < m; k++) {
    for (let q = start[k]; q < start[k + 1]; q++) dead[k] += data.event[member[q]];
    s *= (n - start[k] - dead[k]) / (n - start[k]);
    survival[k] = s;
  }
  return Array.from(times, (t) => {
    const last = lastAtMost(grid.times, m, t);
    // value[k]: what a relative change of the curve from times[k] on is worth: S(t), or the area from times[k] to t
    const value = new Float64Array(Math.max(0, last + 1));
    let theta: number;
    if (type === "survival") {
      theta = last < 0 ? 1 : survival[last];
      value.fill(theta);
    } else {
      let area = 0;
      for (let k = last, end = t; k >= 0; k--) {
        area += survival[k] * (end - grid.times[k]);
        end = grid.times[k];
        value[k] = area;
      }
      theta = area + (last < 0 ? t : grid.times[0]);
    }
    const out = new Float64Array(n).fill(theta);
    let shared = 0;
    for (let k = 0; k <= last; k++) {
      const r = n - start[k];
      const left = r - dead[k];
      const own = left > 0 ? value[k] / left : 0; // where the curve falls to 0 everyone left dies, and nobody's influence remains
      shared += (dead[k] / r) * own;
      for (let q = start[k]; q < start[k + 1]; q++) out[member[q]] += n * (shared - (data.event[member[q]] === 1 ? own : 0));
    }
    for (let q = last < 0 ? 0 : start[last + 1]; q < n; q++) out[member[q]] += n * shared;
    return out;
  });
}
