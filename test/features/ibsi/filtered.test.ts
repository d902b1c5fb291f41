// IBSI 2, phase 2: statistics of the filtered CT phantom. Expected: the 323 consensus values with their tolerances (CC0).
import { join } from "node:path";
import { expect, test } from "vitest";
import { filteredOptions } from "../../../bench/cases/ibsiConfigurations.js";
import { readFilterReference, verdict } from "../../../bench/cases/ibsiReference.js";
import { featureTests } from "../../../bench/ibsi2Tests.js";
import { ibsiProfile } from "../../../src/features/ibsi/profile.js";
import { extendedTest, readVolume } from "../../data.js";

extendedTest("IBSI 2: the reference holds 323 values for 18 filter settings", "radiomics/ibsi2", (folder) => {
  const rows = readFilterReference(join(folder, "reference_values/reference_values.csv"));
  expect(rows.length).toBe(323);
  expect(new Set(rows.map((row) => row.filter))).toEqual(new Set(featureTests.map((t) => t.id)));
});

for (const setting of featureTests) {
  extendedTest(`IBSI 2 phase 2: filter ${setting.id}`, "radiomics/ibsi2", async (folder) => {
    const image = await readVolume(join(folder, "../ibsi1/ct_phantom/phantom.nii.gz"));
    const mask = await readVolume(join(folder, "../ibsi1/ct_phantom/mask.nii.gz"));
    const rows = readFilterReference(join(folder, "reference_values/reference_values.csv")).filter((row) => row.filter === setting.id);
    const { values } = ibsiProfile(image, mask, filteredOptions(setting));
    const outside = rows.map((row) => verdict(row, values[row.tag])).filter((v) => !v.pass).map((v) => `${v.tag}: ${v.ours}, reference ${v.printed} ± ${v.tolerance}`);
    expect(outside).toEqual([]);
  });
}

test("a value is rounded to three digits, or to as many as the reference prints, before it is compared", () => {
  const row = (printed: string, tolerance: number) => ({ tag: "t", printed, reference: Number(printed), tolerance });
  expect(verdict(row("1490", 0), 1494.6)).toMatchObject({ rounded: 1490, pass: true });
  expect(verdict(row("1490", 0), 1495.1).pass).toBe(false);
  expect(verdict(row("2.6", 0), 2.604).pass).toBe(true);
  expect(verdict(row("2.6", 0), 2.606).pass).toBe(false);
  expect(verdict(row("125256", 0), 125257).pass).toBe(false);
  expect(verdict(row("6.98E-05", 1.03e-5), 8.1e-5)).toMatchObject({ rounded: 8.1e-5, pass: false });
  expect(verdict(row("0", 0), -0.0004).pass).toBe(false);
  expect(verdict(row("5", 1), NaN).pass).toBe(false);
  expect(verdict(row("5", 1), undefined).pass).toBe(false);
});
