// One look for all figures. Lengths are in points (1/72 inch) as printed; columns as journals set them.

/** points of a millimetre */
export const POINTS_PER_MM = 72 / 25.4;
/** widths of a journal's single and double column, mm */
export const columnWidths = { single: 84, double: 174 } as const;

/** Metrics of Arial, which these faces share; so text widths can be reckoned without a screen (textWidth.ts). */
export const fontStack = "Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', sans-serif";
/** the typographic scale, pt */
export const type = { panel: 8, label: 7.5, tick: 7, small: 6.5 } as const;
/** line widths, pt */
export const stroke = { axis: 0.6, thin: 0.5, curve: 1.25, mark: 0.9 } as const;
export const ink = { text: "#1a1a1a", muted: "#5c5c5c", axis: "#404040", rule: "#c8c8c8", pale: "#efefef", paper: "#ffffff" } as const;

/** Okabe & Ito 2008 (Wong, Nat Methods 2011;8:441): told apart with any colour vision; black and the yellow are left out as curves. */
export const colour = { blue: "#0072B2", vermilion: "#D55E00", green: "#009E73", purple: "#AA4499", orange: "#E69F00", sky: "#56B4E9", black: "#1a1a1a" } as const;

export type SeriesStyle = { stroke: string; dash?: string; shape: Shape };
export type Shape = "circle" | "square" | "diamond" | "triangle" | "cross" | "ring";

const colours = [colour.blue, colour.vermilion, colour.green, colour.purple, colour.orange, colour.sky, colour.black];
const dashes = [undefined, "5 2", "1.5 1.5", "6 2 1.5 2", "3 1.5", "8 3", "4 1.5 1 1.5 1 1.5"];
const shapes: Shape[] = ["circle", "square", "triangle", "diamond", "cross", "ring"];

/** Colour, dash and mark of the k-th series: dash and mark tell it apart where the colour is lost in grey print. */
export function seriesStyle(k: number): SeriesStyle {
  const round = Math.floor(k / colours.length);
  const dash = dashes[(k + round) % dashes.length];
  return { stroke: colours[k % colours.length], shape: shapes[k % shapes.length], ...(dash === undefined ? {} : { dash }) };
}

/** Event and its absence: dark and pale, so that grey print keeps them apart. */
export const eventColours = { event: colour.vermilion, other: "#a9c6d9" } as const;

type Rgb = readonly [number, number, number];
const ramps: Record<"diverging" | "sequential", readonly Rgb[]> = {
  // negative ends in a middle blue, positive in a dark red: in grey the signs differ
  diverging: [[67, 147, 195], [146, 197, 222], [209, 229, 240], [255, 255, 255], [253, 208, 182], [214, 96, 77], [125, 8, 33]],
  sequential: [[247, 250, 252], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107]],
};

/** Colour of a share 0…1 along a ramp, as red, green, blue 0…255. */
export function rampColour(ramp: keyof typeof ramps, share: number): [number, number, number] {
  const stops = ramps[ramp];
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const k = Math.min(Math.floor(at), stops.length - 2);
  return [0, 1, 2].map((c) => Math.round(stops[k][c] + (at - k) * (stops[k + 1][c] - stops[k][c]))) as [number, number, number];
}

export function hexColour(rgb: readonly [number, number, number]): string {
  return `#${rgb.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

/** Fills of k ordered categories, pale to dark, and the colour of text on each. */
export function orderedFills(k: number): { fill: string; text: string }[] {
  return Array.from({ length: k }, (_, i) => {
    const share = k === 1 ? 0.35 : 0.12 + (0.73 * i) / (k - 1);
    return { fill: hexColour(rampColour("sequential", share)), text: share > 0.55 ? "#ffffff" : ink.text };
  });
}
