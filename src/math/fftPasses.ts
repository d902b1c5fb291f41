/** exp(−2πi t / length) for t = 0 … length − 1. */
type Roots = { cos: Float64Array; sin: Float64Array };

/*
 * One pass of a self-sorting (Stockham) transform: r · m numbers, s apart, become m numbers r · s apart,
 * y(p, k) = w^(pk) Σ x(p, j) exp(−2πi jk / r) with x(p, j) at s (p + m j) and y(p, k) at s (r p + k), each of them s numbers long.
 * `lanes` of these s belong to different lines.
 */

export function radix2(
  { cos, sin }: Roots, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array, m: number, s: number, lanes: number,
): void {
  const unit = s / lanes;
  for (let p = 0; p < m; p++) {
    const c = cos[p * unit];
    const d = sin[p * unit];
    for (let q = 0, a = s * p, b = s * (p + m), o = 2 * s * p; q < s; q++, a++, b++, o++) {
      const re = xr[a] - xr[b];
      const im = xi[a] - xi[b];
      yr[o] = xr[a] + xr[b];
      yi[o] = xi[a] + xi[b];
      yr[o + s] = c * re - d * im;
      yi[o + s] = c * im + d * re;
    }
  }
}

export function radix3(
  { cos, sin }: Roots, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array, m: number, s: number, lanes: number,
): void {
  const unit = s / lanes;
  const h = Math.sqrt(3) / 2;
  for (let p = 0; p < m; p++) {
    const c1 = cos[p * unit], d1 = sin[p * unit];
    const c2 = cos[2 * p * unit], d2 = sin[2 * p * unit];
    for (let q = 0, a = s * p, o = 3 * s * p; q < s; q++, a++, o++) {
      const b = a + s * m, c = b + s * m;
      const sumRe = xr[b] + xr[c], sumIm = xi[b] + xi[c];
      const difRe = h * (xr[b] - xr[c]), difIm = h * (xi[b] - xi[c]);
      const midRe = xr[a] - 0.5 * sumRe, midIm = xi[a] - 0.5 * sumIm;
      yr[o] = xr[a] + sumRe;
      yi[o] = xi[a] + sumIm;
      const re1 = midRe + difIm, im1 = midIm - difRe;
      const re2 = midRe - difIm, im2 = midIm + difRe;
      yr[o + s] = c1 * re1 - d1 * im1;
      yi[o + s] = c1 * im1 + d1 * re1;
      yr[o + 2 * s] = c2 * re2 - d2 * im2;
      yi[o + 2 * s] = c2 * im2 + d2 * re2;
    }
  }
}

export function radix4(
  { cos, sin }: Roots, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array, m: number, s: number, lanes: number,
): void {
  const unit = s / lanes;
  for (let p = 0; p < m; p++) {
    const c1 = cos[p * unit], d1 = sin[p * unit];
    const c2 = cos[2 * p * unit], d2 = sin[2 * p * unit];
    const c3 = cos[3 * p * unit], d3 = sin[3 * p * unit];
    for (let q = 0, a = s * p, o = 4 * s * p; q < s; q++, a++, o++) {
      const b = a + s * m, c = b + s * m, d = c + s * m;
      const r02 = xr[a] + xr[c], i02 = xi[a] + xi[c], r13 = xr[b] + xr[d], i13 = xi[b] + xi[d];
      const u02 = xr[a] - xr[c], v02 = xi[a] - xi[c], u13 = xr[b] - xr[d], v13 = xi[b] - xi[d];
      yr[o] = r02 + r13;
      yi[o] = i02 + i13;
      const re1 = u02 + v13, im1 = v02 - u13;
      const re2 = r02 - r13, im2 = i02 - i13;
      const re3 = u02 - v13, im3 = v02 + u13;
      yr[o + s] = c1 * re1 - d1 * im1;
      yi[o + s] = c1 * im1 + d1 * re1;
      yr[o + 2 * s] = c2 * re2 - d2 * im2;
      yi[o + 2 * s] = c2 * im2 + d2 * re2;
      yr[o + 3 * s] = c3 * re3 - d3 * im3;
      yi[o + 3 * s] = c3 * im3 + d3 * re3;
    }
  }
}

