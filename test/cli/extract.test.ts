// One image and mask through the command as it is shipped, and everything that can be wrong with what it is given.
import { closeSync, existsSync, openSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { readVolume } from "../data.js";
import { brain, breast, file, place, radscore } from "./bin.js";

const oneLine = (text: string) => text.trim().split("\n").filter((l) => !l.startsWith("warning")).length;
const mean = "original_firstorder_Mean";
const voxels = "diagnostics_Mask-original_VoxelNum";
const json = (args: string[]) => JSON.parse(radscore(["extract", ...args, "-f", "json"]).out);

// 143 voxels: diagnostics of PyRadiomics for breast1 (test/golden, expected/diagnostics.json).
test("by default values are printed as PyRadiomics' command prints them", () => {
  const { code, out } = radscore(["extract", ...breast]);
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines[0]).toBe(`Case-1_Image: ${breast[0]}`);
  expect(lines[1]).toBe(`Case-1_Mask: ${breast[1]}`);
  expect(lines).toContain(`Case-1_${voxels}: 143`);
  expect(lines).toContain("Case-1_diagnostics_Image-original_Size: (45, 120, 21)");
  expect(lines.every((l) => /^Case-1_[\w-]+: ./.test(l))).toBe(true);
});

test("txt, csv and json hold the same values under the same names", () => {
  const object = json(breast);
  const csv = radscore(["extract", ...breast, "-f", "csv"]).out.trimEnd().split("\n");
  expect(csv).toHaveLength(2);
  expect(csv[0].split(",")).toEqual(Object.keys(object).filter((k) => k !== "notes"));
  expect(csv[1]).toContain(`,${object[mean]},`);
  const txt = radscore(["extract", ...breast]).out;
  expect(txt).toContain(`Case-1_${mean}: ${object[mean]}\n`);
  expect(object[voxels]).toBe(143);
});

test("a row begins with the version, the settings and the image types, in csv and json", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const args = [...breast, "-s", "binWidth:5", "--label", "1"];
  const object = json(args);
  const names = ["diagnostics_Versions_radscore", "diagnostics_Configuration_Settings", "diagnostics_Configuration_EnabledImageTypes"];
  expect(Object.keys(object).slice(2, 5)).toEqual(names);
  expect(object[names[0]]).toBe(version);
  expect(JSON.parse(object[names[1]])).toMatchObject({ binWidth: 5, label: 1, interpolator: "sitkBSpline" });
  expect(JSON.parse(object[names[2]])).toEqual({ Original: {} });
  const [header, row] = radscore(["extract", ...args, "-f", "csv"]).out.trimEnd().split("\n");
  expect(header.split(",").slice(2, 5)).toEqual(names);
  expect(row).toContain(`,${version},"${object[names[1]].replaceAll('"', '""')}",`);
});

test("a csv of one case is added to, without a second header and without the same row twice", () => {
  const out = place("added.csv");
  for (const args of [breast, brain, breast]) expect(radscore(["extract", ...args, "-o", out]).code).toBe(0);
  const lines = readFileSync(out, "utf8").trimEnd().split("\n");
  expect(lines.map((l) => l.split(",")[0])).toEqual(["Image", breast[0], brain[0]]);
});

test("--setting changes values, --label picks the region, several labels give one row each", () => {
  expect(json([...breast, "-s", "binWidth:5"]).original_firstorder_Entropy).not.toBe(json(breast).original_firstorder_Entropy);
  const { code, err } = radscore(["extract", ...breast, "--label", "7"]);
  expect(code).toBe(2);
  expect(err).toMatch(/label 7/i);
  const rows = radscore(["extract", ...breast, "--label", "1,7", "-f", "csv"]);
  expect(rows.code).toBe(2);
  expect(rows.out.trimEnd().split("\n")[0]).toMatch(/^Image,Mask,Label,Error,/);
});

