// The matrices that the glmnet references were computed from, as their calls build them.
import type { NetCoefficients, NetResponse } from "../src/math/elasticNet.js";
import { data } from "./stats.js";

type Cohort = { columns: Float64Array[]; names: string[]; response: NetResponse; fold: Float64Array; extra: Record<string, Float64Array> };
const indicator = (text: string[], level: string) => Float64Array.from(text, (t) => (t === level ? 1 : 0));

export function survivalCohort(): Cohort {
  const d = data("surv_cohort.csv");
  const x = { age: d.age, size: d.size, nodes: d.nodes, er: d.er, ki67: d.ki67, rad: d.rad, gradeG2: indicator(d.text.grade, "G2"),
    gradeG3: indicator(d.text.grade, "G3"), meno: d.meno, m1: d.m1 };
  return { columns: Object.values(x), names: Object.keys(x), response: { family: "cox", time: d.time, event: d.status }, fold: d.foldid,
    extra: { offset: d.m2, weights: d.w } };
}

export function binomialCohort(): Cohort {
  const d = data("bin_cohort.csv");
  const x = { age: d.age, size: d.size, adc: d.adc, her2: d.her2, multi: d.multi, oval: indicator(d.text.shape, "oval"),
    round: indicator(d.text.shape, "round"), m1: d.m1, m2: d.m2 };
  return { columns: Object.values(x), names: Object.keys(x), response: { family: "binomial", y: d.y }, fold: d.foldid,
    extra: { offset: d.off, weights: d.w } };
}

/** surv_hd.csv, bin_hd.csv or gauss.csv: x1 … xp against what the file holds. */
export function wide(file: string): Cohort {
  const d = data(file);
  const names = Object.keys(d).filter((name) => /^x\d+$/.test(name));
  const response: NetResponse = d.time ? { family: "cox", time: d.time, event: d.status } : { family: file === "gauss.csv" ? "gaussian" : "binomial", y: d.y };
  return { columns: names.map((name) => d[name]), names, response, fold: d.foldid, extra: d.w ? { weights: d.w } : {} };
}

export function dense({ index, value }: NetCoefficients, p: number): Float64Array {
  const b = new Float64Array(p);
  index.forEach((j, k) => { b[j] = value[k]; });
  return b;
}
