// The calculator's page: form and feature row in, points, probability and risk group out, by the study's own scoring code.
import { readCsv, type Column, type Table } from "../src/cohort/index.js";
import { readNomogram } from "../src/model/nomogramOf.js";
import type { CalculatorData } from "../src/report/calculator.js";
import { rowColumns, type CalculatorField } from "../src/report/calculatorModel.js";
import { fixedText, fullText, intervalText, levelText, significantText } from "../src/report/numberText.js";
import { scorePatients } from "../src/study/fit/scorePatients.js";
import { probabilityIntervals } from "../src/study/estimates/predictionInterval.js";
import type { FrozenPipeline } from "../src/study/pipeline.js";

const data = JSON.parse(document.getElementById("data")!.textContent!) as CalculatorData;
const model = data.model as unknown as FrozenPipeline;
const result = document.getElementById("result")!;
const form = document.getElementById("patient") as HTMLFormElement;
const features = document.getElementById("features") as HTMLTextAreaElement | null;
const input = (name: string) => [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-name]")].find((e) => e.dataset["name"] === name)!;

/** What the user must put right, in a sentence. */
class Wanting extends Error {}

/** Whether a result stands on the page: from then on every change of the input is followed at once, so that no risk stands beside another patient's values. */
let shown = false;
form.addEventListener("submit", (event) => { event.preventDefault(); shown = true; calculate(); });
form.addEventListener("reset", () => { shown = false; clear(); tell("p", "Fill in the patient and press Calculate.", "hint"); for (const f of data.fields) mark(f); document.getElementById("rows")?.replaceChildren(); });
// a press must not blur the field first: its sentence would come or go and move the button from under the pointer
for (const button of form.querySelectorAll(".buttons button")) button.addEventListener("mousedown", (event) => event.preventDefault());
for (const field of data.fields) {
  input(field.name).addEventListener("change", () => { if (!shown) check(field); guard(field); });
  input(field.name).addEventListener("input", () => { if (shown) { calculate(); guard(field); } else mark(field); });
}

function calculate(): void {
  for (const field of data.fields) mark(field);
  try {
    show(score());
  } catch (error) {
    clear();
    if (!(error instanceof Wanting) && (error as Error).name !== "InputError") throw error;
    tell("p", (error as Error).message, "wrong");
  }
}

/** Says at a field what is wrong with it; a score that a row of features gives is not looked at. */
function check(field: CalculatorField): void {
  mark(field);
  if (field.kind === "score" && (features?.value ?? "").trim() !== "") return;
  try { valueOf(field); } catch { /* said at the field */ }
}

/** After the feature text has changed. */
function rowChanged(): void {
  chooseRow();
  for (const field of data.fields) if (field.kind === "score") mark(field);
  if (shown) calculate();
}

const box = document.getElementById("row");
box?.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
box?.addEventListener("dragleave", () => box.classList.remove("over"));
box?.addEventListener("drop", async (event) => {
  event.preventDefault();
  box.classList.remove("over");
  const file = event.dataTransfer?.files[0];
  if (file !== undefined && features !== null) { features.value = await file.text(); rowChanged(); }
});
features?.addEventListener("input", rowChanged);

type Scored = { linear: number; probability: number[]; remarks: string[]; intervals: ReturnType<typeof probabilityIntervals>; scores: { field: CalculatorField; value: number; computed: boolean }[]; entered: Record<string, number | string> };

