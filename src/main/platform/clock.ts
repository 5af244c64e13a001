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
  /** Calls back once after `delayMs`. */
  setTimer(delayMs: number, callback: () => void): Timer;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return {
      cancel: () => {
        clearTimeout(handle);
      },
    };
  },
};
