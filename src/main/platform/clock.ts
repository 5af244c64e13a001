// Time is a parameter: services take a Clock, pure code takes numbers. Ages and deadlines use monotonic time only.

/** A pending timer. `cancel` has no effect after the timer has fired. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Unix time in ms, for display and records. It may jump. */
  wallMs(): number;
  /** Milliseconds since a fixed point, never decreasing: for ages, timeouts and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`, at the latest after 24.8 days. */
  setTimer(delayMs: number, callback: () => void): Timer;
}

/** Resolves after the time, or at once when `stop` is aborted. */
export function pause(clock: Clock, ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimer(ms, end);
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
  });
}

/** `setTimeout` counts in 32 bits and treats a longer delay as 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, callback) {
    const handle = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS));
    return {
      cancel: () => {
        clearTimeout(handle);
      },
    };
  },
};
