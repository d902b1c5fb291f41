import { describe, expect, test } from "vitest";
import { fastLength, fft, fftN, inverseRealFft, realFft } from "../../src/math/index.js";

/** Reproducible numbers in [−0.5, 0.5): the golden-ratio sequence. */
const numbers = (n: number, seed: number) => Float64Array.from({ length: n }, (_, k) => ((k + 1) * 0.6180339887498949 * seed) % 1 - 0.5);

function direct(re: Float64Array, im: Float64Array): [Float64Array, Float64Array] {
  const n = re.length;
  const outRe = new Float64Array(n);
  const outIm = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      outRe[k] += re[j] * Math.cos(angle) - im[j] * Math.sin(angle);
      outIm[k] += re[j] * Math.sin(angle) + im[j] * Math.cos(angle);
    }
  }
  return [outRe, outIm];
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let most = a.length === b.length ? 0 : Infinity;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
};

describe("fft", () => {
  // 2, 3, 4, 5-smooth; primes to 31; Bluestein (37, 67, 197, 2 · 37)
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 29, 30, 31, 37, 49, 60, 64, 67, 74, 100, 197, 201, 204, 243, 256])(
    "length %i equals the sum that defines it, and the inverse returns",
    (n) => {
      const re = numbers(n, 7);
      const im = numbers(n, 11);
      const [expectRe, expectIm] = direct(re, im);
      const gotRe = re.slice();
      const gotIm = im.slice();
      fft(gotRe, gotIm);
      expect(farthest(gotRe, expectRe)).toBeLessThan(1e-11);
      expect(farthest(gotIm, expectIm)).toBeLessThan(1e-11);
      fft(gotRe, gotIm, true);
      expect(farthest(gotRe, re)).toBeLessThan(1e-14);
      expect(farthest(gotIm, im)).toBeLessThan(1e-14);
    },
  );

  // numpy 2.4.6: np.fft.fft([1, 2, 3, 4, 5]) = [15, -2.5 + 3.4409548j, -2.5 + 0.81229924j, …]
  test("agrees with numpy on 1 … 5", () => {
    const re = Float64Array.of(1, 2, 3, 4, 5);
    const im = new Float64Array(5);
    fft(re, im);
    expect(farthest(re, [15, -2.5, -2.5, -2.5, -2.5])).toBeLessThan(1e-14);
    expect(farthest(im, [0, 3.440954801177934, 0.8122992405822659, -0.8122992405822659, -3.440954801177934])).toBeLessThan(1e-14);
  });

  test("a plane wave has one frequency, on every axis", () => {
    const size = [6, 10, 7];
    const re = new Float64Array(420);
    const im = new Float64Array(420);
    for (let z = 0, at = 0; z < 7; z++) for (let y = 0; y < 10; y++) for (let x = 0; x < 6; x++, at++) {
      const turn = 2 * Math.PI * ((2 * x) / 6 + (3 * y) / 10 + (5 * z) / 7);
      re[at] = Math.cos(turn);
      im[at] = Math.sin(turn);
    }
    fftN(re, im, size);
    const expected = new Float64Array(420);
    expected[2 + 6 * (3 + 10 * 5)] = 420;
    expect(farthest(re, expected)).toBeLessThan(1e-11);
    expect(farthest(im, new Float64Array(420))).toBeLessThan(1e-11);
  });

  test.each([[8, 6, 5], [7, 5, 1], [9, 4, 3], [1, 3, 2], [33, 1, 1], [41, 3, 1]] as [number, number, number][])(
    "the real transform of %i×%i×%i is half of the complex one, and the inverse returns",
    (nx, ny, nz) => {
      const data = numbers(nx * ny * nz, 13);
      const re = data.slice();
      const im = new Float64Array(re.length);
      fftN(re, im, [nx, ny, nz]);
      const spectrum = realFft(data, [nx, ny, nz]);
      for (let row = 0; row < ny * nz; row++) for (let k = 0; k < spectrum.half; k++) {
        expect(spectrum.re[row * spectrum.half + k]).toBeCloseTo(re[row * nx + k], 11);
        expect(spectrum.im[row * spectrum.half + k]).toBeCloseTo(im[row * nx + k], 11);
      }
      expect(farthest(inverseRealFft(spectrum), data)).toBeLessThan(1e-13);
    },
  );

  test("with two dimensions every slice is transformed by itself", () => {
    const data = numbers(7 * 6 * 3, 17);
    const stack = realFft(data, [7, 6, 3], 2);
    for (let z = 0; z < 3; z++) {
      const slice = realFft(data.slice(42 * z, 42 * z + 42), [7, 6, 1]);
      expect(stack.re.slice(24 * z, 24 * z + 24)).toEqual(slice.re);
      expect(stack.im.slice(24 * z, 24 * z + 24)).toEqual(slice.im);
    }
    expect(farthest(inverseRealFft(stack), data)).toBeLessThan(1e-14);
  });

  test("fastLength gives the next 5-smooth length", () => {
    expect([1, 7, 11, 17, 31, 121, 266].map(fastLength)).toEqual([1, 8, 12, 18, 32, 125, 270]);
  });

  test("wrong lengths are named", () => {
    expect(() => fftN(new Float64Array(5), new Float64Array(6), [6])).toThrow("re has 5 and im 6 samples but size 6 needs 6");
    expect(() => realFft(new Float64Array(5), [2, 2, 2])).toThrow("data has 5 samples but size 2×2×2 needs 8");
  });
});
