import {
  coxInformation, InputError, inverseForm, inverseOf, log, relativeRisks, setMultiplier, withLayout, type CoxData, type CoxRows, type Design, type FollowUp,
} from "../math/index.js";
import { chiSquared, type ChiSquaredTest } from "./chiSquaredTest.js";
import type { CoxModel } from "./cox.js";
import { coxAt, eventGroups } from "./coxResiduals.js";

export type ZphTransform = "km" | "rank" | "identity" | "log";
export type CoxZph = {
  transform: ZphTransform;
  /** by term, then all together */
  tests: ({ term: string } & ChiSquaredTest)[]; global: ChiSquaredTest;
  /** for the plot: transformed and plain event times, and β(t) = scaled Schoenfeld residual + coefficient, an array by term for each event */
  x: Float64Array; time: Float64Array; y: Float64Array[];
  warnings: string[];
};

/**
 * Test of proportional hazards: score test of adding x·g(t) for a term (all its columns), and for all terms. g is 1 − the left-hand
 * Kaplan–Meier curve ("km", default), the rank of the time among all rows' times, the time, or its log. Grambsch & Therneau, Biometrika 1994;81:515,
 * in the exact form of R survival >= 3.0 (cox.zph): variances of every risk set, not the average V of the older correlation test.
 *
 * @param terms  names of columns that are one term, as { grade: ["gradeG2", "gradeG3"] }; other columns are their own term
 * @throws InputError on rows other than the model's, exact ties, an unknown transform or column, an event at time 0 under "log"
 */
export function coxZph(
  model: CoxModel, design: Design, followUp: FollowUp,
  options: CoxRows & { transform?: ZphTransform; terms?: Record<string, readonly string[]> } = {},
): CoxZph {
  const { transform = "km" } = options;
  const { data, sets, beta } = coxAt(model, design, followUp, options);
  const { p, deaths, group, weight, x } = data;
  if (model.ties === "exact") throw new InputError("The test of proportional hazards is not defined for exact ties. Fit the model with ties efron.");
  const g = transformed(data, transform);
  const estimated = Array.from({ length: p }, (_, j) => j).filter((j) => Number.isFinite(model.se[j] ?? NaN));
  const info = withLayout(data, model.ties, (layout) => {
    layout.heap.f.set(relativeRisks(data, beta).risk, layout.risk);
    const at = g.filter((_, k) => deaths[k] > 0);
    return [at.map(() => 1), at, at.map((v) => v * v)].map((m) => {
      setMultiplier(layout, m);
      return coxInformation(layout);
    });
  });
  const u = new Float64Array(p);
  for (const k of eventGroups(data)) {
    for (let i = group[k]; i < group[k] + deaths[k]; i++) {
      for (let j = 0; j < p; j++) u[j] += g[k] * weight[i] * (x[i * p + j] - sets.mean[k * p + j]);
    }
  }
  // score test of the columns `of` beside all of β: u' (I22 − I21 I11⁻¹ I12)⁻¹ u
  const inner = inverseOf(info[0], estimated, p);
  const adjusted = new Float64Array(p * p);
  for (const a of estimated) {
    for (const b of estimated) {
      let sum = info[2][a * p + b];
      for (const c of estimated) for (const d of estimated) sum -= info[1][a * p + c] * inner[c * p + d] * info[1][d * p + b];
      adjusted[a * p + b] = sum;
    }
  }
  const score = (columns: number[]) => {
    const of = columns.filter((j) => estimated.includes(j));
    return chiSquared(of.length === 0 ? NaN : inverseForm(adjusted, of, p, u), of.length);
  };
  const terms = termsOf(model.names, options.terms ?? {});
  const unused = model.names.filter((_, j) => !estimated.includes(j));
  const tests = terms.map(({ term, columns }) => ({ term, ...score(columns) }));
  const global = score(estimated);
  const without = [...tests, { term: "all together", ...global }].filter((t) => t.df > 0 && !Number.isFinite(t.statistic)).map((t) => t.term);
  return {
    transform, tests, global,
    ...curves(data, sets.mean, beta, info[0], terms.map((t) => t.columns), estimated, g),
    warnings: [
      ...(unused.length === 0 ? [] : [`${unused.join(", ")}: no finite estimate, left out of the test.`]),
      ...(without.length === 0 ? [] : [`${without.join(", ")}: ${data.events} event${data.events === 1 ? "" : "s"} at too few times to tell whether hazards are proportional, so statistic and p are NaN. Test with more events.`]),
    ],
  };
}

/**
 * x, time and y of the plot, by event in time order. Columns of one term are first taken together, z = Σ β x (coefficient 1), then
 * d·(Schoenfeld residual of the z)·(their information)⁻¹ + coefficient.
 */
