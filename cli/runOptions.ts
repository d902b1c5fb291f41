import type { Option } from "./options.js";

export const runOptions: readonly Option[] = [
  { name: "data", value: "DIR", heading: "Input", help: "folder in which the plan's tables and pictures are looked for first, before the plan's own" },
  { name: "out", short: "o", value: "DIR", heading: "Output", help: "output folder (default: results/<plan> beside the plan; with several plans one folder each inside DIR)" },
  { name: "with-data", help: "put the input files into study.radscore too (they are patients' data: think before you share it)" },
  { name: "jobs", short: "j", value: "N", heading: "Work", help: "worker threads (default: all cores); the numbers do not depend on it" },
  { name: "resume", help: "go on where an interrupted run stopped (this is the default; the switch says how much there is to go on from)" },
  { name: "no-cache", help: "compute everything anew and keep nothing for a later run" },
  { name: "quiet", short: "q", help: "no progress, only the closing lines" },
  { name: "help", short: "h", help: "print this help" },
];

export const runUsage = `radscore run: a plan and its tables to a validated model, nomogram and report

  radscore run <plan.yaml | plan.json | folder> [options]

A folder with several plans runs them all. What a run has computed is kept in <out>/.cache under a hash of the data, the options and
the program: after an edit only what it touches is computed again, and an interrupted run goes on. Same seed, same bytes.
Exit codes: 0 done; 1 the plan or its data cannot be used, or a guard stopped the run.
`;
