// `radscore audit` as it is shipped, on figures printed in an article (axillary node burden study, Table 3, training and centre II).
import { expect, test } from "vitest";
import { file, radscore } from "./bin.js";

const table = file("printed.csv", `set,model,n,events,accuracy,sensitivity,specificity,auc,low,high
training,clinical,532,84,0.715,0.595,0.828,,,
training,radiomics,532,84,0.791,0.964,0.629,0.856,0.830,0.880
training,combined,532,84,0.831,0.929,0.739,,,
centre II,clinical,113,23,0.752,0.435,0.833,,,
centre II,combined,113,23,0.717,0.739,0.711,,,
`);

test("a table is audited set by set; copied rows are named; exit code 2", () => {
  const { code, out } = radscore(["audit", table]);
  expect(code).toBe(2);
  expect(out).toMatch(/DOES NOT FIT {2}training: 3 models, n = 532, 84 events/);
  expect(out).toContain("With each event counted 5 times (420 of 868 rows) every figure comes right");
  expect(out).toMatch(/fits {10}centre II: 2 models, n = 113, 23 events/);
});

test("tests are read as what they would be", () => {
  expect(radscore(["audit", "--chi2", "7.47", "--df", "1", "--p", "0.006"]).code).toBe(0);
  const wrong = radscore(["audit", "--z", "7.47", "--p", "0.006"]);
  expect(wrong.code).toBe(2);
  expect(wrong.out).toContain("The number fits as χ² on 1 df.");
});

test("what is missing or unknown is one sentence", () => {
  expect(radscore(["audit"]).err).toContain("nothing to look at");
  expect(radscore(["audit", "--z", "3"]).err).toContain("--z 3 needs the printed p");
  expect(radscore(["audit", file("wrong.csv", "set,model,N\na,b,3\n")]).err).toMatch(/column "N" is not known\. Did you mean "n"\?/);
});
