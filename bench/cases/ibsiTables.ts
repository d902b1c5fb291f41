// Conformance results as text: every row on the console, compact tables in docs/IBSI.md.
import { ibsiFeatures } from "../../src/features/index.js";
import type { FilterRow, Verdict } from "./ibsiReference.js";

export type SetResult = { name: string; about: string; expected: number; verdicts: Verdict[]; seconds: number };
/** `deviation`: the largest difference of a voxel as a share of the reference map's range; passes up to 0.01. */
export type MapVerdict = { test: string; about: string; deviation: number; pass: boolean };

const codes = new Map(ibsiFeatures.map((f) => [f.tag, f]));
const mark = (pass: boolean) => (pass ? "✓" : "**✗**");

/** Enough digits to see how near a value is, no more. */
export function short(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  if (size >= 1e6) return x.toPrecision(5).replace(/\.?0+e/, "e");
  return String(Number(x.toPrecision(Number.isInteger(x) ? 15 : 5)));
}

export const failed = (verdicts: readonly { pass: boolean }[]) => verdicts.filter((v) => !v.pass).length;

/** One line per row: tag, ours, reference ± tolerance, verdict. */
export function lines(verdicts: readonly Verdict[]): string[] {
  return verdicts.map((v) => `${v.tag.padEnd(36)} ${short(v.ours).padStart(13)} ${`${v.printed} ± ${v.tolerance}`.padStart(22)}  ${v.pass ? "pass" : "FAIL"}`);
}

const heading = (s: SetResult) => `${s.name}: ${s.verdicts.length - failed(s.verdicts)} of ${s.expected} rows`;

/** Sets with the same rows share one table: tag, code, then for each set ours, the reference ± tolerance, verdict. */
export function setTable(sets: readonly SetResult[]): string {
  const tags = [...new Set(sets.flatMap((s) => s.verdicts.map((v) => v.tag)))];
  const byTag = sets.map((s) => new Map(s.verdicts.map((v) => [v.tag, v])));
  const names = sets.map((s) => `${s.name.replace("Configuration ", "")} ours | reference | `);
  const rows = tags.map((tag) => {
    const { ibsi = "", name = "" } = codes.get(tag) ?? {};
    const cells = byTag.map((verdicts) => {
      const v = verdicts.get(tag);
      return v === undefined ? " | | " : `${short(v.ours)} | ${v.printed}${v.tolerance > 0 ? ` ± ${v.tolerance}` : ""} | ${mark(v.pass)}`;
    });
    return `| ${tag} | ${ibsi} | ${name} | ${cells.join(" | ")} |`;
  });
  return [
    ...sets.map((s) => `**${heading(s)}** (${s.about}).`), "",
    `| tag | code | feature | ${names.join(" | ")} |`, `|---|---|---|${"---:|---:|---|".repeat(sets.length)}`, ...rows,
  ].join("\n");
}

export function mapTable(maps: readonly MapVerdict[]): string {
  return [
    `**${maps.length - failed(maps)} of ${maps.length} response maps** (every voxel within 1 % of the reference map's range).`, "",
    "| test | filter | largest difference, % of range | |", "|---|---|---:|---|",
    ...maps.map((m) => `| ${m.test} | ${m.about} | ${(100 * m.deviation).toPrecision(2)} | ${mark(m.pass)} |`),
  ].join("\n");
}

/** One row per statistic, one column per filter: ours (reference ± tolerance). */
export function filterTable(verdicts: readonly (FilterRow & Verdict)[]): string {
  const filters = [...new Set(verdicts.map((v) => v.filter))];
  const tags = [...new Set(verdicts.map((v) => v.tag))];
  const halves = ["A", "B"].map((half) => filters.filter((f) => f.endsWith(half)));
  return [
    `**${verdicts.length - failed(verdicts)} of ${verdicts.length} feature values**; each cell is ours, then the reference ± tolerance.`,
    ...halves.flatMap((columns) => ["", `| tag | ${columns.join(" | ")} |`, `|---|${"---:|".repeat(columns.length)}`,
      ...tags.map((tag) => `| ${tag} | ${columns.map((filter) => {
        const v = verdicts.find((w) => w.filter === filter && w.tag === tag);
        return v === undefined ? "no consensus" : `${v.pass ? "" : "**✗** "}${short(v.ours)} (${v.printed} ± ${v.tolerance})`;
      }).join(" | ")} |`)]),
  ].join("\n");
}
