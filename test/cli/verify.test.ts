// radscore verify: same, or what differs first and where the archive itself is not what the run wrote.
import { readFileSync } from "node:fs";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { beforeAll, expect, test } from "vitest";
import { file, place, radscore } from "./bin.js";
import { smallStudy } from "./smallStudy.js";

let entries: Record<string, Uint8Array>;
beforeAll(() => {
  expect(radscore(["run", smallStudy("whole"), "--out", place("whole/out"), "-q", "--jobs", "1", "--with-data"]).code).toBe(0);
  entries = unzipSync(readFileSync(place("whole/out/study.radscore")));
});
const verify = (changed: Record<string, string>) => {
  const archive = file(`moved/study${Object.keys(changed).join("")}.radscore`, "");
  return radscore(["verify", file(archive.slice(place("").length), zipSync({ ...entries, ...Object.fromEntries(Object.entries(changed).map(([k, v]) => [k, strToU8(v)])) })), "-q", "--jobs", "1"]);
};

test("an archive with its data answers same wherever it lies", () => {
  expect(verify({})).toMatchObject({ code: 0, out: expect.stringMatching(/^same: .*the same bytes in \d+ files\n$/) });
});

test("a number of another program, or edited, differs at the step that makes it; an edited model is told though no number of the results differs", () => {
  const results = JSON.parse(strFromU8(entries["results.json"]));
  results.performance[0].estimate.value += 0.01;
  const told = verify({ "results.json": JSON.stringify(results) });
  expect(told).toMatchObject({ code: 2, out: expect.stringMatching(/^differs at step 4, merit\n {2}performance\[.*recorded 0\.\d+, now 0\.\d+\n {2}results\.json in the archive is not what the run wrote: damaged, or edited afterwards\n$/) });
  expect(verify({ "model.json": strFromU8(entries["model.json"]).replace("0.", "0.1") })).toMatchObject({ code: 2, out: expect.stringMatching(/^differs at step 9, bytes of the files\n {2}model\.json in the archive is not what the run wrote/) });
});
