import { InputError } from "../math/index.js";
import { fileNamed } from "./companion.js";
import { bytesOf, elementOf, enough, numbersIn, zeros } from "./elements.js";
import { inflate, isGzip } from "./inflate.js";
import { niftiHeaderBytes, parseNiftiHeader, type NiftiHeader } from "./niftiHeader.js";
import type { Reader } from "./reader.js";
import type { Image, NamedBytes, Voxels } from "./volume.js";

/**
 * NIfTI-1 and NIfTI-2, single file or header and data (.hdr, .img), gzipped or not, either byte order.
 * World coordinates are turned from RAS to LPS. Values are stored · slope + intercept in float64; without a scale
 * (slope 0, or slope 1 and intercept 0) the stored numbers and their type are kept.
 */
export const nifti: Reader = {
  name: "NIfTI (.nii, .nii.gz, .hdr/.img)",
  fits: (head, name) => isNifti(head) || /\.(nii|hdr|img)(\.gz)?$/i.test(name),
  companions: ({ bytes, name }) => {
    const [part, other] = /\.img(\.gz)?$/i.test(name) ? ["img", "hdr"] : ["hdr", "img"];
    if (part === "hdr" && !/\.hdr(\.gz)?$/i.test(name)) return [];
    if (part === "hdr" && isNifti(bytes) && !isGzip(bytes) && isSingle(bytes)) return [];
    const beside = name.replace(new RegExp(`\\.${part}(\\.gz)?$`, "i"), `.${other}`);
    return [beside, `${beside}.gz`];
  },
  read: async (files) => {
    const head = files.find((file) => isNifti(file.bytes) || /\.hdr(\.gz)?$/i.test(file.name)) ?? files[0];
    if (/\.img(\.gz)?$/i.test(head.name) && !isNifti(head.bytes)) {
      throw new InputError(`${head.name}: holds voxels without a header; give its .hdr file as well.`);
    }
    if (isGzip(head.bytes)) {
      let header: NiftiHeader | undefined;
      const bytes = await inflate(head.bytes, "gzip", (first) => {
        header = parseNiftiHeader(first, head.name);
        return header.single ? header.offset + dataBytes(header) : Math.min(first.length, niftiHeaderBytes);
      }, head.name, { headBytes: niftiHeaderBytes });
      return finish(header as NiftiHeader, bytes, head, files);
    }
    return finish(parseNiftiHeader(head.bytes, head.name), head.bytes, head, files);
  },
};

const dataBytes = (header: NiftiHeader): number => header.count * header.planes * bytesOf[header.element];

function isNifti(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 348) return false;
  const magic = (at: number) => head[at] === 0x6e && (head[at + 1] === 0x2b || head[at + 1] === 0x69) && (head[at + 2] === 0x31 || head[at + 2] === 0x32);
  const size = [view.getInt32(0, true), view.getInt32(0, false)];
  return (size.includes(348) && magic(344)) || (size.includes(540) && magic(4));
}

const isSingle = (head: Uint8Array): boolean => head[345] === 0x2b || head[5] === 0x2b;

async function finish(header: NiftiHeader, bytes: Uint8Array, head: NamedBytes, files: NamedBytes[]): Promise<Image> {
  let data = bytes;
  let who = head.name;
  if (!header.single) {
    const name = head.name.replace(/\.hdr(\.gz)?$/i, ".img");
    const file = fileNamed(files, name) ?? fileNamed(files, `${name}.gz`) ?? files.find((other) => other !== head);
    if (file === undefined) throw new InputError(`${head.name}: its voxels lie in ${name}, which is not at hand; put it beside the header.`);
    who = file.name;
    data = isGzip(file.bytes) ? await inflate(file.bytes, "gzip", header.offset + dataBytes(header), who) : file.bytes;
  }
  const want = dataBytes(header);
  enough(data.length - header.offset, want, header.dims, header.type, who);
  const stored = numbersIn(data.subarray(header.offset), header.element, header.count * header.planes, header.littleEndian, who);
  const { grid, frames, components, dimension, type } = header;
  return { ...grid, frames, components, dimension, type, data: scaled(interleaved(stored, header), header) };
}

/** A vector image has its components slowest (fifth axis); here they are fastest. */
function interleaved(stored: Voxels, { components, vector }: NiftiHeader): Voxels {
  if (!vector || components === 1) return stored;
  const n = stored.length / components;
  const out = zeros(elementOf(stored), stored.length);
  for (let c = 0, i = 0; c < components; c++) for (let v = 0; v < n; v++) out[v * components + c] = stored[i++];
  return out;
}

function scaled(stored: Voxels, { slope, intercept }: NiftiHeader): Voxels {
  if (slope === 0 || (slope === 1 && intercept === 0)) return stored;
  const out = new Float64Array(stored.length);
  for (let i = 0; i < out.length; i++) out[i] = stored[i] * slope + intercept;
  return out;
}
