// Conformance with the image biomarker standardisation initiative: `npm run ibsi`. Prints every row, writes docs/IBSI.md,
// and fails on any row outside its tolerance and on any other number of rows.
// RADSCORE_DATA: folder with radiomics/ibsi1 and radiomics/ibsi2 (CT phantom, filter phantoms, reference tables and maps).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ibsiProfile } from "../src/features/index.js";
import { asVolume, readImage, type Volume } from "../src/image/index.js";
import { configurations, digitalPhantom, type Configuration } from "./cases/ibsiConfigurations.js";
import { readFilterReference, readReference, verdict } from "./cases/ibsiReference.js";
import { failed, filterTable, lines, mapTable, setTable, type MapVerdict, type SetResult } from "./cases/ibsiTables.js";

// from dist/bench or from bench
const root = existsSync(join(import.meta.dirname, "../package.json")) ? join(import.meta.dirname, "..") : join(import.meta.dirname, "../..");
const data = process.env.RADSCORE_DATA === undefined ? undefined : join(process.env.RADSCORE_DATA, "radiomics");
const problems: string[] = [];
const skipped: string[] = [];

async function read(path: string): Promise<Volume> {
  return asVolume(await readImage([{ name: basename(path), bytes: readFileSync(path) }]), basename(path));
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function run(set: Configuration, image: Volume, mask: Volume, tables: string): SetResult {
  const begin = cpuSeconds();
  const { values, diagnostics } = ibsiProfile(image, mask, set.options, set.name);
  const seconds = cpuSeconds() - begin;
  const ours = { ...values, ...diagnostics };
  const verdicts = readReference(join(tables, set.table)).map((row) => verdict(row, ours[row.tag]));
  const result = { name: set.name, about: set.about, expected: set.rows, verdicts, seconds };
  report(result.name, lines(verdicts), verdicts, set.rows, seconds);
  return result;
}

/** Prints rows and the sum of them, and takes down what is wrong. */
function report(name: string, rows: string[], verdicts: readonly { pass: boolean }[], expected: number, seconds: number): void {
  const wrong = failed(verdicts);
  console.log(`\n${name}\n${rows.join("\n")}\n${name}: ${verdicts.length - wrong} of ${verdicts.length} rows pass (${seconds.toFixed(2)} s CPU)`);
  if (wrong > 0) problems.push(`${name}: ${wrong} rows outside their tolerance`);
  if (verdicts.length !== expected) problems.push(`${name}: ${verdicts.length} rows, but ${expected} were expected`);
}
