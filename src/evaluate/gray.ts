import { chiSquaredCdf, exp, InputError, log } from "../math/index.js";
import { checkCompeting, type CompetingFollowUp } from "./aalenJohansen.js";
import { groupCodes, timeGrid } from "./followUp.js";
import { quadraticForm } from "./quadraticForm.js";

export type GrayTest = { cause: number; groups: number[]; statistic: number; df: number; p: number; score: number[]; variance: number[][]; warnings: string[] };

type Step = { atRisk: Float64Array; survival: Float64Array; survivalAfter: Float64Array; incidence: Float64Array; own: Float64Array; other: Float64Array };

/**
 * Gray's test that k groups share one cumulative incidence of a cause: the weighted sum over its event times of dᵢ − d·Rᵢ(1 − Fᵢ)/ΣR(1 − F) with
 * Rᵢ = nᵢ/Sᵢ(t−), weight (1 − F(t−))^ρ of the pooled incidence, and the variance of Gray's section 2 with hypergeometric correction for ties.
 * Gray, Ann Stat 1988;16:1141. Strata add up. Agrees with cmprsk 2.2-11 `cuminc(time, cause, group, strata, rho)$Tests`. O(k³·times).
 *
 * @param group  whole-number codes >= 0
 * @throws InputError as checkCompeting; fewer than two groups, group or stratum codes that are not whole, negative or not n, rho not finite, a cause that is no whole number from 1 on
 */
export function grayTest(data: CompetingFollowUp, group: ArrayLike<number>, options: { cause?: number; rho?: number; strata?: ArrayLike<number> } = {}): GrayTest {
  const { n } = checkCompeting("grayTest", data);
  const { cause = 1, rho = 0 } = options;
  if (!Number.isFinite(rho)) throw new InputError(`grayTest: rho is ${rho}; give a finite number, for example 0.`);
  if (!(Number.isInteger(cause) && cause >= 1)) throw new InputError(`grayTest: the cause of interest is ${cause}, expected a whole number, 1 or more (0 is censored); give the code of the event to compare.`);
  if (group.length !== n || (options.strata !== undefined && options.strata.length !== n)) throw new InputError(`grayTest: group and strata must have ${n} values, one a patient.`);
  const { codes, of } = groupCodes("grayTest", "group", group);
  const k = codes.length;
  if (k < 2) throw new InputError(`grayTest: all ${n} patients are in group ${codes[0]}; at least two groups with patients are needed.`);
  const strata = groupCodes("grayTest", "stratum", options.strata ?? new Uint8Array(n));
  const score = new Float64Array(k);
  const variance = Array.from({ length: k }, () => new Float64Array(k));
  for (let s = 0; s < strata.codes.length; s++) {
    const rows = Array.from({ length: n }, (_, i) => i).filter((i) => strata.of[i] === s);
    addStratum(stepsOf(data, rows, of, k, cause), k, rho, score, variance);
  }
  const warnings: string[] = [];
  const events = Array.from(data.cause).filter((c) => c === cause).length;
  if (events === 0) warnings.push(`Cause ${cause} never occurs: there is nothing to compare and p is NaN.`);
  const used = codes.map((_, g) => g).filter((g) => variance[g][g] > 0);
  const df = used.length - 1;
  const free = used.slice(1);
  const statistic = events > 0 && df > 0 ? quadraticForm(free.map((g) => score[g]), free.map((a) => free.map((b) => variance[a][b]))) : NaN;
  return { cause, groups: codes, statistic, df: Math.max(0, df), p: df > 0 && !Number.isNaN(statistic) ? chiSquaredCdf(statistic, df, { upper: true }) : NaN, score: Array.from(score), variance: variance.map((r) => Array.from(r)), warnings };
}

