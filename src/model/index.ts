export * from "./learner.js";
export * from "./designOf.js";
export * from "./stepwise.js";
