export * from "./check.js";
export * from "./sum.js";
export * from "./eigen.js";
export * from "./fft.js";
export * from "./realFft.js";
export * from "./jacobi.js";
export * from "./convexHull.js";
export * from "./elementary.js";
