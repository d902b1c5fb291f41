// radscore init on tables as hospitals export them: names of the patient's column, free text, spellings, questions that are asked again.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { file, place, radscore } from "./bin.js";

const rows = Array.from({ length: 40 }, (_, k) => k);
const idOf = (k: number) => 100 + ((k * 37) % 1000);
const clinical = (id: string) => `${id},age,er,notes,months,recurred\n${rows.map((k) => [idOf(k), 40 + ((k * 7) % 30), ["pos", "Positive", "neg", "Neg"][k % 4], k === 1 ? "lost" : k === 3 ? "\"see, letter\"" : "", 10 + k, k % 3 === 0 ? 1 : 0].join(",")).join("\n")}\n`;
const features = (id: string) => `${id},tex_a,tex_b,tex_c\n${rows.map((k) => [idOf(k), k % 5, (k * k) % 7, (k * 3) % 11].join(",")).join("\n")}\n`;
const write = (folder: string, first: string, second: string) => { file(`${folder}/clinical.csv`, clinical(first)); file(`${folder}/radiomics.csv`, features(second)); };
/** Lines as typed, through the shell's pipe. */
const answered = (folder: string, lines: readonly string[]) => {
  file(`${folder}-answers.txt`, `${lines.join("\n")}\n`);
  const { status, stdout, stderr } = spawnSync("bash", ["-c", `cat "${place(`${folder}-answers.txt`)}" | "${process.execPath}" "${place("bin/radscore.js")}" init "${place(folder)}"`], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
};
const planOf = (folder: string) => readFileSync(place(`${folder}/study.yaml`), "utf8");

test.each([["Patient No.", "Pat. Nr"], ["Study ID", "MRN"], ["Case number", "subject_id"], ["Hospital No", "Record ID"]])("%s and %s are known as the patient's columns", (first, second) => {
  const folder = `ids ${first}`;
  write(folder, first, second);
  const made = radscore(["init", folder, "--yes"]);
  expect(made).toMatchObject({ code: 0, err: "" });
  expect(planOf(folder)).toContain(`- { file: clinical.csv, id: ${first} }\n      - { file: radiomics.csv, id: ${second} }`);
  expect(radscore(["check", folder]).out).toMatch(/development: 40 patients, 14 events/);
});

test("free text is left out and named, spellings of one category are told with what to write, and the closing words are lines", () => {
  write("words", "Patient No.", "id");
  const { out } = radscore(["init", "words", "--yes"]);
  expect(out.split("\n").filter((line) => line.length > 100)).toEqual([]);
  expect(out).toMatch(/^words\/study\.yaml is written\.\n\nGuessed from the tables; please correct it in the plan:\n(  - .*\n|    .*\n)+\nThen: radscore check words\/study\.yaml\n$/);
  expect(out).toContain("  - Patient No. is the patient's column of clinical.csv\n");
  expect(out).toMatch(/ - left out, free text .*: notes\n/);
  expect(out).toMatch(/ - er: "Positive" and "pos" may be one category/);
  const plan = planOf("words");
  expect(plan).toMatch(/^# - left out, free text .*: notes$/m);
  expect(plan).toMatch(/^ {2}clinical: \[age, er\]$/m);
  expect(plan).toMatch(/er: \{ label: er, levels: \["Neg", "Positive", "neg", "pos"\] \} {3}# one category in several spellings\? then levels: \{ "Neg": "Neg", "Positive": "Positive", "neg": "Neg", "pos": "Positive" \}/);
  // what the comment proposes is a plan: two categories, and nothing more to remark
  file("words/study.yaml", plan.replace(/er: \{ label: er, .*then (levels: .*)$/m, "er: { label: er, $1 }"));
  const checked = radscore(["check", "words"]);
  expect(checked.out).toMatch(/variable er +categories Neg 20, Positive 20$/m);
  expect(checked.out).not.toMatch(/may be one category/);
});

test("a question that has no answer, or one that nothing is called by, is asked again; a pipe that ends is an error", () => {
  write("asked", "Name", "Pat. Nr");
  const made = answered("asked", ["", "", "", "Nam", "Name", "", "A study", "monhts", "months", "recurred", "", "fortnight", "months"]);
  expect(made.code).toBe(0);
  expect(made.err).toMatch(/clinical\.csv: no column is known to be the patient's; name one of Name, age, er, notes, months, recurred \(as an option: --id COLUMN\)\.\nColumn of the patient in clinical\.csv .*: Nam\n"Nam" is no column of clinical\.csv\. Did you mean "Name"\?\nColumn of the patient/);
  expect(made.err).toMatch(/"monhts" is no column of the tables\. Did you mean "months"\?/);
  expect(made.err).toMatch(/"fortnight" is no unit of time\./);
  expect(planOf("asked")).toMatch(/title: A study\n[^]*id: Name \}\n {6}- \{ file: radiomics\.csv, id: Pat\. Nr \}/);
  write("ended", "Name", "Pat. Nr");
  expect(answered("ended", ["", "", ""])).toMatchObject({ code: 1, err: expect.stringMatching(/radscore: clinical\.csv: no column is known to be the patient's; name one of Name.*--id COLUMN/) });
  expect(radscore(["init", "ended", "--yes"])).toMatchObject({ code: 1, err: expect.stringMatching(/^radscore: clinical\.csv: no column is known to be the patient's/) });
});
