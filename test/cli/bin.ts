// The command as it is shipped, bundled once per test file into a temporary folder.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { bundleCalculator } from "../../scripts/bundleCalculator.mjs";
import { bundleCli } from "../../scripts/bundleCli.mjs";
import { example } from "../data.js";

export const folder = mkdtempSync(join(tmpdir(), "radscore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bin = join(folder, "bin", "radscore.js");
await Promise.all([bundleCli(dirname(bin)), bundleCalculator(join(folder, "calculator.js"))]);

export const place = (name: string) => join(folder, name);

/** Writes a file into the test's folder and returns its path. */
export function file(name: string, content: string | Uint8Array): string {
  mkdirSync(dirname(place(name)), { recursive: true });
  writeFileSync(place(name), content);
  return place(name);
}

export type Ended = { code: number | null; out: string; err: string };

export function radscore(args: string[], options: { cwd?: string; stdout?: number } = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? folder, encoding: "utf8", stdio: ["ignore", options.stdout ?? "pipe", "pipe"], maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout ?? "", err: stderr };
}

export function startRadscore(args: string[]) {
  return spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: "ignore" });
}

export const breast = [example("breast1_image.nrrd"), example("breast1_label.nrrd")];
export const brain = [example("brain1_image.nrrd"), example("brain1_label.nrrd")];
