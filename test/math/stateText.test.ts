import { expect, test } from "vitest";
import { stateFrom, stateText } from "../../src/math/index.js";

test("every number comes back, those JSON does not know too", () => {
  const state = { a: [1, NaN, Infinity, -Infinity, -0, 0, 5e-324], b: { c: NaN, d: "NaN", e: null, f: [[]], g: { $number: "x", other: 1 } } };
  const back = stateFrom(stateText(state)) as typeof state;
  expect(back).toEqual(state);
  expect(Object.is(back.a[4], -0)).toBe(true);
  expect(Object.is(back.a[5], 0)).toBe(true);
  expect(stateFrom(stateText({ x: Float64Array.of(1, NaN) }))).toEqual({ x: [1, NaN] });
  expect(stateFrom('{"a":[null,1]}')).toEqual({ a: [null, 1] });
  expect(JSON.parse(stateText({ a: NaN }))).toEqual({ a: { $number: "NaN" } });
});
