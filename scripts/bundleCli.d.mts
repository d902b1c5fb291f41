import type { BuildResult } from "esbuild";
export function bundleCli(outdir: string): Promise<BuildResult>;
