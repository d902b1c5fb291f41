import { InputError } from "../math/index.js";

/** null is missing: what goes in missing comes out missing. */
export type Maybe<T> = T | null;
export type Receptor = "positive" | "negative";

function percentage(who: string, value: number | null | undefined): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (!(value >= 0 && value <= 100)) throw new InputError(`${who} is ${value}, but a percentage from 0 to 100 is expected. Check the unit.`);
  return value;
}

/**
 * ER or PR from the percentage of stained nuclei: positive from 1 %. ASCO/CAP 2010 (Hammond et al., J Clin Oncol 2010;28:2784),
 * kept by the update of 2020 (Allison et al., J Clin Oncol 2020;38:1346).
 * @throws InputError on a percentage outside 0 … 100
 */
export function receptorStatus(percent: number | null | undefined): Maybe<Receptor> {
  const p = percentage("The percentage of stained nuclei", percent);
  return p === null ? null : p >= 1 ? "positive" : "negative";
}

/** The update of 2020 reports ER of 1–10 % as low positive (not PR). @throws InputError on a percentage outside 0 … 100 */
export function estrogenReceptor2020(percent: number | null | undefined): Maybe<"positive" | "lowPositive" | "negative"> {
  const p = percentage("The percentage of ER-stained nuclei", percent);
  return p === null ? null : p > 10 ? "positive" : p >= 1 ? "lowPositive" : "negative";
}

export type InSituHybridisation = { /** HER2 : CEP17 */ ratio?: number; /** mean HER2 copies a cell */ copies?: number; /** the laboratory's own reading */ result?: Receptor };

/**
 * HER2 from IHC (0, 1, 2, 3 = 3+) and in-situ hybridisation. ASCO/CAP 2018 (Wolff et al., J Clin Oncol 2018;36:2105): 3+ positive,
 * 0 and 1+ negative, 2+ by dual-probe ISH: group 1 (ratio ≥ 2, copies ≥ 4) positive; group 5 (< 2, < 4) negative; group 2
 * (≥ 2, < 4) and 4 (< 2, ≥ 4 and < 6) negative beside IHC 2+; group 3 (< 2, ≥ 6) positive beside IHC 2+. 2+ without ISH is "equivocal".
 * Without IHC, group 1 and 5 decide alone; the groups between need IHC and are "equivocal". A `result` stands in for numbers.
 * @throws InputError on an IHC score other than 0 … 3, a negative ratio or number of copies
 */
export function her2Status(ihc: number | null | undefined, ish: InSituHybridisation = {}): Maybe<Receptor | "equivocal"> {
  const score = ihc === null || ihc === undefined || Number.isNaN(ihc) ? null : ihc;
  if (score !== null && ![0, 1, 2, 3].includes(score)) throw new InputError(`HER2 by IHC is ${score}, but 0, 1, 2 or 3 is expected. Code 3+ as 3.`);
  for (const [name, v] of [["ratio", ish.ratio], ["copies", ish.copies]] as const) if (v !== undefined && v < 0) throw new InputError(`HER2 ${name} is ${v}, but a number of 0 or more is expected.`);
  if (score === 3) return "positive";
  if (score === 0 || score === 1) return "negative";
  if (ish.result !== undefined) return ish.result;
  const { ratio, copies } = ish;
  if (ratio === undefined || copies === undefined || Number.isNaN(ratio) || Number.isNaN(copies)) {
    // one probe alone (copies): ≥ 6 positive, < 4 negative
    if (copies !== undefined && copies >= 6) return "positive";
    if (copies !== undefined && copies < 4 && ratio === undefined) return "negative";
    return score === 2 || ratio !== undefined || copies !== undefined ? "equivocal" : null;
  }
  if (ratio >= 2 && copies >= 4) return "positive";
  if (ratio < 2 && copies < 4) return "negative";
  if (score === null) return "equivocal";
  return ratio < 2 && copies >= 6 ? "positive" : "negative";
}

/**
 * Ki-67 high: from 14 % (Cheang et al., J Natl Cancer Inst 2009;101:736; St Gallen 2011) or from 20 % (St Gallen 2013).
 * @throws InputError on a percentage outside 0 … 100
 */
export function ki67Status(percent: number | null | undefined, cut: 14 | 20 = 14): Maybe<"high" | "low"> {
  const p = percentage("Ki-67", percent);
  return p === null ? null : p >= cut ? "high" : "low";
}

export type Subtype = "luminal A" | "luminal B (HER2 negative)" | "luminal B (HER2 positive)" | "HER2 positive (non-luminal)" | "triple negative";
export type Receptors = { er: Maybe<Receptor>; pr: Maybe<Receptor>; her2: Maybe<Receptor | "equivocal">; /** percent */ ki67: number | null; /** percent of PR-stained nuclei */ prPercent?: number | null };

/**
 * Surrogate molecular subtype. St Gallen 2011 (Goldhirsch et al., Ann Oncol 2011;22:1736): luminal A is ER and/or PR positive,
 * HER2 negative, Ki-67 < 14 %; luminal B (HER2 negative) the same with Ki-67 ≥ 14 %. St Gallen 2013 (Goldhirsch et al., Ann Oncol
 * 2013;24:2206): luminal A needs ER positive, HER2 negative, Ki-67 < 20 % and PR ≥ 20 % (`prPercent`; Prat et al. 2013); else luminal B.
 * In both, with HER2 positive: hormone receptor positive → luminal B (HER2 positive), none → HER2 positive. All negative → triple
 * negative. null where what decides is missing or HER2 equivocal. ER negative but PR positive counts as luminal (2013: luminal B).
 * @throws InputError on an unknown rule, a percentage outside 0 … 100
 */
