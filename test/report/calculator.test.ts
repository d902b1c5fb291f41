// The calculator: what it carries and what not; in Chromium, opened from disk and clicked, it gives Node's numbers to the printed digit.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { kaplanMeier } from "../../src/evaluate/index.js";
import { coxLearner, designOf, nomogramOf, readNomogram } from "../../src/model/index.js";
import { calculatorFields, calculatorHtml, calculatorModel, rowColumns, coarseCurves, coarseCurvesSvg, fixedText, significantText, type Figure, type StudyResults, type SurvivalData } from "../../src/report/index.js";
import { probabilityIntervals, scorePatients, type FrozenPipeline } from "../../src/study/index.js";
import { bundleCalculator } from "../../scripts/bundleCalculator.mjs";
import { featureNames, outcome, sampleModel, table } from "./sampleModel.js";
import { sampleResults } from "./sampleResults.js";

const model = sampleModel();
const scored = scorePatients(model, table);
const linear = scored.models["combined"].linear;
const cut = [...linear].sort((a, b) => a - b)[80];
const radscores = scored.computed.get("Radscore")!.linear;

const ticks = [0, 12, 24, 36, 48, 60, 72, 84];
const groups: SurvivalData["groups"] = ["low risk", "high risk"].map((name, g) => {
  const rows = [...linear.keys()].filter((k) => Number(linear[k] > cut) === g);
  const time = Float64Array.from(rows, (k) => outcome.time[k]), event = Uint8Array.from(rows, (k) => outcome.event[k]);
  const curve = kaplanMeier({ time, event });
  return { name, n: rows.length, events: event.reduce((a, b) => a + b, 0), time: [...curve.time], survival: [...curve.survival], low: [], high: [], censored: Array.from(time.filter((_, k) => event[k] === 0)), atRisk: ticks.map((t) => time.filter((u) => u >= t).length) };
});
const survival: Figure = { id: "survival", title: "Risk groups", caption: "", section: "survival", chart: "survival", data: { unit: "months", yLabel: "Recurrence-free survival", kind: "apparent", ticks, groups } };
const design = { id: table.id, columns: { "HR Pos": table.columns["HR Pos"], "MRI LD Baseline": table.columns["MRI LD Baseline"], Radscore: { kind: "number" as const, values: radscores } } };
const cox = coxLearner.fit(design, outcome, {}, undefined as never);
const drawn = nomogramOf(cox.model, cox.coding, designOf(design, Object.keys(design.columns)).design, { times: [36, 60], unit: "months" });
const results: StudyResults = { ...sampleResults([survival, { id: "nomogram", title: "Nomogram", caption: "", section: "use", chart: "nomogram", data: { nomogram: drawn } }]), riskGroups: { model: "combined", cuts: [cut], names: ["low risk", "high risk"], method: "median" } };

let script = "";
beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), "radscore-calculator-")), "calculator.js");
  await bundleCalculator(file);
  script = readFileSync(file, "utf8");
}, 60_000);
const html = () => calculatorHtml(model, { scripts: { calculator: script }, results });

test("it carries no patient: no name, row, event time or plan, and scores the same without them", () => {
  const page = html();
  const times = model.blocks[1].baseline!.time;
  expect(JSON.stringify(model)).toContain("secret-name");
  expect(page).not.toContain("secret-name");
  for (const t of [times[0], times[10], groups[0].time[3], groups[1].censored[0]]) expect(page).not.toContain(String(t));
  const bare = calculatorModel(model) as unknown as FrozenPipeline;
  expect(bare.blocks.every((b) => b.trainedOn.rows.length === 0)).toBe(true);
  const again = scorePatients(bare, table);
  expect(again.models["combined"]).toEqual(scored.models["combined"]);
  for (const row of [0, 50]) expect(probabilityIntervals(bare.blocks[1], again.computed.get("combined")!, row, [36, 60])).toEqual(probabilityIntervals(model.blocks[1], scored.computed.get("combined")!, row, [36, 60]));
});

