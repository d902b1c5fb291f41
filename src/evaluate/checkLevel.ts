import { InputError } from "../math/index.js";

/** A confidence level in (0, 1), else an InputError. Plumbing: no source. */
export function checkLevel(who: string, level: number): void {
  if (!(level > 0 && level < 1)) throw new InputError(`${who}: the confidence level is ${level}, expected a number between 0 and 1 such as 0.95.`);
}
