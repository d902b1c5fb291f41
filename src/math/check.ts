/**
 * What is wrong with the user's data, in one sentence: who, what was found, what was expected, what to do.
 * Every other error that leaves a room is our own bug.
 */
export class InputError extends Error {
  override name = "InputError";
}

/** The entry of `known` nearest to a mistyped `word`, or undefined where nothing is near. Levenshtein distance on lower case. Levenshtein 1966. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** " Did you mean x?" or the list of what is known: the end of a sentence about an unknown name. Plain text work: no source. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearestWord(word, known);
  return near === undefined ? `Known: ${known.join(", ")}.` : `Did you mean "${near}"?`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return previous[b.length];
}
