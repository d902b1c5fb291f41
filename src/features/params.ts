import { didYouMean, InputError } from "../math/index.js";
import { imageTypeNames, filterOptionNames } from "./imageTypes.js";
import { featureClasses } from "./featureClasses.js";
import { checkSettings, settingNames, type Settings } from "./settings.js";

/** What a parameter file says: PyRadiomics' Params.yaml, plus the profile. */
export type Params = {
  profile: "pyradiomics" | "ibsi";
  /** image types in the order of extraction, each with the settings it overrides */
  imageType: Record<string, Record<string, unknown>>;
  /** classes with the features asked for; an empty list asks for all that are not deprecated */
  featureClass: Record<string, string[]>;
  setting: Partial<Settings>;
  /** options of the IBSI profile, under `ibsi:` */
  ibsi: Record<string, unknown>;
};

/** Image type Original, every class but shape2D, default settings. */
export function defaultParams(): Params {
  return { profile: "pyradiomics", imageType: { Original: {} }, featureClass: allClasses(), setting: {}, ibsi: {} };
}

const allClasses = () => Object.fromEntries(featureClasses.filter((c) => c.name !== "shape2D").map((c) => [c.name, [] as string[]]));
const sections = ["profile", "imageType", "featureClass", "setting", "voxelSetting", "ibsi"];

/**
 * Reads a parameter file as PyRadiomics does: absent imageType means Original, absent featureClass means every class
 * but shape2D, voxelSetting joins the settings.
 * @param text YAML or JSON
 * @param who the file's name, for errors
 */
export async function parseParams(text: string, who: string): Promise<Params> {
  let document: unknown;
  try {
    document = /^\s*\{/.test(text) ? JSON.parse(text) : (await import("yaml")).parse(text);
  } catch (error) {
    throw new InputError(`${who}: neither YAML nor JSON (${String((error as Error).message).split("\n")[0]}); mend the line named there.`);
  }
  return checkParams(document ?? {}, who);
}

/** The same for a document that is already an object. */
export function checkParams(document: unknown, who: string): Params {
  const top = asSection(document, who, "the file");
  for (const key of Object.keys(top)) {
    if (!sections.includes(key)) throw new InputError(`${who}: there is no section "${key}". ${didYouMean(key, sections)}`);
  }
  const params = defaultParams();
  if (top.profile !== undefined) params.profile = checkProfile(top.profile, who);
  params.setting = {
    ...checkSettings(asSection(top.setting, who, "setting"), `${who}: setting`),
    ...checkSettings(asSection(top.voxelSetting, who, "voxelSetting"), `${who}: voxelSetting`),
  };
  params.ibsi = asSection(top.ibsi, who, "ibsi");
  if (top.imageType != null) {
    params.imageType = {};
    for (const [name, overrides] of Object.entries(asSection(top.imageType, who, "imageType"))) {
      if (!imageTypeNames.includes(name)) throw new InputError(`${who}: there is no image type "${name}". ${didYouMean(name, imageTypeNames)}`);
      params.imageType[name] = checkSettings(asSection(overrides, who, name), `${who}: imageType ${name}`, filterOptionNames(name));
    }
  }
  if (top.featureClass != null) {
    params.featureClass = {};
    for (const [name, wanted] of Object.entries(asSection(top.featureClass, who, "featureClass"))) params.featureClass[name] = checkFeatures(name, wanted, who);
  }
  return params;
}

/** A "name:value" of the command line laid over the parameters; lists as 1,2,3 or [1,2,3]. */
export function applySetting(params: Params, text: string): Params {
  const colon = text.indexOf(":");
  if (colon < 1) throw new InputError(`setting "${text}": expected name:value, e.g. binWidth:25.`);
  const name = text.slice(0, colon).trim();
  const value = scalar(text.slice(colon + 1).trim());
  return { ...params, setting: { ...params.setting, ...checkSettings({ [name]: value }, "setting") } };
}

export function checkProfile(value: unknown, who: string): Params["profile"] {
  if (value === "pyradiomics" || value === "ibsi") return value;
  throw new InputError(`${who}: profile is ${JSON.stringify(value)}; expected pyradiomics or ibsi.`);
}

function scalar(text: string): unknown {
  if (text.startsWith("[") && text.endsWith("]")) return text.slice(1, -1).split(",").map((part) => scalar(part.trim()));
  if (text.includes(",")) return text.split(",").map((part) => scalar(part.trim()));
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^(none|null|~)?$/i.test(text)) return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function checkFeatures(name: string, wanted: unknown, who: string): string[] {
  const known = featureClasses.find((c) => c.name === name);
  if (known === undefined) throw new InputError(`${who}: there is no feature class "${name}". ${didYouMean(name, featureClasses.map((c) => c.name))}`);
  if (wanted == null) return [];
  if (!Array.isArray(wanted)) throw new InputError(`${who}: featureClass ${name} is ${JSON.stringify(wanted)}; expected a list of feature names, or nothing for all.`);
  for (const feature of wanted) {
    if (typeof feature !== "string" || !Object.hasOwn(known.features, feature)) {
      throw new InputError(`${who}: ${name} has no feature "${String(feature)}". ${didYouMean(String(feature), Object.keys(known.features))}`);
    }
  }
  return wanted as string[];
}

function asSection(value: unknown, who: string, name: string): Record<string, unknown> {
  if (value == null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InputError(`${who}: ${name} is ${JSON.stringify(value)}; expected "name: value" lines. Known settings: ${settingNames.slice(0, 4).join(", ")} …`);
}
