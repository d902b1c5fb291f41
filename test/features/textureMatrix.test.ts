// Matrices against published examples, PyRadiomics' stored matrices, and counting written out plainly.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  cooccurrences, dependences, directions, runLengths, sizeZones, toneDifferences, zones, type Axis, type Levels, type TextureMatrix,
} from "../../src/features/index.js";
import { binEdges, digitize } from "../../src/prepare/index.js";
import { extendedTest, readVolume } from "../data.js";
import { regionOf } from "./regionOf.js";

function levelsOf(slices: number[][][]): Levels {
  const size: Levels["size"] = [slices[0][0].length, slices[0].length, slices.length];
  const level = Int32Array.from(slices.flat(2));
  const index = Int32Array.from([...level.keys()].filter((p) => level[p] > 0));
  return { size, level, index, highest: Math.max(...level) };
}

/** Full table: row per level 1..rows, column per number 1..columns. */
function table(m: TextureMatrix, rows: number, columns: number): number[][] {
  const full = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
  m.row.forEach((r, k) => { full[m.level[r] - 1][m.column[k] - 1] += m.count[k]; });
  return full;
}

function pairTable(m: TextureMatrix, n: number, symmetric: boolean): number[][] {
  const full = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  m.row.forEach((r, k) => {
    const i = m.level[r] - 1, j = m.level[m.column[k]] - 1;
    full[i][j] += m.count[k];
    if (symmetric && i !== j) full[j][i] += m.count[k];
  });
  return full;
}

const along = (x: number, y: number, z = 0) => Int16Array.of(x, y, z);

describe("published examples", () => {
  // Haralick, Shanmugam, Dinstein, IEEE Trans SMC 1973;3:610, figure 3: a 4 × 4 image of levels 0 to 3 and its four matrices
  const haralick = levelsOf([[[0, 0, 1, 1], [0, 0, 1, 1], [0, 2, 2, 2], [2, 2, 3, 3]].map((row) => row.map((v) => v + 1))]);
  test.each([
    ["0°", along(-1, 0), [[4, 2, 1, 0], [2, 4, 0, 0], [1, 0, 6, 1], [0, 0, 1, 2]]],
    ["90°", along(0, -1), [[6, 0, 2, 0], [0, 4, 2, 0], [2, 2, 2, 2], [0, 0, 2, 0]]],
    ["135°", along(-1, -1), [[2, 1, 3, 0], [1, 2, 1, 0], [3, 1, 0, 2], [0, 0, 2, 0]]],
    ["45°", along(1, -1), [[4, 1, 0, 0], [1, 2, 2, 0], [0, 2, 4, 1], [0, 0, 1, 0]]],
  ])("co-occurrences of Haralick's image at %s", (_, offset, expected) => {
    expect(pairTable(cooccurrences(haralick, offset)[0], 4, true)).toEqual(expected);
  });

  // PyRadiomics documentation, radiomics.glrlm, glszm, gldm, ngtdm: the worked example of each class
  const example = levelsOf([[[5, 2, 5, 4, 4], [3, 3, 3, 1, 3], [2, 1, 1, 1, 3], [4, 2, 2, 2, 3], [3, 5, 3, 3, 2]]]);
  test("runs, zones and dependences of PyRadiomics' example", () => {
    expect(table(runLengths(example, along(-1, 0))[0], 5, 5)).toEqual(
      [[1, 0, 1, 0, 0], [3, 0, 1, 0, 0], [4, 1, 1, 0, 0], [1, 1, 0, 0, 0], [3, 0, 0, 0, 0]]);
    expect(table(sizeZones(example, 2), 5, 5)).toEqual(
      [[0, 0, 0, 1, 0], [1, 0, 0, 0, 1], [1, 0, 1, 0, 1], [1, 1, 0, 0, 0], [3, 0, 0, 0, 0]]);
    expect(table(dependences(example, directions([1], 2)), 5, 4)).toEqual(
      [[0, 1, 2, 1], [1, 2, 3, 0], [1, 4, 4, 0], [1, 2, 0, 0], [3, 0, 0, 0]]);
  });
  test("tone differences of PyRadiomics' example", () => {
    const m = toneDifferences(levelsOf([[[1, 2, 5, 2], [3, 5, 1, 3], [1, 3, 5, 5], [3, 1, 1, 1]]]), directions([1], 2));
    expect([...m.level]).toEqual([1, 2, 3, 5]);
    expect([...m.count]).toEqual([6, 2, 4, 4]);
    // its table prints 2.63 for level 3, but |3 − 12/5| + |3 − 18/5| + |3 − 20/8| + |3 − 5/3| = 3.03
    [13.35, 2, 3.03, 10.075].forEach((s, k) => expect(m.difference[k]).toBeCloseTo(s, 2));
  });
});

