import { InputError } from "../../math/index.js";
import type { BlockReport, Figure } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { calibrationFigures, decisionFigure } from "./riskFigures.js";
import { correlationFigure, funnelFigures, iccFigures, lassoFigures, selectionFigures } from "./featureFigures.js";
import { flowFigure, harmonisationFigures } from "./patientFigures.js";
import { comparisonFigures, meritFigure, spreadFigure, subgroupFigure } from "./meritFigures.js";
import { ratioFigures } from "./ratioFigures.js";
import { rocFigure, timeAucFigure } from "./rocFigures.js";
import { nomogramFigure } from "./nomogramFigure.js";
import { survivalFigures, waterfallFigure } from "./riskGroupFigures.js";
import { associationFigures, changeFigures } from "./associationFigures.js";

/**
 * Every figure that the facts allow, in the order of the report: about eight in front (flow, merit, ROC or AUC(t), calibration,
 * decision curve, nomogram, survival, what was selected), the others for the appendix. Plain data, no patient's name; nothing is fitted
 * here but curves through predictions that exist. `blocks` are the reports whose ratios are drawn.
 */
export function figuresOf(facts: Facts, blocks: readonly BlockReport[] = []): Figure[] {
  const makers = [
    flowFigure, meritFigure, rocFigure, timeAucFigure, calibrationFigures, decisionFigure, nomogramFigure, survivalFigures, selectionFigures,
    funnelFigures, iccFigures, harmonisationFigures, correlationFigure, lassoFigures, comparisonFigures, spreadFigure, subgroupFigure, waterfallFigure,
    associationFigures, changeFigures, (found: Facts) => ratioFigures(found, blocks),
  ];
  const figures = makers.flatMap((make) => {
    try {
      return make(facts);
    } catch (error) {
      // a figure that these patients do not allow (a score that is one number for all, a group without patients) does not end a run
      if (!(error instanceof InputError)) throw error;
      facts.findings.push({ guard: "figures", severity: "note", where: "plan", message: `A figure was not drawn: ${error.message}` });
      return [];
    }
  });
  return [...figures.filter((f) => f.front), ...figures.filter((f) => !f.front)];
}
