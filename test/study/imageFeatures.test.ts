// Pictures and masks to a table of features: by a table and by names, rules for several masks, cache, and what cannot be extracted.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { labelsOf, numbersOf } from "../../src/cohort/index.js";
import { defaultParams, extract } from "../../src/features/index.js";
import { readImage } from "../../src/image/index.js";
import { openStudy } from "../../src/study/index.js";
import { extendedTest } from "../data.js";
import { memoryWorld } from "./memoryWorld.js";

const side = 24;
const png = (of: (x: number, y: number) => number) => encode({ width: side, height: side, depth: 8, channels: 1, data: Uint8Array.from({ length: side * side }, (_, i) => of(i % side, Math.floor(i / side))) });
const square = (x0: number, y0: number, size: number, value = 255) => png((x, y) => (x >= x0 && x < x0 + size && y >= y0 && y < y0 + size ? value : 0));
const picture = (k: number) => png((x, y) => (x * (k + 3) + y * (2 * k + 5) + (x * y) % (k + 7)) % 200);

/** Twelve pictures in two folders, named as the breast ultrasound set names its own: "benign (1).png", "benign (1)_mask.png". */
function pictures(): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (let k = 1; k <= 12; k++) {
    const kind = k <= 6 ? "benign" : "malignant";
    files[`us/${kind}/${kind} (${k}).png`] = picture(k);
    files[`us/${kind}/${kind} (${k})_mask.png`] = square(2, 3, 6 + (k % 5));
  }
  files["us/malignant/malignant (7)_mask_1.png"] = square(14, 14, 5);
  return files;
}

const plan = (images: string, more = "") => `radscore: 1
title: Lesions
cohorts:
  - name: US
    images: ${images}${more}
groups: { radiomics: ["original_*"] }
outcome: { kind: binary, name: malignancy, column: class, event: malignant, noEvent: benign }
scores: { Radscore: { from: [radiomics], steps: [variance, correlation, zScore], learner: lasso } }
models: { radiomics: { from: [Radscore], learner: logistic } }
`;
const byName = (rule: string) => plan(`{ folder: us, image: "{class}/{id}.png", mask: "{class}/{id}_mask*.png"${rule} }`);
const fault = (text: string, files: Record<string, string | Uint8Array>) => openStudy(text, "s.yaml", memoryWorld(files)).then(() => "nothing was wrong", (e: Error) => { if (e.name !== "InputError") throw e; return e.message; });

test("names of files become patients, classes and features, as extract gives them for each picture", async () => {
  const files = pictures();
  const world = memoryWorld(files);
  const { development: d, hashes } = await openStudy(byName(", severalMasks: union"), "s.yaml", world);
  expect(d.table.id.length).toBe(12);
  expect(labelsOf(d.table, "class").filter((c) => c === "malignant").length).toBe(6);
  expect(d.flow).toEqual([{ n: 12 }, { n: 12, reason: "1 patient with several masks: all together", kind: "images", events: 6 }]);
  expect(Object.keys(hashes).length).toBe(25);
  const k = d.table.id.indexOf("benign (2)");
  const read = (name: string) => readImage([{ name, bytes: files[`us/benign/${name}`] }]);
  const one = await extract(await read("benign (2).png"), await read("benign (2)_mask.png"), { params: { ...defaultParams(), setting: { label: 255 } } });
  const names = Object.keys(d.table.columns).filter((n) => n.startsWith("original_"));
  expect(names.length).toBeGreaterThan(90);
  for (const name of names) expect(numbersOf(d.table, name)[k]).toBe(one.values[name]);
});

// squares of 8 and 5 pixels a side, apart: 64 + 25 pixels together, 64 the larger
test("several masks: together, the largest, or an error that names the patient", async () => {
  const pixels = async (rule: string) => {
    const { development: d } = await openStudy(byName(rule), "s.yaml", memoryWorld(pictures()));
    return numbersOf(d.table, "original_shape2D_PixelSurface")[d.table.id.indexOf("malignant (7)")];
  };
  expect(await pixels(", severalMasks: union")).toBe(64 + 25);
  expect(await pixels(", severalMasks: largest")).toBe(64);
  expect(await fault(byName(""), pictures())).toMatch(/US: 1 patient has several masks: malignant \(7\) \(2\)\. State the rule, as severalMasks: union/);
});

