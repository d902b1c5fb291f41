export * from "./volume.js";
export * from "./reader.js";
