// The only clock of the screen: all ages and countdowns change together, once a second.
import { createContext, useContext, useSyncExternalStore } from 'react';

export interface ScreenClock {
  /** Unix ms, constant between two ticks. */
  readonly now: () => number;
  /** Calls `tick` once a second; returns the function that stops the calls. */
  readonly subscribe: (tick: () => void) => () => void;
}

const TICK_MS = 1000;

export function screenClock(): ScreenClock {
  const listeners = new Set<() => void>();
  let nowWallMs = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    nowWallMs = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    // Without a subscriber nothing ticks: the time of an event must not be that of the last tick.
    now() {
      if (timer === undefined && Date.now() - nowWallMs >= TICK_MS) nowWallMs = Date.now();
      return nowWallMs;
    },
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        nowWallMs = Date.now();
        timer = setInterval(tick, TICK_MS);
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

/** The clock itself, for a time that is read in an event. */
export function useClock(): ScreenClock {
  const clock = useContext(ClockContext);
  if (clock === null) throw new Error('no ClockProvider');
  return clock;
}

/** A primitive that follows from the time, such as the text of an age. The component renders again only when it changes. */
export function useClockPart<Part extends string | number | boolean | null>(select: (nowWallMs: number) => Part): Part {
  const clock = useClock();
  return useSyncExternalStore(clock.subscribe, () => select(clock.now()));
}

/** When the present local day began, Unix ms. The component renders again at midnight. */
export const useToday = (): number => useClockPart((nowWallMs) => new Date(nowWallMs).setHours(0, 0, 0, 0));

/** Unix ms of the last tick; the component renders again each second. A component that shows a text of it calls `useClockPart`. */
export function useNow(): number {
  const clock = useClock();
  return useSyncExternalStore(clock.subscribe, clock.now);
}
