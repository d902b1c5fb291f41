import { featureClasses, ibsiFeatures } from "../src/features/index.js";
import { InputError } from "../src/math/index.js";
import { readOptions, optionsHelp, type Option } from "./options.js";
import { csvLine } from "./table.js";

const options: Option[] = [
  { name: "profile", value: "NAME", choices: ["pyradiomics", "ibsi"], heading: "Options", help: "whose features: pyradiomics (default) or ibsi" },
  { name: "help", short: "h", help: "print this help" },
];

/** `radscore features`: the table of every feature with its IBSI code and unit, as csv on standard output. */
export async function featuresCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) {
    process.stdout.write(`radscore features: every feature with its IBSI code and unit, as csv\n\n  radscore features [--profile ibsi]\n${optionsHelp(options)}\n`);
    return 0;
  }
  if (words.length > 0) throw new InputError(`features: "${words[0]}" is not expected; it takes options only. See radscore features --help.`);
  process.stdout.write((given.get("profile")?.at(-1) === "ibsi" ? ibsiRows() : pyradiomicsRows()).map(csvLine).join(""));
  return 0;
}

/** `onRequest`: computed only where a parameter file names it. */
function pyradiomicsRows(): string[][] {
  const rows = [["class", "feature", "ibsi", "unit", "onRequest"]];
  for (const { name, features } of featureClasses) {
    for (const [feature, { ibsi, unit, deprecated }] of Object.entries(features)) {
      rows.push([name, feature, ibsi ?? "", unit ?? "", deprecated === true ? "yes" : ""]);
    }
  }
  return rows;
}

function ibsiRows(): string[][] {
  return [["tag", "family", "feature", "familyCode", "ibsi", "aggregationCode", "unit"],
    ...ibsiFeatures.map((f) => [f.tag, f.familyName, f.name, f.familyIbsi, f.ibsi, f.aggregationIbsi ?? "", f.unit])];
}
