import { chiSquaredCdf, InputError } from "../math/index.js";
import { countClassesOfRisk, type Numbers } from "./binaryInput.js";
import { groupByQuantile } from "./riskGroups.js";

export type HosmerLemeshow = {
  chiSquared: number; df: number; p: number;
  /** one entry a group: the risks in (lower, upper], the first including its lower end */
  groups: { lower: number; upper: number; n: number; events: number; expected: number }[];
  warnings: string[];
};

/**
 * Hosmer and Lemeshow's test: Σ (O − E)²/E over events and others of groups by quantiles of risk; χ² with groups − 2 df for a model
 * judged on the rows that fitted it, groups df on other rows (`external`). Hosmer & Lemeshow, Commun Stat A 1980;9:1043.
 * Groups are cut at type-7 quantiles, (a, b]; ties make fewer groups. Agrees with R ResourceSelection 0.3-6 hoslem.test.
 * A large p is no proof of calibration: with few events the test sees little, and its groups are arbitrary. Read slope and curve first.
 *
 * @param risk n probabilities, event n flags, groups wanted (10)
 * @throws InputError on risks outside 0 … 1, one class, fewer than 3 groups, or ties that leave fewer
 */
export function hosmerLemeshow(risk: Numbers, event: Numbers, { groups = 10, external = false }: { groups?: number; external?: boolean } = {}): HosmerLemeshow {
  countClassesOfRisk("Hosmer–Lemeshow", risk, event);
  if (!(Number.isInteger(groups) && groups >= 3)) throw new InputError(`Hosmer–Lemeshow: ${groups} groups asked for, expected a whole number of at least 3.`);
  const { breaks, group } = groupByQuantile(risk, groups);
  const count = breaks.length - 1;
  if (count < 3) throw new InputError(`Hosmer–Lemeshow: ties in the risks leave ${Math.max(1, count)} of ${groups} groups, at least 3 are needed; use the calibration slope instead.`);
  const rows = Array.from({ length: count }, (_, g) => ({ lower: breaks[g], upper: breaks[g + 1], n: 0, events: 0, expected: 0 }));
  for (let i = 0; i < risk.length; i++) {
    const row = rows[group[i]];
    row.n++;
    row.events += event[i];
    row.expected += risk[i];
  }
  const warnings: string[] = ["Hosmer–Lemeshow is a weak test: a large p does not show that a model is calibrated; read slope, in-the-large and curve first."];
  if (count < groups) warnings.push(`Hosmer–Lemeshow: ties in the risks leave ${count} of ${groups} groups.`);
  const thin = rows.filter((r) => Math.min(r.expected, r.n - r.expected) < 1).length;
  if (thin > 0) warnings.push(`Hosmer–Lemeshow: ${thin} of ${count} groups expect less than one event or non-event, so its χ² distribution is doubtful; take fewer groups.`);
  let chiSquared = 0;
  for (const r of rows) {
    const off = (r.events - r.expected) * (r.events - r.expected);
    const otherExpected = r.n - r.expected;
    if (off > 0) chiSquared += off / r.expected + off / otherExpected;
  }
  const df = external ? count : count - 2;
  return { chiSquared, df, p: chiSquaredCdf(chiSquared, df, { upper: true }), groups: rows, warnings };
}
