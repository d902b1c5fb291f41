import { expect, test } from "vitest";
import { defaultSettings, featureClasses, type Region } from "../../src/features/index.js";
import { orderStatistics } from "../../src/features/orderStatistics.js";

const firstorder = featureClasses.find((c) => c.name === "firstorder")!;

function statistics(values: Float64Array, shift = 0): Record<string, number> {
  const index = Int32Array.from(values.keys());
  const region: Region = {
    grid: { size: [values.length, 1, 1], spacing: [1, 2, 3], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
    values, index, inside: new Uint8Array(values.length).fill(1),
  };
  const levels = { size: region.grid.size, level: new Int32Array(values.length).fill(1), highest: 1, index };
  const prepared = firstorder.prepare(region, () => levels, { ...defaultSettings, voxelArrayShift: shift });
  return Object.fromEntries(Object.entries(firstorder.features).map(([name, f]) => [name, f.of(prepared)]));
}

// numpy 2.4.6, x = numpy.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5.5]): percentile, mean, var; moments (x − mean)³, (x − mean)⁴ averaged by numpy
test("statistics of eleven numbers agree with numpy", () => {
  const s = statistics(Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5.5));
  const expected: Record<string, number> = {
    "10Percentile": 1.0,
    "90Percentile": 6.0,
    Median: 4.0,
    InterquartileRange: 2.75,
    Mean: 4.045454545454546,
    Variance: 5.202479338842975,
    Skewness: 0.5100020750148218,
    Kurtosis: 2.738274889422054,
    MeanAbsoluteDeviation: 1.8677685950413225,
    RobustMeanAbsoluteDeviation: 1.55,
    Energy: 237.25,
    RootMeanSquared: 4.644155662570088,
    Range: 8.0,
  };
  for (const [name, value] of Object.entries(expected)) expect(Math.abs(s[name] - value), name).toBeLessThan(1e-13 * Math.max(1, Math.abs(value)));
});

test("order statistics are those of the sorted values", () => {
  let state = 99;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  for (const n of [1, 2, 3, 17, 1000, 20000]) {
    for (const make of [next, () => Math.floor(5 * next()), () => next() ** 9 - 1e6, () => (next() < 0.01 ? 1e12 : next())]) {
      const x = Float64Array.from({ length: n }, make);
      const sorted = x.slice().sort();
      const places = [0, n - 1, n >> 1, n >> 2, Math.floor(0.9 * (n - 1))];
      expect(orderStatistics(x, sorted[0], sorted[n - 1], places)).toEqual(places.map((p) => sorted[p]));
    }
  }
});

test("adding a constant moves the places, not the spread; voxelArrayShift enters the energies only", () => {
  const x = Float64Array.from({ length: 500 }, (_, k) => (k * 37) % 101);
  const s = statistics(x), moved = statistics(x.map((v) => v + 1000)), shifted = statistics(x, 1000);
  for (const name of ["Variance", "Skewness", "Kurtosis", "InterquartileRange", "MeanAbsoluteDeviation", "RobustMeanAbsoluteDeviation", "Range"]) {
    expect(Math.abs(moved[name] - s[name])).toBeLessThan(1e-10 * Math.max(1, Math.abs(s[name])));
    expect(shifted[name]).toBe(s[name]);
  }
  for (const name of ["Mean", "Median", "Minimum", "10Percentile"]) expect(moved[name]).toBeCloseTo(s[name] + 1000, 9);
  for (const name of ["Energy", "TotalEnergy", "RootMeanSquared"]) expect(shifted[name]).toBeCloseTo(moved[name], 5);
  expect(s.TotalEnergy).toBe(6 * s.Energy);
});

test("equal values have no spread, and skewness and kurtosis 0 by convention", () => {
  const s = statistics(new Float64Array(50).fill(7));
  expect([s.Variance, s.Skewness, s.Kurtosis, s.Range, s.RobustMeanAbsoluteDeviation, s.Median]).toEqual([0, 0, 0, 0, 0, 7]);
});
