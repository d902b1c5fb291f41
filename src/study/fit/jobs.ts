import { extractCase, type ExtractResult, type ExtractShared, type ExtractTask } from "../load/extractCase.js";
import { runResample, type Resample, type ResampleResult, type ResampleShared } from "./resample.js";

/** Pure functions by name that a world runs in its workers: shared data (each worker gets it once) and a task to a result (or the promise of one), all cloneable. */
export const jobs = {
  resample: (shared: ResampleShared, task: Resample): ResampleResult => runResample(shared, task),
  extract: (shared: ExtractShared, task: ExtractTask): Promise<ExtractResult> => extractCase(shared, task),
} as const;

/** Runs a job in place, as a world without workers does. */
export async function mapHere<Shared, Task, Result>(job: string, shared: Shared, tasks: readonly Task[], done?: (result: Result, index: number) => void): Promise<Result[]> {
  const run = (jobs as unknown as Record<string, (shared: Shared, task: Task) => Result | Promise<Result>>)[job];
  const results: Result[] = [];
  for (const [index, task] of tasks.entries()) {
    const result = await run(shared, task);
    done?.(result, index);
    results.push(result);
  }
  return results;
}
