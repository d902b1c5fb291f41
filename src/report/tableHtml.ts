import { escapeHtml } from "./html.js";

/** A cell: text, or ready HTML; `title` is the tooltip, `kind` a CSS class, `span` columns it covers. */
export type HtmlCell = string | { text?: string; html?: string; title?: string; kind?: string; span?: number };
export type HtmlColumn = {
  head: string; align?: "left" | "number" | "centre"; title?: string; kind?: string;
  /** second line of the head, small: n, events, unit */
  sub?: string;
  /** this head covers so many columns; the others covered have an empty head and `under` */
  span?: number; under?: true;
};
export type HtmlRow = { cells: HtmlCell[]; kind?: string };
export type HtmlTable = { id?: string; caption: string; columns: HtmlColumn[]; rows: HtmlRow[]; notes?: string[]; kind?: string };

const digitSpace = "\u2007", pointSpace = "\u2008";

/**
 * Texts of one column padded at their right so that, set flush right in tabular figures, their decimal points stand in one line:
 * figure spaces for digits, a punctuation space for the point.
 */
export function alignDecimals(texts: readonly string[]): string[] {
  const fraction = texts.map((text) => (/^[<>−\s\d.,]+$/.test(text) && /\d/.test(text) ? (text.includes(".") ? text.length - text.lastIndexOf(".") - 1 : 0) : -1));
  const longest = Math.max(0, ...fraction);
  return texts.map((text, k) => {
    if (fraction[k] < 0 || longest === 0) return text;
    return text + (fraction[k] === 0 ? pointSpace : "") + digitSpace.repeat(longest - fraction[k]);
  });
}

/** A table in a box that scrolls by itself where the page is narrow; columns of numbers have their points in one line. */
export function tableHtml({ id, caption, columns, rows, notes = [], kind }: HtmlTable): string {
  const texts = rows.map((row) => row.cells.map((cell) => (typeof cell === "string" ? cell : cell.text)));
  columns.forEach((column, j) => {
    if (column.align !== "number") return;
    // rows whose cells span columns are headings, not numbers
    const own = rows.flatMap((row, i) => (row.cells.length === columns.length && texts[i][j] !== undefined ? [i] : []));
    alignDecimals(own.map((i) => texts[i][j]!)).forEach((text, k) => (texts[own[k]][j] = text));
  });
  const head = columns.flatMap((c) => c.under ? [] : [
    `<th scope="col" class="${classes(c.align ?? "left", c.kind, c.span !== undefined ? "spans" : undefined)}"${c.span === undefined ? "" : ` colspan="${c.span}"`}${tooltip(c.title)}>${escapeHtml(c.head)}${c.sub === undefined ? "" : `<small>${escapeHtml(c.sub)}</small>`}</th>`,
  ]).join("");
  const body = rows.map((row, i) => {
    let at = 0;
    const cells = row.cells.map((cell, j) => {
      const column = columns[at];
      const options = typeof cell === "string" ? {} : cell;
      const inside = options.html ?? escapeHtml(texts[i][j] ?? "");
      const tag = at === 0 ? "th" : "td";
      at += options.span ?? 1;
      return `<${tag}${tag === "th" ? ' scope="row"' : ""} class="${classes(column?.align ?? "left", column?.kind, options.kind)}"${options.span === undefined ? "" : ` colspan="${options.span}"`}${tooltip(options.title)}>${inside}</${tag}>`;
    });
    return `<tr${row.kind === undefined ? "" : ` class="${row.kind}"`}>${cells.join("")}</tr>`;
  });
  return `<div class="table${kind === undefined ? "" : ` ${kind}`}"${id === undefined ? "" : ` id="${id}"`}><div class="scroll" tabindex="0"><table>${caption === "" ? "" : `<caption>${caption}</caption>`}` +
    `<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>${footNotes(notes)}</div>`;
}

/** Remarks below a table; HTML. */
export function footNotes(notes: readonly string[]): string {
  return notes.length === 0 ? "" : `<ul class="foot">${notes.map((note) => `<li>${note}</li>`).join("")}</ul>`;
}

function classes(...names: (string | undefined)[]): string {
  return names.filter((name) => name !== undefined && name !== "").join(" ");
}

function tooltip(title: string | undefined): string {
  return title === undefined || title === "" ? "" : ` title="${escapeHtml(title)}"`;
}
