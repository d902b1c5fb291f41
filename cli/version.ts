import { readFileSync } from "node:fs";

/** The package's version, read from the package.json above this file (source or bundle). */
export function version(): string {
  for (const above of ["../package.json", "../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(above, import.meta.url), "utf8"));
      if (name === "radscore") return version;
    } catch { /* not at this height */ }
  }
  return "unknown";
}
