// Loaded before an agent's program (`node --import`): the dice always fall low, so that a retry comes within half a second, and
// the agent looks at its runtime more often, so that a model is known to be ready again within two seconds.
const LOW = 0.02;
Math.random = () => LOW;

/** No other timer of an agent is in this range: see INTERVAL_MS in runtime-watch, and its jitter. */
const LOOK_INTERVAL_MS = { min: 13_000, max: 17_000 };
const QUICK_MS = 1500;
const { setTimeout: setSlowTimeout } = globalThis;
globalThis.setTimeout = Object.assign(
  (callback: () => void, delayMs = 0, ...rest: []) =>
    setSlowTimeout(callback, delayMs > LOOK_INTERVAL_MS.min && delayMs < LOOK_INTERVAL_MS.max ? QUICK_MS : delayMs, ...rest),
  setSlowTimeout,
);
export {};