// cosines and sines of 2π/5 and 4π/5
const [g1, g2] = [(Math.sqrt(5) - 1) / 4, -(Math.sqrt(5) + 1) / 4];
const [h1, h2] = [Math.sqrt(10 + 2 * Math.sqrt(5)) / 4, Math.sqrt(10 - 2 * Math.sqrt(5)) / 4];

export function radix5(
  { cos, sin }: Roots, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array, m: number, s: number, lanes: number,
): void {
  const unit = s / lanes;
  for (let p = 0; p < m; p++) {
    const t = p * unit;
    const c1 = cos[t], d1 = sin[t], c2 = cos[2 * t], d2 = sin[2 * t];
    const c3 = cos[3 * t], d3 = sin[3 * t], c4 = cos[4 * t], d4 = sin[4 * t];
    for (let q = 0, a = s * p, o = 5 * s * p; q < s; q++, a++, o++) {
      const b = a + s * m, c = b + s * m, d = c + s * m, e = d + s * m;
      const r14 = xr[b] + xr[e], i14 = xi[b] + xi[e], u14 = xr[b] - xr[e], v14 = xi[b] - xi[e];
      const r23 = xr[c] + xr[d], i23 = xi[c] + xi[d], u23 = xr[c] - xr[d], v23 = xi[c] - xi[d];
      const rA = xr[a] + g1 * r14 + g2 * r23, iA = xi[a] + g1 * i14 + g2 * i23;
      const rB = xr[a] + g2 * r14 + g1 * r23, iB = xi[a] + g2 * i14 + g1 * i23;
      const uA = h1 * v14 + h2 * v23, vA = h1 * u14 + h2 * u23;
      const uB = h2 * v14 - h1 * v23, vB = h2 * u14 - h1 * u23;
      yr[o] = xr[a] + r14 + r23;
      yi[o] = xi[a] + i14 + i23;
      const re1 = rA + uA, im1 = iA - vA, re4 = rA - uA, im4 = iA + vA;
      const re2 = rB + uB, im2 = iB - vB, re3 = rB - uB, im3 = iB + vB;
      yr[o + s] = c1 * re1 - d1 * im1;
      yi[o + s] = c1 * im1 + d1 * re1;
      yr[o + 2 * s] = c2 * re2 - d2 * im2;
      yi[o + 2 * s] = c2 * im2 + d2 * re2;
      yr[o + 3 * s] = c3 * re3 - d3 * im3;
      yi[o + 3 * s] = c3 * im3 + d3 * re3;
      yr[o + 4 * s] = c4 * re4 - d4 * im4;
      yi[o + 4 * s] = c4 * im4 + d4 * re4;
    }
  }
}

/** y(p, k) = w^(pk) Σ x(p, j) exp(−2πi jk / r): r² multiplications, for the primes from 7 to 31. */
export function anyRadix(
  { cos, sin }: Roots, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array,
  r: number, m: number, s: number, lanes: number,
): void {
  const length = cos.length;
  const unit = s / lanes;
  const turn = length / r;
  for (let p = 0; p < m; p++) {
    for (let k = 0; k < r; k++) {
      const out = s * (r * p + k);
      yr.fill(0, out, out + s);
      yi.fill(0, out, out + s);
      for (let j = 0; j < r; j++) {
        const t = (p * k * unit + ((j * k) % r) * turn) % length;
        const c = cos[t];
        const d = sin[t];
        for (let q = 0, a = s * (p + m * j), o = out; q < s; q++, a++, o++) {
          yr[o] += c * xr[a] - d * xi[a];
          yi[o] += c * xi[a] + d * xr[a];
        }
      }
    }
  }
}
