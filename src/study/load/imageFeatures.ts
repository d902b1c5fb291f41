import type { Table } from "../../cohort/index.js";
import { defaultParams, parseParams, type Params } from "../../features/index.js";
import { companions, type NamedBytes } from "../../image/index.js";
import { InputError } from "../../math/index.js";
import type { Finding } from "../../report/index.js";
import { cacheOf } from "../fit/cache.js";
import type { ExtractResult, ExtractShared, ExtractTask } from "./extractCase.js";
import { imageCases, type ImageCase, type ImageCases } from "./imageCases.js";
import { atPart, collector, PlanError, type Mistake, type Path } from "../plan/planErrors.js";
import type { ImagesPlan } from "../plan.js";
import { fileHash } from "./readTable.js";
import { counted, rowList } from "../rowNumbers.js";
import type { World } from "../world.js";

/**
 * Features of every case as a table with the other columns of the cases. `failed`: cases without features and why (their features are
 * NaN); `several`: cases with several masks, and the rule.
 */
export type ImageFeatures = { name: string; table: Table; failed: Map<string, string>; several: Set<string>; rule: string; findings: Finding[]; hashes: Record<string, string> };

/** Bytes of images that are held at one time. */
const atOnce = 256 * 1024 * 1024;

/** The cases of a plan and the settings of their extraction, before any picture is opened; `at`: where the images stand in the plan. */
export type OpenedImages = ImageCases & { plan: ImagesPlan; params: Params; at: Path };

/** @throws PlanError files that are not there (all of them), settings that cannot be read, patients with several masks where the plan has no rule */
export async function openImages(plan: ImagesPlan, who: string, world: World, at: Path): Promise<OpenedImages> {
  const mistakes: Mistake[] = [];
  const { part, partLater } = collector(mistakes);
  const found = await partLater([...at, plan.table === undefined ? "folder" : "table"], () => imageCases(plan, who, world, at));
  const settings: Record<string, string> = {};
  const params = await partLater([...at, "parameters"], () => paramsOf(plan, settings, world));
  if (found !== undefined) {
    await partLater([...at, plan.table === undefined ? "folder" : "table"], () => requireFiles(found.cases, who, world));
    part([...at, "severalMasks"], () => oneRule(plan, found.cases, who));
  }
  if (found === undefined || params === undefined || mistakes.length > 0) throw new PlanError(mistakes);
  return { ...found, hashes: { ...found.hashes, ...settings }, plan, params, at };
}

function oneRule(plan: ImagesPlan, cases: readonly ImageCase[], who: string): void {
  const several = cases.filter((c) => c.masks.length > 1);
  if (several.length > 0 && plan.severalMasks === "error") throw new InputError(`${who}: ${counted(several.length, "patient")} ${several.length === 1 ? "has" : "have"} several masks: ${several.map((c) => `${c.id} (${c.masks.length})`).join(", ")}. State the rule, as severalMasks: union (all together) or largest.`);
}

/**
 * Reads images and masks, extracts features in the world's workers (job "extract"), and keeps each case in the cache under the hash of
 * its files and settings, so that a second run extracts nothing.
 * @throws InputError no features at all, a column of the table called like a feature
 */
export async function imageFeatures({ name, cases, table, hashes, plan, params, at }: OpenedImages, who: string, world: World): Promise<ImageFeatures> {
  const several = cases.filter((c) => c.masks.length > 1);
  const shared: ExtractShared = { params, severalMasks: plan.severalMasks, ...(plan.label !== undefined && { label: plan.label }), ...(plan.spacing !== undefined && { spacing: plan.spacing }) };
  const failed = new Map<string, string>();
  for (const c of cases) if (c.image === "" || c.masks.length === 0) failed.set(c.id, c.image === "" ? "no image" : "no mask");
  const results = await extractAll(cases, shared, failed, hashes, who, world);
  const done = results.filter((r) => r !== undefined && "values" in r) as Extract<ExtractResult, { values: object }>[];
  for (const [k, r] of results.entries()) if (r !== undefined && "error" in r) failed.set(cases[k].id, `no features: ${r.error.split(/[:;.(]/)[0].trim()}`);
  if (done.length === 0) throw atPart(at, `${who}: no case gave features. The first: ${[...failed.values()][0]}`);
  const features = [...new Set(done.flatMap((r) => Object.keys(r.values)))];
  const both = features.filter((f) => Object.hasOwn(table.columns, f));
  if (both.length > 0) throw atPart([...at, "table"], `${who}: ${name} has a column "${both[0]}", which is the name of an extracted feature. Rename it.`);
  const columns = { ...table.columns };
  for (const feature of features) columns[feature] = { kind: "number", values: Float64Array.from(results, (r) => (r !== undefined && "values" in r ? r.values[feature] ?? NaN : NaN)) };
  return { name, table: { id: table.id, columns }, failed, several: new Set(several.map((c) => c.id)), rule: plan.severalMasks === "union" ? "all together" : "the largest", findings: findingsOf(results, who), hashes };
}

