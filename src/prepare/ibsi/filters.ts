import type { Filter } from "../filter.js";
import { gabor } from "./gabor.js";
import { asFilter, type IbsiFilter } from "./ibsiFilter.js";
import { laws } from "./laws.js";
import { log } from "./log.js";
import { mean } from "./mean.js";
import { riesz } from "./riesz.js";
import { separableWavelet } from "./separableWavelet.js";
import { simoncelli } from "./simoncelli.js";

/**
 * The convolutional filters of IBSI 2 (Whybra et al., Radiology 2024;310:e231319; manual arXiv:2006.05470), each agreeing with its
 * reference responses. Adding one is one file and one line here. In a parameter file:
 *
 *     imageType:
 *       Mean: {support: 5}
 *       IBSILoG: {sigma: [1.5, 3], cutoff: 4}
 *       Laws: {kernels: L5E5E5, rotationInvariant: true, pooling: max, energy: 7}
 *       Gabor: {sigma: [5], lambda: 2, gamma: 1.5, thetaStep: 22.5, orthogonalPlanes: true}
 *       SeparableWavelet: {wavelet: db3, bands: [LLH, HHH], level: 2, rotationInvariant: true}
 *       Simoncelli: {level: 1}
 *       Riesz: {order: [0, 2, 0], base: Simoncelli, level: 1}
 *
 * All take boundary (default mirror; Fourier filters are periodic) and force2D. Features are prefixed with the image's name, which
 * tells the filter and its options: laws-L5E5E5-max-energy-7-3D_firstorder_Mean. Wavelets and Simoncelli use the one level named.
 */
export const convolutionalFilters: readonly IbsiFilter[] = [mean, log, laws, gabor, separableWavelet, simoncelli, riesz];

/** The same as entries of the list of image types. */
export const ibsiFilters: readonly Filter[] = convolutionalFilters.map(asFilter);
