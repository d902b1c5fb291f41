// Parameter files: PyRadiomics' own examples, precedence of settings, and what is wrong in a file told by its place.
import { describe, expect, test } from "vitest";
import { applySetting, defaultParams, defaultSettings, extractMaps, parseParams, settingNames } from "../../src/features/index.js";
import { features, lump, numbers } from "./synthetic.js";

const glcmWithoutSumAverage = ["Autocorrelation", "JointAverage", "ClusterProminence", "ClusterShade", "ClusterTendency", "Contrast", "Correlation",
  "DifferenceAverage", "DifferenceEntropy", "DifferenceVariance", "JointEnergy", "JointEntropy", "Imc1", "Imc2", "Idm", "Idmn", "Id", "Idn",
  "InverseVariance", "MaximumProbability", "SumEntropy", "SumSquares"];
const someGlcm = `glcm:  # SumAverage left out\n${glcmWithoutSumAverage.map((name) => `    - '${name}'\n`).join("")}`;
const usualClasses = `featureClass:\n  shape:\n  firstorder:\n  ${someGlcm}  glrlm:\n  glszm:\n  gldm:\n`;
const mr = (sigma: string, spacing: string) => `imageType:\n  Original: {}\n  LoG:\n    sigma: ${sigma}\n  Wavelet: {}\n\n${usualClasses}
setting:\n  normalize: true\n  normalizeScale: 100  # bins of about the same width\n\n  ${spacing}\n  binWidth: 5\n  voxelArrayShift: 300\n  label: 1\n`;

/** What PyRadiomics ships in examples/exampleSettings, without the prose. */
const examples: Record<string, string> = {
  Params: `setting:\n  binWidth: 25\n  label: 1\n  interpolator: 'sitkBSpline' # a name\n  resampledPixelSpacing: # none\n  weightingNorm: # none
imageType:\n  Original: {}\nfeatureClass:\n  shape:\n  # stands twice in the shipped file\n  shape:\n  firstorder: []\n  ${someGlcm}  glrlm:\n  glszm:\n  gldm:\n`,
  exampleCT: `imageType:\n  Original: {}\n  LoG:\n    sigma: [1.0, 2.0, 3.0, 4.0, 5.0]\n  Wavelet: {}\n${usualClasses}
setting:\n  #normalize: true\n  interpolator: 'sitkBSpline'\n  resampledPixelSpacing: [1, 1, 1]\n  padDistance: 10\n  #minimumROISize: 50\n  binWidth: 25\n  voxelArrayShift: 1000\n  label: 1\n`,
  exampleMR_3mm: mr("[2.0, 3.0, 4.0, 5.0]", "interpolator: 'sitkBSpline'\n  resampledPixelSpacing: [2, 2, 2]"),
  exampleMR_5mm: mr("[3.0, 5.0]", "interpolator: 'sitkBSpline'\n  resampledPixelSpacing: [3, 3, 3]"),
  exampleMR_NoResampling: mr("[1.0, 3.0, 5.0]", "preCrop: true\n  force2D: true\n  force2Ddimension: 0  # axial"),
  MR_2D_extraction: mr("[2.0, 3.0, 4.0, 5.0]", "interpolator: 'sitkBSpline'\n  resampledPixelSpacing: [2, 2, 0]\n  padDistance: 10\n  preCrop: true\n  force2DDimension: 0")
    .replace("  shape:\n", "  shape2D:\n"),
  exampleVoxel: "\nimageType:\n  Original: {}\n\nfeatureClass:\n  glcm:\n    - JointEntropy\n\nsetting:\n  binWidth: 25\n  force2D: true\n  label: 1\n\nvoxelSetting:\n  kernelRadius: 2\n  maskedKernel: true\n  initValue: nan\n  voxelBatch: 10000\n",
  example_allShape: "setting:\n  label: 1\n  interpolator: 'sitkBSpline'\n  resampledPixelSpacing:\n\nfeatureClass:\n  shape:\n    - VoxelVolume\n    - MeshVolume\n    - SurfaceArea\n    - Compactness1\n    - Compactness2\n    - SphericalDisproportion\n    - Maximum2DDiameterRow\n    - LeastAxisLength\n",
};

