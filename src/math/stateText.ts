/**
 * A fitted model or a step's state as JSON text that keeps every number: NaN, ±Infinity and −0, which JSON does not know, stand as
 * {"$number":"NaN"} and so on. `stateFrom` reads it back, equal in every number. Plain JSON.stringify serves too where predictions are all that
 * is wanted: it writes null for what is not finite, and every predict and apply takes null as NaN (the contract tests of steps and
 * learners hold both). Typed arrays become lists. A form of our own: no source.
 */
export function stateText(state: unknown, indent?: number): string {
  return JSON.stringify(state, (_, value) => {
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) return { $number: Object.is(value, -0) ? "-0" : String(value) };
    return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as unknown as ArrayLike<number>) : value;
  }, indent);
}

/** What `stateText` wrote, or plain JSON. @throws SyntaxError where the text is no JSON */
export function stateFrom(text: string): unknown {
  return JSON.parse(text, (_, value) => {
    const kept = value !== null && typeof value === "object" && Object.keys(value).length === 1 ? value.$number : undefined;
    return typeof kept === "string" ? Number(kept) : value;
  });
}
