import { EVENT, type RiskSetKernels } from "./riskSetKernels.js";

/** The risk set kernels in plain code, over the numbers that `memory` gives: the same bits as in WebAssembly. */
export function plainRiskSetKernels(memory: () => Float64Array): RiskSetKernels {
  return {
    rowProducts(x, width, rows, b, out) {
      const f = memory();
      for (let i = 0; i < rows; i++) {
        let even = f[out + i], odd = 0;
        for (let j = 0; j < width; j += 2) { even += f[x + i * width + j] * f[b + j]; odd += f[x + i * width + j + 1] * f[b + j + 1]; }
        f[out + i] = even + odd;
      }
    },
    runningSums(x, width, r, plan, leave, count, out, apart) {
      const f = memory();
      const integers = new Int32Array(f.buffer);
      for (let q = 0; q < 2; q++) {
        for (let t = 0, sum = f[out - apart + q], at = plan; t < count; t++, at += 5) {
          sum *= f[at];
          for (let l = integers[2 * (at + 1)]; l < integers[2 * (at + 2)]; l++) {
            const i = integers[2 * (leave + l)];
            sum -= f[r + i] * f[x + i * width + q];
          }
          for (let i = integers[2 * (at + 3)]; i < integers[2 * (at + 4)]; i++) sum += f[r + i] * f[x + i * width + q];
          f[out + t * apart + q] = sum;
        }
      }
    },
    eventTerms(record, count, outer, outerOwn, sums) {
      const f = memory();
      for (let t = 0, at = record, to = sums; t < count; t++, at += EVENT.size) {
        const steps = f[at + EVENT.steps], total = f[at + EVENT.total], load = f[at + EVENT.load] / steps;
        let A = 0, B = 0, C = 0, hazard = 0, own = 0;
        for (let k = 0; k < steps; k++) {
          const share = k / steps;
          const sum = total - share * f[at + EVENT.dying];
          f[to++] = sum;
          hazard += load / sum;
          own += (1 - share) * (load / sum);
          const q = load / sum * total * total / sum;
          A += q;
          B -= share * q;
          C += share * share * q;
        }
        f[at + EVENT.hazard] = hazard;
        f[at + EVENT.own] = own;
        const mix = B / (A === 0 ? 1 : A);
        f[at + EVENT.mix] = mix;
        f[outer + t] = -A;
        f[outerOwn + t] = B * mix - C;
      }
    },
    meanRows(sum, own, width, record, count) {
      const f = memory();
      for (let t = 0, at = record; t < count; t++, at += EVENT.size) {
        for (let j = t * width; j < (t + 1) * width; j++) {
          f[sum + j] = (f[sum + j] + f[at + EVENT.mix] * f[own + j]) / f[at + EVENT.total];
          f[own + j] /= f[at + EVENT.total];
        }
      }
    },
    cumulativeRisks(record, count, H, at, r, rows, c) {
      const f = memory();
      const integers = new Int32Array(f.buffer);
      for (let t = count - 1, sum = 0, from = record + t * EVENT.size; t >= 0; t--, from -= EVENT.size) {
        sum = f[from + EVENT.hazard] + f[from + EVENT.next] * sum;
        f[H + t] = sum;
        f[H + count + 1 + t] = sum - f[from + EVENT.hazard] + f[from + EVENT.own];
      }
      for (let i = 0; i < rows; i++) f[c + i] = f[r + i] * f[H + integers[2 * (at + i)]];
    },
    takePassed(H, at, r, rows, c) {
      const f = memory();
      const integers = new Int32Array(f.buffer);
      for (let i = 0; i < rows; i++) f[c + i] -= f[r + i] * f[H + integers[2 * (at + i)]];
    },
    addGram(x, width, rows, c, out) {
      const f = memory();
      for (let a = 0; a < width; a++) for (let b = 0; b < (a & ~3) + 4; b++) {
        let sum = f[out + a * width + b];
        for (let i = 0, row = x; i < rows; i++, row += width) sum += f[row + a] * (f[c + i] * f[row + b]);
        f[out + a * width + b] = sum;
      }
    },
  };
}
