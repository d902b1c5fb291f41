import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCases } from "../../cli/caseTable.js";

const folder = mkdtempSync(join(tmpdir(), "radscore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "cases.csv");
const read = (content: string | Uint8Array, labels: number[] = []) => { writeFileSync(path, content); return readCases(path, labels); };
const latin1 = (text: string) => Buffer.from(text, "latin1");

test("paths are relative to the table, further columns are carried along in their order", () => {
  const { columns, cases } = read("ID,Image,Mask,Age\nP1,a.nrrd,/m/b.nrrd,54\n");
  expect(columns).toEqual(["ID", "Image", "Mask", "Age"]);
  expect(cases).toEqual([{ number: 1, row: 2, id: "P1", input: { ID: "P1", Image: "a.nrrd", Mask: "/m/b.nrrd", Age: "54" },
    image: join(folder, "a.nrrd"), mask: "/m/b.nrrd" }]);
});

test("comma, semicolon and tab, quotes, byte order mark and Windows line ends give the same table", () => {
  const rows = [["Image", "Mask", "Note"], ["a b.nrrd", "m.nrrd", 'says "yes", twice; and more']];
  const expected = read("Image,Mask,Note\na b.nrrd,m.nrrd,\"says \"\"yes\"\", twice; and more\"\n").cases;
  expect(expected[0].input.Note).toBe(rows[1][2]);
  for (const separator of [",", ";", "\t"]) {
    const text = rows.map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(separator)).join("\r\n");
    expect(read(`\ufeff${text}\r\n\r\n`).cases).toEqual(expected);
  }
});

test("a table with semicolons and decimal commas reads as with points", () => {
  const { cases } = read("ID;Image;Mask;Age;Size\n1,5;a;b;54,3;1,234\n2;a;c;61;12\n");
  expect(cases.map((c) => c.input)).toEqual([
    { ID: "1,5", Image: "a", Mask: "b", Age: "54.3", Size: "1.234" }, { ID: "2", Image: "a", Mask: "c", Age: "61", Size: "12" }]);
});

test("numbers that can be read in two ways are refused", () => {
  expect(() => read("Image;Mask;N\na;b;1,234\n")).toThrow('cases.csv: "1,234" (column N, row 2) can be a decimal or a number in thousands; write decimals with a point');
  expect(() => read("Image;Mask;N;M\na;b;1,5;1.5\n")).toThrow('numbers with comma "1,5" (column N, row 2) and with point "1.5" (column M, row 2) stand in one table');
  expect(() => read("Image,Mask,Age\na,b,54,3\n")).toThrow("row 2 has 4 cells but the header has 3; if numbers have a decimal comma, put them in quotes");
});

test("bytes that are not UTF-8 are named with their place", () => {
  expect(() => read(latin1("Image,Mask,Name\na,b,Ren\u00e9e\n"))).toThrow("byte 0xE9 at position 23 (line 2) is not UTF-8; save the file as UTF-8");
  expect(() => read(latin1("Image,Mask,Name\na,b,Andr\u00e9"))).toThrow("byte 0xE9 at position 24 (line 2)");
  expect(() => read(Buffer.from("\ufeffImage,Mask\n", "utf16le"))).toThrow("is UTF-16, expected UTF-8");
  expect(read("Image,Mask,Name\na,b,Renée\n").cases[0].input.Name).toBe("Renée");
});

test("a header without Image or Mask, an empty table, a column named twice, an open quote", () => {
  expect(() => read("Image,Masks\na,b\n")).toThrow('has no column "Mask" (found "Image", "Masks"). Did you mean "Masks"?');
  expect(() => read("a.nrrd b.nrrd\n")).toThrow('has no column "Image"');
  expect(() => read("")).toThrow("is empty");
  expect(() => read("Image,Mask\n\n")).toThrow("has a header but no rows");
  expect(() => read("Image,Mask,X,X\na,b,1,2\n")).toThrow('two columns are called "X"');
  expect(() => read('Image,Mask\n"a,b\nc,d\n')).toThrow("is opened and never closed");
  expect(() => readCases(join(folder, "none.csv"))).toThrow("none.csv: no such file");
});

test("an ID stands for one case, or for several regions of one image", () => {
  expect(() => read("ID,Image,Mask\nP1,a,m\nP2,b,n\nP1,c,o\n")).toThrow('ID "P1" stands in row 2 and row 4 with different images; give every case its own ID');
  expect(() => read("ID,Image,Mask\nP1,a,m\nP1,a,m\n")).toThrow("with the same image, mask and label");
  expect(read("ID,Image,Mask,Label\nP1,a,m,1\nP1,a,m,2\nP1,a,n,1\n").cases).toHaveLength(3);
  expect(read("ID,Image,Mask\n,a,m\n,b,m\n").cases).toHaveLength(2);
});

test("several masks and several labels of a row are one case each", () => {
  const { cases } = read('Image,Mask,Label\na,m|n,"1;3"\n');
  expect(cases.map((c) => [c.number, c.row, c.input.Mask, c.label, c.input.Label])).toEqual([[1, 2, "m", 1, "1"], [2, 2, "m", 3, "3"], [3, 2, "n", 1, "1"], [4, 2, "n", 3, "3"]]);
  const asked = read("Image,Mask\na,m\n", [2, 5]);
  expect(asked.columns).toEqual(["Image", "Mask", "Label"]);
  expect(asked.cases.map((c) => c.label)).toEqual([2, 5]);
});

test("a row that cannot be used is a failed case, not the end of the table", () => {
  const { cases } = read("Image,Mask,Label,Label_channel\na,,1,\na,b,x,\na,b,2.0,1\na,b,,\n");
  expect(cases.map((c) => c.error)).toEqual([expect.stringContaining("Mask is empty"), expect.stringContaining('Label is "x"; expected a whole number'), undefined, undefined]);
  expect(cases[2]).toMatchObject({ label: 2, labelChannel: 1 });
  expect(cases[3].label).toBeUndefined();
});
