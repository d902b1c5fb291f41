/**
 * The values that would stand at the given places (from 0) if x were sorted: values are counted into equal intervals of
 * [minimum, maximum], and only the intervals that hold a wanted place are sorted.
 */
export function orderStatistics(x: Float64Array, minimum: number, maximum: number, places: readonly number[]): number[] {
  const intervals = 1 << Math.min(14, Math.max(4, 32 - Math.clz32(x.length)));
  const scale = (intervals - 1) / (maximum - minimum);
  if (!(scale < Infinity)) return places.map(() => minimum);
  const ends = new Int32Array(intervals + 1);
  for (let k = 0; k < x.length; k++) ends[1 + Math.trunc((x[k] - minimum) * scale)]++;
  for (let i = 1; i <= intervals; i++) ends[i] += ends[i - 1];
  // slot of an interval: where its values are gathered, −1 where no wanted place lies in it
  const slot = new Int32Array(intervals).fill(-1);
  const intervalOf = places.map((place) => {
    let low = 0, high = intervals - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle + 1] > place) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  const starts: number[] = [];
  const wanted = [...new Set(intervalOf)];
  let room = 0;
  wanted.forEach((i, s) => {
    slot[i] = s;
    starts.push(room);
    room += ends[i + 1] - ends[i];
  });
  const gathered = new Float64Array(room);
  const fill = Int32Array.from(starts);
  for (let k = 0; k < x.length; k++) {
    const s = slot[Math.trunc((x[k] - minimum) * scale)];
    if (s >= 0) gathered[fill[s]++] = x[k];
  }
  wanted.forEach((_, s) => gathered.subarray(starts[s], fill[s]).sort());
  return places.map((place, k) => gathered[starts[slot[intervalOf[k]]] + place - ends[intervalOf[k]]]);
}
