// The kernels of risk sets in WebAssembly and in plain code against each other bit by bit, and Cox's likelihood on them against its definition.
import { expect, test } from "vitest";
import { coxData, coxLikelihood, likelihoodAt, randomStream, withLayout, type CoxData } from "../../src/math/index.js";
import { EVENT } from "../../src/math/riskSetKernels.js";
import { allocate, fastHeap, plainHeap, type VectorHeap } from "../../src/math/vectorHeap.js";

const ROWS = 23, WIDTH = 8, COUNT = 6;

/** everything the kernels give for seeded numbers */
function results(heap: VectorHeap): number[] {
  const random = randomStream(8);
  const place = (values: readonly number[]) => {
    const at = allocate(heap, values.length);
    heap.f.set(values, at);
    return at;
  };
  const integers = (values: readonly number[]) => {
    const at = allocate(heap, values.length);
    const memory = new Int32Array(heap.f.buffer);
    values.forEach((v, k) => { memory[2 * (at + k)] = v; });
    return at;
  };
  const normals = (count: number) => place(Array.from({ length: count }, () => random.normal()));
  const rises = (count: number) => place(Array.from({ length: count }, () => 0.1 + random.next()));
  const x = normals(ROWS * WIDTH), b = normals(WIDTH), products = normals(ROWS), r = rises(ROWS);
  heap.kernels.rowProducts(x, WIDTH, ROWS, b, products);
  const leave = integers([2, 0, 1, 5, 3, 9]);
  const plan = allocate(heap, 5 * COUNT);
  const memory = new Int32Array(heap.f.buffer);
  [[1, 0, 0, 0, 4], [1, 0, 2, 4, 7], [0, 3, 3, 7, 12], [1, 3, 5, 12, 12], [1, 5, 6, 12, 20], [1, 6, 6, 20, 23]].forEach((step, t) => step.forEach((v, k) => {
    if (k === 0) heap.f[plan + 5 * t] = v;
    else memory[2 * (plan + 5 * t + k)] = v;
  }));
  const sums = normals((COUNT + 1) * WIDTH) + WIDTH, own = normals(COUNT * WIDTH);
  for (let j = 0; j < WIDTH; j += 2) heap.kernels.runningSums(x + j, WIDTH, r, plan, leave, COUNT, sums + j, WIDTH);
  const total = [...heap.f.subarray(sums, sums + COUNT * WIDTH)];
  const records = rises(COUNT * EVENT.size);
  for (let t = 0; t < COUNT; t++) {
    const at = records + t * EVENT.size;
    heap.f[at + EVENT.steps] = 1 + (t % 3);
    heap.f[at + EVENT.next] = t === 3 ? 0 : 1;
    heap.f[at + EVENT.total] += 3;
    if (t === 2) heap.f[at + EVENT.load] = 0;
  }
  const outer = allocate(heap, COUNT), outerOwn = allocate(heap, COUNT), steps = allocate(heap, 3 * COUNT);
  heap.kernels.eventTerms(records, COUNT, outer, outerOwn, steps);
  heap.kernels.meanRows(sums, own, WIDTH, records, COUNT);
  const H = allocate(heap, 2 * COUNT + 1), c = allocate(heap, ROWS);
  heap.kernels.cumulativeRisks(records, COUNT, H, integers(Array.from({ length: ROWS }, (_, i) => (5 * i) % (2 * COUNT + 1))), r, ROWS, c);
  heap.kernels.takePassed(H, integers(Array.from({ length: ROWS }, (_, i) => (3 * i) % (COUNT + 1))), r, ROWS, c);
  const gram = normals(WIDTH * WIDTH);
  heap.kernels.addGram(x, WIDTH, ROWS, c, gram);
  return [...total, ...[products, records, outer, outerOwn, steps, sums, own, H, c, gram].flatMap((at) => [...heap.f.subarray(at, at + 18)]), ...heap.f.subarray(gram, gram + WIDTH * WIDTH)];
}

test("WebAssembly and plain code give the same bits", () => {
  const fast = fastHeap();
  expect(fast.kernels.runningSums.toString()).toContain("native code");
  const found = results(fast);
  expect(found.every(Number.isFinite)).toBe(true);
  expect(found).toEqual(results(plainHeap()));
});

