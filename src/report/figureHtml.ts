import { anchorId, breakable, escapeHtml } from "./html.js";
import type { Figure } from "./figure.js";
import { band, marginHtml, type Margin } from "./marginNotes.js";

/** A figure on the page: title above, drawing in a box that scrolls where it must, caption and remarks in the margin. */
export function figureBand(figure: Figure, number: string, draw: (figure: Figure) => string, margin: Margin): string {
  const id = `figure-${anchorId(figure.id)}`;
  const svg = draw(figure);
  const width = /viewBox="\s*[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)/.exec(svg)?.[1] ?? "493";
  const body = `<figure id="${id}"><h3><span class="number">Figure ${number}</span> ${escapeHtml(figure.title)}</h3><div class="plot" tabindex="0" style="--w:${width}">${unique(svg, id)}</div></figure>`;
  const caption = `<div class="caption"><b>Figure ${number}.</b> ${escapeHtml(figure.caption)} <span class="file">figures/${breakable(figure.id)}.svg</span></div>`;
  return band(body, caption + marginHtml(margin, [`figure ${figure.id}`], figure.notes ?? []), "with-figure");
}

/** Ids inside a drawing made the page's own, so that two drawings never share a clip or a label. */
function unique(svg: string, id: string): string {
  const ids = [...svg.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
  if (ids.length === 0) return svg;
  const own = new Set(ids);
  return svg
    .replace(/(\sid=")([^"]+)"/g, (_, head: string, name: string) => `${head}${id}-${name}"`)
    .replace(/url\(#([^)"']+)\)/g, (whole, name: string) => (own.has(name) ? `url(#${id}-${name})` : whole))
    .replace(/((?:xlink:)?href=")#([^"]+)"/g, (whole, head: string, name: string) => (own.has(name) ? `${head}#${id}-${name}"` : whole))
    .replace(/(aria-(?:labelledby|describedby)=")([^"]+)"/g, (_, head: string, names: string) => `${head}${names.split(" ").map((name) => (own.has(name) ? `${id}-${name}` : name)).join(" ")}"`);
}
