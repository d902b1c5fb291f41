import type { Box, Volume } from "../../image/index.js";
import type { Boundary } from "./boundary.js";
import { type Field, volumeOf } from "./field.js";
import { fourierFilter, type Transfer } from "./fourier.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { logCutoff, wholeLog } from "./log.js";
import { completeOptions, dimensionName, filterAxes, inName, levelOf, sigmas } from "./options.js";
import { simoncelliTransfer } from "./simoncelli.js";

/** What a Riesz transform is applied to. */
export type RieszInput =
  | { base: "IBSILoG"; sigma: number; cutoff: number; boundary: Boundary }
  | { base: "Simoncelli"; level: number }
  | { base: "image" };

/**
 * Riesz transform of order (l₁, l₂, l₃), L = l₁ + l₂ + l₃: (−i)^L √(L! / (l₁! l₂! l₃!)) ν₁^l₁ ν₂^l₂ ν₃^l₃ / |ν|^L, of the image
 * or of a filter's response; periodic. IBSI 2 manual (arXiv:2006.05470), section 3.7; Unser & Van De Ville, IEEE Trans Image Process 2010;19:636.
 */
export function rieszFilter(volume: Volume, box: Box, axes: number[], order: readonly number[], input: RieszInput): Field {
  const transfer = rieszTransfer(order);
  if (input.base === "IBSILoG") {
    const response = volumeOf(volume, wholeLog(volume, axes, input.sigma, input.cutoff, input.boundary));
    return fourierFilter(response, box, axes, transfer);
  }
  if (input.base === "image") return fourierFilter(volume, box, axes, transfer);
  const radial = simoncelliTransfer(input.level);
  return fourierFilter(volume, box, axes, {
    order: transfer.order,
    h: (x, y, z) => {
      const gain = radial(x, y, z);
      return gain === 0 ? 0 : gain * transfer.h(x, y, z);
    },
  });
}

function rieszTransfer([a, b, c]: readonly number[]): Transfer {
  const order = a + b + c;
  const norm = Math.sqrt(factorial(order) / (factorial(a) * factorial(b) * factorial(c)));
  return {
    order,
    h: (x, y, z) => {
      const square = x * x + y * y + z * z;
      return square === 0 ? 0 : (norm * x ** a * y ** b * z ** c) / square ** (order / 2);
    },
  };
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

/** Image name: riesz-<l₁>-<l₂>-<l₃>-<log-sigma-<sigma>-mm or simoncelli-level-<level>>-<2D or 3D>. */
export const riesz: IbsiFilter = {
  imageType: "Riesz",
  optionNames: ["order", "base", "cutoff", "boundary"],
  *respond(volume, box, given) {
    const { order, base, cutoff, boundary } = completeOptions("Riesz", given);
    const axes = filterAxes(given);
    const inputs: [string, RieszInput][] = base === "Simoncelli"
      ? [[`simoncelli-level-${levelOf("Riesz", given)}`, { base, level: levelOf("Riesz", given) }]]
      : sigmas("Riesz", given).map((sigma) => [`log-sigma-${inName(sigma)}-mm`, { base, sigma, cutoff: cutoff ?? logCutoff, boundary }]);
    for (const [name, input] of inputs) {
      yield { name: `riesz-${order.join("-")}-${name}-${dimensionName(axes)}`, field: rieszFilter(volume, box, axes, order, input) };
    }
  },
};
