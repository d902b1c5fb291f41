// First-order and texture classes on image type Original, straight from image and mask: values of PyRadiomics 8ed5793 (numpy 1.24.2).
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defaultSettings, featureClasses, type FeatureClass, type Levels, type Region, type Settings } from "../../src/features/index.js";
import { binEdges, digitize } from "../../src/prepare/index.js";
import { differences } from "../compare.js";
import { example, golden, readJson, readVolume } from "../data.js";
import { regionOf } from "./regionOf.js";

type Run = { config: { setting: Partial<Settings>; imageType: Record<string, Partial<Settings>>; featureClass: Record<string, unknown> }; features?: Record<string, number | string> };

const classes = featureClasses.filter((c) => !c.name.startsWith("shape"));

function levelsOf(region: Region, settings: Settings): Levels {
  return { size: region.grid.size, index: region.index, ...digitize(region.values, region.index, binEdges(region.values, region.index, settings)) };
}

function compute(region: Region, levels: Levels, settings: Settings, wanted: readonly FeatureClass<any>[] = classes) {
  const values: Record<string, number> = {}, notes: Record<string, string> = {};
  for (const c of wanted) {
    const prepared = c.prepare(region, () => levels, settings);
    for (const [name, feature] of Object.entries(c.features)) {
      values[`original_${c.name}_${name}`] = feature.of(prepared);
      const note = feature.note?.(prepared);
      if (note !== undefined) notes[`original_${c.name}_${name}`] = note;
    }
  }
  return { values, notes };
}

/** Runs that change nothing before the classes: Original without normalisation, resampling or re-segmentation. */
function plainRuns(file: string): [string, Run][] {
  const { runs } = readJson(file) as { runs: Record<string, Run> };
  return Object.entries(runs).filter(([, { config, features }]) => {
    const { normalize, resampledPixelSpacing, resegmentRange, correctMask } = config.setting;
    return features !== undefined && config.imageType.Original !== undefined && !normalize && !resampledPixelSpacing && !resegmentRange && !correctMask;
  });
}

const regions = new Map<string, Promise<Region>>();

function load(path: (kind: string) => string, label: number): Promise<Region> {
  const key = `${path("image")} ${label}`;
  if (!regions.has(key)) regions.set(key, Promise.all([readVolume(path("image")), readVolume(path("label"))]).then(([image, mask]) => regionOf(image, mask, label)));
  return regions.get(key)!;
}

async function check(path: (kind: string) => string, { config, features }: Run): Promise<void> {
  const settings: Settings = { ...defaultSettings, ...config.setting, ...config.imageType.Original };
  const region = await load(path, settings.label);
  const reference = Object.fromEntries(Object.entries(features!).filter(([name]) => /^original_(firstorder|gl|ngtdm)/.test(name)));
  const { values } = compute(region, levelsOf(region, settings), settings, classes.filter((c) => c.name in config.featureClass));
  expect(differences(values, reference)).toEqual([]);
}

for (const [name, files] of Object.entries({
  breast1: ["breast1.json.gz", "settings_breast1.json.gz", "wavelets_breast1.json.gz"],
  brain1: ["brain1.json.gz", "settings_brain1.json.gz"],
  syn1: ["wavelets_syn1.json.gz"],
})) {
  const path = (kind: string) => name === "syn1" ? golden(`pyradiomics/syn1_${kind}.nrrd`) : example(`${name}_${kind}.nrrd`);
  for (const file of files) describe(file, () => {
    test.each(plainRuns(golden(`pyradiomics/${file}`)))("%s", (_, run) => check(path, run));
  });
}

const folder = golden("pyradiomics/degenerate/");
for (const file of readdirSync(folder).filter((f) => f.includes(".json") && !/nan_voxel|geometry_mismatch/.test(f))) {
  const name = file.split(".")[0];
  const runs = plainRuns(folder + file);
  if (runs.length > 0) describe(`degenerate ${name}`, () => {
    test.each(runs)("%s", (_, run) => check((kind) => `${folder}${name}_${kind}.nrrd`, run));
  });
}

