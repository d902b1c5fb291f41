/** Three numbers in the order x, y, z (x is the fastest axis of the voxel array). */
export type Triple = [number, number, number];

/**
 * Where voxels lie in the patient. World coordinates are LPS (left, posterior, superior), as in DICOM and ITK:
 * world = origin + direction · (spacing ∘ index), index from 0 at the centre of the first voxel.
 */
export type Grid = {
  /** voxels along x, y, z; 2-D is one slice, size[2] = 1 */
  size: Triple;
  /** mm between voxel centres, > 0 (px where the file knows no scale) */
  spacing: Triple;
  /** world position of voxel (0, 0, 0), mm */
  origin: Triple;
  /** 3 × 3, row by row; column c is the unit vector of axis c */
  direction: number[];
};

export type Voxels =
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** One scalar image: voxel (x, y, z) is data[(z · ny + y) · nx + x]. */
export type Volume = Grid & { data: Voxels };

/** A volume whose voxels are label numbers; 0 (and NaN) is background. Float masks are kept as read; within 1e-6 of a whole number counts as it. */
export type Mask = Volume;

/**
 * What a file holds: one or several frames (4-D) of one or several components (vector pixels).
 * Component c of voxel (x, y, z) in frame t is data[(((t · nz + z) · ny + y) · nx + x) · components + c].
 */
export type Image = Grid & {
  data: Voxels;
  frames: number;
  components: number;
  /** 2, 3 or 4: dimensions the file declares */
  dimension: number;
  /** number type in the file: "int16", "float32", "uint1" … */
  type: string;
};

/** A box of voxels: lower corner and number of voxels along x, y, z. */
export type Box = { lower: Triple; size: Triple };

/** Bytes with the file name they had: a reader sees no file system. */
export type NamedBytes = { name: string; bytes: Uint8Array };
