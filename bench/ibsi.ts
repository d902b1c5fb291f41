// Conformance with the image biomarker standardisation initiative: `npm run ibsi`. Prints every row, writes docs/IBSI.md,
// and fails on any row outside its tolerance and on any other number of rows.
// RADSCORE_DATA: folder with radiomics/ibsi1 and radiomics/ibsi2 (CT phantom, filter phantoms, reference tables and maps).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ibsiProfile } from "../src/features/index.js";
import { asVolume, readImage, type Volume } from "../src/image/index.js";
import { configurations, digitalPhantom, filteredOptions, type Configuration } from "./cases/ibsiConfigurations.js";
import { document } from "./cases/ibsiDocument.js";
import { readFilterReference, readReference, verdict, type FilterRow, type Verdict } from "./cases/ibsiReference.js";
import { failed, lines, type MapVerdict, type SetResult } from "./cases/ibsiTables.js";
import { about, deviation, featureTests, response, responseTests } from "./ibsi2Tests.js";

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

/** A folder of the extended data, or undefined with a word about what is skipped. */
function folder(name: string, what: string): string | undefined {
  if (data !== undefined && existsSync(join(data, name))) return join(data, name);
  skipped.push(`${what} (RADSCORE_DATA ${data === undefined ? "is not set" : `has no radiomics/${name}`})`);
  return undefined;
}

/** IBSI 2, phase 1. */
async function responseMaps(ibsi2: string): Promise<MapVerdict[]> {
  const begin = cpuSeconds();
  const maps: MapVerdict[] = [];
  for (const test of responseTests) {
    const phantom = await read(join(ibsi2, "phantoms", `${test.phantom}.nii.gz`));
    const reference = await read(join(ibsi2, "response_maps", `${test.id}-ValidCRM.nii.gz`));
    const share = deviation(response(phantom, test).data, reference.data);
    maps.push({ test: test.id, about: `${test.phantom}: ${about(test)}`, deviation: share, pass: share <= 0.01 });
  }
  const rows = maps.map((m) => `${m.test.padEnd(8)} ${(100 * m.deviation).toPrecision(2).padStart(8)} % of the range  ${m.pass ? "pass" : "FAIL"}  ${m.about}`);
  report("IBSI 2, response maps", rows, maps, 33, cpuSeconds() - begin);
  return maps;
}

/** IBSI 2, phase 2: statistics of the CT phantom's region, filtered. */
async function filteredValues(ibsi1: string, ibsi2: string): Promise<(FilterRow & Verdict)[]> {
  const begin = cpuSeconds();
  const image = await read(join(ibsi1, "ct_phantom/phantom.nii.gz"));
  const mask = await read(join(ibsi1, "ct_phantom/mask.nii.gz"));
  const rows = readFilterReference(join(ibsi2, "reference_values/reference_values.csv"));
  const verdicts = featureTests.flatMap((test) => {
    const { values } = ibsiProfile(image, mask, filteredOptions(test), test.id);
    return rows.filter((row) => row.filter === test.id).map((row) => verdict(row, values[row.tag]));
  });
  report("IBSI 2, filtered CT phantom", lines(verdicts.map((v) => ({ ...v, tag: `${v.filter} ${v.tag}` }))), verdicts, 323, cpuSeconds() - begin);
  return verdicts;
}

async function main(): Promise<void> {
  const golden = join(root, "test/golden/ibsi");
  const digital = run(digitalPhantom, await read(join(golden, "phantom.nii.gz")), await read(join(golden, "mask.nii.gz")), golden);
  const sets = [digital];
  const ibsi1 = folder("ibsi1", "configurations A–E (CT phantom)");
  if (ibsi1 !== undefined) {
    const image = await read(join(ibsi1, "ct_phantom/phantom.nii.gz"));
    const mask = await read(join(ibsi1, "ct_phantom/mask.nii.gz"));
    for (const set of configurations) sets.push(run(set, image, mask, join(ibsi1, "reference_values")));
  }
  const ibsi2 = folder("ibsi2", "the 33 response maps and 323 values of IBSI 2");
  const maps = ibsi2 === undefined ? [] : await responseMaps(ibsi2);
  const values = ibsi1 === undefined || ibsi2 === undefined ? [] : await filteredValues(ibsi1, ibsi2);

  const total = [...sets.map((s) => s.verdicts), maps, values].flat();
  console.log(`\n${total.length - failed(total)} of ${total.length} rows pass`);
  for (const name of skipped) console.log(`skipped: ${name}`);
  if (skipped.length === 0) {
    mkdirSync(join(root, "docs"), { recursive: true });
    writeFileSync(join(root, "docs/IBSI.md"), document(sets, maps, values));
    console.log("written: docs/IBSI.md");
  } else console.log("docs/IBSI.md is left as it is: it is only written from a complete run");
  for (const problem of problems) console.error(`FAILED: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

await main();
