export * from "./filter.js";
export * from "./waveletCoefficients.js";
