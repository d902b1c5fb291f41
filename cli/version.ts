import { readFileSync } from "node:fs";

let known: string | undefined;

/** The package's version, read once from the package.json above this file (source or bundle). */
export const version = (): string => (known ??= read());

function read(): string {
  for (const above of ["../package.json", "../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(above, import.meta.url), "utf8"));
      if (name === "radscore") return version;
    } catch { /* not at this height */ }
  }
  return "unknown";
}
