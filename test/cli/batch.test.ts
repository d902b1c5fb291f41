// Tables of cases through the command as it is shipped: order, failures, formats, interruption and resumption.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { brain, breast, file, folder, place, radscore, startRadscore } from "./bin.js";

const failing = `${brain[0]},${breast[1]}`;
const table = file("cases.csv", `ID,Image,Mask,Site\n007,${breast.join(",")},A\nP2,${brain.join(",")},"B, C"\nP3,${failing},D\nP4,none.nrrd,${brain[1]},E\nP5,${brain.join(",")},F\n`);
const text = (name: string) => readFileSync(place(name), "utf8");
const results = (name: string) => text(name).split("\n").slice(0, -1).filter((l) => l.startsWith('{"key"')).map((l) => JSON.parse(l));

test("a failed case is a row with its error; the others are extracted; the summary lists it; exit code 2", () => {
  const { code, err } = radscore(["extract", table, "-o", "out.csv"]);
  expect(code).toBe(2);
  const lines = text("out.csv").trimEnd().split("\n");
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^ID,Image,Mask,Site,Error,diagnostics_/);
  expect(lines[1]).toMatch(/^007,/);
  expect(lines[2]).toContain(',"B, C",,');
  expect(lines[4]).toMatch(/^P4,.*none\.nrrd: no such file or folder; check the path\.,+$/);
  expect(err).toMatch(/5 cases: 3 extracted, 2 failed, [\d.]+ s\. out\.csv/);
  expect(err).toMatch(/failed: row 4 \(P3\): /);
  expect(err).toContain("failed: row 5 (P4): ");
});

test("the number of jobs changes nothing", () => {
  for (const format of ["csv", "json", "txt", "parquet"]) {
    const bytes = ["1", "2"].map((jobs) => {
      radscore(["extract", table, "-j", jobs, "-o", `jobs${jobs}.${format}`]);
      return readFileSync(place(`jobs${jobs}.${format}`));
    });
    expect(bytes[1].equals(bytes[0]), format).toBe(true);
  }
});

test("json, txt and parquet say what csv says", async () => {
  for (const format of ["csv", "json", "txt", "parquet"]) radscore(["extract", table, "-o", `same.${format}`]);
  const objects = JSON.parse(text("same.json"));
  expect(objects).toHaveLength(5);
  expect(objects[0]).toMatchObject({ ID: "007", Site: "A", "diagnostics_Mask-original_VoxelNum": 143 });
  expect(objects[3]).toMatchObject({ ID: "P4", error: expect.stringContaining("no such file") });
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(place("same.parquet")) });
  const csv = text("same.csv").split("\n");
  expect(Object.keys(rows[0])).toEqual(csv[0].split(","));
  for (const [name, value] of Object.entries(objects[1])) {
    if (typeof value === "number") expect(rows[1][name], name).toBe(value);
    if (typeof value === "number") expect(text("same.txt")).toContain(`Case-2_${name}: ${value}\n`);
  }
  expect(rows[3].Error).toBe(objects[3].error);
  expect(rows[3].original_firstorder_Mean).toBeNull();
});

test("a semicolon table with decimal commas, one image with two masks", () => {
  const path = file("semicolon.csv", `Image;Mask;Age\n${brain[0]};"${brain[1]}|${brain[1]}";54,3\n`);
  const { code, out } = radscore(["extract", path, "-f", "csv"]);
  expect(code).toBe(0);
  const rows = out.trimEnd().split("\n").slice(1).map((l) => l.split(","));
  expect(rows.map((r) => r.slice(0, 3))).toEqual([[brain[0], brain[1], "54.3"], [brain[0], brain[1], "54.3"]]);
});

test("--out-dir holds one csv per case", () => {
  radscore(["extract", table, "-o", "all.csv", "-od", "each"]);
  expect(readdirSync(place("each")).sort()).toEqual(["features_1.csv", "features_2.csv", "features_5.csv"]);
  expect(text("each/features_1.csv").split("\n")[1]).toContain(",143,");
});

const many = file("many.csv", `ID,Image,Mask\n${Array.from({ length: 24 }, (_, k) => {
  const [image, mask] = k % 5 === 4 ? breast : brain;
  return `P${k},${image},${file(`masks/${k}.nrrd`, readFileSync(mask))}`;
}).join("\n")}\n`);

