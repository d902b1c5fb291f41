// PyRadiomics' own published baselines (data/baseline of commit 8ed5793; written by PyRadiomics 1.3–2.x, numpy 1.14, SimpleITK 0.9.1):
// one column a test, `diagnostics_Configuration_Settings` the settings it ran with.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { csvParseRows } from "d3-dsv";
import { expect } from "vitest";
import { checkParams, extract, featureClasses } from "../../src/features/index.js";
import type { Volume } from "../../src/image/index.js";
import { differences } from "../compare.js";
import { extendedTest, readVolume } from "../data.js";

const folder = "radiomics/pyradiomics";

/** Python's dict text as JSON. */
const fromPython = (text: string) => JSON.parse(text.replace(/'/g, '"').replace(/\bNone\b/g, "null").replace(/\bTrue\b/g, "true").replace(/\bFalse\b/g, "false").replace(/\(/g, "[").replace(/,?\)/g, "]"));

/** The mesh of brain1 moved between the published baseline and the present PyRadiomics (up to 9e-4; expected/ holds the present values). */
const moved = (name: string, feature: string) =>
  name.startsWith("brain1") && /MeshVolume|SurfaceArea|SurfaceVolumeRatio|Sphericity/.test(feature) ? 1e-3 : 1e-9;

for (const { name: featureClass } of featureClasses) {
  extendedTest(`baseline of ${featureClass}`, folder, async (path) => {
    const rows = csvParseRows(readFileSync(join(path, `baseline/baseline_${featureClass}.csv`), "utf8"));
    const table = Object.fromEntries(rows.map((row) => [row[0], row.slice(1)]));
    let compared = 0;
    for (const [column, title] of rows[0].slice(1).entries()) {
      const name = title.split("_")[0];
      const label = featureClass === "shape2D" ? join(path, `expected/shape2D_masks/${name}_label_2D.nrrd`) : join(path, `${name}_label.nrrd`);
      if (!existsSync(label)) continue;
      const mask = await readVolume(label);
      let image: Volume;
      if (existsSync(join(path, `${name}_image.nrrd`))) image = await readVolume(join(path, `${name}_image.nrrd`));
      else if (featureClass.startsWith("shape")) {
        const whole = await readVolume(join(path, `${name}_label.nrrd`));
        image = { ...whole, data: new Int16Array(whole.data.length) };
      } else continue;
      const setting = fromPython(table.diagnostics_Configuration_Settings[column]);
      const params = checkParams({ setting, featureClass: { [featureClass]: [] } }, title);
      const { values } = await extract(image, mask, { params });
      const reference = Object.fromEntries(rows.filter(([row]) => row.startsWith("original_") && table[row][column] !== "" && row in values).map(([row]) => [row, Number(table[row][column])]));
      expect(Object.keys(reference).length, title).toBeGreaterThan(4);
      expect(differences(values, reference, (feature) => moved(name, feature)), title).toEqual([]);
      compared += Object.keys(reference).length;
    }
    expect(compared).toBeGreaterThanOrEqual(45);
  });
}
