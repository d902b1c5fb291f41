import { asMask, isColour, labelsIn, mergeMasks, readImage, selectLabel, withSpacing, type Image, type Mask, type NamedBytes } from "../../image/index.js";
import { extract, type Params } from "../../features/index.js";
import { InputError } from "../../math/index.js";
import type { ImagesPlan } from "../plan.js";

/** What all cases share, and one case: the files of its image (detached data after the header) and of each mask. */
export type ExtractShared = { params: Params; severalMasks: ImagesPlan["severalMasks"]; label?: number; spacing?: number };
export type ExtractTask = { number: number; image: NamedBytes[]; masks: NamedBytes[][] };
/** Features by name (NaN where there is none), or why there are none. JSON. */
export type ExtractResult = { values: Record<string, number>; warnings: string[]; notes: number } | { error: string };

/**
 * Features of one case (`extract`): its masks made one by the plan's rule. The label is the plan's, or that of the parameter file,
 * or the only one in the mask. Never throws over the user's data: a failed case is a result.
 */
export async function extractCase(shared: ExtractShared, task: ExtractTask): Promise<ExtractResult> {
  const who = `case ${task.number}`;
  try {
    const scaled = (image: Image, files: NamedBytes[]) => (shared.spacing !== undefined && /\.(png|jpe?g)$/i.test(files[0].name) ? withSpacing(image, [shared.spacing, shared.spacing, shared.spacing]) : image);
    const image = scaled(await readImage(task.image), task.image);
    const masks: Mask[] = [];
    for (const files of task.masks) masks.push(oneMask(scaled(await readImage(files), files), shared, `${who}: the mask`));
    const mask = masks.length === 1 ? masks[0] : together(masks, shared.severalMasks, who);
    const params: Params = { ...shared.params, setting: { ...shared.params.setting, label: 1, label_channel: null, additionalInfo: false } };
    const { values, notes, warnings } = await extract(image, imageOf(mask, image), { params, who });
    const numbers = Object.entries(values).filter(([name, v]) => !name.startsWith("diagnostics_") && (v === null || typeof v === "number")) as [string, number | null][];
    return { values: Object.fromEntries(numbers.map(([name, v]) => [name, v !== null && Number.isFinite(v) ? v : NaN])), warnings: warnings.map((w) => plain(w, who)), notes: Object.keys(notes).length };
  } catch (error) {
    if ((error as Error).name !== "InputError") throw error;
    return { error: plain((error as Error).message, who) };
  }
}

/** Without the case's number and the names of files, so that equal reasons are one and no name reaches a report. */
const plain = (message: string, who: string) => message.replaceAll(`${who}: `, "").replace(/^\S*\.(png|jpe?g|nrrd|nhdr|nii(\.gz)?|mha|mhd): /i, "");

/** The region of a mask as 1. */
function oneMask(image: Image, { params, label }: ExtractShared, who: string): Mask {
  const channel = params.setting.label_channel;
  if (channel !== null && channel !== undefined && image.components > 1 && !isColour(image)) throw new InputError(`${who} has ${image.components} channels; give one mask with labels.`);
  const mask = asMask(image, who);
  const labels = labelsIn(mask);
  const wanted = label ?? params.setting.label ?? (labels.length === 1 ? labels[0].label : 1);
  return { ...mask, data: selectLabel(mask, wanted, who) };
}

function together(masks: Mask[], rule: ImagesPlan["severalMasks"], who: string): Mask {
  if (rule === "error") throw new InputError(`${masks.length} masks, but one is expected. Set severalMasks to union or largest.`);
  if (rule === "union") return mergeMasks(masks.map((mask, k) => ({ mask, name: `${who}: mask ${k + 1}` })));
  const voxels = masks.map((mask) => labelsIn(mask)[0].voxels);
  return masks[voxels.indexOf(Math.max(...voxels))];
}

/** A mask as an image of as many dimensions as the picture. */
const imageOf = ({ size, spacing, origin, direction, data }: Mask, { dimension }: Image): Image => ({ size, spacing, origin, direction, data, frames: 1, components: 1, dimension, type: "uint8" });
