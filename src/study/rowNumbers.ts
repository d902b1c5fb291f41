/** Row numbers as "rows 1–4, 7, 9": for messages that must not name patients. Beyond `most` ranges they are only counted. */
export function rowList(rows: Iterable<number>, most = 60): string {
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  const ranges: string[] = [];
  let counted = 0;
  for (let k = 0; k < sorted.length && ranges.length < most; ) {
    let end = k;
    while (sorted[end + 1] === sorted[end] + 1) end++;
    ranges.push(end === k ? `${sorted[k]}` : end === k + 1 ? `${sorted[k]}, ${sorted[end]}` : `${sorted[k]}–${sorted[end]}`);
    counted += end - k + 1;
    k = end + 1;
  }
  const more = sorted.length - counted;
  return `${sorted.length === 1 ? "row" : "rows"} ${ranges.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** "1 patient", "5 patients". */
export const counted = (n: number, what: string, plural = `${what}s`) => `${n.toLocaleString("en")} ${n === 1 ? what : plural}`;
