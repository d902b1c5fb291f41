// Every plan after a paper runs as it stands, but for the number of folds: on tables with the columns that it names, made here with a planted effect.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { checkCommand } from "../../cli/check.js";
import { randomStream, type Random } from "../../src/math/index.js";
import { checklistHtml, methodsMarkdown, reportHtml, resultTables } from "../../src/report/index.js";
import { initPlan, openStudy, readPlan, resolvePlan, runOn, templates, type Plan } from "../../src/study/index.js";
import { memoryWorld } from "./memoryWorld.js";

const patternColumns = (plan: Plan) => Object.values(plan.groups).flat().filter((e) => e.includes("*") && !e.startsWith("!")).flatMap((p) => Array.from({ length: 5 }, (_, k) => p.replace("*", `feature${k + 1}`)));
const day = (days: number) => new Date(Date.UTC(2012, 0, 1) + Math.round(days) * 86400000).toISOString().slice(0, 10);

/** What a column holds, by its name in the plan's variables, rules and outcome; `risk` makes nodes, response and dates. */
function cell(plan: Plan, name: string, risk: number, random: Random): string {
  const source = plan.derive?.flatMap((d) => Object.entries(d.sources).filter(([, column]) => column === name).map(([key]) => ({ key, rule: d.rule })))[0];
  const variable = plan.variables[name];
  if (variable?.levels !== undefined) { const codes = Object.keys(variable.levels); return codes[Math.min(codes.length - 1, Math.max(0, Math.floor(codes.length * (0.5 + 0.25 * risk + 0.25 * random.normal()))))]; }
  if (source !== undefined) {
    // 002 takes triple-negative cancers: most are
    const negative = plan.cohorts[0].exclude.some((e) => e.column === "subtype") && random.next() < 0.93;
    switch (source.key) {
      case "percent": case "prPercent": return name === "ki67" ? String(5 + random.below(60)) : negative ? "0" : String(random.below(90));
      case "ki67": return String(5 + random.below(60));
      case "ihc": return String(negative ? random.below(2) : random.below(4));
      case "ratio": return (1 + 2 * random.next()).toFixed(2);
      case "copies": return (2 + 5 * random.next()).toFixed(1);
      case "millimetres": return String(5 + random.below(60));
      case "positiveNodes": return String(Math.max(0, Math.round(1.5 + 2.5 * risk + random.normal())));
      case "ypT": return risk + random.normal() > 0.4 ? "ypT0" : ["ypT1", "ypT2", "ypT0"][random.below(3)];
      case "ypN": return risk + random.normal() > 0 ? "ypN0" : ["ypN0", "ypN1"][random.below(2)];
      case "from": return day(random.below(200));
      case "to": return day(900 + random.below(1500));
    }
  }
  if (variable?.unit === "years") return String(30 + random.below(50));
  if (name === (plan.outcome.kind === "binary" ? plan.outcome.column : "")) return String(Number(risk + random.normal() > 0.4));
  return (10 + 5 * risk + 5 * random.normal()).toFixed(2);
}

function tablesOf(plan: Plan, patients: number): Record<string, string> {
  const files: Record<string, string> = {};
  const derived = new Set(plan.derive?.map((d) => d.name));
  const sources = plan.derive?.flatMap((d) => Object.values(d.sources)) ?? [];
  const own = plan.outcome.kind === "binary" ? [plan.outcome.column] : [];
  const named = [...new Set([...Object.values(plan.groups).flat().filter((e) => !e.includes("*")), ...Object.keys(plan.variables), ...sources, ...own])].filter((c) => !derived.has(c));
  const features = patternColumns(plan);
  for (const [k, cohort] of plan.cohorts.entries()) {
    const random = randomStream(`${plan.title} ${cohort.name}`);
    const risks = Array.from({ length: k === 0 ? patients : 60 }, () => random.normal());
    const built = plan.outcome.kind === "survival" ? plan.outcome.built : undefined;
    const dates = built === undefined ? [] : [...new Set([built.origin, built.lastContact, ...Object.values(built.dates)])];
    const rows = risks.map((risk, i) => {
      const follow = 600 + random.below(2400), event = 1500 * Math.exp(-0.7 * risk) * -Math.log(1 - random.next());
      const kinds = Object.values(built?.dates ?? {}), hit = kinds.length > 0 && event < follow ? kinds[random.below(kinds.length)] : undefined, start = 200 + random.below(100) + (built?.origin === "resection" ? 2500 : 0);
      const of: Record<string, string> = built === undefined ? {} : { [built.origin]: day(start), [built.lastContact]: day(start + follow), ...Object.fromEntries(kinds.map((c) => [c, c === hit ? day(start + Math.ceil(event)) : ""])) };
      return [`c${k}p${i}`, ...dates.map((d) => of[d]), ...named.filter((c) => !dates.includes(c)).map((c) => cell(plan, c, risk, random)), ...(cohort.centre === undefined ? [] : [k === 0 ? `scanner ${i % 3}` : `scanner ${k + 2}`])];
    });
    const values = risks.map((risk) => features.map((name) => (risk * (name.endsWith("feature1") ? 1 : 0) + random.normal()).toFixed(4)));
    files[cohort.tables[0].file] = `patient,${[...dates, ...named.filter((c) => !dates.includes(c)), ...(cohort.centre === undefined ? [] : [cohort.centre])].join(",")}\n${rows.map((r) => r.join(",")).join("\n")}\n`;
    files[cohort.tables[1].file] = `patient,${features.join(",")}\n${values.map((v, i) => [`c${k}p${i}`, ...v].join(",")).join("\n")}\n`;
    for (const reader of cohort.readers) files[reader.file] = `patient,${features.join(",")}\n${values.slice(0, 40).map((v, i) => [`c${k}p${i}`, ...v.map((x) => (Number(x) + 0.2 * random.normal()).toFixed(4))].join(",")).join("\n")}\n`;
  }
  return files;
}