const parse = (text: string) => parseParams(text, "Params.yaml");
const box = lump([24, 23, 20], 6, 7);

describe("PyRadiomics' example files", () => {
  // features of one image: 14 shape, 18 firstorder, 22 of glcm's 24, 16 + 16 + 14
  const perImage = 18 + 22 + 16 + 16 + 14;
  const counts: Record<string, number> = {
    Params: 14 + perImage, exampleCT: 14 + 14 * perImage, exampleMR_3mm: 14 + 13 * perImage, exampleMR_5mm: 14 + 11 * perImage,
    // force2D: four wavelet bands
    exampleMR_NoResampling: 14 + 8 * perImage,
    // a 3-D image without force2D: no shape2D, as the warning says
    MR_2D_extraction: 13 * perImage, exampleVoxel: 1, example_allShape: 8,
  };
  test.each(Object.entries(examples))("%s works as it is", async (name, text) => {
    const params = await parse(text);
    const { warnings, ...result } = await features(box, params);
    const found = numbers({ warnings, ...result });
    expect(warnings.filter((w) => /log-sigma/.test(w))).toEqual([]);
    expect(Object.keys(found)).toHaveLength(counts[name]);
    expect(Object.keys(found).filter((feature) => !Number.isFinite(found[feature]) && !result.notes[feature])).toEqual([]);
    if (name === "MR_2D_extraction") expect(warnings).toEqual([expect.stringMatching(/shape2D needs force2D/)]);
  });

  test("exampleVoxel gives its map, NaN outside the region", async () => {
    const params = await parse(examples.exampleVoxel);
    expect(params.setting).toMatchObject({ kernelRadius: 2, maskedKernel: true, initValue: NaN, voxelBatch: 10000 });
    const { maps } = await extractMaps(box.image, box.mask, { params });
    const names: string[] = [];
    for await (const map of maps) {
      names.push(map.name);
      expect(map.volume.data.some((v: number) => Number.isNaN(v))).toBe(true);
    }
    expect(names).toEqual(["original_glcm_JointEntropy"]);
  });

  // the keys of paramSchema.yaml, PyRadiomics 8ed5793
  test("every documented setting is known, with a value as the documentation shows it", async () => {
    const documented = {
      minimumROIDimensions: 2, minimumROISize: 50, geometryTolerance: 1e-5, correctMask: true, additionalInfo: false, label: 2, label_channel: 1, binWidth: 12.5,
      binCount: 64, normalize: true, normalizeScale: 100, removeOutliers: 3, resampledPixelSpacing: [0, 1.5, 2], interpolator: "sitkLanczosWindowedSinc",
      padDistance: 5, distances: [1, 2], force2D: true, force2Ddimension: 1, resegmentRange: [-3, 3], resegmentMode: "sigma", resegmentShape: true, preCrop: true,
      sigma: [1, 2.5], start_level: 1, level: 2, wavelet: "bior1.3", gradientUseSpacing: false, lbp2DRadius: 1.5, lbp2DSamples: 9, lbp2DMethod: "var",
      lbp3DLevels: 3, lbp3DIcosphereRadius: 2, lbp3DIcosphereSubdivision: 2, voxelArrayShift: 1000, symmetricalGLCM: false, weightingNorm: "manhattan", gldm_a: 1,
    };
    const voxel = { kernelRadius: 3, maskedKernel: false, initValue: 0.5, voxelBatch: 100 };
    const { setting } = await parse(JSON.stringify({ setting: documented, voxelSetting: voxel }));
    expect(setting).toEqual({ ...documented, ...voxel });
    expect(settingNames).toEqual(expect.arrayContaining(Object.keys({ ...documented, ...voxel })));
    expect(Object.keys(defaultSettings).sort()).toEqual([...settingNames].sort());
    const perImageType = await parse(JSON.stringify({ imageType: { Wavelet: documented } }));
    expect(perImageType.imageType.Wavelet).toEqual(documented);
    expect((await parse("setting:\n  enableCExtensions: true\n  verbose: false\n")).setting).toEqual({});
  });
});

