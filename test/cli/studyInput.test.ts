// Bad input of a whole study, as the user meets it: the command's sentence and exit code, the flow, and what must be in no file.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { place, radscore } from "./bin.js";
import { clinicalCsv, featuresCsv, idMark, idOf, rowsOf, smallStudy, type Row } from "./smallStudy.js";

const rows = rowsOf();
const other = rowsOf(30, "other centre", 200);
const external = "  - name: There\n    models: [clinical]\n    tables: [{ file: there.csv, id: id }]\n";
const withExternal = (more = external): [string, string] => ["outcome:", `${more}outcome:`];
const with_ = (change: (r: Row, i: number) => Partial<Row>, of: Row[] = rows): Row[] => of.map((r, i) => ({ ...r, ...change(r, i) }));
const files = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? files(join(folder, f.name)) : [join(folder, f.name)]));
const resultsOf = (folder: string) => JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));

test.each<[string, Parameters<typeof smallStudy>[1], RegExp]>([
  ["mistakes of the plan, each at its line", { change: [["seed: 3", "sed: 3"], ["learner: firth", "learner: frith"]] }, /study\.yaml:3:1: sed: there is no "sed" here\. Did you mean "seed"\?\n.*study\.yaml:18:\d+: models\.clinical\.learner: is "frith"; did you mean "firth"\?/],
  ["a file that is not there", { change: [["file: features.csv", "file: feature.csv"]] }, /study\.yaml:8:17: .*feature\.csv: no such file or folder; check the path/],
  ["two tables with nobody in common: both lists", { files: { "features.csv": featuresCsv(rowsOf(3, "more", 300)) } }, /no patient of clinical\.csv is in features\.csv\. Only in clinical\.csv: O'Neil; Żk0, .*Only in features\.csv: O'Neil; Żk300, .*Check that the id columns/],
  ["a table without a row", { files: { "features.csv": "id,f1,f2,f3,f4,f5\n" } }, /Only in features\.csv: nobody\. Check that the id columns/],
  ["a text among the numbers of a feature", { files: { "features.csv": featuresCsv(rows).replace(/(\n[^\n]*){3}/, (m) => m.replace(/,[^,\n]*$/, ",unreadable")) } }, /"f5" holds numbers, but is read as text because of "unreadable" \(row 3 of Here\)/],
  ["one class left on the training side of a split", { rows: with_((r) => (r.grade === "G3" ? {} : { y: "0" })), change: [["validation:\n", "validation:\n  split: { by: centre, values: [G3] }\n"], ["  - name: Here\n", "  - name: Here\n    centre: grade\n"]] }, /one class only in \d+ rows/],
  ["patients twice", { files: { "clinical.csv": clinicalCsv([...rows, rows[4], rows[7]]) } }, /2 patients of clinical\.csv have several rows: O'Neil; Żk4 \(rows 5, 61\); Żk\/7#ü \(rows 8, 62\)\. Keep one row a patient/],
  ["outcome codes that nobody named", { rows: with_((_, i) => (i === 5 ? { y: "2" } : i === 9 ? { y: "unknown" } : {})) }, /"y" has codes that the plan does not name: "2" \(row 6\); "unknown" \(row 10\)\. Named: 1, 0\. Name what they mean/],
  ["a category that nobody documented", { rows: with_((_, i) => (i === 5 ? { grade: "G4" } : {})) }, /study\.yaml:11:12: Here: "grade" has a code that no level documents: "G4" \(row 6\)\. Documented: G1, G2, G3\. Add the code/],
  ["one class alone", { rows: with_(() => ({ y: "1" })) }, /all 60 patients have response, so there is one class alone/],
  ["an external set of one class", { files: { "there.csv": clinicalCsv(with_(() => ({ y: "0" }), other)) }, change: [withExternal()] }, /There: all 30 patients have no response, so there is one class alone/],
  ["an external cohort without the features", { files: { "there.csv": clinicalCsv(other) }, change: [withExternal(external.replace("    models: [clinical]\n", ""))] }, /There: lacks 5 columns that the models may need: f1, f2, f3, f4, f5\. .*models: \[clinical\]/],
  ["a patient of two cohorts", { files: { "there.csv": clinicalCsv([...other, rows[3]]) }, change: [withExternal()] }, /1 patient of There \(row 31\) bears the number of a patient of Here: .*Leave them out of one cohort/],
  ["an external category that training did not have", { files: { "there.csv": clinicalCsv(with_((_, i) => (i < 2 ? { grade: "G4" } : {}), other)) }, change: [withExternal(), ["[G1, G2, G3]", "[G1, G2, G3, G4]"]] }, /Cohort There cannot be scored: row 1: "grade" is "G4", which the model has not seen \(it knows G1, G2, G3\)\..*Exclude these patients with a reason/],
  ["missing values that nothing imputes", { rows: with_((_, i) => (i === 2 ? { age: NaN } : {})), change: [["clinical: { from: [clinical], steps: [{ impute: { method: mode } }], learner: firth }", "clinical: { from: [clinical], learner: firth }"]] }, /clinical: Missing values: 00Żk2 lacks age\. Add impute to its steps, or exclude these patients with a reason\./],
  ["a candidate that is known only later", { change: [["levels: [G1, G2, G3]", "levels: [G1, G2, G3], available: false"]] }, /study\.yaml:13:\d+: groups\.clinical\[2\]: "grade" is declared available: false.*leakage/],
  ["a warning where the plan is strict", { change: [["seed: 3", "seed: 3\nstrict: true"]] }, /combined: 25 events for 8 candidate parameters.*Too few also for clinical \(3 candidates, \d+ patients\).*\(The plan is strict: warnings stop\.\)/],
])("%s: a sentence, exit code 1, no report", (what, study, words) => {
  const folder = what.replaceAll(/\W+/g, "-");
  const { code, err } = radscore(["run", smallStudy(folder, study), "--jobs", "1", "-q"]);
  expect(err).toMatch(words);
  expect(err).toMatch(/^radscore: /);
  expect(err).not.toMatch(/mistake of the program/);
  expect(code).toBe(1);
  expect(existsSync(place(`${folder}/results/study/report.html`))).toBe(false);
});

test("everybody who leaves is in the flow with a reason; check lists who did not match; nobody's number is in any output", () => {
  // of 60: 3 without features, 4 of grade G3 among the first 20 stand for an exclusion, 2 without outcome; 10 not even in the table
  const leaving = rows.slice(0, 20).flatMap((r, i) => (i > 4 && r.grade === "G3" ? [i] : []));
  const cohort = with_((_, i) => (i === 3 || i === 4 ? { y: "" } : leaving.includes(i) ? { grade: "G9" } : {}));
  const plan = smallStudy("flow", {
    rows: cohort, files: { "features.csv": featuresCsv([...cohort.slice(3), ...rowsOf(2, "more", 300)]) },
    change: [["  - name: Here\n", "  - name: Here\n    screened: 70\n    flow: [{ reason: no consent, removed: 10 }]\n    exclude: [{ column: grade, is: G9, reason: grade not assessed }]\n"], ["G1, G2, G3]", "G1, G2, G3, G9]"]],
  });
  const checked = radscore(["check", plan]);
  expect(checked.out).toContain(`Here, only in clinical.csv: ${idOf(0)}, ${idOf(1)}, ${idOf(2)}\n`);
  expect(checked.out).toContain(`Here, only in features.csv: ${idOf(300)}, ${idOf(301)}\n`);
  const run = radscore(["run", plan, "--jobs", "2", "--out", place("flow/out")]);
  expect(run.code).toBe(0);
  const out = place("flow/out"), results = resultsOf(out);
  const n = 60 - 3 - leaving.length - 2;
  expect(results.cohorts[0].flow).toMatchObject([
    { n: 70 }, { n: 60, removed: 10, reason: "no consent" }, { n: 57, removed: 3, reason: "not in features.csv", kind: "join" },
    { n: n + 2, removed: leaving.length, reason: "grade not assessed", kind: "eligibility" }, { n, removed: 2, reason: "response: y missing", kind: "outcome" },
  ]);
  expect(results.cohorts[0].n).toBe(n);
  const apparent = results.performance.find((p: { estimate: { kind: string } }) => p.estimate.kind === "apparent");
  expect(apparent.estimate.n).toBe(n);
  const flow = readFileSync(join(out, "figures", "flow.svg"), "utf8");
  for (const reason of ["no consent", "not in features.csv", "grade not assessed", "y missing"]) expect(flow).toContain(reason);
  const written = files(out);
  expect(written.filter((f) => f.includes(".cache")).length).toBeGreaterThan(3);
  expect(written.map((f) => f.slice(out.length + 1))).toEqual(expect.arrayContaining(["results.json", "report.html", "model.json", "calculator.html", "provenance.json", "study.radscore"]));
  for (const f of written) expect(readFileSync(f, "utf8").includes(idMark), f).toBe(false);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(out, "study.radscore"))))) expect(strFromU8(bytes).includes(idMark), name).toBe(false);
  expect(`${run.out}${run.err}`).not.toContain(idMark);
});

