import { selectOutcome, selectRows, type Table } from "../cohort/index.js";
import { exp, InputError } from "../math/index.js";
import { coxFit, designOf, fineGray, firthLogistic, logisticFit, oddsRatios, radscore, radscoreFormula, type DesignCoding } from "../model/index.js";
import type { BlockReport, Coefficient, StepReport } from "../report/index.js";
import { hazardAt } from "./fit/baselineHazard.js";
import { candidatesOf, workingTable } from "./fit/blockTable.js";
import type { Facts } from "./facts.js";
import type { FittedBlock, FittedStep } from "./pipeline.js";
import type { Plan } from "./plan.js";
import { planOptions } from "./plan/useOptions.js";

/** Every block as it was fitted on all training patients, and how often its choices came back. */
export function blockReports(facts: Facts): BlockReport[] {
  const { plan, blocks } = facts;
  const plans = new Map([...plan.scores, ...plan.models].map((b) => [b.name, b]));
  return blocks.map((block): BlockReport => {
    const { title } = plans.get(block.name)!;
    const { coefficients, intercept } = coefficientsOf(block);
    const formula = formulaOf(block, coefficients, intercept);
    const stability = stabilityOf(facts, block.name);
    const univariable = block.kind === "model" ? univariableOf(facts, block) : undefined;
    return {
      name: block.name, kind: block.kind, title, learner: block.learner.name, inputs: plans.get(block.name)!.from,
      candidates: candidateParameters(plan, facts.data.development.table, block.name), parameters: coefficients.length,
      steps: block.steps.map(stepReport), selected: block.selected, coefficients, ...(formula !== undefined && { formula }),
      ...(block.baseline !== undefined && { baseline: plan.evaluation.times.map((time) => ({ time, cumulativeHazard: hazardAt(block.baseline!, time) })) }),
      ...(stability !== undefined && { stability }), ...(univariable !== undefined && univariable.length > 0 && { univariable, univariableLevel: plan.evaluation.level }), warnings: block.warnings,
    };
  });
}

/** Parameters that could have entered: one a number, one less than its levels a category. */
export function candidateParameters(plan: Plan, table: Table, name: string): number {
  return candidatesOf(plan, name).reduce((sum, column) => {
    const c = table.columns[column];
    return sum + (c?.kind === "category" ? Math.max(1, new Set(c.codes.filter((v) => v >= 0)).size - 1) : 1);
  }, 0);
}

function stepReport(step: FittedStep): StepReport {
  const gone = new Set(step.after);
  const why = new Map(((step.state as { dropped?: { name: string; why?: string }[] } | null)?.dropped ?? []).map((d) => [d.name, d.why]));
  const removed = step.before.filter((n) => !gone.has(n)).map((name) => ({ name, ...(why.get(name) !== undefined && { why: why.get(name)! }) }));
  const counts = step.state as { before?: unknown; after?: unknown; rows?: unknown[] } | null;
  const note = step.state === null ? "Nothing was left for it to work on." : Array.isArray(counts?.before) ? `rows without and with the event: ${(counts.before as number[]).join(" and ")} before, ${(counts.after as number[]).join(" and ")} after` : undefined;
  return { step: step.name, options: planOptions(step.name, step.options), before: step.before.length, after: step.after.length, ...(removed.length > 0 && { kept: step.after, removed }), ...(note !== undefined && { note }) };
}

/** Coefficients with ratios and intervals where the model has them; `intercept` so that Σ coefficient · value + intercept is the linear predictor. */
export function coefficientsOf(block: FittedBlock): { coefficients: Coefficient[]; intercept: number } {
  const fitted = block.model as any;
  if (fitted === null) return { coefficients: [], intercept: block.constant };
  const moved = block.recalibration?.intercept ?? 0;
  switch (fitted.kind as string) {
    case "elasticNet":
      return { coefficients: fitted.selected.map((term: string, k: number) => ({ term, coefficient: fitted.coefficients[k], ratio: exp(fitted.coefficients[k]) })), intercept: fitted.intercept + moved };
    case "logisticTable": case "firthTable": {
      const m = fitted.model, names = m.names as string[], how = fitted.kind === "firthTable" ? (m.profile === true ? "profile penalised likelihood" : "Wald, Firth's penalised likelihood") : "Wald";
      const at = (j: number): Coefficient => ({ term: names[j], coefficient: m.coefficient[j], ratio: exp(m.coefficient[j]), ...(Number.isFinite(m.lower[j]) && { low: exp(m.lower[j]), high: exp(m.upper[j]), level: m.level, p: m.p[j], intervalMethod: how }) });
      const first = names[0] === "(Intercept)" ? 1 : 0;
      return { coefficients: names.slice(first).map((_, j) => at(j + first)), intercept: (first === 1 ? m.coefficient[0] : 0) + moved };
    }
    case "coxTable": {
      const m = fitted.model, names = m.names as string[];
      const b = (j: number): number => (Number.isFinite(m.coefficients[j]) ? m.coefficients[j] : 0);
      return {
        coefficients: names.map((term, j) => ({ term, coefficient: m.coefficients[j], ratio: m.hazardRatio[j], ...(Number.isFinite(m.ci[j]?.[0]) && { low: m.ci[j][0], high: m.ci[j][1], level: m.level, p: m.p[j], intervalMethod: "Wald" }) })),
        intercept: -names.reduce((sum, _, j) => sum + b(j) * m.means[j], 0),
      };
    }
    case "firthCoxTable": case "fineGrayTable": {
      const m = fitted.model, names = m.names as string[];
      const ci = (j: number) => (m.ci?.[j] ?? [m.lower?.[j], m.upper?.[j]]) as [number, number];
      return { coefficients: names.map((term, j) => ({ term, coefficient: m.coefficients[j], ratio: exp(m.coefficients[j]), ...(Number.isFinite(ci(j)[0]) && { low: ci(j)[0], high: ci(j)[1], level: m.level, p: m.p?.[j], intervalMethod: fitted.kind === "firthCoxTable" ? "penalised likelihood" : "Wald" }) })), intercept: 0 };
    }
    default: return { coefficients: [], intercept: 0 };
  }
}

