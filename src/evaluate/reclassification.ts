import { InputError, normalCdf, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { countClassesOfRisk, type Numbers } from "./binaryInput.js";

/** A difference with SE, z, two-sided normal p and normal interval. */
export type Estimate = { estimate: number; se: number; z: number; p: number; lower: number; upper: number };

export type NetReclassification = {
  /** shares moved up and down, of patients with the event and of the others */
  events: { up: number; down: number }; others: { up: number; down: number };
  nri: Estimate; nriEvents: Estimate; nriOthers: Estimate;
  /** risk classes only: rows are the old model's classes, columns the new one's */
  tableEvents?: number[][]; tableOthers?: number[][];
  warnings: string[];
};

function estimate(value: number, variance: number, z: number): Estimate {
  const se = Math.sqrt(variance);
  const statistic = value === 0 && se === 0 ? 0 : value / se;
  return { estimate: value, se, z: statistic, p: Math.min(1, 2 * normalCdf(Math.abs(statistic), { upper: true })), lower: value - z * se, upper: value + z * se };
}

function classesOf(risk: Numbers, cuts: number[]): Int32Array {
  return Int32Array.from(risk, (r) => {
    let k = 0;
    while (k < cuts.length && r > cuts[k]) k++;
    return k;
  });
}

/**
 * Net reclassification improvement of a new model over an old one. With `cuts`, moves between the risk classes (a, b] count
 * (Pencina et al., Stat Med 2008;27:157); without, any change of risk (category-free, Pencina, Stat Med 2011;30:11).
 * NRI = (up − down among events) + (down − up among others), each part's variance (up + down − (up − down)²) / n, not the null's.
 * Agrees with Hmisc 4.8 improveProb (category-free). The category-free NRI grows with noise (Hilden & Gerds, Stat Med 2014;33:3405):
 * give it with calibration and a decision curve.
 *
 * @param before, after predicted risks of the same n patients
 * @param event n flags
 * @param cuts rising risks in (0, 1)
 * @throws InputError on risks outside 0 … 1, one class only, cuts that do not rise
 */
export function netReclassification(
  before: Numbers, after: Numbers, event: Numbers, { cuts, level = 0.95 }: { cuts?: number[]; level?: number } = {},
): NetReclassification {
  checkLevel("NRI", level);
  const { n, events, others } = countClassesOfRisk("NRI", before, event, "the old risk");
  countClassesOfRisk("NRI", after, event, "the new risk");
  if (cuts !== undefined && (cuts.length === 0 || cuts.some((c, k) => !(c > 0 && c < 1) || (k > 0 && c <= cuts[k - 1])))) {
    throw new InputError(`NRI: the cuts are ${cuts.join(", ")}, expected rising risks between 0 and 1.`);
  }
  const old: Numbers = cuts === undefined ? before : classesOf(before, cuts);
  const now: Numbers = cuts === undefined ? after : classesOf(after, cuts);
  let [upEvents, downEvents, upOthers, downOthers] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (now[i] > old[i]) { if (event[i] === 1) upEvents++; else upOthers++; }
    else if (now[i] < old[i]) { if (event[i] === 1) downEvents++; else downOthers++; }
  }
  const ofEvents = { up: upEvents / events, down: downEvents / events };
  const ofOthers = { up: upOthers / others, down: downOthers / others };
  const netEvents = ofEvents.up - ofEvents.down;
  const netOthers = ofOthers.down - ofOthers.up;
  const varEvents = (ofEvents.up + ofEvents.down - netEvents * netEvents) / events;
  const varOthers = (ofOthers.up + ofOthers.down - netOthers * netOthers) / others;
  const z = normalQuantile(0.5 + level / 2);
  const result: NetReclassification = {
    events: ofEvents, others: ofOthers, nri: estimate(netEvents + netOthers, varEvents + varOthers, z),
    nriEvents: estimate(netEvents, varEvents, z), nriOthers: estimate(netOthers, varOthers, z),
    warnings: cuts === undefined ? ["The category-free NRI is not a proper score: noise can raise it; read it beside calibration and net benefit."] : [],
  };
  if (cuts === undefined) return result;
  const table = (flag: number) => {
    const counts = Array.from({ length: cuts.length + 1 }, () => Array.from({ length: cuts.length + 1 }, () => 0));
    for (let i = 0; i < n; i++) if (event[i] === flag) counts[old[i]][now[i]]++;
    return counts;
  };
  return { ...result, tableEvents: table(1), tableOthers: table(0) };
}

/** Rise of the mean risk among events (`events`), fall among the others (`others`), and their sum. */
export type IntegratedDiscrimination = { idi: Estimate; events: number; others: number; warnings: string[] };

/**
 * Integrated discrimination improvement: (mean rise of the risk among events) + (mean fall among the others);
 * SE² = s²₁/n₁ + s²₀/n₀ of the paired changes. Pencina et al., Stat Med 2008;27:157. Agrees with Hmisc 4.8 improveProb.
 *
 * @param before, after n risks of the same patients; event n flags
 * @throws InputError on risks outside 0 … 1, unequal lengths, one class, a level outside 0 … 1
 */
export function integratedDiscrimination(before: Numbers, after: Numbers, event: Numbers, { level = 0.95 }: { level?: number } = {}): IntegratedDiscrimination {
  checkLevel("IDI", level);
  const { n } = countClassesOfRisk("IDI", before, event, "the old risk");
  countClassesOfRisk("IDI", after, event, "the new risk");
  const part = (flag: number) => {
    let [count, mean, squares] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      if (event[i] !== flag) continue;
      const change = after[i] - before[i];
      const step = change - mean;
      mean += step / ++count;
      squares += step * (change - mean);
    }
    return { count, mean, variance: squares / (count - 1) / count };
  };
  const [one, zero] = [part(1), part(0)];
  const warnings = Math.min(one.count, zero.count) < 2 ? [`IDI: ${one.count} events and ${zero.count} others; a standard error needs two of each.`] : [];
  return { idi: estimate(one.mean - zero.mean, one.variance + zero.variance, normalQuantile(0.5 + level / 2)), events: one.mean, others: -zero.mean, warnings };
}
