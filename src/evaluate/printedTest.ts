import { chiSquaredCdf, InputError, normalCdf, tCdf } from "../math/index.js";
import { readPrinted, type Printed } from "./printedNumber.js";

export type PrintedTest = { name?: string; statistic: Printed; p: Printed; kind: "z" | "chi-squared" | "t"; df?: number };
export type TestReading = { kind: string; df?: number; p: number; fits: boolean };
/** `readings`: what p the statistic would have as z, and as χ² on 1 … 10 degrees of freedom. */
export type TestAudit = { printed: number; p: number; fits: boolean; readings: TestReading[]; sentence: string };

/** Two tests of a list, each of whose statistics has the other's p; `as` how the first and the second would have it. */
export type SwappedTests = { first: number; second: number; as: [TestReading, TestReading]; sentence: string };

/**
 * Does a printed statistic give the printed p? Rounding of both is allowed for; "<0.001" is an upper limit. Where it does not, the readings
 * of the same number under which it would are listed (a χ² of a likelihood-ratio test printed as Z is the usual one). In the spirit of
 * statcheck (Nuijten et al., Behav Res Methods 2016;48:1205); the tails are those of `distributions`.
 * @throws InputError for what is no number, a p outside 0 … 1, or t and χ² without degrees of freedom
 */
export function auditTest({ statistic, p, kind, df }: PrintedTest): TestAudit {
  const s = readPrinted(statistic, "The printed statistic");
  const below = /^\s*</.test(p), above = /^\s*>/.test(p);
  const q = readPrinted(p, "The printed p");
  if (!(q.value >= 0 && q.value <= 1)) throw new InputError(`Audit: the printed p is ${p}, expected 0 to 1.`);
  if (kind !== "z" && !(df !== undefined && df > 0)) throw new InputError(`Audit: a ${kind} statistic needs its degrees of freedom (df), found ${df ?? "none"}.`);
  const reading = (as: TestReading["kind"], d?: number): TestReading => {
    const of = (x: number) => tail(as, Math.abs(x), d);
    const [most, least] = [of(Math.max(0, Math.abs(s.value) - s.half)), of(Math.abs(s.value) + s.half)];
    const fits = below ? least < q.value : above ? most > q.value : most >= q.value - q.half * (1 + 1e-9) && least <= q.value + q.half * (1 + 1e-9);
    return d === undefined ? { kind: as, p: of(s.value), fits } : { kind: as, df: d, p: of(s.value), fits };
  };
  const own = reading(kind, kind === "z" ? undefined : df);
  const readings = [reading("z"), ...Array.from({ length: 10 }, (_, k) => reading("chi-squared", k + 1))];
  const shown = kind === "z" ? `z = ${statistic}` : `${kind} = ${statistic} on ${df} df`;
  const others = readings.filter((r) => r.fits).map((r) => (r.df === undefined ? "a normal z" : `χ² on ${r.df} df`));
  const sentence = own.fits ? `${shown} has p = ${short(own.p)}, as printed (${p}).`
    : `${shown} has p = ${short(own.p)}, not ${p} as printed. ${others.length > 0 ? `The number fits as ${others.join(" or ")}.` : "It fits neither as z nor as χ² on 1 to 10 df."}`;
  return { printed: s.value, p: own.p, fits: own.fits, readings, sentence };
}

/**
 * Statistics and p that belong to each other's test: of two printed tests neither of which fits, does each statistic have the p that is
 * printed at the other, read as printed (with the degrees of freedom of either) or as z or χ² on 1 to 10 df? A reading, not a proof: among
 * eleven ways to read a number one may fit by chance.
 * @throws InputError as `auditTest`
 */
export function swappedTests(tests: readonly PrintedTest[]): SwappedTests[] {
  const audits = tests.map(auditTest), found: SwappedTests[] = [];
  const readAs = (own: PrintedTest, other: PrintedTest): TestReading | undefined => {
    const kinds = [own, other, own, other].map((t, k) => ({ kind: t.kind, df: k < 2 ? t.df : (k === 2 ? other : own).df })).filter((k) => k.kind === "z" || k.df !== undefined);
    for (const { kind, df } of kinds) {
      const audit = auditTest({ statistic: own.statistic, p: other.p, kind, ...(df === undefined ? {} : { df }) });
      if (audit.fits) return kind === "z" ? { kind, p: audit.p, fits: true } : { kind, df: df!, p: audit.p, fits: true };
    }
    return auditTest({ statistic: own.statistic, p: other.p, kind: "z" }).readings.find((r) => r.fits);
  };
  tests.forEach((a, i) => tests.forEach((b, j) => {
    if (j <= i || audits[i].fits || audits[j].fits || a.p === b.p) return;
    const [first, second] = [readAs(a, b), readAs(b, a)];
    if (first === undefined || second === undefined) return;
    const words = (r: TestReading) => (r.kind === "z" ? "z" : `${r.kind === "t" ? "t" : "χ²"} on ${r.df} df`);
    found.push({ first: i, second: j, as: [first, second], sentence: `Swapped, the two fit: ${a.statistic} as ${words(first)} has p = ${short(first.p)}, printed (${b.p}) at ${b.statistic}${b.name === undefined ? "" : ` (${b.name})`}, and ${b.statistic} as ${words(second)} has p = ${short(second.p)}, printed (${a.p}) at ${a.statistic}${a.name === undefined ? "" : ` (${a.name})`}: each statistic seems to stand with the other's p.` });
  }));
  return found;
}

function tail(kind: string, x: number, df?: number): number {
  switch (kind) {
    case "z": return 2 * normalCdf(x, { upper: true });
    case "t": return 2 * tCdf(x, df!, { upper: true });
    default: return chiSquaredCdf(x, df!, { upper: true });
  }
}

const short = (p: number) => (p < 1e-4 ? p.toExponential(0) : String(Number(p.toPrecision(3))));
