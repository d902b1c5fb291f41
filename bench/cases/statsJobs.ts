// The jobs that R's cost is known for, on data that a documented generator makes on both sides: Lehmer s <- 48271 s mod 2147483647,
// u = s / 2147483647; normals by Box–Muller; matrices row by row; survival time −ln(U) 40 / e^η against censoring 6 + 90 U, rounded.
import { combat, makeTable, numberColumn, categoryColumn } from "../../src/cohort/index.js";
import { concordance, delongPaired, kaplanMeier, logRank, medianSurvival, minimumPCut, timeRoc } from "../../src/evaluate/index.js";
import { correlationMatrix, hierarchicalClustering, randomStream, type Design } from "../../src/math/index.js";
import { coxFit, elasticNetCv, logisticFit, logisticProbability, stabilitySelection, type ElasticNetCvOptions } from "../../src/model/index.js";

function uniform(seed: number, n: number): Float64Array {
  let s = seed;
  return Float64Array.from({ length: n }, () => (s = (48271 * s) % 2147483647) / 2147483647);
}
function normal(seed: number, n: number): Float64Array {
  const u = uniform(seed, 2 * Math.ceil(n / 2));
  const out = new Float64Array(u.length);
  for (let i = 0; i < u.length; i += 2) {
    const r = Math.sqrt(-2 * Math.log(u[i]));
    out[i] = r * Math.cos(2 * Math.PI * u[i + 1]);
    out[i + 1] = r * Math.sin(2 * Math.PI * u[i + 1]);
  }
  return out.subarray(0, n);
}
function design(seed: number, n: number, p: number): Design {
  const all = normal(seed, n * p);
  const columns = Array.from({ length: p }, (_, j) => Float64Array.from({ length: n }, (_, i) => all[i * p + j]));
  return { names: columns.map((_, j) => `x${j + 1}`), columns, n };
}
const combination = ({ columns, n }: Design, b: number[], start = 0) =>
  Float64Array.from({ length: n }, (_, i) => b.reduce((sum, beta, j) => sum + beta * columns[j][i], start));
function survival(seed: number, eta: Float64Array) {
  const n = eta.length;
  const u = uniform(seed + 1, 2 * n);
  const t = eta.map((h, i) => (-Math.log(u[i]) * 40) / Math.exp(h));
  const c = eta.map((_, i) => 6 + 90 * u[n + i]);
  return { time: t.map((x, i) => Math.round(Math.min(x, c[i]) * 100) / 100), event: Uint8Array.from(t, (x, i) => Number(x <= c[i])) };
}
const binary = (seed: number, eta: Float64Array) => {
  const u = uniform(seed + 2, eta.length);
  return Uint8Array.from(eta, (h, i) => Number(u[i] < 1 / (1 + Math.exp(-h))));
};
const folds = (n: number, k: number) => Int32Array.from({ length: n }, (_, i) => ((i * 7) % k) + 1);
const follow = (s: { time: Float64Array; event: Uint8Array }) => ({ kind: "survival", unit: "months", name: "time", ...s }) as const;

/** `run` is timed; `check` gives our numbers to those of `r.check` (same order); r.cpu: R's CPU seconds, measured elsewhere. */
export type Job = { name: string; r?: { cpu: number; check: number[] }; prepare(): () => unknown; check?(result: any): number[]; repeats?: number };

