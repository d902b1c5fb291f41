// The examples that are shipped run through, with fewer resamples: every figure of theirs is drawn, the report and its parts are written.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checklistHtml, drawFigure, methodsMarkdown, reportHtml, resultTables } from "../../src/report/index.js";
import { openStudy } from "../../src/study/index.js";
import { runOn } from "../../src/study/runStudy.js";
import { memoryWorld } from "./memoryWorld.js";

const root = join(import.meta.dirname, "../../examples");
const filesOf = (folder: string, as: string) => Object.fromEntries(readdirSync(join(root, folder)).filter((f) => /\.(csv|csv\.gz)$/.test(f)).map((f) => [`${as}${f}`, new Uint8Array(readFileSync(join(root, folder, f)))]));
const fewer = (text: string) => text.replace(/repeats: \d+/, "repeats: 1").replace(/bootstrap: \d+/, "bootstrap: 4");

test.each([
  ["centres", "study.yaml", filesOf("centres", ""), ["harmonisation-signature", "icc-signature", "correlation-signature", "merit-centres", "flow-centre-d"]],
  ["ispy1", "rfs.yaml", filesOf("ispy1", ""), ["auc-t", "survival-left-out", "correlation-radscore", "association-radscore-hr-pos", "subgroups"]],
  ["ispy1", "pcr.yaml", filesOf("ispy1", ""), ["roc", "calibration", "flow-i-spy-2", "correlation-radscore", "association-radscore-hr-pos"]],
  ["ispy1-as-published", "study.yaml", filesOf("ispy1", "../ispy1/"), ["roc", "merit", "nomogram"]],
] as const)("%s/%s", async (folder, name, files, expected) => {
  const text = fewer(readFileSync(join(root, folder, name), "utf8"));
  const world = memoryWorld(files);
  const study = await openStudy(text, name, world);
  const { results } = await runOn(study.plan, text, study, world, { program: "test" });
  expect(results.figures.map((f) => f.id)).toEqual(expect.arrayContaining([...expected]));
  for (const figure of results.figures) expect(drawFigure(figure), figure.id).not.toMatch(/NaN|undefined|\[object|\bnull\b(?! model)/);
  expect(results.findings.filter((f) => f.guard === "figures")).toEqual([]);
  const page = reportHtml(results);
  expect(page.length).toBeLessThan(5e6);
  expect([...page.matchAll(/<h3>Figure|<figure/g)].length).toBeGreaterThanOrEqual(results.figures.length);
  for (const written of [methodsMarkdown(results), checklistHtml(results), page.replace(/<script>[\s\S]*?<\/script>/g, "")]) expect(written.replace(/null model|null hypothesis/g, "")).not.toMatch(/\bNaN\b|\bundefined\b|\[object/);
  expect(resultTables(results).length).toBeGreaterThan(3);
}, 60_000);
