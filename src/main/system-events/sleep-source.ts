// The interface of the sources that announce a sleep of the computer: systemd (headless) and Electron's powerMonitor (desktop).
import type { SleepEvent } from './parse/sleep-event';

/**
 * Where the system permits it, the computer suspends after the promise has resolved, at the latest after the limit of the system
 * (systemd: `InhibitDelayMaxSec`, 5 s by default). Never rejects.
 */
export type SleepListener = (event: SleepEvent) => Promise<void>;

export interface SleepSource {
  /** Begins to watch. Returns the function that stops it. Never throws: without such a source in the system, no event comes. */
  watch(listener: SleepListener): () => void;
}