/** Efron's or Breslow's log partial likelihood, its gradient and information as they are written, event time by event time. */
function byDefinition(data: CoxData, beta: number[], efron: boolean) {
  const { n, p, x, time, event, weight, offset, groupOf, stratum, start } = data;
  const row = (i: number) => Array.from({ length: p }, (_, j) => x[i * p + j]);
  const eta = Array.from({ length: n }, (_, i) => offset[i] + row(i).reduce((sum, v, j) => sum + v * beta[j], 0));
  let value = 0;
  const gradient = beta.map(() => 0);
  const information = Array.from({ length: p * p }, () => 0);
  for (let g = 0; g < stratum.length; g++) {
    const dying = Array.from({ length: n }, (_, i) => i).filter((i) => groupOf[i] === g && event[i] === 1);
    if (dying.length === 0) continue;
    const t = time[dying[0]];
    const atRisk = Array.from({ length: n }, (_, i) => i).filter((i) => stratum[groupOf[i]] === stratum[g] && time[i] >= t && (start === undefined || start[i] < t));
    const mean = dying.reduce((sum, i) => sum + weight[i], 0) / dying.length;
    dying.forEach((i, k) => {
      value += weight[i] * eta[i];
      row(i).forEach((v, j) => { gradient[j] += weight[i] * v; });
      const share = (q: number) => (efron && dying.includes(q) ? 1 - k / dying.length : 1) * weight[q] * Math.exp(eta[q]);
      const S0 = atRisk.reduce((sum, q) => sum + share(q), 0);
      const S1 = beta.map((_, j) => atRisk.reduce((sum, q) => sum + share(q) * row(q)[j], 0));
      value -= mean * Math.log(S0);
      for (let j = 0; j < p; j++) {
        gradient[j] -= (mean * S1[j]) / S0;
        for (let m = 0; m < p; m++) {
          const S2 = atRisk.reduce((sum, q) => sum + share(q) * row(q)[j] * row(q)[m], 0);
          information[j * p + m] += mean * (S2 / S0 - (S1[j] * S1[m]) / (S0 * S0));
        }
      }
    });
  }
  return { value, gradient, information };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("the partial likelihood is its definition: ties, strata, weights, offsets, late entry, gaps in which nobody is at risk (%i)", (seed) => {
  const random = randomStream(seed);
  const n = 30 + 3 * seed, p = seed % 6;
  const of = (what: () => number) => Float64Array.from({ length: n }, what);
  const time = of(() => 1 + Math.floor(12 * random.next()));
  // entries at 0, within the time before, and for half the seeds all anew at 6, when nobody is left
  const gap = seed % 2 === 0;
  const start = time.map((t) => (gap && t > 6 ? 6 : 0) + (random.next() < 0.4 ? 0.9 * random.next() * (gap && t > 6 ? t - 6 : t) : 0));
  const event = of(() => (random.next() < 0.6 ? 1 : 0));
  event[0] = 1;
  const columns = Array.from({ length: p }, () => of(() => random.normal()));
  const data = coxData({ names: columns.map((_, j) => `x${j}`), columns, n }, { time, event, ...(seed > 2 && { start }) }, {
    ...(seed % 3 !== 0 && { strata: Array.from(of(() => Math.floor(3 * random.next())), String) }), ...(seed > 1 && { weights: of(() => 0.2 + random.next()) }),
    ...(seed > 4 && { offset: of(() => random.normal()) }),
  });
  const beta = columns.map(() => random.normal() / 2);
  for (const ties of ["efron", "breslow"] as const) {
    const at = coxLikelihood(data, beta, ties);
    const truth = byDefinition(data, beta, ties === "efron");
    expect(Math.abs(at.value - truth.value)).toBeLessThan(1e-11 * (1 + Math.abs(truth.value)));
    truth.gradient.forEach((v, j) => expect(Math.abs(at.gradient[j] - v)).toBeLessThan(1e-11));
    truth.information.forEach((v, k) => expect(Math.abs(at.information[k] - v)).toBeLessThan(1e-11 * (1 + Math.abs(v))));
  }
});

test("thousands of event times are taken in blocks, and a hopeless β leaves no trace in the next likelihood", () => {
  const random = randomStream("blocks");
  const n = 2600;
  const of = (what: () => number) => Float64Array.from({ length: n }, what);
  const time = of(() => random.next()), x = of(() => random.normal()), event = of(() => (random.next() < 0.9 ? 1 : 0));
  const data = coxData({ names: ["x"], columns: [x], n }, { time, event });
  // no ties: sums from the last time to the first
  const [mean, sd] = [data.centre[0], data.scale[0]];
  let value = 0, gradient = 0, information = 0, S0 = 0, S1 = 0, S2 = 0;
  for (const i of Array.from(time.keys()).sort((a, b) => time[b] - time[a])) {
    const z = (x[i] - mean) / sd, risk = Math.exp(0.4 * z);
    S0 += risk;
    S1 += risk * z;
    S2 += risk * z * z;
    if (event[i] === 0) continue;
    value += 0.4 * z - Math.log(S0);
    gradient += z - S1 / S0;
    information += S2 / S0 - (S1 / S0) ** 2;
  }
  withLayout(data, "efron", (layout) => {
    for (let round = 0; round < 2; round++) {
      const at = likelihoodAt(layout, [0.4]);
      for (const [a, b] of [[at.value, value], [at.gradient[0], gradient], [at.information[0], information]]) expect(Math.abs(a / b - 1)).toBeLessThan(1e-11);
      likelihoodAt(layout, [NaN]);
    }
  });
});
