// What ten times the patients cost, for the methods that need O(n log n).
import { concordance, delongPaired, kaplanMeier, logRank, minimumPCut } from "../../src/evaluate/index.js";
import { normal, survival } from "./statsData.js";
import type { Job } from "./statsTiming.js";

const scaled = (name: string, run: (s: ReturnType<typeof survival>, x: Float64Array, g: Int32Array) => unknown): Job[] => [1e4, 1e5].map((n) => ({
  name: `${name}, ${n} patients`, repeats: 25,
  prepare: () => {
    const s = survival(110, new Float64Array(n));
    const x = normal(511, n);
    const g = Int32Array.from(x, (v) => Number(v > 0));
    return () => run(s, x, g);
  },
}));

export const scalingJobs: Job[] = [
  ...scaled("Kaplan–Meier", (s) => kaplanMeier(s)),
  ...scaled("concordance", (s, x) => concordance(s, x)),
  ...scaled("log-rank", (s, _, g) => logRank(s, g)),
  ...scaled("minimum-p scan", (s, x) => minimumPCut(s, x, { minimum: 0.1 })),
  ...scaled("DeLong", (s, x) => delongPaired(x, s.time, s.event)),
];
