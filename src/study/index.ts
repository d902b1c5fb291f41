export * from "./world.js";
export * from "./plan.js";
export * from "./data.js";
export * from "./pipeline.js";
export * from "./facts.js";
