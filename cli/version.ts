import { readFileSync } from "node:fs";

/** put in by the build */
declare const RADSCORE_VERSION: string;

let known: string | undefined;

/** The package's version: of the bundle, or from source that of the package.json above this file. */
export const version = (): string => (known ??= typeof RADSCORE_VERSION === "string" ? RADSCORE_VERSION : read());

function read(): string {
  try {
    return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
  } catch {
    return "unknown";
  }
}