describe("what a file means", () => {
  test("nothing, a comment, empty sections: the defaults", async () => {
    for (const text of ["", "\n\n", "# nothing\n", "imageType: {}\nfeatureClass: {}\nsetting: {}\n", "imageType:\nfeatureClass:\nsetting:\nvoxelSetting:\n", "{}"]) {
      expect(await parse(text), text).toEqual(defaultParams());
    }
    expect(Object.keys(defaultParams().featureClass)).not.toContain("shape2D");
  });

  test("YAML and JSON say the same, with or without quotes", async () => {
    const expected = await parse('{"imageType": {"LoG": {"sigma": [1, 2]}}, "setting": {"binWidth": 5}}');
    for (const text of ["imageType:\n  LoG:\n    sigma: [1, 2]\nsetting:\n  binWidth: 5", "{imageType: {LoG: {sigma: [1, 2]}}, setting: {binWidth: 5}}", "\ufeffimageType: {LoG: {sigma: [1.0, 2]}}\nsetting:\n  binWidth: 5.0\r\n"]) {
      expect(await parse(text)).toEqual(expected);
    }
  });

  test("an image type's own settings go before the common ones, and only there", async () => {
    const shared = { featureClass: { firstorder: ["Entropy"], glcm: ["Contrast"] } };
    const mixed = numbers(await features(box, { ...shared, imageType: { Original: {}, Square: { binWidth: 40 }, Gradient: {} }, setting: { binWidth: 10 } }));
    const ten = numbers(await features(box, { ...shared, imageType: { Original: {}, Square: {}, Gradient: {} }, setting: { binWidth: 10 } }));
    const forty = numbers(await features(box, { ...shared, imageType: { Original: {}, Square: {}, Gradient: {} }, setting: { binWidth: 40 } }));
    for (const name of Object.keys(mixed)) expect(mixed[name], name).toBe((name.startsWith("square") ? forty : ten)[name]);
    expect(ten.square_glcm_Contrast).not.toBe(forty.square_glcm_Contrast);
  });

  test("columns come in the order of the file, features in their own", async () => {
    const { values } = await features(box, { imageType: { Square: {}, Original: {} }, featureClass: { glcm: ["Id", "Contrast"], firstorder: ["Mean"] } });
    expect(Object.keys(values).filter((name) => !name.startsWith("diagnostics_"))).toEqual([
      "square_firstorder_Mean", "square_glcm_Contrast", "square_glcm_Id", "original_firstorder_Mean", "original_glcm_Contrast", "original_glcm_Id"]);
  });

  test("a row begins with what made it; additionalInfo: false leaves the diagnostics out", async () => {
    const config = { imageType: { Original: {}, LoG: { sigma: [2] } }, featureClass: { firstorder: ["Mean"] }, setting: { binWidth: 7 }, voxelSetting: { initValue: NaN } };
    const { values } = await features(box, config);
    const names = Object.keys(values);
    expect(names.slice(0, 3)).toEqual(["diagnostics_Configuration_Settings", "diagnostics_Configuration_EnabledImageTypes", "diagnostics_Image-original_Hash"]);
    expect(JSON.parse(values[names[0]] as string)).toEqual({ ...defaultSettings, binWidth: 7, initValue: "nan" });
    expect(JSON.parse(values[names[1]] as string)).toEqual(config.imageType);
    const without = await features(box, { ...config, setting: { binWidth: 7, additionalInfo: false } });
    expect(Object.keys(without.values)).toEqual(["original_firstorder_Mean", "log-sigma-2-0-mm-3D_firstorder_Mean"]);
  });
});

