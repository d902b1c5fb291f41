import { expect, test } from "vitest";
import { waveletFilters, waveletNames } from "../../src/prepare/index.js";

/** The reconstruction low-pass r, from the decomposition high-pass hₖ = (−1)ᵏ⁺¹ rₖ. */
const reconstruction = (name: string) => waveletFilters(name).highpass.map((h, k) => (k % 2 === 0 ? -h : h));
/** Digits to which a filter's properties hold: published decimals have 10 to 12, dmey is a cut approximation, all others are derived. */
const digits = (name: string) => (name === "dmey" ? 2 : /^sym|^r?bior?[456]/.test(name) ? 10 : 14);

// Expected: Daubechies, Ten Lectures on Wavelets (1992), table 6.1 (db2, db4), and the decimals of K. Hatano (Kyoto
// University repository 2433/60181) that PyWavelets 1.1 uses for db and coif.
test("Daubechies' and Hatano's tables", () => {
  const first = (name: string, n: number) => Array.from(reconstruction(name).slice(0, n));
  const close = (found: number[], expected: string[], scale = 1) =>
    found.forEach((x, k) => expect(Math.abs(x / (Number(expected[k]) * scale) - 1), `${x} ${expected[k]}`).toBeLessThan(5e-16));
  close(first("db2", 4), ["0.4829629131445341433748715998644486838", "0.8365163037378079055752937809168732034",
    "0.2241438680420133810259727622404003554", "-0.1294095225512603811744494188120241641"]);
  close(first("db4", 2), ["0.2303778133088965008632911830440708500", "0.7148465705529156470899219552739926037"]);
  close(first("db20", 1), ["7.799536136668463215861994818889370970510722039232863880031127e-04"]);
  close(first("db38", 2), ["1.425776641674131672055420247567865803211784397464191115245081e-06",
    "3.576251994264023012742569014888876217958307227940126418281357e-05"]);
  close(first("coif1", 3), ["-5.142972847076845595317549230122688830344e-02", "2.389297284707684559531754923012268883e-01",
    "6.028594569415369119063509846024537766e-01"], Math.SQRT2);
  close(first("coif6", 2), ["3.590369176713147297619137585162985487882e-05", "-5.739587600308579302553116112640931312834e-05"], Math.SQRT2);
  close(first("coif8", 2), ["2.089031388199542217649735304633077946e-06", "-3.088829676466960594403785936495123295e-06"], Math.SQRT2);
  close(Array.from(reconstruction("coif17").slice(-2)), ["-1.330546671429478643380151195298922795778536160301584472334406e-22",
    "-1.055408614665356789775787814731337905514088897800715301399902e-22"], Math.SQRT2);
});

// Expected: dec_lo and dec_hi of PyWavelets 1.1.1, as its documentation prints them.
test("order, sign and padding as PyWavelets", () => {
  const r = Math.SQRT1_2;
  const close = (found: Float64Array, expected: number[]) => {
    expect(found.length).toBe(expected.length);
    found.forEach((x, k) => expect(x).toBeCloseTo(expected[k], 11));
  };
  close(waveletFilters("haar").lowpass, [r, r]);
  close(waveletFilters("haar").highpass, [-r, r]);
  close(waveletFilters("db2").lowpass, [-0.12940952255126037, 0.2241438680420134, 0.8365163037378079, 0.48296291314453416]);
  close(waveletFilters("db2").highpass, [-0.48296291314453416, 0.8365163037378079, -0.2241438680420134, -0.12940952255126037]);
  close(waveletFilters("sym4").lowpass, [-0.07576571478927333, -0.02963552764599851, 0.49761866763201545, 0.8037387518059161,
    0.29785779560527736, -0.09921954357684722, -0.012603967262037833, 0.0322231006040427]);
  close(waveletFilters("bior2.2").lowpass, [0, -0.1767766952966369, 0.3535533905932738, 1.0606601717798214, 0.3535533905932738, -0.1767766952966369]);
  close(waveletFilters("bior2.2").highpass, [0, 0.3535533905932738, -0.7071067811865476, 0.3535533905932738, 0, 0]);
  close(waveletFilters("bior1.3").lowpass, [-0.0883883476483184, 0.0883883476483184, r, r, 0.0883883476483184, -0.0883883476483184]);
  close(waveletFilters("bior4.4").lowpass, [0, 0.03782845550726404, -0.023849465019556843, -0.11062440441843718, 0.37740285561283066,
    0.8526986790088938, 0.37740285561283066, -0.11062440441843718, -0.023849465019556843, 0.03782845550726404]);
  close(waveletFilters("rbio2.2").lowpass, [0, 0, 0.3535533905932738, 0.7071067811865476, 0.3535533905932738, 0]);
});

for (const name of waveletNames) {
  test(`${name} reconstructs, smooths constants and kills polynomials`, () => {
    const { lowpass, highpass } = waveletFilters(name);
    const rec = reconstruction(name).reverse();
    expect(highpass.length).toBe(lowpass.length);
    expect(lowpass.length % 2).toBe(0);
    expect(lowpass.reduce((s, x) => s + x, 0)).toBeCloseTo(Math.SQRT2, name === "dmey" ? 14 : digits(name));
    // Σ l[k] r[k + 2j] = 1 at j = 0, else 0; an orthogonal filter is its own partner
    const middle = rec.length / 2;
    for (let j = -middle + 1; j < middle; j++) {
      let sum = 0;
      for (let k = 0; k < rec.length; k++) sum += lowpass[k] * (rec[k + 2 * j] ?? 0);
      expect(sum).toBeCloseTo(j === 0 ? 1 : 0, digits(name));
    }
    // Σ (k − centre)^p h[k] = 0 for p below the number of vanishing moments, relative to Σ |…|
    const order = /(\d+)(?:\.(\d+))?$/.exec(name);
    const moments = name === "haar" || name === "dmey" ? 1 : name.startsWith("coif") ? 2 * Number(order![1])
      : name === "rbio5.5" ? 4 : name.startsWith("rbio") ? Number(order![2]) : Number(order![1]);
    for (let p = 0; p < Math.min(moments, name === "dmey" ? 0 : 6); p++) {
      let sum = 0;
      let size = 0;
      highpass.forEach((h, k) => {
        const term = h * (k - middle + 0.5) ** p;
        sum += term;
        size += Math.abs(term);
      });
      expect(Math.abs(sum) / size, `moment ${p}`).toBeLessThan(10 ** -(digits(name) - 3));
    }
  });
}

test("an unknown wavelet is named with what is known", () => {
  expect(() => waveletFilters("coif18")).toThrow(/Wavelet "coif18" is not known.*coif1–coif17/);
});
