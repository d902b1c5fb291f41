import { expect, test } from "vitest";
import { cubeCase } from "../../src/features/marchingCubes.js";

const codes = Array.from({ length: 256 }, (_, code) => code);
const bits = (code: number) => codes.slice(0, 8).filter((k) => code >> k & 1).length;

/** Edges of the triangles that lie inside a face of the cube, each turned so that the lesser end comes first, with its direction. */
function edgesOnFaces(triangles: Int8Array): string[] {
  const found: string[] = [];
  for (let t = 0; t < triangles.length; t += 9) {
    const corner = (k: number) => [...triangles.subarray(t + 3 * (k % 3), t + 3 * (k % 3) + 3)];
    for (let k = 0; k < 3; k++) {
      const [p, q] = [corner(k), corner(k + 1)];
      for (let axis = 0; axis < 3; axis++) {
        if (p[axis] === q[axis] && p[axis] !== 1) found.push(`${axis},${p[axis]}: ${p} > ${q}`);
      }
    }
  }
  return found;
}

// Lorensen & Cline 1987 need up to four triangles for their 15 cases; the heptagon, drawn where they use the complement, has five.
test("a cube has at most five triangles, and vertices only where an edge leaves the region", () => {
  for (const code of codes) {
    const { triangles } = cubeCase(code, true);
    expect(triangles.length / 9).toBeLessThanOrEqual(5);
    const used = new Set<string>();
    for (let k = 0; k < triangles.length; k += 3) used.add([...triangles.subarray(k, k + 3)].join());
    let crossed = 0;
    for (let a = 0; a < 8; a++) for (let axis = 1; axis < 8; axis *= 2) if ((a & axis) === 0 && (code >> a & 1) !== (code >> (a | axis) & 1)) crossed++;
    expect(used.size).toBe(crossed);
  }
});

test("closed cases meet without seams: what one cube draws on a face, its neighbour draws the other way round", () => {
  for (const axis of [0, 1, 2]) {
    const onUpper = new Map<string, string>();
    const high = codes.slice(0, 8).filter((k) => k >> axis & 1);
    for (const code of codes) {
      // the pattern of the shared face, seen as this cube's upper and as the next cube's lower face
      const upper = high.map((k) => code >> k & 1).join("");
      const lower = high.map((k) => code >> (k - (1 << axis)) & 1).join("");
      const { triangles } = cubeCase(code, true);
      const drawn = (side: 0 | 2) => edgesOnFaces(triangles).filter((e) => e.startsWith(`${axis},${side}`)).map((e) => {
        const [p, q] = e.split(": ")[1].split(" > ").map((v) => v.split(",").filter((_, a) => a !== axis).join());
        return side === 2 ? `${p} ${q}` : `${q} ${p}`;
      }).sort().join("; ");
      for (const [pattern, edges] of [[upper, drawn(2)], [lower, drawn(0)]]) {
        expect(onUpper.get(pattern) ?? edges).toBe(edges);
        onUpper.set(pattern, edges);
      }
    }
  }
});

test("PyRadiomics' rule: a case and its complement have the same triangles and opposite signs", () => {
  for (const code of codes) {
    const [one, other] = [cubeCase(code), cubeCase(255 - code)];
    expect(one.triangles).toEqual(other.triangles);
    expect(one.sign).toBe(-other.sign);
    if (bits(code) === 1) expect(one.triangles.length).toBe(9);
  }
});
