// A region cut out of an image by a label, without any preparation: enough to test classes on image type Original.
import type { Region } from "../../src/features/index.js";
import type { Triple, Volume } from "../../src/image/index.js";

export function regionOf(image: Volume, mask: Volume, label: number): Region {
  const [nx, ny] = image.size;
  const place = (p: number): Triple => [p % nx, Math.floor(p / nx) % ny, Math.floor(p / nx / ny)];
  const inMask = [...mask.data.keys()].filter((p) => mask.data[p] === label);
  const lower: Triple = [Infinity, Infinity, Infinity], upper: Triple = [-1, -1, -1];
  for (const p of inMask) place(p).forEach((c, axis) => {
    lower[axis] = Math.min(lower[axis], c);
    upper[axis] = Math.max(upper[axis], c);
  });
  const size = upper.map((u, axis) => u - lower[axis] + 1) as Triple;
  const values = Float64Array.from({ length: size[0] * size[1] * size[2] }, (_, q) => {
    const x = q % size[0] + lower[0], y = Math.floor(q / size[0]) % size[1] + lower[1], z = Math.floor(q / size[0] / size[1]) + lower[2];
    return image.data[(z * ny + y) * nx + x];
  });
  const index = Int32Array.from(inMask, (p) => {
    const [x, y, z] = place(p);
    return ((z - lower[2]) * size[1] + y - lower[1]) * size[0] + x - lower[0];
  });
  const inside = new Uint8Array(values.length);
  for (const p of index) inside[p] = 1;
  return { grid: { size, spacing: image.spacing, origin: image.origin, direction: image.direction }, values, inside, index };
}
