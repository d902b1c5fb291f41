import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeImage, type Volume } from "../src/image/index.js";
export { extractMaps } from "../src/features/index.js";
import { inWords } from "./files.js";
import type { Value } from "./oneCase.js";

/** One map of voxel mode: a feature's value around every voxel of the region. */
export type FeatureMap = { name: string; volume: Volume };

/**
 * Writes each map as it comes to `Case-<n>_<feature>.nrrd` (or .nii.gz), as PyRadiomics names them; memory holds one
 * map at a time where the maps come one by one.
 * @returns the path of every map under its feature's name
 */
export async function writeMaps(
  maps: Iterable<FeatureMap> | AsyncIterable<FeatureMap>, caseNumber: number, folder: string, format: "nrrd" | "nifti",
): Promise<Record<string, Value>> {
  const paths: Record<string, Value> = {};
  for await (const { name, volume } of maps) {
    const path = join(folder, `Case-${caseNumber}_${name}.${format === "nrrd" ? "nrrd" : "nii.gz"}`);
    const bytes = await encodeImage(volume, path);
    try { writeFileSync(path, bytes); } catch (error) { throw inWords(error, path); }
    paths[name] = path;
  }
  return paths;
}
