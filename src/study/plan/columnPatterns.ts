/** Whether a name of a group is a pattern: * any characters, ? one character. */
export const isPattern = (entry: string) => /[*?]/.test(entry);

/** The form of a pattern, case kept. */
export function patternForm(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}

/** Columns that an entry means: the column of that very name, else those its pattern fits, in the table's order. */
export function columnsOfEntry(entry: string, columns: readonly string[]): string[] {
  if (columns.includes(entry)) return [entry];
  if (!isPattern(entry)) return [];
  const form = patternForm(entry);
  return columns.filter((name) => form.test(name));
}

/** Which of some entries means a column; −1 where none does. */
export const entryOf = (column: string, entries: readonly string[]): number => entries.findIndex((entry) => columnsOfEntry(entry, [column]).length > 0);

/**
 * Columns of a group: names, patterns and other groups in the order written, each column once; "!name" and "!pattern" leave out.
 * `lost`: entries that mean no column.
 */
export function resolveGroup(name: string, groups: Record<string, readonly string[]>, columns: readonly string[], open: readonly string[] = []): { columns: string[]; lost: string[] } {
  const found: string[] = [], lost: string[] = [], out = new Set<string>();
  for (const entry of groups[name]) {
    const bare = entry.startsWith("!") && !columns.includes(entry) ? entry.slice(1) : entry;
    let meant = columnsOfEntry(bare, columns);
    if (meant.length === 0 && Object.hasOwn(groups, bare) && bare !== name && !open.includes(bare)) {
      const inner = resolveGroup(bare, groups, columns, [...open, name]);
      meant = inner.columns;
      lost.push(...inner.lost);
    } else if (meant.length === 0) lost.push(entry);
    if (bare !== entry) for (const column of meant) out.add(column);
    else found.push(...meant);
  }
  return { columns: [...new Set(found)].filter((column) => !out.has(column)), lost: [...new Set(lost)] };
}
