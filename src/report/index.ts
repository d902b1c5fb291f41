export * from "./results.js";
export * from "./numberText.js";
export * from "./figure.js";
export type * from "./chartData.js";
export { charts, drawFigure } from "./drawFigure.js";
export type { ChartOptions } from "./svg.js";
