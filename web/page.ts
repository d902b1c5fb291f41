// The page: two files and parameters in, a table of features out. The work is done in a worker beside it.
import type { Answer, Question } from "./extractWorker.js";

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const said = find<HTMLSpanElement>("said");
let latest: Extract<Answer, { values: unknown }> | undefined;

find<HTMLFormElement>("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  find<HTMLButtonElement>("run").disabled = true;
  find("result").hidden = true;
  say("reading …");
  const worker = new Worker(new URL("./extractWorker.js", import.meta.url), { type: "module" });
  worker.onerror = (error) => finish(worker, () => say(`The extraction stopped: ${error.message}`, true));
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if ("stage" in data) say(`${data.stage} …`);
    else finish(worker, () => ("error" in data ? say(data.error, true) : show(data)));
  };
  const question: Question = { image: await bytesOf("image"), mask: await bytesOf("mask"), params: find<HTMLTextAreaElement>("params").value };
  worker.postMessage(question);
});

async function bytesOf(id: string) {
  const files = [...(find<HTMLInputElement>(id).files ?? [])];
  return Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

function finish(worker: Worker, then: () => void): void {
  worker.terminate();
  find<HTMLButtonElement>("run").disabled = false;
  then();
}

function say(text: string, wrong = false): void {
  said.textContent = text;
  said.classList.toggle("wrong", wrong);
}

function show(answer: Extract<Answer, { values: unknown }>): void {
  latest = answer;
  const features = Object.keys(answer.values).filter((name) => !name.startsWith("diagnostics_")).length;
  say([`${features} features in ${(answer.milliseconds / 1000).toFixed(2)} s.`, ...answer.warnings].join(" "));
  find("result").hidden = false;
  fill();
}

function fill(): void {
  if (latest === undefined) return;
  const wanted = find<HTMLInputElement>("find").value.trim().toLowerCase();
  const rows = Object.entries(latest.values).filter(([name]) => name.toLowerCase().includes(wanted)).map(([name, value]) => {
    const row = document.createElement("tr");
    for (const [text, kind] of [[name, ""], [shown(value), "number"], [latest!.notes[name] ?? "", "note"]]) {
      const cell = row.insertCell();
      cell.textContent = text;
      cell.className = kind;
    }
    return row;
  });
  find("rows").replaceChildren(...rows);
}

const shown = (value: unknown) => (Array.isArray(value) ? value.join(", ") : String(value));
const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function save(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

find("find").addEventListener("input", fill);
find("csv").addEventListener("click", () => {
  if (latest === undefined) return;
  const entries = Object.entries(latest.values);
  save("features.csv", `${entries.map(([name]) => name).join(",")}\n${entries.map(([, value]) => quoted(shown(value))).join(",")}\n`, "text/csv");
});
find("json").addEventListener("click", () => {
  if (latest !== undefined) save("features.json", JSON.stringify({ ...latest.values, notes: latest.notes }, null, 1), "application/json");
});
