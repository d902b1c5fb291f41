import type { Image, Volume } from "../image/index.js";
import type { ExtractOptions } from "./extract.js";
import { filtersOf } from "./imageTypes.js";
import { describeRun, type Diagnostic } from "./diagnostics.js";
import { named, namedEach } from "./named.js";
import { checkParams, defaultParams } from "./params.js";
import { prepareCase, type PreparedCase } from "./prepareCase.js";
import { defaultSettings, type Settings } from "./settings.js";
import { voxelBox, voxelMaps, type VoxelMap } from "./voxelMaps.js";

/** Voxel-wise extraction of one case. `notes` and `warnings` fill while `maps` is read; maps are named imageType_class_feature. */
export type MapExtraction = {
  /** diagnostics_* */
  values: Record<string, Diagnostic>;
  notes: Record<string, string>;
  warnings: string[];
  maps: AsyncIterable<VoxelMap>;
};

/**
 * Feature maps of one region, one after the other: image and mask are prepared as in `extract`, then every image type gives the maps
 * of its classes on the region's box, wider by kernelRadius (see `voxelMaps`). Shape has no maps.
 * @param options `progress` is told voxels done and to do within one image type
 * @throws InputError what is wrong with image, mask or settings, in one sentence
 */
export function extractMaps(image: Image | Volume, mask: Image | Volume, options: MapOptions = {}): Promise<MapExtraction> {
  return named(options.who ?? "case", (who) => mapsOf(image, mask, who, options));
}

type MapOptions = ExtractOptions & { progress?: (done: number, of: number) => void };

async function mapsOf(image: Image | Volume, mask: Image | Volume, who: string, options: MapOptions): Promise<MapExtraction> {
  const { stage = () => {}, progress } = options;
  const params = options.params === undefined ? defaultParams() : checkParams(options.params, who);
  const settings: Settings = { ...defaultSettings, ...params.setting };
  stage("prepare");
  const prepared = await prepareCase(image, mask, settings, who);
  const { warnings, dimension } = prepared;
  const values = settings.additionalInfo ? { ...describeRun(params, options.version), ...prepared.diagnostics } : prepared.diagnostics;
  const notes: Record<string, string> = {};
  const flat: Settings = dimension === 2 ? { ...settings, force2D: true, force2Ddimension: 0 } : settings;
  async function* maps(): AsyncGenerator<VoxelMap> {
    for (const { filter, overrides } of filtersOf(params)) {
      const own: Settings = { ...flat, ...overrides };
      stage(filter.imageType);
      const box = voxelBox(prepared.box, prepared.image.size, own.kernelRadius);
      const inside = insideOf(prepared, box);
      for (const filtered of filter.apply(prepared.image, box, own)) {
        if ("note" in filtered) { warnings.push(`${filtered.name}: ${filtered.note}`); continue; }
        const broken = notFinite(filtered.image, own.maskedKernel ? inside : undefined);
        if (broken > 0) {
          warnings.push(`${filtered.name}: ${broken} of the voxels that its maps need are NaN or infinite after this filter; no maps.`);
          continue;
        }
        const told = { who: `${who}, ${filtered.name}`, ...(progress === undefined ? {} : { progress }) };
        for (const map of voxelMaps(filtered.image, inside, own, params.featureClass, told)) {
          const name = `${filtered.name}_${map.name}`;
          if (map.note !== undefined) notes[name] = map.note;
          yield { ...map, name };
        }
      }
    }
  }
  return { values, notes, warnings, maps: namedEach(who, maps()) };
}

function notFinite({ data }: Volume, inside: Uint8Array | undefined): number {
  let n = 0;
  for (let k = 0; k < data.length; k++) if (!Number.isFinite(data[k]) && (inside === undefined || inside[k] === 1)) n++;
  return n;
}

/** The region on a wider box. */
function insideOf(prepared: PreparedCase, box: ReturnType<typeof voxelBox>): Uint8Array {
  const { lower, size: [nx, ny, nz] } = prepared.box;
  const [dx, dy, dz] = lower.map((l, axis) => l - box.lower[axis]);
  const inside = new Uint8Array(box.size[0] * box.size[1] * box.size[2]);
  for (let z = 0; z < nz; z++) for (let y = 0; y < ny; y++) {
    const from = (z * ny + y) * nx;
    inside.set(prepared.inside.subarray(from, from + nx), ((z + dz) * box.size[1] + y + dy) * box.size[0] + dx);
  }
  return inside;
}
