import { dealOut, plainOrderKernels, type OrderKernels } from "./orderKernel.js";
import { riskSetKernels, type RiskSetKernels } from "./riskSetKernels.js";
import { plainRiskSetKernels } from "./riskSetPlain.js";
import { add, add2, assemble, during, get, int, lanes, load2, mul2, set, shiftLeft, spread, store1, store2, sub2, type Code, type Kernel } from "./wasm.js";

/**
 * Inner loops of linear algebra over numbers in one memory; places and lengths count doubles, lengths are multiples of 4. Twice: in
 * WebAssembly with two doubles an instruction, and in plain code for where there is none. Both add in the same order, so that they
 * give the same bits.
 */
export type VectorKernels = RiskSetKernels & OrderKernels & {
  /** out[2 a + b] = Σ_{i < n} u_a v_b − Σ_{n <= i < end} u_a v_b for the rows u_0 … u_3 from u and v_0, v_1 from v, `stride` apart */
  tile(u: number, v: number, stride: number, n: number, end: number, out: number): void;
  /** out[k] = x_k′r for four vectors */
  dots(x0: number, x1: number, x2: number, x3: number, r: number, n: number, out: number): void;
  /** y += c[0] x_0 + c[1] x_1 + c[2] x_2 + c[3] x_3 */
  combine(c: number, x0: number, x1: number, x2: number, x3: number, y: number, n: number): void;
  /** y += c[0] x */
  addMultiple(c: number, x: number, y: number, n: number): void;
};

const inBytes = (...locals: number[]): Code => locals.map((l) => set(l, shiftLeft(get(l), 3)));
const range = (n: number) => Array.from({ length: n }, (_, k) => k);
const at = (pointer: number, i: number): Code => add(get(pointer), get(i));

function tile(): Kernel {
  const [u, v, stride, n, end, out] = range(6);
  const rows = [u, 6, 7, 8];
  const columns = [v, 9];
  const i = 10;
  const sum = (a: number, b: number) => 11 + 2 * a + b;
  const [left, right0, right1] = [19, 20, 21];
  const pass = (combine: (a: Code, b: Code) => Code, bound: number): Code => during(i, get(bound), 16, [
    set(right0, load2(at(columns[0], i))), set(right1, load2(at(columns[1], i))),
    rows.map((row, a) => [
      set(left, load2(at(row, i))),
      set(sum(a, 0), combine(get(sum(a, 0)), mul2(get(left), get(right0)))),
      set(sum(a, 1), combine(get(sum(a, 1)), mul2(get(left), get(right1)))),
    ]),
  ]);
  return { parameters: 6, integers: 5, pairs: 11, body: [
    inBytes(u, v, stride, n, end, out),
    rows.slice(1).map((row, a) => set(row, add(get(rows[a]), get(stride)))), set(columns[1], add(get(v), get(stride))), set(i, int(0)),
    pass(add2, n), pass(sub2, end),
    range(8).map((k) => store1(get(out), lanes(11 + k), 8 * k)),
  ] };
}

function dots(): Kernel {
  const xs = range(4);
  const [r, n, out, i] = [4, 5, 6, 7];
  const [even, odd] = [xs.map((k) => 8 + k), xs.map((k) => 12 + k)];
  const [r0, r1] = [16, 17];
  return { parameters: 7, integers: 1, pairs: 10, body: [
    inBytes(...xs, r, n, out),
    during(i, get(n), 32, [
      set(r0, load2(at(r, i))), set(r1, load2(at(r, i), 16)),
      xs.map((x) => [set(even[x], add2(get(even[x]), mul2(load2(at(x, i)), get(r0)))), set(odd[x], add2(get(odd[x]), mul2(load2(at(x, i), 16), get(r1))))]),
    ]),
    xs.map((x) => [set(even[x], add2(get(even[x]), get(odd[x]))), store1(get(out), lanes(even[x]), 8 * x)]),
  ] };
}

function combination(count: number): Kernel {
  const c = 0;
  const xs = range(count).map((k) => 1 + k);
  const [y, n, i] = [1 + count, 2 + count, 3 + count];
  const factors = xs.map((x) => i + x);
  const sum = i + count + 1;
  return { parameters: 3 + count, integers: 1, pairs: count + 1, body: [
    inBytes(c, ...xs, y, n),
    factors.map((f, k) => set(f, spread(get(c), 8 * k))),
    during(i, get(n), 16, [
      set(sum, load2(at(y, i))),
      xs.map((x, k) => set(sum, add2(get(sum), mul2(get(factors[k]), load2(at(x, i)))))),
      store2(at(y, i), get(sum)),
    ]),
  ] };
}

/** Two modules over one memory, each below the 4 KiB that older browsers compile without delay. */
export const vectorModules = (): Uint8Array[] =>
  [assemble({ tile: tile(), dots: dots(), combine: combination(4), addMultiple: combination(1), dealOut: dealOut() }), assemble(riskSetKernels())];

/** The same in plain code, over the numbers that `memory` gives. */
export function plainKernels(memory: () => Float64Array): VectorKernels {
  return {
    ...plainRiskSetKernels(memory), ...plainOrderKernels(memory),
    tile(u, v, stride, n, end, out) {
      const f = memory();
      for (let a = 0; a < 4; a++) for (let b = 0; b < 2; b++) {
        const left = u + a * stride, right = v + b * stride;
        let even = 0, odd = 0;
        for (let i = 0; i < n; i += 2) { even += f[left + i] * f[right + i]; odd += f[left + i + 1] * f[right + i + 1]; }
        for (let i = n; i < end; i += 2) { even -= f[left + i] * f[right + i]; odd -= f[left + i + 1] * f[right + i + 1]; }
        f[out + 2 * a + b] = even + odd;
      }
    },
    dots(x0, x1, x2, x3, r, n, out) {
      const f = memory();
      [x0, x1, x2, x3].forEach((x, k) => {
        let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (let i = 0; i < n; i += 4) { s0 += f[x + i] * f[r + i]; s1 += f[x + i + 1] * f[r + i + 1]; s2 += f[x + i + 2] * f[r + i + 2]; s3 += f[x + i + 3] * f[r + i + 3]; }
        f[out + k] = s0 + s2 + (s1 + s3);
      });
    },
    combine(c, x0, x1, x2, x3, y, n) {
      const f = memory();
      const [c0, c1, c2, c3] = f.subarray(c, c + 4);
      for (let i = 0; i < n; i++) f[y + i] = f[y + i] + c0 * f[x0 + i] + c1 * f[x1 + i] + c2 * f[x2 + i] + c3 * f[x3 + i];
    },
    addMultiple(c, x, y, n) {
      const f = memory();
      const c0 = f[c];
      for (let i = 0; i < n; i++) f[y + i] += c0 * f[x + i];
    },
  };
}
