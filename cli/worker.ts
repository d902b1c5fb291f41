// A worker thread of a batch: takes cases one by one from the pool, hands each result back.
import { parentPort, workerData } from "node:worker_threads";
import { oneCase, type Work } from "./oneCase.js";

parentPort!.on("message", async (task) => { parentPort!.postMessage(await oneCase(task, workerData as Work)); });
