// What cannot be answered is refused in a sentence that names what was found, and never answered with a plausible number.
import { expect, test } from "vitest";
import { testRefused, type Refused } from "../refused.js";
import {
  categoryColumn, coxVariableTest, isoDate, labelsOf, logisticVariableTest, makeTable, nullMartingale, numberColumn, selectOutcome, selectRows, standardisedDifferenceMultinomial,
  type SurvivalOutcome,
} from "../../src/cohort/index.js";

const table = makeTable(["a", "b", "c"], { x: numberColumn([1, 2, 3]), g: categoryColumn(["u", "v", "u"]), d: { kind: "date", days: Float64Array.of(0, NaN, 18000) } });
const follow = (time: number[], event: number[]): SurvivalOutcome => ({ kind: "survival", name: "death", unit: "months", time: Float64Array.from(time), event: Uint8Array.from(event) });
const good = follow([5, 3, 8, 9], [1, 0, 1, 1]);
const spoilt: [string, RegExp, SurvivalOutcome][] = [
  ["times and events of other lengths", /3 times against 4 events/, { ...good, time: good.time.slice(1) }],
  ["a time missing", /time of row 2 is NaN/, follow([5, NaN, 8, 9], [1, 0, 1, 1])],
  ["a time below 0", /time of row 4 is -1/, follow([5, 3, 8, -1], [1, 0, 1, 1])],
  ["an event of 2", /event of row 3 is 2/, follow([5, 3, 8, 9], [1, 0, 2, 1])],
];

/** What is asked, what the sentence must name, and the call. */
const refused: Refused[] = [
  ["selectRows, past the end", /Row 3 of the table .* rows 0 to 2/, () => selectRows(table, [0, 3])],
  ["selectRows, below 0", /Row -1 of the table/, () => selectRows(table, [-1])],
  ["selectRows, NaN", /Row NaN of the table/, () => selectRows(table, [NaN])],
  ["selectRows, half a row", /Row 0\.5 of the table/, () => selectRows(table, [0.5])],
  ["selectRows, of an empty table", /has no rows/, () => selectRows(makeTable([], {}), [0])],
  ["selectOutcome of survival, past the end", /Row 4 of the outcome/, () => selectOutcome(good, [4])],
  ["selectOutcome of numbers, NaN", /Row NaN of the outcome/, () => selectOutcome({ kind: "continuous", name: "size", value: Float64Array.of(1, 2) }, [NaN])],
  ["selectOutcome of flags, below 0", /Row -1 of the outcome/, () => selectOutcome({ kind: "binary", name: "pCR", event: Uint8Array.of(1, 0) }, [-1])],
  ["isoDate, missing", /Day NaN/, () => isoDate(NaN)],
  ["isoDate, beyond what Date holds", /Day 1000000000 /, () => isoDate(1e9)],
  ["isoDate, the day after 9999-12-31", /Day 2932897 /, () => isoDate(2932897)],
  ["isoDate, the day before 0000-01-01", /Day -719529 /, () => isoDate(-719529)],
  ["labelsOf, a date out of the calendar", /Day 10000000 /, () => labelsOf(makeTable(["a"], { d: { kind: "date", days: Float64Array.of(1e7) } }), "d")],
  ["standardisedDifferenceMultinomial, a count missing", /level 2 of the first group has count NaN/, () => standardisedDifferenceMultinomial([3, NaN], [2, 4])],
  ["standardisedDifferenceMultinomial, a count below 0", /level 1 of the second group has count -2/, () => standardisedDifferenceMultinomial([3, 1], [-2, 4])],
  ["logisticVariableTest, another length", /3 values, but the outcome has 4 rows/, () => logisticVariableTest([1, 2, 3], [0, 1, 1, 0])],
  ["logisticVariableTest, an event of 2", /event of row 2 is 2/, () => logisticVariableTest([1, 2, 3], [0, 2, 1])],
  ["coxVariableTest, another length", /3 values, but the outcome has 4 rows/, () => coxVariableTest(good)([1, 2, 3])],
  ...spoilt.flatMap(([what, says, outcome]): Refused[] => [
    [`coxVariableTest, ${what}`, says, () => coxVariableTest(outcome)], [`nullMartingale, ${what}`, says, () => nullMartingale(outcome)],
  ]),
];

testRefused(refused);

test("the first and the last day of the calendar are written, a missing one is an empty label", () => {
  expect([-719528, 2932896, 2932896.9].map(isoDate)).toEqual(["0000-01-01", "9999-12-31", "9999-12-31"]);
  expect(labelsOf(table, "d")).toEqual(["1970-01-01", "", "2019-04-14"]);
});

test("a test of a variable with a missing value is NaN", () => {
  expect(coxVariableTest(good)([1, NaN, 3, 2]).p).toBeNaN();
  expect(logisticVariableTest([1, NaN, 3, 2], [0, 1, 1, 0]).p).toBeNaN();
});
