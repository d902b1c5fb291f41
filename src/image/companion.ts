import type { NamedBytes } from "./volume.js";

/** The file of that name among those at hand; folders are not compared where no full name fits. */
export function fileNamed(files: readonly NamedBytes[], name: string): NamedBytes | undefined {
  return files.find((file) => file.name === name) ?? files.find((file) => baseName(file.name) === baseName(name));
}

export const baseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;
