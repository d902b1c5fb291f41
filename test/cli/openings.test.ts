// When a sealed set was first opened stands in provenance.json, over several runs into one folder; nowhere else is there a clock.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runPlan } from "../../cli/run.js";
import { rowsOf, smallStudy } from "./smallStudy.js";

test("the first opening of a sealed set is kept with time and hash; other data under its name are another opening", async () => {
  const place = mkdtempSync(join(tmpdir(), "radscore-openings-")), out = join(place, "out");
  const change: [string, string][] = [["  bootstrap: 4\n", "  bootstrap: false\n  split: { by: random, test: 0.4 }\n"]];
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const run = async (seed: string) => {
    const before = Date.now();
    const { results } = await runPlan(smallStudy(place, { change, rows: rowsOf(70, seed) }), out, { jobs: 1, cache: false, quiet: true });
    const { openings } = JSON.parse(readFileSync(join(out, "provenance.json"), "utf8")) as { openings: { set: string; sha256: string; first: string; last: string; times: number }[] };
    expect(openings.map((o) => [o.set, o.sha256])).toEqual(results.openings.map((o) => [o.set, o.hash]));
    expect(Date.parse(openings[0].last)).toBeGreaterThanOrEqual(before);
    return { opening: openings[0], results: readFileSync(join(out, "results.json"), "utf8") };
  };
  const one = await run("a"), two = await run("a");
  expect(one.opening).toMatchObject({ set: "Here, test", times: 1, first: one.opening.last });
  expect(two.opening).toMatchObject({ times: 2, first: one.opening.first });
  expect(Date.parse(two.opening.last)).toBeGreaterThan(Date.parse(two.opening.first));
  expect(two.results).toBe(one.results);
  const other = await run("b");
  expect(other.opening).toMatchObject({ times: 1, first: other.opening.last });
  expect(other.opening.sha256).not.toBe(one.opening.sha256);
  // a spoilt record ends no run
  writeFileSync(join(out, "provenance.json"), "{");
  expect((await run("b")).opening.times).toBe(1);
  said.mockRestore();
}, 60_000);
