// The report page: what must stand on it and where, links that resolve, nothing fetched; in Chromium nothing overflows or is clipped.
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkTables, methodsMarkdown, reportHtml, resultTables, type Estimate, type Figure } from "../../src/report/index.js";
import { asPublishedResults, sampleResults } from "./sampleResults.js";
import { sampleFigures } from "./samples.js";

const inFront = ["flow", "merit", "timeAuc", "calibration", "decision", "nomogram", "survival", "bars"];
const figures: Figure[] = sampleFigures.map((f, k, all) => ({ ...f, front: inFront.includes(f.chart) && all.findIndex((g) => g.chart === f.chart) === k }));
const results = sampleResults(figures);
const html = reportHtml(results);
const textOf = (part: string) => part.replace(/<style>[\s\S]*?<\/style>|<script>[\s\S]*?<\/script>|<[^>]+>/g, " ").replace(/&#39;/g, "'").replace(/&amp;/g, "&").replace(/\s+/g, " ");
const section = (page: string, id: string) => new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(page)![0];

test("one file: nothing fetched, no patient's name, under 5 MB, every link inside the page has its place", () => {
  expect(html.length).toBeLessThan(5e6);
  expect(html.replace(/xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(/https?:|src=|@import|url\((?!#)|<link/);
  expect(html).not.toContain("invented 1");
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
  expect(ids.length).toBe(new Set(ids).size);
  const broken = [...html.matchAll(/href="#([^"]+)"/g)].map((m) => m[1]).filter((id) => !ids.includes(id));
  expect(broken).toEqual([]);
});

test("the first screen: question, patients, events, verdict, honest figures before apparent ones, caveats", () => {
  const first = textOf(section(html, "summary"));
  for (const part of [results.question, results.verdict.sentence, "161", "43", "Nested cross-validation", "0.638 (0.549–0.727)", "0.655 (0.566–0.744)", "31/100, 62/200", "n 161, 43 events", "not validation"]) expect(first, part).toContain(part);
  expect(first.indexOf("Nested cross-validation")).toBeLessThan(first.indexOf("Apparent"));
  for (const f of results.findings.filter((x) => x.severity === "warning")) expect(first).toContain(f.message);
});

test("with many kinds of validation the first table goes downwards, so that no kind is beyond its edge", () => {
  const more = structuredClone(results);
  for (const [kind, set, n, events, value] of [["external", "Elsewhere", 982, 316, 0.601], ["test", "I-SPY 1, test", 48, 13, 0.642], ["leave-one-centre-out", "mean over centres", 161, 43, 0.587]] as const) {
    for (const [k, model] of more.models.entries()) more.performance.push({ model, measure: "C-index", estimate: { n, events, set, kind, value: value + k / 100, low: 0.5, high: 0.7, level: 0.95, intervalMethod: "DeLong", method: "frozen pipeline" } });
  }
  const first = textOf(section(reportHtml(more), "summary")).replace(/\s+/g, " ");
  expect(first).toMatch(/Judged by n Events Clinical model Radiomics model Combined model final/);
  expect(first).toMatch(/External: Elsewhere 982 316 0\.601 \(0\.500–0\.700\) 0\.611 .* 0\.621 .*Test set 48 13 0\.642 .*Nested cross-validation 161 43 .*Leave one centre out, mean 161 43 0\.587 .*Apparent 161 43/);
});

test("an external set has its own column with its own n; what was not scored there is left empty; .632+ stays out of the first screen", () => {
  const own = { n: 982, events: 316, set: "Elsewhere", intervalMethod: "DeLong", level: 0.95, method: "frozen pipeline" };
  const more = structuredClone(results);
  more.performance.push({ model: "clinical", measure: "C-index", estimate: { ...own, kind: "external", value: 0.601, low: 0.571, high: 0.631 } }, { model: "clinical", measure: "C-index", estimate: { ...more.performance[1].estimate, kind: "632+", value: 0.6234 } });
  const first = textOf(section(reportHtml(more), "summary"));
  expect(first).toMatch(/External: Elsewhere n 982, 316 events .*Clinical model 0\.601 \(0\.571–0\.631\) 0\.642 .*Radiomics model 0\.551/);
  expect(first).not.toContain("0.623");
  expect(textOf(section(reportHtml(more), "performance"))).toContain("0.623");
});

test("findings of one guard with one remedy stand together on the first screen, and one by one in the list", () => {
  const two = ["first model: too few.", "second model: too few."].map((message) => ({ guard: "sample size", severity: "warning" as const, where: "sample size", message, doInstead: "Fewer candidates." }));
  const page = reportHtml({ ...results, findings: two });
  expect(textOf(section(page, "summary"))).toContain("first model: too few. second model: too few. Instead: Fewer candidates.");
  expect(section(page, "remarks").match(/class="finding warning"/g)!.length).toBe(2);
});

test("every apparent number is marked; no honest one is", () => {
  const marked = [...html.matchAll(/<td class="([^"]*)"[^>]*title="([^"]*)"/g)];
  expect(marked.length).toBeGreaterThan(40);
  for (const [, kind, title] of marked) if (/(nested CV|apparent|optimism)/.test(title)) expect(kind.includes("apparent"), title).toBe(title.includes("; apparent;"));
});

test("a finding stands in the margin beside what it concerns, and in the list of all", () => {
  const models = section(html, "models");
  expect(models).toMatch(/id="model-radiomics"[\s\S]*LASSO kept no feature in 31 of 100/);
  expect(section(html, "figures")).toContain("At 72 months 9 patients remain at risk");
  const remarks = textOf(section(html, "remarks"));
  for (const f of results.findings) expect(remarks).toContain(f.message);
  // one that names nothing on the page is not lost
  const odd = reportHtml({ ...results, findings: [{ guard: "odd", severity: "warning", where: "<nowhere>", message: "Not to be lost & escaped <i>" }] });
  expect(section(odd, "remarks")).toContain("Not to be lost &amp; escaped &lt;i&gt;");
});

test("reproduction mode: each fault beside what was published and the honest figure", () => {
  const page = reportHtml(asPublishedResults(figures));
  const faults = textOf(section(page, "faults"));
  expect(faults).toMatch(/As published 0\.748 \(0\.660–0\.836\).*Honest 0\.638 \(0\.549–0\.727\).*Features were selected on all 161 patients/);
  // what a faulty order prints is never called validation
  expect(faults).toMatch(/As published 0\.748 \(0\.660–0\.836\) not validation;/);
  expect(textOf(section(page, "summary"))).toContain("2 faults of the published order, in 2 figures");
  // figures of one fault that were made alike: one table, one remark, each figure once
  const many = asPublishedResults();
  const [first] = many.faults;
  many.faults = [first, { ...first, model: "radiomics", asPublished: { ...first.asPublished, value: 0.811 }, honest: { ...first.honest, value: 0.622 } }, { ...first, honest: { ...first.honest, n: 7 } }];
  const grouped = section(reportHtml(many), "faults");
  expect(grouped.split('class="finding fault"')).toHaveLength(3);
  expect(grouped.match(/<table/g)).toHaveLength(1);
  expect(textOf(grouped)).toMatch(/0\.811 .*0\.622 .*As published : not validation; .*Honest : nested CV/);
});

test("figures: the front ones before the appendix, each with caption and file; unknown sections are kept", () => {
  const at = (id: string) => html.indexOf(`id="figure-${id}"`);
  const appendix = html.indexOf('id="appendix"');
  for (const f of figures) expect(at(f.id) > 0 && at(f.id) < appendix, f.id).toBe(f.front === true);
  expect(reportHtml(sampleResults([{ ...figures[0], section: "own ideas", front: false }]))).toContain("own ideas");
});

test("no p is printed as 0.000, and what could not be computed is a dash with its reason", () => {
  const nothing: Estimate = { value: NaN, low: NaN, high: NaN, n: 161, events: 43, set: "Invented cohort", kind: "nested cross-validation", method: "5-fold", note: "no fold has two events" };
  const page = reportHtml({ ...results, performance: [{ model: "clinical", measure: "C-index", estimate: nothing }], comparisons: [{ ...results.comparisons[1], test: { name: "test", statistic: 99, p: 1e-30 } }] });
  expect(textOf(page)).not.toMatch(/[p=<]\s*0\.000\b|NaN|undefined/);
  expect(textOf(page)).toContain("no fold has two events");
  expect(textOf(html)).not.toMatch(/NaN|undefined|\[object/);
});

test("arithmetic: a planted fault of each kind is found, the sample has none", () => {
  expect(checkTables(results)).toEqual([]);
  const fault = (change: (r: typeof results) => void) => { const copy = structuredClone(results); change(copy); return checkTables(copy).map((f) => f.message).join("\n"); };
  expect(fault((r) => { const v = r.baseline[0].description.variables[2]; if (v.kind === "category") v.groups[0].levels[0].count += 1; })).toMatch(/sums to/);
  expect(fault((r) => { r.cohorts[0].flow[1].removed = 61; })).toMatch(/221 patients become 161, but 61/);
  expect(fault((r) => { r.cohorts[0].centres![1].n = 25; })).toMatch(/sum to 162 patients/);
  expect(fault((r) => { r.comparisons[0].difference.value = 0.004; })).toMatch(/0\.0040.*0\.6380 − 0\.6420/);
  expect(fault((r) => { r.blocks[1].coefficients[0].ratio = 2; })).toMatch(/2\.0000.*0\.49017/);
  expect(fault((r) => { r.performance[1].estimate.value = 0.8; })).toMatch(/exceeds the apparent/);
  expect(fault((r) => { r.verdict.adds = "yes"; })).toMatch(/verdict is "yes"/);
  expect(fault((r) => { r.blocks[0].steps[1].before = 367; })).toMatch(/leaves 366 columns, but correlationFilter starts with 367/);
  expect(fault((r) => { r.performance[0].estimate.events = 170; })).toMatch(/170 events among 161/);
  expect(reportHtml({ ...results, cohorts: [{ ...results.cohorts[0], n: 160 }] })).toContain("it ends with 161 patients, but the cohort has 160");
});

test("results read back from results.json, where NaN is null, give the same page", () => {
  const gaps: typeof results = { ...results, performance: [...results.performance, { model: "clinical", measure: "IBS", estimate: { ...results.performance[0].estimate, value: NaN, low: NaN, high: NaN, sd: NaN } }] };
  expect(reportHtml(JSON.parse(JSON.stringify(gaps)))).toBe(reportHtml(gaps));
  expect(resultTables(JSON.parse(JSON.stringify(gaps)))).toEqual(resultTables(gaps));
});

test("tables/*.csv hold the numbers in full with what belongs to them; commas and quotes survive", () => {
  const tables = new Map(resultTables({ ...results, parameters: [{ what: 'a "quoted", one', value: "x\ny", from: "plan" }] }).map((t) => [t.name, t.csv]));
  const [head, first] = tables.get("performance.csv")!.split("\n");
  expect(head).toBe("model,measure,value,low,high,level,interval_method,n,events,unit,set,kind,method,sd,min,max,counted,fits,empty_selections,seed,note");
  expect(first).toMatch(/^clinical,C-index,0\.642,0\.556,0\.728,0\.95,"influence function.*",161,43,,Invented cohort,nested cross-validation,/);
  expect(tables.get("parameters.csv")).toBe('what,value,from\n"a ""quoted"", one","x\ny",plan\n');
  const names = resultTables({ ...results, tables: [{ ...results.tables[0], id: "performance" }] }).map((t) => t.name);
  expect(new Set(names).size).toBe(names.length);
  expect([...tables.keys()]).toEqual(expect.arrayContaining(["comparisons.csv", "coefficients.csv", "table-1.csv", "univariable.csv", "stability.csv", "flow.csv", "sample-size.csv", "remarks.csv", "subgroups.csv"]));
});

test("methods.md: the run's sentences, every kind of validation with n and events, every parameter", () => {
  const text = methodsMarkdown(results);
  for (const { sentences } of results.methods) for (const s of sentences) expect(text).toContain(s);
  expect(text).toContain("- Nested cross-validation, Invented cohort (n 161, 43 events)");
  expect(text).toContain("| Radscore: correlation filter | Pearson, \\|r\\| at most 0.95 | plan |");
  expect(text).toContain("H₀(36 months) = 0.134");
});

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browserTest = (name: string, run: () => Promise<void>) => (chromium !== undefined ? test(`[browser] ${name}`, run, 60_000) : test.skip(`[browser] ${name} (skipped: no chromium on this machine)`, () => {}));

browserTest("nothing overflows on a phone or a desktop; without scripts all is there; printed, details are open and tables whole", async () => {
  const { chromium: launcher } = await import("playwright-core");
  const file = join(mkdtempSync(join(tmpdir(), "radscore-report-")), "report.html");
  writeFileSync(file, html);
  const browser = await launcher.launch({ executablePath: chromium!, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    for (const width of [390, 1280]) {
      const context = await browser.newContext({ viewport: { width, height: 844 }, javaScriptEnabled: width === 390, offline: true });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(`file://${file}`);
      // what is wider than the screen scrolls in its own box
      const size = await page.locator("html").evaluate((e) => [e.scrollWidth, e.clientWidth]);
      expect(size[0], `${width} px`).toBe(size[1]);
      expect(asked.length).toBe(1);
      expect(await page.locator("#remarks .finding:not(.remark)").count()).toBe(results.findings.length);
      // what is cut at the right fades out there, until it has been scrolled to its end
      const fade = (box: string) => page.locator(box).first().evaluate((e) => [e.scrollWidth - e.clientWidth, parseFloat(getComputedStyle(e).getPropertyValue("--more"))]);
      const facts = await page.locator(".facts > div").evaluateAll((all) => new Set(all.map((e) => Math.round(e.getBoundingClientRect().top))).size);
      if (width === 1280) expect(facts).toBe(1);
      if (width === 390) {
        for (const box of ["#headline .scroll", ".plot:has(svg)"]) {
          const [hidden, more] = await fade(box);
          expect(hidden, box).toBeGreaterThan(20);
          expect(more, box).toBeGreaterThan(30);
          await page.locator(box).first().evaluate((e) => { e.scrollLeft = e.scrollWidth; });
          await expect.poll(async () => (await fade(box))[1]).toBe(0);
        }
        await page.goto(`file://${file}#table-subgroups`);
        expect(await page.locator("#appendix-tables").getAttribute("open")).not.toBeNull();
      } else {
        await page.emulateMedia({ media: "print" });
        await page.setViewportSize({ width: 688, height: 1000 });
        expect(await page.locator("#table-subgroups").isVisible()).toBe(true);
        const clipped = await page.locator(".scroll").evaluateAll((boxes) => boxes.filter((b) => b.scrollWidth > 690).map((b) => b.textContent!.slice(0, 40)));
        expect(clipped).toEqual([]);
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
});
