import type { Table } from "../cohort/index.js";
import type { Finding, FlowStep } from "../report/index.js";
import { InputError } from "../math/index.js";
import type { ImagesPlan } from "./plan.js";
import type { World } from "./world.js";

export type ImageFeatures = { name: string; table: Table; flow: FlowStep[]; findings: Finding[]; hashes: Record<string, string> };

export async function imageFeatures(_plan: ImagesPlan, who: string, _world: World): Promise<ImageFeatures> {
  throw new InputError(`${who}: features from images come next.`);
}
