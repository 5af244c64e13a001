// Durations as a histogram with buckets of growing width, so that many of them cost little and two histograms can be joined. A percentile is
// exact to 5%.

/** The number of durations by bucket. */
export type Latencies = Readonly<Record<number, number>>;

const GROWTH = 1.1;
const SHORTEST_MS = 1;
/** About three hours. Longer durations count as this long. */
const MAX_BUCKET = 170;

/** Adds one duration to the histogram. */
export function addLatency(to: Record<number, number>, ms: number): void {
  const exact = Math.log(Math.max(SHORTEST_MS, ms) / SHORTEST_MS) / Math.log(GROWTH);
  const bucket = Math.min(MAX_BUCKET, Math.floor(exact));
  to[bucket] = (to[bucket] ?? 0) + 1;
}

export function joinLatencies(one: Latencies, other: Latencies): Latencies {
  const joined: Record<number, number> = { ...one };
  for (const [bucket, count] of Object.entries(other)) joined[Number(bucket)] = (joined[Number(bucket)] ?? 0) + count;
  return joined;
}

/** `share`: 0.5 for the median. Null: there are no durations. */
export function latencyMs(latencies: Latencies, share: number): number | null {
  const buckets = Object.entries(latencies).map(([bucket, count]) => ({ bucket: Number(bucket), count }));
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let left = Math.max(1, Math.ceil(total * share));
  for (const { bucket, count } of buckets.sort((a, b) => a.bucket - b.bucket)) {
    left -= count;
    if (left <= 0) return SHORTEST_MS * GROWTH ** (bucket + 0.5);
  }
  return null;
}
