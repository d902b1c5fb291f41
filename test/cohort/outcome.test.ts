import { describe, expect, test } from "vitest";
import { InputError, randomStream } from "../../src/math/index.js";
import {
  binaryOutcome, buildEndpoint, categoryColumn, completeResponse, dateColumn, daysOf, estrogenReceptor2020, followUpTime, her2Status, inheritSplit, ki67Status,
  makeTable, molecularSubtype, nCategory, nodeBurden, numberColumn, receptorStatus, selectOutcome, splitRows, survivalOutcome, tCategory, type Table,
} from "../../src/cohort/index.js";
import { reverseKaplanMeier } from "../../src/evaluate/index.js";
import { data, reference } from "../stats.js";

describe("outcomes from columns", () => {
  const t = makeTable(["a", "b", "c", "d", "e", "f"], {
    months: numberColumn([12, 24, NaN, -1, 0, 36]), status: numberColumn([1, 0, 1, 1, 2, 9]), response: categoryColumn(["yes", "no", "", "maybe", "no", "yes"]),
  });
  test("survival: unit, coding, competing causes, reasons for those left out", () => {
    const s = survivalOutcome(t, { time: "months", unit: "months", into: "years", status: "status", event: [1], competing: [2], censored: [0] });
    expect([...s.outcome.time]).toEqual([1, 2, 0]);
    expect([...s.outcome.event]).toEqual([1, 0, 0]);
    expect([...s.outcome.cause!]).toEqual([1, 0, 2]);
    expect(s.outcome.unit).toBe("years");
    expect(s.table.id).toEqual(["a", "b", "e"]);
    expect(s.leftOut).toEqual([
      { id: "c", row: 2, why: "months is missing" }, { id: "d", row: 3, why: "months is negative (-1)" }, { id: "f", row: 5, why: 'status is "9", which is not listed' },
    ]);
    expect(survivalOutcome(t, { time: "months", unit: "months", status: "status", event: [1], zero: "leaveOut" }).leftOut.map((l) => l.id)).toEqual(["c", "d", "e"]);
    expect(() => survivalOutcome(t, { time: "months", unit: "months", status: "status", event: [7] })).toThrow(/never an event \(7\)/);
  });
  test("binary: lists of values; one class is an error", () => {
    const b = binaryOutcome(t, { column: "response", event: ["yes"], none: ["no"] });
    expect([...b.outcome.event]).toEqual([1, 0, 0, 1]);
    expect(b.leftOut.map((l) => [l.id, l.why])).toEqual([["c", "response is missing"], ["d", 'response is "maybe", which is not listed']]);
    expect(() => binaryOutcome(t, { column: "response", event: ["ja"] })).toThrow(/never an event/);
    expect(() => binaryOutcome(t, { column: "response", event: ["yes"], none: ["yes"] })).toThrow(InputError);
    expect(() => binaryOutcome(t, { column: "respons", event: ["yes"] })).toThrow(/Did you mean "response"/);
    expect([...selectOutcome(b.outcome, [3, 3, 1]).event]).toEqual([1, 1, 0]);
  });
});

