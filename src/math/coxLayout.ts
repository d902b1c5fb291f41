import type { CoxData } from "./coxData.js";
import type { CoxTies } from "./coxLikelihood.js";
import { eventWeights } from "./coxSums.js";
import { EVENT } from "./riskSetKernels.js";
import { allocate, returnHeap, roundUp, takeHeap, type VectorHeap } from "./vectorHeap.js";

/** The standardised rows in a heap, as the kernels of risk sets take them; every number but `width` and `events` is a place in it. */
export type CoxLayout = {
  data: CoxData; ties: CoxTies; heap: VectorHeap; width: number; events: number; x: number;
  /** for a block of the groups with events: sums of x over the risk set (and in the row before, of the group before), and over the events */
  sums: number; own: number;
  /** what each row counts in the information: those of x, the sums and the sums over events of all groups with events */
  c: number;
  beta: number;
  /** by position: weight of its event, η, relative risk, and what the score sums */
  eventOf: number; eta: number; risk: number; residual: number;
  ones: number; records: number; steps: number;
  /** plans of the running sums: over the risk sets, over their events, over all rows */
  atRisk: number; dying: number; all: number; leave: number;
  /** cumulative hazards; by position which of them is reached, and which was passed before a late entry */
  hazards: number; reached: number; passed: number | undefined;
  score: number; gram: number;
  /** total weight of the events of each group with events, and its steps; weight of all events */
  weight: Float64Array; stepsOf: Int32Array; eventWeight: number;
};

/** numbers of a step of a plan of running sums */
export const PLAN = 5;
/** rows that stay in the processor's cache while the blocks of columns pass by */
export const BLOCK = 1024;

/** Lays the rows out for as many likelihoods as `use` asks for, and gives the heap back. Plumbing of the partial likelihood. */
export function withLayout<T>(data: CoxData, ties: CoxTies, use: (layout: CoxLayout) => T): T {
  const { n, p, deaths } = data;
  const width = roundUp(p);
  const groups = Int32Array.from(deaths.keys()).filter((g) => deaths[g] > 0);
  const events = groups.length;
  const block = Math.min(BLOCK, events) * width;
  const heap = takeHeap(n * width + 2 * block + 12 * (n + events));
  try {
    const room = (count: number) => allocate(heap, count);
    const integers = (list: Int32Array) => {
      const at = room(list.length);
      placeIntegers(new Int32Array(heap.f.buffer), at, list);
      return at;
    };
    // running sums start from a row of zeros
    const zeros = (count: number, before: number) => room(before + count) + before;
    const x = room(n * width);
    placeRows(heap.f, x, width, data);
    const ones = room(2 * n);
    heap.f.fill(1, ones, ones + 2 * n);
    const { atRisk, dying } = plans(heap, data, groups);
    const eventOf = room(n);
    const eventWeight = placeEvents(heap.f, eventOf, data);
    const all = room(PLAN);
    new Int32Array(heap.f.buffer)[2 * (all + 4)] = n;
    const { records, weight, stepsOf } = eventRecords(heap, data, ties, groups);
    const from = followingEvents(data, groups);
    return use({
      data, ties, heap, width, events, x, sums: zeros(block, width), own: room(block), c: room(n + 2 * events), beta: room(width), eventOf, eta: room(n), risk: room(n), residual: room(n), ones, records, steps: room(data.events),
      atRisk, dying, all, leave: data.leave === undefined ? 0 : integers(data.leave), hazards: room(2 * events + 1),
      reached: integers(reached(data, from, events)), passed: data.before === undefined ? undefined : integers(passed(data, data.before, from, events)),
      score: zeros(width, width), gram: room(width * width), weight, stepsOf, eventWeight,
    });
  } finally {
    returnHeap(heap);
  }
}

function placeRows(f: Float64Array, at: number, width: number, { n, p, x }: CoxData): void {
  if (p === width) f.set(x, at);
  else for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) f[at + i * width + j] = x[i * p + j];
}

