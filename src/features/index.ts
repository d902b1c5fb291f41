export * from "./region.js";
export * from "./featureClass.js";
export * from "./settings.js";
