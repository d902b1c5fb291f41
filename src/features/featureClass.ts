import type { Region, Levels } from "./region.js";
import type { Settings } from "./settings.js";

/** One number of a class. `note` says why a value is degenerate or missing, undefined where all is well. */
export type Feature<T> = {
  of(t: T): number;
  note?(t: T): string | undefined;
  /** IBSI's four-letter code, where IBSI defines the same quantity */
  ibsi?: string;
  unit?: string;
  /** computed only when asked for by name */
  deprecated?: true;
};

/**
 * A class prepares once what its features share (a matrix, a mesh) and lists its features under PyRadiomics' names.
 * Adding a class is one file and one line in `featureClasses`.
 */
export type FeatureClass<T> = {
  name: string;
  prepare(region: Region, levels: () => Levels, settings: Settings): T;
  features: Record<string, Feature<T>>;
};

/** The values of one class on one region, with a note under the name of every value that needs one. */
export type FeatureValues = { values: Record<string, number>; notes: Record<string, string> };
