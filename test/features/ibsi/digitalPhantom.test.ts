// IBSI's digital phantom (CC BY 4.0). Expected: consensus values of the reference manual (arXiv:1612.07003, Radiology
// 2020;295:328); 5 of the 487 rows have none.
import { expect, test } from "vitest";
import { digitalPhantom } from "../../../bench/cases/ibsiConfigurations.js";
import { readReference, verdict } from "../../../bench/cases/ibsiReference.js";
import { ibsiFeatures } from "../../../src/features/ibsi/list.js";
import { ibsiProfile } from "../../../src/features/ibsi/profile.js";
import { golden, readVolume } from "../../data.js";

const image = await readVolume(golden("ibsi/phantom.nii.gz"));
const mask = await readVolume(golden("ibsi/mask.nii.gz"));
const rows = readReference(golden("ibsi/ibsi_1_dig_phantom.csv"));

test("all 482 values of the digital phantom meet their reference", () => {
  const { values } = ibsiProfile(image, mask, digitalPhantom.options);
  const outside = rows.map((row) => verdict(row, values[row.tag])).filter((v) => !v.pass).map((v) => `${v.tag}: ${v.ours}, reference ${v.printed}`);
  expect(rows.length).toBe(482);
  expect(outside).toEqual([]);
});

test("the feature table names every value of the profile once, with a code of four characters", () => {
  const { values } = ibsiProfile(image, mask, digitalPhantom.options);
  expect(ibsiFeatures.map((f) => f.tag)).toEqual(Object.keys(values));
  expect(new Set(ibsiFeatures.map((f) => f.tag)).size).toBe(ibsiFeatures.length);
  for (const f of ibsiFeatures) for (const code of [f.ibsi, f.familyIbsi, f.aggregationIbsi ?? "----"]) expect(code, f.tag).toMatch(/^[0-9A-Z-]{4}$/);
});

test("the table lists what the reference lists, in its order", () => {
  const listed = ibsiFeatures.map((f) => f.tag).filter((tag) => rows.some((row) => row.tag === tag));
  expect(new Set(listed)).toEqual(new Set(rows.map((row) => row.tag)));
});
