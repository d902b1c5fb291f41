// Variables derived by the rules of the field, and outcomes built from dates: every expected value is worked by hand from the rule's text.
import { expect, test } from "vitest";
import { categoryColumn, labelsOf, numberColumn, numbersOf, type Column } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";
import { checkText, openStudy, planJsonSchema, readPlan, resolvePlan, runStudy, scorePatients } from "../../src/study/index.js";
import { misfits } from "./jsonSchema.js";
import { memoryWorld } from "./memoryWorld.js";
import { parse } from "yaml";

const rows = [
  // id, er %, pr %, ihc, ratio, copies, ki67, size, nodes, ypT, ypN, diagnosed, operated, y, x
  ["a", 0.9, 0, "3+", "", "", 10, 20, 0, "ypT0", "ypN0", "2010-01-01", "2010-01-31", 1, 1],
  ["b", 1, 30, "0", "", "", 19, 21, 1, "ypTis", "ypN0", "2010-01-01", "2010-07-01", 0, 2],
  ["c", 95, 10, "1+", "", "", 5, 50, 3, "ypT1", "ypN0", "2010-01-01", "2011-01-01", 1, 3],
  ["d", 0, 0, "2+", 1.5, 3, 80, 51, 4, "ypT0", "ypN1", "2010-01-01", "2010-01-01", 0, 4],
  ["e", 80, 50, "2+", 2.1, 5, 20, 2, 10, "ypT0", "ypN0(i+)", "2010-01-01", "2010-02-01", 1, 5],
  ["f", 50, 40, "2+", "", "", 30, 10, "", "ypT2", "", "2010-01-01", "", 0, 6],
  ["g", "", "", "1+", "", "", 12, 30, 2, "", "ypN0", "2010-01-01", "2010-01-01", 1, 7],
];
const csv = `id,er,pr,ihc,ratio,copies,ki67,size,nodes,ypt,ypn,diagnosed,operated,y,x\n${rows.map((r) => r.join(",")).join("\n")}\n`;
const derive = `derive:
  ER: { rule: receptorStatus, percent: er }
  PR: { rule: receptorStatus, percent: pr }
  HER2: { rule: her2Status, ihc: ihc, ratio: ratio, copies: copies }
  Ki67: { rule: ki67Status, percent: ki67, cut: 20 }
  subtype: { rule: molecularSubtype, er: ER, pr: PR, her2: HER2, ki67: ki67, prPercent: pr }
  subtype 2011: { rule: molecularSubtype, er: ER, pr: PR, her2: HER2, ki67: ki67, edition: St Gallen 2011 }
  T: { rule: tCategory, millimetres: size }
  T sub: { rule: tCategory, millimetres: size, sub: true }
  N: { rule: nCategory, positiveNodes: nodes }
  burden: { rule: nodeBurden, positiveNodes: nodes }
  pCR: { rule: completeResponse, ypT: ypt, ypN: ypn }
  wait: { rule: timeBetween, from: diagnosed, to: operated, unit: days }
`;
const plan = (more: { derive?: string; outcome?: string; from?: string; variables?: string; exclude?: string } = {}) => `radscore: 1
title: Derived
cohorts:
  - name: A
    tables: [{ file: c.csv, id: id }]
${more.exclude ?? ""}variables: { x: { label: X }${more.variables ?? ""} }
${more.derive ?? derive}outcome: ${more.outcome ?? "{ kind: binary, name: response, column: y, event: [1], noEvent: [0] }"}
models: { m: { from: [${more.from ?? "x"}], learner: ${/kind: survival/.test(more.outcome ?? "") ? "cox" : "logistic"} } }
validation: { crossValidation: false, bootstrap: false }
`;
const problems = (text: string) => checkText(text, "p.yaml").problems.map((p) => p.message);
const open = (text: string, table = csv, more: Record<string, string> = {}) => openStudy(text, "p.yaml", memoryWorld({ "c.csv": table, ...more }));

