// Radiomics of nothing: 124 patients, 21 events, 850 features that are pure chance. What does the usual recipe report?
//   node examples/noise/noise.mjs [sets = 40]
// Recipe: univariable t tests (P < 0.05), correlation filter (|r| > 0.9), LASSO by 10-fold cross-validation, logistic regression on what is left.
import { correlationFilter, numberColumn, selectOutcome, selectRows, univariable } from "radscore/cohort";
import { auc, stratifiedFolds } from "radscore/evaluate";
import { randomStream } from "radscore/math";
import { lassoLearner, ridgeLearner } from "radscore/model";

const [PATIENTS, EVENTS, FEATURES, FOLDS, REPEATS] = [124, 21, 850, 5, 1];

/** A table of standard normal numbers and an outcome that has nothing to do with them. */
export function noiseTable(random) {
  const names = Array.from({ length: FEATURES }, (_, j) => `feature_${j + 1}`);
  const columns = Object.fromEntries(names.map((name) => [name, numberColumn(Array.from({ length: PATIENTS }, () => random.normal()))]));
  const event = Uint8Array.from({ length: PATIENTS }, (_, i) => Number(i < EVENTS));
  return { table: { id: Array.from({ length: PATIENTS }, (_, i) => `P${i + 1}`), columns }, outcome: { kind: "binary", event, name: "metastasis" } };
}

/** The columns that the recipe keeps. */
function select(table, outcome, random) {
  const first = univariable.apply(univariable.fit(table, outcome, { p: 0.05, test: "t" }, random), table);
  if (Object.keys(first.columns).length < 2) return Object.keys(first.columns);
  const second = correlationFilter.apply(correlationFilter.fit(first, outcome, { max: 0.9 }, random), first);
  return lassoLearner.fit(second, outcome, { folds: 10 }, random.stream("lasso")).selected;
}

/** A logistic model on given columns, with a touch of ridge so that separation does not stop the lesson: its scores for other rows. */
function scores(table, outcome, columns, train, test, random) {
  if (columns.length === 0) return test.map(() => 0.5);
  const of = (rows) => { const part = selectRows(table, rows); return { id: part.id, columns: Object.fromEntries(columns.map((c) => [c, part.columns[c]])) }; };
  const model = ridgeLearner.fit(of(train), selectOutcome(outcome, train), { lambda: [1, 0.1, 0.01], at: 0.01, folds: 5 }, random);
  return Array.from(ridgeLearner.predict(model, of(test)));
}

/** Apparent AUC, AUC by cross-validation with the selection outside the folds, and with everything inside; folds averaged. */
export function noiseStudy(seed) {
  const random = randomStream(`noise ${seed}`);
  const { table, outcome } = noiseTable(random.stream("data"));
  const all = Array.from({ length: PATIENTS }, (_, i) => i);
  const chosen = select(table, outcome, random.stream("all"));
  const merit = (columns, train, test) => auc(scores(table, outcome, columns, train, test, random.stream("ridge")), test.map((i) => outcome.event[i]));
  const outside = [], inside = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const fold = stratifiedFolds(PATIENTS, FOLDS, random.stream(`folds ${repeat}`), { classes: outcome.event });
    for (const k of new Set(fold)) {
      const train = all.filter((i) => fold[i] !== k), test = all.filter((i) => fold[i] === k);
      outside.push(merit(chosen, train, test));
      inside.push(merit(select(selectRows(table, train), selectOutcome(outcome, train), random.stream(`select ${repeat} ${k}`)), train, test));
    }
  }
  return { selected: chosen.length, apparent: merit(chosen, all, all), outside: mean(outside), inside: mean(inside) };
}

export const mean = (values) => values.reduce((s, v) => s + v, 0) / values.length;

if (process.argv[1] !== undefined && import.meta.url.endsWith(process.argv[1].split("/").pop())) {
  const sets = Number(process.argv[2] ?? 40);
  const results = Array.from({ length: sets }, (_, s) => noiseStudy(s + 1));
  const line = (what, key) => console.log(`${what.padEnd(52)} ${mean(results.map((r) => r[key])).toFixed(3)}`);
  console.log(`${sets} sets of pure noise: ${PATIENTS} patients, ${EVENTS} events, ${FEATURES} features; mean AUC`);
  line("apparent: fitted and judged on the same patients", "apparent");
  line("cross-validated after selecting on all patients", "outside");
  line("cross-validated with the selection inside", "inside");
  console.log(`features selected on all patients: ${mean(results.map((r) => r.selected)).toFixed(1)} on average, all of them by chance`);
}
