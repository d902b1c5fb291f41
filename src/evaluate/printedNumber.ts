import { InputError } from "../math/index.js";

/** A share as printed, its decimals kept: "0.90" says more than 0.9; "83.1 %" is read as a share. */
export type Printed = string;

/** A printed number and half a unit of its last decimal: what rounding may have moved it by. @throws InputError no number */
export function readPrinted(text: Printed, what = "The printed number"): { value: number; half: number } {
  const percent = /%\s*$/.test(text);
  const bare = text.replace(/[%\s<>]/g, "").replace(",", ".").replace("−", "-");
  const value = Number(bare);
  if (bare === "" || !Number.isFinite(value)) throw new InputError(`${what} is "${text}", expected a number as printed, such as 0.83 or 83.1 %.`);
  const decimals = (bare.split(".")[1] ?? "").length;
  let unit = percent ? 0.01 : 1;
  for (let k = 0; k < decimals; k++) unit /= 10;
  return { value: percent ? value / 100 : value, half: unit / 2 };
}

/** A printed share, 0 to 1 or 0 to 100 %. @throws InputError no number, or none of a share */
export function readShare(text: Printed, what: string): { value: number; half: number } {
  const read = readPrinted(text, what);
  if (/[<>]/.test(text)) throw new InputError(`${what} is "${text}", a bound; expected the number itself, such as 0.83 or 83.1 %.`);
  if (read.value < 0) throw new InputError(`${what} is "${text}", less than 0, expected a share such as 0.83 or 83.1 %.`);
  if (read.value > 1) throw new InputError(`${what} is "${text}", more than ${/%/.test(text) ? "100 %" : `1, expected 0 to 1${read.value <= 100 ? `; write ${text.trim()}% where it is per cent` : ""}`}${/%/.test(text) ? "; look at the print again" : ""}.`);
  return read;
}
