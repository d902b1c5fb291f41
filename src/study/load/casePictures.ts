import { dataUri } from "../../report/index.js";
import { fileHash } from "./readTable.js";
import { atPart, mistakesAt, PlanError } from "../plan/planErrors.js";
import type { Plan } from "../plan.js";
import type { World } from "../world.js";

/** largest picture of a worked case: the report stays one file that can be sent */
const MOST = 1_500_000;

/**
 * The pictures of the plan's worked cases as data: URIs, by their name in the plan, with the SHA-256 of each.
 * @throws InputError a file that is not there, is no PNG or JPEG, or is too large for a report
 */
export async function casePictures(plan: Plan, world: World): Promise<{ pictures: Record<string, string>; hashes: Record<string, string> }> {
  const pictures: Record<string, string> = {}, hashes: Record<string, string> = {};
  for (const [k, { image, title }] of plan.evaluation.cases.entries()) {
    if (image === undefined || Object.hasOwn(pictures, image)) continue;
    const at = ["evaluation", "cases", k, "image"];
    const bytes = await world.read(image).catch((error: unknown) => { throw new PlanError(mistakesAt(at, error)); });
    const kind = bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e ? "image/png" : bytes[0] === 0xff && bytes[1] === 0xd8 ? "image/jpeg" : undefined;
    if (kind === undefined) throw atPart(at, `evaluation.cases: the image of "${title}" is neither a PNG nor a JPEG picture. Save the slice to be shown as one of them.`);
    if (bytes.length > MOST) throw atPart(at, `evaluation.cases: the image of "${title}" has ${(bytes.length / 1e6).toFixed(1)} MB; expected at most ${MOST / 1e6} MB, because the report holds it. Save it smaller.`);
    pictures[image] = dataUri(kind, bytes);
    hashes[image] = fileHash(bytes);
  }
  return { pictures, hashes };
}
