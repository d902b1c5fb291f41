import type { LassoCvData } from "../chartData.js";
import { bottomAxis, extent, leftAxis, leftAxisRoom, linearScale, niceDomain } from "../axis.js";
import { log } from "../../math/index.js";
import { dotPath, el, emptyPicture, picture, pictureWidth, short, type ChartOptions } from "../svg.js";
import { colour } from "../theme.js";
import { chosenMarks, nonzeroAxis, penaltyLabel, shownPenalties } from "./lassoPath.js";

/** Cross-validated deviance along the path, mean ± standard error over the folds, the chosen penalties, numbers of features above. */
export function lassoCvChart(data: LassoCvData, options: ChartOptions = {}): string {
  const x0 = shownPenalties(data);
  const within = (k: number) => x0 !== undefined && data.lambda[k] > 0 && log(data.lambda[k]) >= x0[0] - 1e-9;
  const ends = extent(data.mean.flatMap((m, k) => (within(k) ? [m, m - (data.se[k] || 0), m + (data.se[k] || 0)] : [])));
  if (x0 === undefined || ends === undefined) return emptyPicture(options, "The path is empty");
  const width = pictureWidth(options, "single"), top = 25, bottom = 150;
  const y = linearScale(niceDomain(ends), [bottom, top]);
  const label = data.measure.charAt(0).toUpperCase() + data.measure.slice(1);
  const left = leftAxisRoom(y, { label }), right = width - 5;
  const x = linearScale(x0, [right - 3, left + 4]);
  const at = data.lambda.map((l, k) => (within(k) ? x(log(l)) : NaN));
  const bars = data.mean.map((m, k) => [at[k], y(m - data.se[k]), y(m + data.se[k])]).filter((b) => b.every(Number.isFinite))
    .map(([px, a, b]) => `M${short(px)} ${short(a)}V${short(b)}`).join("");
  const frame = Object.assign((v: number) => x(v), { ...x, range: [right, left] as [number, number] });
  return picture(options, width, bottom + 27,
    bars === "" ? "" : el("path", { d: bars, stroke: "#9a9a9a", "stroke-width": 0.6, fill: "none" }),
    dotPath(data.mean.map((m, k) => [at[k], y(m)] as const), 1.4, colour.vermilion),
    chosenMarks(data.chosen, frame, top, bottom),
    leftAxis(y, left, { label }), bottomAxis(frame, bottom, { label: penaltyLabel(data, x0) }), nonzeroAxis(data, frame, top));
}
