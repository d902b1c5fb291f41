// What extraction costs: CPU and wall seconds per class, whole call, reading apart, peak memory; warm (median of 5) and cold.
// Each row runs in a process of its own, one thread; the reference column is PyRadiomics' own cost, measured elsewhere.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import { defaultParams, extract, useDigest } from "../src/features/index.js";
import { rows } from "./cases/extractCases.js";

// the same digest as the command lends the engine
useDigest((pieces) => {
  const hash = createHash("sha1");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
});

const self = fileURLToPath(import.meta.url);
const bin = resolve("dist/cli/radscore.js");
const median = (x: number[]) => [...x].sort((a, b) => a - b)[x.length >> 1];
const cpuSeconds = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
const wallSeconds = () => Number(process.hrtime.bigint()) / 1e9;

type Cost = { features: number; reading: number; cold: number; whole: number; wall: number; peak: number; stages: Record<string, number> };

async function measure(k: number): Promise<Cost> {
  const row = rows[k];
  const begin = cpuSeconds();
  const { image, mask } = await row.load();
  const reading = cpuSeconds() - begin;
  const params = { ...defaultParams(), ...row.params };
  const whole: number[] = [], wall: number[] = [];
  const stages: Record<string, number[]> = {};
  let features = 0, cold = 0;
  // warm: at least ten calls and two seconds of CPU, so that the compiler has finished
  for (let repeat = 0, warm = Infinity; repeat < warm + 5; repeat++) {
    if (warm === Infinity && repeat >= 10 && cpuSeconds() - begin - reading > 2) warm = repeat;
    const spent: Record<string, number> = {};
    let current = "start", since = cpuSeconds();
    const cpu = since, clock = wallSeconds();
    const result = await extract(image, mask, { params, stage: (name) => {
      const now = cpuSeconds();
      spent[current] = (spent[current] ?? 0) + now - since;
      [current, since] = [name, now];
    } });
    spent[current] = (spent[current] ?? 0) + cpuSeconds() - since;
    const cost = cpuSeconds() - cpu;
    if (repeat === 0) cold = cost;
    if (warm === Infinity) continue;
    whole.push(cost); wall.push(wallSeconds() - clock);
    for (const [name, s] of Object.entries(spent)) (stages[name] ??= []).push(s);
    features = Object.keys(result.values).filter((name) => !name.startsWith("diagnostics_")).length;
  }
  return { features, reading, cold, whole: median(whole), wall: median(wall), peak: process.resourceUsage().maxRSS / 1024,
    stages: Object.fromEntries(Object.entries(stages).map(([name, s]) => [name, median(s)])) };
}

function print(k: number, cost: Cost): void {
  const { name, reference } = rows[k];
  const ms = (s: number) => `${(1000 * s).toFixed(1)} ms`;
  console.log(`\n${name}: ${cost.features} features`);
  console.log(`  whole call ${ms(cost.whole)} CPU, ${ms(cost.wall)} wall (warm, median of 5); first call ${ms(cost.cold)} CPU; reading ${ms(cost.reading)} CPU; peak memory ${cost.peak.toFixed(0)} MB`);
  console.log(`  PyRadiomics ${ms(reference.whole)} CPU (${reference.features} features): ${(reference.whole / cost.whole).toFixed(1)}× less`);
  console.log(`  ${Object.entries(cost.stages).map(([stage, s]) => `${stage} ${ms(s)}`).join(", ")}`);
}

function coldStart(): void {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const begin = wallSeconds();
    execFileSync(process.execPath, [bin, "extract", "examples/breast1_image.nrrd", "examples/breast1_label.nrrd"], { stdio: "pipe" });
    times.push(wallSeconds() - begin);
  }
  console.log(`\ncold \`radscore extract\` of the breast case: ${(1000 * median(times)).toFixed(0)} ms wall (median of 7, new process each)`);
}

/** One table with 1 and 2 jobs, beside what the machine gives two separate processes with half of it each. */
async function scaling(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "radscore-bench-"));
  const count = 240;
  const line = `${resolve("examples/brain1_image.nrrd")},${resolve("examples/brain1_label.nrrd")}`;
  const table = (name: string, n: number) => {
    writeFileSync(join(folder, name), `ID,Image,Mask\n${Array.from({ length: n }, (_, i) => `P${i},${line}`).join("\n")}\n`);
    return name;
  };
  writeFileSync(join(folder, "p.yaml"), "imageType:\n  Original: {}\n  Wavelet: {}\n");
  const run = (cases: string, jobs: number, out: string) => new Promise<void>((done, fail) => {
    spawn(process.execPath, [bin, "extract", cases, "-p", "p.yaml", "-o", out, "-j", String(jobs)], { cwd: folder, stdio: "ignore" })
      .on("exit", (code) => (code === 0 ? done() : fail(new Error(`radscore extract ended with ${code}`))));
  });
  const timed = async (work: () => Promise<unknown>) => {
    const begin = wallSeconds();
    await work();
    return wallSeconds() - begin;
  };
  const whole = table("whole.csv", count), half = table("half.csv", count / 2);
  const [one, two] = [await timed(() => run(whole, 1, "1.csv")), await timed(() => run(whole, 2, "2.csv"))];
  const apart = await timed(() => Promise.all([run(half, 1, "a.csv"), run(half, 1, "b.csv")]));
  rmSync(folder, { recursive: true });
  console.log(`${count} brain cases with wavelets: ${one.toFixed(2)} s with 1 job, ${two.toFixed(2)} s with 2 (${(one / two).toFixed(2)}×); ` +
    `two processes with half each ${apart.toFixed(2)} s (${(one / apart).toFixed(2)}×: what this machine's second core gives)`);
}

if (process.argv[2] === "--row") {
  console.log(JSON.stringify(await measure(Number(process.argv[3]))));
} else {
  console.log(`radscore, Node ${process.version}, ${cpus()[0].model}, ${cpus().length} cores. One thread per row.`);
  console.log("PyRadiomics' figures: commit 8ed5793, CPU seconds, one thread, 2-core AMD EPYC, image and mask in memory; not run here.");
  for (let k = 0; k < rows.length; k++) {
    print(k, JSON.parse(execFileSync(process.execPath, [self, "--row", String(k)], { encoding: "utf8" })));
  }
  coldStart();
  await scaling();
}
