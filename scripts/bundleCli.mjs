// The command as one folder of files: a small entry, and chunks that are loaded when they are needed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** @param {string} outdir */
export function bundleCli(outdir) {
  return build({
    absWorkingDir: root, bundle: true, format: "esm", platform: "node", target: "node20", splitting: true, outdir, logLevel: "warning",
    define: { RADSCORE_VERSION: JSON.stringify(version) }, legalComments: "none", minifySyntax: true, minifyWhitespace: true,
    banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
    // yaml's Node build is CommonJS, whose names a bundled import() does not see; its browser build is the same as ESM
    alias: { yaml: join(root, "node_modules/yaml/browser/index.js") },
    entryPoints: ["cli/radscore.ts", "cli/worker.ts", "cli/studyWorker.ts"],
  });
}