/** The state of every group just before, and its events at, each time with an event. */
function stepsOf(data: CompetingFollowUp, rows: number[], of: Int32Array, k: number, cause: number): Step[] {
  if (rows.length === 0) return [];
  const grid = timeGrid(rows.map((i) => data.time[i]));
  const at: number[][] = Array.from({ length: grid.times.length }, () => []);
  grid.slot.forEach((s, q) => at[s].push(rows[q]));
  const left = new Float64Array(k);
  for (const i of rows) left[of[i]]++;
  let survival = new Float64Array(k).fill(1);
  let incidence = new Float64Array(k);
  const steps: Step[] = [];
  for (const here of at) {
    const own = new Float64Array(k);
    const other = new Float64Array(k);
    for (const i of here) {
      if (data.cause[i] === cause) own[of[i]]++;
      else if (data.cause[i] > 0) other[of[i]]++;
    }
    if (own.some((x) => x > 0) || other.some((x) => x > 0)) {
      const survivalAfter = survival.map((s, g) => (left[g] > 0 ? (s * (left[g] - own[g] - other[g])) / left[g] : s));
      steps.push({ atRisk: left.slice(), survival, survivalAfter, incidence, own, other });
      incidence = incidence.map((f, g) => (left[g] > 0 ? f + (survival[g] * own[g]) / left[g] : f));
      survival = survivalAfter;
    }
    for (const i of here) left[of[i]]--;
  }
  return steps;
}

function addStratum(steps: Step[], k: number, rho: number, score: Float64Array, variance: Float64Array[]): void {
  // c[i][r](t) = ∫₀ᵗ d_ir dΓ, with d_ir = weight·R_i(δ_ir − R_r/R)
  const c = Array.from({ length: k }, () => new Float64Array(k));
  // Var = Σ_s Σ_r (d + b)_ir (d + b)_jr h_r, b_ir = load_r(c_ir(end) − c_ir(s)): linear in c(end), so three sums a pair
  const constant = Array.from({ length: k }, () => new Float64Array(k));
  const slope = Array.from({ length: k }, () => new Float64Array(k)); // [i][r]: multiplies c_jr(end)
  const curvature = new Float64Array(k);
  let pooled = 0;
  for (const step of steps) {
    const R = step.atRisk.map((y, g) => (y > 0 && step.survival[g] > 0 ? y / step.survival[g] : 0));
    const open = R.map((x, g) => x * (1 - step.incidence[g]));
    const [sumR, sumOpen] = [R.reduce((a, b) => a + b, 0), open.reduce((a, b) => a + b, 0)];
    const own = step.own.reduce((a, b) => a + b, 0);
    const weight = rho === 0 ? 1 : exp(rho * log(1 - pooled));
    const d = Array.from({ length: k }, (_, i) => Float64Array.from({ length: k }, (_, r) => weight * R[i] * ((i === r ? 1 : 0) - R[r] / sumR)));
    const after = pooled + own / sumR;
    if (own > 0) {
      for (let i = 0; i < k; i++) {
        score[i] += weight * (step.own[i] - (own * open[i]) / sumOpen);
        for (let r = 0; r < k; r++) c[i][r] += (d[i][r] * own) / (sumR * (1 - pooled));
      }
    }
    for (let r = 0; r < k; r++) {
      if (R[r] === 0) continue;
      const load = step.survivalAfter[r] > 0 ? (1 - after) / step.survivalAfter[r] : 0;
      if (own > 0) {
        const tie = own > 1 ? 1 - (own - 1) / (sumR * step.survival[r] - 1) : 1;
        add(r, 1 - load, (tie * step.survival[r] * own) / (sumR * step.atRisk[r]), d);
      }
      const others = step.other[r];
      if (others > 0) {
        const tie = others > 1 ? 1 - (others - 1) / (step.atRisk[r] - 1) : 1;
        add(r, -load, (tie * step.survival[r] * step.survival[r] * others) / (step.atRisk[r] * step.atRisk[r]), undefined);
      }
    }
    pooled = after;
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let sum = constant[i][j];
      for (let r = 0; r < k; r++) sum += c[j][r] * slope[i][r] + c[i][r] * slope[j][r] + c[i][r] * c[j][r] * curvature[r];
      variance[i][j] += sum;
    }
  }

  /** Adds h·(d_i + load(c_i(end) − c_i))(d_j + load(c_j(end) − c_j)) for group r. */
  function add(r: number, load: number, h: number, d: Float64Array[] | undefined): void {
    const fixed = Float64Array.from({ length: k }, (_, i) => (d === undefined ? 0 : d[i][r]) - load * c[i][r]);
    for (let i = 0; i < k; i++) {
      slope[i][r] += h * load * fixed[i];
      for (let j = 0; j < k; j++) constant[i][j] += h * fixed[i] * fixed[j];
    }
    curvature[r] += h * load * load;
  }
}
