// IBSI 2, phase 2: 18 intensity statistics of the CT phantom under 18 settings, 323 consensus values with tolerances.
import { join } from "node:path";
import { expect, test } from "vitest";
import { featureTests, rangeOfFeatureTests, response, type Setting } from "../../../bench/ibsi2Tests.js";
import { readFilterReference, verdict } from "../../../bench/cases/ibsiReference.js";
import { sample, statistics } from "../../../src/features/ibsi/statistics.js";
import { boundingBox, forRows, type Volume } from "../../../src/image/index.js";
import { ibsiResample, ibsiResampleMask } from "../../../src/prepare/index.js";
import { extended, extendedTest, readVolume } from "../../data.js";

type Case = { image: Volume; inside: Uint8Array };

test("there are eighteen settings", () => {
  expect(featureTests.map((t) => t.id).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((n) => [`${n}.A`, `${n}.B`]));
});

let cases: Promise<Record<"native" | "resampled", Case>> | undefined;

async function readCases(): Promise<Record<"native" | "resampled", Case>> {
  const folder = extended("radiomics/ibsi1/ct_phantom")!;
  const image = await readVolume(join(folder, "phantom.nii.gz"));
  const mask = await readVolume(join(folder, "mask.nii.gz"));
  const spacing = [1, 1, 1];
  const within = (v: Volume, m: Volume): Case => {
    const [low, high] = rangeOfFeatureTests;
    return { image: v, inside: Uint8Array.from(m.data, (label, i) => (label > 0 && v.data[i] >= low && v.data[i] <= high ? 1 : 0)) };
  };
  return {
    native: within(image, mask),
    resampled: within(ibsiResample(image, { spacing, interpolation: "cubic", round: true }), ibsiResampleMask(mask, { spacing, threshold: 0.5 })),
  };
}

for (const t of featureTests) {
  extendedTest(`IBSI 2 ${t.id}: every statistic of the filtered CT phantom`, "radiomics/ibsi1/ct_phantom", async () => {
    const { image, inside } = (await (cases ??= readCases()))[t.image];
    const box = boundingBox(inside, image.size);
    const filtered = t.imageType === undefined ? undefined : response(image, t as Setting, box);
    const values: number[] = [];
    forRows(image, box, (from, to, n) => {
      for (let i = 0; i < n; i++) if (inside[from + i] === 1) values.push(filtered === undefined ? image.data[from + i] : filtered.data[to + i]);
    });
    const all = sample(Float64Array.from(values));
    const rows = readFilterReference(extended("radiomics/ibsi2/reference_values/reference_values.csv")!).filter((row) => row.filter === t.id);
    expect(rows.length).toBe(t.id === "8.B" ? 17 : 18);
    const verdicts = rows.map((row) => verdict(row, statistics[row.tag.replace("stat_", "")].of(all)));
    expect(verdicts.filter((v) => !v.pass)).toEqual([]);
  });
}
