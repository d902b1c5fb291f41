// Messages of steps and learners lose the names of patients and keep the rest.
import { expect, test } from "vitest";
import { withoutPatients } from "../../src/study/withoutPatients.js";

test("names where they stand for a row become its number, wherever else the same letters stand they stay", () => {
  const id = ["7", "17", "O'Neil, J."];
  expect(withoutPatients("Radscore: Missing values: 7 lacks age, f7; 17 lacks age; O'Neil, J. lacks f17. Impute them first", id)).toBe("Radscore: Missing values: row 1 lacks age, f7; row 2 lacks age; row 3 lacks f17. Impute them first");
  expect(withoutPatients('clinical: 17: "grade" is "7", which the model has not seen', id)).toBe('clinical: row 2: "grade" is "7", which the model has not seen');
  expect(withoutPatients("f1 is infinite in row 3 (patient O'Neil, J.), but zScore expects finite numbers.", id)).toBe("f1 is infinite in row 3, but zScore expects finite numbers.");
  expect(withoutPatients("7 inner folds were asked for, but there are 17 patients to train on.", id)).toBe("7 inner folds were asked for, but there are 17 patients to train on.");
});
