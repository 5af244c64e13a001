// The speed of a download: the mean over the last seconds, because Ollama reports bytes in bursts.

export interface SpeedSample {
  readonly atMonotonicMs: number;
  readonly completedBytes: number;
}

/** The speed is the mean over this time. */
const WINDOW_MS = 10_000;
/** A shorter time says nothing about the speed. */
const MIN_SPAN_MS = 2000;
const SAMPLE_EVERY_MS = 500;

/** The samples of the window, with the new one. Fewer bytes than before: a file is downloaded again, so the earlier samples are dropped. */
export function withSample(samples: readonly SpeedSample[], sample: SpeedSample): readonly SpeedSample[] {
  const last = samples.at(-1);
  if (last === undefined || sample.completedBytes < last.completedBytes) return [sample];
  const previous = samples.at(-2);
  // The last sample is always the newest one. It is replaced while it is close to the one before.
  const kept = previous !== undefined && last.atMonotonicMs - previous.atMonotonicMs < SAMPLE_EVERY_MS ? samples.slice(0, -1) : samples;
  return [...kept.filter(({ atMonotonicMs }) => sample.atMonotonicMs - atMonotonicMs <= WINDOW_MS), sample];
}

/** Null: not known yet. */
export function bytesPerSecond(samples: readonly SpeedSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return null;
  const spanMs = last.atMonotonicMs - first.atMonotonicMs;
  return spanMs < MIN_SPAN_MS ? null : ((last.completedBytes - first.completedBytes) / spanMs) * 1000;
}
