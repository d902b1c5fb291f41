// Where tests find their data: what ships with the project, and the extended sets behind RADSCORE_DATA.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { test } from "vitest";
import { asVolume, readImage, type Volume } from "../src/image/index.js";

const here = import.meta.dirname;
export const golden = (path: string) => join(here, "golden", path);
export const example = (path: string) => join(here, "..", "examples", path);

/** Path inside the extended data, or undefined where RADSCORE_DATA is not set or lacks it. */
export function extended(path: string): string | undefined {
  const root = process.env.RADSCORE_DATA;
  return root !== undefined && existsSync(join(root, path)) ? join(root, path) : undefined;
}

/** A test that needs extended data: `run` gets its path; without the data it is skipped by a name that says why. */
export function extendedTest(name: string, path: string, run: (path: string) => void | Promise<void>): void {
  const found = extended(path);
  if (found === undefined) test.skip(`[extended] ${name} (skipped: RADSCORE_DATA has no ${path})`, () => {});
  else test(`[extended] ${name}`, () => run(found));
}

export async function readVolume(path: string): Promise<Volume> {
  return asVolume(await readImage([{ name: basename(path), bytes: readFileSync(path) }]), basename(path));
}

/** JSON, gzipped or not; the strings "nan", "inf", "-inf" become numbers where `numbers` revives them. */
export function readJson(path: string): any {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}

export function toNumber(x: number | string): number {
  return typeof x === "number" ? x : x === "nan" ? NaN : x === "inf" ? Infinity : x === "-inf" ? -Infinity : Number(x);
}
