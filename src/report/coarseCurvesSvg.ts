import { escapeHtml } from "./html.js";
import type { CoarseCurves } from "./calculatorModel.js";
import { fixedText } from "./numberText.js";
import { fontStack, ink, seriesStyle } from "./theme.js";

/** Coarsened curves of the risk groups: points at the fixed times joined by straight lines; each group carries `data-group` for the page to mark. */
export function coarseCurvesSvg(c: CoarseCurves): string {
  const [width, height, left, bottom, top, right] = [460, 250, 44, 40, 10, 96];
  const last = Math.max(...c.ticks);
  const x = (t: number) => left + ((width - left - right) * t) / (last === 0 ? 1 : last), y = (s: number) => top + (height - top - bottom) * (1 - s);
  const text = (px: number, py: number, content: string, anchor = "middle") => `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
  const ticks = c.ticks.map((t) => `<path d="M${x(t).toFixed(1)} ${height - bottom}v4" stroke="${ink.axis}"/>${text(x(t), height - bottom + 16, String(t))}`).join("");
  const levels = [0, 0.25, 0.5, 0.75, 1].map((s) => `<path d="M${left - 4} ${y(s).toFixed(1)}h4" stroke="${ink.axis}"/>${text(left - 7, y(s) + 3.5, fixedText(s, 2), "end")}`).join("");
  const ends = c.groups.map((g) => g.survival.findLast((s) => s !== null) ?? 1);
  const groups = c.groups.map((g, k) => {
    const style = seriesStyle(k);
    const points = c.ticks.flatMap((t, i) => (g.survival[i] === null ? [] : [`${x(t).toFixed(1)} ${y(g.survival[i]!).toFixed(1)}`]));
    const reach = c.ticks.findLast((_, i) => g.survival[i] !== null) ?? 0;
    // labels of ends that nearly meet stand apart
    const near = ends.findIndex((e, j) => j < k && Math.abs(e - ends[k]) < 0.09);
    const shift = near < 0 ? 0 : ends[k] > ends[near] ? -13 : 13;
    return `<g data-group="${escapeHtml(g.name)}"><polyline points="${points.join(" ")}" fill="none" stroke="${style.stroke}" stroke-width="1.8"${style.dash === undefined ? "" : ` stroke-dasharray="${style.dash}"`}/>${points.map((p) => `<circle cx="${p.split(" ")[0]}" cy="${p.split(" ")[1]}" r="2.4" fill="${style.stroke}"/>`).join("")}` +
      `<text x="${(x(reach) + 8).toFixed(1)}" y="${(y(ends[k]) + 3.5 + shift).toFixed(1)}" fill="${style.stroke}" font-weight="700">${escapeHtml(g.name)}</text></g>`;
  }).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${c.label} of the risk groups at fixed times`)}" font-family="${escapeHtml(fontStack)}" font-size="10.5" fill="${ink.text}">` +
    `<path d="M${left} ${top}V${height - bottom}H${width - right}" fill="none" stroke="${ink.axis}"/>${ticks}${levels}${text((left + width - right) / 2, height - 8, `Time (${c.unit})`)}` +
    `<text transform="translate(11 ${(top + (height - top - bottom) / 2).toFixed(1)}) rotate(-90)" text-anchor="middle">${escapeHtml(c.label)}</text>${groups}</svg>`;
}
