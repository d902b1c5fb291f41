/** A right-angle rotation: axis i of the turned filter is axis order[i] of the filter, mirrored where sign[i] is −1. */
export type Rotation = { order: number[]; sign: number[] };

/** The rotations that carry a square (dimensions 2: four) or a cube (3: twenty-four) into itself; the identity comes first. */
export function rightAngleRotations(dimensions: number): Rotation[] {
  const rotations: Rotation[] = [];
  for (const order of orders(dimensions)) {
    for (let bits = 0; bits < 1 << dimensions; bits++) {
      const sign = order.map((_, i) => ((bits >> i) & 1 ? -1 : 1));
      if (sign.reduce((a, b) => a * b, parity(order)) === 1) rotations.push({ order, sign });
    }
  }
  return rotations;
}

function orders(n: number): number[][] {
  if (n === 0) return [[]];
  const shorter = orders(n - 1);
  const all: number[][] = [];
  for (let first = 0; first < n; first++) {
    for (const rest of shorter) all.push([first, ...rest.map((k) => (k >= first ? k + 1 : k))]);
  }
  return all;
}

function parity(order: number[]): number {
  let sign = 1;
  for (let i = 0; i < order.length; i++) for (let j = 0; j < i; j++) if (order[j] > order[i]) sign = -sign;
  return sign;
}
