// What a study costs: wall and CPU seconds, memory, sizes. Every command runs in a process of its own, two threads.
//   npm run bench:study -- [regular expression on the part's name] [--write]
// Parts: "1,000 bootstraps", "stages", "path", "wide csv", "wide parquet", "examples". --write puts the rows measured into docs/STUDY-COST.md.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cells, figures, markdown, renewed, type Table } from "./cases/statsTable.js";
import { cpuSeconds } from "./cases/statsTiming.js";
import { resampleStages, wholePath } from "./cases/studyStages.js";
import { writeWideStudy } from "./cases/wideStudy.js";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const wanted = new RegExp(process.argv.slice(2).find((a) => !a.startsWith("--")) ?? ".");
const away = mkdtempSync(join(tmpdir(), "radscore-bench-"));
const cost: Table = { head: cells("what", "limit", "wall s", "CPU s", "peak MB", "and"), rows: new Map() };
const stages: Table = { head: cells("stage of a resample (I-SPY 1, recurrence)", "CPU ms"), rows: new Map() };
const path: Table = { head: cells("λ of the lowest deviance, 10 folds", "bootstrap samples"), rows: new Map() };

/** Bytes in a file or folder. */
const sizeOf = (place: string): number => !existsSync(place) ? 0 : statSync(place).isFile() ? statSync(place).size : readdirSync(place).reduce((sum, name) => sum + sizeOf(join(place, name)), 0);
const kB = (place: string) => `${Math.round(sizeOf(place) / 1000).toLocaleString("en")} kB`;

const usage = join(away, "usage.json");
const watch = `data:text/javascript,import{writeFileSync}from"node:fs";import{isMainThread}from"node:worker_threads";if(isMainThread)process.on("exit",()=>writeFileSync(process.env.BENCH_USAGE,JSON.stringify(process.resourceUsage())))`;

/** Runs the command and adds what it took, with its threads. */
function command(what: string, limit: string, args: string[], more: () => string): void {
  const begin = performance.now();
  const run = spawnSync(process.execPath, ["--import", watch, root("dist/cli/radscore.js"), ...args], { encoding: "utf8", env: { ...process.env, BENCH_USAGE: usage }, maxBuffer: 1e9 });
  const wall = (performance.now() - begin) / 1000;
  if (run.status !== 0) throw new Error(`${what}: exit code ${run.status}\n${run.stdout}${run.stderr}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usage, "utf8")) as NodeJS.ResourceUsage;
  const row = cells(what, limit, figures(wall), figures((userCPUTime + systemCPUTime) / 1e6), String(Math.round(maxRSS / 1024)), more());
  cost.rows.set(what, row);
  console.log(row);
}

const sizes = (out: string) => `report ${kB(join(out, "report.html"))}, results.json ${kB(join(out, "results.json"))}, model.json ${kB(join(out, "model.json"))}, cache ${kB(join(out, ".cache"))}`;

try {
  const ispy = join(away, "ispy1");
  cpSync(root("examples/ispy1"), ispy, { recursive: true, filter: (f) => !f.endsWith("results") });
  if (wanted.test("1,000 bootstraps")) {
    const plan = join(ispy, "thousand.yaml"), out = join(away, "thousand");
    const text = readFileSync(join(ispy, "rfs.yaml"), "utf8").replace(/bootstrap: \d+/, "bootstrap: 1000");
    writeFileSync(plan, text);
    command("run of I-SPY 1 recurrence with 1,000 bootstraps and 20 × 5 folds", "180 s, 1,000 MB", ["run", plan, "--out", out, "--jobs", "2", "--quiet"], () => sizes(out));
    rmSync(plan);
  }
  if (wanted.test("stages")) {
    const found = await resampleStages(join(ispy, "rfs.yaml"), 40, cpuSeconds);
    for (const [stage, seconds] of Object.entries({ ...found, "in all": Object.values(found).reduce((a, b) => a + b, 0) })) stages.rows.set(stage, cells(stage, figures(1000 * seconds)));
  }
  if (wanted.test("path")) {
    const found = await wholePath(join(ispy, "rfs.yaml"), 50);
    for (const [what, value] of [
      ["paths with glmnet's early end (what studies use), and all 100 λ of each: the same", `${found.same} of ${found.samples}`],
      ["folds each on their own path (as cv.glmnet, what studies use), and on the λ of all rows: the same", `${found.sharedSame} of ${found.samples}`],
      ["λ in the shortest path; number of the farthest λ chosen", `${found.shortest}; ${found.farthest}`],
    ]) path.rows.set(what, cells(what, value));
  }
  for (const kind of ["csv", "parquet"] as const) {
    if (!wanted.test(`wide ${kind}`)) continue;
    const folder = join(away, kind), out = join(folder, "out");
    const plan = writeWideStudy(folder, { patients: 1211, features: 11258 }, kind);
    const table = `${Math.round(sizeOf(join(folder, `features.${kind}`)) / 1e6)} MB ${kind}`;
    command(`check of 1,211 patients × 11,258 features, ${kind}`, "", ["check", plan], () => table);
    command(`run of the same, one fit of the whole pipeline, ${kind}`, "120 s", ["run", plan, "--out", out, "--jobs", "2", "--quiet"], () => sizes(out));
    rmSync(folder, { recursive: true });
  }
  if (wanted.test("examples")) {
    const out = join(ispy, "results");
    command("run of examples/ispy1, both plans", "", ["run", ispy, "--out", out, "--jobs", "2", "--quiet"], () => kB(out));
    for (const name of readdirSync(out).filter((f) => existsSync(join(out, f, "study.radscore")))) {
      const study = join(out, name, "study.radscore");
      command(`verify of examples/ispy1, ${name}`, "", ["verify", study, "--data", ispy, "--jobs", "2"], () => kB(study));
    }
  }
  const tables = [cost, stages, path].filter((t) => t.rows.size > 0);
  const machine = `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`;
  console.log(`\n${machine}\n\n${tables.map(markdown).join("\n\n")}`);
  if (process.argv.includes("--write")) {
    const file = root("docs/STUDY-COST.md");
    writeFileSync(file, renewed(readFileSync(file, "utf8").replace(/^Measured on .*\.$/m, `Measured on ${machine}.`), tables, []));
  }
} finally {
  rmSync(away, { recursive: true, force: true });
}
