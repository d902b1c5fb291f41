/** How far a batch is: a bar that rewrites itself on a terminal, else a plain line now and then. */
export type Progress = {
  step(failed: boolean): void;
  /** wipes the bar; the next step draws it again */
  clear(): void;
};

type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown };

const plainEvery = 5000, barEvery = 100;

/**
 * @param total cases in all
 * @param before cases already done by an earlier run; rate and time left count only those of this one
 */
export function openProgress(total: number, before: number, screen: Screen = process.stderr, now: () => number = () => performance.now()): Progress {
  const started = now();
  let done = 0, failed = 0, shown = -Infinity, drawn = false;
  const tty = screen.isTTY === true;
  const draw = () => {
    shown = now();
    const text = status(before + done, total, failed, done, (shown - started) / 1000);
    if (!tty) { screen.write(`${text}\n`); return; }
    const width = Math.max(10, Math.min(30, (screen.columns ?? 80) - text.length - 4));
    const filled = Math.round((width * (before + done)) / total);
    screen.write(`\r\x1b[K[${"█".repeat(filled)}${"░".repeat(width - filled)}] ${text}`);
    drawn = true;
  };
  const clear = () => {
    if (!drawn) return;
    screen.write("\r\x1b[K");
    drawn = false;
    shown = -Infinity;
  };
  if (tty) draw(); else shown = now();
  return {
    step(hasFailed) {
      done++;
      if (hasFailed) failed++;
      if (now() - shown >= (tty ? barEvery : plainEvery)) draw();
    },
    clear,
  };
}

/** One line that rewrites itself: how far the maps of one image type are. */
export function openVoxelProgress(screen: Screen, now: () => number = () => performance.now()) {
  let shown = -Infinity;
  const clear = () => { if (shown >= 0) screen.write("\r\x1b[K"); shown = -Infinity; };
  const show = (done: number, of: number) => {
    if (done === of) clear();
    else if (now() - shown >= barEvery) {
      shown = now();
      screen.write(`\r\x1b[Kmaps: ${Math.floor((100 * done) / of)} %`);
    }
  };
  return { show, clear };
}

/** "277/473 cases, 3 failed, 4.2 cases/s, 47 s left" */
export function status(at: number, total: number, failed: number, done: number, seconds: number): string {
  const rate = done / Math.max(seconds, 1e-3);
  return [
    `${at}/${total} cases`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(done > 0 ? [rate >= 1 || rate === 0 ? `${rate.toFixed(1)} cases/s` : `${(1 / rate).toFixed(1)} s/case`, `${duration((total - at) / rate)} left`] : []),
  ].join(", ");
}

/** 47 s, 3 min 20 s, 2 h 5 min */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds) % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
