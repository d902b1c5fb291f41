// IBSI 1, lung CT phantom, configurations A–E. Expected: consensus values with their tolerances, diagnostics included.
import { expect } from "vitest";
import { join } from "node:path";
import { configurations } from "../../../bench/cases/ibsiConfigurations.js";
import { readReference, verdict } from "../../../bench/cases/ibsiReference.js";
import { ibsiProfile } from "../../../src/features/ibsi/profile.js";
import { extendedTest, readVolume } from "../../data.js";

for (const { name, table, rows: expected, options } of configurations) {
  extendedTest(`IBSI 1 ${name}: ${expected} values`, "radiomics/ibsi1", async (folder) => {
    const image = await readVolume(join(folder, "ct_phantom/phantom.nii.gz"));
    const mask = await readVolume(join(folder, "ct_phantom/mask.nii.gz"));
    const rows = readReference(join(folder, "reference_values", table));
    const { values, diagnostics } = ibsiProfile(image, mask, options);
    const ours = { ...values, ...diagnostics };
    const outside = rows.map((row) => verdict(row, ours[row.tag])).filter((v) => !v.pass).map((v) => `${v.tag}: ${v.ours}, reference ${v.printed} ± ${v.tolerance}`);
    expect(rows.length).toBe(expected);
    expect(outside).toEqual([]);
  });
}
