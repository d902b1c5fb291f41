export * from "./check.js";
export * from "./sum.js";
export * from "./eigen.js";
