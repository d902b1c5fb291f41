import { InputError } from "../src/math/index.js";

/** Feature maps of one case, written beside each other in the map folder. */
export function writeMaps(..._: unknown[]): never {
  throw new InputError("voxel mode is not there yet; use --mode segment.");
}
