import type { ChangeData } from "../chartData.js";
import { countText, fixedText, percentDecimals } from "../numberText.js";
import { el, emptyPicture, picture, pictureWidth, rect, short, text, textLines, type ChartOptions } from "../svg.js";
import { spreadApart } from "../placeLabels.js";
import { textWidth, wrapText } from "../textWidth.js";
import { colour, ink, type } from "../theme.js";

const NODE = 9, GAP = 10;

/** The same patients at two time points: flows between the categories, those that changed in colour. */
export function changeChart(data: ChangeData, options: ChartOptions = {}): string {
  const counts = data.before.levels.map((_, i) => data.after.levels.map((__, j) => { const c = data.counts[i]?.[j]; return c !== undefined && c > 0 ? c : 0; }));
  const befores = counts.map((r) => r.reduce((a, b) => a + b, 0)), afters = data.after.levels.map((_, j) => counts.reduce((s, r) => s + r[j], 0));
  const total = befores.reduce((a, b) => a + b, 0);
  if (total === 0) return emptyPicture(options, "No patient was seen at both times");
  const width = pictureWidth(options, "double");
  const share = (c: number) => `${countText(c)} (${fixedText((100 * c) / total, percentDecimals(total))} %)`;
  const wide = (labels: string[], c: number[]) => Math.min(width * 0.26, Math.max(...labels.map((l) => textWidth(l, type.label)), ...c.map((v) => textWidth(share(v), type.small)))) + 8;
  const left = wide(data.before.levels, befores), right = width - wide(data.after.levels, afters);
  const top = 16, most = Math.max(befores.length, afters.length), bottom = top + Math.max(130, most * 27);
  const perPatient = (bottom - top - GAP * (most - 1)) / total;
  const place = (c: number[]) => {
    const spare = (most - c.length) * GAP;
    let y = top + spare / 2;
    return c.map((v) => { const at = y; y += v * perPatient + GAP; return at; });
  };
  const starts = place(befores), ends = place(afters);
  const usedLeft = befores.map(() => 0), usedRight = afters.map(() => 0);
  const numbered = afters.map(() => -Infinity);
  const flows: { svg: string; number: string; changed: boolean }[] = [];
  counts.forEach((row, i) => row.forEach((c, j) => {
    if (c === 0) return;
    const changed = data.before.levels[i] !== data.after.levels[j];
    const [a, b, h] = [starts[i] + usedLeft[i] * perPatient, ends[j] + usedRight[j] * perPatient, c * perPatient];
    usedLeft[i] += c;
    usedRight[j] += c;
    const [x0, x1, xm] = [left + NODE, right - NODE, (left + right) / 2].map(short);
    const d = `M${x0} ${short(a)}C${xm} ${short(a)} ${xm} ${short(b)} ${x1} ${short(b)}V${short(b + h)}C${xm} ${short(b + h)} ${xm} ${short(a + h)} ${x0} ${short(a + h)}Z`;
    // thin flows are numbered at their end, where the number before leaves room
    const room = h > 5 || (changed && b + h / 2 - numbered[j] > 6.5);
    if (room) numbered[j] = b + h / 2;
    flows.push({
      changed, svg: el("path", { d, fill: changed ? colour.vermilion : "#9db4c0", "fill-opacity": changed ? 0.75 : 0.45 }, el("title", {}, `${countText(c)}`)),
      number: text(left + NODE + 5, a + h / 2 + 2.5, h > 5 ? countText(c) : "", { size: type.tick, bold: changed, halo: changed }) + (room ? text(right - NODE - 5, b + h / 2 + 2.5, countText(c), { size: type.tick, bold: changed, anchor: "end", halo: changed }) : ""),
    });
  }));
  const changed = counts.reduce((s, r, i) => s + r.reduce((t, c, j) => t + (data.before.levels[i] === data.after.levels[j] ? 0 : c), 0), 0);
  const node = (x: number, ys: number[], c: number[]) => c.map((v, k) => rect(x, ys[k], NODE, v * perPatient, { fill: "#4d6470" })).join("");
  const labels = (levels: string[], ys: number[], c: number[], x: number, anchor: "start" | "end", room: number) => {
    const lines = levels.map((l) => wrapText(l, room, type.label, { most: 2 }));
    const at = spreadApart(ys.map((y, k) => y + (c[k] * perPatient) / 2), 26, top + 6, bottom - 6);
    return levels.map((_, k) => textLines(x, at[k] + 2 - lines[k].length * 4.2, lines[k], 8.6, { anchor }) + text(x, at[k] + 2 + lines[k].length * 4.4, share(c[k]), { anchor, size: type.small, fill: ink.muted })).join("");
  };
  const foot = `${countText(changed)} of ${countText(total)} changed (${fixedText((100 * changed) / total, 1)} %)${data.test === undefined ? "" : `; ${data.test}`}`;
  return picture(options, width, bottom + 18, ...flows.filter((f) => !f.changed).map((f) => f.svg), ...flows.filter((f) => f.changed).map((f) => f.svg),
    node(left, starts, befores), node(right - NODE, ends, afters), ...flows.map((f) => f.number),
    labels(data.before.levels, starts, befores, left - 5, "end", left - 7), labels(data.after.levels, ends, afters, right + 5, "start", width - right - 7),
    text(left, 8, data.before.label, { bold: true, width: (right - left) / 2 - 8 }), text(right, 8, data.after.label, { bold: true, anchor: "end", width: (right - left) / 2 - 8 }),
    text(width / 2, bottom + 13, foot, { anchor: "middle", width: width - 8 }));
}
