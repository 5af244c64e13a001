// The one clock of the screen: every age and countdown ticks from it, once a second, together.
import { createContext, useContext, useSyncExternalStore } from 'react';

export interface ScreenClock {
  /** Unix ms, constant between two ticks. */
  now(): number;
  /** Told once a second; returns how to stop. */
  subscribe(tick: () => void): () => void;
}

export function systemClock(): ScreenClock {
  const listeners = new Set<() => void>();
  let nowMs = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    nowMs = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => nowMs,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        nowMs = Date.now();
        timer = setInterval(tick, 1000);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const ClockContext = createContext<ScreenClock | null>(null);
export const ClockProvider = ClockContext.Provider;

export function useClock(): ScreenClock {
  const clock = useContext(ClockContext);
  if (clock === null) throw new Error('no ClockProvider');
  return clock;
}

/** Unix ms of the last tick; the component renders again each second. Use it in the smallest component that shows an age. */
export function useNow(): number {
  const clock = useClock();
  return useSyncExternalStore(clock.subscribe, clock.now);
}
