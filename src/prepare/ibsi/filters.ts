import type { Filter } from "../filter.js";
import { gabor } from "./gabor.js";
import { asFilter, type IbsiFilter } from "./ibsiFilter.js";
import { laws } from "./laws.js";
import { log } from "./log.js";
import { mean } from "./mean.js";
import { riesz } from "./riesz.js";
import { separableWavelet } from "./separableWavelet.js";
import { simoncelli } from "./simoncelli.js";

/** The convolutional filters of IBSI 2. Adding one is one file and one line here. */
export const convolutionalFilters: readonly IbsiFilter[] = [mean, log, laws, gabor, separableWavelet, simoncelli, riesz];

/** The same as entries of the list of image types. */
export const ibsiFilters: readonly Filter[] = convolutionalFilters.map(asFilter);
