import { significantText } from "./numberText.js";
import type { StudyResults } from "./results.js";
import { kindOf } from "./wording.js";

/**
 * methods.md: the methods as executed (sentences from the run's graph, by heading), how the figures were judged, the formulae, and
 * a table of every parameter with where it came from. Nothing is stated here that the run did not do.
 */
export function methodsMarkdown(results: StudyResults): string {
  const lines = [`# Methods: ${results.title}`, "", `Question: ${results.question}`, ""];
  if (results.order === "as-published") lines.push("> This run followed the published order of steps, faults included; see the report's margin.", "");
  for (const { heading, sentences } of results.methods) if (sentences.length > 0) lines.push(`## ${heading}`, "", sentences.join(" "), "");
  if (results.performance.length > 0) lines.push("## How performance was judged", "", ...judged(results.performance), "");
  const formulas = results.blocks.filter((b) => b.formula !== undefined);
  if (formulas.length > 0) {
    lines.push("## Formulae", "");
    for (const b of formulas) {
      const hazard = (b.baseline ?? []).map((h) => `H₀(${h.time}${results.outcome.unit === undefined ? "" : ` ${results.outcome.unit}`}) = ${significantText(h.cumulativeHazard, 6)}`);
      lines.push(`- ${b.title}: \`${b.formula}\`${hazard.length === 0 ? "" : `; baseline cumulative hazard at linear predictor 0: ${hazard.join(", ")}`}`);
    }
    lines.push("");
  }
  if (results.parameters.length > 0) {
    lines.push("## Parameters", "", "| What | Value | From |", "|---|---|---|", ...results.parameters.map((p) => `| ${[p.what, p.value, p.from].map(tableCell).join(" | ")} |`), "");
  }
  lines.push(`Written by ${results.program} from the executed graph; seed ${results.seed}.`, "");
  return lines.join("\n");
}

/** One entry for each kind and set: what it means, how it was made, and each way to an interval with the measures that it was used for. */
function judged(performance: StudyResults["performance"]): string[] {
  const groups = new Map<string, StudyResults["performance"]>();
  for (const p of performance) groups.set(`${p.estimate.kind}\n${p.estimate.set}`, [...(groups.get(`${p.estimate.kind}\n${p.estimate.set}`) ?? []), p]);
  return [...groups.values()].map((own) => {
    const { kind, set } = own[0].estimate;
    const [n, events] = [Math.max(...own.map((p) => p.estimate.n)), Math.max(...own.map((p) => p.estimate.events ?? NaN))];
    // the relative overfitting is of one model and measure: it stands in results.json
    const methods = byMeasure(own.map((p) => [p.estimate.method.replace(/, relative overfitting [\d.e-]+$/, ""), p.measure]));
    const intervals = byMeasure(own.filter((p) => p.estimate.low !== undefined).map((p) => [p.estimate.intervalMethod ?? "method not named", p.measure]));
    const made = methods.length === 1 ? methods[0][0] : methods.map(([method, of]) => `${method} (${of.join(", ")})`).join("; ");
    return `- ${kindOf(kind).name}, ${set} (n ${n}${Number.isFinite(events) ? `, ${events} events` : ""}): ${kindOf(kind).meaning}. ${made.charAt(0).toUpperCase()}${made.slice(1)}.`
      + (intervals.length === 0 ? " No intervals." : ` Intervals: ${intervals.map(([method, of]) => `${method} (${of.join(", ")})`).join("; ")}.`);
  });
}

/** Measures by method, a measure at several times once: "AUC(24)", "AUC(36)" are AUC(t). */
function byMeasure(pairs: readonly (readonly [string, string])[]): [string, string[]][] {
  const found = new Map<string, Set<string>>();
  for (const [method, measure] of pairs) found.set(method, (found.get(method) ?? new Set()).add(measure.replace(/\([\d.]+\)$/, "(t)")));
  return [...found].map(([method, measures]) => [method, [...measures]]);
}

/** A cell of a Markdown table: the bar escaped, on one line. */
function tableCell(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ");
}
