// The command as one folder of files: a small entry, and chunks that are loaded when they are needed.
import { join } from "node:path";
import { build } from "esbuild";

/** @param {string} outdir  @param {import("esbuild").Plugin[]} [plugins] */
export function bundleCli(outdir, plugins = []) {
  return build({
    absWorkingDir: join(import.meta.dirname, ".."), bundle: true, format: "esm", platform: "node", target: "node20", splitting: true, outdir, logLevel: "warning",
    legalComments: "none", minifySyntax: true, minifyWhitespace: true,
    banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
    plugins, entryPoints: ["cli/radscore.ts", "cli/worker.ts"],
  });
}
