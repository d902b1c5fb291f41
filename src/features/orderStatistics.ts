/**
 * The values that would stand at the given places (from 0) if x were sorted: values are counted into equal intervals of
 * [minimum, maximum], and only the intervals that hold a wanted place are sorted.
 */
export function orderStatistics(x: Float64Array, minimum: number, maximum: number, places: readonly number[]): number[] {
  const intervals = 1 << Math.min(12, Math.max(4, 32 - Math.clz32(x.length)));
  const scale = (intervals - 1) / (maximum - minimum);
  if (!(scale < Infinity)) return places.map(() => minimum);
  const counts = countIntervals(x, minimum, scale, intervals);
  // intervals that hold a wanted place get room to gather their values; the others lead to −1
  const room = new Int32Array(intervals).fill(-1);
  const found = places.map((place) => {
    let interval = 0, before = 0;
    while (before + counts[interval] <= place) before += counts[interval++];
    return { interval, before };
  });
  let used = 0;
  for (const { interval } of found) {
    if (room[interval] >= 0) continue;
    room[interval] = used;
    used += counts[interval];
  }
  const starts = room.slice();
  const values = gather(x, minimum, scale, room, used);
  for (const { interval } of found) values.subarray(starts[interval], room[interval]).sort();
  return places.map((place, k) => values[starts[found[k].interval] + place - found[k].before]);
}

function countIntervals(x: Float64Array, minimum: number, scale: number, intervals: number): Int32Array {
  const counts = new Int32Array(intervals);
  for (let k = 0; k < x.length; k++) counts[(x[k] - minimum) * scale | 0]++;
  return counts;
}

/** Values of the intervals with room, each moved to the next free place of its interval; `room` ends behind the last. */
function gather(x: Float64Array, minimum: number, scale: number, room: Int32Array, used: number): Float64Array {
  const values = new Float64Array(used);
  for (let k = 0; k < x.length; k++) {
    const interval = (x[k] - minimum) * scale | 0;
    const at = room[interval];
    if (at >= 0) {
      values[at] = x[k];
      room[interval] = at + 1;
    }
  }
  return values;
}