/** A scattered region of few or many levels. */
function scattered(size: Levels["size"], levels: number, share: number): Levels {
  let state = 12345 + levels;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  const level = Int32Array.from({ length: size[0] * size[1] * size[2] }, () => next() < share ? 2 + 3 * Math.floor((levels * next()) ** 1.2 / levels ** 0.2) : 0);
  return { size, level, index: Int32Array.from([...level.keys()].filter((p) => level[p] > 0)), highest: Math.max(...level) };
}

/** The level beside voxel p, 0 outside the region. */
function beside({ size: [nx, ny, nz], level }: Levels, p: number, [dx, dy, dz]: number[]): number {
  const x = p % nx + dx, y = Math.floor(p / nx) % ny + dy, z = Math.floor(p / nx / ny) + dz;
  return x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? 0 : level[(z * ny + y) * nx + x];
}

const triples = (offsets: Int16Array) => Array.from({ length: offsets.length / 3 }, (_, d) => [...offsets.subarray(3 * d, 3 * d + 3)]);
const counted = (keys: string[]) => keys.reduce((map, key) => map.set(key, (map.get(key) ?? 0) + 1), new Map<string, number>());
const cells = (m: TextureMatrix) => new Map(Array.from(m.row, (r, k) => [`${m.level[r]} ${m.column[k]}`, m.count[k]]));

