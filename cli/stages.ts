import { duration } from "./progress.js";

type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown };
const plainEvery = 5000, barEvery = 100;

/** Progress of a run that has several stages: a line that rewrites itself on a terminal, else a plain line now and then and at each stage's end. */
export function openStages(screen: Screen | undefined, now: () => number = () => performance.now()) {
  let stage = "", started = 0, before = 0, shown = -Infinity, drawn = false;
  const clear = () => {
    if (drawn) screen?.write("\r\x1b[K");
    drawn = false;
  };
  return {
    clear,
    show(name: string, finished: number, total: number) {
      if (screen === undefined || total === 0) return;
      if (name !== stage) { stage = name; started = now(); before = finished; shown = -Infinity; }
      const ended = finished >= total;
      if (now() - shown < (screen.isTTY === true ? barEvery : plainEvery) && !ended) return;
      shown = now();
      const text = stageLine(name, finished, total, finished - before, (now() - started) / 1000);
      if (screen.isTTY !== true) { screen.write(`${text}\n`); return; }
      screen.write(`\r\x1b[K${text}`);
      drawn = true;
      if (ended) clear();
    },
  };
}

/** "bootstrap: 120/200, 41 s left"; what came from the cache does not count for the rate. */
export function stageLine(name: string, finished: number, total: number, done: number, seconds: number): string {
  if (finished >= total) return `${name}: ${total}/${total} in ${duration(seconds)}`;
  const left = done > 0 ? `, ${duration(((total - finished) * seconds) / done)} left` : "";
  return `${name}: ${finished}/${total}${left}`;
}
