// Calls that must be refused by an InputError whose sentence says what was found.
import { expect, test } from "vitest";
import { InputError } from "../src/math/index.js";

/** The call's name, what the sentence must say, and the call. */
export type Refused = [string, RegExp, () => unknown];

export function testRefused(calls: readonly Refused[]): void {
  test.each(calls)("%s, is refused by name", (_, says, run) => {
    let found: unknown;
    try { found = run(); } catch (error) { found = error; }
    expect(found).toBeInstanceOf(InputError);
    expect((found as Error).message).toMatch(says);
  });
}
