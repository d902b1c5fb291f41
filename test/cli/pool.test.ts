import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { runPool } from "../../cli/pool.js";

const folder = mkdtempSync(join(tmpdir(), "radscore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "worker.mjs"), `
import { parentPort, threadId } from "node:worker_threads";
parentPort.on("message", (task) => {
  if (task === "memory") { const held = []; for (;;) held.push(new Array(1e4).fill({}).map(() => ({ a: 1 }))); }
  if (task === "exit") process.exit(3);
  if (task === "throw") throw new Error("a bug");
  parentPort.postMessage(task + "!");
});`);
const script = pathToFileURL(join(folder, "worker.mjs"));

async function run(tasks: string[], jobs: number) {
  const ended: Record<string, string> = {};
  await runPool<string, string>({ script, jobs, tasks, workerData: undefined, resourceLimits: { maxOldGenerationSizeMb: 16 },
    done: (task, result) => { ended[task] = result; }, died: (why) => `died: ${why}` });
  return ended;
}

test("a thread that dies fails its own task and no other", async () => {
  const tasks = ["a", "memory", "b", "exit", "c", "throw", "d", "e"];
  const expected = { a: "a!", b: "b!", c: "c!", d: "d!", e: "e!", memory: "died: memory", exit: "died: the thread ended with code 3", throw: "died: a bug" };
  expect(await run(tasks, 1)).toEqual(expected);
  expect(await run(tasks, 3)).toEqual(expected);
});

test("no more threads than jobs are at work at a time", async () => {
  expect(Object.keys(await run(Array.from({ length: 20 }, (_, k) => `t${k}`), 2))).toHaveLength(20);
  expect(await run([], 2)).toEqual({});
});

test("an error while taking a result stops the pool", async () => {
  const failing = runPool<string, string>({ script, jobs: 2, tasks: ["a", "b", "c"], workerData: undefined, died: (w) => w,
    done: () => { throw new Error("disk full"); } });
  await expect(failing).rejects.toThrow("disk full");
});
