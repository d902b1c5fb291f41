// Whole extractions against PyRadiomics 8ed5793 (numpy 1.24.2, PyWavelets 1.1.1, ITK 5.2.1): every run of golden/pyradiomics,
// its own `config` given to parse as a parameter file. Tolerances: see compare.ts.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkParams, extract, type Extraction } from "../../src/features/index.js";
import type { Volume } from "../../src/image/index.js";
import { differences } from "../compare.js";
import { example, extended, extendedTest, golden, readJson, readVolume } from "../data.js";

type Run = {
  config: Record<string, unknown>; features?: Record<string, number | string>; diagnostics?: Record<string, unknown>;
  error?: string; roi_voxels_after_preprocessing?: number;
};

const run = (image: Volume, mask: Volume, config: Record<string, unknown>) => extract(image, mask, { params: checkParams(config, "config") });

function compareDiagnostics(found: Extraction["values"], reference: Record<string, unknown>): string[] {
  const lines: string[] = [];
  for (const [name, expected] of Object.entries(reference)) {
    const ours = found[name];
    const pairs: [unknown, unknown][] = Array.isArray(expected) ? expected.map((e, i) => [(ours as number[] | undefined)?.[i], e]) : [[ours, expected]];
    for (const [o, e] of pairs) {
      const same = typeof e === "number" ? typeof o === "number" && Math.abs(o - e) <= 1e-9 * Math.max(1, Math.abs(e)) : o === e;
      if (!same) lines.push(`${name}: ${String(ours)}, expected ${String(expected)}`);
    }
  }
  return lines;
}

async function check(image: Volume, mask: Volume, reference: Run): Promise<void> {
  if (reference.error !== undefined) {
    await expect(run(image, mask, reference.config)).rejects.toMatchObject({ name: "InputError" });
    return;
  }
  const { values } = await run(image, mask, reference.config);
  expect(differences(values, reference.features!)).toEqual([]);
  const names = Object.keys(values).filter((name) => !name.startsWith("diagnostics_"));
  expect(names).toEqual(Object.keys(reference.features!));
  if (reference.diagnostics !== undefined) expect(compareDiagnostics(values, reference.diagnostics)).toEqual([]);
}

const files = (name: string) => ({ image: example(`${name}_image.nrrd`), mask: example(`${name}_label.nrrd`) });
const syn1 = { image: golden("pyradiomics/syn1_image.nrrd"), mask: golden("pyradiomics/syn1_label.nrrd") };

const sets: { file: string; image: string; mask: string }[] = [
  { file: "breast1.json.gz", ...files("breast1") },
  { file: "brain1.json.gz", ...files("brain1") },
  { file: "settings_breast1.json.gz", ...files("breast1") },
  { file: "settings_brain1.json.gz", ...files("brain1") },
  { file: "wavelets_breast1.json.gz", ...files("breast1") },
  { file: "wavelets_syn1.json.gz", ...syn1 },
  { file: "lbp2d_breast1.json", ...files("breast1") },
  { file: "lbp2d_syn1.json", ...syn1 },
  { file: "lbp3d_syn1.json", ...syn1 },
];

for (const set of sets) {
  const { runs } = readJson(golden(`pyradiomics/${set.file}`)) as { runs: Record<string, Run> };
  describe(set.file, () => {
    for (const [name, reference] of Object.entries(runs)) {
      test(name, async () => check(await readVolume(set.image), await readVolume(set.mask), reference));
    }
  });
}

describe("degenerate regions", () => {
  const cases: Record<string, string> = {
    border: "border.json.gz", flat: "flat.json.gz", geometry_mismatch: "geometry_mismatch.json", isolated_voxels: "isolated_voxels.json",
    line_y: "line_y.json.gz", one_slice_axial_z: "one_slice_axial_z.json.gz", one_slice_coronal_y: "one_slice_coronal_y.json.gz",
    one_slice_sagittal_x: "one_slice_sagittal_x.json.gz", one_voxel: "one_voxel.json", two_components: "two_components.json.gz",
    two_voxels_apart: "two_voxels_apart.json", two_voxels_diagonal: "two_voxels_diagonal.json.gz",
  };
  for (const [name, file] of Object.entries(cases)) {
    const { runs } = readJson(golden(`pyradiomics/degenerate/${file}`)) as { runs: Record<string, Run> };
    for (const [title, reference] of Object.entries(runs)) {
      test(`${name}: ${title}`, async () => check(
        await readVolume(golden(`pyradiomics/degenerate/${name}_image.nrrd`)), await readVolume(golden(`pyradiomics/degenerate/${name}_label.nrrd`)), reference));
    }
  }
});

// An image that is 0 everywhere: what PyRadiomics returns where it returns something; where NumPy fails on 0/0 (Square and others
// divide by the largest magnitude) ours is NaN with the reason, and normalising a constant image is refused.
describe("zero image", () => {
  const { runs } = readJson(golden("pyradiomics/degenerate/zero_image.json")) as { runs: Record<string, Run> };
  const files = ["image", "label"].map((part) => golden(`pyradiomics/degenerate/zero_image_${part}.nrrd`));
  for (const [title, reference] of Object.entries(runs)) {
    test(title, async () => {
      const [image, mask] = [await readVolume(files[0]), await readVolume(files[1])];
      if (reference.error === undefined || title === "normalize") return check(image, mask, reference);
      const { values, notes } = await run(image, mask, reference.config);
      const filtered = Object.keys(values).filter((name) => name.startsWith(`${title}_`));
      expect(filtered.length).toBe(93);
      for (const name of filtered) expect([values[name], typeof notes[name]], name).toEqual([NaN, "string"]);
    });
  }
});

describe("shape2D", () => {
  const { runs } = readJson(golden("pyradiomics/shape2D.json")) as { runs: Record<string, Run> };
  for (const name of ["brain1", "breast1"]) {
    test(name, async () => check(await readVolume(example(`${name}_image.nrrd`)), await readVolume(golden(`pyradiomics/shape2D_masks/${name}_label_2D.nrrd`)), runs[name]));
  }
});

extendedTest("brain2: 1,595 features × 3 settings", "radiomics/pyradiomics", async (folder) => {
  const { runs } = readJson(join(folder, "expected/brain2.json")) as { runs: Record<string, Run> };
  const image = await readVolume(join(folder, "brain2_image.nrrd")), mask = await readVolume(join(folder, "brain2_label.nrrd"));
  for (const reference of Object.values(runs)) await check(image, mask, reference);
});

describe("diagnostics of the nine runs", () => {
  const { cases } = readJson(golden("pyradiomics/diagnostics.json")) as { cases: Record<string, Record<string, Record<string, unknown>>> };
  for (const [name, runs] of Object.entries(cases)) {
    const where = name === "brain2" ? extended("radiomics/pyradiomics") : join(example("."));
    if (where === undefined) { test.skip(`[extended] ${name} (skipped: RADSCORE_DATA has no radiomics/pyradiomics)`, () => {}); continue; }
    for (const [title, reference] of Object.entries(runs)) {
      test(`${name} ${title}`, async () => {
        const file = name === "brain2" ? join(where, "expected/brain2.json") : golden(`pyradiomics/${name}.json.gz`);
        const config = { ...(readJson(file) as { runs: Record<string, Run> }).runs[title].config, imageType: { Original: {} }, featureClass: { firstorder: ["Mean"] } };
        const { values } = await run(await readVolume(join(where, `${name}_image.nrrd`)), await readVolume(join(where, `${name}_label.nrrd`)), config);
        expect(compareDiagnostics(values, reference)).toEqual([]);
      });
    }
  }
});
