import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { InputError } from "../src/math/index.js";
import type { Triple } from "../src/image/index.js";
import { spacingOf } from "./cases.js";
import { levels, type Level } from "./log.js";
import { optionsHelp, readOptions, type Option } from "./options.js";
import { formats, type Format } from "./table.js";

/** Options of `radscore extract`; those of PyRadiomics' own command bear its names and mean the same. */
const options: Option[] = [
  { name: "param", short: "p", value: "FILE", heading: "What is extracted", help: "parameter file (.yaml or .json), PyRadiomics' Params.yaml as it is; without it the default settings on the original image" },
  { name: "setting", short: "s", value: "NAME:VALUE", help: "one setting laid over the parameter file, e.g. binWidth:5 or resampledPixelSpacing:1,1,1; may be given several times" },
  { name: "profile", value: "NAME", choices: ["pyradiomics", "ibsi"], help: "pyradiomics (default): its features, names and conventions; ibsi: the standard's" },
  { name: "label", short: "l", value: "N", help: "label of the region in the mask (default 1); several as 1,2,4 give one row each" },
  { name: "spacing", value: "MM", help: "pixel size of pictures (PNG, JPEG), which hold none: 0.08 or 0.08,0.09 (default: 1 px); a column Spacing goes before it" },
  { name: "correct-mask", help: "resample a mask that lies on another grid to the image's grid (noted in the diagnostics)" },
  { name: "mode", short: "m", value: "MODE", choices: ["segment", "voxel"], help: "segment (default): one number per feature; voxel: one map per feature, written to --out-dir" },
  { name: "jobs", short: "j", value: "N", help: "cases worked on at the same time (default: all cores); memory grows with it, results do not depend on it" },
  { name: "resume", help: "go on with an interrupted run of the same command: finished cases are taken from the journal beside --out, failed ones are tried again" },
  { name: "validate", help: "check parameters, table and paths, extract nothing" },
  { name: "out", short: "o", value: "FILE", heading: "Output", help: "file for the results (default: standard output). One case is added to a csv or txt file that exists, a batch replaces it" },
  { name: "format", short: "f", value: "FORMAT", choices: formats, help: `${formats.join(", ")} (default: as --out ends, else txt)` },
  { name: "out-dir", short: "od", value: "FOLDER", help: "folder for one features_<n>.csv per case, or in voxel mode for the maps Case-<n>_<feature> (default there: the working directory)" },
  { name: "map-format", value: "FORMAT", choices: ["nrrd", "nifti"], help: "of the maps of voxel mode: nrrd (default) or nifti (.nii.gz)" },
  { name: "skip-nans", help: "leave out values that are not a number (csv, parquet: empty)" },
  { name: "format-path", value: "HOW", choices: ["absolute", "relative", "basename"], help: "paths in the output: absolute (default), relative (to the table's folder), basename" },
  { name: "unix-path", short: "up", help: "write paths with / on every system" },
  { name: "verbosity", short: "v", value: "1-5", bare: { value: "4", fits: /^[1-5]$/ }, choices: ["1", "2", "3", "4", "5"], heading: "Messages", help: "on standard error: 1 hardly anything, 3 warnings (default), 4 (-v alone) also each case with its ID, 5 everything" },
  { name: "log-file", value: "FILE", help: "file to append messages to; names cases by number and row, never by path, and by ID only with -v" },
  { name: "logging-level", value: "LEVEL", choices: ["NOTSET", ...levels], help: "least level of the log file: DEBUG, INFO, WARNING (default), ERROR, CRITICAL" },
  { name: "version", help: "print the version" },
  { name: "help", short: "h", help: "print this help" },
];

export const extractHelp = `radscore extract: radiomics features of regions in images, as PyRadiomics computes them

  radscore extract <image> <mask> [more masks] [options]
  radscore extract <cases.csv> [options]

  cases.csv has the columns Image and Mask, if wanted ID, Label, Label_channel and Spacing; all others are
  carried into the output. Paths are relative to the table. Comma, semicolon or tab; UTF-8.

Examples
  radscore extract breast1_image.nrrd breast1_label.nrrd
  radscore extract breast1_image.nrrd breast1_label.nrrd -p Params.yaml -o breast1.json
  radscore extract cases.csv -p Params.yaml -o features.csv
  radscore extract cases.csv -p Params.yaml -o features.csv --resume     after an interruption
  radscore extract image.nii.gz mask.nii.gz -m voxel -od maps -s kernelRadius:2
${optionsHelp(options)}

Exit code: 0 all good; 1 the command or an input file cannot be used; 2 some cases failed (see column Error).
`;

export type ExtractCommand = {
  words: string[];
  param?: string;
  settings: string[];
  profile?: "pyradiomics" | "ibsi";
  labels: number[];
  spacing?: Triple;
  correctMask: boolean;
  mode: "segment" | "voxel";
  jobs: number;
  resume: boolean;
  validate: boolean;
  /** undefined: standard output */
  out?: string;
  format: Format;
  outDir?: string;
  mapFormat: "nrrd" | "nifti";
  skipNans: boolean;
  formatPath: "absolute" | "relative" | "basename";
  unixPath: boolean;
  verbosity: number;
  logFile?: string;
  loggingLevel: Level | "NOTSET";
  show?: "help" | "version";
};

/** @throws InputError what is wrong with the command line */
export function readExtractCommand(args: readonly string[]): ExtractCommand {
  const { words, options: given } = readOptions(args, options);
  const last = (name: string) => given.get(name)?.at(-1);
  const has = (name: string) => given.has(name);
  const show = has("help") ? "help" : has("version") ? "version" : undefined;
  const [param, out, outDir, logFile] = [last("param"), last("out"), last("out-dir"), last("log-file")];
  const extension = extname(out ?? "").slice(1).toLowerCase() as Format;
  return {
    words, settings: given.get("setting") ?? [], labels: labelsOf(last("label")), correctMask: has("correct-mask"),
    mode: (last("mode") ?? "segment") as "segment" | "voxel", jobs: jobsOf(last("jobs")), resume: has("resume"), validate: has("validate"),
    format: (last("format") ?? (formats.includes(extension) ? extension : "txt")) as Format,
    mapFormat: (last("map-format") ?? "nrrd") as "nrrd" | "nifti", skipNans: has("skip-nans"),
    formatPath: (last("format-path") ?? "absolute") as ExtractCommand["formatPath"], unixPath: has("unix-path"),
    verbosity: Number(last("verbosity") ?? 3), loggingLevel: (last("logging-level") ?? "WARNING") as Level,
    ...(has("spacing") && { spacing: spacingOf(last("spacing")!, "--spacing") }), ...(param !== undefined && { param }), ...(out !== undefined && out !== "-" && { out }), ...(outDir !== undefined && { outDir }),
    ...(logFile !== undefined && { logFile }), ...(show !== undefined && { show }),
    ...(has("profile") && { profile: last("profile") as "pyradiomics" | "ibsi" }),
  };
}

function labelsOf(text: string | undefined): number[] {
  const labels = text === undefined ? [] : text.split(",").map((t) => Number(t.trim() || "x"));
  if (labels.some((n) => !Number.isInteger(n) || n < 1)) throw new InputError(`--label is "${text}"; expected a whole number above 0, or several as 1,2,4.`);
  return [...new Set(labels)];
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1) throw new InputError(`--jobs is "${text}"; expected a whole number above 0, e.g. ${availableParallelism()} (the cores here).`);
  return jobs;
}
