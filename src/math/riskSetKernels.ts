import {
  add, add2, again, div2, double as d, during, get, int, lanes, load1, load2, loadInt, mul, mul2, set, shiftLeft, spread, store1, store2, sub, sub2, where, type Code, type Kernel,
} from "./wasm.js";

/**
 * Inner loops over the rows of a matrix and over risk sets, like `VectorKernels` in WebAssembly and (riskSetPlain) in plain code of the same
 * bits. Rows are `width` numbers apart, a multiple of 4 where nothing else is said. Integers in memory take the room of a double, the
 * integer in its first half. A risk set has a record of 8 numbers, `EVENT` names them.
 */
export type RiskSetKernels = {
  /** out[i] += row i of x times b */
  rowProducts(x: number, width: number, rows: number, b: number, out: number): void;
  /**
   * Two columns of running sums of r_i x_i, which go on from the row before out: before row t of out (`apart` numbers from the next) the sum is
   * multiplied with keep, loses the rows leave[first … last − 1] and gains the rows from … to − 1; the plan has (keep, first, last, from,
   * to) for every t.
   */
  runningSums(x: number, width: number, r: number, plan: number, leave: number, count: number, out: number, apart: number): void;
  /**
   * Fills hazard, own and mix of the records; outer[t] and outerOwn[t] with what the outer products of (S1 + mix s1) / S0 and of
   * s1 / S0 count in the information; `sums` with S0 − (k/d) s0 of each step of each record.
   */
  eventTerms(record: number, count: number, outer: number, outerOwn: number, sums: number): void;
  /** sum[t] = (sum[t] + mix own[t]) / S0 and own[t] = own[t] / S0, row by row */
  meanRows(sum: number, own: number, width: number, record: number, count: number): void;
  /**
   * c[i] = r[i] H[at[i]]: H[t] is the hazard of record t and those after it in its stratum, H[count] is 0, and H[count + 1 + t] is what an
   * event at t lives through.
   */
  cumulativeRisks(record: number, count: number, H: number, at: number, r: number, rows: number, c: number): void;
  /** c[i] −= r[i] H[at[i]] */
  takePassed(H: number, at: number, r: number, rows: number, c: number): void;
  /** out += Σ c_i x_i x_i′, of the blocks of 4 × 4 on and below the diagonal of a width × width matrix */
  addGram(x: number, width: number, rows: number, c: number, out: number): void;
};

/**
 * Numbers of a record: weight of the events times their multiplier, steps (1 or, with Efron's ties, events), 1 where the next record is of the same
 * stratum; sums of risk over who is at risk and over the events; increments of the hazard; share of s1 in the first outer product.
 */
export const EVENT = { load: 0, steps: 1, next: 2, total: 3, dying: 4, hazard: 5, own: 6, mix: 7, size: 8 } as const;

const inBytes = (...locals: number[]): Code => locals.map((l) => set(l, shiftLeft(get(l), 3)));
const range = (n: number, from = 0) => Array.from({ length: n }, (_, k) => from + k);
const plus = (pointer: number, by: number): Code => add(get(pointer), get(by));
const advance = (pointer: number, by: number): Code => set(pointer, plus(pointer, by));
const step = (pointer: number, by: number): Code => set(pointer, add(get(pointer), int(by)));
const field = (record: number, which: keyof typeof EVENT): Code => d.load(get(record), 8 * EVENT[which]);
const RECORD = 8 * EVENT.size;

function rowProducts(): Kernel {
  const [x, width, rows, b, out, i, j, sum] = range(8);
  return { parameters: 5, integers: 2, pairs: 1, body: [
    inBytes(x, width, rows, b, out),
    during(i, get(rows), 8, [
      set(sum, load1(plus(out, i))), set(j, int(0)),
      during(j, get(width), 16, set(sum, add2(get(sum), mul2(load2(plus(x, j)), load2(plus(b, j)))))),
      store1(plus(out, i), lanes(sum)), advance(x, width),
    ]),
  ] };
}

function runningSums(): Kernel {
  const [x, width, r, plan, leave, count, out, apart, t, l, i, end, sum] = range(13);
  const index = (address: Code): Code => shiftLeft(loadInt(address), 3);
  const planned = (which: number): Code => index(add(get(plan), int(8 * which)));
  const part = (position: Code): Code => mul2(spread(add(get(r), position)), load2(add(get(x), mul(position, get(width)))));
  return { parameters: 8, integers: 4, pairs: 1, body: [
    inBytes(x, r, plan, leave, out, apart),
    set(sum, load2(sub(get(out), get(apart)))),
    during(t, get(count), 1, [
      set(sum, mul2(get(sum), spread(get(plan)))),
      set(l, planned(1)), set(end, planned(2)),
      during(l, get(end), 8, [set(i, index(plus(leave, l))), set(sum, sub2(get(sum), part(get(i))))]),
      set(i, planned(3)), set(end, planned(4)),
      during(i, get(end), 8, set(sum, add2(get(sum), part(get(i))))),
      store2(get(out), get(sum)), advance(out, apart), step(plan, 40),
    ]),
  ] };
}

