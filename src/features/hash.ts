import type { Voxels } from "../image/index.js";

/** SHA-1 of bytes that come piece by piece, in hexadecimal. */
export type Digest = (pieces: Iterable<Uint8Array>) => string;

let own: Digest | undefined;

/** A door that has a digest which takes pieces (Node's crypto) lends it: half the time of the platform's, and no second copy of a large mask. */
export function useDigest(digest: Digest | undefined): void {
  own = digest;
}

/** voxels turned into unsigned 32-bit numbers at a time */
const pieceLength = 1 << 16;

/**
 * SHA-1 of a voxel array's bytes (little-endian), as PyRadiomics' diagnostics; empty where the platform offers no digest
 * (a page that is not served securely).
 * @param asUint32 hash the voxels as unsigned 32-bit numbers, as PyRadiomics casts a mask
 */
export async function sha1(voxels: Voxels, asUint32 = false): Promise<string> {
  const cast = asUint32 && !(voxels instanceof Uint32Array);
  if (own !== undefined) return own(cast ? castPieces(voxels) : [bytesOf(voxels)]);
  if (globalThis.crypto?.subtle === undefined) return "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytesOf(cast ? new Uint32Array(voxels) : voxels)));
  return Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join("");
}

function* castPieces(voxels: Voxels): Iterable<Uint8Array> {
  const piece = new Uint32Array(Math.min(pieceLength, voxels.length));
  for (let from = 0; from < voxels.length; from += pieceLength) {
    const part = voxels.subarray(from, from + pieceLength);
    piece.set(part);
    yield bytesOf(part.length === piece.length ? piece : piece.subarray(0, part.length));
  }
}

const bytesOf = (data: Voxels) => new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
