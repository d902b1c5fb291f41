// IBSI 2, phase 1: the reference response of each filter (arXiv:2006.05470; Whybra et al., Radiology 2024;310:e231319).
import { join } from "node:path";
import { expect, test } from "vitest";
import { about, deviation, response, responseTests } from "../../../bench/ibsi2Tests.js";
import { extendedTest, readVolume } from "../../data.js";

test("there are 33 responses, each under its own name", () => {
  expect(new Set(responseTests.map((t) => t.id)).size).toBe(33);
});

/**
 * IBSI asks for 1 %. Most responses agree to the float32 of the reference map, 2e-7 of its range; these do not, for a reason:
 * the reference is the mean over implementations that cut kernels off elsewhere, pad, or sample frequencies differently. 8_a_1 is, to
 * float32, 5/7 of ours and 2/7 of the same filter on the discrete transform's own frequencies; the others are not resolved so sharply.
 */
const apart: Record<string, number> = {
  "1_a_3": 5e-5, // the map's range is 0.066 around 127.5: float32 again
  "2_a": 2e-5, "2_b": 4e-4, "2_c": 3e-4, "4_b_1": 2e-4, "4_b_2": 1e-3,
  "8_a_1": 4e-3, "9_a": 1e-3, "9_b_1": 7e-3, "10_b_1": 9e-3,
};

for (const t of responseTests) {
  extendedTest(`IBSI 2 ${t.id}: ${about(t)}`, "radiomics/ibsi2", async (folder) => {
    const phantom = await readVolume(join(folder, "phantoms", `${t.phantom}.nii.gz`));
    const reference = await readVolume(join(folder, "response_maps", `${t.id}-ValidCRM.nii.gz`));
    expect(deviation(response(phantom, t).data, reference.data)).toBeLessThan(apart[t.id] ?? 2e-7);
  });
}
