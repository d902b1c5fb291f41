import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The scoring code that calculator.html holds, as the build wrote it beside the command; undefined where the command runs unbuilt. */
export function calculatorScript(): string | undefined {
  const file = fileURLToPath(new URL("../calculator.js", import.meta.url));
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