test("a full disk is told in one sentence; earlier results stay whole, what was computed is kept", () => {
  const plan = smallStudy("full"), out = place("full/out");
  expect(radscore(["run", plan, "--out", out, "--jobs", "1", "-q"]).code).toBe(0);
  const before = readFileSync(join(out, "results.json"), "utf8");
  rmSync(join(out, "methods.md"));
  symlinkSync("/dev/full", join(out, "methods.md"));
  expect(radscore(["run", plan, "--out", out, "--jobs", "1", "-q"])).toMatchObject({ code: 1, err: expect.stringMatching(/^radscore: .*methods\.md: the disk is full; free some space\.\n$/) });
  expect(readFileSync(join(out, "results.json"), "utf8")).toBe(before);
  rmSync(join(out, "methods.md"));
  expect(radscore(["run", plan, "--out", out, "--jobs", "1", "-q"]).code).toBe(0);
  expect(JSON.parse(readFileSync(join(out, "provenance.json"), "utf8")).fits).toEqual({ Radscore: 0, clinical: 0, combined: 0 });
  // a cache that cannot grow: no file may be larger than 1 KiB
  const small = spawnSync("bash", ["-c", `ulimit -f 1; exec "${process.execPath}" "${place("bin/radscore.js")}" run "${plan}" --out "${place("full/small")}" --jobs 1 -q`], { encoding: "utf8" });
  expect([small.status, small.stderr]).toEqual([1, expect.stringMatching(/^radscore: .*\.cache.*: the file would be larger than this disk allows; choose another place\.\n$/)]);
  expect(files(place("full/small")).filter((f) => f.endsWith(".part"))).toEqual([]);
});

