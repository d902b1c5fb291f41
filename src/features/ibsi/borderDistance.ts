/**
 * Steps through faces from each inside voxel to the nearest voxel outside the mask or the box: 1 at the border, 0 outside
 * (Manhattan distance, one forward and one backward pass). With `flat` only steps within a slice (through edges) count.
 *
 * @param inside  1 inside, 0 outside, x fastest
 */
export function borderDistance([nx, ny, nz]: readonly number[], inside: Uint8Array, flat: boolean): Int32Array {
  const distance = new Int32Array(nx * ny * nz);
  const slab = nx * ny;
  for (let z = 0, at = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, at++) {
    if (inside[at] === 0) continue;
    let near = x > 0 ? distance[at - 1] : 0;
    near = Math.min(near, y > 0 ? distance[at - nx] : 0);
    if (!flat) near = Math.min(near, z > 0 ? distance[at - slab] : 0);
    distance[at] = near + 1;
  }
  for (let z = nz - 1, at = distance.length - 1; z >= 0; z--) for (let y = ny - 1; y >= 0; y--) for (let x = nx - 1; x >= 0; x--, at--) {
    if (inside[at] === 0) continue;
    let near = x + 1 < nx ? distance[at + 1] : 0;
    near = Math.min(near, y + 1 < ny ? distance[at + nx] : 0);
    if (!flat) near = Math.min(near, z + 1 < nz ? distance[at + slab] : 0);
    distance[at] = Math.min(distance[at], near + 1);
  }
  return distance;
}
