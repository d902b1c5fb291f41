// Designs of the generated cohorts, coded as the R calls of golden/stats code them.
import type { Design } from "../../src/math/index.js";
import type { Term } from "../../src/model/index.js";
import { data } from "../stats.js";

/** Numbers as they are; a factor written "shape:oval,irregular,round" becomes dummies against its first level, named shape+level. */
export function designFrom(file: string, variables: readonly string[]): { design: Design; terms: Term[] } {
  const d = data(file);
  const names: string[] = [];
  const columns: Float64Array[] = [];
  const terms = variables.map((text): Term => {
    const [variable, levels] = text.split(":");
    const first = names.length;
    if (levels === undefined) {
      names.push(variable);
      columns.push(d[variable]);
    } else {
      for (const level of levels.split(",").slice(1)) {
        names.push(variable + level);
        columns.push(Float64Array.from(d.text[variable], (v) => Number(v === level)));
      }
    }
    return { variable, columns: names.slice(first).map((_, k) => first + k) };
  });
  return { design: { names, columns, n: columns[0].length }, terms };
}