test("a parameter file in YAML and JSON, and what is wrong in it", () => {
  const yaml = file("Params.yaml", "imageType:\n  Original: {}\nfeatureClass:\n  firstorder:\n    - Mean\nsetting:\n  binWidth: 10\n");
  const asJson = file("Params.json", '{"imageType": {"Original": {}}, "featureClass": {"firstorder": ["Mean"]}, "setting": {"binWidth": 10}}');
  const features = (path: string) => Object.keys(json([...breast, "-p", path])).filter((k) => k.startsWith("original_"));
  expect(features(yaml)).toEqual([mean]);
  expect(features(asJson)).toEqual([mean]);
  const wrong = radscore(["extract", ...breast, "-p", file("wrong.yaml", "setting:\n  binWith: 10\n")]);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain("binWith");
  expect(wrong.err).toContain('Did you mean "binWidth"?');
  expect(radscore(["extract", ...breast, "-p", file("latin1.yaml", Buffer.from("# M\u00fcller\n", "latin1"))]).err).toContain("byte 0xFC at position 3 (line 1) is not UTF-8");
});

test("--format-path shapes the paths", () => {
  const image = (how: string) => json([...breast, "--format-path", how]).Image;
  expect(image("basename")).toBe("breast1_image.nrrd");
  expect(image("absolute")).toBe(breast[0]);
  expect(image("relative")).toMatch(/^\.\.\/.*breast1_image\.nrrd$/);
});

test.each<[string, string[], number, RegExp]>([
  ["no input", [], 1, /expected <image> <mask> or <cases\.csv>/],
  ["no mask", [breast[0]], 1, /no mask was given/],
  ["missing image", ["none.nrrd", breast[1]], 1, /none\.nrrd: no such file or folder; check the path/],
  ["missing mask", [breast[0], "none.nrrd"], 1, /none\.nrrd: no such file/],
  ["folder as image", ["/", breast[1]], 1, /: is a folder, expected a file/],
  ["missing table", ["none.csv"], 1, /none\.csv: no such file/],
  ["missing parameter file", [...breast, "-p", "none.yaml"], 1, /none\.yaml: no such file/],
  ["unknown option", [...breast, "--jbos", "2"], 1, /no option --jbos\. Did you mean "jobs"\?/],
  ["unknown setting", [...breast, "-s", "binWith:5"], 1, /no setting "binWith"\. Did you mean "binWidth"\?/],
  ["setting without value", [...breast, "-s", "binWidth"], 1, /binWidth/],
  ["unknown format", [...breast, "-f", "xlsx"], 1, /-f is "xlsx"; expected csv, json, txt, parquet\.$/m],
  ["image and mask swapped", [breast[1], breast[0]], 2, /image and mask are swapped/],
  ["output in a missing folder", [...breast, "-o", "none/out.csv"], 1, /none\/out\.csv: the folder .* does not exist/],
  ["output is a folder", [...breast, "-o", "."], 1, /is a folder, expected a file for --out/],
  ["output would replace the image", [...breast, "-o", breast[0]], 1, /is an input of this run/],
  ["--resume without output", [...breast, "--resume"], 1, /--resume needs the --out file/],
  ["disk full", [...breast, "-o", "/dev/full", "-f", "csv"], 1, /\/dev\/full: the disk is full; free some space/],
])("%s: one clear sentence and exit code", (_, args, code, message) => {
  const ended = radscore(["extract", ...args]);
  expect(ended.err).toMatch(message);
  expect(ended.err).toMatch(/^radscore: /m);
  expect(oneLine(ended.err)).toBe(1);
  expect(ended.code).toBe(code);
  expect(ended.out).toBe("");
});

test("wrong magic, a cut-off file and an empty file are unreadable; an empty mask is a failed case", () => {
  const header = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 4 4\nspacings: 1 1 1\nencoding: raw\n\n";
  const empty = file("empty_label.nrrd", Buffer.concat([Buffer.from(header), Buffer.alloc(64)]));
  const image = file("image.nrrd", Buffer.concat([Buffer.from(header), Buffer.from(Uint8Array.from({ length: 64 }, (_, k) => k))]));
  for (const [path, code] of [[file("magic.nrrd", "NOTANRRDFILE"), 1], [file("cut.nrrd", readFileSync(breast[0]).subarray(0, 5000)), 1], [file("nothing.nrrd", ""), 1]] as const) {
    const ended = radscore(["extract", path, breast[1]]);
    expect([ended.code, oneLine(ended.err)], ended.err).toEqual([code, 1]);
    expect(ended.err).toContain(path);
  }
  const ended = radscore(["extract", image, empty]);
  expect([ended.code, oneLine(ended.err)], ended.err).toEqual([2, 1]);
});

