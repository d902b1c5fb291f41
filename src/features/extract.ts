import type { Image, Volume } from "../image/index.js";
import { binEdges, digitize } from "../prepare/index.js";
import { featureClasses } from "./featureClasses.js";
import type { Feature, FeatureClass } from "./featureClass.js";
import { filtersOf } from "./imageTypes.js";
import { checkParams, defaultParams, type Params } from "./params.js";
import { ibsiExtract } from "./ibsiExtract.js";
import { openCase, prepareCase, type PreparedCase } from "./prepareCase.js";
import type { Levels, Region } from "./region.js";
import { defaultSettings, type Settings } from "./settings.js";
import { describeRun, type Diagnostic } from "./diagnostics.js";
import { named } from "./named.js";

export type ExtractOptions = {
  params?: Params;
  /** the case's name in errors */
  who?: string;
  /** of the program that calls, for the diagnostics */
  version?: string;
  /** called at the start of each piece of work, e.g. for progress or for a clock */
  stage?: (name: string) => void;
};

export type Extraction = {
  /** diagnostics_* first, then features, under PyRadiomics' names and in its order */
  values: Record<string, Diagnostic>;
  /** under a value's name: why it is NaN, or degenerate */
  notes: Record<string, string>;
  /** what the user should know of the whole case */
  warnings: string[];
};

/**
 * Radiomics features of one region: image and mask to one row of numbers. Order of work as PyRadiomics:
 * normalise, resample, check, re-segment, shape, then each image type cropped to the region's box.
 * Agrees with PyRadiomics 8ed5793 (2025-06); van Griethuysen et al., Cancer Res 2017;77:e104.
 * @throws InputError what is wrong with image, mask or settings, in one sentence
 */
export function extract(image: Image | Volume, mask: Image | Volume, options: ExtractOptions = {}): Promise<Extraction> {
  return named(options.who ?? "case", (who) => row(image, mask, who, options));
}

async function row(image: Image | Volume, mask: Image | Volume, who: string, options: ExtractOptions): Promise<Extraction> {
  const { stage = () => {} } = options;
  const params = options.params === undefined ? defaultParams() : checkParams(options.params, who);
  const settings: Settings = { ...defaultSettings, ...params.setting };
  const run = settings.additionalInfo ? describeRun(params, options.version) : {};
  stage("prepare");
  if (params.profile === "ibsi") {
    const warnings: string[] = [];
    const { original, corrected } = openCase(image, mask, settings, who, warnings);
    const { values, ...rest } = ibsiExtract(original, corrected, params, who, warnings, stage);
    return { values: { ...run, ...values }, ...rest };
  }
  const prepared = await prepareCase(image, mask, settings, who);
  const result: Extraction = { values: { ...run, ...prepared.diagnostics }, notes: notFiniteDiagnostics(prepared.diagnostics), warnings: prepared.warnings };
  const flat = prepared.dimension === 2 ? { ...settings, force2D: true, force2Ddimension: 0 } : settings;
  for (const { name, wanted } of shapeClasses(params, prepared, flat, result)) {
    stage(name);
    const shape = featureClasses.find((c) => c.name === name)!;
    addClass(result, "original", shape, prepared.shapeRegion, () => { throw new Error("shape has no grey levels"); }, flat, wanted);
  }
  const textures = featureClasses.filter((c) => !c.name.startsWith("shape") && params.featureClass[c.name] !== undefined);
  if (textures.length === 0) return result;
  for (const { filter, overrides } of filtersOf(params)) {
    const own: Settings = { ...flat, ...overrides };
    stage(filter.imageType);
    for (const filtered of filter.apply(prepared.image, prepared.box, own)) {
      if ("note" in filtered) { result.warnings.push(`${filtered.name}: ${filtered.note}`); continue; }
      const region = regionOf(filtered.image, prepared);
      const broken = notFinite(region);
      if (broken > 0) {
        addNothing(result, filtered.name, textures, params, `${broken} of ${region.index.length} voxels are NaN or infinite after this filter`);
        continue;
      }
      const levels = lazyLevels(region, own, `${who}, ${filtered.name}`);
      for (const textureClass of textures) {
        stage(textureClass.name);
        addClass(result, filtered.name, textureClass, region, levels, own, params.featureClass[textureClass.name]);
      }
      stage(filter.imageType);
    }
  }
  return result;
}

