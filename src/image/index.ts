export * from "./volume.js";
export * from "./reader.js";
export * from "./frames.js";
export * from "./geometry.js";
export * from "./mask.js";
export * from "./components.js";
export * from "./correctMask.js";
