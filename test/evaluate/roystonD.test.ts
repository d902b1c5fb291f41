import { expect, test } from "vitest";
import { roystonD } from "../../src/evaluate/index.js";
import { coxFit } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const followUp = { time: d.time, event: Uint8Array.from(d.status) };
const grade = (g: string) => Float64Array.from(d.text.grade, (x) => (x === g ? 1 : 0));
const predictor = (columns: Float64Array[]) => {
  const b = coxFit({ names: columns.map((_, j) => `x${j}`), columns, n: d.time.length }, followUp).coefficients;
  return Float64Array.from(d.time, (_, i) => columns.reduce((s, c, j) => s + c[i] * b[j], 0));
};

// Expected: R survival 3.5-3, royston(coxph), without ties in the predictor and with
test("D, its standard error and R²_D agree with royston", () => {
  const { full, er_grade_with_ties_in_lp: tied } = reference("cox_gonen_heller").result;
  const all = roystonD(followUp, predictor([d.age, d.size, d.nodes, d.er, d.ki67, d.rad, grade("G2"), grade("G3"), d.meno]));
  expect(unequal([all.d, all.se, all.r2], [full.D, full["se(D)"], full["R.D"]], 1e-8)).toEqual([]);
  // six distinct predictors: rounding may part what is equal, so they are rounded to 10 digits
  const few = roystonD(followUp, predictor([d.er, grade("G2"), grade("G3")]).map((v) => Math.round(v * 1e10) / 1e10));
  expect(unequal([few.d, few.se, few.r2], [tied.D, tied["se(D)"], tied["R.D"]], 1e-8)).toEqual([]);
});

test("only the order counts; no order, no D; a perfect order has no finite one", () => {
  const one = roystonD(followUp, d.m1), other = roystonD(followUp, d.m1.map((v) => v * v * v));
  expect(other.d).toBeCloseTo(one.d, 12);
  expect(roystonD(followUp, d.m1.map((v) => -v)).d).toBeCloseTo(-one.d, 10);
  expect(roystonD(followUp, d.m1.map(() => 1)).warnings[0]).toMatch(/separates nobody/);
  const perfect = roystonD({ time: [5, 4, 3, 2, 1], event: [1, 1, 1, 1, 1] }, [1, 2, 3, 4, 5]);
  expect(perfect.d).toBeNaN();
  expect(perfect.warnings[0]).toMatch(/perfectly/);
  expect(() => roystonD({ time: [1, 2], event: [0, 0] }, [1, 2])).toThrow(/no patient has the event/);
});