/** Lays out w δ; its sum. */
function placeEvents(f: Float64Array, at: number, { n, event, weight }: CoxData): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += f[at + i] = event[i] * weight[i];
  return sum;
}

function placeIntegers(memory: Int32Array, at: number, list: Int32Array): void {
  for (let k = 0; k < list.length; k++) memory[2 * (at + k)] = list[k];
}

/** Which rows come in and leave between one group with events and the next, and which of those that come in have their event. */
function plans(heap: VectorHeap, { group, deaths, emptied, left }: CoxData, groups: Int32Array): { atRisk: number; dying: number } {
  const atRisk = allocate(heap, PLAN * groups.length);
  const dying = allocate(heap, PLAN * groups.length);
  const memory = new Int32Array(heap.f.buffer);
  let from = 0, gone = 0, keep = 1;
  for (let g = 0, e = 0; e < groups.length; g++) {
    if (emptied[g] === 1) {
      // nothing that came or went before counts any more
      from = group[g];
      gone = left === undefined ? 0 : left[g];
      keep = 0;
    }
    if (deaths[g] === 0) continue;
    const at = atRisk + PLAN * e;
    heap.f[at] = keep;
    memory[2 * (at + 1)] = gone;
    memory[2 * (at + 2)] = gone = left === undefined ? 0 : left[g];
    memory[2 * (at + 3)] = from;
    memory[2 * (at + 4)] = from = group[g + 1];
    const own = dying + PLAN * e++;
    memory[2 * (own + 3)] = group[g];
    memory[2 * (own + 4)] = group[g] + deaths[g];
    keep = 1;
  }
  return { atRisk, dying };
}

function eventRecords(heap: VectorHeap, data: CoxData, ties: CoxTies, groups: Int32Array): { records: number; weight: Float64Array; stepsOf: Int32Array } {
  const { deaths, stratum } = data;
  const records = allocate(heap, EVENT.size * (groups.length + 1)) + EVENT.size;
  const weights = eventWeights(data);
  const weight = new Float64Array(groups.length);
  const stepsOf = new Int32Array(groups.length);
  for (let e = 0, at = records; e < groups.length; e++, at += EVENT.size) {
    const g = groups[e];
    weight[e] = weights[g];
    stepsOf[e] = ties === "efron" ? deaths[g] : 1;
    heap.f[at + EVENT.load] = weight[e];
    heap.f[at + EVENT.steps] = stepsOf[e];
    heap.f[at + EVENT.next] = e + 1 < groups.length && stratum[groups[e + 1]] === stratum[g] ? 1 : 0;
  }
  return { records, weight, stepsOf };
}

/** By group the first group with events from there on, of its stratum, among those with events; their number where there is none. */
function followingEvents({ stratum }: CoxData, groups: Int32Array): Int32Array {
  const first = new Int32Array(stratum.length).fill(groups.length);
  for (let g = stratum.length - 1, e = groups.length - 1; g >= 0; g--) {
    if (e >= 0 && groups[e] === g) first[g] = e--;
    else if (g + 1 < stratum.length && stratum[g + 1] === stratum[g]) first[g] = first[g + 1];
  }
  return first;
}

/** By position the place among the cumulative hazards (as `cumulativeRisks` lays them) of what it lives through. */
function reached({ n, groupOf, event }: CoxData, from: Int32Array, events: number): Int32Array {
  const place = new Int32Array(n);
  for (let i = 0; i < n; i++) place[i] = from[groupOf[i]] + event[i] * (events + 1);
  return place;
}

/** By position the place among them of what had passed at its entry. */
function passed({ groupOf, stratum }: CoxData, before: Int32Array, from: Int32Array, events: number): Int32Array {
  return before.map((g, i) => (g < stratum.length && stratum[g] === stratum[groupOf[i]] ? from[g] : events));
}
