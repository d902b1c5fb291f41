import { filters, type Filter } from "../prepare/index.js";
import type { Params } from "./params.js";

/** Every image type a parameter file may name. */
export const imageTypeNames: readonly string[] = filters.map((filter) => filter.imageType);

/** Options beyond the common settings that an image type takes. */
export function filterOptionNames(imageType: string): readonly string[] {
  return filters.find((filter) => filter.imageType === imageType)?.optionNames ?? [];
}

/** The filters of the image types asked for, in the order of the parameter file, with the settings each overrides. */
export function filtersOf(params: Params): { filter: Filter; overrides: Record<string, unknown> }[] {
  return Object.entries(params.imageType).map(([name, overrides]) => ({
    filter: filters.find((filter) => filter.imageType === name)!, overrides,
  }));
}