test("receptors, HER2, Ki-67, subtype, T, N, burden, pCR and intervals are derived by their rules", async () => {
  const { development: { table } } = await open(plan());
  const of = (name: string) => labelsOf(table, name);
  // 1 %: positive; 0.9 %: negative; missing stays missing
  expect(of("ER")).toEqual(["negative", "positive", "positive", "negative", "positive", "positive", ""]);
  // 3+ positive; 0, 1+ negative; 2+: group 5 negative, group 1 positive, without hybridisation equivocal
  expect(of("HER2")).toEqual(["positive", "negative", "negative", "negative", "positive", "equivocal", "negative"]);
  expect(of("Ki67")).toEqual(["low", "low", "low", "high", "high", "high", "low"]);
  // 2013: b ER+, HER2−, Ki-67 19 %, PR 30 % is luminal A; c has PR 10 % < 20 %: luminal B
  expect(of("subtype")).toEqual(["HER2 positive (non-luminal)", "luminal A", "luminal B (HER2 negative)", "triple negative", "luminal B (HER2 positive)", "", ""]);
  // 2011: Ki-67 from 14 % is luminal B, PR does not count
  expect(of("subtype 2011").slice(1, 3)).toEqual(["luminal B (HER2 negative)", "luminal A"]);
  expect(of("T")).toEqual(["T1", "T2", "T2", "T3", "T1", "T1", "T2"]);
  expect(of("T sub")).toEqual(["T1c", "T2", "T2", "T3", "T1a", "T1b", "T2"]);
  expect(of("N")).toEqual(["N0", "N1", "N1", "N2", "N3", "", "N1"]);
  expect(of("burden")).toEqual(["low", "low", "high", "high", "high", "", "low"]);
  // isolated tumour cells in nodes are no pCR; invasive rest is none whatever the nodes
  expect(of("pCR")).toEqual(["pCR", "pCR", "no pCR", "no pCR", "no pCR", "no pCR", ""]);
  expect(table.columns.wait).toMatchObject({ kind: "number", unit: "days" });
  expect([...numbersOf(table, "wait")]).toEqual([30, 181, 365, 0, 31, NaN, 0]);
});

test("a derived outcome leaves who has none to the flow, with the source that is missing", async () => {
  const { development, understood } = await open(plan({ outcome: "{ kind: binary, name: axillary burden, column: burden, event: [high], noEvent: [low] }" }));
  expect([...development.outcome.event]).toEqual([0, 0, 1, 1, 1, 0]);
  expect(development.flow).toMatchObject([{ n: 7 }, { n: 6, removed: 1, reason: "axillary burden: burden not known: nodes missing", kind: "outcome", events: 3 }]);
  const said = Object.fromEntries(understood.map((u) => [u.what, u.value]));
  expect(said["derived burden"]).toBe("from nodes: high from 3 positive nodes (1–2 against 3 or more, after ACOSOG Z0011; Giuliano et al., JAMA 2011;305:569); categories low 3, high 3");
  expect(said["derived subtype"]).toMatch(/^from ER, PR, HER2, ki67, pr: surrogate subtype of St Gallen 2013 .*24:2206/);
});

test("derived variables exclude, are described, and predict; rows that leave before need not be readable", async () => {
  const spoiled = csv.replace("b,1,30", "b,1000,30");
  await expect(open(plan(), spoiled)).rejects.toThrow(/A: derive\.ER, row 2: The percentage of stained nuclei is 1000, but a percentage from 0 to 100 is expected/);
  const exclude = "    exclude:\n      - { column: id2, is: b, reason: withdrew }\n      - { column: N, is: N3, reason: N3 disease }\n";
  const { development } = await open(plan({ exclude, from: "x, subtype, T sub", variables: ", subtype: { label: Subtype }" }), spoiled.replace(/^id/, "id,id2").replace(/^([a-g]),/gm, "$1,$1,"));
  expect(development.flow).toMatchObject([{ n: 7 }, { n: 6, removed: 1, reason: "withdrew" }, { n: 5, removed: 1, reason: "N3 disease" }]);
  expect(labelsOf(development.table, "N")).toEqual(["N0", "N1", "N2", "", "N1"]);
});

test("what is made from the outcome, or from what is known later, may not predict; nor may what the outcome is made from", async () => {
  const burden = "{ kind: binary, name: burden, column: burden, event: [high], noEvent: [low] }";
  expect(problems(plan({ outcome: burden, from: "N" })).join()).toMatch(/"N" is derived from the column "nodes", which is \(or makes\) the outcome itself; it may not be a predictor \(leakage\)/);
  expect(problems(plan({ outcome: burden, from: "nodes" })).join()).toMatch(/"nodes" is what the outcome is made from and may not be a predictor \(leakage\)/);
  expect(problems(plan({ variables: ", nodes: { available: false }", from: "N" })).join()).toMatch(/"N" is derived from the column "nodes", which is declared available: false/);
  // patterns are found out when the columns are known
  await expect(open(plan({ outcome: burden, from: "'no?es'" }))).rejects.toThrow(/nodes/);
});

