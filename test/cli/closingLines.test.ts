// The last lines of a run: what was found, counted without empty counts.
import { expect, test } from "vitest";
import { closingLines } from "../../cli/closingLines.js";
import { asPublishedResults, sampleResults } from "../report/sampleResults.js";

test("warnings, notes and faults are counted; what there is none of is not spoken of", () => {
  const results = sampleResults();
  const [warning, note] = (["warning", "note"] as const).map((severity) => ({ ...results.findings[0], severity }));
  const last = (findings: typeof results.findings, faults = results.faults) => closingLines({ ...results, findings, faults }).at(-1);
  expect(last([warning, note, note])).toBe("1 warning and 2 notes: see the report.");
  expect(last([warning, warning])).toBe("2 warnings: see the report.");
  expect(last([])).toBe("No guard had anything to remark.");
  expect(last([note], asPublishedResults().faults.slice(0, 1))).toBe("1 note, 1 fault of the published order: see the report.");
});
