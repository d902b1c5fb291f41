// The jobs of the cost table. Those with `r` are timed beside R's job of that name in ../stats.R.
import { combat, categoryColumn, makeTable, numberColumn } from "../../src/cohort/index.js";
import { concordance, coxIndexes, delongPaired, kaplanMeier, logRank, medianSurvival, minimumPCut, optimism, timeRoc } from "../../src/evaluate/index.js";
import { correlationMatrix, hierarchicalClustering, randomStream, rRandom, type Design } from "../../src/math/index.js";
import { coxFit, coxLinearPredictor, logisticFit, logisticLinear, stabilitySelection } from "../../src/model/index.js";
import { elasticNetJobs, small } from "./elasticNetJobs.js";
import { scalingJobs } from "./scalingJobs.js";
import { binary, centres, combination, design, normal, survival, timed } from "./statsData.js";
import type { Job } from "./statsTiming.js";

const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);
/** The values at some rows. */
function picked(values: ArrayLike<number>, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]];
  return out;
}
const rowsOf = ({ names, columns }: Design, rows: ArrayLike<number>): Design => ({ names, columns: columns.map((x) => picked(x, rows)), n: rows.length });

// coxph keeps no baseline hazard: survfit makes it; so ours is left out here
const cox = (name: string, r: string, make: () => [Design, ReturnType<typeof survival>], repeats: number): Job => ({
  name, r, repeats,
  prepare: () => { const [d, s] = make(); return () => coxFit(d, s, { baseline: "none" }); },
  check: (f) => [f.loglik[1], f.coefficients[0], f.events],
});

/** rms::validate of a Cox model: as many bootstrap samples, the same ones, and the same indexes of each. */
const validate: Job = {
  name: "optimism of a Cox model 300 × 5, 1,000 bootstraps", r: "rms_validate_cox_n300_p5_B1000",
  prepare: () => {
    const d = design(106, 300, 5);
    const s = survival(106, combination(d, [0.6, -0.4, 0.3]));
    const of = (rows: ArrayLike<number>) => ({ time: picked(s.time, rows), event: picked(s.event, rows) });
    const fitting = {
      fit: (rows: Int32Array) => coxFit(rowsOf(d, rows), of(rows), { baseline: "none" }),
      predict: (model: ReturnType<typeof coxFit>, rows: Int32Array) => coxLinearPredictor(model, rowsOf(d, rows)).value,
    };
    return () => optimism(300, fitting, coxIndexes(s.time, s.event, { asRms: true }), { random: rRandom(1), resamples: 1000 });
  },
  check: (o) => [o.apparent.dxy, o.corrected.dxy, o.corrected.slope],
};

/** Share of right answers over 100 × 5 folds, with the folds of R's set.seed(1). */
const logisticFolds = (beside: string, r: string): Job => ({
  name: `logistic regression, 100 × 5-fold, 124 × 4, beside ${beside}`, r,
  prepare: () => {
    const d = design(107, 124, 4);
    const y = binary(107, combination(d, [0.8, -0.6, 0.4], -0.3));
    return () => {
      const random = rRandom(1);
      let right = 0;
      for (let repeat = 0; repeat < 100; repeat++) {
        const fold = random.sample(124).map((i) => i % 5);
        for (let k = 0; k < 5; k++) {
          const rest: number[] = [], inside: number[] = [];
          fold.forEach((f, i) => (f === k ? inside : rest).push(i));
          const eta = logisticLinear(logisticFit(rowsOf(d, rest), picked(y, rest)), rowsOf(d, inside));
          let hits = 0;
          inside.forEach((i, j) => { if (Number(eta[j] > 0) === y[i]) hits++; });
          right += hits / inside.length / 500;
        }
      }
      return right;
    };
  },
  check: (share) => [share],
});

