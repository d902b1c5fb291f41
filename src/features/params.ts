import { didYouMean, InputError } from "../math/index.js";
import { imageTypeNames, filterOptionNames } from "./imageTypes.js";
import { featureClasses } from "./featureClasses.js";
import { checkSettings, inShort, settingNames, type Settings } from "./settings.js";

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
 * Reads a parameter file as PyRadiomics does: absent or empty imageType means Original, absent or empty featureClass every class
 * but shape2D, voxelSetting joins the settings.
 * @param text YAML or JSON
 * @param who the file's name, for errors
 */
export async function parseParams(text: string, who: string): Promise<Params> {
  // nothing in a parameter file is nested that deep, and parsers recurse
  if (/(?:[[{]\s*|- ){200}/.test(text)) throw new InputError(`${who}: is nested 200 deep, so it is no parameter file; expected sections such as "setting:" with "name: value" lines.`);
  let document: unknown;
  try {
    document = jsonOf(text) ?? await yamlOf(text);
  } catch (error) {
    const reason = String((error as Error).message).split("\n")[0].replace(/:$/, "");
    throw new InputError(`${who}: neither YAML nor JSON (${reason}); ${/ at line \d/.test(reason) ? "mend the line named there" : "mend the file"}.`);
  }
  return checkParams(document ?? {}, who);
}

/** Undefined where it is not JSON; YAML then says what is wrong and in which line, and it knows {a: 1} without quotes. */
function jsonOf(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined;
  try { return JSON.parse(text); } catch { return undefined; }
}

/** A key may stand twice with the same value, as "shape:" does in PyRadiomics' own example Params.yaml. */
async function yamlOf(text: string): Promise<unknown> {
  const { LineCounter, parseDocument, visit } = await import("yaml");
  const lineCounter = new LineCounter();
  const parsed = parseDocument(text, { uniqueKeys: false, logLevel: "error", lineCounter });
  if (parsed.errors.length > 0) throw parsed.errors[0];
  visit(parsed, { Map: (_, map) => {
    const seen = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const name = String(key), shown = JSON.stringify(value);
      if (seen.has(name) && seen.get(name) !== shown) {
        const { line } = lineCounter.linePos((key as { range?: number[] }).range?.[0] ?? 0);
        throw new InputError(`"${name}" stands twice with different values, the second time at line ${line}`);
      }
      seen.set(name, shown);
    }
  } });
  return parsed.toJS();
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
  const imageTypes = Object.entries(asSection(top.imageType, who, "imageType"));
  if (imageTypes.length > 0) {
    params.imageType = {};
    for (const [name, overrides] of imageTypes) {
      if (!imageTypeNames.includes(name)) throw new InputError(`${who}: there is no image type "${name}". ${didYouMean(name, imageTypeNames)}`);
      params.imageType[name] = checkSettings(asSection(overrides, who, name), `${who}: imageType ${name}`, filterOptionNames(name));
    }
  }
  const classes = Object.entries(asSection(top.featureClass, who, "featureClass"));
  if (classes.length > 0) {
    params.featureClass = {};
    for (const [name, wanted] of classes) params.featureClass[name] = checkFeatures(name, wanted, who);
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

/** The profile of a parameter file. @throws InputError for anything but "pyradiomics" and "ibsi" */
export function checkProfile(value: unknown, who: string): Params["profile"] {
  if (value === "pyradiomics" || value === "ibsi") return value;
  throw new InputError(`${who}: profile is ${inShort(value)}; expected pyradiomics or ibsi.`);
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
  if (!Array.isArray(wanted)) throw new InputError(`${who}: featureClass ${name} is ${inShort(wanted)}; expected a list of feature names, or nothing for all.`);
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
  throw new InputError(`${who}: ${name} is ${inShort(value)}; expected "name: value" lines. Known settings: ${settingNames.slice(0, 4).join(", ")} …`);
}
