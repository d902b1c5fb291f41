import { expect, test } from "vitest";
import { InputError } from "../../src/math/index.js";
import { categoryColumn, labelsOf, makeTable, numberColumn, numbersOf, readXlsx, writeXlsx } from "../../src/cohort/index.js";
import { unzip, zipStored } from "../../src/cohort/zip.js";

// A workbook of two sheets packed (deflated) by Python 3's zipfile: shared and rich strings, own date format, a formula, an error cell.
const workbook = Uint8Array.from(atob([
  "UEsDBBQAAAAIAAAAIVDmuHRrXAAAAGIAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbBXMTQqAIBBA4auE+xxr0SJKL9EFRKYfylGcIer22fLxwZvcE6/mxsJHoll12ihnp+XNyE0V4lnt",
  "InkE4LBj9KxTRqqyphK91CwbZB9OvyH0xgwQEgmStPI/FNgPUEsDBBQAAAAIAAAAIVD/YEd0WwAAAI4AAAAPAAAAeGwvd29ya2Jvb2sueG1ssynPL8pOys/PVqjIzckrtiqyVSpSsrMp",
  "zkhNLSmG0gp5ibmptkp++SWpxUoKYCHPFFslQyWFIqtMIKPIM8VcSR9VcZBaYm6BtQuSciMk5YYg5fowS/RhbrADAFBLAwQUAAAACAAAACFQYVcR0FAAAACTAAAAGgAAAHhsL19yZWxz",
  "L3dvcmtib29rLnhtbC5yZWxzswlKzUksyczPK87ILCi2s0HmKnim2CoVeaYYKimEJBalp5bYKpXnF2UXZ6SmlhTrgykjvYrcHCV9NH0w1foVOfroOgzBOmBGm4P06qO6AQBQSwMEFAAA",
  "AAgAAAAhUKoqV9dpAAAAqgAAABQAAAB4bC9zaGFyZWRTdHJpbmdzLnhtbLMpLi6xsynOtLMpsQtILMlMzStR8HSx0QcK6oNEQbgIJJlelAgRLYIIKFTk5lgVFyQmp9oqFRSlFqcWlaUq",
  "2aWkwhXBtZfYuRspqOWUWOfkl6ull1ijGl5iV5yamochllmVihDTBzkSAFBLAwQUAAAACAAAACFQPNK4ZIUAAAD6AAAADQAAAHhsL3N0eWxlcy54bWyzKS6pzEkNzkhNLbGzySvNdcst",
  "KVZIzi/NK7FVMlKCCSlAKM8UWyVDMxMlhbT8otzEEuf8lFRbpZSUGL3c3Bi9SiBQ0seqwxRVh4GegVphaX6JdW6uQkpiJYQN0qoPdYCdTXJqTk5EGtwlxkCXVKQhmWkAUo4iAnIXppgp",
  "2FioaUAWkm8BUEsDBBQAAAAIAAAAIVDLmGokGQAAACMAAAAYAAAAeGwvd29ya3NoZWV0cy9zaGVldDEueG1ssynPL8ouzkhNLbGzAVMuiSWJ+nY2+ghxAFBLAwQUAAAACAAAACFQlsml",
  "6aIAAACXAQAAGAAAAHhsL3dvcmtzaGVldHMvc2hlZXQyLnhtbG2RQQ7CIBBFr4K4NHEKg7ELSqKy8QLum4bGxEUTIO31RahIiSsgb/LfB+Qy2Zd7GuOVjIvufa+knRZiO8qoksNnc2GU",
  "+I66cJ5VI2FWEoaVXUvGtuxWMtwyXTKRGQR3LoC5AKb4c5WPlLjUM2Rgi5VfJ84DHxU7BDrGGH48/ReKLBRJ2FaXFUVpXpURaxn42tOwicN7fX9As6u0UDw6/P7iDVBLAQIUAxQAAAAI",
  "AAAAIVDmuHRrXAAAAGIAAAATAAAAAAAAAAAAAACAAQAAAABbQ29udGVudF9UeXBlc10ueG1sUEsBAhQDFAAAAAgAAAAhUP9gR3RbAAAAjgAAAA8AAAAAAAAAAAAAAIABjQAAAHhsL3dv",
  "cmtib29rLnhtbFBLAQIUAxQAAAAIAAAAIVBhVxHQUAAAAJMAAAAaAAAAAAAAAAAAAACAARUBAAB4bC9fcmVscy93b3JrYm9vay54bWwucmVsc1BLAQIUAxQAAAAIAAAAIVCqKlfXaQAA",
  "AKoAAAAUAAAAAAAAAAAAAACAAZ0BAAB4bC9zaGFyZWRTdHJpbmdzLnhtbFBLAQIUAxQAAAAIAAAAIVA80rhkhQAAAPoAAAANAAAAAAAAAAAAAACAATgCAAB4bC9zdHlsZXMueG1sUEsB",
  "AhQDFAAAAAgAAAAhUMuYaiQZAAAAIwAAABgAAAAAAAAAAAAAAIAB6AIAAHhsL3dvcmtzaGVldHMvc2hlZXQxLnhtbFBLAQIUAxQAAAAIAAAAIVCWyaXpogAAAJcBAAAYAAAAAAAAAAAA",
  "AACAATcDAAB4bC93b3Jrc2hlZXRzL3NoZWV0Mi54bWxQSwUGAAAAAAcABwDPAQAADwQAAAAA",
].join("")), (c) => c.charCodeAt(0));

