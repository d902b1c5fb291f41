import { Worker, type ResourceLimits } from "node:worker_threads";

export type PoolOptions<Task, Result> = {
  script: URL;
  /** threads at most; never more than there are tasks */
  jobs: number;
  workerData: unknown;
  tasks: readonly Task[];
  /** called on this thread, in the order of finishing */
  done(task: Task, result: Result): void;
  /** result of a task whose thread died under it */
  died(why: string): Result;
  resourceLimits?: ResourceLimits;
};

/**
 * Runs tasks over worker threads, one task per thread at a time, so that memory is that of `jobs` tasks.
 * A thread that dies (out of memory) fails its own task; a new thread takes the rest.
 * @throws what `done` throws, after all threads were stopped
 */
export function runPool<Task, Result>(options: PoolOptions<Task, Result>): Promise<void> {
  const { script, workerData, tasks, done, died, resourceLimits } = options;
  let next = 0, open = tasks.length;
  const alive = new Set<Worker>();
  return new Promise((resolve, reject) => {
    const stop = (error?: unknown) => {
      for (const worker of alive) { worker.removeAllListeners(); void worker.terminate(); }
      alive.clear();
      if (error === undefined) resolve(); else reject(error);
    };
    const finish = (task: Task, result: Result): boolean => {
      try { done(task, result); } catch (error) { stop(error); return false; }
      if (--open === 0) { stop(); return false; }
      return true;
    };
    const start = () => {
      if (next >= tasks.length) return;
      const worker = new Worker(script, { workerData, ...(resourceLimits !== undefined && { resourceLimits }) });
      alive.add(worker);
      let task = tasks[next++];
      worker.postMessage(task);
      worker.on("message", (result: Result) => {
        if (!finish(task, result)) return;
        if (next < tasks.length) worker.postMessage(task = tasks[next++]);
        else { alive.delete(worker); worker.removeAllListeners(); void worker.terminate(); }
      });
      const fall = (why: string) => {
        alive.delete(worker);
        worker.removeAllListeners();
        if (finish(task, died(why))) start();
      };
      worker.on("error", (error: NodeJS.ErrnoException) => fall(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : (error.message ?? String(error))));
      worker.on("exit", (code) => fall(`the thread ended with code ${code}`));
    };
    if (open === 0) return resolve();
    for (let k = Math.min(options.jobs, tasks.length); k > 0; k--) start();
  });
}
