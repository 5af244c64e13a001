// What the system announces to the desktop app: sleep and wake-up by Electron, and the facts for the rules of the owner. Electron holds the
// lock that delays the sleep.
import { powerMonitor } from 'electron';
import type { AgentOptions } from '../agent/agent-options';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { FactSource } from '../system-events/fact-source';
import { linuxSources } from '../system-events/linux-sources';
import { knownFact } from '../system-events/parse/fact';
import type { SleepEvent } from '../system-events/parse/sleep-event';
import type { SleepSource } from '../system-events/sleep-source';

export type SystemSources = Required<Pick<AgentOptions, 'sleepSource' | 'ownerSources'>>;

/** Watch after the app is ready. Electron announces a change of the power supply on Windows and macOS only. */
export const systemSources = (logger: Logger, platform: NodeJS.Platform = process.platform): SystemSources => ({
  sleepSource: electronSleep,
  ownerSources: platform === 'linux' ? linuxSources({ clock: systemClock, logger }) : { onBattery: electronBattery },
});

const electronSleep: SleepSource = {
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

const electronBattery: FactSource<boolean> = {
  watch: (listener) => {
    const report = (): void => {
      listener(knownFact(powerMonitor.isOnBatteryPower()));
    };
    powerMonitor.on('on-battery', report);
    powerMonitor.on('on-ac', report);
    report();
    return () => {
      powerMonitor.off('on-battery', report);
      powerMonitor.off('on-ac', report);
    };
  },
};