async function degenerate(name: string, changes: Partial<Settings> = {}) {
  const settings = { ...defaultSettings, ...changes };
  const region = await load((kind) => `${folder}${name}_${kind}.nrrd`, 1);
  return compute(region, levelsOf(region, settings), settings);
}

test("a value that cannot be computed, or is a convention, has a note beside it", async () => {
  for (const name of ["flat", "two_voxels_apart", "isolated_voxels", "two_voxels_diagonal"]) {
    const { values, notes } = await degenerate(name, name === "two_voxels_diagonal" ? { force2D: true } : {});
    for (const [feature, value] of Object.entries(values)) {
      if (Number.isNaN(value) || value === 1e6 || (value < 0 && value > -1e-15)) expect(notes[feature], `${name} ${feature}`).toBeTypeOf("string");
    }
  }
  const { notes } = await degenerate("flat");
  for (const feature of ["glcm_Correlation", "glcm_MCC", "ngtdm_Strength", "firstorder_Skewness"]) expect(notes[`original_${feature}`]).toBeTypeOf("string");
});

test("an ordinary region needs no notes but those of deprecated names", async () => {
  const region = await load((kind) => example(`brain1_${kind}.nrrd`), 1);
  const { notes } = compute(region, levelsOf(region, defaultSettings), defaultSettings);
  const deprecated = classes.flatMap((c) => Object.entries(c.features).filter(([, f]) => f.deprecated).map(([name]) => `original_${c.name}_${name}`));
  expect(Object.keys(notes).sort()).toEqual(deprecated.sort());
});

test("deprecated names give the number of the feature that replaced them", async () => {
  const region = await load((kind) => example(`breast1_${kind}.nrrd`), 1);
  const { values: v } = compute(region, levelsOf(region, defaultSettings), defaultSettings);
  expect(v.original_glcm_Dissimilarity).toBe(v.original_glcm_DifferenceAverage);
  expect(v.original_glcm_Homogeneity1).toBe(v.original_glcm_Id);
  expect(v.original_glcm_Homogeneity2).toBe(v.original_glcm_Idm);
  expect(v.original_glcm_SumVariance).toBe(v.original_glcm_ClusterTendency);
  expect(v.original_gldm_DependencePercentage).toBe(1);
  expect(v.original_gldm_GrayLevelNonUniformityNormalized).toBeCloseTo(v.original_firstorder_Uniformity, 14);
  expect(v.original_firstorder_StandardDeviation).toBeCloseTo(Math.sqrt(v.original_firstorder_Variance), 14);
});

test("a box without two voxels in any direction is refused with a reason", async () => {
  await expect(degenerate("line_y", { force2D: true, force2Ddimension: 1 })).rejects.toThrow(/1×7×1 voxels holds no two voxels.*force2Ddimension/);
});

test("texture does not change when levels are shifted apart, beyond what the level numbers say", () => {
  // a chessboard of two levels: contrast is (difference)², everything that ignores level numbers stays
  const size: Levels["size"] = [6, 6, 6];
  const board = (low: number, high: number): Levels => ({
    size, highest: high, index: Int32Array.from({ length: 216 }, (_, p) => p),
    level: Int32Array.from({ length: 216 }, (_, p) => (p + Math.floor(p / 6) + Math.floor(p / 36)) % 2 === 0 ? low : high),
  });
  const region = { grid: { size, spacing: [1, 1, 1], origin: [0, 0, 0], direction: [] }, values: new Float64Array(216), inside: new Uint8Array(216), index: board(1, 2).index } as Region;
  const near = compute(region, board(1, 2), defaultSettings).values, far = compute(region, board(3, 8), defaultSettings).values;
  expect(far.original_glcm_Contrast).toBeCloseTo(25 * near.original_glcm_Contrast, 10);
  for (const feature of ["glcm_JointEntropy", "glcm_MCC", "glrlm_RunEntropy", "glszm_ZonePercentage", "gldm_DependenceVariance", "firstorder_Entropy"]) {
    expect(far[`original_${feature}`]).toBeCloseTo(near[`original_${feature}`], 12);
  }
});
