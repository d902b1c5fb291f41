import { exp, InputError, order, type Design } from "../math/index.js";
import { baselineHazard, coxFit } from "../model/index.js";
import { checkFollowUp, checkTimes, timeGrid, type FollowUp } from "./followUp.js";

/**
 * AUC(t) as timeRoc, with censoring that may depend on the marker: G(u | x) from a Cox model (Efron ties) of the censoring on the marker alone, so cases weigh
 * 1/G(T− | own marker) and controls 1/G(t | own marker). Uno et al. 2007; Blanche et al. 2013. Agrees with timeROC 0.4.1 (weighting "cox") for one cause of event.
 * No standard error, as there: bootstrap it. O(n log n) a time.
 *
 * @param marker  n finite numbers, not all equal; higher = earlier event
 * @throws InputError on follow-up as kaplanMeier; markers not finite or all equal, times < 0, nobody censored
 */
export function timeRocCox(data: FollowUp, marker: ArrayLike<number>, times: ArrayLike<number>): { times: { time: number; auc: number; cases: number; controls: number }[]; warnings: string[] } {
  const n = checkFollowUp("timeRocCox", data, { marker });
  checkTimes("timeRocCox", times);
  const censored = Uint8Array.from(data.event, (e) => 1 - e);
  if (!censored.includes(1)) throw new InputError("timeRocCox: nobody is censored, so there is no censoring to model; use timeRoc.");
  const design: Design = { names: ["marker"], columns: [Float64Array.from(marker)], n };
  const model = coxFit(design, { time: data.time, event: censored });
  const beta = model.coefficients[0];
  if (!Number.isFinite(beta)) throw new InputError("timeRocCox: the marker is constant; no Cox model of the censoring can be fitted.");
  const grid = timeGrid(data.time);
  const onGrid = baselineHazard(model, grid.times, { centred: false });
  const atTimes = baselineHazard(model, times, { centred: false });
  const relative = Float64Array.from(marker, (x) => exp(beta * x));
  const sorted = order(marker);
  const result = Array.from(times, (time, k) => {
    const w = new Float64Array(n);
    const v = new Float64Array(n);
    let [cases, controls, f, s] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      if (data.time[i] > time) {
        s += v[i] = exp(atTimes[k] * relative[i]);
        controls++;
      } else if (data.time[i] < time && data.event[i] === 1) {
        f += w[i] = exp((grid.slot[i] > 0 ? onGrid[grid.slot[i] - 1] : 0) * relative[i]);
        cases++;
      }
    }
    let [below, both] = [0, 0];
    for (let a = 0; a < n; ) {
      let [b, tied, here] = [a, 0, 0];
      for (; b < n && marker[sorted[b]] === marker[sorted[a]]; b++) {
        tied += v[sorted[b]];
        here += w[sorted[b]];
      }
      both += here * (below + tied / 2);
      below += tied;
      a = b;
    }
    return { time, auc: cases > 0 && controls > 0 ? both / (f * s) : NaN, cases, controls };
  });
  const warnings = [...model.warnings, ...result.filter((r) => Number.isNaN(r.auc)).map((r) => `At ${r.time} there are ${r.cases} cases and ${r.controls} controls: no AUC.`)];
  return { times: result, warnings };
}
