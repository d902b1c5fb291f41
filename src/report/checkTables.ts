import { checkDescription } from "../cohort/index.js";
import { exp } from "../math/index.js";
import type { Finding, StudyResults } from "./results.js";
import { kindOf } from "./wording.js";

/**
 * The arithmetic of every table that the report prints, done again: counts of Table 1 sum to their columns, the flow loses what it
 * says it loses, centres sum to their cohort, events fit in patients, values lie in their intervals, ratios are e to their
 * coefficients, differences are those of the figures shown, verdict and interval say the same, no corrected figure exceeds the
 * apparent one. What does not fit is a finding; an empty list means that all of it fits.
 */
export function checkTables(results: StudyResults): Finding[] {
  const found: Finding[] = [];
  const say = (where: string, message: string, severity: Finding["severity"] = "warning") => found.push({ guard: "arithmetic of the tables", severity, where, message });
  results.baseline.forEach(({ title, description }) => checkDescription(description).forEach((fault) => say("baseline", `${title}: ${fault}`)));
  for (const cohort of results.cohorts) checkCohort(cohort, say);
  for (const { model, measure, estimate: e } of results.performance) checkEstimate(`${measure} of ${model} (${kindOf(e.kind).short}, ${e.set})`, e, "performance", say);
  for (const c of results.comparisons) {
    const name = `Difference in ${c.measure}, ${c.second} − ${c.first} (${kindOf(c.difference.kind).short}, ${c.difference.set})`;
    checkEstimate(name, c.difference, "comparisons", say);
    const shown = (model: string) => results.performance.find((p) => p.model === model && p.measure === c.measure && p.estimate.kind === c.difference.kind && p.estimate.set === c.difference.set)?.estimate;
    const [first, second] = [shown(c.first)?.value, shown(c.second)?.value];
    // a difference is of the patients and folds that both models have; each figure by itself is of all that its own model has
    const alike = [c.first, c.second].every((m) => shown(m)?.n === c.difference.n) && !/for both models|whom both/.test(c.difference.note ?? "");
    if (alike && known(first) && known(second) && known(c.difference.value) && Math.abs(second - first - c.difference.value) > 5e-4) {
      say("comparisons", `${name} is ${c.difference.value.toFixed(4)}, but the table of performance gives ${second.toFixed(4)} − ${first.toFixed(4)} = ${(second - first).toFixed(4)}.`);
    }
    if (c.test !== undefined && known(c.test.p) && !(c.test.p >= 0 && c.test.p <= 1)) say("comparisons", `${name}: p is ${c.test.p}, outside 0 to 1.`);
  }
  for (const block of results.blocks) {
    for (const c of block.coefficients) {
      if (known(c.ratio) && Number.isFinite(c.coefficient) && Math.abs(c.ratio - exp(c.coefficient)) > 1e-6 * Math.max(1, exp(c.coefficient))) {
        say(block.name, `${block.title}: the ratio of ${c.term} is ${c.ratio.toPrecision(5)}, but e to its coefficient is ${exp(c.coefficient).toPrecision(5)}.`);
      }
    }
    for (let k = 1; k < block.steps.length; k++) {
      const [one, next] = [block.steps[k - 1], block.steps[k]];
      if (one.after !== next.before) say(block.name, `${block.title}: step ${one.step} leaves ${one.after} columns, but ${next.step} starts with ${next.before}.`);
    }
  }
  checkVerdict(results, say);
  checkOptimism(results, say);
  checkOverlap(results, say);
  return found;
}

/** a number, not NaN, nor the null that NaN is in JSON */
const known = (x: number | undefined): x is number => Number.isFinite(x ?? NaN);

type Say = (where: string, message: string, severity?: Finding["severity"]) => void;

