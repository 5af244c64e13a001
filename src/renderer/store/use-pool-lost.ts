import { useApp } from './Screen';

/** The program has no connection to the scheduler of the pool: a request would fail, and the pages of the pool show the last state. */
export const usePoolLost = (): boolean => useApp(({ pool }) => pool?.lost_since != null);
