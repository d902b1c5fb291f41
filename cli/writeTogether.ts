import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileSink, inWords } from "./files.js";

/** Files of one folder that belong together: none is seen under its name before all are on the disk. */
export type FilesTogether = { write(path: string, content: string | Uint8Array): void; publish(): void; drop(): void };

/**
 * Writes files beside their places and renames them all at the end, so that a disk that runs full leaves the files of an earlier run as they
 * were, and no report of one run beside the numbers of another.
 * @throws InputError (in `write`, and in `publish`) where the disk refuses; what was written beside the places is then taken away
 */
export function writeTogether(folder: string): FilesTogether {
  const sinks: ReturnType<typeof fileSink>[] = [];
  const drop = () => { for (const sink of sinks.splice(0)) sink.drop(); };
  return {
    write(path, content) {
      const place = join(folder, ...path.split("/"));
      try {
        try { mkdirSync(dirname(place), { recursive: true }); } catch (error) { throw inWords(error, dirname(place)); }
        const sink = fileSink(place);
        sinks.push(sink);
        sink.write(content);
        sink.ready();
      } catch (error) {
        drop();
        throw inWords(error, place);
      }
    },
    publish() {
      try { for (const sink of sinks) sink.publish(); } catch (error) { drop(); throw error; }
      sinks.length = 0;
    },
    drop,
  };
}
