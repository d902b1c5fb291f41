import { cos, exp, fastLength, fftLines, type FftPlan, fftPlan, fftScratch, hypot, sin } from "../../math/index.js";
import type { Box, Volume } from "../../image/index.js";
import { type Boundary, boundaryIndex } from "./boundary.js";
import type { Field } from "./field.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { checkRadius, completeOptions, dimensionName, filterAxes, inName, sigmas } from "./options.js";
import type { Pooling } from "./separable.js";

/** Parameters of a Gabor filter: lengths in mm, angles in degrees. */
export type GaborOptions = {
  sigma: number;
  lambda: number;
  gamma: number;
  /** orientations whose responses are pooled */
  thetas: number[];
  /** pairs of axes whose responses are pooled */
  planes: [number, number][];
  pooling: Pooling;
  boundary: Boundary;
  /** the kernel ends at this many standard deviations of its envelope, on every axis */
  cutoff: number;
};

/**
 * Magnitude of the response to g(a, b) = exp(−(u² + γ² v²) / 2σ² + 2πi u / λ), u = a cos θ + b sin θ, v = a sin θ − b cos θ,
 * in planes of the image, pooled over orientations and planes. IBSI 2 manual (arXiv:2006.05470)
 * Slices are convolved by FFT; θ and θ + 180° have one magnitude, computed once.
 */
export function gaborFilter(volume: Volume, box: Box, options: GaborOptions): Field {
  const { planes, pooling, thetas } = options;
  const [nx, ny, nz] = box.size;
  const pooled = new Float64Array(nx * ny * nz);
  if (pooling !== "average") pooled.fill(pooling === "max" ? -Infinity : Infinity);
  for (const [u, v] of planes) poolPlane(volume, box, u, v, options, pooled);
  const total = thetas.length * planes.length;
  if (pooling === "average") for (let i = 0; i < pooled.length; i++) pooled[i] /= total;
  return { lower: [...box.lower], size: [...box.size], whole: [...volume.size], data: pooled };
}

/** Adds the responses of all slices of one plane to the pool. */
function poolPlane(volume: Volume, box: Box, u: number, v: number, options: GaborOptions, pooled: Float64Array): void {
  const { boundary, pooling } = options;
  const w = 3 - u - v;
  const [nu, nv] = [box.size[u], box.size[v]];
  const kernels = spectra(volume, nu, nv, u, v, options);
  const { planU, planV, radiusU, radiusV } = kernels;
  const [lengthU, lengthV] = [planU.length, planV.length];
  const indexU = boundaryIndex(volume.size[u], box.lower[u] - radiusU, box.lower[u] + nu + radiusU, boundary);
  const indexV = boundaryIndex(volume.size[v], box.lower[v] - radiusV, box.lower[v] + nv + radiusV, boundary);
  const step = [1, volume.size[0], volume.size[0] * volume.size[1]];
  const boxStep = [1, box.size[0], box.size[0] * box.size[1]];
  const re = new Float64Array(lengthU * lengthV);
  const im = new Float64Array(lengthU * lengthV);
  const half = { re: new Float64Array(lengthU * nv), im: new Float64Array(lengthU * nv) };
  for (let slice = 0; slice < box.size[w]; slice++) {
    re.fill(0);
    im.fill(0);
    const base = (box.lower[w] + slice) * step[w];
    for (let j = 0; j < indexV.length; j++) {
      if (indexV[j] < 0) continue;
      const row = base + indexV[j] * step[v];
      for (let i = 0; i < indexU.length; i++) if (indexU[i] >= 0) re[j * lengthU + i] = volume.data[row + indexU[i] * step[u]];
    }
    fftLines(planU, re, im, { start: 0, step: 1, lines: indexV.length, lineStep: lengthU });
    fftLines(planV, re, im, { start: 0, step: lengthU, lines: lengthU, lineStep: 1 });
    const target = { pooled, pooling, start: slice * boxStep[w], stepU: boxStep[u], stepV: boxStep[v], nu, nv };
    for (const turn of kernels.turns) {
      backColumns(planV, re, im, turn, lengthU, radiusV, half);
      backRows(planU, half, radiusU, 1 / (lengthU * lengthV), turn.times, target);
    }
  }
}

type Complex = { re: Float64Array; im: Float64Array };

/** Product of image and kernel transforms, and its inverse transform (times n) along the columns, of which the box's rows are kept. */
function backColumns(plan: FftPlan, re: Float64Array, im: Float64Array, { gRe, gIm }: Turn, lengthU: number, first: number, half: Complex): void {
  const [inRe, inIm] = plan.scratch;
  const rows = half.re.length / lengthU;
  for (let column = 0; column < lengthU; column += plan.lanes) {
    const count = Math.min(plan.lanes, lengthU - column);
    for (let j = 0, to = 0; j < plan.length; j++) {
      for (let k = j * lengthU + column, end = k + count; k < end; k++, to++) {
        // real and imaginary part exchanged: the inverse
        inIm[to] = re[k] * gRe[k] - im[k] * gIm[k];
        inRe[to] = re[k] * gIm[k] + im[k] * gRe[k];
      }
    }
    const [outIm, outRe] = fftScratch(plan, count);
    for (let j = 0; j < rows; j++) {
      const to = j * lengthU + column;
      for (let q = 0, from = (first + j) * count; q < count; q++, from++) {
        half.re[to + q] = outRe[from];
        half.im[to + q] = outIm[from];
      }
    }
  }
}

type Target = { pooled: Float64Array; pooling: Pooling; start: number; stepU: number; stepV: number; nu: number; nv: number };

