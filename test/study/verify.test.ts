// The archive of a study and what is called the same.
import { unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { compareResults, fileHash, packStudy, unpackStudy, verifySteps } from "../../src/study/index.js";

const manifest = { version: "1.0.0", node: "20.0.0", plan: "s.yaml", seed: 1, inputs: { "../a.csv": fileHash(new TextEncoder().encode("id\n1\n")) } };
const files = { "results.json": "{\"performance\":[]}\n", "model.json": "{}\n", "figures/a.svg": "<svg/>" };

test("an archive gives back what was packed, without data unless asked for, with the same bytes each time", () => {
  const plain = packStudy(manifest, "radscore: 1\n", files);
  expect(packStudy(manifest, "radscore: 1\n", files)).toEqual(plain);
  const back = unpackStudy(plain, "study.radscore");
  expect(back.plan).toBe("radscore: 1\n");
  expect(back.results).toEqual({ performance: [] });
  expect(back.manifest.outputs["figures/a.svg"]).toBe(fileHash(new TextEncoder().encode("<svg/>")));
  expect(back.data).toEqual({});
  expect(new TextDecoder("latin1").decode(plain)).not.toContain("data/");
  const full = unpackStudy(packStudy(manifest, "radscore: 1\n", files, { "../a.csv": new TextEncoder().encode("id\n1\n") }), "study.radscore");
  expect(new TextDecoder().decode(full.data[manifest.inputs["../a.csv"]])).toBe("id\n1\n");
});

test("a damaged archive, or one whose data were changed, is refused", () => {
  expect(() => unpackStudy(new Uint8Array([1, 2, 3]), "x.radscore")).toThrow(/x\.radscore: is no readable archive/);
  const changed = packStudy(manifest, "p", files, { "../a.csv": new TextEncoder().encode("id\n2\n") });
  expect(() => unpackStudy(changed, "x.radscore")).toThrow(/not what it was/);
});

test("results, model or plan that were altered in the archive are told from those that the run wrote", () => {
  expect(unpackStudy(packStudy(manifest, "radscore: 1\n", { ...files, "plan.yaml": "radscore: 1\n" }), "x.radscore").altered).toEqual([]);
  const entries = unzipSync(packStudy(manifest, "radscore: 1\n", { ...files, "plan.yaml": "radscore: 1\n" }));
  const changed = (entry: string, text: string) => unpackStudy(zipSync({ ...entries, [entry]: new TextEncoder().encode(text) }), "x.radscore").altered;
  expect(changed("model.json", "{\"a\":1}")).toEqual(["model.json"]);
  expect(changed("results.json", "{\"performance\":[1]}")).toEqual(["results.json"]);
  expect(changed("plan.yaml", "radscore: 1 \n")).toEqual(["plan.yaml"]);
});

const results = { program: "radscore 1", seed: 1, blocks: [{ name: "Radscore", selected: ["f1", "f2"] }], performance: [{ model: "clinical", measure: "AUC", estimate: { value: 0.7, low: 0.6 } }] };
const with_ = (change: (r: typeof results) => void) => { const r = structuredClone(results); change(r); return r; };

test("numbers within 1e-9 are the same; the program's version is not compared", () => {
  expect(compareResults(results, with_((r) => { r.performance[0].estimate.value += 5e-10; r.program = "radscore 2"; }))).toEqual([]);
});

test("a number further off, another choice or a missing value differs, told in the order of the steps", () => {
  const d = compareResults(results, with_((r) => { r.performance[0].estimate.value += 2e-9; r.blocks[0].selected = ["f1", "f3"]; }));
  expect(d.map((x) => [verifySteps[x.step].name, x.path])).toEqual([["scores and models", "blocks[Radscore].selected[1]"], ["merit", "performance[clinical AUC].estimate.value"]]);
  expect(compareResults(results, with_((r) => { r.blocks[0].selected = []; }))[0]).toMatchObject({ path: "blocks[Radscore].selected.length", recorded: 2, now: 0 });
  expect(compareResults(results, with_((r) => { delete (r.performance[0].estimate as { low?: number }).low; }))[0]).toMatchObject({ path: "performance[clinical AUC].estimate.low", recorded: 0.6 });
});