const timeAuc = (name: string, r: string, standardErrors: boolean): Job => ({
  name, r,
  prepare: () => { const { marker, s } = timed(); return () => timeRoc(s, marker, [12, 36, 60], { standardErrors }); },
  check: (found) => found.times.map((t: any) => t.auc),
});
const many = () => survival(110, new Float64Array(1e5));

export const jobs: Job[] = [
  cox("coxph Efron 1211 × 20", "coxph_efron_n1211_p20", () => { const d = design(101, 1211, 20); return [d, survival(101, combination(d, [0.5, -0.4, 0.3]))]; }, 5),
  cox("coxph Efron 1e5 × 20", "coxph_efron_n1e5_p20", () => [design(112, 1e5, 20), many()], 3),
  ...elasticNetJobs,
  { name: "DeLong paired 1211", r: "delong_paired_n1211",
    prepare: () => { const d = design(105, 1211, 2); const y = binary(105, combination(d, [1, 0.3])); const both = combination(d, [1, 1]); return () => delongPaired(d.columns[0], both, y); },
    check: (t) => [t.statistic, ...t.auc] },
  validate,
  logisticFolds("lrm", "cv_lrm_100x5_n124_p4"), logisticFolds("glm.fit", "cv_glm_100x5_n124_p4"),
  timeAuc("time-dependent AUC with SE, 480, 3 times", "timeROC_iid_n480_3times", true), timeAuc("the same without SE", "timeROC_noiid_n480_3times", false),
  { name: "ComBat 944 × 1211, 4 centres", r: "combat_parametric_944x1211_4batches",
    prepare: () => {
      const { batch, columns } = centres();
      const table = makeTable(batch.map((_, i) => `P${i}`), { centre: categoryColumn(batch.map((b) => `c${b}`)), ...Object.fromEntries(columns.map((x, j) => [`f${j}`, numberColumn(x)])) });
      const none = { kind: "binary", event: new Uint8Array(1211), name: "none" } as const;
      return () => combat.apply(combat.fit(table, none, { batch: "centre" }, randomStream(1)), table);
    },
    check: (t) => { const columns = Array.from({ length: 944 }, (_, j) => t.columns[`f${j}`].values); return [columns[0][0], columns.reduce((a: number, x: Float64Array) => a + sum(x), 0)]; } },
  { name: "Spearman matrix 1211 × 944", r: "spearman_1211x944",
    prepare: () => { const { columns } = centres(); return () => correlationMatrix(columns, "spearman"); }, check: (m) => [m[1], sum(m.map(Math.abs))] },
  { name: "Ward clustering of 944", r: "hclust_wardD2_944",
    prepare: () => {
      const distances = correlationMatrix(centres().columns, "spearman").map((r) => 1 - Math.abs(r));
      return () => hierarchicalClustering(distances, 944);
    }, check: (h) => [Math.max(...h.height), h.height.reduce((a: number, b: number) => a + b, 0)] },
  { name: "Kaplan–Meier 1e5", r: "survfit_n1e5", prepare: () => { const s = many(); return () => kaplanMeier(s); }, check: (c) => [medianSurvival(c).time, c.time.length] },
  { name: "log-rank 1e5", r: "survdiff_n1e5", prepare: () => { const s = many(); const g = Int32Array.from(s.time, (_, i) => i % 2); return () => logRank(s, g); }, check: (t) => [t.chisq] },
  { name: "concordance 1e5", r: "concordance_n1e5", prepare: () => { const s = many(); const x = normal(511, 1e5); return () => concordance(s, x); }, check: (c) => [c.c] },
  { name: "minimum-p cut, 480, all cuts", r: "min_logrank_p_n480_all_cuts",
    prepare: () => { const { marker, s } = timed(); return () => minimumPCut(s, marker, { minimum: 0.1 }); }, check: (c) => [c.chisq] },
  ...scalingJobs,
  { name: "stability selection 311 × 200, 100 fits", prepare: () => { const [d, y] = small(); return () => stabilitySelection(d, y as any, randomStream(1)); }, check: (s) => [s.selected.length], repeats: 1, rounds: 1 },
];
