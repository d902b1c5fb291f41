// Reads a picture as a person with a ruler would: elements and their places, numbers of an axis, the scale they make.
import { textWidth } from "../../src/report/textWidth.js";

export type Node = { name: string; attributes: Record<string, string>; children: Node[]; words: string };

/** A strict reader of XML without a document type: throws on anything that is not well-formed. */
export function parseXml(source: string): Node {
  const root: Node = { name: "", attributes: {}, children: [], words: "" };
  const open: Node[] = [root];
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z_][\w:.-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  while (at < source.length) {
    token.lastIndex = at;
    const found = token.exec(source);
    if (found === null) throw new Error(`not well-formed at ${at}: ${source.slice(at, at + 60)}`);
    at = token.lastIndex;
    const [, closing, name, attributes, selfClosing, words] = found;
    const top = open[open.length - 1];
    if (words !== undefined) {
      top.words += entities(words);
      continue;
    }
    if (closing === "/") {
      if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`);
      open.pop();
      continue;
    }
    const node: Node = { name, attributes: {}, children: [], words: "" };
    for (const [, key, value] of attributes.matchAll(/([A-Za-z_][\w:.-]*)="([^"]*)"/g)) {
      if (key in node.attributes) throw new Error(`${key} twice in <${name}>`);
      node.attributes[key] = entities(value);
    }
    top.children.push(node);
    if (selfClosing === "") open.push(node);
  }
  if (open.length !== 1 || root.children.length !== 1 || root.words.trim() !== "") throw new Error("one root, and nothing left open");
  return root.children[0];
}

function entities(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+);)|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) throw new Error(`bare & or a control character: ${text}`);
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, "\"").replace(/&amp;/g, "&");
}

export const all = (node: Node, name?: string): Node[] => [...(name === undefined || node.name === name ? [node] : []), ...node.children.flatMap((c) => all(c, name))];

export type Words = { words: string; x: number; y: number; left: number; right: number; top: number; bottom: number; turned: boolean };

/** Every text with the box it fills; groups may be moved by translate. */
export function textsOf(node: Node, dx = 0, dy = 0): Words[] {
  const moved = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(node.attributes.transform ?? "");
  const [mx, my] = moved === null ? [dx, dy] : [dx + Number(moved[1]), dy + Number(moved[2])];
  const inside = node.children.flatMap((c) => textsOf(c, mx, my));
  if (node.name !== "text") return inside;
  const size = Number(node.attributes["font-size"] ?? 7.5), anchor = node.attributes["text-anchor"] ?? "start";
  const width = textWidth(node.words, size, node.attributes["font-weight"] === "bold");
  const [x, y] = [Number(node.attributes.x) + dx, Number(node.attributes.y) + dy];
  const from = anchor === "start" ? 0 : anchor === "middle" ? -width / 2 : -width;
  const turned = (node.attributes.transform ?? "").startsWith("rotate");
  // cap height .72, depth .2 of the size
  const box = turned ? { left: x - 0.72 * size, right: x + 0.2 * size, top: y - from - width, bottom: y - from } : { left: x + from, right: x + from + width, top: y - 0.72 * size, bottom: y + 0.2 * size };
  return [{ words: node.words, x, y, turned, ...box }, ...inside];
}

/** The scale that two numbers printed along an axis make: place → value. `along` "x" reads a row of numbers at height y, "y" a column. */
export function readAxis(texts: readonly Words[], along: "x" | "y", a: string, b: string, options: { near?: (t: Words) => boolean; log?: boolean } = {}): (place: number) => number {
  const { near = () => true, log = false } = options;
  const value = (s: string) => (log ? Math.log(Number(s)) : Number(s.replace("−", "-")));
  const find = (words: string) => {
    const hit = texts.find((t) => t.words === words && near(t));
    if (hit === undefined) throw new Error(`no number ${words} on the axis`);
    // numbers beside a vertical axis stand 2.5 below the tick's line
    return along === "x" ? (hit.left + hit.right) / 2 : hit.y - 2.5;
  };
  const [pa, pb] = [find(a), find(b)];
  const scale = (place: number) => value(a) + ((place - pa) * (value(b) - value(a))) / (pb - pa);
  return log ? (place) => Math.exp(scale(place)) : scale;
}

/** The numbers of a path, as points; H and V understood. */
export function pointsOf(d: string): [number, number][] {
  const out: [number, number][] = [];
  let x = 0, y = 0;
  for (const [, letter, rest] of d.matchAll(/([MLHV])([^MLHVZhvz]*)/g)) {
    const v = rest.trim().split(/[ ,]+/).map(Number);
    if (letter === "H") x = v[0];
    else if (letter === "V") y = v[0];
    else [x, y] = v;
    out.push([x, y]);
  }
  return out;
}