describe.each([["few levels", 4, 0.7], ["many levels", 150, 0.6], ["one level", 1, 0.5]])("counting written out plainly, %s", (_, levels, share) => {
  const region = scattered([9, 8, 7], levels, share);
  test.each<[number[], Axis | undefined]>([[[1], undefined], [[1, 2], undefined], [[1], 0], [[1], 1], [[1], 2], [[2], 0]])("distances %j, flat axis %s", (distances, flat) => {
    const offsets = directions(distances, flat);
    const both = triples(offsets).flatMap((o) => [o, o.map((x) => -x)]);
    const plain = cooccurrences(region, offsets, false);
    const paired = cooccurrences(region, offsets, true);
    triples(offsets).forEach((offset, d) => {
      const expected = counted([...region.index].flatMap((p) => {
        const earlier = beside(region, p, offset);
        return earlier > 0 ? [`${earlier} ${region.level[p]}`] : [];
      }));
      const found = new Map(Array.from(plain[d].row, (r, k) => [`${plain[d].level[r]} ${plain[d].level[plain[d].column[k]]}`, plain[d].count[k]]));
      expect(found).toEqual(expected);
      const full = pairTable(plain[d], region.highest, false);
      expect(pairTable(paired[d], region.highest, true)).toEqual(full.map((row, i) => row.map((c, j) => c + full[j][i])));
    });
    for (const alpha of [0, 1, 3]) {
      expect(cells(dependences(region, offsets, alpha))).toEqual(counted([...region.index].map((p) => {
        const near = both.filter((o) => beside(region, p, o) > 0 && Math.abs(beside(region, p, o) - region.level[p]) <= alpha);
        return `${region.level[p]} ${near.length + 1}`;
      })));
    }
    const tones = toneDifferences(region, offsets);
    tones.level.forEach((level, k) => {
      const means = [...region.index].filter((p) => region.level[p] === level)
        .map((p) => both.map((o) => beside(region, p, o)).filter((l) => l > 0))
        .map((l) => l.length === 0 ? NaN : l.reduce((a, b) => a + b, 0) / l.length);
      const known = means.filter((m) => !Number.isNaN(m));
      expect([tones.count[k], tones.isolated[k]]).toEqual([known.length, means.length - known.length]);
      expect(tones.difference[k]).toBeCloseTo(known.reduce((sum, m) => sum + Math.abs(level - m), 0), 9);
    });
  });

  test.each([undefined, 0, 1, 2] as (Axis | undefined)[])("runs and zones, flat axis %s", (flat) => {
    const offsets = directions([1], flat);
    runLengths(region, offsets).forEach((m, d) => {
      const o = triples(offsets)[d];
      const starts = [...region.index].filter((p) => beside(region, p, o) !== region.level[p]);
      expect(cells(m)).toEqual(counted(starts.map((p) => {
        let length = 1;
        while (beside(region, p, o.map((x) => -x * length)) === region.level[p]) length++;
        return `${region.level[p]} ${length}`;
      })));
    });
    const found = zones(region, flat);
    const zoneAt = new Map([...region.index].map((p, v) => [p, found.zone[v]]));
    const [nx, ny] = region.size;
    const seen = new Set<number>();
    const sizes: string[] = [];
    for (const start of region.index) {
      if (seen.has(start)) continue;
      const queue = [start];
      seen.add(start);
      for (const p of queue) for (const o of triples(offsets).flatMap((t) => [t, t.map((x) => -x)])) {
        const q = p + o[0] + nx * (o[1] + ny * o[2]);
        if (beside(region, p, o) !== region.level[p] || seen.has(q)) continue;
        seen.add(q);
        queue.push(q);
      }
      expect(new Set(queue.map((p) => zoneAt.get(p))).size).toBe(1);
      expect(found.size[zoneAt.get(start)!]).toBe(queue.length);
      sizes.push(`${region.level[start]} ${queue.length}`);
    }
    expect(found.size.length).toBe(sizes.length);
    expect(cells(sizeZones(region, flat))).toEqual(counted(sizes));
  });
});

test("matrices do not change when the box grows around the region", () => {
  const small = scattered([7, 6, 5], 6, 0.8);
  const size: Levels["size"] = [12, 11, 9];
  const level = new Int32Array(size[0] * size[1] * size[2]);
  const [nx, ny] = small.size;
  for (const p of small.index) {
    const x = p % nx, y = Math.floor(p / nx) % ny, z = Math.floor(p / nx / ny);
    level[((z + 2) * size[1] + y + 1) * size[0] + x + 4] = small.level[p];
  }
  const large: Levels = { size, level, highest: small.highest, index: Int32Array.from([...level.keys()].filter((p) => level[p] > 0)) };
  const offsets = directions([1, 2]);
  const near = directions([1]);
  expect(cooccurrences(large, offsets)).toEqual(cooccurrences(small, offsets));
  expect(runLengths(large, near)).toEqual(runLengths(small, near));
  expect(sizeZones(large)).toEqual(sizeZones(small));
  expect(dependences(large, offsets, 1)).toEqual(dependences(small, offsets, 1));
  expect(toneDifferences(large, offsets)).toEqual(toneDifferences(small, offsets));
});

test("matrices do not depend on what was asked for before", () => {
  const first = scattered([7, 6, 5], 6, 0.8), again = scattered([7, 6, 5], 6, 0.8);
  const near = directions([1]), far = directions([2]);
  const before = [runLengths(first, near), sizeZones(first), dependences(first, near)];
  toneDifferences(again, far);
  runLengths(again, directions([1], 2));
  cooccurrences(again, far);
  expect([runLengths(again, near), sizeZones(again), dependences(again, near)]).toEqual(before);
  toneDifferences(first, far);
  expect([runLengths(first, near), sizeZones(first), dependences(first, near)]).toEqual(before);
});

