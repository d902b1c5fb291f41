import { expect, test } from "vitest";
import { parquetWriteBuffer } from "hyparquet-writer";
import { InputError } from "../../src/math/index.js";
import { categoryColumn, labelsOf, makeTable, numberColumn, numbersOf, readParquet, writeParquet } from "../../src/cohort/index.js";

test("what is written reads back the same: missing values, order of levels, units, dates", async () => {
  const table = makeTable(["a", "b", "c"], {
    x: numberColumn([0.1, NaN, -1e300], "mm"), g: categoryColumn(["high", "", "low"], ["low", "middle", "high"], true), d: { kind: "date", days: Float64Array.of(18000, NaN, -5) },
  });
  expect((await readParquet(writeParquet(table))).table).toEqual(table);
});

test("a file of another program: whole numbers, booleans, text, timestamps", async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [
    { name: "patient_id", data: ["p1", "p2"], type: "STRING" }, { name: "n", data: [3, 4], type: "INT32" }, { name: "er", data: [true, false], type: "BOOLEAN" },
    { name: "seen", data: [new Date("2020-02-01T00:00:00Z"), new Date("2021-03-02T00:00:00Z")], type: "TIMESTAMP" }, { name: "arm", data: ["A", "B"], type: "STRING" },
  ] }));
  const { table, report } = await readParquet(bytes);
  expect(table.id).toEqual(["p1", "p2"]);
  expect([...numbersOf(table, "n"), ...numbersOf(table, "er")]).toEqual([3, 4, 1, 0]);
  expect([labelsOf(table, "seen"), labelsOf(table, "arm")]).toEqual([["2020-02-01", "2021-03-02"], ["A", "B"]]);
  expect(report!.columns.map((c) => c.kind)).toEqual(["number", "number", "date", "category"]);
});

test("a broken file is refused in words", async () => {
  await expect(readParquet(Uint8Array.of(1, 2, 3))).rejects.toThrow(InputError);
  const bytes = writeParquet(makeTable(["a"], { x: numberColumn([1]) }));
  await expect(readParquet(bytes.subarray(0, bytes.length - 9))).rejects.toThrow(/cannot be read/);
});

// Python pyarrow 25: pq.write_table(pa.table({"id": ["a", "b"], "l": [[1.0, 2.0], [3.0]]}), store_schema=False, write_statistics=False, use_dictionary=False)
test("a column of lists is refused by name, not read as missing", async () => {
  const bytes = Uint8Array.from(atob([
    "UEFSMRUAFSAVJCwVBBUAFQYVBhwAAAAQPAIAAAAEAQEAAABhAQAAAGIVABVIFUIsFQYVABUGFQYcAAAAJBQCAAAAAwIBBggGAwAFAQTwPwUHKAAAQAAAAAAAAAhAFQQZXDUAGAZzY2hlbWEVBAAVDCUCGAJpZCUATBwA",
    "AAA1AhgBbBUCFQZMPAAAADUEGARsaXN0FQIAFQolAhgHZWxlbWVudAAWBBkcGSwmABwVDBklBgAZGAJpZBUCFgQWRhZKJghJHBUAFQAVAgA8FgQZBhkmAAQAAAAmABwVChklBgAZOAFsBGxpc3QHZWxlbWVudBUCFgYW",
    "bhZoJlJJHBUAFQAVAgA8KSYEAhlGAAAABgAAABa0ARYEJggWsgEAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI1LjAuMRksHAAAHAAAAOsAAABQQVIx",
  ].join("")), (c) => c.charCodeAt(0));
  await expect(readParquet(bytes)).rejects.toThrow(/l holds lists or structures/);
});

test("a small file as Node reads it, a part of a larger memory, comes back whole", async () => {
  const table = makeTable(["a", "b"], { x: numberColumn([1.5, NaN]) });
  const bytes = writeParquet(table), pool = Buffer.alloc(65536, 9);
  pool.set(bytes, 136);
  expect((await readParquet(pool.subarray(136, 136 + bytes.length))).table).toEqual(table);
});
