/// <reference lib="webworker" />
// The engine beside the page: the same rooms as in Node, so the same values bit for bit.
import { defaultParams, extract, parseParams } from "../src/features/index.js";
import { readImage, type NamedBytes } from "../src/image/index.js";

/** put in by the build */
declare const RADSCORE_VERSION: string;

export type Question = { image: NamedBytes[]; mask: NamedBytes[]; params: string };
export type Answer =
  | { stage: string }
  | { error: string }
  | { values: Record<string, number | string | number[]>; notes: Record<string, string>; warnings: string[]; milliseconds: number };

const answer = (message: Answer) => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  const begin = performance.now();
  try {
    const params = data.params.trim() === "" ? defaultParams() : await parseParams(data.params, "the parameters");
    const { values, notes, warnings } = await extract(await readImage(data.image), await readImage(data.mask), {
      params, version: RADSCORE_VERSION, stage: (stage) => answer({ stage }),
    });
    answer({ values, notes, warnings, milliseconds: performance.now() - begin });
  } catch (error) {
    answer({ error: (error as Error).name === "InputError" ? (error as Error).message : `This is a fault of radscore, not of your files: ${String((error as Error).stack ?? error)}` });
  }
};
