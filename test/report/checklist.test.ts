// The checklists: item lists as published, the METRICS score worked by hand from the weights, statements, honesty of the words.
import { expect, test } from "vitest";
import { checklistHtml, clear, fillAnswer, gradeOf, metrics, metricsScore, topicAnswers, tripodAi } from "../../src/report/index.js";
import type { StudyResults } from "../../src/report/index.js";
import { sampleResults } from "./sampleResults.js";

test("58 items of CLEAR, 30 of METRICS whose weights sum to 1, and a topic for each", () => {
  expect(clear.items.map((i) => i.no)).toEqual(Array.from({ length: 58 }, (_, k) => String(k + 1)));
  expect(metrics.items.map((i) => i.no)).toEqual(Array.from({ length: 30 }, (_, k) => String(k + 1)));
  expect(metrics.items.reduce((s, i) => s + i.weight, 0)).toBeCloseTo(1, 10);
  for (const item of [...clear.items, ...metrics.items, ...tripodAi.items]) expect(topicAnswers, item.topic).toHaveProperty([item.topic]);
});

test("METRICS: the weight that counts over the weight that applies, by hand", () => {
  const results = sampleResults();
  const { score, items, grade } = metricsScore(results);
  // fully automated segmentation (9) and end-to-end networks (17) do not apply
  const applies = metrics.items.filter((i) => !["9", "17"].includes(i.no!)).reduce((s, i) => s + i.weight, 0);
  expect(applies).toBeCloseTo(1 - 0.0225 - 0.02, 10);
  // found in the sample run: checklists (1), two centres (4), redundant features (15), metrics (20), intervals (21),
  // calibration (22), comparison with the clinical model (24), classical regression (25), internal testing (26);
  // not the partition (18): the sample's features were scaled on all patients; not dimensionality (16): 0.11 events a candidate
  const counted = ["1", "4", "15", "20", "21", "22", "24", "25", "26"];
  expect(items.filter((i) => i.counted).map((i) => i.no)).toEqual(counted);
  const weight = 0.0368 + 0.0438 + 0.02 + 0.0352 + 0.0234 + 0.0176 + 0.0293 + 0.0176 + 0.0375;
  expect(score).toBeCloseTo((100 * weight) / applies, 8);
  expect(grade).toBe("low");
  expect([19.99, 20, 40, 60, 79.99, 80].map(gradeOf)).toEqual(["very low", "low", "moderate", "good", "good", "excellent"]);
});

test("what a guard warns of is not ticked off: dimensionality, sample size, scaling", () => {
  const base = sampleResults();
  const of = (results: StudyResults) => Object.fromEntries(["dimensionality", "sample size", "scaling"].map((t) => [t, topicAnswers[t](results)]));
  const warned = of(base);
  expect(Object.values(warned).map((a) => a.state)).toEqual(["partly", "partly", "partly"]);
  expect(warned["dimensionality"].toWrite).toMatch(/too few for the candidates/);
  expect(warned["scaling"].toWrite).toMatch(/before they reached the study/);
  // enough events for the candidates, and features on their own scale: the same answers are whole
  const enough = { ...base, findings: [], sampleSize: base.sampleSize.map((s) => ({ ...s, eventsPerCandidate: 14, needed: { n: 150, events: 40, criterion: "x" } })) };
  expect(Object.values(of(enough)).map((a) => a.state)).toEqual(["reported", "reported", "reported"]);
  // ten events a candidate are not enough where Riley's criteria ask for more patients than there are
  const riley = { ...enough, sampleSize: enough.sampleSize.map((s) => ({ ...s, needed: { ...s.needed, n: 162 } })) };
  expect(of(riley)["dimensionality"].state).toBe("partly");
  expect(metricsScore(riley).items[15].counted).toBe(false);
  expect(metricsScore(enough).items[15].counted).toBe(true);
});

test("a statement counts, by topic or item; one that says no does not; a condition can be stated", () => {
  const base = sampleResults();
  const stated = (statements: Record<string, string>) => metricsScore({ ...base, report: { statements } });
  const item = (s: ReturnType<typeof stated>, no: string) => s.items[Number(no) - 1];
  expect(item(stated({}), "5").counted).toBe(false);
  expect(item(stated({ translatability: "Routine pre-treatment DCE-MRI." }), "5")).toMatchObject({ counted: true, why: "stated by the user" });
  expect(item(stated({ "metrics 5": "Routine pre-treatment DCE-MRI." }), "5").counted).toBe(true);
  expect(item(stated({ "data sharing": "No data are shared." }), "28").counted).toBe(false);
  expect(item(stated({ "condition: segmentation": "no, whole breasts" }), "8")).toMatchObject({ applies: false, counted: false });
  // files that were written are not published: model and code count only when the user says so
  expect(item(stated({}), "30").counted).toBe(false);
  expect(fillAnswer({ ...base, report: { statements: { "CLEAR 8": "Approved." } } }, clear, clear.items[7])).toMatchObject({ state: "stated", statement: "Approved." });
});

test("a run whose figures are all apparent fills nothing that asks for validation", () => {
  const base = sampleResults();
  const apparent = { ...base, performance: base.performance.filter((p) => p.estimate.kind === "apparent"), comparisons: [] };
  const states = Object.fromEntries(["split", "testing", "performance", "internal testing", "external testing", "uncertainty", "non-radiomic comparison"].map((t) => [t, topicAnswers[t](apparent).state]));
  expect(Object.values(states)).toEqual(Object.values(states).map(() => "user"));
});

test("the page: escaped, linked to ids of the report, no number where it is not certain, not a grade of truth", () => {
  const results = sampleResults();
  results.report!.statements = { ethics: "<b>bold</b> & approved" };
  const html = checklistHtml(results);
  expect(html).toContain("&lt;b&gt;bold&lt;/b&gt; &amp; approved");
  expect(html).toContain("not a grade of truth");
  expect(html).toContain("CC BY 4.0");
  expect(html).not.toMatch(/https?:\/\/|src=|@import/);
  expect(tripodAi.items.filter((i) => i.no === undefined).length).toBeGreaterThan(0);
});

test("a centre whose patients train and test is one centre", () => {
  const results = sampleResults();
  const centres = [{ name: "North", n: 80, events: 20 }, { name: "South", n: 81, events: 23 }];
  const { centres: _, ...own } = results.cohorts[0];
  const split = { ...results, cohorts: [{ ...own, centres }, { ...own, name: `${own.name}, test`, role: "test" as const, centres }, { ...own, name: "West hospital", role: "external" as const }] } as StudyResults;
  const text = checklistHtml(split).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  expect(text).toContain("3 centres: North, South and West hospital.");
  expect(text).toContain("3 cohorts from 3 centres.");
});
