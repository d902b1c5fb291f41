import { levelText, type BlockReport, type Figure, type ForestData } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { labelOf, percentOf, perUnit, slug } from "./setsOf.js";

/** Each model's variables one by one and together: ratios with intervals and P, the multivariable ones where the variable was kept. */
export function ratioFigures(facts: Facts, blocks: readonly BlockReport[]): Figure[] {
  const measure = facts.plan.outcome.kind === "survival" ? "HR" : "OR";
  return blocks.flatMap((block): Figure[] => {
    const { univariable } = block;
    if (block.kind !== "model" || univariable === undefined || univariable.length < 2) return [];
    const together = (term: string, level: string | undefined) => {
      const found = block.coefficients.find((c) => c.term === (level === undefined ? term : `${term}${level}`));
      return found?.ratio === undefined || found.low === undefined || found.high === undefined ? null : { value: found.ratio, low: found.low, high: found.high, ...(found.p === undefined ? {} : { p: found.p }) };
    };
    const { level } = facts.plan.evaluation, own = block.coefficients.find((c) => c.level !== undefined)?.level ?? level;
    const intervals = own === level ? percentOf(facts) : `${percentOf(facts)} (together: ${levelText(own).replace(" CI", "")})`;
    const rows: ForestData["rows"] = univariable.map((u) => {
      return {
        label: u.level === undefined ? perUnit(facts, u.term) : `${labelOf(facts, u.term)}: ${u.level}`, n: u.n, events: u.events,
        panels: [{ value: u.ratio, low: u.low, high: u.high, p: u.p }, together(u.term, u.level)],
      };
    });
    return [{
      id: `ratios-${slug(block.name)}`, section: "models", title: `Variables of the ${block.name} model, one by one and together`, chart: "forest",
      caption: `${block.learner === "fineGray" ? "Subdistribution hazard" : measure === "HR" ? "Hazard" : "Odds"} ratios with ${intervals} intervals on the training patients; events and n of those whose value is known. Right: the variables that the model kept, together. Choosing by univariable P biases the ratios that remain; the intervals take the choice as given.`,
      data: { measure, level, ...(own !== level && { levels: [level, own] }), reference: 1, log: true, panels: ["Univariable", "Multivariable"], rows },
    }];
  });
}
