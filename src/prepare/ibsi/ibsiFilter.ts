import type { Box, Volume } from "../../image/index.js";
import type { Filter } from "../filter.js";
import { type Field, volumeOf } from "./field.js";
import type { IbsiFilterOptions, ConvolutionOptions } from "./options.js";

/** A convolutional filter of IBSI 2, in double precision; it also reads the FilterOptions its documentation names. */
export type IbsiFilter = {
  imageType: string;
  /** options it takes beyond FilterOptions */
  optionNames: (keyof IbsiFilterOptions)[];
  respond(volume: Volume, box: Box, options: ConvolutionOptions): Iterable<{ name: string; field: Field }>;
};

/** The filter as an entry of the list of image types. */
export function asFilter({ imageType, optionNames, respond }: IbsiFilter): Filter {
  return {
    imageType, optionNames,
    *apply(volume, box, options) {
      for (const { name, field } of respond(volume, box, options)) yield { name, image: volumeOf(volume, field) };
    },
  };
}