describe("end-points from dates", () => {
  const day = (s: string) => (s === "" ? NaN : daysOf(...(s.split("-").map(Number) as [number, number, number])));
  const dates = (...s: string[]) => dateColumn(s.map(day));
  const t: Table = makeTable(["a", "b", "c", "d", "e"], {
    diagnosis: dates("2009-12-01", "2010-01-01", "2010-01-01", "2010-01-01", ""),
    surgery: dates("2010-01-01", "2010-02-01", "2010-02-01", "2010-03-01", "2010-01-01"),
    local: dates("2010-12-31", "", "", "2010-02-15", ""),
    distant: dates("2011-06-01", "2012-02-01", "", "", ""),
    death: dates("2012-01-01", "", "2013-02-01", "", ""),
    seen: dates("2011-12-01", "2014-02-01", "2013-02-01", "2015-03-01", "2015-01-01"),
  });
  const columns = { dates: { localRecurrence: "local", distantMetastasis: "distant", death: "death" }, lastContact: "seen", unit: "days" } as const;
  test("DFS ends with the first event, DMFS passes over the local one; OS counts deaths after last contact", () => {
    const dfs = buildEndpoint(t, { ...columns, endpoint: "DFS", origin: "surgery" });
    expect(dfs.table.id).toEqual(["a", "b", "c", "e"]);
    expect([...dfs.outcome.time]).toEqual([364, 730, 1096, 1826]);
    expect([...dfs.outcome.event]).toEqual([1, 1, 1, 0]);
    expect(dfs.counts).toEqual({ localRecurrence: 1, distantMetastasis: 1, death: 1 });
    expect(dfs.leftOut).toEqual([{ id: "d", row: 3, why: "localRecurrence is 14 days before surgery" }]);
    const dmfs = buildEndpoint(t, { ...columns, endpoint: "DMFS", origin: "surgery" });
    expect([...dmfs.outcome.time]).toEqual([516, 730, 1096, 1826, 1826]);
    const os = buildEndpoint(t, { ...columns, endpoint: "OS", origin: "diagnosis" });
    expect([...os.outcome.time]).toEqual([761, 1492, 1127, 1885]);
    expect(os.leftOut).toEqual([{ id: "e", row: 4, why: "diagnosis is missing" }]);
  });
  test("another origin, a landmark, a list of one's own, deaths as competing", () => {
    const after = buildEndpoint(t, { ...columns, endpoint: { name: "DM", events: ["distantMetastasis"] }, origin: "local", competingDeath: true });
    expect(after.table.id).toEqual(["a", "d"]);
    expect([...after.outcome.cause!]).toEqual([1, 0]);
    const late = buildEndpoint(t, { ...columns, endpoint: "DFS", origin: "surgery", landmark: 365 });
    expect(late.table.id).toEqual(["b", "c", "e"]);
    expect([...late.outcome.time]).toEqual([365, 731, 1461]);
    const own = buildEndpoint(t, { ...columns, endpoint: { name: "DM", events: ["distantMetastasis"] }, origin: "surgery", competingDeath: true });
    expect([...own.outcome.cause!]).toEqual([1, 1, 2, 0, 0]);
    expect(() => buildEndpoint(t, { ...columns, endpoint: "OSS" as never, origin: "surgery" })).toThrow(InputError);
    expect(() => buildEndpoint(t, { ...columns, endpoint: "OS", origin: "diagnosis", landmark: 1200 })).toThrow(/OS: none of 2 patients has an event/);
  });
  // Expected: R survival 3.5-3, quantile(survfit(Surv(time, 1 - status) ~ 1))
  test("follow-up agrees with R's reverse Kaplan–Meier", () => {
    const surv = data("surv_cohort.csv");
    const { result } = reference("km_reverse");
    const ours = followUpTime(surv.time, Uint8Array.from(surv.status, (s) => 1 - s), "months");
    expect([ours.lower, ours.median, ours.upper]).toEqual(result.quantile);
    const curve = reverseKaplanMeier({ time: surv.time, event: surv.status });
    expect([ours.lower, ours.median, ours.upper]).toEqual(curve.quartiles.map((q) => q.time));
  });
});

describe("coding", () => {
  test("receptors, Ki-67", () => {
    expect([0, 0.5, 1, 10, 11].map(receptorStatus)).toEqual(["negative", "negative", "positive", "positive", "positive"]);
    expect([0, 1, 10, 11, NaN].map(estrogenReceptor2020)).toEqual(["negative", "lowPositive", "lowPositive", "positive", null]);
    expect([ki67Status(13.9), ki67Status(14), ki67Status(19, 20), ki67Status(20, 20), ki67Status(null)]).toEqual(["low", "high", "low", "high", null]);
    expect(() => receptorStatus(110)).toThrow(/110, but a percentage/);
  });
  test("HER2: IHC, the five ISH groups of ASCO/CAP 2018", () => {
    expect([0, 1, 2, 3, null].map((s) => her2Status(s))).toEqual(["negative", "negative", "equivocal", "positive", null]);
    const group = (ratio: number, copies: number) => her2Status(2, { ratio, copies });
    expect([group(2, 4), group(2.1, 3.9), group(1.9, 6), group(1.9, 5.9), group(1.9, 3.9)]).toEqual(["positive", "negative", "positive", "negative", "negative"]);
    expect([her2Status(null, { ratio: 2.2, copies: 8 }), her2Status(null, { ratio: 1.9, copies: 5 }), her2Status(2, { result: "positive" })]).toEqual(["positive", "equivocal", "positive"]);
    expect(() => her2Status(4)).toThrow(/0, 1, 2 or 3/);
  });
  test("subtypes of St Gallen 2011 and 2013", () => {
    const r = { er: "positive", pr: "positive", her2: "negative", ki67: 15, prPercent: 30 } as const;
    expect(molecularSubtype(r, "St Gallen 2011")).toBe("luminal B (HER2 negative)");
    expect(molecularSubtype(r, "St Gallen 2013")).toBe("luminal A");
    expect(molecularSubtype({ ...r, prPercent: 10 }, "St Gallen 2013")).toBe("luminal B (HER2 negative)");
    expect(molecularSubtype({ ...r, ki67: 13 }, "St Gallen 2011")).toBe("luminal A");
    expect(molecularSubtype({ ...r, her2: "positive" }, "St Gallen 2013")).toBe("luminal B (HER2 positive)");
    expect(molecularSubtype({ ...r, er: "negative", pr: "negative", her2: "positive" }, "St Gallen 2011")).toBe("HER2 positive (non-luminal)");
    expect(molecularSubtype({ ...r, er: "negative", pr: "negative" }, "St Gallen 2011")).toBe("triple negative");
    expect([{ her2: "equivocal" as const }, { ki67: null }, { er: null, pr: "negative" as const }].map((x) => molecularSubtype({ ...r, ...x }, "St Gallen 2011"))).toEqual([null, null, null]);
  });
  test("stages, node burden, complete response", () => {
    expect([0, 1, 20, 20.1, 50, 50.1].map((mm) => tCategory(mm))).toEqual(["T0", "T1", "T1", "T2", "T2", "T3"]);
    expect([1, 1.5, 5, 5.1, 10, 20].map((mm) => tCategory(mm, { sub: true }))).toEqual(["T1mi", "T1a", "T1a", "T1b", "T1b", "T1c"]);
    expect([0, 1, 3, 4, 9, 10, null].map(nCategory)).toEqual(["N0", "N1", "N1", "N2", "N2", "N3", null]);
    expect([2, 3].map(nodeBurden)).toEqual(["low", "high"]);
    expect([["ypT0", "ypN0"], ["ypTis", "ypN0(i-)"], ["ypT1a", "ypN0"], ["T0", "N1mi"], ["ypT0", "ypN0(i+)"], ["", "ypN0"], ["", "ypN1"]].map(([a, b]) => completeResponse(a, b))).toEqual([true, true, false, false, false, null, false]);
    expect([["ypT0/is", "ypN0"], ["ypT0", "ypN0(i-)(sn)"], ["ypT0", "N0 (sn, i-)"], ["ypT0", "ypN0(mol+)"], ["ypT0", "ypN0(i+)(sn)"]].map(([a, b]) => completeResponse(a, b))).toEqual([true, true, true, false, false]);
    expect(() => completeResponse("none", "N0")).toThrow(InputError);
  });
});