test("a full standard output is an error, a reader that goes away is not", () => {
  const full = openSync("/dev/full", "w");
  const ended = radscore(["extract", ...breast], { stdout: full });
  closeSync(full);
  expect(ended.code).toBe(1);
  expect(ended.err).toContain("standard output: the disk is full");
});

test("the log file names no path; IDs only with -v", () => {
  const log = place("run.log");
  radscore(["extract", "missing_SMITH/image.nrrd", breast[1], "--log-file", log]);
  const text = readFileSync(log, "utf8");
  expect(text).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] E: <image>: no such file/);
  expect(text).not.toContain("SMITH");
  const table = file("logged.csv", `ID,Image,Mask\nSMITH42,${breast[0]},${breast[1]}\nJONES,none.nrrd,${breast[1]}\n`);
  radscore(["extract", table, "--log-file", place("quiet.log")]);
  radscore(["extract", table, "--log-file", place("verbose.log"), "-v", "--logging-level", "INFO"]);
  expect(readFileSync(place("quiet.log"), "utf8")).toContain("row 3: <image>: no such file");
  expect(readFileSync(place("quiet.log"), "utf8")).not.toMatch(/SMITH42|JONES|breast1/);
  expect(readFileSync(place("verbose.log"), "utf8")).toContain("row 3 (JONES)");
});

// Map names and their place: PyRadiomics' Case-<n>_<feature>.nrrd in --out-dir.
test("voxel mode writes one map per feature and lists their paths", async () => {
  const params = file("voxel.yaml", "featureClass:\n  firstorder: [Mean]\n  glcm: [Contrast]\nvoxelSetting:\n  kernelRadius: 1\n");
  const { code, out } = radscore(["extract", ...breast, "-p", params, "-m", "voxel", "-od", "maps", "-f", "json"]);
  expect(code).toBe(0);
  const row = JSON.parse(out);
  expect(row[voxels]).toBe(143);
  expect(row.original_glcm_Contrast).toBe(place("maps/Case-1_original_glcm_Contrast.nrrd"));
  const [map, image] = [await readVolume(row[mean]), await readVolume(breast[0])];
  expect(map.spacing).toEqual(image.spacing);
  expect(map.data.some((x) => x > 0)).toBe(true);
  radscore(["extract", ...breast, "-p", params, "-m", "voxel", "-od", "maps", "--map-format", "nifti"]);
  const again = await readVolume(place("maps/Case-1_original_firstorder_Mean.nii.gz"));
  expect([...again.data]).toEqual([...map.data]);
  const table = file("voxel.csv", `Image,Mask\n${breast.join(",")}\n`);
  radscore(["extract", table, "-p", params, "-m", "voxel", "-od", "batchMaps", "-o", "voxel.out.csv"]);
  expect(readFileSync(place("batchMaps/Case-1_original_firstorder_Mean.nrrd")).equals(readFileSync(row[mean]))).toBe(true);
});

test("help, version and a mistyped command", () => {
  expect(radscore(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("extract") });
  expect(radscore(["extract", "--help"]).out).toContain("--skip-nans");
  expect(radscore(["--version"]).out).toMatch(/^radscore /);
  const wrong = radscore(["extrat"]);
  expect(wrong).toMatchObject({ code: 1, err: 'radscore: there is no command "extrat". Did you mean "extract"? See radscore --help.\n' });
  expect(radscore([]).code).toBe(1);
});

test("--validate checks and extracts nothing", () => {
  const table = file("validated.csv", `Image,Mask\n${breast[0]},${breast[1]}\nnone.nrrd,${breast[1]}\n`);
  const ended = radscore(["extract", table, "--validate", "-o", place("validated.out.csv")]);
  expect(ended.code).toBe(2);
  expect(ended.err).toContain("row 3");
  expect(existsSync(place("validated.out.csv"))).toBe(false);
});

test("the bin is executable and names its interpreter", () => {
  expect(readFileSync(place("bin/radscore.js"), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(statSync(place("bin/radscore.js")).mode & 0o111).toBe(0o111);
});