test.each([
  ["an unknown rule", "  ER: { rule: receptorstatus, percent: er }\n", /derive\.ER\.rule: rule is "receptorstatus"; expected one of receptorStatus, .* Did you mean "receptorStatus"\?/],
  ["a source too few", "  ER: { rule: receptorStatus }\n", /derive\.ER\.percent: is missing/],
  ["a source that the rule does not know", "  ER: { rule: receptorStatus, percent: er, ihc: ihc }\n", /there is no "ihc" here/],
  ["itself", "  er: { rule: receptorStatus, percent: er }\n", /"er" is made from itself/],
  ["what is derived later", "  S: { rule: molecularSubtype, er: ER, pr: pr, her2: h, ki67: k }\n  ER: { rule: receptorStatus, percent: er }\n", /"ER" is derived after "S"; write it before/],
  ["the name of a model", "  m: { rule: receptorStatus, percent: er }\n", /"m" is the name of a model too/],
  ["a cut of its own invention", "  K: { rule: ki67Status, percent: ki67, cut: 17 }\n", /derive\.K\.cut/],
])("derive refuses %s", (_, lines, message) => {
  const text = plan({ derive: `derive:\n${lines}` });
  expect(problems(text).join("\n")).toMatch(message);
});

test("sources that are not there, names that are taken, codes that say nothing: told by name", async () => {
  await expect(open(plan({ derive: "derive:\n  ER: { rule: receptorStatus, percent: eR }\n" }))).rejects.toThrow(/derive\.ER reads "eR", which is no column\. Did you mean "er"\?/);
  await expect(open(plan({ derive: "derive:\n  nodes: { rule: receptorStatus, percent: er }\n" }))).rejects.toThrow(/derive makes "nodes", but a table has a column of that name already/);
  await expect(open(plan({ derive: "derive:\n  S: { rule: molecularSubtype, er: y, pr: y, her2: y, ki67: ki67 }\n" }))).rejects.toThrow(/er is "1", expected positive or negative; name what its codes mean under variables/);
  const { development } = await open(plan({ derive: "derive:\n  S: { rule: molecularSubtype, er: y, pr: y, her2: y, ki67: ki67 }\n", variables: ", y: { levels: { 0: negative, 1: positive } }" }));
  expect(labelsOf(development.table, "S").slice(0, 2)).toEqual(["luminal B (HER2 positive)", "triple negative"]);
});

test("an external cohort without the sources keeps its own column, with a note", async () => {
  const two = plan({ derive: "derive:\n  burden: { rule: nodeBurden, positiveNodes: nodes }\n", from: "x, burden" }).replace("    tables: [{ file: c.csv, id: id }]\n", "    tables: [{ file: c.csv, id: id }]\n    exclude: [{ column: nodes, is: missing, reason: no count }]\n  - { name: B, tables: [{ file: b.csv, id: id }] }\n");
  const { external, findings } = await open(two, csv, { "b.csv": "id,burden,x,y\np,high,1,1\nq,low,2,0\n" });
  expect(labelsOf(external[0].table, "burden")).toEqual(["high", "low"]);
  expect(findings.find((f) => f.guard === "derive")?.message).toBe('"burden" is taken from the file as it stands, because what it is derived from is not there.');
});

const dated = [
  // id, diagnosed, operated, local, distant, second, died, contact, x
  ["a", "2010-01-01", "2010-02-01", "2011-02-01", "", "", "", "2015-01-01", 1],
  ["b", "2010-01-01", "2010-02-01", "", "2012-02-01", "", "2013-02-01", "2013-02-01", 2],
  ["c", "2010-01-01", "2010-02-01", "", "", "", "2010-03-03", "2010-03-03", 3],
  ["d", "2010-01-01", "2010-02-01", "", "", "", "", "2014-02-01", 4],
  ["e", "2010-01-01", "", "", "", "", "", "2014-02-01", 5],
  ["f", "2010-01-01", "2010-02-01", "2010-01-15", "", "", "", "2014-02-01", 6],
  ["g", "2010-01-01", "2010-02-01", "", "", "2013-02-01", "", "2014-02-01", 7],
  ["h", "2010-01-01", "2010-02-01", "", "", "", "", "", 8],
];
const datedCsv = `id,diagnosed,operated,local,distant,second,died,contact,x\n${dated.map((r) => r.join(",")).join("\n")}\n`;
const survival = (words: string) => plan({ derive: "", outcome: `{ kind: survival, ${words}, origin: operated, lastContact: contact, events: { localRecurrence: local, distantMetastasis: distant, secondCancer: second, death: died } }` }).replace("evaluation", "");
const at = (text: string, times = "[12]") => `${text}evaluation: { times: ${times} }\n`;
const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86400000;