test.each(templates.map((t) => [t.paper] as const))("the plan like %s is checked and run to the report on tables with the columns that it names", async (paper) => {
  const text = initPlan(paper)
    .replace(/crossValidation: \{[^}]*\}/, "crossValidation: { folds: 3, repeats: 1 }").replace(/bootstrap: \d+/, "bootstrap: 3").replace(/starts: 3/, "starts: 1");
  const files = tablesOf(resolvePlan(readPlan(text, "study.yaml")), paper === "002" ? 150 : 120);
  const loaded = await openStudy(text, "study.yaml", memoryWorld(files));
  const said = loaded.understood.map((u) => `${u.what}: ${u.value}`).join("\n");
  expect(said).toMatch(/^cohort .*: development: 1\d\d patients?, \d+ events \(/m);
  for (const { name } of loaded.plan.derive ?? []) expect(said).toContain(`derived ${name}: from `);
  for (const block of [...loaded.plan.scores, ...loaded.plan.models]) expect(said).toMatch(new RegExp(`^${block.kind} ${block.name}: .*candidates? for \\d+ events`, "m"));
  const { results, model } = await runOn(loaded.plan, text, loaded, memoryWorld(files), { program: "test" });
  // the planted effect is seen from outside
  const headline = results.performance.find((p) => p.model === loaded.plan.final && p.estimate.kind === "nested cross-validation" && (p.measure === "AUC" || p.measure === "C-index"))!;
  expect(headline.estimate.value).toBeGreaterThan(0.6);
  expect(results.findings.filter((f) => f.severity === "stop" || /could not be fitted|was not made|not drawn/.test(f.message))).toEqual([]);
  expect(model.models).toEqual(loaded.plan.models.map((m) => m.name));
  const page = reportHtml(results);
  for (const m of loaded.plan.models) expect(page).toContain(m.title);
  expect(page).not.toMatch(/undefined|\[object Object\]|NaN</);
  const methods = methodsMarkdown(results);
  for (const { name } of loaded.plan.derive ?? []) expect(methods).toContain(`${name} was derived from `);
  expect(checklistHtml(results).length).toBeGreaterThan(1000);
  expect(resultTables(results).length).toBeGreaterThan(3);
}, 60_000);

test("radscore check prints what it understood of a plan with derived variables and an end-point from dates", async () => {
  const folder = mkdtempSync(join(tmpdir(), "radscore-like-"));
  const text = initPlan("003");
  for (const [name, content] of Object.entries({ ...tablesOf(resolvePlan(readPlan(text, "study.yaml")), 120), "study.yaml": text })) writeFileSync(join(folder, name), content);
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => { out += String(chunk); return true; });
  try {
    expect(await checkCommand([folder])).toBe(0);
  } finally {
    write.mockRestore();
    rmSync(folder, { recursive: true });
  }
  expect(out).toMatch(/^derived T +from size_mm: from the largest diameter: T1 up to 20 mm.*AJCC, 8th edition, 2017.*; ordered categories T1 \d+/m);
  expect(out).toMatch(/^outcome +disease-free survival: DFS in months from surgery to the first of local recurrence \(local_recurrence\)/m);
  expect(out).toMatch(/^first events Centre 1 +.*distant metastasis \d+/m);
  expect(out).toMatch(/^followed Centre 1 +median .* months \(quartiles/m);
  expect(out).toMatch(/No mistakes\./);
});
