// Pictures: a PNG knows no scale; --spacing or a column Spacing gives it.
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { file, radscore } from "./bin.js";

const n = 24;
const picture = (of: (x: number, y: number) => number) =>
  encode({ width: n, height: n, depth: 8, channels: 1, data: Uint8Array.from({ length: n * n }, (_, i) => of(i % n, Math.floor(i / n))) });
const image = file("us.png", picture((x, y) => (x * 37 + y * 91 + x * y) % 256));
const mask = file("us_mask.png", picture((x, y) => ((x - 12) ** 2 + (y - 11) ** 2 < 40 ? 255 : 0)));
const surface = "original_shape2D_PixelSurface";
const values = (args: string[]) => JSON.parse(radscore(["extract", ...args, "-f", "json"]).out);

test("a picture gets shape2D, in pixels or in the millimetres given", () => {
  const pixels = values([image, mask, "--label", "255"]);
  const scaled = values([image, mask, "--label", "255", "--spacing", "0.5"]);
  expect(Object.keys(pixels).filter((name) => name.startsWith("original_")).length).toBe(102);
  expect(scaled[surface]).toBeCloseTo(pixels[surface] / 4, 12);
  expect(scaled.original_glcm_Contrast).toBe(pixels.original_glcm_Contrast);
});

test("each row of a table may have its own pixel size", () => {
  const table = file("pictures.csv", `ID,Image,Mask,Label,Spacing\na,${image},${mask},255,0.5\nb,${image},${mask},255,"0.5,1"\nc,${image},${mask},255,wide\n`);
  const run = radscore(["extract", table, "-f", "json"]);
  expect(run.code).toBe(2);
  const [a, b, c] = JSON.parse(run.out);
  expect(b[surface]).toBeCloseTo(2 * a[surface], 12);
  expect(c.error).toMatch(/Spacing is "wide"/);
});

test("radscore features lists names, codes and units", () => {
  const lines = radscore(["features"]).out.trim().split("\n");
  expect(lines[0]).toBe("class,feature,ibsi,unit,onRequest");
  expect(lines).toContain("glcm,Contrast,ACUI,level²,");
  expect(lines.filter((line) => line.startsWith("shape,") && line.endsWith(",")).length).toBe(14);
  expect(radscore(["features", "--profile", "ibsi"]).out.split("\n").length).toBeGreaterThan(480);
});