function checkCohort(cohort: StudyResults["cohorts"][number], say: Say): void {
  const { name, n, events, flow, centres } = cohort;
  if (events > n) say(name, `${name}: ${events} events among ${n} patients.`);
  for (let k = 1; k < flow.length; k++) {
    const lost = flow[k - 1].n - flow[k].n;
    if (lost !== (flow[k].removed ?? 0)) say("patients", `${name}, flow: ${flow[k - 1].n} patients become ${flow[k].n}, but ${flow[k].removed ?? 0} are said to have left (${flow[k].reason ?? "no reason"}).`);
  }
  const last = flow[flow.length - 1];
  if (last !== undefined && last.n !== n) say("patients", `${name}, flow: it ends with ${last.n} patients, but the cohort has ${n}.`);
  if (centres !== undefined && centres.length > 0) {
    const sum = centres.reduce((s, c) => s + c.n, 0), eventSum = centres.reduce((s, c) => s + c.events, 0);
    if (sum !== n || eventSum !== events) say("patients", `${name}: its centres sum to ${sum} patients and ${eventSum} events, but it has ${n} and ${events}.`);
  }
}

function checkEstimate(name: string, e: StudyResults["performance"][number]["estimate"], where: string, say: Say): void {
  if (e.events !== undefined && e.events > e.n) say(where, `${name}: ${e.events} events among ${e.n} patients.`);
  if (known(e.low) && known(e.high) && known(e.value) && (e.low > e.value + 1e-9 || e.high < e.value - 1e-9)) {
    say(where, `${name} is ${e.value.toFixed(4)}, outside its own interval ${e.low.toFixed(4)} to ${e.high.toFixed(4)}.`, "note");
  }
  if (known(e.low) && e.intervalMethod === undefined) say(where, `${name}: its interval does not name its method.`, "note");
  if (e.fits !== undefined && e.empty !== undefined && e.empty > e.fits) say(where, `${name}: ${e.empty} empty selections in ${e.fits} fits.`);
}

function checkVerdict({ verdict }: StudyResults, say: Say): void {
  const e = verdict.comparison?.difference;
  if (e === undefined || !known(e.low) || !known(e.high)) return;
  if (verdict.adds === "yes" && !(e.low > 0)) say("performance", `The verdict is "yes", but the interval of the difference runs from ${e.low.toFixed(4)} to ${e.high.toFixed(4)}.`);
  for (const { comparison: { difference: d } } of verdict.adds === "yes" ? verdict.further ?? [] : []) {
    if (!(known(d.low) && d.low > 0) && !/no test is given/.test(d.note ?? "")) say("performance", `The verdict is "yes", but in ${d.set} (${kindOf(d.kind).short}) the difference is not shown to be above 0.`);
  }
  if (verdict.adds === "yes" && !kindOf(e.kind).honest) say("performance", `The verdict rests on a figure that is ${kindOf(e.kind).short}, which is no validation.`);
}

/** A corrected figure of discrimination above the apparent one is no correction (all measures where more is better). */
function checkOptimism({ performance }: StudyResults, say: Say): void {
  for (const { model, measure, estimate: e } of performance) {
    if (e.kind !== "optimism-corrected" || !/^(C-index|AUC)/.test(measure)) continue;
    const apparent = performance.find((p) => p.model === model && p.measure === measure && p.estimate.kind === "apparent")?.estimate;
    if (apparent !== undefined && known(apparent.value) && e.value > apparent.value + 1e-9) {
      say("performance", `${measure} of ${model}: the optimism-corrected ${e.value.toFixed(3)} exceeds the apparent ${apparent.value.toFixed(3)}; a correction that raises a figure was not made by refitting the whole pipeline.`);
    }
  }
}

function checkOverlap({ overlap, cohorts }: StudyResults, say: Say): void {
  const size = new Map(cohorts.map((c) => [c.name, c.n]));
  overlap.sets.forEach((set, i) => overlap.sets.forEach((other, j) => {
    const n = overlap.shared[i][j];
    if (n !== overlap.shared[j][i] && i < j) say("overlap", `${set} shares ${n} patients with ${other}, but ${other} ${overlap.shared[j][i]} with ${set}.`);
    if (i === j && size.has(set) && n > size.get(set)!) say("overlap", `${set} has ${size.get(set)} patients, but ${n} stand on the diagonal of the overlap.`);
  }));
}
