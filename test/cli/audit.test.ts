// `radscore audit` as it is shipped, on figures printed in an article (axillary node burden study, Table 3, training and centre II).
import { expect, test } from "vitest";
import { file, radscore } from "./bin.js";

const table = file("printed.csv", `set,model,n,events,accuracy,sensitivity,specificity,auc,low,high
training,clinical,532,84,0.715,0.595,0.828,,,
training,radiomics,532,84,0.791,0.964,0.629,0.856,0.830,0.880
training,combined,532,84,0.831,0.929,0.739,,,
centre II,clinical,113,23,0.752,0.435,0.833,0.689,0.566,0.805
centre II,combined,113,23,0.717,0.739,0.711,0.826,0.732,0.910
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

test("an AUC's interval on copied rows is told at the command line; one that does not hold its AUC too", () => {
  const training = radscore(["audit", "--n", "532", "--events", "84", "--auc", "0.856", "--low", "0.830", "--high", "0.880"]);
  expect(training.code).toBe(2);
  expect(training.out).toMatch(/^DOES NOT FIT/);
  expect(training.out).toContain("84 events and 448 others give 0.804–0.908");
  expect(training.out).toContain("as if the 84 events had been copied, each counted 4–7 times (nearest 5): 5 give 0.830–0.882");
  expect(radscore(["audit", "--n", "100", "--events", "40", "--auc", "0.93", "--low", "0.95", "--high", "0.99"])).toMatchObject({ code: 2, out: expect.stringContaining("lies outside its own interval") });
  expect(radscore(["audit", "--n", "113", "--events", "23", "--auc", "0.781", "--low", "0.669", "--high", "0.870"]).code).toBe(0);
  const alone = radscore(["audit", "--n", "532", "--events", "84", "--auc", "0.856"]);
  expect([alone.code, alone.out]).toEqual([0, expect.stringContaining("give 0.804–0.908 (on the logit scale 0.795–0.901).")]);
  expect(radscore(["audit", "--n", "532", "--auc", "0.856", "--low", "0.830", "--high", "0.880"]).out).toMatch(/consistent with 112–496 of 532 patients having the event \(an approximation\)/);
});

test("findings about the five studies, each told by the command", () => {
  // local recurrence: two statistics with each other's p
  for (const args of [["--test", "combined against clinical Z=9.15; P=0.006", "--test", "combined against radiomics Z=7.47; P=0.01"], ["--z", "9.15", "--p", "0.006", "--z", "7.47", "--p", "0.01"]]) {
    const swapped = radscore(["audit", ...args]);
    expect(swapped.code).toBe(2);
    expect(swapped.out).toContain("Swapped, the two fit: 9.15 as χ² on 2 df has p = 0.0103, printed (0.01) at 7.47");
  }
  // triple-negative cancer: 6 and 23 of 29; no split of 77
  const few = file("few.csv", "model,n,accuracy,sensitivity,specificity\nradiomic,29,0.72,1.00,0.65\npathology,29,0.83,0.83,0.83\nradiogenomic,29,0.93,1.00,0.91\n");
  expect(radscore(["audit", few])).toMatchObject({ code: 0, out: expect.stringContaining("Of 29 patients the printed figures fit 6 with the event.") });
  const none = file("none.csv", "model,n,accuracy,sensitivity,specificity\n1,77,0.71,0.64,0.82\n2,77,0.66,0.60,0.74\n3,77,0.81,0.83,0.79\n");
  expect(radscore(["audit", none])).toMatchObject({ code: 2, out: expect.stringContaining("No split of 77 patients") });
  // internal mammary nodes: accuracy beside the no-information rate, separation, a column short of one patient, a test that is right
  const accuracy = radscore(["audit", "--n", "124", "--events", "21", "--accuracy", "90.23%"]);
  expect(accuracy.out).toContain("No-information rate 83.1 % (103 of 124)");
  expect(accuracy.out).toContain("90.32 % (112 of 124), unless it is a mean over folds or repeats");
  for (const odds of ["grade III OR 2547896 (0.00~Infinite) p=0.995", "T2 OR=116998231701111 low=0 high=Infinite p=0.992"]) expect(radscore(["audit", "--ratio", odds])).toMatchObject({ code: 2, out: expect.stringContaining("(separation)") });
  expect(radscore(["audit", "--ratio", "PR OR=12.14 (1.20-122.88) p=0.035", "--test", "Hosmer-Lemeshow chi2=2.287 df=8 P=0.971"]).code).toBe(0);
  expect(radscore(["audit", "--counts", "location: 48 + 67 + 8 = 124"])).toMatchObject({ code: 2, out: expect.stringContaining("sum to 123, not 124: 1 patient not accounted for") });
  // node burden: a hazard ratio without interval
  expect(radscore(["audit", "--ratio", "HR 31.52 p=.034"]).out).toContain("no interval is printed");
});

test("tests as they are printed: what is lacking, twice or unknown is named; no option is dropped in silence", () => {
  expect(radscore(["audit", "--test", "z=2.1"]).err).toContain('--test "z=2.1" has no p');
  expect(radscore(["audit", "--test", "p=0.1"]).err).toContain("has no statistic");
  expect(radscore(["audit", "--test", "z=2.1 q=0.1"]).err).toContain('has a part "q"');
  expect(radscore(["audit", "--test", "log-rank χ2=11.2, df=1, P<0.001"]).code).toBe(0);
  expect(radscore(["audit", "--z", "3", "--z", "2", "--p", "0.1"]).err).toContain("--z is given 2 times, --p 1 times");
  expect(radscore(["audit", "--z", "3", "--chi2", "2", "--p", "0.1"]).err).toContain("do not say whose --p is whose");
  expect(radscore(["audit", "--n", "50", "--auc", "0.8", "--auc", "0.9"]).err).toContain("--auc is given 2 times");
  expect(radscore(["audit", "--auc", "0.8"]).err).toContain("needs the number of patients");
  expect(radscore(["audit", "--n", "50", "--sensitivity", "120%"])).toMatchObject({ code: 1, err: expect.stringContaining("more than 100 %") });
  expect(radscore(["audit", "--counts", "48 of 124"]).err).toContain('expected "location: 48 + 67 + 8 = 124"');
});
