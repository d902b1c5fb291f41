// From pictures to a report in one plan (examples/ultrasound): small generated pictures always, breast-ultrasound lesions where they are.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { randomStream } from "../../src/math/index.js";
import { example, extendedTest } from "../data.js";
import { file, place, radscore } from "./bin.js";

const side = 64;
type Ellipse = { x: number; y: number; a: number; b: number };
const inside = ({ x, y, a, b }: Ellipse, i: number) => ((i % side) - x) ** 2 / a ** 2 + (Math.floor(i / side) - y) ** 2 / b ** 2 <= 1;
const png = (of: (i: number) => number) => encode({ width: side, height: side, depth: 8, channels: 1, data: Uint8Array.from({ length: side * side }, (_, i) => of(i)) });

/** Eight benign and eight malignant lesions (larger, darker, rougher) under ids that would be seen in any output; two have a second mask, and one normal picture has an empty one. */
function generatedPictures(folder: string): void {
  for (let k = 1; k <= 17; k++) {
    const kind = k <= 8 ? "benign" : k <= 16 ? "malignant" : "normal", random = randomStream(`picture ${k}`);
    const lesion: Ellipse = { x: 24 + random.below(12), y: 24 + random.below(12), a: 7 + random.below(5) + (kind === "malignant" ? 3 : 0), b: 6 + random.below(6) };
    const second: Ellipse = { x: 56, y: 58, a: 4, b: 3 }, two = k === 3 || k === 12;
    const rough = kind === "malignant" ? 28 : 16;
    const id = `${kind}_(zq7${k})`;
    file(`${folder}/${kind}/${id}.png`, png((i) => Math.max(0, Math.min(255, Math.round((inside(lesion, i) || (two && inside(second, i)) ? 70 - (kind === "malignant" ? 10 : 0) : 140) + rough * random.normal())))));
    file(`${folder}/${kind}/${id}_mask.png`, png((i) => (kind !== "normal" && inside(lesion, i) ? 255 : 0)));
    if (two) file(`${folder}/${kind}/${id}_mask_1.png`, png((i) => (inside(second, i) ? 255 : 0)));
  }
}

/** The example's plan and parameters in a folder of their own, with fewer repeats. */
function planIn(folder: string, repeats: number, resamples: number): string {
  mkdirSync(place(folder), { recursive: true });
  copyFileSync(example("ultrasound/parameters.yaml"), join(place(folder), "parameters.yaml"));
  const text = readFileSync(example("ultrasound/study.yaml"), "utf8").replace("repeats: 20", `repeats: ${repeats}`).replace("bootstrap: 100", `bootstrap: ${resamples}`);
  const path = join(place(folder), "study.yaml");
  writeFileSync(path, text);
  return path;
}

const results = (out: string) => JSON.parse(readFileSync(join(place(out), "results.json"), "utf8"));
type Performance = { model: string; measure: string; estimate: { kind: string; value: number | null; low?: number; high?: number; n: number; events: number } };
const nested = (r: { performance: Performance[] }) => r.performance.filter((p) => p.measure === "AUC" && p.estimate.kind === "nested cross-validation");
const allFiles = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? allFiles(join(folder, f.name)) : [join(folder, f.name)]));

