import { formatNumber } from "./words.js";
import { levelText, type Comparison, type Kind, type StudyResults } from "../report/index.js";
import { chainOf } from "./fit/blockTable.js";
import { CENTRES_MEAN } from "./estimates/centreEstimates.js";
import type { Facts } from "./facts.js";
import { samePairs } from "./findFacts.js";
import { headline } from "./estimates/merit.js";

/** Which kind of comparison the verdict rests on, best first; apparent ones never show that anything is added. */
const order: Kind[] = ["nested cross-validation", "external", "test", "leave-one-centre-out", "optimism-corrected"];

/** Comparisons on patients from elsewhere, or set aside, that stand beside the one that the verdict rests on. */
const beside: Kind[] = ["leave-one-centre-out", "test", "external"];

/**
 * What the study says of its final model against the reference, from the nested cross-validation (else the best validation there is), with a sentence
 * for every comparison in centres or cohorts not seen, or that centres left out, which the plan asked for, could not be compared. "yes" where the interval of the difference lies above 0, and everywhere else too (a set with too
 * few events to say anything does not count); "no" where it lies below, or where the final model fitted on all patients is the reference (or selected
 * nothing) and no gain is shown; else "uncertain", for a difference that is not above 0 does not exclude a gain: the sentence names the largest one
 * that the interval leaves.
 */
export function verdictOf(facts: Facts): StudyResults["verdict"] {
  const { plan, comparisons, performance } = facts;
  const measure = headline(facts.data.development.outcome.kind);
  const { final, reference } = plan;
  if (reference === undefined || reference === final) {
    const own = order.flatMap((kind) => performance.filter((p) => p.model === final && p.measure === measure && p.estimate.kind === kind && (kind !== "leave-one-centre-out" || p.estimate.set === CENTRES_MEAN)))[0] ?? performance.find((p) => p.model === final && p.measure === measure);
    if (own === undefined) return { sentence: `The ${final} model has no ${measure} on these patients.`, adds: "uncertain" };
    const { value, low, high, kind } = own.estimate;
    return { sentence: `The ${final} model reaches a ${measure} of ${formatNumber(value)}${interval(low, high, own.estimate.level)} (${kind}); no model is named to hold it against.${nothing(facts)}`, adds: "uncertain" };
  }
  const of = (kind: Kind) => comparisons.filter((c) => c.first === reference && c.second === final && c.measure === measure && c.difference.kind === kind && (kind !== "leave-one-centre-out" || c.difference.set === CENTRES_MEAN));
  const found: Comparison | undefined = order.flatMap(of)[0];
  const base = new Set(chainOf(plan, reference).map((b) => b.name));
  const extra = chainOf(plan, final).filter((b) => b.kind === "score" && !base.has(b.name)).map((b) => b.name);
  const what = extra.length > 0 ? `Adding ${extra.join(" and ")} to the ${reference} model` : `Going from the ${reference} to the ${final} model`;
  if (found === undefined) return { sentence: `${what} was not validated: the plan asks for no resampling and no other patients, and apparent figures cannot show that anything is added.`, adds: "uncertain" };
  const { value, low, high, level, kind, set } = found.difference;
  const { few, shown, excluded } = readingOf(found);
  const nothingMore = same(facts, reference);
  const others = beside.flatMap(of).filter((c) => c !== found && Number.isFinite(c.difference.value));
  const further = others.map((comparison) => ({ sentence: elsewhere(comparison, shown), comparison }));
  const readings = others.map(readingOf).filter((r) => !r.few);
  const unseen = plan.validation.leaveOneCentreOut && kind !== "leave-one-centre-out" && !others.some((c) => c.difference.kind === "leave-one-centre-out");
  const agreed = shown ? readings.every((r) => r.shown) && !unseen : !readings.some((r) => r.shown);
  const adds = shown ? (agreed ? "yes" : "uncertain") : nothingMore !== "" || (excluded && agreed) ? "no" : "uncertain";
  const where = kind === "nested cross-validation" || kind === "optimism-corrected" ? "among patients of the same source" : `in ${set}`;
  const gain = high === undefined ? "without an interval none is excluded" : `one of more than ${formatNumber(high, true)} is excluded, a smaller one is not`;
  const says = few ? "too few had the event to say" : shown ? (agreed ? "it adds to prediction" : `an addition is shown ${where}`) : excluded ? "it predicts worse" : value > 0 ? `an addition is not shown${high === undefined ? ", and not excluded" : "; " + gain}` : `no addition is shown; ${gain}`;
  return { sentence: `${what} changes the ${measure} by ${formatNumber(value, true)}${interval(low, high, level, true)} (${kind}): ${says}.${nothingMore}${further.map((f) => ` ${f.sentence}`).join("")}${unseen ? " In centres not seen the two could not be compared." : ""}`, adds, comparison: found, ...(further.length > 0 && { further }) };
}

type Reading = { few: boolean; shown: boolean; excluded: boolean };
/** What a difference shows: a gain, a loss, neither; nothing at all from too few events. */
function readingOf({ test, difference: { kind, low, high, note } }: Comparison): Reading {
  // where so few had the event that no test is given, the interval's normal approximation is not to be had either
  const few = test === undefined && kind !== "optimism-corrected" && low !== undefined && note?.includes("no test is given") === true;
  return { few, shown: !few && low !== undefined && low > 0, excluded: !few && high !== undefined && high <= 0 };
}

/** A sentence on the difference in centres or patients that the verdict does not rest on. */
function elsewhere(c: Comparison, shownFirst: boolean): string {
  const { value, low, high, level, kind, set } = c.difference;
  const { few, shown, excluded } = readingOf(c);
  const place = kind === "leave-one-centre-out" ? "In centres not seen" : kind === "external" ? `In ${set} (external)` : `In the test set`;
  const says = few ? "too few had the event to say" : shown ? (shownFirst ? "the addition is shown there too" : "an addition is shown there") : excluded ? "it predicts worse there"
    : value === 0 && low === undefined ? "both models rank these patients alike" : shownFirst ? "the addition is not shown there" : "no addition is shown there";
  return `${place} the change is ${formatNumber(value, true)}${interval(low, high, level, true)}: ${says}.`;
}

/** What the fits on all patients ended with, where that is nothing or no more than the reference. */
function same(facts: Facts, reference: string): string {
  const { final } = facts.plan;
  if (samePairs([[reference, final]], facts.sets[0]).size === 0) return nothing(facts);
  return facts.blocks.find((b) => b.name === final)?.model === null ? ` Fitted on all patients, neither model selected anything.` : ` The ${final} model fitted on all patients is the ${reference} model: nothing more was selected.`;
}

const nothing = ({ blocks, plan: { final } }: Facts) => (blocks.find((b) => b.name === final)?.model === null ? ` Fitted on all patients, the ${final} model selected nothing.` : "");

function interval(low: number | undefined, high: number | undefined, level = 0.95, signed = false): string {
  return low === undefined || high === undefined ? "" : ` (${levelText(level)} ${formatNumber(low, signed)} to ${formatNumber(high, signed)})`;
}
