import type { LassoPathData } from "../chartData.js";
import { bottomAxis, extent, fittingTicks, leftAxis, leftAxisRoom, linearScale, niceDomain, topAxis, type Scale } from "../axis.js";
import { log } from "../../math/index.js";
import { fixedText } from "../numberText.js";
import { curve, emptyPicture, line, picture, pictureWidth, text, type ChartOptions } from "../svg.js";
import { endLabels } from "../placeLabels.js";
import { textWidth } from "../textWidth.js";
import { ink, seriesStyle, stroke, type } from "../theme.js";

const LABELLED = 16;

/** Coefficients along the path; the penalty falls to the right. Coloured: the features that the first chosen λ keeps. */
export function lassoPathChart(data: LassoPathData, options: ChartOptions = {}): string {
  const x0 = shownPenalties(data);
  const within = (k: number) => x0 !== undefined && data.lambda[k] > 0 && log(data.lambda[k]) >= x0[0] - 1e-9;
  const values = extent(data.coefficients.flatMap((c) => c.values.filter((_, k) => within(k))));
  if (x0 === undefined || values === undefined) return emptyPicture(options, "The path is empty");
  const width = pictureWidth(options, "double"), top = 25, bottom = 190;
  const at = data.lambda.map((l) => (l > 0 ? log(l) : NaN));
  const chosen = data.chosen[0]?.lambda;
  const near = chosen === undefined ? data.lambda.length - 1 : nearest(data.lambda, chosen);
  const kept = data.coefficients.filter((c) => Number.isFinite(c.values[near]) && c.values[near] !== 0)
    .sort((a, b) => Math.abs(b.values[near]) - Math.abs(a.values[near])).slice(0, LABELLED);
  const y = linearScale(niceDomain(values), [bottom, top]);
  const label = "Coefficient";
  const left = leftAxisRoom(y, { label });
  const right = width - Math.min(width * 0.4, Math.max(20, ...kept.map((c) => textWidth(c.name, type.tick) + 12)));
  const x = linearScale(x0, [right, left]);
  // a curve starts at the last 0 before the feature enters
  const points = (c: { values: number[] }) => {
    const entry = Math.max(0, c.values.findIndex((v) => v !== 0) - 1);
    return c.values.map((v, k) => [k < entry || !within(k) ? NaN : x(at[k]), y(v)] as const);
  };
  const rest = data.coefficients.filter((c) => !kept.includes(c));
  const ends = kept.map((c, k) => ({ text: c.name, y: y(c.values.filter((v, i) => Number.isFinite(v) && within(i)).at(-1)!), fill: seriesStyle(k).stroke }));
  return picture(options, width, bottom + 27,
    line(left, y(0), right, y(0), { stroke: ink.rule }),
    ...rest.map((c) => curve(points(c), { stroke: "#bdbdbd", "stroke-width": 0.6 })),
    ...kept.map((c, k) => curve(points(c), { stroke: seriesStyle(k).stroke, "stroke-dasharray": seriesStyle(k).dash, "stroke-width": 1 })),
    chosenMarks(data.chosen, x, top, bottom), endLabels(ends, right, width - right, top, bottom),
    leftAxis(y, left, { label }), bottomAxis(x, bottom, { label: penaltyLabel(data, x0) }), nonzeroAxis(data, x, top));
}

export const nearest = (lambda: readonly number[], wanted: number): number =>
  lambda.reduce((best, l, k) => (Math.abs(l - wanted) < Math.abs(lambda[best] - wanted) ? k : best), 0);

type Path = { lambda: number[]; nonzero: number[]; chosen: readonly { lambda: number }[] };

/**
 * log λ that is shown: from the first penalty to past the least chosen one by 1.5 times that way, at least by 1.5. Further on, where
 * more features than patients come in, coefficients and deviance may be larger by orders and would flatten all that was chosen from.
 */
export function shownPenalties(data: Path): [number, number] | undefined {
  const whole = extent(data.lambda.filter((l) => l > 0).map((l) => log(l)));
  const chosen = extent(data.chosen.filter((c) => c.lambda > 0).map((c) => log(c.lambda)));
  if (whole === undefined || chosen === undefined) return whole;
  return [Math.max(whole[0], chosen[0] - Math.max(1.5, 1.5 * (whole[1] - chosen[0]))), whole[1]];
}

/** Label of the penalties' axis; tells where the path goes on. */
export function penaltyLabel(data: Path, shown: readonly [number, number]): string {
  const least = extent(data.lambda.filter((l) => l > 0).map((l) => log(l)))![0];
  return least < shown[0] - 0.05 ? `log λ, falling (the path goes on to ${fixedText(least, 1)})` : "log λ (the penalty falls to the right)";
}

/** Dashed lines at the chosen penalties, their names at the top beside them. */
export function chosenMarks(chosen: readonly { label: string; lambda: number }[], x: Scale, top: number, bottom: number): string {
  return chosen.filter((c) => c.lambda > 0).map((c, k, all) => {
    const row = all.slice(0, k).filter((o) => Math.abs(x(log(o.lambda)) - x(log(c.lambda))) < 30).length;
    const at = x(log(c.lambda));
    const leftwards = at > Math.max(...x.range) - 36;
    return line(at, top, at, bottom, { stroke: ink.text, "stroke-dasharray": "3 2", "stroke-width": stroke.thin })
      + text(at + (leftwards ? -3 : 3), top + 7 + row * 8, c.label, { size: type.tick, halo: true, anchor: leftwards ? "end" : "start" });
  }).join("");
}

/** Numbers of features left, above the plot, at the ticks of log λ. */
export function nonzeroAxis(data: { lambda: number[]; nonzero: number[] }, x: Scale, top: number): string {
  const logs = data.lambda.map((l) => (l > 0 ? log(l) : Infinity));
  const ticks = fittingTicks(x);
  return topAxis(x, top, ticks, ticks.map((t) => String(data.nonzero[nearest(logs, t)] ?? "")), "features with a coefficient");
}
