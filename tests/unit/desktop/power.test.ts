// What Electron's power monitor announces, as facts for the rules of the owner and as sleep and wake-up. The monitor is a stand-in.
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { systemSources } from '../../../src/main/desktop/power';
import { silentLogger } from '../../../src/main/platform/logger';

const monitor = vi.hoisted(() => ({ current: null as unknown as EventEmitter & { isOnBatteryPower: () => boolean } }));
vi.mock('electron', () => ({
  get powerMonitor() {
    return monitor.current;
  },
}));

let isOnBattery = false;
beforeEach(() => {
  isOnBattery = false;
  monitor.current = Object.assign(new EventEmitter(), { isOnBatteryPower: () => isOnBattery });
});

test.each(['win32', 'darwin'] as const)('%s: on battery or on mains power, at first and at each change, until it stops', (platform) => {
  const facts: unknown[] = [];
  const stop = systemSources(silentLogger, platform).ownerSources.onBattery?.watch((fact) => facts.push(fact));
  isOnBattery = true;
  monitor.current.emit('on-battery');
  isOnBattery = false;
  monitor.current.emit('on-ac');
  stop?.();
  monitor.current.emit('on-battery');
  expect(facts).toEqual([false, true, false].map((value) => ({ known: true, value })));
  expect(monitor.current.eventNames()).toEqual([]);
});

test('sleep and wake-up, until it stops', () => {
  const events: unknown[] = [];
  const stop = systemSources(silentLogger, 'win32').sleepSource.watch(async (event) => {
    events.push(event);
    return Promise.resolve();
  });
  monitor.current.emit('suspend');
  monitor.current.emit('resume');
  stop();
  monitor.current.emit('suspend');
  expect(events).toEqual(['sleep', 'wake']);
});

test('Linux has the sources of D-Bus and X11 instead', () => {
  expect(Object.keys(systemSources(silentLogger, 'linux').ownerSources).length).toBeGreaterThan(1);
});
