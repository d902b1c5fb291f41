import type { CoxData } from "./coxData.js";
import { log } from "./elementary.js";
import type { CoxLikelihood } from "./coxLikelihood.js";

/**
 * Exact (discrete-time) Cox likelihood. At a time with d events among m at risk the denominator is the elementary symmetric sum
 * e_d(r₁ … r_m), built row by row with its first and second derivatives: e_k ← e_k + r e_{k−1} (Gail, Lubin & Rubinstein,
 * Biometrika 1981;68:703). Kept as means e_k / C(m, k) of risks over their mean, so that nothing overflows. The sums grow along
 * with the risk set, hence one pass per stratum: O(n d p²), d the largest tie. Rows that enter late make each time start anew.
 */
export function exactLikelihood(data: CoxData, eta: Float64Array, risk: Float64Array, shift: number): CoxLikelihood {
  const { p, x, group, deaths, stratum, time, start } = data;
  const half = (p * (p + 1)) / 2;
  let value = 0;
  const gradient = new Float64Array(p);
  const information = new Float64Array(p * p);
  for (let first = 0; first < deaths.length;) {
    let last = first;
    let most = 0;
    let total = 0;
    while (last < deaths.length && stratum[last] === stratum[first]) most = Math.max(most, deaths[last++]);
    for (let i = group[first]; i < group[last]; i++) total += risk[i];
    const unit = total / (group[last] - group[first]);
    const e = new Float64Array(most + 1);
    const d1 = new Float64Array((most + 1) * p);
    const d2 = new Float64Array((most + 1) * half);
    let m = 0;
    const clear = () => {
      e.fill(0);
      d1.fill(0);
      d2.fill(0);
      e[0] = 1;
      m = 0;
    };
    const add = (i: number) => {
      m++;
      const r = risk[i] / unit;
      const o = i * p;
      for (let k = Math.min(m, most); k >= 1; k--) {
        // means: e_k/C(m,k) = (m−k)/m · e_k(m−1)/C(m−1,k) + k/m · r e_{k−1}(m−1)/C(m−1,k−1)
        const keep = (m - k) / m;
        const take = (k / m) * r;
        const [a, b, a2, b2] = [k * p, (k - 1) * p, k * half, (k - 1) * half];
        for (let j = 0, at = 0; j < p; j++) {
          const xj = x[o + j];
          for (let l = 0; l <= j; l++, at++) {
            d2[a2 + at] = keep * d2[a2 + at] + take * (d2[b2 + at] + xj * d1[b + l] + d1[b + j] * x[o + l] + xj * x[o + l] * e[k - 1]);
          }
        }
        for (let j = 0; j < p; j++) d1[a + j] = keep * d1[a + j] + take * (d1[b + j] + x[o + j] * e[k - 1]);
        e[k] = keep * e[k] + take * e[k - 1];
      }
    };
    clear();
    for (let g = first; g < last; g++) {
      const d = deaths[g];
      if (start === undefined) for (let i = group[g]; i < group[g + 1]; i++) add(i);
      if (d === 0) continue;
      if (start !== undefined) {
        clear();
        for (let i = group[first]; i < group[g + 1]; i++) if (start[i] < time[group[g]]) add(i);
      }
      for (let i = group[g]; i < group[g] + d; i++) {
        value += eta[i];
        for (let j = 0; j < p; j++) gradient[j] += x[i * p + j];
      }
      value -= log(e[d]) + logChoose(m, d) + d * (log(unit) + shift);
      for (let j = 0, at = d * half; j < p; j++) {
        const mean = d1[d * p + j] / e[d];
        gradient[j] -= mean;
        for (let l = 0; l <= j; l++, at++) information[j * p + l] += d2[at] / e[d] - (mean * d1[d * p + l]) / e[d];
      }
    }
    first = last;
  }
  for (let j = 0; j < p; j++) for (let l = 0; l < j; l++) information[l * p + j] = information[j * p + l];
  return { value, gradient, information };
}

function logChoose(m: number, d: number): number {
  let sum = 0;
  for (let k = 1; k <= d; k++) sum += log((m - d + k) / k);
  return sum;
}
