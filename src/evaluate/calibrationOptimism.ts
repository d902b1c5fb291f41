import { InputError, lowess, sorted, type Random } from "../math/index.js";
import { countClassesOfRisk, type Numbers } from "./binaryInput.js";
import { allRows, type Fitting, type Measure } from "./fitting.js";
import { optimism } from "./optimism.js";

/** Smoothed observed share at each risk: apparent, and with the bootstrap's optimism taken off; `used` samples reach that risk. */
export type CorrectedCalibration = { points: { risk: number; apparent: number; corrected: number; used: number }[]; meanError: number; warnings: string[] };

/**
 * Calibration curve of a given way of making a model, corrected for optimism: the lowess curve's distance from the predicted risk is a figure
 * at each of 50 risks between the fifth smallest and fifth largest prediction, and is corrected as in `optimism`.
 * Harrell, Regression Modeling Strategies, 2nd ed., §10.9–10.11. Agrees with rms 6.5 calibrate.lrm (with `rRandom(seed)`, sample for sample).
 *
 * @param fitting predicts risks
 * @param event n flags
 * @returns meanError: mean |corrected − risk| over the points
 * @throws InputError as optimism; risks outside 0 … 1, one class, fewer than 10 patients where `at` is left out
 */
export function calibrationOptimism<Model>(
  fitting: Fitting<Model>, event: Numbers, { random, resamples = 200, at }: { random: Random; resamples?: number; at?: Numbers },
): CorrectedCalibration {
  const n = event.length;
  const rows = allRows(n);
  const model = fitting.fit(rows, random.stream("apparent"));
  const own = fitting.predict(model, rows);
  countClassesOfRisk("Calibration", own, event);
  const grid = at === undefined ? spacedGrid(own) : Float64Array.from(at);
  const result = optimism(n, fitting, lowessDistance(event, grid), { random, resamples });
  const points = Array.from(grid, (risk, k) => ({
    risk, apparent: result.apparent[k] + risk, corrected: result.corrected[k] + risk, used: result.used[k],
  }));
  const known = points.filter((p) => Number.isFinite(p.corrected));
  const fewest = points.reduce((least, p) => Math.min(least, p.used), resamples);
  const warnings = result.failures.length > 0 ? [`Calibration: ${result.failures.length} of ${resamples} samples could not be fitted; first: ${result.failures[0]}`] : [];
  if (fewest < resamples / 2) warnings.push(`Calibration: at its ends the curve rests on ${fewest} of ${resamples} samples, the others do not reach there; read its middle.`);
  return { points, meanError: known.reduce((s, p) => s + Math.abs(p.corrected - p.risk), 0) / known.length, warnings };
}

function spacedGrid(risk: Float64Array): Float64Array {
  const s = sorted(risk);
  if (s.length < 10) throw new InputError(`Calibration: there are ${s.length} patients, at least 10 are needed for a curve.`);
  const [low, high] = [s[4], s[s.length - 5]];
  return Float64Array.from({ length: 50 }, (_, k) => low + ((high - low) * k) / 49);
}

/** Lowess of the outcome on the prediction, minus the risk, at each grid risk; NaN beyond the predictions. */
function lowessDistance(event: Numbers, grid: Float64Array): Measure {
  return (risk, rows) => {
    const smooth = lowess(risk, Float64Array.from(rows, (i) => event[i]));
    const figures: Record<string, number> = {};
    let k = 0;
    grid.forEach((r, g) => {
      while (k + 2 < smooth.x.length && smooth.x[k + 1] <= r) k++;
      const [a, b] = [smooth.x[k], smooth.x[k + 1]];
      const inside = r >= smooth.x[0] && r <= smooth.x[smooth.x.length - 1];
      figures[g] = !inside ? NaN : (b > a ? smooth.y[k] + ((smooth.y[k + 1] - smooth.y[k]) * (r - a)) / (b - a) : smooth.y[k]) - r;
    });
    return figures;
  };
}
