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
const browserTest = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(`[browser] ${name}`, run) : test.skip(`[browser] ${name} (skipped: ${missing})`, () => {});

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

browserTest("the breast case has the same values as in Node, bit for bit", async () => {
  const image = await readVolume(example("breast1_image.nrrd")), mask = await readVolume(example("breast1_label.nrrd"));
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  const here = await extract(image, mask, { params: await parseParams(yaml, "test"), version });
  await withPage(async (tab) => {
    const there = await extractInPage(tab, yaml);
    expect(Object.keys(there).length).toBeGreaterThan(1300);
    expect(there).toEqual(JSON.parse(JSON.stringify({ ...here.values, notes: here.notes })));
    if (process.env.RADSCORE_PICTURES) await tab.screenshot({ path: join(process.env.RADSCORE_PICTURES, "page.png") });
  });
});

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
