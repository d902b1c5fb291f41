// radscore init, check and schema as a user calls them.
import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { file, place, radscore } from "./bin.js";
import { example } from "../data.js";

const clinical = `pid,age,grade,recurred,months
${Array.from({ length: 30 }, (_, k) => `${k + 1},${40 + ((k * 7) % 30)},${1 + (k % 3)},${k % 3 === 0 ? 1 : 0},${10 + k * 2}`).join("\n")}
`;
const features = `pid,tex_a,tex_b,tex_c
${Array.from({ length: 28 }, (_, k) => `${k + 3},${k % 5},${(k * k) % 7},${(k * 3) % 11}`).join("\n")}
`;

test("init --like writes a plan and its schema, check finds it sound, a plan that is there is not replaced", () => {
  const made = radscore(["init", "like", "--like", "004"]);
  expect(made).toMatchObject({ code: 0, err: "" });
  expect(readFileSync(place("like/study.yaml"), "utf8")).toMatch(/^# yaml-language-server: \$schema=\.\/study\.schema\.json\n/);
  expect(JSON.parse(readFileSync(place("like/study.schema.json"), "utf8")).properties.models).toBeDefined();
  expect(radscore(["check", "like", "--plan-only"])).toMatchObject({ code: 0, out: "like/study.yaml: the plan has no mistakes.\n" });
  expect(radscore(["init", "like", "--like", "000"])).toMatchObject({ code: 1, err: expect.stringMatching(/like\/study\.yaml is there already.*--force/) });
  expect(radscore(["init", "like", "--like", "000", "--force"]).code).toBe(0);
});

test("init for one's own tables by options alone, then check tells what was understood and who did not match", () => {
  file("own/clinical.csv", clinical);
  file("own/radiomics.csv", features);
  const made = radscore(["init", "own", "--clinical", "clinical.csv", "--features", "radiomics.csv", "--id", "pid", "--time", "months", "--event", "recurred", "--title", "Recurrence"]);
  expect(made).toMatchObject({ code: 0, err: "" });
  const checked = radscore(["check", "own"]);
  expect(checked.err).toBe("");
  expect(checked.out).toMatch(/cohort Patients +development: 28 patients, 9 events/);
  expect(checked.out).toMatch(/flow Patients +30 − 2 not in radiomics\.csv = 28/);
  expect(checked.out).toMatch(/variable grade +categories 1 9, 2 9, 3 10/);
  expect(checked.out).toMatch(/score Radscore +3 columns → variance/);
  expect(checked.out).toMatch(/^note: Patients: 2 patients of clinical\.csv are not in radiomics\.csv and leave the study\. Compare the spelling of their numbers:\nPatients, only in clinical\.csv: 1, 2\n/m);
  // what a run would remark before it fits
  expect(checked.out).toMatch(/^warning \(study\.yaml:\d+:\d+\): \w+: 9 events for \d+ candidate parameters/m);
  expect(checked.out).toMatch(/^No mistakes\. \d+ remarks stand above\.$/m);
  expect(checked.code).toBe(0);
  const json = JSON.parse(radscore(["check", "own", "--json"]).out);
  expect(json[0]).toMatchObject({ problems: [], cohorts: [{ name: "Patients", patients: 28, events: 9 }], unmatched: [{ onlyFirst: ["1", "2"], onlySecond: [] }] });
});

test("check prints every mistake with its place, of every plan of a folder, and fails", () => {
  file("two/a.yaml", "radscore: 1\ntitle: A\nseed: x\n");
  file("two/b.json", JSON.stringify({ radscore: 1, title: "B", sed: 1 }, null, 1));
  file("two/other.yaml", "setting: {}\n");
  const { code, out } = radscore(["check", "two"]);
  expect(code).toBe(1);
  expect(out).toMatch(/^a\.yaml:3:7: seed: is "x"; expected a number/m);
  expect(out).toMatch(/^b\.json:4:2: sed: there is no "sed" here\. Did you mean "seed"\?/m);
  expect(out).not.toMatch(/other\.yaml/);
  expect(out).toMatch(/4 mistakes in two\/a\.yaml/);
});

test("check of a folder without a plan, of nothing, of data that are not there", () => {
  file("none/x.csv", "a\n1\n");
  expect(radscore(["check", "none"])).toMatchObject({ code: 1, err: expect.stringMatching(/none: holds no study plan/) });
  expect(radscore(["check", "nowhere"])).toMatchObject({ code: 1, err: expect.stringMatching(/nowhere: no such file or folder/) });
  radscore(["init", "empty", "--like", "000"]);
  expect(radscore(["check", "empty"])).toMatchObject({ code: 1, out: expect.stringMatching(/^study\.yaml:\d+:\d+: .*clinical\.csv: no such file.*\nstudy\.yaml:\d+:\d+: .*radiomics\.csv: no such file/) });
});

test("schema goes to standard output or a file", () => {
  const { out } = radscore(["schema"]);
  expect(JSON.parse(out).title).toBe("radscore study plan");
  expect(radscore(["schema", "--out", "s.json"]).code).toBe(0);
  expect(readFileSync(place("s.json"), "utf8")).toBe(out);
});

test("init without anything to go by says what to give", () => {
  file("bare/readme.md", "x");
  expect(radscore(["init", "bare"])).toMatchObject({ code: 1, err: expect.stringMatching(/bare holds no table.*--clinical.*--like 000/) });
  file("some/a.csv", "id,x\n1,2\n2,3\n");
  expect(radscore(["init", "some", "--yes"])).toMatchObject({ code: 1, err: expect.stringMatching(/No column could be told to be the outcome \(--outcome COLUMN\)/) });
  expect(existsSync(join(place("some"), "study.yaml"))).toBe(false);
});

test("the plans of the examples are sound", () => {
  const { code, out } = radscore(["check", example("ispy1")]);
  expect(out.match(/No mistakes/g)?.length).toBe(2);
  expect(code).toBe(0);
});
