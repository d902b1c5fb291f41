import { checkBox, cropGrid, type Box, type Triple, type Volume } from "../image/index.js";
import type { Filter } from "./filter.js";
import { recursiveGaussian } from "./recursiveGaussian.js";
import { filterLines } from "./recursiveLines.js";
import type { View } from "./recursiveLines.js";

/**
 * Laplacian of Gaussian, σ² Σ ∂²/∂x² (G_σ ∗ image), σ in mm, by recursive filters; float32 between the passes.
 * For each axis first the second derivative, then the smoothing along the others, x before y before z; float32 result.
 * An image with fewer than 4 voxels, or fewer than ⌈σ/spacing⌉ + 1, along any axis gives a note instead.
 * Only what the box can see is filtered: beyond 27 σ the response has decayed below the rounding of a double.
 * Agrees with ITK LaplacianRecursiveGaussian with NormalizeAcrossScale.
 */
export const laplacianOfGaussian: Filter = {
  imageType: "LoG",
  *apply(volume, box, { sigma: sigmas }) {
    checkBox(volume, box);
    for (const sigma of sigmas) {
      const name = `log-sigma-${decimal(sigma).replace(".", "-")}-mm-3D`;
      const note = reasonToSkip(volume, sigma);
      if (note !== undefined) yield { name, note };
      else yield { name, image: { ...cropGrid(volume, box), data: laplacian(volume, box, sigma) } };
    }
  },
};

/** 3 is written 3.0, as the reference writes it */
const decimal = (x: number): string => (Number.isInteger(x) ? x.toFixed(1) : String(x));

function reasonToSkip({ size, spacing }: Volume, sigma: number): string | undefined {
  if (!(sigma > 0)) return `LoG needs sigma > 0, found ${sigma}`;
  if (Math.min(...size) < 4) return `image of ${size.join(" × ")} voxels is too small for LoG, which needs 4 along each axis`;
  if (size.some((n, axis) => n < Math.ceil(sigma / spacing[axis]) + 1)) {
    return `image of ${size.join(" × ")} voxels is too small for LoG with sigma ${sigma} mm, which needs ceil(sigma / spacing) + 1`;
  }
  return undefined;
}

function laplacian(volume: Volume, box: Box, sigma: number): Float32Array {
  const { size, spacing } = volume;
  const smooth = spacing.map((s) => recursiveGaussian(0, sigma / s));
  const result = new Float32Array(box.size[0] * box.size[1] * box.size[2]);
  const lower = box.lower.map((l, axis) => Math.max(0, l - smooth[axis].reach)) as Triple;
  const upper = box.lower.map((l, axis) => Math.min(size[axis], l + box.size[axis] + smooth[axis].reach));
  const stride: Triple = [1, size[0], size[0] * size[1]];
  const seen: View = {
    data: volume.data, stride, size: upper.map((u, axis) => u - lower[axis]) as Triple,
    offset: lower[0] + lower[1] * stride[1] + lower[2] * stride[2],
  };
  for (let axis = 0; axis < 3; axis++) {
    const second = recursiveGaussian(2, sigma / spacing[axis], sigma * sigma);
    let view = filterLines(seen, axis, second, box.lower[axis] - lower[axis], box.size[axis]);
    for (const other of [0, 1, 2].filter((a) => a !== axis)) {
      view = filterLines(view, other, smooth[other], box.lower[other] - lower[other], box.size[other]);
    }
    const part = view.data;
    const area = spacing[axis] * spacing[axis];
    for (let i = 0; i < result.length; i++) result[i] += part[i] / area;
  }
  return result;
}