describe("name:value of the command line", () => {
  const forms: [string, object][] = [
    ["binWidth:5", { binWidth: 5 }], ["binWidth: 5.5", { binWidth: 5.5 }], ["force2D:True", { force2D: true }], ["normalize:false", { normalize: false }],
    ["resampledPixelSpacing:1,1,0", { resampledPixelSpacing: [1, 1, 0] }], ["resampledPixelSpacing:[2, 2, 3]", { resampledPixelSpacing: [2, 2, 3] }],
    ["resampledPixelSpacing:2", { resampledPixelSpacing: [2, 2, 2] }], ["resampledPixelSpacing:None", { resampledPixelSpacing: null }],
    ["sigma:3", { sigma: [3] }], ["distances:1,2", { distances: [1, 2] }], ["resegmentRange:-1e3,400", { resegmentRange: [-1000, 400] }],
    ["interpolator:sitkLinear", { interpolator: "sitkLinear" }], ["weightingNorm:none", { weightingNorm: null }], ["initValue:nan", { initValue: NaN }],
    ["label:3", { label: 3 }], ["binCount:", { binCount: null }],
  ];
  test.each(forms)("%s", (text, expected) => {
    const before = defaultParams();
    expect(applySetting(before, text).setting).toEqual(expected);
    expect(before).toEqual(defaultParams());
  });

  test.each<[string, RegExp]>([
    ["binWidth", /expected name:value, e\.g\. binWidth:25/], [":5", /expected name:value/], ["binWidth:wide", /binWidth is "wide"; expected a number above 0/],
    ["binWidth:", /binWidth is null/], ["binWidth:1,2", /binWidth is \[1,2\]/], ["binWidth:Infinity", /binWidth is Infinity/], ["lable:2", /no setting "lable"\. Did you mean "label"\?/],
    ["label:1.5", /label is 1\.5; expected a whole number, 1 or more/], ["force2D:yes", /force2D is "yes"; expected true or false/], ["toString:1", /no setting "toString"/],
  ])("%s is refused", (text, pattern) => {
    expect(() => applySetting(defaultParams(), text)).toThrow(pattern);
    try { applySetting(defaultParams(), text); } catch (error) { expect((error as Error).name).toBe("InputError"); }
  });
});

describe("what is wrong in a file", () => {
  test.each<[string, string, RegExp]>([
    ["a bracket left open", "setting:\n  binWidth: [5\nimageType:\n", /at line \d.*mend the line/], ["a tab", "setting:\n\tbinWidth: 5\n", /Tabs.*at line 2/],
    ["JSON cut off", '{"setting": {"binWidth": 5', /at line 1/], ["an unknown anchor", "setting: *other", /other/],
    ["two documents", "setting: {}\n---\nsetting: {}\n", /multiple documents/],
    ["a setting twice", "setting:\n  binWidth: 5\n  binWidth: 6\n", /"binWidth" stands twice with different values, the second time at line 3/],
    ["a list", "- binWidth\n", /the file is \["binWidth"\]; expected "name: value" lines/], ["a word", "binWidth", /the file is "binWidth"/],
    ["a section", "settings:\n  binWidth: 5\n", /no section "settings"\. Did you mean "setting"\?/], ["the section's old name", "inputImage:\n  Original: {}\n", /Known: .*imageType/],
    ["a setting", "setting:\n  binwidht: 5\n", /setting: there is no setting "binwidht"\. Did you mean "binWidth"\?/],
    ["a name of JavaScript", "setting:\n  constructor: 5\n", /no setting "constructor"/], ["__proto__", "setting: {__proto__: 5}", /no setting "__proto__"/],
    ["a feature's old name", "featureClass:\n  shape: [Volume]\n", /shape has no feature "Volume".*VoxelVolume/], ["features as a word", "featureClass:\n  glcm: Contrast\n", /glcm is "Contrast"; expected a list/],
    ["settings as a list", "setting: [5]\n", /setting is \[5\]/], ["an image type as a number", "imageType:\n  LoG: 3\n", /LoG is 3/],
    ["a loop", "setting: &a\n  binWidth: *a\n", /binWidth is /], ["an infinite width", "setting:\n  binWidth: .inf\n", /binWidth is Infinity/],
    ["nesting without end", `setting: ${"[".repeat(100_000)}`, /nested/], ["a profile", "profile: ibsi2\n", /profile is "ibsi2"; expected pyradiomics or ibsi/],
    ["a value of another image type", "imageType:\n  LoG:\n    sigma: -1\n", /imageType LoG: sigma is -1; expected a list of numbers above 0/],
  ])("%s", async (_, text, pattern) => {
    const error = await parse(text).then(() => undefined, (thrown: Error) => thrown);
    expect(error?.name).toBe("InputError");
    expect(error?.message).toMatch(/^Params\.yaml: [^\n]+[.?…]$/);
    expect(error?.message).toMatch(pattern);
  });
});
