import { completeResponse, estrogenReceptor2020, her2Status, ki67Status, molecularSubtype, nCategory, nodeBurden, receptorStatus, tCategory, timeUnits, type InSituHybridisation, type Maybe, type Receptor, type TimeUnit } from "../../cohort/index.js";
import { InputError } from "../../math/index.js";

/** One patient's sources as labels, "" where missing; a date as days since 1970. */
export type Sources = Readonly<Record<string, string>>;
/**
 * How a variable is made from others: `needs` and `may` name its sources, `is` tells what was done and after whom, for check and methods;
 * `levels` of a category in their order (none: a number, in `unit`), `of` one patient's value, null where the rule does not give one.
 */
export type Derivation = {
  needs: readonly string[]; may?: readonly string[]; dates?: true;
  is(options: DeriveOptions): string; levels?(options: DeriveOptions): readonly string[]; ordered?: true; unit?(options: DeriveOptions): string;
  of(sources: Sources, options: DeriveOptions): Maybe<string | number>;
};
export type DeriveOptions = { cut?: 14 | 20; edition?: "St Gallen 2011" | "St Gallen 2013"; sub?: boolean; unit?: TimeUnit };

const subtypes = ["luminal A", "luminal B (HER2 negative)", "luminal B (HER2 positive)", "HER2 positive (non-luminal)", "triple negative"];

/** Every rule by which a plan may derive a variable: the coding rules of cohort under their own names, and the time between two dates. */
export const derivations = {
  receptorStatus: { needs: ["percent"], levels: () => ["negative", "positive"], is: () => "positive from 1 % of stained nuclei (ASCO/CAP 2010; Hammond et al., J Clin Oncol 2010;28:2784)", of: (s) => receptorStatus(number(s, "percent")) },
  estrogenReceptor2020: { needs: ["percent"], levels: () => ["negative", "lowPositive", "positive"], ordered: true, is: () => "low positive from 1 %, positive above 10 % (ASCO/CAP 2020; Allison et al., J Clin Oncol 2020;38:1346)", of: (s) => estrogenReceptor2020(number(s, "percent")) },
  her2Status: { needs: ["ihc"], may: ["ratio", "copies", "result"], levels: () => ["negative", "equivocal", "positive"], is: () => "by immunohistochemistry, and where that is 2+ by in-situ hybridisation (ASCO/CAP 2018; Wolff et al., J Clin Oncol 2018;36:2105)", of: her2 },
  ki67Status: { needs: ["percent"], levels: () => ["low", "high"], is: ({ cut = 14 }) => `high from ${cut} % (${cut === 14 ? "Cheang et al., J Natl Cancer Inst 2009;101:736; St Gallen 2011" : "St Gallen 2013"})`, of: (s, { cut = 14 }) => ki67Status(number(s, "percent"), cut) },
  molecularSubtype: {
    needs: ["er", "pr", "her2", "ki67"], may: ["prPercent"], levels: () => subtypes, of: subtype,
    is: ({ edition = "St Gallen 2013" }) => `surrogate subtype of ${edition} (Goldhirsch et al., Ann Oncol ${edition === "St Gallen 2011" ? "2011;22:1736" : "2013;24:2206"})`,
  },
  tCategory: { needs: ["millimetres"], may: ["t4"], levels: ({ sub }) => (sub === true ? ["T0", "T1mi", "T1a", "T1b", "T1c", "T2", "T3", "T4"] : ["T0", "T1", "T2", "T3", "T4"]), ordered: true, is: () => "from the largest diameter: T1 up to 20 mm, T2 up to 50 mm, T3 above (AJCC, 8th edition, 2017)", of: (s, { sub = false }) => tCategory(number(s, "millimetres"), { sub, t4: yes(s, "t4") }) },
  nCategory: { needs: ["positiveNodes"], levels: () => ["N0", "N1", "N2", "N3"], ordered: true, is: () => "from the number of positive nodes: N1 1–3, N2 4–9, N3 10 or more (AJCC, 8th edition, 2017)", of: (s) => nCategory(number(s, "positiveNodes")) },
  nodeBurden: { needs: ["positiveNodes"], levels: () => ["low", "high"], is: () => "high from 3 positive nodes (1–2 against 3 or more, after ACOSOG Z0011; Giuliano et al., JAMA 2011;305:569)", of: (s) => nodeBurden(number(s, "positiveNodes")) },
  completeResponse: { needs: ["ypT", "ypN"], levels: () => ["no pCR", "pCR"], is: () => "ypT0/is ypN0 (Cortazar et al., Lancet 2014;384:164)", of: response },
  timeBetween: { needs: ["from", "to"], dates: true, unit: ({ unit = "months" }) => unit, is: ({ unit = "months" }) => `time from one date to the other, in ${unit}`, of: between },
} as const satisfies Record<string, Derivation>;
export type DeriveRule = keyof typeof derivations;

const number = (sources: Sources, name: string): number | null => {
  const text = (sources[name] ?? "").trim();
  if (text === "") return null;
  if (!Number.isFinite(Number(text))) throw new InputError(`${name} is "${text}", expected a number`);
  return Number(text);
};

function yes(sources: Sources, name: string): boolean {
  const text = (sources[name] ?? "").trim().toLowerCase();
  if (["", "no", "false", "0"].includes(text)) return false;
  if (["yes", "true", "1", "t4"].includes(text)) return true;
  throw new InputError(`${name} is "${text}", expected yes or no`);
}

function receptor(sources: Sources, name: string): Maybe<Receptor> {
  const text = (sources[name] ?? "").trim().toLowerCase();
  if (text === "") return null;
  if (["positive", "pos", "+", "lowpositive"].includes(text)) return "positive";
  if (["negative", "neg", "-"].includes(text)) return "negative";
  throw new InputError(`${name} is "${sources[name]}", expected positive or negative; name what its codes mean under variables (levels: { 0: negative, 1: positive })`);
}

function her2(sources: Sources): Maybe<string> {
  const stained = (sources.ihc ?? "").trim().replace(/\+$/, "");
  const [ratio, copies, result] = [number(sources, "ratio"), number(sources, "copies"), receptor(sources, "result")];
  const ish: InSituHybridisation = { ...(ratio !== null && { ratio }), ...(copies !== null && { copies }), ...(result !== null && { result }) };
  return her2Status(number({ ihc: stained }, "ihc"), ish);
}

function subtype(sources: Sources, { edition = "St Gallen 2013" }: DeriveOptions): Maybe<string> {
  const text = (sources.her2 ?? "").trim().toLowerCase();
  return molecularSubtype({
    er: receptor(sources, "er"), pr: receptor(sources, "pr"), her2: text === "equivocal" ? "equivocal" : receptor(sources, "her2"),
    ki67: number(sources, "ki67"), prPercent: number(sources, "prPercent"),
  }, edition);
}

function response(sources: Sources): Maybe<string> {
  const complete = completeResponse(sources.ypT, sources.ypN);
  return complete === null ? null : complete ? "pCR" : "no pCR";
}

function between(sources: Sources, { unit = "months" }: DeriveOptions): Maybe<number> {
  const [from, to] = [number(sources, "from"), number(sources, "to")];
  if (from === null || to === null) return null;
  if (to < from) throw new InputError(`the second date is ${from - to} days before the first`);
  return (to - from) / timeUnits[unit];
}
