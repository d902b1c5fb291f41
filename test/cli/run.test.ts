// The command as a process: same bytes with any number of jobs, killed and gone on, damaged cache, full disk, exit codes.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomStream } from "../../src/math/index.js";
import { bundleCli } from "../../scripts/bundleCli.mjs";

const place = mkdtempSync(join(tmpdir(), "radscore-run-"));
const study = join(place, "study");
const command = join(place, "cli", "radscore.js");

const plan = (folds: number, resamples: number, more = "") => `radscore: 1
title: Small study
question: Does the score add to age?
seed: 5
cohorts:
  - name: Here
    tables:
      - { file: patients.csv, id: id }
outcome: { kind: binary, name: response, column: response, event: [1], noEvent: [0], eventName: response, otherName: none }
groups:
  clinical: [age]
  features: ["f*"]
scores:
  Radscore: { from: [features], steps: [zScore], learner: { lasso: { folds: 5 } } }
models:
  clinical: { from: [age], learner: logistic }
  combined: { from: [age, Radscore], learner: logistic }
final: combined
reference: clinical
validation:
  crossValidation: { folds: 3, repeats: ${folds} }
  bootstrap: ${resamples}
${more}`;

beforeAll(async () => {
  await bundleCli(join(place, "cli"));
  mkdirSync(study);
  const random = randomStream("run test");
  const rows = Array.from({ length: 80 }, (_, i) => {
    const f = Array.from({ length: 8 }, () => random.normal());
    const y = random.next() < 1 / (1 + Math.exp(0.3 - f[0])) ? 1 : 0;
    return [`secret-${i}`, (50 + 10 * random.normal()).toFixed(1), y, ...f.map((v) => v.toFixed(4))].join(",");
  });
  writeFileSync(join(study, "patients.csv"), `id,age,response,${Array.from({ length: 8 }, (_, k) => `f${k + 1}`).join(",")}\n${rows.join("\n")}\n`);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const radscore = (...args: string[]) => new Promise<{ code: number; out: string; err: string }>((resolve) => {
  execFile(process.execPath, [command, ...args], { maxBuffer: 1 << 26 }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
});
const files = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.name === ".cache" ? [] : f.isDirectory() ? files(join(folder, f.name)) : [join(folder, f.name)]));
const hashes = (folder: string) => Object.fromEntries(files(folder).filter((f) => !f.endsWith("provenance.json")).map((f) => [f.slice(folder.length), createHash("sha256").update(readFileSync(f)).digest("hex")]));
const write = (name: string, text: string) => { const file = join(study, name); writeFileSync(file, text); return file; };

test("one job, two jobs, a killed run gone on, and a damaged entry: the same bytes", async () => {
  const file = write("study.yaml", plan(2, 12));
  const one = await radscore("run", file, "--out", join(place, "one"), "--jobs", "1", "-q");
  expect(one.err).toBe("");
  expect(one.code).toBe(0);
  expect(one.out).toMatch(/combined +nested cross-validation +AUC 0\.\d{3} \(95 % CI 0\.\d{3} to 0\.\d{3}\) +n 80, \d+ events/);
  const first = hashes(join(place, "one"));
  expect(Object.keys(first).length).toBeGreaterThan(10);
  const two = await radscore("run", file, "--out", join(place, "two"), "--jobs", "2", "-q");
  expect(two.code).toBe(0);
  expect(hashes(join(place, "two"))).toEqual(first);

  // killed without warning as soon as something is kept
  const out = join(place, "killed");
  const child = spawn(process.execPath, [command, "run", file, "--out", out, "--jobs", "2"], { stdio: "ignore" });
  const kept = () => { try { return readdirSync(join(out, ".cache")).filter((f) => f.endsWith(".bin")).length; } catch { return 0; } };
  while (kept() < 6 && child.exitCode === null) await new Promise((r) => setTimeout(r, 5));
  child.kill("SIGKILL");
  await new Promise((r) => child.once("close", r));
  const before = kept();
  expect(() => statSync(join(out, "report.html"))).toThrow();
  // and one of its entries damaged
  const [entry] = readdirSync(join(out, ".cache")).filter((f) => f.startsWith("cv")).sort();
  const bytes = readFileSync(join(out, ".cache", entry));
  bytes[bytes.length - 9] ^= 1;
  writeFileSync(join(out, ".cache", entry), bytes);
  const resumed = await radscore("run", file, "--out", out, "--jobs", "2", "--resume");
  expect(resumed.code).toBe(0);
  expect(resumed.err).toMatch(/Going on from what an earlier run kept/);
  expect(resumed.err).toMatch(/warning: The cache entry "cv \d \d" is damaged; it is computed again/);
  expect(hashes(out)).toEqual(first);
  const { fits } = JSON.parse(readFileSync(join(out, "provenance.json"), "utf8"));
  expect(fits.Radscore).toBeLessThanOrEqual(1 + 6 + 12 - (before - 1));

  // an edit of one model: the score is not fitted again in any resample
  const edited = write("study.yaml", plan(2, 12).replace("combined: { from: [age, Radscore], learner: logistic }", "combined: { from: [age, Radscore], learner: firth }"));
  expect((await radscore("run", edited, "--out", out, "-q")).code).toBe(0);
  const after = JSON.parse(readFileSync(join(out, "provenance.json"), "utf8")).fits;
  expect([after.Radscore, after.clinical, after.combined]).toEqual([1, 1, 19]);
  // nobody's id anywhere in the output or the cache
  for (const f of [...files(out), ...readdirSync(join(out, ".cache")).map((name) => join(out, ".cache", name))]) expect(readFileSync(f, "latin1").includes("secret-"), f).toBe(false);
}, 120_000);

test("mistakes end with code 1 and a sentence; a folder of plans runs them all", async () => {
  const missing = await radscore("run", join(study, "no.yaml"));
  expect([missing.code, missing.err]).toEqual([1, `radscore: ${join(study, "no.yaml")}: no such file or folder; check the path.\n`]);
  const empty = join(place, "empty");
  mkdirSync(empty);
  expect((await radscore("run", empty)).err).toMatch(/holds no plan/);
  expect((await radscore("run", study, "--jobs", "0")).err).toMatch(/--jobs is "0"; a whole number of 1 or more/);
  write("study.yaml", plan(1, 2));
  write("other.yaml", plan(1, 2).replace("features: [\"f*\"]", "features: [\"nothing*\"]"));
  const both = await radscore("run", study, "--out", join(place, "both"), "-q");
  expect(both.code).toBe(1);
  expect(both.err).toMatch(/nothing\*/);
  expect(readdirSync(join(place, "both", "study"))).toContain("report.html");
  rmSync(join(study, "other.yaml"));
  // what a guard stops stands at its line, before and after anything is fitted
  const strict = write("strict.yaml", plan(1, 2).replace("seed: 5", "seed: 5\nstrict: true"));
  const stopped = await radscore("run", strict, "--out", join(place, "strict"), "-q");
  expect([stopped.code, stopped.err]).toEqual([1, expect.stringMatching(/^radscore: .*strict\.yaml:16:1: combined: \d+ events for .*\(The plan is strict: warnings stop\.\)\n$/)]);
  rmSync(strict);
  // a folder that is a file
  writeFileSync(join(place, "file"), "");
  expect(await radscore("run", join(study, "study.yaml"), "--out", join(place, "file", "x"), "-q")).toMatchObject({ code: 1, err: expect.stringMatching(/a part of the path is a file/) });
}, 60_000);
