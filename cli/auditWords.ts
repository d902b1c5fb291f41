import { type PrintedRatio, type PrintedTest } from "../src/evaluate/index.js";
import { checkCounts } from "../src/cohort/index.js";
import { didYouMean, InputError } from "../src/math/index.js";

type Parts = { name: string; parts: Map<string, string> };

/** Words and `key=value` parts of a printed line; "<" and ">" stay with the value ("p<0.001"). */
function partsOf(text: string, option: string, known: readonly string[]): Parts {
  const parts = new Map<string, string>();
  const name = text.replace(/([\p{L}][\p{L}\d²-]*)\s*([=<>])\s*([<>]?\s*[^\s;,)(]+(?:,\d+)?)/gu, (_, key: string, sign: string, value: string) => {
    const plain = key.toLowerCase().replace(/^(x|χ)[2²]?$|^chi-?(2|²|sq|squared?|square)$/, "chi2");
    if (!known.includes(plain)) throw new InputError(`audit: ${option} "${text}" has a part "${key}". ${didYouMean(plain, known)} Known: ${known.join(", ")}.`);
    if (parts.has(plain)) throw new InputError(`audit: ${option} "${text}" has "${key}" twice; give each printed line an option of its own.`);
    parts.set(plain, `${sign === "=" ? "" : sign}${value.replace(/\s/g, "").replace(/\.$/, "")}`);
    return " ";
  });
  return { name: name.replace(/[;,:()\s]+/g, " ").trim(), parts };
}

/** A test as an article prints it: "Hosmer-Lemeshow chi2=2.287 df=8 p=0.971", "Z=9.15; P=0.006". @throws InputError what is lacking or not known */
export function testOf(text: string): PrintedTest {
  const { name, parts } = partsOf(text, "--test", ["z", "chi2", "t", "df", "p"]);
  const kinds = (["z", "chi2", "t"] as const).filter((k) => parts.has(k));
  if (kinds.length !== 1) throw new InputError(`audit: --test "${text}" has ${kinds.length === 0 ? "no statistic" : `the statistics ${kinds.join(" and ")}`}, expected one: --test "Hosmer-Lemeshow chi2=2.287 df=8 p=0.971".`);
  const p = parts.get("p");
  if (p === undefined) throw new InputError(`audit: --test "${text}" has no p, expected the printed one: --test "${text.trim()} p=0.01".`);
  return { ...(name === "" ? {} : { name }), statistic: parts.get(kinds[0])!, p, kind: kinds[0] === "chi2" ? "chi-squared" : kinds[0], ...(parts.has("df") ? { df: Number(parts.get("df")) } : {}) };
}

/** A ratio as an article prints it: "PR OR=12.14 (1.20-122.88) p=0.035", or with low= and high=. @throws InputError what is lacking or not known */
export function ratioOf(text: string): PrintedRatio {
  const limits = text.replace(/[([]\s*(?:95\s*%\s*(?:CI|KI)?\s*[:,=]?\s*)?([\d.]+)\s*(?:-|–|—|~|to|;|,)\s*([\d.]+|inf\w*|∞)\s*[)\]]/i, " low=$1 high=$2 ");
  const { name, parts } = partsOf(limits.replace(/\b(OR|HR|RR)\s+(?=[\d.])/gi, "$1="), "--ratio", ["or", "hr", "rr", "ratio", "low", "high", "p"]);
  const kinds = ["or", "hr", "rr", "ratio"].filter((k) => parts.has(k));
  if (kinds.length !== 1) throw new InputError(`audit: --ratio "${text}" has ${kinds.length === 0 ? "no ratio" : `the ratios ${kinds.join(" and ")}`}, expected one: --ratio "PR OR=12.14 (1.20-122.88) p=0.035".`);
  const of = (key: string, part: string) => (parts.has(part) ? { [key]: parts.get(part)! } : {});
  return { name: name === "" ? "ratio" : name, ratio: parts.get(kinds[0])!, ...of("low", "low"), ...of("high", "high"), ...of("p", "p") };
}

/** Counts of one column of a table and what they are to sum to: "location: 48 + 67 + 8 = 124". @throws InputError what is no such line */
export function countsOf(text: string): { title: string; fits: boolean; sentences: string[]; audit: unknown } {
  const found = /^\s*(?:([^:]*?)\s*:)?\s*(\d+(?:\s*\+\s*\d+)*)\s*=\s*(\d+)\s*$/.exec(text);
  if (found === null) throw new InputError(`audit: --counts "${text}" is no sum of patients, expected "location: 48 + 67 + 8 = 124".`);
  const name = found[1] ?? "counts", counts = found[2].split("+").map(Number), total = Number(found[3]);
  const sum = counts.reduce((a, b) => a + b, 0);
  const faults = checkCounts([{ variable: name, rows: counts.map((c, k) => ({ level: String(k + 1), counts: [c] })) }], [total]);
  const by = Math.abs(total - sum);
  return { title: `${name}: ${found[2]} = ${found[3]}`, fits: faults.length === 0, audit: { counts, sum, total },
    sentences: [faults.length === 0 ? `The counts sum to ${sum}, as printed.` : `The counts sum to ${sum}, not ${total}: ${by} ${by === 1 ? "patient" : "patients"} ${sum < total ? "not accounted for" : "too many"}.`] };
}
