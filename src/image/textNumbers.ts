import { InputError } from "../math/index.js";
import { rangeOf, zeros, type Element } from "./elements.js";
import type { Voxels } from "./volume.js";

/**
 * The first `count` numbers of a text, parted by white space or commas.
 * @param who the file, for the errors: too few numbers, one that is none or does not fit the type
 */
export function textNumbers(text: Uint8Array, element: Element, count: number, who: string): Voxels {
  if (count > text.length / 2 + 1) {
    throw new InputError(`${who}: its header promises ${count} numbers, but the text is only ${text.length} characters long; ` +
      `the file is cut short or its header is wrong.`);
  }
  const wide = element === "int64" || element === "uint64";
  const range = wide ? [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : rangeOf(element);
  const out = zeros(element, count);
  const source = new TextDecoder("latin1").decode(text);
  const token = /[^\s,]+/g;
  for (let k = 0; k < count; k++) {
    const word = token.exec(source)?.[0];
    if (word === undefined) throw new InputError(`${who}: holds ${k} numbers, but its header promises ${count}; the file is cut short.`);
    const value = numberOf(word);
    const fits = range === undefined ? !Number.isNaN(value) || /nan/i.test(word) : Number.isInteger(value) && value >= range[0] && value <= range[1];
    if (!fits) throw new InputError(`${who}: number ${k + 1} is "${word.slice(0, 40)}", which is no ${element}; correct the file.`);
    out[k] = value;
  }
  return out;
}

function numberOf(word: string): number {
  if (!/^[-+]?inf(inity)?$/i.test(word)) return Number(word);
  return word.startsWith("-") ? -Infinity : Infinity;
}
