// Text to HTML: escaping, ids, words that may break.

/** Text as it stands in HTML, in an attribute too. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}

/** An id of letters, digits and hyphens that a link can hold; other letters keep their code. */
export function anchorId(text: string): string {
  const id = text.trim().replace(/[^A-Za-z0-9]+/g, (run) => (/^[\s_.-]+$/.test(run) ? "-" : `-${[...run].filter((c) => c.trim() !== "").map((c) => c.codePointAt(0)!.toString(16)).join("")}-`));
  return id.replace(/^-+|-+$/g, "").toLowerCase() || "x";
}

/** A column's or feature's name, escaped, that may break after its underscores, and its hyphens and points before a letter. */
export function breakable(name: string): string {
  return escapeHtml(name).replace(/(_|[.-](?=[A-Za-z]))(?=[^_.\s-])/g, "$1<wbr>");
}

/** Sentences as one paragraph; empty for none. */
export function paragraph(sentences: readonly string[], kind = ""): string {
  const text = sentences.filter((s) => s !== "").map(escapeHtml).join(" ");
  return text === "" ? "" : `<p${kind === "" ? "" : ` class="${kind}"`}>${text}</p>`;
}
