// The calculator's scoring code as one classic script, small, for calculator.html to hold.
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** @param {string} outfile */
export function bundleCalculator(outfile) {
  return build({
    absWorkingDir: root, entryPoints: ["web/calculator.ts"], outfile, bundle: true, format: "iife", platform: "browser", target: "es2022", minify: true, charset: "utf8",
    legalComments: "none", logLevel: "warning",
  });
}
