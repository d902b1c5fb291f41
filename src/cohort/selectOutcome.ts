import type { Outcome } from "./outcome.js";
import { rowNumbers } from "./rowNumbers.js";

/**
 * The outcome of the rows in the order wanted, as selectRows does for a table; a repeated row keeps its outcome.
 * @throws InputError on a row that the outcome has not
 */
export function selectOutcome<O extends Outcome>(outcome: O, rows: ArrayLike<number>): O {
  const pick = rowNumbers(rows, outcome.kind === "continuous" ? outcome.value.length : outcome.event.length, "outcome");
  switch (outcome.kind) {
    case "binary": return { ...outcome, event: Uint8Array.from(pick, (r) => outcome.event[r]) };
    case "continuous": return { ...outcome, value: Float64Array.from(pick, (r) => outcome.value[r]) };
    case "survival": return {
      ...outcome, time: Float64Array.from(pick, (r) => outcome.time[r]), event: Uint8Array.from(pick, (r) => outcome.event[r]),
      ...(outcome.cause === undefined ? {} : { cause: Uint8Array.from(pick, (r) => outcome.cause![r]) }),
    };
  }
}