test("sixteen generated pictures become features, models and a report; no picture's name is in it; verify says same", () => {
  generatedPictures("pictures");
  const plan = planIn("plans/us", 2, 4);
  const checked = radscore(["check", plan, "--data", place("pictures")]);
  expect(checked.out).toMatch(/flow Ultrasound +17 − 1 no lesion = 16 \(2 patients with several masks: all together\)/);
  expect(checked).toMatchObject({ code: 0, err: "" });
  const run = radscore(["run", plan, "--data", place("pictures"), "--out", place("out"), "--jobs", "2"]);
  expect(run.code).toBe(0);
  expect(run.err).toMatch(/features of Ultrasound: 17\/17/);
  const r = results("out");
  expect(r.cohorts[0].flow).toEqual([{ n: 17 }, { n: 16, removed: 1, reason: "no lesion", kind: "eligibility" }, { n: 16, reason: "2 patients with several masks: all together", kind: "images", events: 8 }]);
  expect(nested(r).map((p) => p.model)).toEqual(["size", "radiomics", "combined"]);
  for (const { estimate } of nested(r)) {
    expect(estimate).toMatchObject({ n: 16, events: 8 });
    expect(Number.isFinite(estimate.value)).toBe(true);
  }
  // lesions of another size, darkness and roughness by construction
  expect(nested(r)[1].estimate.value).toBeGreaterThan(0.75);
  expect(readFileSync(place("out/figures/flow.svg"), "utf8")).toMatch(/2 patients with several masks/);
  const parts = allFiles(place("out"));
  expect(parts.some((f) => f.includes(".cache"))).toBe(true);
  for (const f of parts) expect(readFileSync(f, "latin1").includes("zq7"), f).toBe(false);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(place("out/study.radscore"))))) expect(strFromU8(bytes, true).includes("zq7"), name).toBe(false);
  expect(`${run.out}${run.err}`).not.toMatch(/zq7/);

  // pictures, and the parameters beside the plan, are found again; a picture that was changed is named
  expect(radscore(["verify", place("out/study.radscore"), "--data", place("pictures"), "-q"])).toMatchObject({ code: 1, err: expect.stringMatching(/the inputs parameters\.yaml are not in the archive/) });
  copyFileSync(join(place("plans/us"), "parameters.yaml"), join(place("out"), "parameters.yaml"));
  const verified = radscore(["verify", place("out/study.radscore"), "--data", place("pictures"), "-q"]);
  expect(verified.out).toMatch(/^same: /);
  expect(verified.code).toBe(0);
  // another model: no picture is extracted again
  writeFileSync(plan, readFileSync(plan, "utf8").replace("size: { from: [size], learner: firth }", "size: { from: [size], learner: logistic }"));
  const again = radscore(["run", plan, "--data", place("pictures"), "--out", place("out"), "--jobs", "1"]);
  expect(again.code).toBe(0);
  const { fits } = JSON.parse(readFileSync(place("out/provenance.json"), "utf8"));
  expect([fits.Radscore, fits.size]).toEqual([1, 15]);
  const spoilt = join(place("pictures"), "benign", "benign_(zq71)_mask.png");
  writeFileSync(spoilt, png((i) => (inside({ x: 30, y: 30, a: 9, b: 9 }, i) ? 255 : 0)));
  expect(radscore(["verify", place("out/study.radscore"), "--data", place("pictures"), "-q"])).toMatchObject({ code: 1, err: expect.stringMatching(/zq71.*is not the file that the study was made from/) });
});

test("a folder of data that is none, and one without pictures", () => {
  const plan = planIn("plans/none", 2, 4);
  expect(radscore(["run", plan, "--data", place("nowhere")])).toMatchObject({ code: 1, err: expect.stringMatching(/^radscore: run: --data is ".*nowhere", which is no folder; name the folder/) });
  expect(radscore(["run", plan, "-q"])).toMatchObject({ code: 1, err: expect.stringMatching(/Ultrasound: no file in \.\/ has a name like "\{class\}\/\{id\}\.png"\. Check the folder and the pattern/) });
});

// 18 benign, 18 malignant, 4 normal; benign 93 and 173 have two masks
extendedTest("36 breast-ultrasound lesions from PNG to report", "us/busi", (path) => {
  const plan = planIn("plans/busi", 5, 20);
  const run = radscore(["run", plan, "--data", path, "--out", place("busi"), "-q"]);
  expect(run).toMatchObject({ code: 0, err: "" });
  const r = results("busi");
  expect(r.cohorts[0]).toMatchObject({ n: 36, events: 18 });
  expect(r.cohorts[0].flow).toEqual([{ n: 40 }, { n: 36, removed: 4, reason: "no lesion", kind: "eligibility" }, { n: 36, reason: "2 patients with several masks: all together", kind: "images", events: 18 }]);
  for (const p of r.performance as Performance[]) if (p.measure === "AUC") expect(Number.isFinite(p.estimate.value), `${p.model} ${p.estimate.kind}`).toBe(true);
  for (const { model, estimate: e } of nested(r)) console.log(`${model}: nested AUC ${e.value!.toFixed(3)} (${e.low!.toFixed(3)} to ${e.high!.toFixed(3)}), n ${e.n}, ${e.events} malignant`);
  expect(readFileSync(place("busi/report.html"), "utf8")).toMatch(/Largest diameter/);
  for (const f of allFiles(place("busi"))) expect(/(benign|malignant|normal)_\(/.test(readFileSync(f, "latin1")), f).toBe(false);
});
