import type { HeatmapData } from "../chartData.js";
import { linearScale, tickTexts } from "../axis.js";
import { el, emptyPicture, line, picture, pictureWidth, rect, short, text, type ChartOptions } from "../svg.js";
import { fitText, textWidth } from "../textWidth.js";
import { hexColour, ink, rampColour, stroke, type } from "../theme.js";
import { pngDataUri } from "../pngImage.js";

/** steps of the colour scale: an odd number, so that 0 is white */
const STEPS = 41;
/** up to here cells are drawn as paths and named; beyond, as a bitmap of at most MOST cells a side */
const VECTOR = 60, MOST = 800;

/** Matrix of correlations in the tree's order, the tree above, clusters as a strip, the scale to the right. Gaps are grey. */
export function heatmapChart(data: HeatmapData, options: ChartOptions = {}): string {
  const n = data.names.length;
  if (n === 0) return emptyPicture(options, "No features to compare");
  const width = pictureWidth(options, "double");
  const named = n <= VECTOR;
  const size = named && n > 40 ? 5 : type.small;
  const legendRoom = 46, clusterStrip = data.clusters === undefined ? 0 : 8;
  const nameRoom = named ? Math.min(width * 0.38, Math.max(...data.names.map((f) => textWidth(f, size))) + 6) : 4;
  const side = Math.min(width - legendRoom - nameRoom - clusterStrip, named ? Math.max(40, n * 16) : 330, 330);
  const left = nameRoom + clusterStrip, tree = whole(data) ? 42 : 12, cell = side / n;
  const [low, high] = data.domain;
  const ramp = low < 0 && high > 0 ? "diverging" : "sequential";
  const palette: [number, number, number][] = [...Array.from({ length: STEPS }, (_, k) => rampColour(ramp, k / (STEPS - 1))), [128, 128, 128]];
  const step = (v: number | undefined) => (v === undefined || !Number.isFinite(v) ? STEPS : Math.min(STEPS - 1, Math.max(0, Math.round(((v - low) / (high - low)) * (STEPS - 1)))));
  const bottom = tree + side;
  const legendX = left + side + 12, legendTop = tree + Math.min(14, side * 0.1), tall = Math.min(110, side * 0.8), scale = linearScale([low, high], [legendTop + tall, legendTop]);
  const ticks = scale.ticks(4);
  return picture(options, width, bottom + 12,
    named ? cellPaths(data.values, n, step, palette, left, tree, cell) : bitmap(data.values, n, step, palette, left, tree, side),
    rect(left, tree, side, side, { fill: "none", stroke: ink.axis, "stroke-width": stroke.thin }),
    data.clusters === undefined ? "" : clusters(data.clusters, left - clusterStrip, tree, cell),
    whole(data) ? dendrogram(data.dendrogram!, n, left, tree, cell) : "",
    named ? data.names.map((f, k) => (cell < size * 0.78 ? "" : text(nameRoom - 4, tree + (k + 0.5) * cell + size * 0.36, fitText(f, nameRoom - 5, size), { anchor: "end", size }))).join("") : "",
    text(left + side, bottom + 9, `${n} features`, { anchor: "end", size: type.small, fill: ink.muted }),
    ...Array.from({ length: STEPS }, (_, k) => rect(legendX, legendTop + tall - ((k + 1) * tall) / STEPS, 8, tall / STEPS + 0.3, { fill: hexColour(palette[k]) })),
    rect(legendX, legendTop, 8, tall, { fill: "none", stroke: ink.axis, "stroke-width": stroke.thin }),
    ...ticks.map((t, k) => line(legendX + 8, scale(t), legendX + 10, scale(t)) + text(legendX + 12, scale(t) + 2.4, tickTexts(ticks)[k], { size: type.small })),
    text(legendX, legendTop - 5, data.label, { size: type.small, width: legendRoom - 6 }));
}

/** one path a colour, equal neighbours of a row joined */
function cellPaths(values: number[][], n: number, step: (v: number | undefined) => number, palette: [number, number, number][], left: number, top: number, cell: number): string {
  const d = palette.map(() => "");
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n;) {
      const s = step(values[r]?.[c]), from = c;
      while (c < n && step(values[r]?.[c]) === s) c++;
      d[s] += `M${short(left + from * cell)} ${short(top + r * cell)}h${short((c - from) * cell)}v${short(cell)}h${short(-(c - from) * cell)}z`;
    }
  }
  return el("g", { "shape-rendering": "crispEdges" }, ...d.map((path, k) => (path === "" ? "" : el("path", { d: path, fill: hexColour(palette[k]) }))));
}

function bitmap(values: number[][], n: number, step: (v: number | undefined) => number, palette: [number, number, number][], left: number, top: number, side: number): string {
  const cells = Math.min(n, MOST);
  const indices = new Uint8Array(cells * cells);
  const edge = (k: number) => Math.floor((k * n) / cells);
  for (let r = 0; r < cells; r++) for (let c = 0; c < cells; c++) {
    let sum = 0, count = 0;
    for (let i = edge(r); i < edge(r + 1); i++) for (let j = edge(c); j < edge(c + 1); j++) {
      const v = values[i]?.[j];
      if (v !== undefined && Number.isFinite(v)) { sum += v; count++; }
    }
    indices[r * cells + c] = step(count === 0 ? NaN : sum / count);
  }
  return el("image", { x: left, y: top, width: side, height: side, preserveAspectRatio: "none", style: "image-rendering:pixelated", href: pngDataUri(indices, cells, cells, palette) });
}

function clusters(of: number[], x: number, top: number, cell: number): string {
  let svg = "";
  for (let k = 0, run = 0; k < of.length; run++) {
    const from = k;
    while (k < of.length && of[k] === of[from]) k++;
    svg += rect(x + 1, top + from * cell, 4, (k - from) * cell, { fill: run % 2 === 0 ? "#6f6f6f" : "#c4c4c4" });
  }
  return svg;
}

/** a tree of all the features is there */
const whole = ({ dendrogram: tree, names }: HeatmapData): boolean => tree !== undefined && names.length > 1 && tree.order.length === names.length && tree.merges.length === names.length - 1;

/** Merges as R's hclust: −i the i-th feature as it stood before ordering, k the k-th merge, both from 1. */
function dendrogram(tree: NonNullable<HeatmapData["dendrogram"]>, n: number, left: number, top: number, cell: number): string {
  const position = Array.from({ length: n }, () => 0);
  tree.order.forEach((leaf, k) => { position[leaf] = k; });
  const most = Math.max(...tree.merges.map((m) => m.height));
  const y = linearScale([0, most > 0 ? most : 1], [top - 1, 3]);
  const at: [number, number][] = [];
  const end = (k: number): [number, number] => (k < 0 ? [left + (position[-k - 1] + 0.5) * cell, top - 1] : at[k - 1] ?? [NaN, NaN]);
  let d = "";
  for (const merge of tree.merges) {
    const a = end(merge.left), b = end(merge.right), h = y(merge.height);
    at.push([(a[0] + b[0]) / 2, h]);
    if ([...a, ...b, h].every(Number.isFinite)) d += `M${short(a[0])} ${short(a[1])}V${short(h)}H${short(b[0])}V${short(b[1])}`;
  }
  return el("path", { d, fill: "none", stroke: ink.axis, "stroke-width": n > 100 ? 0.3 : 0.5 });
}
