// The figures of a browser are those of Node, byte for byte; a browser's own parser and its own widths of words agree with ours.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { drawFigure } from "../../src/report/index.js";
import { fontStack } from "../../src/report/theme.js";
import { textWidth } from "../../src/report/textWidth.js";
import { allFigures } from "./extremeFigures.js";
import { sampleFigures } from "./samples.js";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browserTest = (name: string, run: () => Promise<void>) =>
  executablePath === undefined ? test.skip(`[browser] ${name} (skipped: no Chromium)`, () => {}) : test(`[browser] ${name}`, run);

browserTest("figures drawn in Chromium are the bytes drawn in Node, and no word is wider than reckoned", async () => {
  const entry = `export { allFigures } from "./extremeFigures.ts"; export { drawFigure } from "../../src/report/drawFigure.ts";`;
  const bundle = await build({ stdin: { contents: entry, resolveDir: join(import.meta.dirname), loader: "ts" }, bundle: true, format: "iife", globalName: "Charts", write: false, logLevel: "error" });
  const browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
    const here = allFigures.map((f) => drawFigure(f));
    const there = await page.evaluate("Charts.allFigures.map((f) => Charts.drawFigure(f))") as string[];
    expect(there.length).toBe(here.length);
    here.forEach((svg, k) => expect(there[k] === svg, allFigures[k].id).toBe(true));
    expect(await page.evaluate((svgs) => svgs.filter((s) => new DOMParser().parseFromString(s, "image/svg+xml").querySelector("parsererror") !== null).length, here)).toBe(0);
    const measured = await page.evaluate((svgs) => svgs.flatMap((svg) => {
      document.body.innerHTML = svg;
      return [...document.querySelectorAll("text")].map((t) => ({
        words: [...t.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join(""),
        size: Number(t.getAttribute("font-size") ?? 7.5), bold: t.getAttribute("font-weight") === "bold", width: t.getComputedTextLength(),
      }));
    }), here.slice(0, sampleFigures.length));
    expect(measured.length).toBeGreaterThan(500);
    // where the machine has neither Helvetica nor a face of its metrics, its own face may be wider
    const metric = await page.evaluate((stack) => {
      const canvas = document.createElement("canvas").getContext("2d")!;
      canvas.font = `100px ${stack}`;
      return Math.abs(canvas.measureText("Hamburg").width - 411.2) < 1;
    }, fontStack);
    if (metric) for (const t of measured) expect(t.width, t.words).toBeLessThanOrEqual(textWidth(t.words, t.size, t.bold) * 1.02 + 0.3);
  } finally {
    await browser.close();
  }
});