test("directions are half of each shell", () => {
  expect(directions([1]).length / 3).toBe(13);
  expect(directions([1, 2]).length / 3).toBe(62);
  expect(directions([3]).length / 3).toBe((7 ** 3 - 5 ** 3) / 2);
  expect(directions([1], 2).length / 3).toBe(4);
  expect(directions([2], 0).length / 3).toBe(8);
});

/** A float64 array of NumPy's file format, as a function of its place. */
function readNpy(path: string): { shape: number[]; at: (...place: number[]) => number } {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(10, start).toString("latin1");
  const shape = /\(([^)]*)\)/.exec(header)![1].split(",").filter((s) => s.trim() !== "").map(Number);
  const order = header.includes("'fortran_order': True") ? [...shape.keys()] : [...shape.keys()].reverse();
  return {
    shape,
    at: (...place) => {
      let offset = 0, stride = 1;
      for (const axis of order) { offset += place[axis] * stride; stride *= shape[axis]; }
      return bytes.readDoubleLE(start + 8 * offset);
    },
  };
}

// Matrices that PyRadiomics stores beside its published baseline (binWidth 25): data/baseline/<case>_<class>.npy at 8ed5793
for (const name of ["brain1", "brain2", "breast1"]) {
  extendedTest(`matrices of ${name} equal PyRadiomics' stored ones`, `radiomics/pyradiomics/baseline/${name}_glcm.npy`, async (path) => {
    const folder = path.replace(`baseline/${name}_glcm.npy`, "");
    const region = regionOf(await readVolume(`${folder}${name}_image.nrrd`), await readVolume(`${folder}${name}_label.nrrd`), 1);
    const levels: Levels = {
      size: region.grid.size, index: region.index, ...digitize(region.values, region.index, binEdges(region.values, region.index, { binWidth: 25 })),
    };
    const stored = (kind: string) => readNpy(path.replace("glcm", kind));
    const offsets = directions([1]);
    // rows of the stored matrices are the levels present; which direction a layer belongs to is not stored
    const layers = (kind: string) => {
      const { shape: [rows, columns, depth], at } = stored(kind);
      return Array.from({ length: depth }, (_, d) => Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j, d))));
    };
    const close = (a: number[][], b: number[][]) => a.every((row, i) => row.every((v, j) => Math.abs(v - b[i][j]) <= 1e-12));
    const glcm = layers("glcm");
    cooccurrences(levels, offsets).forEach((m) => {
      const full = pairTable(m, levels.highest, true);
      const total = full.flat().reduce((a, b) => a + b, 0);
      const present = [...m.level].map((i) => [...m.level].map((j) => full[i - 1][j - 1] / total));
      expect(glcm.filter((layer) => close(layer, present)).length).toBe(1);
    });
    const glrlm = layers("glrlm");
    const runs = runLengths(levels, offsets);
    const lengths = [...new Set(runs.flatMap((m) => [...m.column]))].sort((a, b) => a - b);
    runs.forEach((m) => {
      const present = table(m, levels.highest, Math.max(...levels.size)).filter((_, i) => m.level.includes(i + 1)).map((row) => lengths.map((j) => row[j - 1]));
      expect(glrlm.filter((layer) => close(layer, present)).length).toBe(1);
    });
    for (const [kind, m] of [["glszm", sizeZones(levels)], ["gldm", dependences(levels, offsets)]] as const) {
      const { shape: [rows, columns], at } = stored(kind);
      const full = table(m, levels.highest, Math.max(...m.column)).filter((_, i) => m.level.includes(i + 1));
      const met = [...new Set(m.column)].sort((a, b) => a - b);
      expect([full.length, met.length]).toEqual([rows, columns]);
      expect(full.map((row) => met.map((j) => row[j - 1]))).toEqual(Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j))));
    }
    const tones = toneDifferences(levels, offsets), ngtdm = stored("ngtdm");
    tones.level.forEach((level, k) => {
      expect([tones.count[k] + tones.isolated[k], level]).toEqual([ngtdm.at(k, 0), ngtdm.at(k, 2)]);
      expect(Math.abs(tones.difference[k] - ngtdm.at(k, 1))).toBeLessThan(1e-9);
    });
  });
}
