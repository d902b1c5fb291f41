import { hashOf, pack, unpack } from "./bytesOf.js";
import type { World } from "../world.js";

/** What earlier runs left, by name. An entry that is not what was written is named once, and made again. */
export type Cache = { recall(name: string): Promise<unknown>; keep(name: string, value: unknown): void; /** waits until all is written */ settle(): Promise<void> };

const HEAD = "radscore cache 2 ";

/** A cache over the world's store: every entry begins with the SHA-256 of its content, and one that does not fit it counts as absent. */
export function cacheOf(world: World): Cache {
  const open: Promise<void>[] = [];
  let fault: unknown;
  return {
    async recall(name) {
      const bytes = await world.recall(name);
      if (bytes === undefined) return undefined;
      try {
        const content = bytes.subarray(HEAD.length + 65);
        const head = new TextDecoder().decode(bytes.subarray(0, HEAD.length + 65));
        if (head !== `${HEAD}${hashOf(content)}\n`) throw new Error("checksum");
        return unpack(content);
      } catch {
        world.log("warning", `The cache entry "${name}" is damaged; it is computed again.`);
        return undefined;
      }
    },
    keep(name, value) {
      const content = pack(value);
      const head = new TextEncoder().encode(`${HEAD}${hashOf(content)}\n`);
      const bytes = new Uint8Array(head.length + content.length);
      bytes.set(head);
      bytes.set(content, head.length);
      open.push(world.keep(name, bytes).catch((error: unknown) => { fault ??= error; }));
    },
    async settle() {
      await Promise.all(open.splice(0));
      if (fault !== undefined) { const error = fault; fault = undefined; throw error; }
    },
  };
}

/** A cache that keeps nothing. */
export const noCache: Cache = { recall: async () => undefined, keep: () => {}, settle: async () => {} };