test("DFS is built from dates: first event counts, who leaves is in the flow with a reason", async () => {
  const { development, understood, plan: resolved } = await open(at(survival("endpoint: DFS")), datedCsv);
  const month = 30.4375;
  expect(resolved.outcome).toMatchObject({ name: "disease-free survival", unit: "months", built: { endpoint: "DFS", origin: "operated" } });
  expect(development.table.id).toEqual(["a", "b", "c", "d", "g"]);
  const outcome = development.outcome as { time: Float64Array; event: Uint8Array };
  expect([...outcome.event]).toEqual([1, 1, 1, 0, 1]);
  ["2011-02-01", "2012-02-01", "2010-03-03", "2014-02-01", "2013-02-01"].forEach((end, k) => expect(outcome.time[k]).toBeCloseTo(days("2010-02-01", end) / month, 9));
  expect(development.flow).toMatchObject([
    { n: 8 }, { removed: 1, n: 7, reason: "disease-free survival: operated is missing", kind: "outcome" }, { removed: 1, n: 6, reason: "disease-free survival: local recurrence before operated" },
    { removed: 1, n: 5, events: 4, reason: "disease-free survival: neither an event nor contact is known" },
  ]);
  expect(development.endpoint!.counts).toEqual({ localRecurrence: 1, distantMetastasis: 1, death: 1, secondCancer: 1 });
  const said = Object.fromEntries(understood.map((u) => [u.what, u.value]));
  expect(said.outcome).toMatch(/^disease-free survival: DFS in months from operated to the first of local recurrence \(local\), .*death \(died\).*, censored at contact; no date of regional recurrence, contralateral cancer is given$/);
  expect(said["first events A"]).toBe("local recurrence 1, distant metastasis 1, death 1, second cancer 1");
});

test("the end-point, the origin and the landmark are the user's choice", async () => {
  const event = async (words: string, text = survival(words)) => {
    const { development } = await open(at(text), datedCsv);
    return { ids: development.table.id.join(""), events: [...development.outcome.event].join(""), flow: development.flow };
  };
  expect(await event("endpoint: OS")).toMatchObject({ ids: "abcdfg", events: "011000" });
  expect(await event("endpoint: DMFS")).toMatchObject({ ids: "abcdfg", events: "011000" });
  expect(await event("endpoint: RFS")).toMatchObject({ ids: "abcdg", events: "11100" });
  expect(await event("endpoint: { name: local control, events: [localRecurrence] }, eventName: local recurrence")).toMatchObject({ ids: "abcdg", events: "10000" });
  // from diagnosis, the recurrence of f after two weeks counts, and e has an origin
  expect(await event("", survival("endpoint: DFS").replace("origin: operated", "origin: diagnosed"))).toMatchObject({ ids: "abcdefg", events: "1110011" });
  const landmark = await event("endpoint: DFS, landmark: 6");
  expect(landmark).toMatchObject({ ids: "abdg", events: "1101" });
  expect(landmark.flow).toContainEqual(expect.objectContaining({ removed: 1, reason: "disease-free survival: death up to the landmark", kind: "follow-up" }));
  const { development } = await open(at(survival("endpoint: DFS, landmark: 6")), datedCsv);
  expect((development.outcome as { time: Float64Array }).time[0]).toBeCloseTo(days("2010-02-01", "2011-02-01") / 30.4375 - 6, 9);
  const competing = await open(at(survival("endpoint: { name: metastasis, events: [distantMetastasis] }, competingDeath: true, unit: years"), "[1]"), datedCsv);
  expect([...(competing.development.outcome as { cause?: Uint8Array }).cause!].join("")).toBe("012000");
});

test.each([
  ["no origin", (t: string) => t.replace(" origin: operated,", ""), /outcome\.origin: is missing; expected text/],
  ["no dates", (t: string) => t.replace(/, events: \{[^}]*\}/, ""), /outcome\.events: is missing/],
  ["a column of times too", (t: string) => t.replace("endpoint: DFS", "endpoint: DFS, time: x"), /time belongs to an outcome with a column of times/],
  ["dates without an end-point", (t: string) => t.replace("endpoint: DFS,", "name: survival, time: x, event: y, codes: { event: 1, censored: 0 }, unit: months,"), /origin belongs to an end-point that is built from dates/],
  ["no date of what ends it", (t: string) => t.replace(/events: \{[^}]*\}/, "events: { secondCancer: second }").replace("DFS", "OS"), /names no date of what ends this end-point \(death: death, cancerDeath: cancer death\)/],
  ["one date twice", (t: string) => t.replace("death: died", "death: contact"), /"contact" is named twice/],
  ["an unknown kind of event", (t: string) => t.replace("death:", "deaths:"), /there is no "deaths" here\. Did you mean "death"\?/],
  ["an unknown end-point", (t: string) => t.replace("DFS", "DFSS"), /outcome\.endpoint: is "DFSS"; did you mean "DFS"\?/],
  ["a unit that is none", (t: string) => t.replace("endpoint: DFS", "endpoint: DFS, unit: moons"), /"moons" is no unit that dates can be counted in/],
  ["a date as predictor", (t: string) => t.replace("from: [x]", "from: [local]"), /"local" is what the outcome is made from/],
])("an outcome from dates refuses %s", (_, change, message) => {
  expect(problems(at(change(survival("endpoint: DFS")))).join("\n")).toMatch(message);
});

