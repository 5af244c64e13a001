// Time is a parameter: services take a Clock, pure code takes the numbers. Ages and deadlines use monotonic time only.

/** A timer that was set; `cancel` is harmless when it has fired. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Unix time in ms, for people and records. It may jump. */
  wallMs(): number;
  /** Milliseconds since some fixed point, never going back: for ages, timeouts and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; after 24.8 days at the latest. */
  setTimer(delayMs: number, callback: () => void): Timer;
}

/** The system counts in 32 bits, and takes any more for 1 ms. */
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
