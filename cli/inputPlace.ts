import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../src/math/index.js";

/**
 * Where a file that a plan names stands: in the first folder that has it (that of --data, then the plan's own). A file that none has would
 * stand in the first, so that the message names that.
 * @param path  as in the plan, with "/" between names
 */
export function inputPlace(folders: readonly string[], path: string): string {
  const places = folders.map((folder) => join(folder, ...path.split("/")));
  return places.find((place) => existsSync(place)) ?? places[0];
}

/** Folders of a plan's files, in the order in which they are looked through. */
export const inputFolders = (planFolder: string, data?: string): string[] => (data === undefined ? [planFolder] : [data, planFolder]);

/** The folder that --data names. @throws InputError where there is none */
export function dataFolder(path: string, command: string): string {
  if (!existsSync(path) || !statSync(path).isDirectory()) throw new InputError(`${command}: --data is "${path}", which is no folder; name the folder that holds the plan's tables or pictures.`);
  return path;
}