test("fields: the variables that the final model kept, with unit, range or levels, and the score it reads", () => {
  expect(calculatorFields(model, results)).toEqual([
    { name: "HR Pos", label: "Hormone receptor", kind: "category", levels: ["negative", "positive"] },
    { name: "MRI LD Baseline", label: "Longest diameter on MRI", unit: "mm", kind: "number", low: expect.any(Number), high: expect.any(Number) },
    { name: "Radscore", label: "Radscore", kind: "score", low: Math.min(...radscores), high: Math.max(...radscores) },
  ]);
});

test("a row of features needs what the score kept, and everything and the centre where ComBat reads them", () => {
  const score = (steps: string[]) => ({ ...model, blocks: model.blocks.map((b) => (b.kind !== "score" ? b : { ...b, inputs: ["f1", "f2", "f3"], selected: ["f2"], ...(steps.includes("combat") && { aside: ["hospital"] }), steps: steps.map((name) => ({ name, options: name === "impute" ? { method: "knn" } : {}, state: {}, before: [], after: [] })) })) }) as unknown as Parameters<typeof rowColumns>[0];
  expect(rowColumns(score(["zScore"]))).toEqual(["f2"]);
  expect(rowColumns(score(["combat"]))).toEqual(["f1", "f2", "f3", "hospital"]);
  expect(rowColumns(score(["impute"]))).toEqual(["f1", "f2", "f3"]);
});

test("group curves stand at fixed times to two decimals, blank below five at risk", () => {
  const data: SurvivalData = { unit: "months", yLabel: "Survival", kind: "apparent", ticks: [0, 10, 20], groups: [{ name: "a", n: 9, events: 3, time: [4, 7, 15], survival: [8 / 9, 7 / 9, 0.5], low: [], high: [], censored: [11], atRisk: [9, 7, 4] }] };
  expect(coarseCurves(data).groups[0].survival).toEqual([1, 0.78, null]);
  expect(coarseCurvesSvg(coarseCurves(data)).match(/<circle/g)!.length).toBe(2);
});