/** Which shape classes apply, with the reason in the warnings where an asked one does not. */
function shapeClasses(params: Params, prepared: PreparedCase, settings: Settings, result: Extraction) {
  const asked = Object.entries(params.featureClass).filter(([name]) => name.startsWith("shape"));
  const list: { name: string; wanted: string[] }[] = [];
  for (const [name, wanted] of asked) {
    if (name === "shape" && prepared.dimension === 2) {
      if (!("shape2D" in params.featureClass)) list.push({ name: "shape2D", wanted: [] });
      result.warnings.push("shape is for 3-D images; this image is 2-D and gets shape2D.");
    } else if (name === "shape2D" && !settings.force2D) {
      result.warnings.push("shape2D needs force2D: true; no shape2D features.");
    } else if (name === "shape2D" && prepared.dimension === 3 && prepared.shapeRegion.grid.size[settings.force2Ddimension] <= 1) {
      // PyRadiomics reads the box along axis number force2Ddimension counted x, y, z, although it counts z, y, x: so do we
      result.warnings.push(`the region has one voxel along axis ${"xyz"[settings.force2Ddimension]}; PyRadiomics then gives no shape2D features with force2Ddimension ${settings.force2Ddimension}.`);
    } else list.push({ name, wanted });
  }
  return list;
}

/** Values of one class on one region, added under imageType_class_feature. */
function addClass<T>(
  result: Extraction, imageType: string, featureClass: FeatureClass<T>, region: Region, levels: () => Levels, settings: Settings, wanted: string[],
): void {
  const prepared = featureClass.prepare(region, levels, settings);
  for (const [name, feature] of chosen(featureClass, wanted)) {
    const full = `${imageType}_${featureClass.name}_${name}`;
    result.values[full] = feature.of(prepared);
    const note = feature.note?.(prepared) ?? notFiniteNote(result.values[full] as number);
    if (note !== undefined) result.notes[full] = note;
  }
}

/** The note of a value that has no reason of its own. */
function notFiniteNote(value: number): string | undefined {
  return Number.isFinite(value) ? undefined : Number.isNaN(value) ? "cannot be computed on this region" : "is beyond the largest number";
}

/** Means and extremes of the whole image, which NaN or infinite voxels outside the region spoil. */
function notFiniteDiagnostics(diagnostics: Extraction["values"]): Record<string, string> {
  const spoilt = Object.entries(diagnostics).filter(([, value]) => typeof value === "number" && !Number.isFinite(value));
  return Object.fromEntries(spoilt.map(([name]) => [name, "the image holds NaN or infinite voxels outside the region"]));
}

/** NaN with the reason for every feature that an unusable image would have had. */
function addNothing(result: Extraction, imageType: string, classes: readonly FeatureClass<unknown>[], params: Params, reason: string): void {
  for (const featureClass of classes) {
    for (const [name] of chosen(featureClass, params.featureClass[featureClass.name])) {
      const full = `${imageType}_${featureClass.name}_${name}`;
      result.values[full] = NaN;
      result.notes[full] = reason;
    }
  }
}

function notFinite({ values, index }: Region): number {
  let broken = 0;
  for (const i of index) if (!Number.isFinite(values[i])) broken++;
  return broken;
}

function chosen<T>(featureClass: FeatureClass<T>, wanted: string[]): [string, Feature<T>][] {
  const all = Object.entries(featureClass.features);
  return wanted.length === 0 ? all.filter(([, feature]) => !feature.deprecated) : all.filter(([name]) => wanted.includes(name));
}

function regionOf(image: Volume, prepared: PreparedCase): Region {
  const { data, ...grid } = image;
  return { grid, values: data, inside: prepared.inside, index: prepared.index };
}

/** The region in grey levels, worked out when a class first asks. */
function lazyLevels(region: Region, settings: Settings, who: string): () => Levels {
  let levels: Levels | undefined;
  return () => (levels ??= {
    size: region.grid.size, index: region.index,
    ...digitize(region.values, region.index, binEdges(region.values, region.index, settings, who)),
  });
}