export function molecularSubtype(r: Receptors, rule: "St Gallen 2011" | "St Gallen 2013"): Maybe<Subtype> {
  if (rule !== "St Gallen 2011" && rule !== "St Gallen 2013") throw new InputError(`There is no subtype rule "${String(rule)}". Known: St Gallen 2011, St Gallen 2013.`);
  const hormone = r.er === "positive" || r.pr === "positive" ? true : r.er === "negative" && r.pr === "negative" ? false : null;
  if (hormone === null || r.her2 === null || r.her2 === "equivocal") return null;
  if (r.her2 === "positive") return hormone ? "luminal B (HER2 positive)" : "HER2 positive (non-luminal)";
  if (!hormone) return "triple negative";
  if (rule === "St Gallen 2011") {
    const ki67 = ki67Status(r.ki67, 14);
    return ki67 === null ? null : ki67 === "low" ? "luminal A" : "luminal B (HER2 negative)";
  }
  const ki67 = ki67Status(r.ki67, 20);
  const pr = percentage("The percentage of PR-stained nuclei", r.prPercent);
  // one sign of luminal B decides, whatever else is missing
  if (ki67 === "high" || r.er === "negative" || r.pr === "negative" || (pr !== null && pr < 20)) return "luminal B (HER2 negative)";
  return ki67 === null || r.er === null || pr === null ? null : "luminal A";
}

/**
 * T category from the largest invasive diameter in mm (AJCC 8th ed. 2017, breast): T1 ≤ 20 (T1mi ≤ 1, T1a > 1–5, T1b > 5–10, T1c > 10–20),
 * T2 > 20–50, T3 > 50. T4 (chest wall, skin) does not follow from size: state it. More than 1 mm and less than 2 counts as 2 (T1a); else the
 * size is taken as given: round it to whole millimetres first where it was measured in parts of them, as the AJCC does.
 * @throws InputError on a negative size, or 500 mm and more
 */
export function tCategory(millimetres: number | null | undefined, options: { sub?: boolean; t4?: boolean } = {}): Maybe<string> {
  if (options.t4) return "T4";
  if (millimetres === null || millimetres === undefined || Number.isNaN(millimetres)) return null;
  if (!(millimetres >= 0 && millimetres < 500)) throw new InputError(`The tumour measures ${millimetres} mm, but 0 to 500 is expected. Check the unit.`);
  if (millimetres === 0) return "T0";
  if (millimetres > 50) return "T3";
  if (millimetres > 20) return "T2";
  if (!options.sub) return "T1";
  return millimetres <= 1 ? "T1mi" : millimetres <= 5 ? "T1a" : millimetres <= 10 ? "T1b" : "T1c";
}

function nodeCount(n: number | null | undefined): number | null {
  if (n === null || n === undefined || Number.isNaN(n)) return null;
  if (!(Number.isInteger(n) && n >= 0 && n <= 100)) throw new InputError(`There are ${n} positive nodes, but a whole number from 0 to 100 is expected.`);
  return n;
}

/**
 * pN by number of positive axillary nodes (AJCC 8th ed. 2017): N0 0, N1 1–3, N2 4–9, N3 ≥ 10. Nodes outside the axilla may raise it: not known here.
 * @throws InputError on what is no whole number from 0 to 100
 */
export function nCategory(positiveNodes: number | null | undefined): Maybe<"N0" | "N1" | "N2" | "N3"> {
  const n = nodeCount(positiveNodes);
  return n === null ? null : n === 0 ? "N0" : n <= 3 ? "N1" : n <= 9 ? "N2" : "N3";
}

/**
 * Axillary burden: high from 3 positive nodes (the cut behind ACOSOG Z0011, Giuliano et al., JAMA 2011;305:569: 1–2 against ≥ 3).
 * @throws InputError on what is no whole number from 0 to 100
 */
export function nodeBurden(positiveNodes: number | null | undefined): Maybe<"high" | "low"> {
  const n = nodeCount(positiveNodes);
  return n === null ? null : n >= 3 ? "high" : "low";
}

/**
 * Pathological complete response ypT0/is ypN0: no invasive cancer in breast and nodes, in situ allowed (Cortazar et al., Lancet
 * 2014;384:164). Takes the categories as reported: "ypT0", "T0", "Tis", "is", "ypT0/is"; "ypN0", "N0", "N0(i-)(sn)", "N0(i+)".
 * Isolated cells are no pCR: N0(i+) and N0(mol+) are not.
 * @throws InputError on text that is no T or N category
 */
export function completeResponse(ypT: string | null | undefined, ypN: string | null | undefined): Maybe<boolean> {
  const t = category("ypT", ypT, /^(?:y?p?)?T?(0|0\/is.*|is.*|x|[1-4].*)$/i), n = category("ypN", ypN, /^(?:y?p?)?N?(0.*|x|[1-3].*)$/i);
  const tumour = t === null || t === "x" ? null : t !== "0" && !t.startsWith("0/is") && !t.startsWith("is");
  const nodes = n === null || n === "x" ? null : !/^0(\s*\(((i-|mol-|sn|f)(,\s*)?)+\))*$/.test(n);
  if (tumour === true || nodes === true) return false;
  return tumour === null || nodes === null ? null : true;
}

function category(who: string, text: string | null | undefined, form: RegExp): string | null {
  if (text === null || text === undefined || text.trim() === "") return null;
  const found = form.exec(text.trim());
  if (!found) throw new InputError(`${who} is "${text}", but a category such as ${who}0 is expected.`);
  return found[1].toLowerCase();
}
