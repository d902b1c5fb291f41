// Times a job in processes of its own, ours and R's in turn.
import { execFileSync } from "node:child_process";

/** `run` is timed; `check` gives our numbers, to be compared with those of R's job `r` in the order in which R prints them. */
export type Job = {
  name: string; r?: string;
  prepare(): () => unknown; check?(result: any): number[];
  /** calls timed (5), and processes started (3) */
  repeats?: number; repeatsInR?: number; rounds?: number;
};

/** CPU seconds a call, warm (`cpu`) and after one call (`early`; `earlyWall` by the clock), each the median of the rounds' medians; and what was found. */
export type Timed = { cpu: number; early: number; earlyWall: number; check: number[] };
export type RTimed = Timed & { versions: string[] };

export const cpuSeconds = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
const median = (x: number[]) => [...x].sort((a, b) => a - b)[x.length >> 1];

const WARM = 1;

/** One call, five timed ones (`early`), more until a second of CPU is spent, and five (or `repeats`) timed ones, in this process. */
export function timeHere(job: Job): Timed {
  const run = job.prepare();
  const begin = cpuSeconds();
  let result = run();
  const timed = () => {
    const walls: number[] = [];
    const cpu = median(Array.from({ length: job.repeats ?? 5 }, () => {
      const before = cpuSeconds();
      const clock = performance.now();
      result = run();
      walls.push((performance.now() - clock) / 1000);
      return cpuSeconds() - before;
    }));
    return { cpu, wall: median(walls) };
  };
  const { cpu: early, wall: earlyWall } = timed();
  const cold = cpuSeconds() - begin < WARM;
  while (cpuSeconds() - begin < WARM) result = run();
  return { cpu: cold ? timed().cpu : early, early, earlyWall, check: job.check?.(result) ?? [] };
}

/** `self` started with "--job <name>" prints timeHere as JSON. */
function timeOurs(self: string, name: string): Timed {
  return JSON.parse(execFileSync(process.execPath, [self, "--job", name], { encoding: "utf8", maxBuffer: 1e8 }));
}

function timeR(script: string, r: string, repeats: number): RTimed | string {
  const lines = execFileSync("Rscript", [script, r, `${repeats}`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split("\n").map((l) => l.trim().split(/\s+/));
  const missing = lines.find(([kind]) => kind === "missing");
  if (missing !== undefined) return missing[1];
  const [cpu, wall] = ["cpu", "wall"].map((what) => median(lines.find(([kind]) => kind === what)!.slice(1).map(Number)));
  return {
    cpu, early: cpu, earlyWall: wall, check: lines.filter(([kind]) => kind === "check").map((l) => Number(l[2])),
    versions: lines.filter(([kind]) => kind === "version").map((l) => `${l[1]} ${l[2]}`),
  };
}

/** Ours and R's in turn, `rounds` times (3, or the job's own number); `theirs` is the name of R's package where that is not installed. */
export function timeBoth(job: Job, self: string, script: string | undefined, rounds = job.rounds ?? 3): { ours: Timed; theirs?: RTimed | string } {
  const ours: Timed[] = [];
  const theirs: RTimed[] = [];
  let missing: string | undefined;
  for (let round = 0; round < rounds; round++) {
    ours.push(timeOurs(self, job.name));
    if (job.r === undefined || script === undefined || missing !== undefined) continue;
    const timed = timeR(script, job.r, job.repeatsInR ?? Math.min(5, job.repeats ?? 5));
    if (typeof timed === "string") missing = timed;
    else theirs.push(timed);
  }
  const over = <T extends Timed>(all: T[]): T => ({ ...all[0], cpu: median(all.map((t) => t.cpu)), early: median(all.map((t) => t.early)), earlyWall: median(all.map((t) => t.earlyWall)) });
  return { ours: over(ours), ...(missing !== undefined ? { theirs: missing } : theirs.length > 0 ? { theirs: over(theirs) } : {}) };
}
