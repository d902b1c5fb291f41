// A worker thread of a study: takes tasks of one job from the pool, hands each result (or what went wrong) back.
import { parentPort, workerData } from "node:worker_threads";
import { jobs } from "../src/study/fit/jobs.js";

const { job, shared } = workerData as { job: keyof typeof jobs; shared: any };

parentPort!.on("message", (task: any) => {
  void (async () => {
    try {
      parentPort!.postMessage({ result: await jobs[job](shared, task) });
    } catch (error) {
      const { name, message, stack } = error as Error;
      parentPort!.postMessage({ failed: { name, message, stack } });
    }
  })();
});
