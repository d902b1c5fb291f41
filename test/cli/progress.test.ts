import { expect, test } from "vitest";
import { duration, openProgress, status } from "../../cli/progress.js";

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 80, written, write: (text: string) => written.push(text) };
}

test("rate and time left count only this run", () => {
  expect(status(60, 100, 2, 10, 5)).toBe("60/100 cases, 2 failed, 2.0 cases/s, 20 s left");
  expect(status(51, 100, 0, 1, 4)).toBe("51/100 cases, 4.0 s/case, 3 min 16 s left");
  expect(status(0, 100, 0, 0, 0)).toBe("0/100 cases");
});

test("durations", () => {
  expect([0.04, 9.96, 59, 200, 59 * 60 + 59.7, 7500].map(duration)).toEqual(["0.0 s", "10.0 s", "59 s", "3 min 20 s", "1 h 0 min", "2 h 5 min"]);
});

test("a bar on a terminal, a plain line now and then elsewhere", () => {
  let time = 0;
  const terminal = screen(true), file = screen(false);
  const bar = openProgress(4, 0, terminal, () => time), lines = openProgress(4, 0, file, () => time);
  for (let k = 0; k < 4; k++) { time += 3000; bar.step(false); lines.step(k === 1); }
  bar.clear(); lines.clear();
  expect(terminal.written).toHaveLength(6);
  expect(terminal.written[4]).toContain("4/4 cases");
  for (const text of terminal.written) expect(text.replace("\r\u001b[K", "").length).toBeLessThanOrEqual(80);
  expect(file.written).toEqual(["2/4 cases, 1 failed, 3.0 s/case, 6.0 s left\n", "4/4 cases, 1 failed, 3.0 s/case, 0.0 s left\n"]);
});
