export * from "./table.js";
export * from "./outcome.js";
export * from "./step.js";
export * from "./columns.js";
export * from "./inferColumn.js";
export * from "./tableOfCells.js";
export * from "./csv.js";
export * from "./join.js";
