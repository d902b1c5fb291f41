export * from "./volume.js";
export * from "./reader.js";
export * from "./frames.js";
