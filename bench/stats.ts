// What the statistics cost: CPU seconds, one thread, beside R on the same data in the same run where Rscript is installed, else beside
// the seconds stored in statsReference.json (R 4.2.2 on a 2-core EPYC). Every job says how far its numbers are from R's.
//   npm run bench:stats -- [regular expression on the job's name] [--write] [--quick]
// --quick starts one process a job in place of three. --write puts the rows measured into docs/STATISTICS-COST.md; the others stay.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { jobs } from "./cases/statsJobs.js";
import { cells, costHead, figures, growthHead, markdown, renewed, stageHead, type Table } from "./cases/statsTable.js";
import { cpuSeconds, timeBoth, timeHere, type Job, type RTimed, type Timed } from "./cases/statsTiming.js";
import { wideSelection } from "./cases/wideSelection.js";

const self = fileURLToPath(import.meta.url);
const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
type Stored = { job: string; median_cpu_s: number; check: Record<string, number> };

if (process.argv[2] === "--job") {
  const job = jobs.find(({ name }) => name === process.argv[3])!;
  process.stdout.write(JSON.stringify(timeHere(job)));
} else if (process.argv[2] === "--stages") {
  process.stdout.write(JSON.stringify({ stages: wideSelection(cpuSeconds), peak: process.resourceUsage().maxRSS / 1024 }));
} else main();

function main(): void {
  const write = process.argv.includes("--write");
  const rounds = process.argv.includes("--quick") ? 1 : undefined;
  const wanted = new RegExp(process.argv.slice(2).find((a) => !a.startsWith("--")) ?? ".");
  const script = hasR() ? root("bench/stats.R") : undefined;
  const stored: Stored[] = JSON.parse(readFileSync(root("bench/statsReference.json"), "utf8"));
  const versions = new Set<string>();
  const seconds = new Map<string, number>();
  const cost: Table = { head: costHead, rows: new Map() };
  for (const job of jobs.filter(({ name }) => wanted.test(name))) {
    const { ours, theirs } = timeBoth(job, self, script, rounds);
    seconds.set(job.name, ours.cpu);
    if (typeof theirs === "object") theirs.versions.forEach((v) => versions.add(v));
    const row = costRow(job, ours, theirs, stored.find((s) => s.job === job.r));
    cost.rows.set(job.name, row);
    console.log(row);
  }
  const growth: Table = { head: growthHead, rows: new Map() };
  for (const [name, little] of seconds) {
    const much = seconds.get(name.replace("10000 ", "100000 "));
    const method = name.replace(", 10000 patients", "");
    if (method !== name && much !== undefined) growth.rows.set(method, cells(method, figures(much / little)));
  }
  const stages: Table = { head: stageHead, rows: new Map() };
  if (wanted.test("wide selection")) {
    const run = JSON.parse(execFileSync(process.execPath, [self, "--stages"], { encoding: "utf8" }));
    for (const { stage, features, seconds: s } of run.stages) stages.rows.set(stage, cells(stage, features, s === 0 ? "" : figures(s)));
    const all = run.stages.reduce((a: number, x: { seconds: number }) => a + x.seconds, 0);
    stages.rows.set("in all", cells("in all", `${Math.round(run.peak)} MB at the peak`, figures(all)));
  }
  const tables = [cost, growth, stages];
  const machine = `${cpus()[0]?.model}, Node ${process.version}`;
  const made = `${machine}${versions.size > 0 ? `; ${[...versions].join(", ")}` : "; no Rscript here: R's figures are stored ones (*)"}`;
  console.log(`\n${made}\n\n${tables.filter((t) => t.rows.size > 0).map(markdown).join("\n\n")}`);
  if (!write) return;
  const path = root("docs/STATISTICS-COST.md");
  const text = renewed(readFileSync(path, "utf8"), tables, jobs.flatMap(({ name }) => [name, name.replace(", 10000 patients", "")]));
  // a run of a part keeps the versions that the other rows were measured with
  writeFileSync(path, text.replace(/^Measured on (.*)\.$/m, (_, old: string) => {
    const kept = old.split("; ")[1]?.split(", ") ?? [];
    return `Measured on ${machine}${versions.size + kept.length > 0 ? `; ${[...new Set([...kept, ...versions])].join(", ")}` : ""}.`;
  }));
}

/** A row: with R's figures of this run, or the stored ones, marked *. */
function costRow(job: Job, ours: Timed, theirs: RTimed | string | undefined, stored: Stored | undefined): string {
  const r = typeof theirs === "object" ? theirs : stored && { cpu: stored.median_cpu_s, earlyWall: stored.median_cpu_s, check: Object.values(stored.check) };
  const mark = typeof theirs === "object" ? "" : " *";
  if (job.r === undefined || r === undefined) return cells(job.name, figures(ours.cpu), "", "", "", "", ours.check.length > 0 ? `(${ours.check.join(", ")})` : "");
  const far = r.check.slice(0, ours.check.length).map((x, k) => Math.abs(ours.check[k] / x - 1));
  return cells(job.name, figures(ours.cpu), figures(r.cpu) + mark, figures(ours.cpu / r.cpu, 2), figures(ours.early / r.cpu, 2), figures(ours.earlyWall / r.earlyWall, 2), far.length > 0 ? Math.max(...far).toExponential(0) : "");
}

function hasR(): boolean {
  try {
    execFileSync("Rscript", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
