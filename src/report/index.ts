export * from "./results.js";
export * from "./numberText.js";
export * from "./figure.js";
export type * from "./chartData.js";