test("shared strings, dates by format, formulas, error cells, gaps and empty rows", async () => {
  const { table, report } = await readXlsx(workbook, { sheet: "R&D" });
  expect(report).toMatchObject({ sheet: "R&D", id: "Patient ID" });
  expect(table.id).toEqual(["17", "18"]);
  expect(labelsOf(table, "grade")).toEqual(["", "G2 <low>"]);
  expect(labelsOf(table, "seen")).toEqual(["2020-01-01", ""]);
  expect([...numbersOf(table, "size")]).toEqual([12.5, NaN]);
});

test("what is written reads back the same", async () => {
  const table = makeTable(["a&b", "c"], { "x <1>": numberColumn([0.1, NaN]), g: categoryColumn(["two words", ""]), d: { kind: "date", days: Float64Array.of(18000, NaN) } });
  expect((await readXlsx(writeXlsx(table))).table).toEqual(table);
});

// Python openpyxl refuses a fill without a pattern, R openxlsx cells without an address or text with another attribute
test("what is written has what other programs need", async () => {
  const table = makeTable(["a"], Object.fromEntries(Array.from({ length: 27 }, (_, j) => [`x${j}`, j === 0 ? categoryColumn(["G2"]) : numberColumn([j])])));
  const files = await unzip(writeXlsx(table)), text = (name: string) => new TextDecoder().decode(files.get(name));
  expect(text("xl/styles.xml")).toContain('<fill><patternFill patternType="none"/></fill>');
  const sheet = text("xl/worksheets/sheet1.xml");
  expect([...sheet.matchAll(/<row[^>]*>/g)].map((m) => m[0])).toEqual(['<row r="1">', '<row r="2">']);
  expect([...sheet.matchAll(/<c[^>]* r="([A-Z]+2)"|<c>/g)].map((m) => m[1])).toEqual([..."ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB"].map((l) => `${l}2`));
  expect(sheet).toContain("<t>G2</t>");
});

test("a formula whose value the file lacks (as openpyxl and openxlsx write it) is missing, and told; dates of the 1904 system", async () => {
  const files = await unzip(writeXlsx(makeTable(["a", "b"], { x: numberColumn([1, 2]), f: numberColumn([3, 4]), d: { kind: "date", days: Float64Array.of(18321 - 1462, NaN) } })));
  const changed = (name: string, from: string, to: string): void => {
    const text = new TextDecoder().decode(files.get(name));
    expect(text).toContain(from);
    files.set(name, new TextEncoder().encode(text.replace(from, to)));
  };
  changed("xl/worksheets/sheet1.xml", "><v>3</v>", "><f>B2*2</f><v/>");
  changed("xl/workbook.xml", "<sheets>", '<workbookPr date1904="1"/><sheets>');
  const { table, report } = await readXlsx(zipStored([...files].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)])));
  expect([...numbersOf(table, "f")]).toEqual([NaN, 4]);
  expect(report.warnings).toEqual([expect.stringMatching(/^f: 1 cell holds a formula without a computed value/)]);
  expect(labelsOf(table, "d")).toEqual(["2020-02-29", ""]);
});

test("empty sheets, unknown sheets and broken files are refused in words", async () => {
  await expect(readXlsx(workbook)).rejects.toThrow(/"Notes" is empty/);
  await expect(readXlsx(workbook, { sheet: "Note" })).rejects.toThrow(/Did you mean "Notes"/);
  for (const cut of [0, 10, 200, workbook.length - 30]) await expect(readXlsx(workbook.slice(0, cut)), String(cut)).rejects.toThrow(InputError);
  const damaged = workbook.slice();
  damaged.fill(255, 60, 200);
  await expect(readXlsx(damaged)).rejects.toThrow(InputError);
});