test("where the disk runs full between the outputs, an earlier run's files all stay, none of the new beside them, and --resume ends the run", () => {
  const plan = smallStudy("filling"), out = place("filling/out");
  const run = (...more: string[]) => radscore(["run", plan, "--out", out, "--jobs", "1", "-q", ...more]);
  const seen = () => Object.fromEntries(files(out).filter((f) => !f.includes(".cache") && !f.endsWith("provenance.json")).map((f) => [f.slice(out.length), readFileSync(f, "latin1")]));
  expect(run().code).toBe(0);
  const first = seen();
  // another seed: other numbers in nearly every file
  smallStudy("filling", { change: [["seed: 3", "seed: 4"]] });
  const limit = (blocks: number, ...more: string[]) => spawnSync("bash", ["-c", `ulimit -f ${blocks}; exec "$@"`, "bash", process.execPath, place("bin/radscore.js"), "run", plan, "--out", out, "--jobs", "1", "-q", ...more], { encoding: "utf8" });
  const sizes = (of: (f: string) => boolean) => Math.max(...files(out).filter(of).map((f) => readFileSync(f).length));
  // every cache entry has room, the largest output has not
  const entry = sizes((f) => f.includes(".cache")), largest = sizes((f) => !f.includes(".cache")), blocks = Math.ceil((entry + largest) / 2 / 1024);
  expect(largest).toBeGreaterThan(entry + 4096);
  const full = limit(blocks);
  expect([full.status, full.stderr]).toEqual([1, expect.stringMatching(/^radscore: .*: the file would be larger than this disk allows; choose another place\.\n$/)]);
  const now = seen();
  expect([...new Set([...Object.keys(first), ...Object.keys(now)])].filter((name) => now[name] !== first[name])).toEqual([]);
  const resumed = radscore(["run", plan, "--out", out, "--jobs", "1", "--resume"]);
  expect(resumed).toMatchObject({ code: 0, err: expect.stringContaining("Going on from what an earlier run kept.") });
  expect(JSON.parse(readFileSync(join(out, "provenance.json"), "utf8")).fits).toEqual({ Radscore: 0, clinical: 0, combined: 0 });
  expect(radscore(["run", plan, "--out", place("filling/fresh"), "--jobs", "1", "-q"]).code).toBe(0);
  const fresh = place("filling/fresh");
  for (const name of Object.keys(seen())) expect(readFileSync(join(fresh, name), "latin1") === seen()[name], name).toBe(true);
  expect(seen()["/results.json"] === first["/results.json"]).toBe(false);
  // in a new folder: no report at all, and no half file
  const bare = place("filling/bare");
  expect(spawnSync("bash", ["-c", `ulimit -f ${blocks}; exec "$@"`, "bash", process.execPath, place("bin/radscore.js"), "run", plan, "--out", bare, "--jobs", "1", "-q"]).status).toBe(1);
  expect(files(bare).filter((f) => !f.includes(".cache"))).toEqual([]);
}, 60_000);

