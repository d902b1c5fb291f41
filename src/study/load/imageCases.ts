import { categoryColumn, dropColumns, labelsOf, type Table } from "../../cohort/index.js";
import { didYouMean } from "../../math/index.js";
import { patternForm } from "../plan/columnPatterns.js";
import { atPart, type Path } from "../plan/planErrors.js";
import type { ImagesPlan } from "../plan.js";
import { readTable } from "./readTable.js";
import type { World } from "../world.js";

/** Image and masks of one patient or lesion, by their paths beside the plan. No mask: `masks` is empty. */
export type ImageCase = { id: string; image: string; masks: string[] };
/** Cases in the order of the table or of their names, with the other columns of the table (or the parts of the names). */
export type ImageCases = { name: string; cases: ImageCase[]; table: Table; hashes: Record<string, string> };

/** Images and masks as the plan names them, at `at` in it. @throws InputError a table or folder that holds none, columns that are not there */
export async function imageCases(plan: ImagesPlan, who: string, world: Pick<World, "read" | "list">, at: Path): Promise<ImageCases> {
  return plan.table === undefined ? inFolder(plan, who, world, at) : inTable(plan, plan.table, who, world, at);
}

async function inTable(plan: ImagesPlan, file: string, who: string, world: Pick<World, "read">, at: Path): Promise<ImageCases> {
  const { table, hash } = await readTable({ file, id: plan.id, missing: [], join: "inner" }, world, [...at, "table"]);
  for (const key of ["image", "mask"] as const) { const column = plan[key]; if (!Object.hasOwn(table.columns, column)) throw atPart([...at, key], `${who}: ${file} has no column "${column}" for images. ${didYouMean(column, Object.keys(table.columns))}`); }
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
  const place = (path: string) => {
    if (/^([/\\]|[A-Za-z]:)/.test(path)) throw atPart([...at, "table"], `${who}: ${file} names files from the root of the disk. Write their paths relative to the table, so that the study runs in another place too.`);
    return folder + path.replaceAll("\\", "/");
  };
  const images = labelsOf(table, plan.image), masks = labelsOf(table, plan.mask);
  const cases = table.id.map((id, r) => ({ id, image: images[r] === "" ? "" : place(images[r].trim()), masks: masks[r].split(";").map((m) => m.trim()).filter((m) => m !== "").map(place) }));
  return { name: file, cases, table: dropColumns(table, [plan.image, plan.mask]), hashes: { [file]: hash } };
}

async function inFolder(plan: ImagesPlan, who: string, world: Pick<World, "list">, part: Path): Promise<ImageCases> {
  const folder = (plan.folder ?? ".").replace(/\/+$/, "");
  const paths = [...await world.list(folder)].map((path) => path.replaceAll("\\", "/")).sort();
  const places = [...plan.image.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]);
  const form = formOf(plan.image);
  const found = paths.flatMap((path) => {
    const values = form.exec(path)?.slice(1);
    if (values === undefined) return [];
    const parts = Object.fromEntries(places.map((place, k) => [place, values[k]]));
    const mask = patternForm(plan.mask.replace(/\{([^}]+)\}/g, (_, place: string) => quoted(parts[place])));
    // what stood for * or ? in a name is a letter like any other
    return [{ path, parts, masks: paths.filter((p) => p !== path && mask.test(quoted(p))) }];
  });
  const areMasks = new Set(found.flatMap((f) => f.masks));
  const images = found.filter((f) => !areMasks.has(f.path));
  if (images.length === 0) throw atPart([...part, paths.length > 0 ? "image" : "folder"], `${who}: no file in ${folder}/ has a name like "${plan.image}". ${found.length > 0 ? "Every file that fits is the mask of another." : `Check the folder and the pattern: names in braces become columns, * stands for anything.${paths.length > 0 ? ` A file there is "${paths[0]}".` : ""}`}`);
  const at = (path: string) => (folder === "." ? path : `${folder}/${path}`);
  const others = [...new Set(places)].filter((place) => place !== plan.id);
  return {
    name: `${folder}/`, hashes: {}, cases: images.map((f) => ({ id: f.parts[plan.id], image: at(f.path), masks: f.masks.map(at) })),
    table: { id: images.map((f) => f.parts[plan.id]), columns: Object.fromEntries(others.map((place) => [place, categoryColumn(images.map((f) => f.parts[place]))])) },
  };
}

/** * and ? in names are kept apart from those of patterns. */
const quoted = (name: string) => name.replaceAll("*", "\u0001").replaceAll("?", "\u0002");

/** The pattern with a group for each name in braces; the same name twice must hold the same text. */
function formOf(pattern: string): RegExp {
  const seen: string[] = [];
  const parts = pattern.split(/(\{[^}]+\})/).map((part) => {
    const place = /^\{([^}]+)\}$/.exec(part)?.[1];
    if (place === undefined) return patternForm(part).source.slice(1, -1).replaceAll(".*", "[^/]*");
    if (seen.includes(place)) return `\\k<${nameOf(seen.indexOf(place))}>`;
    seen.push(place);
    return `(?<${nameOf(seen.length - 1)}>[^/]+)`;
  });
  return new RegExp(`^${parts.join("")}$`);
}

const nameOf = (k: number) => `part${k}`;
