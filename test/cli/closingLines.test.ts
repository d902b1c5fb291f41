// The last lines of a run: what was found, counted without empty counts.
import { expect, test } from "vitest";
import { closingLines } from "../../cli/closingLines.js";
import { reportHtml } from "../../src/report/index.js";
import { asPublishedResults, sampleResults } from "../report/sampleResults.js";

test("warnings, notes and faults are counted; what there is none of is not spoken of", () => {
  const results = sampleResults();
  const [warning, note] = (["warning", "note"] as const).map((severity) => ({ ...results.findings[0], severity }));
  const last = (findings: typeof results.findings, faults = results.faults) => closingLines({ ...results, findings, faults }).at(-1);
  expect(last([warning, note, note])).toBe("1 warning and 2 notes: see the report.");
  expect(last([warning, warning])).toBe("2 warnings: see the report.");
  expect(last([])).toBe("No guard had anything to remark.");
});

test("faults of the published order are counted as the report counts them: kinds, and figures", () => {
  const published = asPublishedResults(), [one] = published.faults;
  const faults = [one, { ...one, model: "radiomics" }, published.faults[1]];
  const told = "2 faults of the published order, in 3 figures";
  expect(closingLines({ ...published, faults }).at(-1)).toContain(`, ${told}: see the report.`);
  expect(reportHtml({ ...published, faults }).replace(/<[^>]+>/g, "")).toContain(`${told}: `);
  expect(closingLines({ ...published, findings: [], faults: [one] }).at(-1)).toBe("1 fault of the published order, in 1 figure: see the report.");
});

test("empty selections of the centres left out stand beside their mean", () => {
  const results = sampleResults();
  const mean = { ...results.performance[0].estimate, kind: "leave-one-centre-out" as const, set: "mean over centres", count: 2, fits: 3, empty: 1 };
  const told = (empty: number) => closingLines({ ...results, performance: [{ model: "clinical", measure: "C-index", estimate: { ...mean, empty } }] }).join("\n");
  expect(told(1)).toMatch(/clinical +leave-one-centre-out +C-index .*, 1 empty selection of 3\n/);
  expect(told(0)).not.toMatch(/empty/);
});
