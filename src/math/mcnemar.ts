import { InputError } from "./check.js";
import { binomialCdf } from "./discreteDistributions.js";
import { chiSquaredCdf } from "./distributions.js";
import type { Named, TestResult } from "./testResult.js";

/**
 * McNemar's test of paired proportions from a square table (rows: first rating, columns: second).
 * 2 × 2: χ² = (|b − c| − 1)² / (b + c) with continuity correction (default), (b − c)²/(b + c) without, or `exact`: the two-sided
 * binomial p of b among b + c at ½ (statistic b). McNemar, Psychometrika 1947;12:153. `estimate` is b / c.
 * k × k: Bowker's test of symmetry, Σ (nᵢⱼ − nⱼᵢ)² / (nᵢⱼ + nⱼᵢ), one df for each pair (Bowker, J Am Stat Assoc 1948;43:572).
 * Agrees with R stats::mcnemar.test and binom.test; a pair of cells that are both 0 is left out with its df and a warning (R: NaN).
 * No discordant pair at all: p = 1 with a warning.
 * @throws InputError on a table that is not square, cells that are no whole counts, `exact` beyond 2 × 2
 */
export function mcnemar(counts: ArrayLike<number>[], { exact = false, correct = true, name = "McNemar test" }: Named & { exact?: boolean; correct?: boolean } = {}): TestResult {
  const k = counts.length;
  if (k < 2 || counts.some((row) => row.length !== k)) throw new InputError(`${name}: a table of ${k} rows and ${k > 0 ? counts[0].length : 0} columns, expected a square one with the same categories both ways.`);
  let n = 0;
  counts.forEach((row, i) => {
    for (let j = 0; j < k; j++) {
      if (!(Number.isInteger(row[j]) && row[j] >= 0)) throw new InputError(`${name}: cell (${i + 1}, ${j + 1}) is ${row[j]}, expected a count (a whole number, 0 or more).`);
      n += row[j];
    }
  });
  if (exact && k > 2) throw new InputError(`${name}: the exact test needs a 2 × 2 table, this one is ${k} × ${k}; use it without exact (Bowker's test).`);
  const [b, c] = [counts[0][1], counts[1][0]];
  const warnings: string[] = [];
  let statistic = 0;
  let df = 0;
  let empty = 0;
  const corrected = correct && k === 2 && b !== c;
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < k; j++) {
      const both = counts[i][j] + counts[j][i];
      if (both === 0) {
        empty++;
        continue;
      }
      const d = Math.abs(counts[i][j] - counts[j][i]) - (corrected ? 1 : 0);
      statistic += d * d / both;
      df++;
    }
  }
  const estimate = k === 2 && b + c > 0 ? { estimate: b / c } : {};
  const base = { alternative: "two.sided" as const, n, ...estimate, warnings };
  if (df === 0) warnings.push(`${name}: no pair of ratings differs, so that nothing speaks against symmetry.`);
  else if (empty > 0) warnings.push(`${name}: ${empty} pairs of categories were never exchanged; they are left out and their degrees of freedom with them.`);
  if (exact) {
    const p = b === c ? 1 : Math.min(1, 2 * binomialCdf(Math.min(b, c), b + c, 0.5));
    return { method: "Exact binomial test of discordant pairs (McNemar)", statistic: b, df: [], p, ...base };
  }
  return {
    method: `McNemar's Chi-squared test${corrected ? " with continuity correction" : ""}`, statistic, df: [df],
    p: df === 0 ? 1 : chiSquaredCdf(statistic, df, { upper: true }), ...base,
  };
}
