// Sleep and wake-up of the computer as Electron announces them. Electron holds the lock that delays the sleep.
import { powerMonitor } from 'electron';
import type { SleepEvent } from '../system-events/parse/sleep-event';
import type { SleepSource } from '../system-events/sleep-source';

/** Watch after the app is ready. */
export const electronSleep: SleepSource = {
  watch: (listener) => {
    const on = (event: SleepEvent) => (): void => void listener(event);
    const [sleep, wake] = [on('sleep'), on('wake')];
    powerMonitor.on('suspend', sleep);
    powerMonitor.on('resume', wake);
    return () => {
      powerMonitor.off('suspend', sleep);
      powerMonitor.off('resume', wake);
    };
  },
};