/** The linear predictor as a line; a category's column is written Her2[positive], an intercept that is rounding alone is left out. */
function formulaOf(block: FittedBlock, coefficients: Coefficient[], intercept: number): string | undefined {
  const usable = coefficients.filter((c) => Number.isFinite(c.coefficient));
  if (block.model === null) return radscoreFormula(radscore(block.name, [], block.constant), 6);
  if (usable.length === 0) return undefined;
  const coding = (block.model as { coding?: DesignCoding }).coding;
  const written = new Map((coding?.terms ?? []).flatMap((t) => (t.kind === "category" ? t.names.map((name, k) => [name, `${t.variable}[${t.levels[k]}]`] as const) : [])));
  const terms = usable.filter((c) => c.term !== block.name).map((c) => ({ name: written.get(c.term) ?? c.term, coefficient: c.coefficient }));
  return radscoreFormula(radscore(block.name, terms, Math.abs(intercept) < 1e-12 ? 0 : intercept), 6);
}

/** Share of resampled fits that kept each variable: bootstrap samples where there are some, else folds. */
export function stabilityOf({ bootstrap, crossValidation }: Facts, name: string): BlockReport["stability"] {
  const kept = (bootstrap?.resamples ?? crossValidation?.results ?? []).filter((r) => r.failed?.[name] === undefined).map((r) => r.kept[name]);
  if (kept.length === 0) return undefined;
  const count = new Map<string, number>();
  for (const names of kept) for (const variable of names) count.set(variable, (count.get(variable) ?? 0) + 1);
  return {
    fits: kept.length, empty: kept.filter((k) => k.length === 0).length,
    kept: [...count].map(([variable, times]) => ({ name: variable, share: times / kept.length })).sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1)),
  };
}

/** Each input of a model in a model of its own, on the training patients who have it; at most 40 inputs. */
function univariableOf(facts: Facts, block: FittedBlock): BlockReport["univariable"] {
  const { data, training, sets, plan: { evaluation: { level } } } = facts;
  if (block.inputs.length > 40) return undefined;
  const table = selectRows(workingTable(data.development), training), outcome = selectOutcome(data.development.outcome, training);
  return block.inputs.flatMap((name): NonNullable<BlockReport["univariable"]> => {
    try {
      const column = (block.blocks ?? []).includes(name) ? { kind: "number" as const, values: sets[0].predictions[name].linear } : table.columns[name];
      const { design, coding, rows } = designOf({ id: table.id, columns: { [name]: column } }, [name], { missing: "leaveOut" });
      const term = coding.terms[0];
      const levelName = (k: number) => (term.kind === "category" ? { level: term.levels[k] } : {});
      const own = selectOutcome(outcome, rows);
      const n = rows.length, events = own.event.reduce((a, b) => a + b, 0);
      if (own.kind === "binary") {
        const plain = logisticFit(design, own.event, { level });
        const fit = plain.separation === undefined ? plain : firthLogistic(design, own.event, { level });
        return oddsRatios(fit).map((r, k) => ({ term: name, ...levelName(k), ratio: r.ratio, low: r.lower, high: r.upper, p: r.p, n, events }));
      }
      // ratios of one kind side by side: the subdistribution's beside a Fine–Gray model
      const fit = block.learner.name === "fineGray" && own.cause !== undefined ? fineGray(design, own.time, own.cause, { level }) : coxFit(design, { time: own.time, event: own.event }, { baseline: "none", level });
      return fit.names.map((_, k) => ({ term: name, ...levelName(k), ratio: fit.hazardRatio[k], low: fit.ci[k][0], high: fit.ci[k][1], p: fit.p[k], n, events }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return [];
    }
  });
}
