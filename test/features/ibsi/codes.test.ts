import { expect, test } from "vitest";
import { featureClasses, ibsiFeatures } from "../../../src/features/index.js";

test("a code that a PyRadiomics class gives to a feature is in IBSI's table", () => {
  const known = new Set(ibsiFeatures.map((f) => f.ibsi));
  const unknown = featureClasses.flatMap((c) => Object.entries(c.features)
    .filter(([, f]) => f.ibsi !== undefined && !known.has(f.ibsi)).map(([name, f]) => `${c.name} ${name}: ${f.ibsi}`));
  expect(unknown).toEqual([]);
});

test("within a family and an aggregation no two features share a code, but for the IVH fractions", () => {
  const seen = new Map<string, string>();
  for (const { tag, familyIbsi, ibsi, aggregationIbsi = "" } of ibsiFeatures) {
    if (familyIbsi === "P88C") continue;
    const key = `${familyIbsi}:${ibsi}:${aggregationIbsi}`;
    expect(seen.get(key), tag).toBeUndefined();
    seen.set(key, tag);
  }
});
