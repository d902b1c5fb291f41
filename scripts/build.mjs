// Bundles the rooms, the command and the browser page into dist/, and writes the type declarations.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, cpSync, mkdirSync } from "node:fs";
import { build } from "esbuild";
import { bundleCalculator } from "./bundleCalculator.mjs";
import { bundleCli } from "./bundleCli.mjs";

rmSync("dist", { recursive: true, force: true });
const rooms = readdirSync("src", { withFileTypes: true })
  .filter((d) => d.isDirectory() && existsSync(`src/${d.name}/index.ts`)).map((d) => d.name);

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const common = { bundle: true, format: "esm", target: "es2023", logLevel: "warning", sourcemap: false, legalComments: "none" };

await Promise.all([
  build({ ...common, platform: "neutral", mainFields: ["module", "main"], conditions: ["import"], splitting: true, outdir: "dist",
    packages: "external",
    entryPoints: rooms.map((r) => ({ in: `src/${r}/index.ts`, out: `${r}/index` })) }),
  existsSync("cli/radscore.ts") && bundleCli("dist/cli"),
  bundleCalculator("dist/calculator.js"),
  existsSync("bench") && build({ ...common, platform: "node", splitting: true, outdir: "dist/bench",
    banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
    entryPoints: readdirSync("bench").filter((f) => f.endsWith(".ts")).map((f) => `bench/${f}`) }),
  existsSync("web/page.ts") && build({ ...common, platform: "browser", splitting: true, outdir: "dist/web", define: { RADSCORE_VERSION: JSON.stringify(version) }, entryPoints: ["web/page.ts", "web/extractWorker.ts"] }),
]);
if (existsSync("web/index.html")) { mkdirSync("dist/web", { recursive: true }); cpSync("web/index.html", "dist/web/index.html"); }

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "src", "--noEmit", "false", "--emitDeclarationOnly",
  "--declaration", "--outDir", "dist/types"], { stdio: "inherit" });