describe("split", () => {
  const n = 100;
  const t = makeTable(Array.from({ length: n }, (_, i) => `P${i % 80}`), {
    centre: categoryColumn(Array.from({ length: n }, (_, i) => "ABCD"[(i % 80) % 4])), seen: dateColumn(Array.from({ length: n }, (_, i) => 18000 + (i % 80))),
  });
  const outcome = { kind: "binary", name: "y", event: Uint8Array.from({ length: n }, (_, i) => ((i % 80) % 5 === 0 ? 1 : 0)) } as const;
  const random = () => randomStream(3);
  test("random: whole patients, shares kept by stratum, the same for any order of rows", () => {
    const split = splitRows(t, { by: "random", share: 0.7, outcome, strata: ["centre"] }, random());
    const ids = (rows: number[]) => new Set(rows.map((r) => t.id[r]));
    const training = ids(split.training), testing = ids(split.test);
    expect([training.size, testing.size]).toEqual([56, 24]);
    expect([...training].some((id) => testing.has(id))).toBe(false);
    const events = [...training].filter((id) => Number(id.slice(1)) % 5 === 0).length;
    expect(Math.abs(events - 0.7 * 16)).toBeLessThanOrEqual(4);
    const back = [...Array(n).keys()].reverse();
    const reversed = makeTable(back.map((r) => t.id[r]), { centre: categoryColumn(back.map((r) => "ABCD"[(r % 80) % 4])) });
    const again = splitRows(reversed, { by: "random", share: 0.7, outcome: selectOutcome(outcome, back), strata: ["centre"] }, random());
    expect(new Set(again.training.map((r) => reversed.id[r]))).toEqual(training);
    expect(splitRows(t, { by: "random" }, randomStream(4)).training).not.toEqual(splitRows(t, { by: "random" }, random()).training);
  });
  test("by centre, date and column; what cannot be placed is named", () => {
    expect(splitRows(t, { by: "centre", column: "centre", test: ["D"] }, random()).test.every((r) => (r % 80) % 4 === 3)).toBe(true);
    expect(splitRows(t, { by: "date", column: "seen", from: "2019-06-01" }, random()).training.every((r) => 18000 + (r % 80) < 18048)).toBe(true);
    expect(splitRows(t, { by: "column", column: "centre", training: ["A", "B"], test: ["C"] }, random()).training).toHaveLength(50);
    expect(() => splitRows(t, { by: "centre", column: "centre", test: ["X"] }, random())).toThrow(/has no "X"/);
    expect(() => splitRows(t, { by: "date", column: "seen", from: "1990-01-01" }, random())).toThrow(/no patient for the training set/);
    expect(() => splitRows(t, { by: "date", column: "seen", from: "2019-02-30" }, random())).toThrow(/a day of the calendar/);
    expect(() => splitRows(makeTable(["a", "a"], { c: categoryColumn(["x", "y"]) }), { by: "centre", column: "c", test: ["x"] }, random())).toThrow(/rows of x and y/);
  });
  test("a nested cohort inherits it", () => {
    const split = splitRows(t, { by: "random" }, random());
    const nested = makeTable(["P3", "P79", "new"], {});
    const inner = inheritSplit(t, split, nested);
    const side = (id: string) => (split.training.some((r) => t.id[r] === id) ? "training" : "test");
    expect([...inner.training.map((r) => [nested.id[r], "training"]), ...inner.test.map((r) => [nested.id[r], "test"])].every(([id, s]) => side(id) === s)).toBe(true);
    expect(inner.unknown).toEqual(["new"]);
  });
});