test("killed at any moment and resumed: nothing lost, nothing repeated, the same bytes", async () => {
  expect(radscore(["extract", many, "-o", "whole.csv"]).code).toBe(0);
  for (const least of [1, 7, 16]) {
    const out = `killed${least}.csv`, journal = `${out}.journal`;
    const child = startRadscore(["extract", many, "-o", out, "-j", "2"]);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    while (!existsSync(place(journal)) || results(journal).length < least) await setTimeout(1);
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(place(out))).toBe(false);
    const kept = text(journal).split("\n").slice(0, -1);
    // a line cut in the middle, as a kill during the write leaves it
    writeFileSync(place(journal), `${kept.join("\n")}\n{"key":"cut of`);
    const before = kept.filter((l) => l.startsWith('{"key"')).length;
    const { code, err } = radscore(["extract", many, "-o", out, "-j", "2", "--resume"]);
    expect(code).toBe(0);
    expect(err).toContain(`${before} of 24 cases are in the journal already.`);
    expect(before).toBeLessThan(24);
    expect(text(journal).startsWith(kept.join("\n"))).toBe(true);
    const keys = results(journal).map((r) => r.key);
    expect(keys).toHaveLength(24);
    expect(text(out)).toBe(text("whole.csv"));
  }
  expect(radscore(["extract", many, "-o", "whole.csv", "--resume"]).err).toContain("24 of 24 cases are in the journal already.");
  expect(results("whole.csv.journal")).toHaveLength(24);
});

test("--resume extracts again what changed: a file, a setting, a failed case", () => {
  const own = [file("own/image.nrrd", readFileSync(breast[0])), file("own/label.nrrd", readFileSync(breast[1]))];
  const path = file("changing.csv", `Image,Mask\n${own.join(",")}\n${breast.join(",")}\n${failing}\n`);
  const again = (...args: string[]) => /^(\d) of 3/m.exec(radscore(["extract", path, "-o", "changing.out.csv", "--resume", ...args]).err)![1];
  expect(again()).toBe("0");
  expect(again()).toBe("2");
  utimesSync(own[1], 1, 1);
  expect(again()).toBe("1");
  expect(again("-s", "binWidth:5")).toBe("0");
});

test("without --resume an earlier journal is moved aside, not destroyed", () => {
  radscore(["extract", table, "-o", "twice.csv"]);
  const first = text("twice.csv.journal");
  radscore(["extract", table, "-o", "twice.csv"]);
  expect(text("twice.csv.journal.old")).toBe(first);
});

test("a full disk under the journal is one sentence; a file that is no journal is left alone", () => {
  symlinkSync("/dev/full", place("full.csv.journal"));
  const full = radscore(["extract", table, "-o", "full.csv"]);
  expect(full).toMatchObject({ code: 1, err: expect.stringContaining("full.csv.journal: the disk is full; free some space.") });
  file("foreign.csv.journal", "my diary, a long one, longer than any first line\n");
  const foreign = radscore(["extract", table, "-o", "foreign.csv", "--resume"]);
  expect(foreign).toMatchObject({ code: 1, err: expect.stringContaining("is no journal of this version") });
  expect(text("foreign.csv.journal")).toContain("my diary");
});

test("results that standard output or a device cannot take are kept in a file", () => {
  const { code, err } = radscore(["extract", table, "-f", "csv", "-o", "/dev/full"]);
  expect(code).toBe(1);
  const [, name] = /\/dev\/full: the disk is full; free some space\. The 5 results are in (radscore-rescued-\d+\.csv) instead\.$/m.exec(err)!;
  radscore(["extract", table, "-o", "rescued.csv"]);
  expect(text(name)).toBe(text("rescued.csv"));
});

test("a second run on the same output is refused while the first is there, and taken over where it was killed", () => {
  const lock = file("locked.csv.journal.lock", `${process.pid} ${hostname()}`);
  expect(radscore(["extract", table, "-o", "locked.csv"])).toMatchObject({ code: 1, err: expect.stringContaining(`another run (process ${process.pid} on `) });
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  writeFileSync(lock, `${pid} ${hostname()}`);
  expect(radscore(["extract", table, "-o", "locked.csv"]).code).toBe(2);
  expect(existsSync(lock)).toBe(false);
});

test("a table that cannot be used ends the run before any case", () => {
  const doubles = file("doubles.csv", `ID,Image,Mask\nP1,${breast.join(",")}\nP1,${brain.join(",")}\n`);
  expect(radscore(["extract", doubles])).toMatchObject({ code: 1, out: "", err: expect.stringContaining('ID "P1" stands in row 2 and row 3') });
  const latin = file("latin.csv", Buffer.from(`Image,Mask,Name\n${breast.join(",")},Ren\u00e9e\n`, "latin1"));
  expect(radscore(["extract", latin])).toMatchObject({ code: 1, err: expect.stringContaining("byte 0xE9") });
  expect(radscore(["extract", table, "-o", table])).toMatchObject({ code: 1, err: expect.stringContaining("is an input of this run") });
});

test("no half-written file is left behind", () => {
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});
