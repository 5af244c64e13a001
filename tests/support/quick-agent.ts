// Loaded before the program of an agent (`node --import`, see QUICK_AGENT in muster-process): shortens the intervals of the agent from
// seconds to fractions of a second. Timeouts stay the same.
const LOW = 0.02;
/** The jitter of retries is always low: the first retry comes within half a second. */
Math.random = () => LOW;

interface Shortened {
  readonly what: string;
  readonly minMs: number;
  readonly maxMs: number;
  readonly toMs: number;
}

/** Intervals are selected by their length, because the program has no setting for them. No timeout of an agent is in these ranges. */
const SHORTENED: readonly Shortened[] = [
  { what: 'the probe of a model server: INTERVAL_MS of runtime-poller, with jitter', minMs: 13_000, maxMs: 17_000, toMs: 1500 },
  { what: 'the scan of the model folders: SCAN_INTERVAL_MS of model-folders', minMs: 3000, maxMs: 3000, toMs: 300 },
];

const { setTimeout: setRealTimeout } = globalThis;
globalThis.setTimeout = Object.assign((callback: () => void, delayMs = 0, ...rest: []) => {
  const shortened = SHORTENED.find(({ minMs, maxMs }) => delayMs >= minMs && delayMs <= maxMs);
  return setRealTimeout(callback, shortened?.toMs ?? delayMs, ...rest);
}, setRealTimeout);
export {};
