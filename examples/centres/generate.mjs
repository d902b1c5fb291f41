// Makes the tables of this folder: a generated study of two readers, three centres and an external fourth one. No patient is real.
//   node examples/centres/generate.mjs
// Truth: the log-odds of response are −0.6 + 0.9·f01 − 0.8·f02 + 0.7·f03 − 0.35·(age − 52)/10; f01 … f20 agree between readers, f21 … f40 do
// not; every centre shifts and stretches its features as scanners do.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "radscore/math";

const random = randomStream("two readers, three centres");
const centres = [["A", 70, 0, 1], ["B", 55, 0.8, 1.4], ["C", 45, -0.6, 0.8], ["D", 60, 0.5, 1.2]];
const FEATURES = 40, READ_TWICE = 40;
const names = Array.from({ length: FEATURES }, (_, j) => `f${String(j + 1).padStart(2, "0")}`);
const reliable = (j) => (j < 20 ? 0.25 : 1.6);

const patients = centres.flatMap(([centre, n, shift, stretch]) => Array.from({ length: n }, (_, k) => {
  const own = random.stream(`${centre}${k}`);
  const core = own.normal();
  // features in families of four that go together
  const family = Array.from({ length: FEATURES / 4 }, () => own.normal());
  const truth = names.map((_, j) => (j < 3 ? own.normal() : 0.8 * family[Math.floor(j / 4)] + 0.2 * core + 0.5 * own.normal()));
  const age = Math.round(52 + 10 * own.normal());
  const eta = -0.6 + 0.9 * truth[0] - 0.8 * truth[1] + 0.7 * truth[2] - 0.35 * ((age - 52) / 10);
  const grade = own.next() < 0.3 ? 1 : own.next() < 0.6 ? 2 : 3;
  const event = Number(own.next() < 1 / (1 + Math.exp(-eta)));
  const read = () => truth.map((t, j) => shift + stretch * (t + reliable(j) * own.normal()));
  return { id: `${centre}${String(k + 1).padStart(3, "0")}`, centre, age, grade, event, first: read(), second: read() };
}));

const csv = (rows) => `${rows.map((r) => r.join(",")).join("\n")}\n`;
const here = (name) => join(import.meta.dirname, name);
const own = patients.filter((p) => p.centre !== "D"), external = patients.filter((p) => p.centre === "D");
const clinical = (list) => csv([["id", "centre", "age", "grade", "response"], ...list.map((p) => [p.id, p.centre, p.age, p.grade, p.event])]);
const features = (list, which) => csv([["id", ...names], ...list.map((p) => [p.id, ...p[which].map((x) => x.toFixed(4))])]);
writeFileSync(here("clinical.csv"), clinical(own));
writeFileSync(here("features.csv"), features(own, "first"));
writeFileSync(here("reader2.csv"), features(own.filter((_, k) => k % 4 === 0).slice(0, READ_TWICE), "second"));
writeFileSync(here("external.csv"), clinical(external));
writeFileSync(here("external_features.csv"), features(external, "first"));