test("merit and caveats stand at the page, apparent figures marked; not a medical device; nothing is fetched", () => {
  const page = html();
  for (const part of ["Not a medical device", "nested cross-validation 0.638 (0.549–0.727), n 161, 43 events", results.verdict.sentence.replace(/'/g, "&#39;"), "0.638", "Nested cross-validation", "LASSO kept no feature", "lp = −0.623"]) expect(page).toContain(part);
  const asked = page.replace(/<script[\s\S]*?<\/script>/g, "").replace(/xmlns="[^"]*"/g, "");
  expect(asked).not.toMatch(/https?:|src=|@import|<link/);
  expect(script).not.toMatch(/fetch\(|XMLHttpRequest|import\(/);
  expect(page.length).toBeLessThan(1e6);
});

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browserTest = (name: string, run: () => Promise<void>) => (chromium !== undefined ? test(`[browser] ${name}`, run, 60_000) : test.skip(`[browser] ${name} (skipped: no chromium on this machine)`, () => {}));

test("a nested slope wholly under 1 is said below the risks; one whose interval holds 1, or without interval, is not", () => {
  const withSlope = (low?: number, high?: number): StudyResults => ({ ...results, performance: results.performance.map((p) => {
    if (p.model !== "combined" || p.measure !== "calibration slope") return p;
    const { low: _, high: __, ...estimate } = p.estimate;
    return { ...p, estimate: { ...estimate, value: 0.5, ...(low !== undefined && high !== undefined && { low, high }) } };
  }) });
  const said = (of: StudyResults) => (JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(calculatorHtml(model, { scripts: { calculator: "" }, results: of }))![1]) as { tooExtreme?: string }).tooExtreme;
  expect(said(withSlope(0.2, 0.8))).toMatch(/^The risks of this model are too extreme: high ones too high, low ones too low \(calibration slope 0\.50 \(0\.20–0\.80\) by nested/);
  expect(said(withSlope(0.2, 1.1))).toBeUndefined();
  expect(said(withSlope())).toBeUndefined();
});

const hr = table.columns["HR Pos"] as { codes: Int32Array; levels: string[] }, mri = table.columns["MRI LD Baseline"] as { values: Float64Array };
/** Opens the page from disk, offline; `act` gets it with the words of its result; no script error may come. */
async function clicked(text: string, act: (page: Page, result: () => Promise<string>) => Promise<void>): Promise<void> {
  const { chromium: launcher } = await import("playwright-core");
  const file = join(mkdtempSync(join(tmpdir(), "radscore-calculator-")), "calculator.html");
  writeFileSync(file, text);
  const browser = await launcher.launch({ executablePath: chromium!, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await (await browser.newContext({ offline: true, viewport: { width: 1000, height: 900 } })).newPage();
    const errors: string[] = [];
    page.on("pageerror", (e) => errors.push(e.message));
    await page.goto(`file://${file}`);
    await act(page, async () => (await page.locator("#result").innerText()).replace(/\s+/g, " "));
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
}

browserTest("a risk never stands beside another patient's values; what is wrong is said in words at its field", async () => {
  const extreme = { ...results, performance: results.performance.map((p) => (p.model === "combined" && p.measure === "calibration slope" ? { ...p, estimate: { ...p.estimate, low: 0.2, high: 0.9 } } : p)) };
  await clicked(calculatorHtml(model, { scripts: { calculator: script }, results: extreme }), async (page, result) => {
    const shown = (k: number) => `${fixedText(100 * scored.models["combined"].probability[0][k], 1)} %`;
    const enter = async (k: number) => {
      await page.selectOption("#field-hr-pos", hr.levels[hr.codes[k]]);
      await page.fill("#field-mri-ld-baseline", String(mri.values[k]));
      await page.fill("#field-radscore", String(radscores[k]));
    };
    // before anything is calculated: words at the field, none in the result
    await page.fill("#field-radscore", "abc");
    await page.locator("#field-radscore").blur();
    expect(await page.locator("#field-radscore-wrong").innerText()).toBe("Radscore is “abc”, expected a number.");
    expect(await result()).toContain("press Calculate");
    await page.fill("#field-mri-ld-baseline", "60 mm");
    await page.locator("#field-mri-ld-baseline").blur();
    expect(await page.locator("#field-mri-ld-baseline-wrong").innerText()).toBe("Longest diameter on MRI is “60 mm”, expected a number in mm.");
    // pressed straight from a wrong field, the button does not move away from under the pointer
    await page.fill("#field-radscore", "xyz");
    await page.click("button[type=submit]");
    expect(await result()).toContain("Hormone receptor is empty: choose a category.");
    await page.click("button[type=reset]");
    await page.fill("#field-radscore", "abc");
    await page.locator("#field-radscore").blur();
    await enter(0);
    await page.click("button[type=submit]");
    expect(await page.locator("#field-radscore-wrong").isVisible()).toBe(false);
    expect(await result()).toContain(shown(0));
    expect(await result()).toContain("The risks of this model are too extreme");
    // every edit is followed: no stale risk, with no click
    await page.fill("#field-mri-ld-baseline", "");
    expect(await result()).toBe("Longest diameter on MRI is empty: type a number.");
    await enter(7);
    expect(shown(7)).not.toBe(shown(0));
    expect(await result()).toContain(shown(7));
    expect(await result()).not.toContain(shown(0));
    await page.fill("#field-radscore", "abc");
    expect(await result()).toBe("Radscore is “abc”, expected a number.");
    expect(await page.locator("#curves [data-own]").count()).toBe(0);
    // pasted features take the place of the typed score at once, and its mark goes
    await page.click("#row summary");
    const value = (name: string, row: number) => (table.columns[name] as { values: Float64Array }).values[row];
    const line = (row: number) => featureNames.map((f) => value(f, row)).join(",");
    await page.fill("#features", `${featureNames.join(",")}\n${line(7)}\n${line(9)}\n`);
    expect(await page.locator("#field-radscore-wrong").isVisible()).toBe(false);
    expect(await result()).toContain(`Radscore of the row: ${significantText(radscores[7], 5)}.`);
    expect(await result()).toContain(shown(7));
    await page.locator("#rows select").selectOption("1");
    expect(await result()).toContain(`Radscore of the row: ${significantText(radscores[9], 5)}.`);
    await page.click("button[type=reset]");
    await page.fill("#field-radscore", "1");
    expect(await result()).toContain("press Calculate");
    if (process.env["RADSCORE_SHOTS"] !== undefined) { await enter(0); await page.click("button[type=submit]"); await page.fill("#field-radscore", "abc"); await page.screenshot({ path: process.env["RADSCORE_SHOTS"]!, fullPage: true }); }
  });
});

browserTest("opened from disk and clicked: typed score, pasted row, dropped file, guards", async () => {
  await clicked(html(), async (page, result) => {
    const shown = (k: number) => `${fixedText(100 * k, 1)} %`;

    await page.click("button[type=submit]");
    expect(await result()).toContain("Hormone receptor is empty: choose a category.");
    for (const row of [0, 7]) {
      await page.selectOption("#field-hr-pos", hr.levels[hr.codes[row]]);
      await page.fill("#field-mri-ld-baseline", String(mri.values[row]));
      await page.fill("#field-radscore", String(radscores[row]));
      await page.click("button[type=submit]");
      const { probability } = scored.models["combined"];
      const intervals = probabilityIntervals(model.blocks[1], scored.computed.get("combined")!, row, [36, 60]);
      const text = await result();
      for (const k of [0, 1]) {
        expect(text).toContain(`${shown(probability[k][row])} risk of recurrence or death by ${[36, 60][k]} months`);
        if ("none" in intervals) throw new Error(intervals.none);
        expect(text).toContain(`95 % CI ${fixedText(100 * intervals.low[k], 1)}–${fixedText(100 * intervals.high[k], 1)} %`);
      }
      expect(text).toContain(`Risk group: ${linear[row] > cut ? "high" : "low"} risk`);
      expect(text).toContain(`Linear predictor: ${significantText(linear[row], 5)}.`);
      const { total } = readNomogram(drawn, { "HR Pos": hr.levels[hr.codes[row]], "MRI LD Baseline": mri.values[row], Radscore: radscores[row] });
      expect(text).toContain(`total ${fixedText(total, 1)}`);
      expect(text).toContain("and of the baseline hazard");
      expect(await page.locator("#curves [data-own]").getAttribute("data-group")).toBe(linear[row] > cut ? "high risk" : "low risk");
    }
    // decimal comma, minus sign, and a value no training patient had
    await page.fill("#field-mri-ld-baseline", "399,5");
    await page.click("button[type=submit]");
    expect(await result()).toMatch(/Careful: Longest diameter on MRI is 399\.5, outside the training range/);
    expect(await page.locator("#field-mri-ld-baseline-range").innerText()).toMatch(/^outside the training range/);
    await page.fill("#field-mri-ld-baseline", "sixty");
    await page.click("button[type=submit]");
    expect(await result()).toContain("Longest diameter on MRI is “sixty”, expected a number in mm.");

    // a pasted row gives the score that Node gives; the typed one is not read
    await page.fill("#field-mri-ld-baseline", String(mri.values[3]));
    await page.selectOption("#field-hr-pos", hr.levels[hr.codes[3]]);
    await page.fill("#field-radscore", "");
    await page.click("#row summary");
    const value = (name: string, row: number) => (table.columns[name] as { values: Float64Array }).values[row];
    const header = [...featureNames, "T1_E_other"].join(","), line = (row: number) => [...featureNames.map((f) => value(f, row)), 5].join(",");
    await page.fill("#features", `${header}\n${line(3)}\n`);
    await page.click("button[type=submit]");
    expect(await result()).toContain(`Radscore of the row: ${significantText(radscores[3], 5)}.`);
    expect(await result()).toContain(shown(scored.models["combined"].probability[0][3]));
    await page.fill("#features", `${featureNames.slice(1).join(",")}\n${featureNames.slice(1).map((f) => value(f, 3)).join(",")}`);
    await page.click("button[type=submit]");
    expect(await result()).toMatch(/The row lacks 1 of the columns that the score is computed from: T1_E_original_glcm_Feature1\. Add it under this name/);

    // a dropped file with several rows: one is chosen
    await page.locator("#row").evaluate((box, text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "features.csv"));
      box.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, `${header}\n${line(3)}\n${line(9)}`);
    await page.locator("#rows select").selectOption("1");
    await page.click("button[type=submit]");
    expect(await result()).toContain(`Radscore of the row: ${significantText(radscores[9], 5)}.`);
    await page.click("button[type=reset]");
    expect(await result()).toContain("Fill in the patient");
    const wide = await page.locator("html").evaluate((e) => e.scrollWidth - e.clientWidth);
    expect(wide).toBe(0);
  });
});
