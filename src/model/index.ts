export * from "./learner.js";
export * from "./designOf.js";