async function paramsOf(plan: ImagesPlan, hashes: Record<string, string>, world: World): Promise<Params> {
  if (plan.parameters === undefined) return defaultParams();
  const bytes = await world.read(plan.parameters);
  hashes[plan.parameters] = fileHash(bytes);
  return parseParams(new TextDecoder().decode(bytes), plan.parameters);
}

async function requireFiles(cases: readonly ImageCase[], who: string, world: World): Promise<void> {
  const paths = [...new Set(cases.flatMap((c) => [...(c.image === "" ? [] : [c.image]), ...c.masks]))];
  const lost: string[] = [];
  for (const path of paths) if (!await world.exists(path)) lost.push(path);
  if (lost.length > 0) throw new InputError(`${who}: ${counted(lost.length, "image file")} of ${paths.length} ${lost.length === 1 ? "is" : "are"} not there: ${lost.join(", ")}. Check the names, which are relative to the table or the plan.`);
}

async function extractAll(cases: readonly ImageCase[], shared: ExtractShared, failed: ReadonlyMap<string, string>, hashes: Record<string, string>, who: string, world: World): Promise<(ExtractResult | undefined)[]> {
  const cache = cacheOf(world);
  const results: (ExtractResult | undefined)[] = cases.map(() => undefined);
  let waiting: { at: number; key: string; task: ExtractTask }[] = [], held = 0, finished = 0;
  const flush = async () => {
    const tasks = waiting;
    waiting = [];
    held = 0;
    const made = await world.map<ExtractShared, ExtractTask, ExtractResult>("extract", shared, tasks.map((t) => t.task), () => world.progress(`features of ${who}`, ++finished, cases.length));
    made.forEach((result, k) => { results[tasks[k].at] = result; cache.keep(tasks[k].key, result); });
  };
  for (const [k, one] of cases.entries()) {
    if (failed.has(one.id)) { finished++; continue; }
    const files = async (path: string): Promise<NamedBytes[]> => {
      const head = { name: path, bytes: await world.read(path) };
      const parts = [head];
      for (const beside of companions(head)) {
        const at = path.includes("/") ? `${path.slice(0, path.lastIndexOf("/") + 1)}${beside}` : beside;
        if (await world.exists(at)) parts.push({ name: at, bytes: await world.read(at) });
      }
      for (const { name, bytes } of parts) hashes[name] = fileHash(bytes);
      return parts;
    };
    const image = await files(one.image), masks: NamedBytes[][] = [];
    for (const mask of one.masks) masks.push(await files(mask));
    const all = [image, ...masks].flat();
    const key = `extract-${fileHash(new TextEncoder().encode(JSON.stringify(["extract 1", world.code ?? "", shared, [image, ...masks].map((f) => f.map(({ name }) => hashes[name]))])))}`;
    const kept = await cache.recall(key) as ExtractResult | undefined;
    if (kept !== undefined) { results[k] = kept; world.progress(`features of ${who}`, ++finished, cases.length); continue; }
    waiting.push({ at: k, key, task: { number: k + 1, image, masks } });
    held += all.reduce((sum, f) => sum + f.bytes.length, 0);
    if (held > atOnce) await flush();
  }
  if (waiting.length > 0) await flush();
  await cache.settle();
  return results;
}

function findingsOf(results: readonly (ExtractResult | undefined)[], who: string): Finding[] {
  const rows = new Map<string, number[]>();
  results.forEach((r, k) => { if (r !== undefined && "values" in r) for (const warning of r.warnings) rows.set(warning, [...(rows.get(warning) ?? []), k + 1]); });
  return [...rows].map(([warning, at]): Finding => ({ guard: "images", severity: "note", where: who, message: `${warning} (${rowList(at)})` }));
}
