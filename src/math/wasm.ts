/**
 * Just enough of a WebAssembly assembler (core specification 2.0, binary format) for small numeric kernels over one memory: functions
 * that take i32 numbers and return nothing. Code is nested lists of bytes.
 */
export type Code = number | readonly Code[];

const flat = (code: Code): number[] => (typeof code === "number" ? [code] : (code as readonly Code[]).flatMap(flat));

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}
const list = (items: Code[]): Code => [unsigned(items.length), items];
const sized = (code: Code): Code => { const bytes = flat(code); return [unsigned(bytes.length), bytes]; };

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
export const int = (value: number): Code => [0x41, signed(value)];
export const add = (a: Code, b: Code): Code => [a, b, 0x6a];
export const sub = (a: Code, b: Code): Code => [a, b, 0x6b];
export const mul = (a: Code, b: Code): Code => [a, b, 0x6c];
export const and = (a: Code, b: Code): Code => [a, b, 0x71];
export const or = (a: Code, b: Code): Code => [a, b, 0x72];
export const xor = (a: Code, b: Code): Code => [a, b, 0x73];
export const differ = (a: Code, b: Code): Code => [a, b, 0x47];
export const not = (a: Code): Code => [a, 0x45];
/** bits moved down, the sign into their places or 0 */
export const shiftSigned = (a: Code, by: number): Code => [a, int(by), 0x75];
export const shiftRight = (a: Code, by: number): Code => [a, int(by), 0x76];
export const shiftLeft = (a: Code, by: number): Code => [a, int(by), 0x74];
const below = (a: Code, b: Code): Code => [a, b, 0x49];

/** an integer from and to memory */
export const loadInt = (address: Code, offset = 0): Code => [address, 0x28, 2, unsigned(offset)];
export const storeInt = (address: Code, value: Code, offset = 0): Code => [address, value, 0x36, 2, unsigned(offset)];
/** the lowest byte of an integer to memory */
export const storeByte = (address: Code, value: Code): Code => [address, value, 0x3a, 0, 0];
/** two doubles from memory, `offset` bytes after the address */
export const load2 = (address: Code, offset = 0): Code => [address, 0xfd, 0x00, 3, unsigned(offset)];
export const store2 = (address: Code, value: Code, offset = 0): Code => [address, value, 0xfd, 0x0b, 3, unsigned(offset)];
export const store1 = (address: Code, value: Code, offset = 0): Code => [address, value, 0x39, 3, unsigned(offset)];
/** one double from memory beside 0 */
export const load1 = (address: Code): Code => [address, 0xfd, 0x5d, 3, 0];
/** one double from memory, twice */
export const spread = (address: Code, offset = 0): Code => [address, 0xfd, 0x0a, 3, unsigned(offset)];
export const add2 = (a: Code, b: Code): Code => [a, b, 0xfd, 0xf0, 0x01];
export const sub2 = (a: Code, b: Code): Code => [a, b, 0xfd, 0xf1, 0x01];
export const mul2 = (a: Code, b: Code): Code => [a, b, 0xfd, 0xf2, 0x01];
export const div2 = (a: Code, b: Code): Code => [a, b, 0xfd, 0xf3, 0x01];
/** sum of both lanes */
export const lanes = (a: number): Code => [get(a), 0xfd, 0x21, 0, get(a), 0xfd, 0x21, 1, 0xa0];

/** One double: arithmetic, comparisons, 0 and 1. */
export const double = {
  load: (address: Code, offset = 0): Code => [address, 0x2b, 3, unsigned(offset)],
  add: (a: Code, b: Code): Code => [a, b, 0xa0],
  sub: (a: Code, b: Code): Code => [a, b, 0xa1],
  mul: (a: Code, b: Code): Code => [a, b, 0xa2],
  div: (a: Code, b: Code): Code => [a, b, 0xa3],
  negated: (a: Code): Code => [a, 0x9a],
  /** its upper 32 bits, an integer */
  upper: (a: Code): Code => [a, 0xbd, 0x42, 32, 0x88, 0xa7],
  below: (a: Code, b: Code): Code => [a, b, 0x63],
  above: (a: Code, b: Code): Code => [a, b, 0x64],
  differs: (a: Code, b: Code): Code => [a, b, 0x62],
  equal: (a: Code, b: Code): Code => [a, b, 0x61],
  zero: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  one: [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
} as const;

/** a where the condition holds, else b (both integers or both doubles; both are evaluated). */
export const where = (condition: Code, a: Code, b: Code): Code => [a, b, condition, 0x1b];

/** Runs the body where the condition holds. */
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b];
/** Runs the body, and again as long as the condition holds. */
export const again = (condition: Code, body: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];
/** Runs the body for local = local, local + step, … while it is below the bound. */
export const during = (local: number, bound: Code, step: number, body: Code): Code => [
  0x02, 0x40, below(get(local), bound), 0x45, 0x0d, 0,
  0x03, 0x40, body, set(local, add(get(local), int(step))), below(get(local), bound), 0x0d, 0, 0x0b,
  0x0b,
];

/** One function: its i32 parameters are locals 0 …, then come so many i32, then so many pairs of doubles, then doubles. */
export type Kernel = { parameters: number; integers: number; pairs: number; doubles?: number; body: Code };

/** A module with the kernels under their names, over the memory imported as env.memory. */
export function assemble(kernels: Record<string, Kernel>): Uint8Array {
  const all = Object.entries(kernels);
  const text = (s: string): Code => list([...s].map((c) => c.charCodeAt(0)));
  const section = (id: number, content: Code): Code => [id, sized(content)];
  const bytes = flat([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    section(1, list(all.map(([, k]) => [0x60, list(Array.from({ length: k.parameters }, () => 0x7f)), 0]))),
    section(2, list([[text("env"), text("memory"), 2, 0, 0]])),
    section(3, list(all.map((_, i) => unsigned(i)))),
    section(7, list(all.map(([name], i) => [text(name), 0, unsigned(i)]))),
    section(10, list(all.map(([, k]) => sized([list([[unsigned(k.integers), 0x7f], [unsigned(k.pairs), 0x7b], [unsigned(k.doubles ?? 0), 0x7c]]), k.body, 0x0b])))),
  ]);
  return Uint8Array.from(bytes);
}
