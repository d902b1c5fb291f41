export * from "./table.js";
export * from "./outcome.js";
export * from "./step.js";
