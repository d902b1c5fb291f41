// The page in headless Chromium: the breast case gives the same values as in Node, bit for bit.
import { createServer, type Server } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultParams, extract, parseParams } from "../../src/features/index.js";
import { example, readVolume } from "../data.js";

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const page = join(import.meta.dirname, "../../dist/web");
const missing = chromium === undefined ? "no chromium on this machine" : existsSync(join(page, "page.js")) ? undefined : "dist/web is not built";
const browserTest = (name: string, run: () => Promise<void>, timeout?: number) =>
  missing === undefined ? test(`[browser] ${name}`, run, timeout) : test.skip(`[browser] ${name} (skipped: ${missing})`, () => {});

let server: Server;
let address = "";
beforeAll(async () => {
  const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };
  server = createServer((request, response) => {
    const path = join(page, new URL(request.url!, "http://localhost").pathname.replace(/\/$/, "/index.html"));
    if (!existsSync(path)) { response.writeHead(404).end(); return; }
    response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(readFileSync(path));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  address = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
});
afterAll(() => server?.close());

const yaml = "imageType:\n  Original: {}\n  Wavelet: {}\n  LoG:\n    sigma: [2]\n  Square: {}\n  SquareRoot: {}\n  Logarithm: {}\n  Exponential: {}\n  Gradient: {}\n";

async function withPage(run: (page: import("playwright-core").Page) => Promise<void>): Promise<void> {
  const { chromium: launcher } = await import("playwright-core");
  const browser = await launcher.launch({ executablePath: chromium!, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  try {
    const tab = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    await tab.goto(address);
    await run(tab);
  } finally {
    await browser.close();
  }
}

async function extractInPage(tab: import("playwright-core").Page, params: string): Promise<Record<string, unknown>> {
  await tab.setInputFiles("#image", example("breast1_image.nrrd"));
  await tab.setInputFiles("#mask", example("breast1_label.nrrd"));
  await tab.click("summary");
  await tab.fill("#params", params);
  await tab.click("#run");
  await tab.waitForSelector("#result:not([hidden])", { timeout: 60_000 });
  const [saved] = await Promise.all([tab.waitForEvent("download"), tab.click("#json")]);
  return JSON.parse(readFileSync(await saved.path(), "utf8"));
}

/** Parameters that between them reach every image type, the interpolators that need sines or splines, and both profiles. */
const cases: Record<string, string> = {
  "PyRadiomics' image types": yaml,
  "local binary patterns, Riesz and Laws filters": `imageType:
  LBP2D: {}
  LBP3D: {}
  Mean: {}
  IBSILoG: { sigma: [3] }
  Laws: { kernels: L5W5E5, rotationInvariant: true, pooling: max, energy: 3 }
  Gabor: { sigma: [4], lambda: 6, gamma: 0.8, thetaStep: 45, orthogonalPlanes: true }
  SeparableWavelet: { wavelet: coif2, bands: LLH, level: 2 }
  Simoncelli: { level: 2 }
  Riesz: { order: [1, 1, 0], sigma: [3], steering: 2 }
`,
  "normalised, resampled by splines": `imageType: { Original: {}, LoG: { sigma: [3] } }
setting: { normalize: true, normalizeScale: 100, removeOutliers: 3, resampledPixelSpacing: [1.3, 1.3, 1.3], interpolator: sitkBSpline }
featureClass: { shape: [], firstorder: [], glcm: [], glrlm: [] }
`,
  "resampled by a windowed sinc": `imageType: { Original: {}, Exponential: {} }
setting: { resampledPixelSpacing: [2, 2, 2], interpolator: sitkBlackmanWindowedSinc, weightingNorm: euclidean, voxelArrayShift: 10 }
`,
  "resampled by Gaussians": "setting: { resampledPixelSpacing: [2, 2, 2], interpolator: sitkGaussian }\n",
  "the IBSI profile": "profile: ibsi\n",
  "the IBSI profile, by cubic splines": "profile: ibsi\nibsi: { spacing: [2, 2, 2], interpolation: cubic, discretisation: { binNumber: 16 }, resegmentOutliers: 3 }\n",
};

browserTest("the breast case has the same values as in Node, bit for bit", async () => {
  const image = await readVolume(example("breast1_image.nrrd")), mask = await readVolume(example("breast1_label.nrrd"));
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  await withPage(async (tab) => {
    let values = 0;
    for (const [name, params] of Object.entries(cases)) {
      const here = await extract(image, mask, { params: await parseParams(params, "test"), version });
      await tab.reload();
      const there = await extractInPage(tab, params);
      expect(there, name).toEqual(JSON.parse(JSON.stringify({ ...here.values, notes: here.notes })));
      values += Object.keys(there).length;
      if (params === yaml && process.env.RADSCORE_PICTURES) await tab.screenshot({ path: join(process.env.RADSCORE_PICTURES, "page.png") });
    }
    expect(values).toBeGreaterThan(3500);
  });
}, 120_000);

browserTest("a mistake is told in a sentence, and the page goes on", async () => {
  await withPage(async (tab) => {
    await tab.setInputFiles("#image", example("breast1_image.nrrd"));
    await tab.setInputFiles("#mask", example("brain1_label.nrrd"));
    await tab.click("#run");
    await tab.waitForSelector("#said.wrong");
    expect(await tab.textContent("#said")).toMatch(/256 × 256 × 25 .* 45 × 120 × 21/);
    const defaults = await extractInPage(tab, "");
    expect(Object.keys(defaults).filter((name) => name.startsWith("original_")).length).toBe(107);
    expect(defaultParams().profile).toBe("pyradiomics");
  });
});
