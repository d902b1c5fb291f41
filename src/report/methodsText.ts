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
  const judged = [...new Map(results.performance.map((p) => [`${p.estimate.kind} ${p.estimate.set} ${p.estimate.method}`, p.estimate])).values()];
  if (judged.length > 0) {
    lines.push("## How performance was judged", "");
    for (const e of judged) {
      const intervals = [...new Set(results.performance.filter((p) => p.estimate.kind === e.kind && p.estimate.set === e.set && p.estimate.method === e.method && p.estimate.low !== undefined).map((p) => p.estimate.intervalMethod ?? "method not named"))];
      lines.push(`- ${kindOf(e.kind).name}, ${e.set} (n ${e.n}${e.events === undefined ? "" : `, ${e.events} events`}): ${kindOf(e.kind).meaning}. ${e.method}.${intervals.length === 0 ? "" : ` Intervals: ${intervals.join("; ")}.`}`);
    }
    lines.push("");
  }
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

/** A cell of a Markdown table: the bar escaped, on one line. */
function tableCell(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ");
}
