export * from "./filter.js";
export * from "./waveletCoefficients.js";
export * from "./crop.js";
export * from "./filters.js";
export * from "./bins.js";
