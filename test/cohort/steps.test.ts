// What every step of the list keeps to; a new entry is picked up by itself. Entries that need options get them here.
import { describe, expect, test } from "vitest";
import { InputError, randomStream, stateFrom, stateText } from "../../src/math/index.js";
import { categoryColumn, makeTable, numberColumn, selectOutcome, selectRows, steps, type BinaryOutcome, type Column, type Table } from "../../src/cohort/index.js";

const random = () => randomStream(20260728);
const n = 60;

function cohort(missing: boolean): Table {
  const r = random().stream("cohort");
  const draw = () => Float64Array.from({ length: n }, () => r.normal());
  const a = draw(), b = draw(), c = draw(), noise = draw();
  const x: Record<string, Float64Array> = {
    a, b, c, a2: a.map((v, i) => v + 0.1 * noise[i]), a3: a.map((v, i) => 3 * v - 0.2 * noise[i] + 5), positive: b.map((v) => v * v + 1),
    few: c.map((v) => Math.round(v)), sum: a.map((v, i) => v + b[i] + 0.3 * c[i]),
  };
  for (const [name, v] of Object.entries(x)) x[`${name}_again`] = v.map((u) => u + 0.05 * r.normal());
  if (missing) for (const name of ["a", "few", "positive"]) for (let k = 0; k < 7; k++) x[name][r.below(n)] = NaN;
  const grade = Array.from({ length: n }, (_, i) => (missing && i % 11 === 0 ? "" : c[i] > 0 ? "G2" : "G1"));
  return makeTable(Array.from({ length: n }, (_, i) => `P${i}`), {
    ...Object.fromEntries(Object.entries(x).map(([name, v]) => [name, numberColumn(v)])),
    grade: categoryColumn(grade), centre: categoryColumn(Array.from({ length: n }, (_, i) => "ABC"[i % 3])),
  });
}

const whole = cohort(false);
const risk = (whole.columns.a as { values: Float64Array }).values;
const outcome: BinaryOutcome = { kind: "binary", name: "response", event: Uint8Array.from(risk, (v, i) => (v + (i % 5) * 0.3 > 1.1 ? 1 : 0)) };
const again = Object.keys(whole.columns).filter((c) => c.endsWith("_again"));
const first = again.map((c) => c.slice(0, -6));

/** Options by step; several make several runs. */
const optionsOf: Record<string, { options: object; missing?: boolean }[]> = {
  impute: ["median", "mode", "knn", "mice"].map((method) => ({ options: { method } as object, missing: true }))
    .concat([{ options: { method: "mice", numbers: "normal", methods: { grade: "pmm" } }, missing: true }]),
  combat: [{ options: { batch: "centre" } }, { options: { batch: "centre", parametric: false, covariates: ["grade"] } }],
  correlation: ["largerMean", "largerMeanOnce", "weakerOutcome", "random"].map((drop) => ({ options: { drop } })),
  univariable: [{ options: {} }, { options: { adjust: "BH", test: "welch" } }],
  mrmr: [{ options: {} }, { options: { information: "ranks", scheme: "MIQ" } }],
  boruta: [{ options: { trees: 40, rounds: 25, tentative: "keep" } }],
  stabilitySelection: [{ options: { halves: 16, count: 6, threshold: 0.6 } }, { options: { halves: 15, count: 6, threshold: 0.6, scheme: "halves" } }],
  iccFilter: [{ options: { repeats: Object.fromEntries(first.map((f, k) => [f, [again[k]]])) } }],
};

const shuffle = [...Array(n).keys()].sort((i, j) => ((i * 37) % n) - ((j * 37) % n));
const train = [...Array(n).keys()].filter((i) => i % 4 !== 3), other = [...Array(n).keys()].filter((i) => i % 4 === 3);