function curves(
  data: CoxData, mean: Float64Array, beta: Float64Array, information: Float64Array, terms: number[][], estimated: number[], g: Float64Array & { shift: number },
): { x: Float64Array; time: Float64Array; y: Float64Array[] } {
  const { p, deaths, group, row, scale, events } = data;
  const q = terms.length;
  const single = terms.map((columns) => columns.length === 1);
  const load = terms.map((columns, t) => columns.map((j) => (single[t] ? 1 : beta[j])));
  const joint = new Float64Array(q * q);
  for (let s = 0; s < q; s++) {
    for (let t = 0; t < q; t++) terms[s].forEach((j, a) => terms[t].forEach((k, b) => (joint[s * q + t] += load[s][a] * information[j * p + k] * load[t][b])));
  }
  const used = terms.flatMap((columns, t) => (columns.some((j) => estimated.includes(j)) ? [t] : []));
  const inverse = inverseOf(joint, used, q);
  const order = eventGroups(data).sort((a, b) => data.time[group[a]] - data.time[group[b]] || data.stratum[a] - data.stratum[b])
    .flatMap((k) => Array.from({ length: deaths[k] }, (_, e) => ({ k, i: group[k] + e })).sort((a, b) => row[a.i] - row[b.i]));
  const y = order.map(({ k, i }) => {
    const z = terms.map((columns, t) => columns.reduce((sum, j, a) => sum + load[t][a] * (data.x[i * p + j] - mean[k * p + j]), 0));
    return Float64Array.from(terms, (columns, t) => {
      if (!used.includes(t)) return NaN;
      const smooth = z.reduce((sum, v, s) => sum + events * inverse[t * q + s] * v, 0);
      return single[t] ? (smooth + beta[columns[0]]) / scale[columns[0]] : smooth + 1;
    });
  });
  return { x: Float64Array.from(order, ({ k }) => g[k] + g.shift), time: Float64Array.from(order, ({ k }) => data.time[group[k]]), y };
}

/** Columns grouped into terms in the order of the columns. Plumbing: no source. @throws InputError on a column that the model lacks */
export function termsOf(names: readonly string[], terms: Record<string, readonly string[]>): { term: string; columns: number[] }[] {
  const termOf = new Map(Object.entries(terms).flatMap(([term, columns]) => columns.map((column) => [column, term] as const)));
  for (const column of termOf.keys()) {
    if (!names.includes(column)) throw new InputError(`Term "${termOf.get(column)}" names column "${column}", which the model lacks. It has ${names.join(", ")}.`);
  }
  const result = new Map<string, number[]>();
  names.forEach((name, j) => {
    const term = termOf.get(name) ?? name;
    result.set(term, [...(result.get(term) ?? []), j]);
  });
  return Array.from(result, ([term, columns]) => ({ term, columns }));
}

/** g(t) of every group with its mean over events taken off (`shift` puts it back): the test does not depend on it, rounding does. */
function transformed(data: CoxData, transform: ZphTransform): Float64Array & { shift: number } {
  const { deaths, group, time } = data;
  const g = new Float64Array(deaths.length) as Float64Array & { shift: number };
  const at = (k: number) => time[group[k]];
  const groups = Array.from(deaths.keys()).sort((a, b) => at(a) - at(b));
  if (transform === "km") {
    // one curve over all strata: who is at risk at t has start < t <= time
    const stops = Float64Array.from(data.time).sort();
    const starts = data.start === undefined ? undefined : Float64Array.from(data.start).sort();
    let survival = 1;
    let past = 0;
    let entered = 0;
    for (let a = 0; a < groups.length;) {
      const t = at(groups[a]);
      let d = 0;
      while (past < stops.length && stops[past] < t) past++;
      if (starts !== undefined) while (entered < starts.length && starts[entered] < t) entered++;
      const before = survival;
      for (; a < groups.length && at(groups[a]) === t; a++) {
        g[groups[a]] = 1 - before;
        d += deaths[groups[a]];
      }
      survival *= 1 - d / ((starts === undefined ? stops.length : entered) - past);
    }
  } else if (transform === "rank") {
    let below = 0;
    for (let a = 0; a < groups.length;) {
      const first = a;
      let size = 0;
      while (a < groups.length && at(groups[a]) === at(groups[first])) size += group[groups[a] + 1] - group[groups[a++]];
      for (let k = first; k < a; k++) g[groups[k]] = below + (size + 1) / 2;
      below += size;
    }
  } else if (transform === "identity" || transform === "log") {
    for (const k of groups) {
      if (transform === "log" && deaths[k] > 0 && !(at(k) > 0)) throw new InputError('An event at time 0 has no log time. Take transform "km" or "rank".');
      g[k] = transform === "identity" ? at(k) : deaths[k] > 0 ? log(at(k)) : 0;
    }
  } else throw new InputError(`Unknown transform "${transform}". Known: km, rank, identity, log.`);
  let sum = 0;
  for (const k of groups) sum += deaths[k] * g[k];
  g.shift = sum / data.events;
  for (const k of groups) g[k] -= g.shift;
  return g;
}
