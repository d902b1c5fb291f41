/** Cholesky factor L of G on a support that gains and loses members one at a time; member k of the support has row k of L. */
export type SupportFactor = { members: Int32Array; size: number; lower: Float64Array; stride: number; cosine: Float64Array; sine: Float64Array };

export function supportFactor(): SupportFactor {
  return { members: new Int32Array(16), size: 0, lower: new Float64Array(256), stride: 16, cosine: new Float64Array(16), sine: new Float64Array(16) };
}

export function clearFactor(factor: SupportFactor): void {
  factor.size = 0;
}

/** Adds member a; false (and nothing added) where its column depends on the others. */
export function addMember(factor: SupportFactor, a: number, gram: Float64Array, gramStride: number): boolean {
  const m = factor.size;
  if (m === factor.stride) grow(factor);
  const { members, lower, stride } = factor;
  const at = m * stride;
  const from = a * gramStride;
  let rest = gram[from + a];
  const least = rest * 1e-10;
  for (let k = 0; k < m; k++) {
    const row = k * stride;
    const v = (gram[from + members[k]] - product(lower, row, lower, at, k)) / lower[row + k];
    lower[at + k] = v;
    rest -= v * v;
  }
  if (!(rest > least)) return false;
  lower[at + m] = Math.sqrt(rest);
  members[m] = a;
  factor.size++;
  return true;
}

/** Takes out the member of row k: rows below move up and plane rotations make them triangular again. */
export function removeMember(factor: SupportFactor, k: number): void {
  const { members, lower, stride, cosine, sine } = factor;
  const m = --factor.size;
  for (let t = k; t < m; t++) {
    members[t] = members[t + 1];
    const from = (t + 1) * stride;
    const to = t * stride;
    for (let i = 0; i < k; i++) lower[to + i] = lower[from + i];
    let x = lower[from + k];
    for (let i = k; i < t; i++) {
      const y = lower[from + i + 1];
      lower[to + i] = cosine[i] * x + sine[i] * y;
      x = cosine[i] * y - sine[i] * x;
    }
    const y = lower[from + t + 1];
    const r = Math.sqrt(x * x + y * y);
    cosine[t] = x / r;
    sine[t] = y / r;
    lower[to + t] = r;
  }
}

/** Solves L L′ d = v in place. */
export function solveSupport(factor: SupportFactor, v: Float64Array): void {
  const { size, lower, stride } = factor;
  for (let k = 0; k < size; k++) {
    const row = k * stride;
    v[k] = (v[k] - product(lower, row, v, 0, k)) / lower[row + k];
  }
  for (let k = size - 1; k >= 0; k--) {
    const row = k * stride;
    const d = v[k] / lower[row + k];
    v[k] = d;
    for (let i = 0; i < k; i++) v[i] -= lower[row + i] * d;
  }
}

/** Inner product of n numbers in four running sums, which do not wait for each other. */
function product(x: Float64Array, xAt: number, y: Float64Array, yAt: number, n: number): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += x[xAt + i] * y[yAt + i];
    s1 += x[xAt + i + 1] * y[yAt + i + 1];
    s2 += x[xAt + i + 2] * y[yAt + i + 2];
    s3 += x[xAt + i + 3] * y[yAt + i + 3];
  }
  for (; i < n; i++) s0 += x[xAt + i] * y[yAt + i];
  return s0 + s1 + (s2 + s3);
}

function grow(factor: SupportFactor): void {
  const stride = factor.stride * 2;
  const lower = new Float64Array(stride * stride);
  for (let k = 0; k < factor.size; k++) lower.set(factor.lower.subarray(k * factor.stride, k * factor.stride + k + 1), k * stride);
  const members = new Int32Array(stride);
  members.set(factor.members);
  Object.assign(factor, { stride, lower, members, cosine: new Float64Array(stride), sine: new Float64Array(stride) });
}
