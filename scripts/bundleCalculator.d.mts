import type { BuildResult } from "esbuild";
export function bundleCalculator(outfile: string): Promise<BuildResult>;
