// What the statistics cost: CPU seconds, one thread, median after a warm-up, beside R's. R's seconds are those of R 4.2.2 on another
// machine (2-core EPYC); every job says how far its numbers are from R's on the same data.
import { cpus } from "node:os";
import { jobs } from "./cases/statsJobs.js";
import { wideSelection } from "./cases/wideSelection.js";

const wanted = new RegExp(process.argv[2] ?? ".");
const cpuSeconds = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
console.log(`${cpus()[0]?.model}, Node ${process.version}; R's time measured elsewhere\n`);
console.log("| job | CPU s | R CPU s | ratio | largest difference from R |\n|---|---|---|---|---|");
const spent: Record<string, number> = {};
for (const job of jobs.filter(({ name }) => wanted.test(name))) {
  const run = job.prepare();
  const repeats = job.repeats ?? 5;
  let result: unknown;
  const seconds: number[] = [];
  for (let k = 0; k <= repeats; k++) {
    const begin = cpuSeconds();
    result = run();
    seconds.push(cpuSeconds() - begin);
  }
  // the first is the warm-up
  const cost = seconds.slice(1).sort((a, b) => a - b)[repeats >> 1];
  spent[job.name] = cost;
  const ours = job.check?.(result) ?? [];
  const theirs = job.r?.check ?? [];
  const far = theirs.map((r, k) => Math.abs(ours[k] / r - 1));
  const difference = far.length > 0 ? Math.max(...far).toExponential(0) : ours.length > 0 ? `(${ours.join(", ")})` : "";
  console.log(`| ${job.name} | ${cost.toPrecision(3)} | ${job.r?.cpu ?? ""} | ${job.r ? (cost / job.r.cpu).toPrecision(2) : ""} | ${difference} |`);
}
console.log("\n| from 1e4 to 1e5 patients | times as much |\n|---|---|");
for (const name of Object.keys(spent).filter((n) => n.endsWith(", 10000 patients"))) {
  const much = spent[name.replace("10000", "100000")];
  console.log(`| ${name.replace(", 10000 patients", "")} | ${(much / spent[name]).toPrecision(3)} |`);
}

if (wanted.test("wide selection")) {
  const stages = wideSelection(cpuSeconds);
  console.log("\n| 11,258 features × 315 patients | features left | CPU s |\n|---|---|---|");
  for (const { stage, features, seconds } of stages) console.log(`| ${stage} | ${features} | ${seconds.toPrecision(3)} |`);
  console.log(`\nIn all ${stages.reduce((s, x) => s + x.seconds, 0).toPrecision(3)} s; peak memory of the process ${Math.round(process.resourceUsage().maxRSS / 1024)} MB.`);
}