/** Inverse transform along the rows; magnitudes go to the pool. */
function backRows(plan: FftPlan, half: Complex, first: number, scale: number, times: number, target: Target): void {
  const { pooled, pooling, start, stepU, stepV, nu, nv } = target;
  const [inRe, inIm] = plan.scratch;
  for (let row = 0; row < nv; row += plan.lanes) {
    const count = Math.min(plan.lanes, nv - row);
    for (let q = 0; q < count; q++) {
      for (let k = 0, from = (row + q) * plan.length, to = q; k < plan.length; k++, from++, to += count) {
        inRe[to] = half.im[from];
        inIm[to] = half.re[from];
      }
    }
    const [outIm, outRe] = fftScratch(plan, count);
    for (let q = 0; q < count; q++) {
      for (let i = 0, from = first * count + q, at = start + (row + q) * stepV; i < nu; i++, from += count, at += stepU) {
        const magnitude = scale * Math.sqrt(outRe[from] * outRe[from] + outIm[from] * outIm[from]);
        if (pooling === "average") pooled[at] += times * magnitude;
        else if (pooling === "max" ? magnitude > pooled[at] : magnitude < pooled[at]) pooled[at] = magnitude;
      }
    }
  }
}

/** One kernel's transform, and how many of the orientations share it. */
type Turn = { gRe: Float64Array; gIm: Float64Array; times: number };

type Spectra = {
  planU: FftPlan;
  planV: FftPlan;
  radiusU: number;
  radiusV: number;
  turns: Turn[];
};

function spectra(volume: Volume, nu: number, nv: number, u: number, v: number, options: GaborOptions): Spectra {
  const { sigma, lambda, gamma, thetas, cutoff } = options;
  const [du, dv] = [volume.spacing[u], volume.spacing[v]];
  const times = new Map<number, number>();
  for (const theta of thetas) {
    // rounded so that theta and theta + 180 meet
    const half = Math.round((((theta % 180) + 180) % 180) * 1e9) / 1e9 % 180;
    times.set(half, (times.get(half) ?? 0) + 1);
  }
  const turns = [...times.keys()].map((theta) => (theta * Math.PI) / 180);
  /** half the extent of the envelope's ellipse on an axis, in voxels */
  const radius = (spacing: number, along: (t: number) => number, across: (t: number) => number) => turns.reduce((most, t) =>
    Math.max(most, Math.ceil((cutoff * sigma * hypot(along(t), across(t) / gamma)) / spacing - 1e-9)), 0);
  const radiusU = checkRadius("Gabor", radius(du, cos, sin));
  const radiusV = checkRadius("Gabor", radius(dv, sin, cos));
  const planU = fftPlan(fastLength(nu + 2 * radiusU));
  const planV = fftPlan(fastLength(nv + 2 * radiusV));
  const [lengthU, lengthV] = [planU.length, planV.length];
  return {
    planU, planV, radiusU, radiusV,
    turns: turns.map((theta, k) => {
      const gRe = new Float64Array(lengthU * lengthV);
      const gIm = new Float64Array(lengthU * lengthV);
      const [c, s] = [cos(theta), sin(theta)];
      for (let j = -radiusV; j <= radiusV; j++) {
        for (let i = -radiusU; i <= radiusU; i++) {
          const a = i * du * c + j * dv * s;
          const b = i * du * s - j * dv * c;
          const size = exp(-(a * a + gamma * gamma * b * b) / (2 * sigma * sigma));
          const at = ((j + lengthV) % lengthV) * lengthU + ((i + lengthU) % lengthU);
          gRe[at] = size * cos((2 * Math.PI * a) / lambda);
          gIm[at] = size * sin((2 * Math.PI * a) / lambda);
        }
      }
      fftLines(planU, gRe, gIm, { start: 0, step: 1, lines: lengthV, lineStep: lengthU });
      fftLines(planV, gRe, gIm, { start: 0, step: lengthU, lines: lengthU, lineStep: 1 });
      return { gRe, gIm, times: [...times.values()][k] };
    }),
  };
}

export const gaborCutoff = 6;

/** theta, theta + step, … over a full turn, or theta alone. */
export function orientations(theta: number, step: number): number[] {
  return step === 0 ? [theta] : Array.from({ length: Math.round(360 / step) }, (_, k) => theta + k * step);
}

/**
 * The response is that of the axial plane (or of the plane that force2D leaves), or of all three with orthogonalPlanes.
 * Image name, once for each sigma: gabor-sigma-<sigma>-mm-lambda-<lambda>-mm-gamma-<gamma>-<theta-<theta> or <pooling>-step-<step>>-<2D or 3D>.
 */
export const gabor: IbsiFilter = {
  imageType: "Gabor",
  optionNames: ["lambda", "gamma", "theta", "thetaStep", "orthogonalPlanes", "pooling", "cutoff", "boundary"],
  *respond(volume, box, given) {
    const { lambda, gamma, theta, thetaStep, orthogonalPlanes, pooling, cutoff, boundary } = completeOptions("Gabor", given);
    const [u, v] = filterAxes(given);
    const planes: [number, number][] = orthogonalPlanes ? [[0, 1], [0, 2], [1, 2]] : [[u, v]];
    const thetas = orientations(theta, thetaStep);
    for (const sigma of sigmas("Gabor", given)) {
      const turning = thetaStep === 0 ? `theta-${inName(theta)}` : `${pooling}-step-${inName(thetaStep)}`;
      const dimension = dimensionName(orthogonalPlanes ? [0, 1, 2] : [u, v]);
      const name = `gabor-sigma-${inName(sigma)}-mm-lambda-${inName(lambda)}-mm-gamma-${inName(gamma)}-${turning}-${dimension}`;
      yield {
        name,
        field: gaborFilter(volume, box, { sigma, lambda, gamma, thetas, planes, pooling, boundary, cutoff: cutoff ?? gaborCutoff }),
      };
    }
  },
};
