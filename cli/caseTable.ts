import { existsSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { dsvFormat } from "d3-dsv";
import { didYouMean, InputError } from "../src/math/index.js";
import type { Triple } from "../src/image/index.js";
import { spacingOf, type Case, type CaseTable } from "./cases.js";
import { decimalPoints } from "./decimalComma.js";
import { readText } from "./files.js";

/**
 * Reads a table of cases: columns Image and Mask, optional ID, Label, Label_channel, Spacing; all others are carried along.
 * Separated by comma, semicolon or tab, whichever makes the header name both columns; UTF-8; quotes as in RFC 4180.
 * Paths are relative to the table's folder, as in PyRadiomics, and else to the working directory.
 * A cell may name several masks (`a.nrrd|b.nrrd`) or labels (`1|2`), `|` or `;` between them: every label of every
 * mask is one case. Decimal commas of a table with semicolons or tabs become points.
 * @param labels used where a row names none; `spacing` of pictures likewise
 */
export function readCases(path: string, labels: readonly number[] = [], spacing?: Triple): CaseTable {
  const { separator, header, rows } = readTable(path);
  const at = (name: string) => {
    const exact = header.indexOf(name);
    return exact >= 0 ? exact : header.findIndex((h) => h.trim().toLowerCase() === name.toLowerCase());
  };
  const column = { image: at("Image"), mask: at("Mask"), id: at("ID"), label: at("Label"), channel: at("Label_channel"), spacing: at("Spacing") };
  if (separator !== ",") decimalPoints(path, header, rows, Object.values(column));

  const cases: Case[] = [];
  for (const { row, cells } of rows) {
    const cell = (k: number) => (k < 0 ? "" : (cells[k] ?? "").trim());
    const [image, mask] = [cell(column.image), cell(column.mask)];
    let wrong = image === "" ? "Image is empty; write the path of an image there." : mask === "" ? "Mask is empty; write the path of a mask there." : undefined;
    const read = (what: string, text: string, least: number): number[] => {
      const numbers = text === "" ? [] : text.split(/[;|]/).map((t) => Number(t.trim() || "x"));
      if (numbers.some((n) => !Number.isInteger(n) || n < least)) {
        wrong ??= `${what} is "${text}"; expected a whole number, ${least} or more (several with | between them).`;
        return [];
      }
      return numbers;
    };
    const named = read("Label", cell(column.label), 1);
    const channel = read("Label_channel", cell(column.channel), 0)[0];
    const wanted = named.length > 0 ? named : labels;
    let pixel = spacing;
    if (cell(column.spacing) !== "") {
      try { pixel = spacingOf(cell(column.spacing), "Spacing"); } catch (error) { wrong ??= (error as Error).message; }
    }
    for (const oneMask of mask === "" ? [""] : pathsIn(mask, dirname(path))) {
      for (const label of wanted.length > 0 ? wanted : [undefined]) {
        const input = Object.fromEntries(header.map((name, k) => [name, cells[k] ?? ""]));
        input[header[column.mask]] = oneMask;
        if (label !== undefined && wanted.length > 1) input[column.label < 0 ? "Label" : header[column.label]] = String(label);
        cases.push({
          number: cases.length + 1, row, input, image: locate(image, dirname(path)), mask: locate(oneMask, dirname(path)),
          ...(column.id >= 0 && { id: cell(column.id) }), ...(label !== undefined && { label }),
          ...(channel !== undefined && { labelChannel: channel }), ...(pixel && { spacing: pixel }), ...(wrong !== undefined && { error: wrong }),
        });
      }
    }
  }
  if (cases.length === 0) throw new InputError(`${path}: has a header but no rows; add one row for each image and mask.`);
  refuseDoubles(path, cases);
  const columns = labels.length > 1 && column.label < 0 ? [...header, "Label"] : header;
  return { columns, imageColumn: header[column.image], maskColumn: header[column.mask], cases };
}

type TableRow = { row: number; cells: string[] };

function readTable(path: string): { separator: string; header: string[]; rows: TableRow[] } {
  const text = readText(path);
  if ((text.match(/"/g)?.length ?? 0) % 2 === 1) throw new InputError(`${path}: a quotation mark (") is opened and never closed; close it or remove it.`);
  if (text.trim() === "") throw new InputError(`${path}: is empty, expected a table with the columns Image and Mask.`);
  const tables = [",", ";", "\t"].map((separator) => ({ separator, rows: dsvFormat(separator).parseRows(text) }));
  const names = (header: string[]) => new Set(header.map((h) => h.trim().toLowerCase()));
  const fitting = tables.filter(({ rows }) => names(rows[0]).has("image") && names(rows[0]).has("mask"));
  if (fitting.length === 0) {
    const header = tables.reduce((a, b) => (b.rows[0].length > a.rows[0].length ? b : a)).rows[0].map((h) => h.trim());
    const missing = names(header).has("image") ? "Mask" : "Image";
    throw new InputError(`${path}: has no column "${missing}" (found ${header.slice(0, 12).map((h) => `"${h.slice(0, 60)}"`).join(", ")}). ` +
      (header.length > 1 ? didYouMean(missing, header) : "Write a header line with Image and Mask, separated by comma, semicolon or tab."));
  }
  const { separator, rows: all } = fitting[0];
  const header = all[0].map((h) => h.trim());
  const rows: TableRow[] = [];
  let row = 1;
  for (const cells of all.slice(1)) {
    row++;
    if (cells.every((c) => c.trim() === "")) continue;
    if (cells.slice(header.length).some((c) => c.trim() !== "")) {
      throw new InputError(`${path}: row ${row} has ${cells.length} cells but the header has ${header.length}; ` + (separator === ","
        ? "if numbers have a decimal comma, put them in quotes or separate the columns by semicolons."
        : "put a cell that contains the separator in quotes."));
    }
    const broken = cells.find((c) => c.includes("\n"));
    if (broken !== undefined) throw new InputError(`${path}: row ${row} has a cell that runs over several lines (it begins "${broken.split("\n")[0].trim().slice(0, 40)}"); check its quotation marks.`);
    rows.push({ row, cells });
  }
  return { separator, ...withoutEmptyColumns(path, header, rows) };
}

/** Columns without name and content, as a separator at the end of each line makes them, are left out. */
function withoutEmptyColumns(path: string, header: string[], rows: TableRow[]): { header: string[]; rows: TableRow[] } {
  const kept = header.map((_, k) => k).filter((k) => header[k] !== "" || rows.some((r) => (r.cells[k] ?? "").trim() !== ""));
  const names = kept.map((k) => header[k]);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) throw new InputError(`${path}: two columns are called "${twice}"; every column needs its own name.`);
  return { header: names, rows: rows.map(({ row, cells }) => ({ row, cells: kept.map((k) => cells[k] ?? "") })) };
}

const locate = (path: string, folder: string): string => {
  if (isAbsolute(path)) return resolve(path);
  const beside = resolve(folder, path);
  return !existsSync(beside) && existsSync(resolve(path)) ? resolve(path) : beside;
};

/** A file whose own name contains the separator is one path. */
function pathsIn(cell: string, folder: string): string[] {
  if (!/[;|]/.test(cell) || existsSync(locate(cell, folder))) return [cell];
  return cell.split(/[;|]/).map((p) => p.trim()).filter((p) => p !== "");
}

/** An ID may stand in several rows only where they are different regions of the same image. */
function refuseDoubles(path: string, cases: readonly Case[]): void {
  const seen = new Map<string, Case[]>();
  for (const one of cases) {
    if (one.id === undefined || one.id === "") continue;
    const earlier = seen.get(one.id) ?? [];
    for (const other of earlier) {
      if (other.row === one.row && other.mask !== one.mask) continue;
      const sameRegion = other.mask === one.mask && other.label === one.label && other.labelChannel === one.labelChannel;
      if (other.image !== one.image || sameRegion) {
        throw new InputError(`${path}: ID "${one.id}" stands in row ${other.row} and row ${one.row}${sameRegion && other.image === one.image ? " with the same image, mask and label" : " with different images"}; ` +
          "give every case its own ID (several regions of one image may share it).");
      }
    }
    seen.set(one.id, [...earlier, one]);
  }
}
