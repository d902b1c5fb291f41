// Advance widths of Arial (Helvetica and Liberation Sans have the same), thousandths of the font size, for " " … "~".
const REGULAR = "278,278,355,556,556,889,667,191,333,333,389,584,278,333,278,278,556,556,556,556,556,556,556,556,556,556,278,278,584,584,584,556,1015,667,667,722,722,667,611,778,722,278,500,667,556,833,722,778,667,778,722,667,611,722,667,944,667,667,611,278,278,278,469,556,333,556,556,500,556,556,278,556,556,222,222,500,222,833,556,556,556,556,333,500,278,556,500,722,500,500,500,334,260,334,584".split(",").map(Number);
const BOLD = "278,333,474,556,556,889,722,238,333,333,389,584,278,333,278,278,556,556,556,556,556,556,556,556,556,556,333,333,584,584,584,611,975,722,722,722,722,667,611,778,722,278,556,722,611,833,722,778,667,778,722,667,611,722,667,944,667,667,611,333,278,333,584,556,333,556,611,556,611,556,333,611,611,278,278,556,278,889,611,611,611,611,389,556,333,611,556,778,556,556,500,389,280,389,584".split(",").map(Number);
const OTHER: Record<string, number> = { "–": 556, "—": 1000, "−": 584, "±": 549, "×": 584, "·": 278, "≤": 549, "≥": 549, "≈": 549, "…": 1000, "→": 1000, "²": 333, "³": 333, "•": 350, "°": 400, "½": 834, "’": 222, "“": 333, "”": 333, "\u00a0": 278, "\u2009": 200, "µ": 576 };

/** Width of a line of text at a font size, same unit; letters outside Latin are taken as wide (CJK: one em). */
export function textWidth(text: string, size: number, bold = false): number {
  const table = bold ? BOLD : REGULAR;
  let sum = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    sum += table[code - 32] ?? OTHER[letter] ?? (code < 0x250 ? plain(letter, table) : code < 0x530 ? 620 : 1000);
  }
  return (sum * size) / 1000;
}

/** an accented letter is as wide as the letter under the accent */
function plain(letter: string, table: number[]): number {
  const base = letter.normalize("NFD").charCodeAt(0) - 32;
  return table[base] ?? 640;
}

/** The text, or its two ends round "…" where it is wider than `width`: features differ in both their ends. */
export function fitText(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const letters = [...text];
  const keeping = (keep: number) => {
    const head = Math.ceil(keep * 0.45);
    return `${letters.slice(0, head).join("").trimEnd()}…${letters.slice(letters.length - (keep - head)).join("").trimStart()}`;
  };
  let keep = 1; // the most letters that go in, by halving
  for (let most = letters.length - 1; keep < most;) {
    const middle = Math.ceil((keep + most) / 2);
    if (textWidth(keeping(middle), size, bold) <= width) keep = middle;
    else most = middle - 1;
  }
  return keeping(keep);
}

/** Lines no wider than `width`, broken at spaces (never at a no-break space) and, in names, after "_" "-" "/"; at most `most` lines, the last one shortened. */
export function wrapText(text: string, width: number, size: number, options: { bold?: boolean; most?: number } = {}): string[] {
  const { bold = false, most = Infinity } = options;
  const pieces = text.replace(/[ \t\r\n]+/g, " ").trim().match(/[^ _\-/]*[ _\-/]+|[^ _\-/]+/g) ?? [];
  const lines: string[] = [];
  let line = "";
  pieces.forEach((piece, k) => {
    if (lines.length === most) return;
    if (line !== "" && textWidth((line + piece).trimEnd(), size, bold) > width) {
      if (lines.length === most - 1) {
        lines.push(fitText(line + pieces.slice(k).join(""), width, size, bold));
        line = "";
        return;
      }
      lines.push(line.trimEnd());
      line = piece;
    } else line += piece;
  });
  if (line !== "" && lines.length < most) lines.push(line.trimEnd());
  return lines.length === 0 ? [""] : lines.map((l) => fitText(l, width, size, bold));
}
