import { icc, iccForms, InputError, type IccForm } from "../../math/index.js";
import { numbersOf } from "../columns.js";
import type { Step } from "../step.js";
import type { Table } from "../table.js";
import { applyFilter, filterState, fittedColumns, shown, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type IccFilterOptions = ColumnsOption & {
  /** further readings as columns of the table: by feature, the columns of the other readers (which leave the table with the step) */
  repeats?: Record<string, string[]>;
  /** further readings as tables with the same feature names, matched by patient; a patient may be missing there */
  readings?: Table[];
  /** default ICC(2,1), absolute agreement of single readings */
  form?: IccForm;
  /** features whose ICC (or lower limit) is not above it go (default .75) */
  above?: number;
  /** what must lie above it: the estimate (default) or the lower 95 % limit */
  by?: "estimate" | "lower";
};
export type IccFilterState = FilterState & { form: IccForm; subjects: number; iccs: { name: string; icc: number | null; lower: number | null; upper: number | null }[] };

/**
 * Keeps features whose repeated readings agree: ICC of Shrout & Fleiss in the form named, from the training patients read
 * by all readers. The values agree with R psych::ICC. A feature without variation (ICC not defined) goes. With several rows
 * a patient in a table of readings, or fewer than 3 patients read by all, InputError. Shrout & Fleiss, Psychol Bull 1979;86:420.
 */
export const iccFilter: Step<IccFilterState> = {
  name: "iccFilter",
  fit(table, _outcome, options: IccFilterOptions) {
    const { repeats = {}, readings = [], form = "ICC(2,1)", above = 0.75, by = "estimate" } = options;
    if (!iccForms.includes(form)) throw new InputError(`There is no ICC form "${String(form)}". Known: ${iccForms.join(", ")}.`);
    const others = new Set(Object.values(repeats).flat());
    const given = options.columns ?? (readings.length > 0 ? fittedColumns("iccFilter", table, {}).filter((n) => !others.has(n)) : Object.keys(repeats));
    const names = fittedColumns("iccFilter", table, { columns: given });
    const rowsOf = readings.map((reading) => {
      const at = new Map<string, number>();
      reading.id.forEach((id, r) => {
        if (at.has(id)) throw new InputError(`Patient ${id} has several rows in a table of readings, but one is expected. Choose one of them.`);
        at.set(id, r);
      });
      return table.id.map((id) => at.get(id) ?? -1);
    });
    let subjects = 0;
    const iccs = names.map((name) => {
      const ratings = [numbersOf(table, name), ...(repeats[name] ?? []).map((n) => numbersOf(table, n)),
        ...readings.map((reading, k) => { const v = numbersOf(reading, name); return Float64Array.from(rowsOf[k], (r) => (r < 0 ? NaN : v[r])); })];
      if (ratings.length < 2) throw new InputError(`${name} has one reading, but iccFilter needs at least two. Name its repeats, or hand in readings.`);
      const result = icc(ratings, { forms: [form], name });
      if (result.subjects < 3) throw new InputError(`${name} was read by all readers in ${result.subjects} training patients, but at least 3 are expected. Check the patients' ids.`);
      subjects = Math.max(subjects, result.subjects);
      const [estimate] = result.estimates;
      const plain = (v: number) => (Number.isFinite(v) ? v : null);
      return { name, icc: plain(estimate.icc), lower: plain(estimate.ci[0]), upper: plain(estimate.ci[1]) };
    });
    const why = new Map<string, string>();
    for (const e of iccs) {
      const value = by === "lower" ? e.lower : e.icc;
      if (value === null) why.set(e.name, `${form} not defined`);
      else if (!(value > above)) why.set(e.name, `${form} ${shown(e.icc!)} (${shown(e.lower ?? NaN)} to ${shown(e.upper ?? NaN)})`);
    }
    const state = filterState(names, why);
    const gone = Object.values(repeats).flat().map((name) => ({ name, why: "a repeated reading" }));
    return { ...state, dropped: [...state.dropped, ...gone], form, subjects, iccs };
  },
  apply: applyFilter,
};
