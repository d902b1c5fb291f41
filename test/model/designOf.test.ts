import { expect, test } from "vitest";
import type { Table } from "../../src/cohort/index.js";
import { InputError } from "../../src/math/index.js";
import { applyCoding, designOf, termColumns } from "../../src/model/index.js";

const table: Table = {
  id: ["P1", "P2", "P3", "P4"],
  columns: {
    age: { kind: "number", values: Float64Array.of(40, 50, 60, NaN) },
    grade: { kind: "category", levels: ["G0", "G1", "G2", "G3"], codes: Int32Array.of(2, 1, 3, 1), ordered: true },
    seen: { kind: "date", days: Float64Array.of(1, 2, 3, 4) },
    same: { kind: "category", levels: ["x"], codes: Int32Array.of(0, 0, 0, 0), ordered: false },
  },
};

test("a category becomes 0/1 columns against its first level that occurs", () => {
  const { design, coding, rows, leftOut } = designOf(table, ["age", "grade"], { missing: "leaveOut" });
  expect(design.names).toEqual(["age", "gradeG2", "gradeG3"]);
  expect(design.columns.map((c) => [...c])).toEqual([[40, 50, 60], [1, 0, 0], [0, 0, 1]]);
  expect([...rows]).toEqual([0, 1, 2]);
  expect(leftOut).toEqual([{ row: 3, id: "P4", variables: ["age"] }]);
  expect(termColumns(coding)).toEqual([{ variable: "age", columns: [0] }, { variable: "grade", columns: [1, 2] }]);
  expect(designOf(table, ["grade"], { reference: { grade: "G3" } }).design.names).toEqual(["gradeG1", "gradeG2"]);
});

test("a coding read back from JSON codes another table, whatever the order of its levels", () => {
  const coding = JSON.parse(JSON.stringify(designOf(table, ["age", "grade"], { missing: "leaveOut" }).coding));
  const other: Table = { id: ["Q1", "Q2"], columns: {
    grade: { kind: "category", levels: ["G3", "G1"], codes: Int32Array.of(0, 1), ordered: false },
    age: { kind: "number", values: Float64Array.of(1, NaN) },
  } };
  expect(() => applyCoding(coding, other)).toThrow(/Q2 lacks age/);
  expect(applyCoding(coding, other, { missing: "NaN" }).columns.map((c) => [...c])).toEqual([[1, NaN], [0, NaN], [1, NaN]]);
});

test("what a model cannot use is named", () => {
  const { coding } = designOf(table, ["grade"]);
  const other = (levels: string[]): Table => ({ id: ["Q1"], columns: { grade: { kind: "category", levels, codes: Int32Array.of(0), ordered: false } } });
  const cases: [() => unknown, RegExp][] = [
    [() => designOf(table, ["age"]), /P4 lacks age/],
    [() => designOf(table, ["agee"]), /Did you mean "age"/],
    [() => designOf(table, ["age", "age"]), /named twice/],
    [() => designOf(table, ["seen"]), /is a date/],
    [() => designOf(table, ["same"]), /one category "x"/],
    [() => designOf(table, ["grade"], { reference: { grade: "G0" } }), /no row of reference level/],
    [() => applyCoding(coding, other(["G4"])), /Q1: "grade" is "G4", which the model has not seen \(it knows G1, G2, G3\)/],
    [() => applyCoding(coding, { id: ["Q"], columns: { grade: { kind: "number", values: Float64Array.of(1) } } }), /number in this table/],
    [() => applyCoding(coding, { id: ["Q"], columns: {} }), /lacks "grade"/],
  ];
  for (const [run, message] of cases) {
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  }
});
