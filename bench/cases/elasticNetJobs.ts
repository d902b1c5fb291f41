// Elastic nets with 10 given folds, beside cv.glmnet at its default threshold, which on all rows leaves a largest violation of the
// optimality conditions along the path of 1.9e-3 · λmax (Cox 500 × 1000; median 7e-4), 1.3e-3 (311 × 200; 7e-4), 2.5e-4 (logistic; 1.2e-4)
// and 1.8e-4 (logistic ½; 9e-5). "KKT" is what ours leaves at most. At thresh = 1e-10 (the jobs called tight) R leaves 5.5e-5 and 3.2e-5 (Cox).
import type { Design } from "../../src/math/index.js";
import { elasticNetCv, type ElasticNetCvOptions } from "../../src/model/index.js";
import { binary, combination, design, folds, follow, survival } from "./statsData.js";
import type { Job } from "./statsTiming.js";

const net = (name: string, r: string, make: () => [Design, any], options: ElasticNetCvOptions): Job => ({
  name, r, repeats: 5, repeatsInR: r.endsWith("_tight") ? 1 : 2, rounds: r.includes("binomial") ? 3 : 1,
  prepare: () => {
    const [d, y] = make();
    return () => elasticNetCv(d, y, { folds: folds(d.n, 10), ...options });
  },
  check: (cv) => [cv.lambdaMin, Math.min(...cv.cvm)],
});
const wide = (): [Design, unknown] => { const d = design(102, 500, 1000); return [d, follow(survival(102, combination(d, [0.6, -0.5, 0.4])))]; };
export const small = (): [Design, unknown] => { const d = design(103, 311, 200); return [d, follow(survival(103, combination(d, [0.6, -0.5])))]; };
const two = (): [Design, unknown] => { const d = design(104, 532, 944); return [d, { kind: "binary", name: "y", event: binary(104, combination(d, [0.8, -0.6], -0.5)) }]; };

export const elasticNetJobs: Job[] = [
  net("Cox LASSO 10-fold 500 × 1000, KKT 1e-3", "cvglmnet_cox_n500_p1000_10fold", wide, { tolerance: 1e-3 }),
  net("Cox LASSO 10-fold 500 × 1000, KKT 1e-4, the default", "cvglmnet_cox_n500_p1000_10fold", wide, {}),
  net("Cox LASSO 10-fold 500 × 1000, KKT 1e-4, beside thresh = 1e-10", "cvglmnet_cox_n500_p1000_10fold_tight", wide, {}),
  net("Cox LASSO 10-fold 500 × 1000, KKT 1e-6", "cvglmnet_cox_n500_p1000_10fold", wide, { tolerance: 1e-6 }),
  net("Cox LASSO 10-fold 311 × 200, KKT 1e-3", "cvglmnet_cox_n311_p200_10fold", small, { tolerance: 1e-3 }),
  net("Cox LASSO 10-fold 311 × 200, KKT 1e-4, the default", "cvglmnet_cox_n311_p200_10fold", small, {}),
  net("Cox LASSO 10-fold 311 × 200, KKT 1e-4, beside thresh = 1e-10", "cvglmnet_cox_n311_p200_10fold_tight", small, {}),
  net("Cox LASSO 10-fold 311 × 200, KKT 1e-6", "cvglmnet_cox_n311_p200_10fold", small, { tolerance: 1e-6 }),
  net("logistic LASSO 10-fold 532 × 944, KKT 2e-4", "cvglmnet_binomial_n532_p944_10fold", two, { tolerance: 2e-4 }),
  net("logistic elastic net ½ 10-fold 532 × 944, KKT 1.8e-4", "cvglmnet_binomial_a05_n532_p944_10fold", two, { alpha: 0.5, tolerance: 1.8e-4 }),
];