function eventTerms(): Kernel {
  const [record, count, outer, outerOwn, sums, t] = range(6);
  const [load, k, f, sum, q, A, B, C, hazard, own] = range(10, 6);
  const plusD = (local: number, value: Code): Code => set(local, d.add(get(local), value));
  return { parameters: 5, integers: 1, pairs: 0, doubles: 10, body: [
    inBytes(record, outer, outerOwn, sums),
    during(t, get(count), 1, [
      set(load, d.div(field(record, "load"), field(record, "steps"))),
      [k, A, B, C, hazard, own].map((l) => set(l, d.zero)),
      again(d.below(get(k), field(record, "steps")), [
        set(f, d.div(get(k), field(record, "steps"))),
        set(sum, d.sub(field(record, "total"), d.mul(get(f), field(record, "dying")))),
        store1(get(sums), get(sum)), step(sums, 8),
        set(q, d.div(get(load), get(sum))),
        plusD(hazard, get(q)), plusD(own, d.mul(d.sub(d.one, get(f)), get(q))),
        // load (S0 / sum)²
        set(q, d.div(d.mul(d.mul(get(q), field(record, "total")), field(record, "total")), get(sum))),
        plusD(A, get(q)), set(B, d.sub(get(B), d.mul(get(f), get(q)))), plusD(C, d.mul(d.mul(get(f), get(f)), get(q))),
        plusD(k, d.one),
      ]),
      store1(get(record), get(hazard), 8 * EVENT.hazard), store1(get(record), get(own), 8 * EVENT.own),
      set(q, d.div(get(B), where(d.equal(get(A), d.zero), d.one, get(A)))),
      store1(get(record), get(q), 8 * EVENT.mix),
      store1(get(outer), d.negated(get(A))), store1(get(outerOwn), d.sub(d.mul(get(B), get(q)), get(C))),
      step(record, RECORD), step(outer, 8), step(outerOwn, 8),
    ]),
  ] };
}

function meanRows(): Kernel {
  const [sum, own, width, record, count, t, j, total, mix] = range(9);
  return { parameters: 5, integers: 2, pairs: 2, body: [
    inBytes(sum, own, width, record),
    during(t, get(count), 1, [
      set(total, spread(get(record), 8 * EVENT.total)), set(mix, spread(get(record), 8 * EVENT.mix)), set(j, int(0)),
      during(j, get(width), 16, [
        store2(plus(sum, j), div2(add2(load2(plus(sum, j)), mul2(get(mix), load2(plus(own, j)))), get(total))),
        store2(plus(own, j), div2(load2(plus(own, j)), get(total))),
      ]),
      advance(sum, width), advance(own, width), step(record, RECORD),
    ]),
  ] };
}

/** r[i] H[at[i]] */
const product = (r: number, H: number, at: number, i: number): Code =>
  d.mul(d.load(plus(r, i)), d.load(add(get(H), shiftLeft(loadInt(plus(at, i)), 3))));

function cumulativeRisks(): Kernel {
  const [record, count, H, at, r, rows, c, i, events, sum] = range(10);
  return { parameters: 7, integers: 2, pairs: 0, doubles: 1, body: [
    inBytes(H, at, r, rows, c),
    // from the last record to the first
    set(record, add(shiftLeft(get(record), 3), mul(get(count), int(RECORD)))),
    set(H, add(get(H), shiftLeft(get(count), 3))), set(events, add(get(H), shiftLeft(get(count), 3))),
    during(i, get(count), 1, [
      step(record, -RECORD), step(H, -8),
      set(sum, d.add(field(record, "hazard"), d.mul(field(record, "next"), get(sum)))),
      store1(get(H), get(sum)),
      store1(get(events), d.add(d.sub(get(sum), field(record, "hazard")), field(record, "own"))), step(events, -8),
    ]),
    set(i, int(0)),
    during(i, get(rows), 8, store1(plus(c, i), product(r, H, at, i))),
  ] };
}

function takePassed(): Kernel {
  const [H, at, r, rows, c, i] = range(6);
  return { parameters: 5, integers: 1, pairs: 0, body: [
    inBytes(H, at, r, rows, c),
    during(i, get(rows), 8, store1(plus(c, i), d.sub(d.load(plus(c, i)), product(r, H, at, i)))),
  ] };
}

function addGram(): Kernel {
  const [x, width, rows, c, out, a, b, i, row, at, to, end] = range(12);
  const sum = (r: number, q: number) => 12 + 2 * r + q;
  const [left, right0, right1] = [20, 21, 22];
  const eachSum = (what: (r: number, q: number) => Code): Code => range(4).map((r) => [
    set(to, r === 0 ? add(plus(at, b), get(out)) : plus(to, width)), range(2).map((q) => what(r, q)),
  ]);
  const madd = (to: number, right: number): Code => set(to, add2(get(to), mul2(get(left), get(right))));
  return { parameters: 5, integers: 7, pairs: 11, body: [
    inBytes(x, width, rows, c, out),
    during(a, get(width), 32, [
      set(end, add(get(a), int(32))), set(b, int(0)),
      during(b, get(end), 32, [
        eachSum((r, q) => set(sum(r, q), load2(get(to), 16 * q))),
        set(i, int(0)), set(row, get(x)),
        during(i, get(rows), 8, [
          set(left, spread(plus(c, i))),
          set(right0, mul2(get(left), load2(plus(row, b)))), set(right1, mul2(get(left), load2(plus(row, b), 16))),
          range(4).map((r) => [set(left, spread(plus(row, a), 8 * r)), madd(sum(r, 0), right0), madd(sum(r, 1), right1)]),
          advance(row, width),
        ]),
        eachSum((r, q) => store2(get(to), get(sum(r, q)), 16 * q)),
      ]),
      set(at, add(get(at), shiftLeft(get(width), 2))),
    ]),
  ] };
}

export const riskSetKernels = (): Record<keyof RiskSetKernels, Kernel> => ({
  rowProducts: rowProducts(), runningSums: runningSums(), eventTerms: eventTerms(), meanRows: meanRows(), cumulativeRisks: cumulativeRisks(), takePassed: takePassed(),
  addGram: addGram(),
});