const net = (name: string, make: () => [Design, any], options: ElasticNetCvOptions, r?: Job["r"]): Job => ({
  name, ...(r ? { r } : {}), repeats: 2,
  prepare: () => {
    const [d, y] = make();
    return () => elasticNetCv(d, y, { folds: folds(d.n, 10), ...options });
  },
  check: (cv) => [cv.lambdaMin, Math.min(...cv.cvm)],
});
const wide = (): [Design, unknown] => { const d = design(102, 500, 1000); return [d, follow(survival(102, combination(d, [0.6, -0.5, 0.4])))]; };
const small = (): [Design, unknown] => { const d = design(103, 311, 200); return [d, follow(survival(103, combination(d, [0.6, -0.5])))]; };
const two = (): [Design, unknown] => { const d = design(104, 532, 944); return [d, { kind: "binary", name: "y", event: binary(104, combination(d, [0.8, -0.6], -0.5)) }]; };
const scaled = (name: string, run: (s: ReturnType<typeof survival>, x: Float64Array) => unknown): Job[] => [1e4, 1e5].map((n) => ({
  name: `${name}, ${n} patients`,
  prepare: () => { const s = survival(110, new Float64Array(n)); const x = normal(511, n); return () => run(s, x); },
}));
function timed() { const d = design(108, 480, 2); return { marker: d.columns[0], s: survival(108, combination(d, [0.7])) }; }
function centres() {
  const d = design(109, 1211, 944);
  const batch = Array.from({ length: 1211 }, (_, i) => (i < 560 ? 0 : i < 820 ? 1 : i < 1060 ? 2 : 3));
  return { batch, columns: d.columns.map((x) => x.map((v, i) => v * [1, 1.4, 0.8, 1.2][batch[i]] + [0, 0.7, -0.5, 0.3][batch[i]])) };
}

