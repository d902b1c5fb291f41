// Compares filtered images with the first-order features that PyRadiomics computed from them: eight of each image.
import { expect } from "vitest";
import { boundingBox, selectLabel, type Box, type Volume } from "../../src/image/index.js";
import { filters, type FilterOptions } from "../../src/prepare/index.js";
import { toNumber } from "../data.js";

export const defaults: FilterOptions = {
  force2D: false, force2Ddimension: 0, sigma: [], wavelet: "coif1", start_level: 0, level: 1, gradientUseSpacing: true,
  lbp2DRadius: 1, lbp2DSamples: 8, lbp2DMethod: "uniform", lbp3DLevels: 2, lbp3DIcosphereRadius: 1, lbp3DIcosphereSubdivision: 1,
};

export type Run = {
  config: { setting?: Record<string, any>; imageType: Record<string, any> };
  features: Record<string, number | string>;
};

export function firstorder(values: number[]): Record<string, number> {
  const sorted = values.slice().sort((a, b) => a - b);
  const at = (p: number) => {
    const h = (sorted.length - 1) * p;
    const k = Math.floor(h);
    return sorted[k] + (h - k) * ((sorted[k + 1] ?? sorted[k]) - sorted[k]);
  };
  const mean = values.reduce((s, x) => s + x, 0) / values.length;
  return {
    Mean: mean, Minimum: sorted[0], Maximum: sorted[sorted.length - 1], Median: at(0.5), "10Percentile": at(0.1), "90Percentile": at(0.9),
    Energy: values.reduce((s, x) => s + x * x, 0), Variance: values.reduce((s, x) => s + (x - mean) ** 2, 0) / values.length,
  };
}

/** Values of a region in an image of its box. */
export function inside(image: Volume, region: Uint8Array, volume: Volume, box: Box): number[] {
  const values: number[] = [];
  for (let z = 0, i = 0; z < box.size[2]; z++) {
    for (let y = 0; y < box.size[1]; y++) {
      for (let x = 0; x < box.size[0]; x++, i++) {
        const p = ((box.lower[2] + z) * volume.size[1] + box.lower[1] + y) * volume.size[0] + box.lower[0] + x;
        if (region[p] !== 0) values.push(image.data[i]);
      }
    }
  }
  return values;
}

/**
 * Checks every image of a run: its name, its order among those of the run, and eight features of its values.
 * @param tolerance  relative, by image name
 * @returns how many values were compared
 */
export function compareRun(run: Run, volume: Volume, region: Uint8Array, tolerance: (name: string) => number): number {
  const box = boundingBox(region, volume.size);
  let compared = 0;
  const made = new Set<string>();
  for (const [type, own] of Object.entries(run.config.imageType)) {
    const filter = filters.find((f) => f.imageType === type);
    if (filter === undefined) throw new Error(`no filter ${type}`);
    for (const result of filter.apply(volume, box, { ...defaults, ...run.config.setting, ...own })) {
      if (!("image" in result)) continue;
      made.add(result.name);
      expect(result.image.size).toEqual(box.size);
      for (const [feature, found] of Object.entries(firstorder(inside(result.image, region, volume, box)))) {
        const expected = run.features[`${result.name}_firstorder_${feature}`];
        if (expected === undefined) continue;
        compared++;
        const wanted = toNumber(expected);
        const error = Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-9);
        expect(error, `${result.name} ${feature}: ${found} against ${wanted}`).toBeLessThanOrEqual(tolerance(result.name));
      }
    }
  }
  const named = new Set(Object.keys(run.features).map((f) => f.split("_")[0]).filter((n) => !n.startsWith("diagnostics")));
  expect([...made].sort()).toEqual([...named].sort());
  return compared;
}

export const regionOf = (mask: Volume, label = 1): Uint8Array => selectLabel(mask, label);
