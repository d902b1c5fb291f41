import { expect, test } from "vitest";
import { InputError } from "../../src/math/index.js";
import { categoryColumn, daysOf, isoDate, joinByPatient, labelsOf, makeTable, numberColumn, numbersOf, readCsv, writeCsv } from "../../src/cohort/index.js";

test("commas, quotes, doubled quotes, line breaks inside quotes, CRLF and a byte-order mark", () => {
  const { table, report } = readCsv('\uFEFFid,age,note\r\nP1,41,"a ""b"", c"\r\nP2,NA,"two\nlines"\r\n\r\n');
  expect(report.delimiter).toBe(",");
  expect(table.id).toEqual(["P1", "P2"]);
  expect([...numbersOf(table, "age")]).toEqual([41, NaN]);
  expect(labelsOf(table, "note")).toEqual(['a "b", c', "two\nlines"]);
});

test("semicolons with a decimal comma, tabs, missing codes, a report per column", () => {
  const { table, report } = readCsv("Patient ID;ADC;grade;seen\n7;0,912;G2;03.04.2019\n8;n/a;G1;\n9;1,5;;31.12.2020\n");
  expect(report).toMatchObject({ delimiter: ";", decimal: ",", id: "Patient ID", rows: 3 });
  expect([...numbersOf(table, "ADC")]).toEqual([0.912, NaN, 1.5]);
  expect(labelsOf(table, "seen")).toEqual(["2019-04-03", "", "2020-12-31"]);
  expect(report.columns.map((c) => [c.name, c.kind, c.missing])).toEqual([["ADC", "number", 1], ["grade", "category", 1], ["seen", "date", 1]]);
  expect(report.columns[1].levels).toEqual(["G1", "G2"]);
  expect(readCsv("id|x\n1|4\n2|3").report.delimiter).toBe("|");
  expect(readCsv("id,note\n1,a|b\n2,c|d").report.delimiter).toBe(",");
  expect(readCsv("id\tx\n1\t-9\n2\t3", { missing: ["-9"] }).table.columns.x).toMatchObject({ values: Float64Array.of(NaN, 3) });
});

test("few words among numbers are told in a warning", () => {
  const { report } = readCsv("id,x\n1,4\n2,5\n3,<3\n4,7");
  expect(report.columns[0].kind).toBe("category");
  expect(report.warnings[0]).toMatch(/1 of 4 cells .*"<3"/);
});

test("slashed dates: order by a day over 12, or stated", () => {
  const day = (csv: string, options = {}) => labelsOf(readCsv(csv, options).table, "d");
  expect(day("id,d\n1,13/02/2020\n2,01/02/2020")).toEqual(["2020-02-13", "2020-02-01"]);
  expect(day("id,d\n1,02/13/2020\n2,01/02/2020")).toEqual(["2020-02-13", "2020-01-02"]);
  expect(day("id,d\n1,01/02/2020", { dates: "mdy" })).toEqual(["2020-01-02"]);
});

test.each([
  ["id,d\n1,01/02/2020", /State dates as "dmy" or "mdy"/],
  ["id,d\n1,13/02/2020\n2,02/13/2020", /yyyy-mm-dd/],
  ["id,d\n1,30.02.2020", /no day of the calendar/],
  ["id,d\n1,30.01.20", /two digits/],
  ["id;x\n1;1,5\n2;1.5", /decimal mark a dot or a comma/],
  ["id;x\n1;1,500\n2;12,345", /decimal number or thousands/],
  ["id,x\n1,2,3", /Row 1 has 3 cells, but the header has 2/],
  ["id,x,x\n1,2,3", /both called "x"/],
  ["id,\n1,2", /has no name/],
  ["id,x\n,2", /no patient/],
  ["id,x\n1,\"2", /never closed/],
  ["id,x\n1,\"2\"3", /follows a closing quote/],
  ["a,b;c\n1,2;3", /State the delimiter|cells, but/],
  ["", /empty/],
])("%j is an error that says what to do", (csv, message) => {
  expect(() => readCsv(csv)).toThrow(InputError);
  expect(() => readCsv(csv)).toThrow(message);
});

test("stated kinds are kept or refused, an unknown name gets its nearest", () => {
  expect(readCsv("id,T\n1,1\n2,2", { kinds: { T: "category" } }).table.columns.T).toMatchObject({ kind: "category", levels: ["1", "2"] });
  expect(() => readCsv("id,T\n1,x", { kinds: { T: "number" } })).toThrow(/"x" in row 1 is not a number/);
  expect(() => readCsv("id,age\n1,2", { kinds: { agee: "number" } })).toThrow(/Did you mean "age"/);
  expect(() => readCsv(Uint8Array.of(0x69, 0xff, 0xfe))).toThrow(/UTF-8/);
});

test("what is written reads back the same", () => {
  const table = makeTable(["a;1", "b"], { x: numberColumn([0.1, NaN]), g: categoryColumn(['say "hi"', ""]), d: { kind: "date", days: Float64Array.of(18000, NaN) } });
  for (const options of [{}, { delimiter: ";", decimal: "," }, { delimiter: ",", decimal: "," }, { missing: "NA" }] as const) {
    expect(readCsv(writeCsv(table, options)).table, JSON.stringify(options)).toEqual(table);
  }
});

test("days and dates are inverse over four centuries", () => {
  expect(daysOf(1970, 1, 1)).toBe(0);
  expect(daysOf(2000, 2, 29)).toBe(11016);
  expect(daysOf(1900, 2, 29)).toBeNaN();
  for (let d = -100000; d < 60000; d += 371) {
    const [y, m, day] = isoDate(d).split("-").map(Number);
    expect(daysOf(y, m, day)).toBe(d);
  }
});

test("joining lists what did not match on either side", () => {
  const left = makeTable(["a", "b", "b", "c"], { x: numberColumn([1, 2, 3, 4]) });
  const right = makeTable(["d", "b", "a"], { y: numberColumn([10, 20, 30]), g: categoryColumn(["p", "q", "p"]) });
  const inner = joinByPatient(left, right);
  expect(inner.table.id).toEqual(["a", "b", "b"]);
  expect([...numbersOf(inner.table, "y")]).toEqual([30, 20, 20]);
  expect([inner.leftOnly, inner.rightOnly]).toEqual([["c"], ["d"]]);
  const all = joinByPatient(left, right, "left");
  expect([...numbersOf(all.table, "y")]).toEqual([30, 20, 20, NaN]);
  expect(labelsOf(all.table, "g")).toEqual(["p", "q", "q", ""]);
  expect(() => joinByPatient(right, left)).toThrow(/Patient b has rows 2 and 3/);
  expect(() => joinByPatient(left, makeTable(["a"], { x: numberColumn([1]) }))).toThrow(/Both tables have a column "x"/);
});
