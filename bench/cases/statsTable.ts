// The markdown tables of the cost of the statistics, and how a run brings its rows into docs/STATISTICS-COST.md.

/** Rows of a table by their first cell. */
export type Table = { head: string; rows: Map<string, string> };
export const costHead = "| job | CPU s | R CPU s | ratio | CPU ratio after one call | wall ratio after one call | largest difference from R |";
export const growthHead = "| from 1e4 to 1e5 patients | times as much |";
export const stageHead = "| selection over 11,258 features × 315 patients | features left | CPU s |";

export const cells = (...values: (string | number)[]) => `| ${values.join(" | ")} |`;
const rule = (head: string) => head.replace(/[^|]+/g, "---");

/** Tables of a document whose heads are known. */
export function tablesOf(text: string, heads: string[]): Table[] {
  const lines = text.split("\n");
  return heads.map((head) => {
    const rows = new Map<string, string>();
    const at = lines.indexOf(head);
    for (let k = at + 2; at >= 0 && lines[k]?.startsWith("|"); k++) rows.set(lines[k].split(" | ")[0].slice(2), lines[k]);
    return { head, rows };
  });
}

export const markdown = ({ head, rows }: Table) => [head, rule(head), ...rows.values()].join("\n");

/**
 * `text` with its tables in place of those of the same head: rows measured anew replace the old. Of the others stay those that `order`
 * names, in its order, or all where it is empty.
 */
export function renewed(text: string, tables: Table[], order: string[]): string {
  let result = text;
  const before = tablesOf(text, tables.map((t) => t.head));
  tables.forEach((table, k) => {
    const old = before[k].rows;
    if (table.rows.size === 0 || old.size === 0) return;
    const rows = new Map<string, string>();
    for (const name of [...(order.length > 0 ? order : old.keys()), ...table.rows.keys()]) {
      const row = table.rows.get(name) ?? old.get(name);
      if (row !== undefined) rows.set(name, row);
    }
    result = result.replace(markdown(before[k]), () => markdown({ head: table.head, rows }));
  });
  return result;
}

/** "1e4": three figures, no more. */
export const figures = (x: number, digits = 3) => (x === 0 ? "0" : Number(x.toPrecision(digits)) >= 1e-4 ? x.toPrecision(digits) : x.toExponential(digits - 1));