function score(): Scored {
  const row = featureRow();
  if (row !== undefined) {
    const lacking = rowColumns(data.model).filter((name) => !Object.hasOwn(row.columns, name) && !data.fields.some((f) => f.name === name));
    if (lacking.length > 0) throw new Wanting(`The row lacks ${lacking.length} of the columns that the score is computed from: ${lacking.slice(0, 5).join(", ")}${lacking.length > 5 ? ", …" : ""}. Add ${lacking.length === 1 ? "it" : "them"} under ${lacking.length === 1 ? "this name" : "these names"}.`);
  }
  const columns: Record<string, Column> = { ...row?.columns };
  const given: Record<string, Float64Array> = {};
  const entered: Record<string, number | string> = {};
  const variables = { ...model.variables };
  for (const field of data.fields) {
    if (field.kind === "score") { if (row === undefined) given[field.name] = Float64Array.of(valueOf(field) as number); continue; }
    const value = valueOf(field);
    entered[field.name] = value;
    if (typeof value === "number") { columns[field.name] = { kind: "number", values: Float64Array.of(value) }; continue; }
    columns[field.name] = { kind: "category", codes: Int32Array.of(0), levels: [value], ordered: false };
    // the form gives the level itself, after recoding
    delete variables[field.name];
  }
  const table: Table = { id: ["patient"], columns };
  const scored = scorePatients({ ...model, variables }, table, [model.final], given);
  const { linear, probability } = scored.models[model.final];
  const block = model.blocks.find((b) => b.name === model.final)!;
  const scores = data.fields.filter((f) => f.kind === "score").map((field) => ({ field, value: scored.computed.get(field.name)!.linear[0], computed: row !== undefined }));
  for (const s of scores) entered[s.field.name] = s.value;
  const named = (remark: string) => data.fields.reduce((text, f) => (text.startsWith(`${f.name} is `) ? `${f.label}${text.slice(f.name.length)}` : text), remark).replace(/(^|\s)-(?=\d)/g, "$1−");
  const remarks = [...scored.remarks[0].map(named), ...scores.flatMap((s) => (s.computed && "low" in s.field && (s.value < s.field.low || s.value > s.field.high) ? [`${s.field.label} is ${significantText(s.value, 4)}, outside the training range ${short(s.field.low)} to ${short(s.field.high)}`] : []))];
  if (!Number.isFinite(linear[0])) throw new Wanting(`The score could not be computed${remarks.length > 0 ? `: ${remarks.join("; ")}` : ""}. Complete the row.`);
  return { linear: linear[0], probability: probability.map((p) => p[0]), remarks, intervals: probabilityIntervals(block, scored.computed.get(model.final)!, 0, model.outcome.times, data.level), scores, entered };
}

/** The value of a field; @throws Wanting where it is empty or no number. A decimal comma is read as a point. */
function valueOf(field: CalculatorField): number | string {
  const text = input(field.name).value.trim();
  if (text === "") throw wanting(field, `${field.label} is empty: ${field.kind === "category" ? "choose a category" : "type a number"}${field.kind === "score" ? ", or paste a row of features" : ""}.`);
  if (field.kind === "category") return text;
  const value = Number(text.replace("−", "-").replace(/^([+-]?\d+),(\d+)$/, "$1.$2"));
  if (!Number.isFinite(value)) throw wanting(field, `${field.label} is “${text}”, expected a number${field.kind === "score" || field.unit === undefined ? "" : ` in ${field.unit}`}.`);
  return value;
}

/** The pasted row as columns; undefined where nothing was pasted. */
function featureRow(): { columns: Record<string, Column> } | undefined {
  const text = features?.value ?? "";
  if (text.trim() === "") return undefined;
  const table = readRows(text);
  const chosen = document.querySelector<HTMLSelectElement>("#rows select");
  const row = table.id.length === 1 ? 0 : Number(chosen?.value ?? NaN);
  if (!(row < table.id.length)) throw new Wanting(`The text holds ${table.id.length} rows; choose one of them.`);
  const pick = (c: Column): Column => (c.kind === "number" ? { ...c, values: c.values.slice(row, row + 1) } : c.kind === "date" ? { ...c, days: c.days.slice(row, row + 1) } : { ...c, codes: c.codes.slice(row, row + 1) });
  return { columns: Object.fromEntries(Object.entries(table.columns).map(([name, c]) => [name, pick(c)])) };
}

/** Header and rows; a column of row numbers is put before them, so that no identifier is needed. */
function readRows(text: string): Table {
  const lines = text.replace(/^\uFEFF/, "").trim().split(/\r?\n/);
  const delimiter = ["\t", ";", ","].map((d) => ({ d, n: lines[0].split(d).length })).sort((a, b) => b.n - a.n)[0].d;
  if (lines.length < 2) throw new Wanting("The feature text has one line; a header and a row are expected.");
  const numbered = lines.map((line, k) => `${k === 0 ? "row in the text" : k}${delimiter}${line}`).join("\n");
  return readCsv(numbered, { id: "row in the text", delimiter }).table;
}

/** Where several rows were pasted, one is chosen by its number. */
function chooseRow(): void {
  const place = document.getElementById("rows")!;
  place.replaceChildren();
  let rows = 0;
  try { rows = features!.value.trim() === "" ? 0 : readRows(features!.value).id.length; } catch { return; }
  if (rows < 2) return;
  const select = document.createElement("select");
  select.setAttribute("aria-label", "Row");
  for (let k = 0; k < rows; k++) select.append(new Option(`row ${k + 1}`, String(k)));
  select.addEventListener("change", () => { if (shown) calculate(); });
  place.append(select);
}

