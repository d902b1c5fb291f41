// Seeded synthetic cases, and the same case seen in other ways: in a larger volume, with other axes, in another number type.
import { checkParams, extract, type Extraction } from "../../src/features/index.js";
import { indexToWorld, type Image, type Triple, type Volume, type Voxels } from "../../src/image/index.js";

export type Case = { image: Volume; mask: Volume };
type Rule = (x: number, y: number, z: number) => boolean;

/** Uniform numbers in [0, 1): the linear congruential generator of Numerical Recipes. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Whole numbers from −200 to 500, smooth with noise; label 1 where the rule says so. */
export function synthetic(size: Triple, rule: Rule, seed = 1, spacing: Triple = [1.5, 1, 2.25]): Case {
  const random = chance(seed);
  const grid = { size, spacing, origin: [-20, 7.5, 100] as Triple, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const data = new Int16Array(size[0] * size[1] * size[2]), labels = new Uint8Array(data.length);
  for (let z = 0, k = 0; z < size[2]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[0]; x++, k++) {
    data[k] = Math.floor(150 + 12 * ((3 * x + 2 * y * y + 5 * z) % 23) - 9 * ((x * y + 7 * z) % 17) + 150 * (random() - 0.5));
    labels[k] = rule(x, y, z) ? 1 : 0;
  }
  return { image: { ...grid, data }, mask: { ...grid, data: labels } };
}

/** An uneven ball with a hole, in the middle of `size`. */
export function lump(size: Triple, radius: number, seed = 1): Case {
  const middle = size.map((n) => (n - 1) / 2);
  return synthetic(size, (x, y, z) => {
    const [dx, dy, dz] = [x - middle[0], 1.2 * (y - middle[1]), 1.4 * (z - middle[2])];
    const d = dx * dx + dy * dy + dz * dz;
    return d <= radius * radius && d > 1 && (x * 7 + y * 3 + z * 5) % 11 !== 0;
  }, seed);
}

/** Other voxels in the same number type, or another one, on the same grid. */
export const withData = (volume: Volume, data: Voxels): Volume => ({ ...volume, data });

/** The volume inside a larger one: `before` and `after` more voxels along x, y, z, of the values that `fill` makes. */
export function padded(volume: Volume, before: Triple, after: Triple, fill: () => number): Volume {
  const size = volume.size.map((n, k) => before[k] + n + after[k]) as Triple;
  const data = new (volume.data.constructor as new (n: number) => Voxels)(size[0] * size[1] * size[2]).map(fill);
  const [nx, ny, nz] = volume.size;
  for (let z = 0; z < nz; z++) for (let y = 0; y < ny; y++) {
    const from = (z * ny + y) * nx;
    data.set(volume.data.subarray(from, from + nx) as never, ((z + before[2]) * size[1] + y + before[1]) * size[0] + before[0]);
  }
  return { ...volume, size, origin: indexToWorld(volume, before.map((b) => -b)), data };
}

/** The same voxels at the same places, stored along other axes: new axis k is old axis order[k], run backwards where flip[k]. */
export function turned(volume: Volume, order: Triple, flip: readonly boolean[]): Volume {
  const size = order.map((o) => volume.size[o]) as Triple;
  const old: Triple = [0, 0, 0];
  const place = (at: readonly number[]) => { order.forEach((o, k) => { old[o] = flip[k] ? size[k] - 1 - at[k] : at[k]; }); return old; };
  const data = new (volume.data.constructor as new (n: number) => Voxels)(volume.data.length);
  for (let z = 0, i = 0; z < size[2]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[0]; x++, i++) {
    const [ox, oy, oz] = place([x, y, z]);
    data[i] = volume.data[(oz * volume.size[1] + oy) * volume.size[0] + ox];
  }
  const direction = [0, 1, 2].flatMap((row) => order.map((o, k) => (flip[k] ? -1 : 1) * volume.direction[3 * row + o]));
  return { size, spacing: order.map((o) => volume.spacing[o]) as Triple, origin: indexToWorld(volume, place([0, 0, 0])), direction, data };
}

/** Extraction with a parameter file's content. */
export function features({ image, mask }: { image: Volume | Image; mask: Volume | Image }, config: object = {}, who = "P017"): Promise<Extraction> {
  return extract(image, mask, { params: checkParams(config, "Params.yaml"), who });
}

/** The values without the diagnostics. */
export function numbers({ values }: Extraction): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith("diagnostics_"))) as Record<string, number>;
}
