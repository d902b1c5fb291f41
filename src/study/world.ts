import type { Opening } from "../report/index.js";

/**
 * The outside world as a study sees it; cli/ and web/ implement it. Paths are relative to the plan's folder, with "/" between names.
 * `read` and `list` fail with an InputError that names the file; writing is whole or not at all.
 */
export type World = {
  read(path: string): Promise<Uint8Array>;
  /** files of a folder and of those below it, as paths relative to it */
  list(folder: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
  /** into the output folder */
  write(path: string, bytes: Uint8Array | string): Promise<void>;
  /** what an earlier run kept under this name in the cache, if anything; and keeping it */
  recall(key: string): Promise<Uint8Array | undefined>;
  keep(key: string, bytes: Uint8Array): Promise<void>;
  /** version of the program, hashed into what is kept before a run has options of its own (features of pictures) */
  code?: string;
  /**
   * Runs tasks, in workers where there are some; `done` hears of each as it finishes, in any order; the results come in the order of
   * the tasks. `shared` is given to each worker once. `job` names a function of `study/jobs.ts` that both sides know.
   */
  map<Shared, Task, Result>(job: string, shared: Shared, tasks: readonly Task[], done?: (result: Result, index: number) => void): Promise<Result[]>;
  /** what is being done, how much of it is finished */
  progress(stage: string, finished: number, total: number): void;
  log(level: "info" | "warning", message: string): void;
  /** a sealed set has just been opened: the place to look at a clock, which the results never see */
  opened?(opening: Opening): void;
};
