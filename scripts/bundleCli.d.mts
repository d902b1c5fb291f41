import type { BuildResult, Plugin } from "esbuild";
export function bundleCli(outdir: string, plugins?: Plugin[]): Promise<BuildResult>;
