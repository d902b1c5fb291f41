/** Sorts keys with their companions `at` by merging, stable; returns the companions. Both arrays are used up. */
export function mergeOrder(keys: Float64Array, at: Int32Array): Int32Array {
  const n = keys.length;
  // sorted on the keys themselves, which is several times faster than a comparison function
  const run = 16;
  for (let from = 0; from < n; from += run) {
    const to = Math.min(n, from + run);
    for (let i = from + 1; i < to; i++) {
      const key = keys[i];
      const a = at[i];
      let j = i - 1;
      while (j >= from && after(keys[j], key)) {
        keys[j + 1] = keys[j];
        at[j + 1] = at[j];
        j--;
      }
      keys[j + 1] = key;
      at[j + 1] = a;
    }
  }
  if (n <= run) return at;
  let otherKeys: Float64Array = new Float64Array(n);
  let otherAt: Int32Array = new Int32Array(n);
  for (let width = run; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) {
      const middle = Math.min(n, from + width);
      const to = Math.min(n, from + 2 * width);
      let i = from;
      let j = middle;
      for (let k = from; k < to; k++) {
        const left = j >= to || (i < middle && !after(keys[i], keys[j]));
        const source = left ? i++ : j++;
        otherKeys[k] = keys[source];
        otherAt[k] = at[source];
      }
    }
    [keys, otherKeys] = [otherKeys, keys];
    [at, otherAt] = [otherAt, at];
  }
  return at;
}

/** Whether key a stands after key b: greater, or NaN while b is not. */
export function after(a: number, b: number): boolean {
  return a > b || (a !== a && b === b);
}