function show({ linear, probability, remarks, intervals, scores, entered }: Scored): void {
  clear();
  const { outcome } = model;
  probability.forEach((p, k) => {
    const what = outcome.kind === "binary" ? `probability of ${outcome.event}` : `risk of ${outcome.event} by ${outcome.times[k]} ${outcome.unit ?? ""}`.trim();
    const interval = "none" in intervals || !Number.isFinite(intervals.low[k]) ? "" : `${levelText(intervals.level)} ${percent(intervals.low[k], intervals.high[k])}`;
    const line = tell("div", "", "risk");
    line.append(element("b", Number.isFinite(p) ? share(p) : "not known: beyond the follow-up"), element("span", what), document.createElement("br"), element("small", interval));
  });
  if (data.tooExtreme !== undefined) tell("p", data.tooExtreme, "wrong");
  const group = data.groups === undefined ? undefined : data.groups.names[data.groups.cuts.filter((c) => linear > c).length];
  if (group !== undefined) {
    const line = tell("p", "", "group");
    line.append("Risk group: ", element("b", group));
    // of the coefficients' uncertainty alone; the cut counts as given
    const reached = "none" in intervals ? [] : [...new Set(intervals.linear.filter(Number.isFinite).map((l) => data.groups!.names[data.groups!.cuts.filter((c) => l > c).length]))].filter((name) => name !== group);
    if (reached.length > 0) tell("p", `Uncertain: the ${levelText((intervals as { level: number }).level)} of the linear predictor reaches into ${reached.join(" and ")}.`, "hint");
    const observed = data.groups!.observed?.[data.groups!.names.indexOf(group)];
    if (observed !== undefined) tell("p", `Observed share with the event in this group: ${observed}.`, "hint");
  }
  for (const curve of document.querySelectorAll<SVGGElement>("#curves [data-group]")) {
    const own = plain(curve.dataset["group"]!) === plain(group ?? "");
    curve.toggleAttribute("data-own", own);
    curve.toggleAttribute("data-faded", group !== undefined && !own);
  }
  for (const s of scores) if (s.computed) tell("p", `${s.field.label} of the row: ${significantText(s.value, 5)}.`, "score");
  if (data.nomogram !== undefined) {
    const reading = readNomogram(data.nomogram, entered);
    tell("p", `Points: ${Object.entries(reading.points).map(([name, p]) => `${data.fields.find((f) => f.name === name)?.label ?? name} ${fixedText(p, 1)}`).join(", ")}; total ${fixedText(reading.total, 1)}.`, "points");
  }
  tell("p", `Linear predictor: ${significantText(linear, 5)}.`, "hint");
  for (const remark of remarks) tell("p", `Careful: ${remark}.${/missing/.test(remark) ? "" : " The model has not seen such a patient."}`, "wrong");
  tell("p", "none" in intervals ? intervals.none : intervals.covers, "hint");
}

const plain = (s: string) => s.toLowerCase().replace(/[^a-z]+/g, " ").replace(/\brisk\b/, "").trim();
const share = (p: number) => (p > 0.9995 ? "> 99.9 %" : p < 0.0005 ? "< 0.1 %" : `${fixedText(100 * p, 1)} %`);
const short = (x: number) => fullText(Number(x.toPrecision(4)));
const percent = (low: number, high: number) => `${intervalText(100 * low, 100 * high, 1)} %`;

/** Whether a number lies outside the training range, said at its field. */
function guard(field: CalculatorField): void {
  if (field.kind === "category") return;
  const value = Number(input(field.name).value.trim().replace("−", "-").replace(",", "."));
  const hint = document.getElementById(`${input(field.name).id}-range`)!;
  const outside = input(field.name).value.trim() !== "" && (value < field.low || value > field.high);
  hint.classList.toggle("outside", outside);
  hint.textContent = `${outside ? "outside the " : ""}training range ${short(field.low)} to ${short(field.high)}`;
}

/** Marks a field as wrong with the sentence that says why, or as right. */
function mark(field: CalculatorField, wrong?: string): void {
  const element = input(field.name);
  if (wrong === undefined) element.removeAttribute("aria-invalid");
  else element.setAttribute("aria-invalid", "true");
  document.getElementById(`${element.id}-wrong`)!.textContent = wrong ?? "";
}

function wanting(field: CalculatorField, sentence: string): Wanting {
  mark(field, sentence);
  return new Wanting(sentence);
}

function clear(): void {
  result.replaceChildren();
  for (const curve of document.querySelectorAll("#curves [data-group]")) { curve.removeAttribute("data-own"); curve.removeAttribute("data-faded"); }
}

function element(tag: string, text: string): HTMLElement {
  const e = document.createElement(tag);
  e.textContent = text;
  return e;
}

function tell(tag: string, text: string, kind: string): HTMLElement {
  const e = element(tag, text);
  e.className = kind;
  result.append(e);
  return e;
}