test("columns that hold no dates are told with what they hold", async () => {
  await expect(open(at(survival("endpoint: DFS")), datedCsv.replace(/2010-02-01/g, "in spring"))).rejects.toThrow(/A: outcome: "operated" is to be a date, but holds "in spring" \(rows 1–3\)/);
  await expect(open(at(survival("endpoint: DFS").replace("lastContact: contact", "lastContact: contakt")), datedCsv)).rejects.toThrow(/the outcome's column "contakt" is not there\. Did you mean "contact"\?/);
});

test("the schema of editors takes both ways to write a survival outcome, and refuses half of one", () => {
  const schema = planJsonSchema();
  const text = at(survival("endpoint: DFS"));
  expect(misfits(parse(text), schema)).toEqual([]);
  expect(misfits(parse(text.replace(" origin: operated,", "")), schema)).not.toEqual([]);
  expect(misfits(parse(plan()), schema)).toEqual([]);
  expect(misfits(parse(plan().replace("rule: nodeBurden", "rule: nodesBurden")), schema)).not.toEqual([]);
  expect(resolvePlan(readPlan(plan(), "p.yaml")).derive!.find((d) => d.name === "HER2")).toEqual({ name: "HER2", rule: "her2Status", sources: { ihc: "ihc", ratio: "ratio", copies: "copies" }, options: {} });
});

test("a run tells the rules in its methods, and the frozen model derives new patients' variables as the study did", async () => {
  const random = randomStream("derived run");
  const cases = Array.from({ length: 90 }, (_, i) => {
    const [er, nodes, x] = [random.below(3) * 30, random.below(6), Number(random.normal().toFixed(3))];
    const months = Math.round(6 + 90 * random.next()), recurs = random.next() < 0.3 + (nodes >= 3 ? 0.4 : 0);
    const day = (m: number) => new Date(Date.UTC(2010, 0, 1) + Math.round(m * 30.4375) * 86400000).toISOString().slice(0, 10);
    return [`p${i}`, er, nodes, x, "2010-01-01", recurs ? day(months * 0.7) : "", day(months)];
  });
  const text = `radscore: 1
title: Derived run
cohorts: [{ name: A, tables: [{ file: c.csv, id: id }] }]
derive:
  ER: { rule: receptorStatus, percent: er }
  burden: { rule: nodeBurden, positiveNodes: nodes }
outcome: { kind: survival, endpoint: RFS, origin: operated, lastContact: contact, events: { localRecurrence: relapse } }
variables: { x: { label: X } }
models: { m: { from: [ER, burden, x], learner: cox } }
validation: { crossValidation: { folds: 3, repeats: 1 }, bootstrap: false }
evaluation: { times: [24] }
`;
  const { results, model } = await runStudy(resolvePlan(readPlan(text, "p.yaml")), text, memoryWorld({ "c.csv": `id,er,nodes,x,operated,relapse,contact\n${cases.map((c) => c.join(",")).join("\n")}\n` }), { program: "p" });
  const methods = results.methods.flatMap((m) => m.sentences).join(" ");
  expect(methods).toMatch(/The outcome was recurrence-free survival: RFS in months from operated to the first of local recurrence \(relapse\), censored at contact.*\(first events: local recurrence \d+\)/);
  expect(methods).toMatch(/burden was derived from nodes: high from 3 positive nodes .*JAMA 2011/);
  const raw = (columns: Record<string, Column>) => scorePatients(model, { id: ["u", "v"], columns: { x: numberColumn([0, 1]), ...columns } }).models.m.linear;
  const derived = raw({ er: numberColumn([0, 60]), nodes: numberColumn([3, 2]) });
  expect(derived).toEqual(raw({ ER: categoryColumn(["negative", "positive"]), burden: categoryColumn(["high", "low"]) }));
  expect(derived[0]).not.toBe(derived[1]);
  expect(() => raw({ er: numberColumn([0, 60]) })).toThrow(/lacks 1 column that the model needs: burden/);
});
