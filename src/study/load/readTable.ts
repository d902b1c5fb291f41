import { sha256 } from "@noble/hashes/sha2.js";
import { readCsv, readParquet, readXlsx, type CellOptions, type CellReport, type Table } from "../../cohort/index.js";
import { didYouMean, InputError } from "../../math/index.js";
import { columnsOfEntry } from "../plan/columnPatterns.js";
import { atPart, type Path } from "../plan/planErrors.js";
import type { TablePlan } from "../plan.js";
import type { World } from "../world.js";

/** A table as read: `hash` is the SHA-256 of the file, `report` what was made of its columns (not for our own Parquet files). */
export type ReadTable = { file: string; table: Table; hash: string; report?: CellReport };

/** SHA-256 of bytes, in hexadecimal. */
export function fileHash(bytes: Uint8Array): string {
  return Array.from(sha256(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * A table of the plan: CSV of any delimiter (also .gz), .xlsx, .parquet. Every error bears the file's name.
 * @param at  where the table stands in the plan
 * @throws InputError the file cannot be read, has no column of the patient, or lacks a column that the plan asks for
 */
export async function readTable(plan: TablePlan, world: Pick<World, "read">, at: Path = []): Promise<ReadTable> {
  const { file } = plan;
  const read = await openTable(plan, world, at);
  if (read.report?.id === "row number") throw atPart([...at, "file"], `${file}: no column is the patient's: none is called id, patient, case or subject. Name it in the plan, { file: ${file}, id: … }, or to init with --id. Columns: ${Object.keys(read.table.columns).slice(0, 20).join(", ")}.`);
  return { ...read, table: plan.columns === undefined ? read.table : chosen(read.table, plan.columns, file, at) };
}

/** The same with all its columns; where no column is known to be the patient's, rows are numbered and `report.id` is "row number". */
export async function openTable(plan: TablePlan, world: Pick<World, "read">, at: Path = []): Promise<ReadTable> {
  const { file } = plan;
  let bytes: Uint8Array;
  try { bytes = await world.read(file); } catch (error) {
    if ((error as Error).name !== "InputError") throw error;
    throw atPart([...at, "file"], (error as Error).message);
  }
  const hash = fileHash(bytes);
  const packed = /\.gz$/i.test(file);
  const name = packed ? file.slice(0, -3) : file;
  const options: CellOptions = {
    ...(plan.id === "" ? {} : { id: plan.id }), ...(plan.decimalComma === undefined ? {} : { decimal: plan.decimalComma ? "," : "." }),
    ...(plan.dates === undefined ? {} : { dates: plan.dates }),
    ...(plan.missing.length === 0 ? {} : { missing: ["", "na", "n/a", "nan", "null", "none", "#n/a", "missing", ".", ...plan.missing] }),
  };
  try {
    const content = packed ? await gunzip(bytes) : bytes;
    const { table, report } = await readAny(name, content, plan, options);
    return { file, hash, table, ...(report === undefined ? {} : { report }) };
  } catch (error) {
    if ((error as Error).name !== "InputError") throw error;
    const { message } = error as Error;
    throw atPart([...at, message.startsWith(`There is no column "${plan.id}"`) ? "id" : "file"], `${file}: ${message}`);
  }
}

async function readAny(name: string, content: Uint8Array, plan: TablePlan, options: CellOptions): Promise<{ table: Table; report?: CellReport }> {
  const ending = /\.([^.]*)$/.exec(name.toLowerCase())?.[1];
  switch (ending) {
    case "csv": case "tsv": case "txt": case "tab":
      return readCsv(content, { ...options, ...(plan.delimiter !== undefined ? { delimiter: plan.delimiter } : ending === "tsv" || ending === "tab" ? { delimiter: "\t" } : {}) });
    case "xlsx": return readXlsx(content, { ...options, ...(plan.sheet === undefined ? {} : { sheet: plan.sheet }) });
    case "parquet": return readParquet(content, options);
    case "xls": throw new InputError("is an old .xls workbook. Save it as .xlsx or CSV.");
    default: throw new InputError(`is no kind of table that can be read${ending === undefined ? "" : ` (.${ending})`}. Give a .csv, .tsv, .txt (also .gz), .xlsx or .parquet file.`);
  }
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new InputError("cannot be unpacked; it is damaged, cut short or not a .gz file. Copy it again.");
  }
}

function chosen(table: Table, wanted: readonly string[], file: string, at: Path): Table {
  const names = Object.keys(table.columns);
  const lost = wanted.filter((entry) => columnsOfEntry(entry, names).length === 0);
  if (lost.length > 0) throw atPart([...at, "columns", wanted.indexOf(lost[0])], `${file}: columns asks for ${lost.map((l) => `"${l}"`).join(", ")}, which the file lacks. ${didYouMean(lost[0], names)}`);
  return { id: table.id, columns: Object.fromEntries([...new Set(wanted.flatMap((entry) => columnsOfEntry(entry, names)))].map((name) => [name, table.columns[name]])) };
}
