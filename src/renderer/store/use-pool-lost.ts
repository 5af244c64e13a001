import { useApp, useScreenState } from './Screen';

/** The program has no connection to the scheduler of the pool: a request would fail, and the pages of the pool show the last state. */
export const usePoolLost = (): boolean => useApp(({ pool }) => pool?.lost_since != null);

/** Since when the pages of the pool show the last state, Unix ms: no connection to the program, or none from it to the scheduler. */
export const useLastKnownAt = (): number | null =>
  useScreenState(({ connection, connectionSinceWallMs, app }) =>
    connection === 'open' ? (app?.pool?.lost_since ?? null) : connectionSinceWallMs,
  );