export const jobs: Job[] = [
  { name: "coxph Efron 1211 × 20", r: { cpu: 0.014, check: [-4862.72184263238, 0.51996640735953] },
    prepare: () => { const d = design(101, 1211, 20); const s = survival(101, combination(d, [0.5, -0.4, 0.3])); return () => coxFit(d, s); },
    check: (f) => [f.loglik[1], f.coefficients[0]] },
  net("Cox LASSO 10-fold 500 × 1000, KKT 1e-3", wide, { tolerance: 1e-3 }, { cpu: 24.729, check: [0.0696338608556931, 12.273460754419] }),
  net("Cox LASSO 10-fold 500 × 1000, KKT 1e-6", wide, { tolerance: 1e-6 }, { cpu: 24.729, check: [0.0696338608556931, 12.273460754419] }),
  net("Cox LASSO 10-fold 311 × 200, KKT 1e-3", small, { tolerance: 1e-3 }, { cpu: 19.337, check: [0.0602535114950161, 11.2643042180294] }),
  net("Cox LASSO 10-fold 311 × 200, KKT 1e-6", small, { tolerance: 1e-6 }, { cpu: 19.337, check: [0.0602535114950161, 11.2643042180294] }),
  net("logistic LASSO 10-fold 532 × 944, KKT 1e-3", two, { tolerance: 1e-3 }, { cpu: 0.95, check: [0.0299055939071557, 1.14577221720758] }),
  net("logistic elastic net ½ 10-fold 532 × 944, KKT 1e-3", two, { alpha: 0.5, tolerance: 1e-3 }, { cpu: 0.806, check: [0.0520207209468823, 1.15165709786569] }),
  { name: "DeLong paired 1211", r: { cpu: 0.003, check: [1.94763104663091] },
    prepare: () => { const d = design(105, 1211, 2); const y = binary(105, combination(d, [1, 0.3])); const both = combination(d, [1, 1]); return () => delongPaired(d.columns[0], both, y); },
    check: (t) => [t.z ?? t.statistic] },
  { name: "logistic regression, 100 × 5-fold, 124 × 4", r: { cpu: 0.162, check: [] },
    prepare: () => {
      const d = design(107, 124, 4); const y = binary(107, combination(d, [0.8, -0.6, 0.4], -0.3)); const random = randomStream(1);
      const part = (rows: number[]): Design => ({ names: d.names, columns: d.columns.map((x) => Float64Array.from(rows, (i) => x[i])), n: rows.length });
      return () => {
        let sum = 0;
        for (let r = 0; r < 100; r++) {
          const fold = Array.from({ length: 124 }, (_, i) => i % 5);
          for (let i = 123; i > 0; i--) { const k = random.below(i + 1); [fold[i], fold[k]] = [fold[k], fold[i]]; }
          for (let k = 0; k < 5; k++) {
            const rest = [...fold.keys()].filter((i) => fold[i] !== k), inside = [...fold.keys()].filter((i) => fold[i] === k);
            const p = logisticProbability(logisticFit(part(rest), rest.map((i) => y[i])), part(inside));
            sum += inside.filter((i, j) => Number(p[j] > 0.5) === y[i]).length / inside.length / 500;
          }
        }
        return sum;
      };
    } },
  { name: "time-dependent AUC with SE, 480, 3 times", r: { cpu: 0.331, check: [0.71002328199372, 0.758101116953357, 0.765911612209946] },
    prepare: () => { const { marker, s } = timed(); return () => timeRoc(s, marker, [12, 36, 60]); }, check: (r) => r.times.map((t: any) => t.auc) },
  { name: "ComBat 944 × 1211, 4 centres", r: { cpu: 0.157, check: [-0.339397581145791] },
    prepare: () => {
      const { batch, columns } = centres();
      const table = makeTable(batch.map((_, i) => `P${i}`), { centre: categoryColumn(batch.map((b) => `c${b}`)), ...Object.fromEntries(columns.map((x, j) => [`f${j}`, numberColumn(x)])) });
      const none = { kind: "binary", event: new Uint8Array(1211), name: "none" } as const;
      return () => combat.apply(combat.fit(table, none, { batch: "centre" }, randomStream(1)), table);
    }, check: (t) => [t.columns.f0.values[0]] },
  { name: "Spearman matrix 1211 × 944", r: { cpu: 0.892, check: [0.105672756300478] },
    prepare: () => { const { columns } = centres(); return () => correlationMatrix(columns, "spearman"); }, check: (m) => [m[1]] },
  { name: "Ward clustering of 944", r: { cpu: 0.013, check: [1.35873913687685] },
    prepare: () => {
      const distances = correlationMatrix(centres().columns, "spearman").map((r) => 1 - Math.abs(r));
      return () => hierarchicalClustering(distances, 944);
    }, check: (h) => [Math.max(...h.height)] },
  { name: "Kaplan–Meier 1e5", r: { cpu: 0.073, check: [27.56] },
    prepare: () => { const s = survival(110, new Float64Array(1e5)); return () => kaplanMeier(s); }, check: (c) => [medianSurvival(c).time] },
  { name: "log-rank 1e5", r: { cpu: 0.085, check: [1.29171715745695] },
    prepare: () => { const s = survival(110, new Float64Array(1e5)); const g = Int32Array.from(s.time, (_, i) => i % 2); return () => logRank(s, g); }, check: (t) => [t.chisq] },
  { name: "concordance 1e5", r: { cpu: 0.246, check: [0.498510520220442] },
    prepare: () => { const s = survival(110, new Float64Array(1e5)); const x = normal(511, 1e5); return () => concordance(s, x); }, check: (c) => [c.c] },
  { name: "minimum-p cut, 480, all cuts", r: { cpu: 0.357, check: [126.660230957481] },
    prepare: () => { const { marker, s } = timed(); return () => minimumPCut(s, marker, { minimum: 0.1 }); }, check: (c) => [c.chisq] },
  ...scaled("Kaplan–Meier", (s) => kaplanMeier(s)), ...scaled("concordance", (s, x) => concordance(s, x)), ...scaled("log-rank", (s, x) => logRank(s, x.map((v) => Number(v > 0)))),
  ...scaled("minimum-p scan", (s, x) => minimumPCut(s, x, { minimum: 0.1 })), ...scaled("DeLong", (s, x) => delongPaired(x, s.time, s.event)),
  { name: "stability selection 311 × 200, 100 fits", prepare: () => { const [d, y] = small(); return () => stabilitySelection(d, y as any, randomStream(1)); }, check: (s) => [s.selected.length], repeats: 1 },
];