test("three events in five folds: folds without an event are named and do not count, and the run goes to its end", () => {
  const plan = smallStudy("few", { rows: with_((_, i) => ({ y: i % 20 === 3 ? "1" : "0" })), change: [["folds: 3, repeats: 2", "folds: 5, repeats: 1"]] });
  const { code } = radscore(["run", plan, "--jobs", "1", "-q"]);
  expect(code).toBe(0);
  const results = resultsOf(place("few/results/study"));
  const folds = results.findings.filter((f: { guard: string }) => f.guard === "folds").map((f: { message: string }) => f.message).join("\n");
  expect(folds).toMatch(/5 folds for 3 events: some folds have none/);
  expect(folds).toMatch(/2 of 5 folds have no patient with the event/);
  for (const p of results.performance) if (p.measure === "AUC" && p.estimate.kind === "nested cross-validation") expect(p.estimate.note).toMatch(/2 of 5 folds/);
});

test("external patients whom a model cannot score are counted, named by row, and stand in no figure", () => {
  const plan = smallStudy("unscored", {
    files: { "there.csv": clinicalCsv(with_((_, i) => (i < 4 ? { age: NaN } : {}), other)) },
    change: [withExternal(), ["clinical: { from: [clinical], steps: [{ impute: { method: mode } }], learner: firth }", "clinical: { from: [clinical], learner: firth }"]],
  });
  expect(radscore(["run", plan, "--jobs", "1", "-q"]).code).toBe(0);
  const out = place("unscored/results/study"), results = resultsOf(out);
  const estimate = results.performance.find((p: { measure: string; estimate: { kind: string } }) => p.measure === "AUC" && p.estimate.kind === "external").estimate;
  expect(estimate.n).toBe(26);
  expect(estimate.note).toMatch(/4 of 30 patients lack a value/);
  expect(results.findings.map((f: { message: string }) => f.message)).toContain("There: patients who lack a value that a model needs (rows 1–4) are not scored by clinical and do not count there.");
  expect(results.findings.some((f: { message: string }) => f.message.startsWith("A figure was not drawn"))).toBe(false);
  expect(results.figures.find((f: { id: string }) => f.id === "roc").data.panels.map((p: { title: string; n: number }) => [p.title, p.n])).toContainEqual(["There", 26]);
  expect(readFileSync(join(out, "figures", "flow.svg"), "utf8")).toMatch(/4 more lack a value/);
});