test("a picture without mask, or with an empty one, leaves with its reason and its row", async () => {
  const files = pictures();
  delete files["us/benign/benign (3)_mask.png"];
  files["us/benign/benign (4)_mask.png"] = png(() => 0);
  const { development: d, findings } = await openStudy(byName(", severalMasks: union"), "s.yaml", memoryWorld(files));
  expect(d.flow.map((f) => [f.n, f.removed, f.reason])).toEqual([[12, undefined, undefined], [11, 1, "no mask"], [10, 1, "no features: the mask is empty"], [10, undefined, "1 patient with several masks: all together"]]);
  expect(findings.filter((f) => f.guard === "images" && f.severity === "warning").map((f) => f.message)).toEqual(["1 case (row 3) left out: no mask.", "1 case (row 4) left out: no features: the mask is empty."]);
  expect(JSON.stringify(findings)).not.toMatch(/benign \(/);
});

test("a second run takes every case from the cache; a changed mask is extracted again; a damaged entry too", async () => {
  const files = pictures();
  const first = memoryWorld(files);
  const a = await openStudy(byName(", severalMasks: union"), "s.yaml", first);
  expect(first.ran).toEqual([{ job: "extract", tasks: 12 }]);
  const again = memoryWorld(files);
  for (const [key, bytes] of first.cache) again.cache.set(key, bytes);
  const b = await openStudy(byName(", severalMasks: union"), "s.yaml", again);
  expect(again.ran).toEqual([]);
  expect(b.development.table).toEqual(a.development.table);
  files["us/benign/benign (5)_mask.png"] = square(1, 1, 9);
  const damaged = [...again.cache.keys()].at(-1)!;
  again.cache.set(damaged, again.cache.get(damaged)!.slice(0, -3));
  await openStudy(byName(", severalMasks: union"), "s.yaml", again);
  expect(again.ran).toEqual([{ job: "extract", tasks: 2 }]);
  // another program extracts for itself
  const newer = { ...again, code: "2" };
  await openStudy(byName(", severalMasks: union"), "s.yaml", newer);
  expect(again.ran.at(-1)).toEqual({ job: "extract", tasks: 12 });
  for (const bytes of again.cache.values()) expect(new TextDecoder().decode(bytes)).not.toMatch(/benign \(/);
});

test("a table of images: paths beside it, masks parted by ;, its other columns are clinical ones; a spacing scales", async () => {
  const files = pictures();
  const rows = Object.keys(files).filter((f) => !f.includes("_mask")).map((f, k) => `p${k},${f.slice(3)},${f.slice(3).replace(".png", "_mask.png")}${f.includes("(7)") ? `;${f.slice(3).replace(".png", "_mask_1.png")}` : ""},${f.split("/")[1]},${30 + k}`);
  const table = `patient,image,mask,class,age\n${rows.join("\n")}\n`;
  const text = plan("{ table: us/cases.csv, id: patient, image: image, mask: mask, severalMasks: union, spacing: 0.5 }");
  const { development: d } = await openStudy(text, "s.yaml", memoryWorld({ ...files, "us/cases.csv": table }));
  expect(numbersOf(d.table, "age")[0]).toBe(30);
  expect(numbersOf(d.table, "original_shape2D_PixelSurface")[d.table.id.indexOf("p6")]).toBe((64 + 25) * 0.25);
});

test("clinical tables join the features of images by patient", async () => {
  const clinical = `id,age\n${Array.from({ length: 12 }, (_, k) => `${k < 6 ? "benign" : "malignant"} (${k + 1}),${k}`).filter((_, k) => k !== 1).join("\n")}\nx,7\n`;
  const { development: d } = await openStudy(plan(`{ folder: us, image: "{class}/{id}.png", mask: "{class}/{id}_mask.png" }`, "\n    tables: [{ file: c.csv, id: id }]"), "s.yaml", memoryWorld({ ...pictures(), "c.csv": clinical }));
  expect(d.flow.map((f) => [f.n, f.reason])).toEqual([[12, undefined], [11, "not in us/"]]);
  expect(d.table.columns.age.kind).toBe("number");
});

test.each<[string, string, Record<string, string | Uint8Array>, RegExp]>([
  ["no file of such a name", plan(`{ folder: us, image: "{class}-{id}.png", mask: "{class}-{id}_m.png" }`), pictures(), /no file in us\/ has a name like "\{class\}-\{id\}\.png"/],
  ["an image that is not there", plan("{ table: t.csv, id: id, image: image, mask: mask }"), { "t.csv": "id,image,mask,class\n1,a.png,b.png,benign\n" }, /2 image files of 2 are not there: a\.png, b\.png/],
  ["a column that is not there", plan("{ table: t.csv, id: id, image: picture, mask: mask }"), { "t.csv": "id,image,mask,class\n1,a.png,b.png,benign\n" }, /t\.csv has no column "picture" for images/],
  ["paths from the root", plan("{ table: t.csv, id: id, image: image, mask: mask }"), { "t.csv": "id,image,mask,class\n1,/a.png,/b.png,benign\n" }, /t\.csv names files from the root of the disk/],
  ["pictures of another size than their masks", plan(`{ folder: us, image: "{class}/{id}.png", mask: "{class}/{id}_mask.png" }`), { "us/a/1.png": picture(1), "us/a/1_mask.png": encode({ width: 5, height: 5, depth: 8, channels: 1, data: new Uint8Array(25).fill(1) }) }, /no case gave features\. The first: no features/],
])("%s", async (_what, text, files, words) => {
  expect(await fault(text, files)).toMatch(words);
});

// 18 benign, 18 malignant, 4 normal without a region; two lesions have two masks
extendedTest("36 breast-ultrasound lesions by the names of their files", "us/busi", async (path) => {
  const files = Object.fromEntries((readdirSync(path, { recursive: true }) as string[]).filter((f) => f.endsWith(".png")).map((f) => [`us/${f}`, new Uint8Array(readFileSync(join(path, f)))]));
  const { development: d } = await openStudy(byName(", severalMasks: union"), "s.yaml", memoryWorld(files));
  expect([d.table.id.length, d.outcome.event.reduce((a, b) => a + b, 0)]).toEqual([36, 18]);
  expect(d.flow.at(-1)!.reason).toBe("2 patients with several masks: all together");
});