for (const step of steps) {
  const runs = optionsOf[step.name] ?? [{ options: {} }];
  describe.each(runs)(`${step.name} $options`, ({ options, missing = false }) => {
    const table = missing ? cohort(true) : whole;
    const fit = (t: Table, y: BinaryOutcome) => step.fit(t, y, options, random());
    const training = selectRows(table, train), y = selectOutcome(outcome, train), rest = selectRows(table, other);

    test("its state survives JSON, and the same seed gives the same JSON", () => {
      const state = fit(training, y);
      const text = JSON.stringify(state);
      expect(JSON.parse(text)).toEqual(unsigned(state));
      expect(JSON.stringify(fit(training, y))).toBe(text);
      expect(step.apply(JSON.parse(text), rest)).toEqual(step.apply(state, rest));
      expect(stateFrom(stateText(state))).toEqual(state);
    });

    test("rows applied one by one are as applied at once", () => {
      const state = fit(training, y);
      const atOnce = step.apply(state, rest);
      const single = rest.id.map((_, r) => step.apply(state, selectRows(rest, [r])));
      for (const [name, column] of Object.entries(atOnce.columns)) {
        expect(single.map((t) => valueOf(t.columns[name], 0)), name).toEqual(single.map((_, r) => valueOf(column, r)));
      }
      expect(single.map((t) => Object.keys(t.columns))).toEqual(single.map(() => Object.keys(atOnce.columns)));
    });

    test("its input is unchanged", () => {
      const copy = structuredClone(training);
      step.apply(fit(training, y), training);
      expect(training).toEqual(copy);
    });

    if (step.trainingOnly) {
      test("it changes the training table alone; new rows are known patients", () => {
        const state = fit(training, y);
        expect(step.apply(state, rest)).toEqual(rest);
        const made = step.apply(state, training);
        expect(made.id).toEqual(state.rows.map((r: number) => training.id[r]));
        expect(made.id.length).not.toBe(training.id.length);
        const event = selectOutcome(y, state.rows).event;
        expect(event.reduce((a, b) => a + b, 0)).toBe(made.id.length / 2);
      });
    } else {
      test("the order of rows does not matter", () => {
        const given = step.apply(fit(training, y), rest);
        const order = train.map((_, k) => k).sort((a, b) => shuffle[a] - shuffle[b]);
        const mixed = step.apply(fit(selectRows(training, order), selectOutcome(y, order)), rest);
        expect(Object.keys(mixed.columns)).toEqual(Object.keys(given.columns));
        for (const [name, column] of Object.entries(given.columns)) {
          rest.id.forEach((_, r) => {
            const [a, b] = [valueOf(mixed.columns[name], r), valueOf(column, r)];
            if (typeof b === "number") expect(a, name).toBeCloseTo(b, 6); // a maximum found by search (Yeo–Johnson's λ) is flat to 1e-8
            else expect(a, name).toBe(b);
          });
        }
      });
    }

    test("a column that apply lacks is named", () => {
      const state = fit(training, y);
      if (step.trainingOnly) return;
      expect(() => step.apply(state, { id: rest.id, columns: {} })).toThrow(InputError);
    });

    test("no rows, or an outcome of other rows, is an error in words", () => {
      const empty = selectRows(table, []);
      expect(() => step.fit(empty, selectOutcome(outcome, []), options, random())).toThrow(InputError);
    });
  });
}

// a column of one value, a copy, and one that is mostly missing: what cannot be computed must survive plain JSON too (clusters refuse a constant, the others left out need repeats or centres)
test.each(steps.filter((s) => !s.trainingOnly && !["combat", "iccFilter", "clusterRepresentatives"].includes(s.name)).map((s) => [s.name, s] as const))("%s: a state with what is not finite works after plain JSON, and is whole after stateText", (name, step) => {
  const part: Table = { id: whole.id, columns: { a: whole.columns.a, b: whole.columns.b, copy: whole.columns.a, still: numberColumn(Array.from({ length: n }, () => 2)) } };
  const table = name === "impute" ? { ...part, columns: { ...part.columns, gaps: numberColumn(Array.from({ length: n }, (_, i) => (i < 5 ? i : NaN))) } } : part;
  const state = step.fit(table, outcome, { ...optionsOf[name]?.[0].options, ...(name === "mrmr" || name === "stabilitySelection" ? { count: 2 } : {}) }, random());
  const made = step.apply(state, table);
  expect(step.apply(JSON.parse(JSON.stringify(state)), table)).toEqual(made);
  expect(stateFrom(stateText(state))).toEqual(state);
  expect(step.apply(stateFrom(stateText(state)), table)).toEqual(made);
});

test("names are unique", () => {
  expect(new Set(steps.map((s) => s.name)).size).toBe(steps.length);
});

function valueOf(column: Column, r: number): number | string {
  return column.kind === "category" ? column.levels[column.codes[r]] ?? "" : column.kind === "number" ? column.values[r] : column.days[r];
}

/** −0 as 0, which is what JSON keeps of it. */
function unsigned(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(unsigned);
  return value !== null && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, unsigned(v)])) : value;
}
