import { InputError, power } from "../../math/index.js";
import type { Box, Triple, Volume } from "../../image/index.js";
import type { Boundary } from "./boundary.js";
import { type Field, volumeOf } from "./field.js";
import { fourierFilter, type Transfer } from "./fourier.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { logCutoff, wholeLog } from "./log.js";
import { completeOptions, dimensionName, filterAxes, inName, levelOf, sigmas } from "./options.js";
import { multinomial, type RieszTransform, steered } from "./rieszSteering.js";
import { simoncelliTransfer } from "./simoncelli.js";

/** What a Riesz transform is applied to. */
export type RieszInput =
  | { base: "IBSILoG"; sigma: number; cutoff: number; boundary: Boundary }
  | { base: "Simoncelli"; level: number }
  | { base: "image" };

/**
 * Riesz transform of order (l₁, l₂, l₃), L = l₁ + l₂ + l₃: (−i)^L √(L! / (l₁! l₂! l₃!)) ν₁^l₁ ν₂^l₂ ν₃^l₃ / |ν|^L, of the image
 * or of a filter's response; periodic. IBSI 2 manual (arXiv:2006.05470); Unser & Van De Ville, IEEE Trans Image Process 2010;19:636.
 *
 * @param steering null, or the width (mm) of the structure tensor that the directions follow (rieszSteering.ts)
 */
export function rieszFilter(
  volume: Volume, box: Box, axes: number[], order: Triple, input: RieszInput, steering: number | null = null,
): Field {
  const transform = transformOf(volume, axes, input);
  if (steering === null) return transform(order, box);
  return steered(transform, volume, box, axes, order, steering, input.base === "IBSILoG" ? input.boundary : "periodic");
}

function transformOf(volume: Volume, axes: number[], input: RieszInput): RieszTransform {
  if (input.base === "IBSILoG") {
    const response = volumeOf(volume, wholeLog(volume, axes, input.sigma, input.cutoff, input.boundary));
    return (order, box) => fourierFilter(response, box, axes, rieszTransfer(order));
  }
  if (input.base === "image") return (order, box) => fourierFilter(volume, box, axes, rieszTransfer(order));
  const radial = simoncelliTransfer(input.level);
  return (l, box) => {
    const { h, order } = rieszTransfer(l);
    const both = (x: number, y: number, z: number) => {
      const gain = radial(x, y, z);
      return gain === 0 ? 0 : gain * h(x, y, z);
    };
    return fourierFilter(volume, box, axes, { h: both, order });
  };
}

function rieszTransfer([a, b, c]: Triple): Transfer {
  const order = a + b + c;
  const norm = Math.sqrt(multinomial([a, b, c]));
  return {
    order,
    h: (x, y, z) => {
      const square = x * x + y * y + z * z;
      return square === 0 ? 0 : (norm * power(x, a) * power(y, b) * power(z, c)) / power(Math.sqrt(square), order);
    },
  };
}

/** Image name: riesz-<l₁>-<l₂>-<l₃>-<log-sigma-<sigma>-mm or simoncelli-level-<level>>[-steered-<steering>-mm]-<2D or 3D>. */
export const riesz: IbsiFilter = {
  imageType: "Riesz",
  optionNames: ["order", "base", "steering", "cutoff", "boundary"],
  *respond(volume, box, given) {
    const { order, base, steering, cutoff, boundary } = completeOptions("Riesz", given);
    const axes = filterAxes(given);
    if (order.some((l, axis) => l > 0 && !axes.includes(axis))) {
      throw new InputError(`Riesz: order is ${JSON.stringify(order)}, but force2D leaves out the ${"xyz"[[0, 1, 2].find((a) => !axes.includes(a))!]} axis; ` +
        "its order must be 0.");
    }
    const inputs: [string, RieszInput][] = base === "Simoncelli"
      ? [[`simoncelli-level-${levelOf("Riesz", given)}`, { base, level: levelOf("Riesz", given) }]]
      : sigmas("Riesz", given).map((sigma) => [`log-sigma-${inName(sigma)}-mm`, { base, sigma, cutoff: cutoff ?? logCutoff, boundary }]);
    for (const [name, input] of inputs) {
      const steer = steering === null ? "" : `steered-${inName(steering)}-mm-`;
      yield {
        name: `riesz-${order.join("-")}-${name}-${steer}${dimensionName(axes)}`,
        field: rieszFilter(volume, box, axes, order as Triple, input, steering),
      };
    }
  },
};
