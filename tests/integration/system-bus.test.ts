// What the system announces over D-Bus, through a private dbus-daemon with a service that the test makes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/main/platform/clock';
import { LinuxBattery } from '../../src/main/system-events/linux-battery';
import { LogindSleep } from '../../src/main/system-events/logind-sleep';
import { inhibitLock } from '../support/inhibit-lock';
import { ManualClock } from '../support/manual-clock';
import { type BusSignal, type BusValue, MockSystemBus, requireSystemBus } from '../support/mock-system-bus';
import { skipNote } from '../support/requirements';
import { until } from '../support/until';

const UPOWER = 'org.freedesktop.UPower';
const LOGIND = 'org.freedesktop.login1';
const signal = (member: string, ...body: readonly BusValue[]): BusSignal => ({
  path: '/org/freedesktop/login1',
  name: `${LOGIND}.Manager`,
  member,
  body,
});

let bus: MockSystemBus;
let folder: string;
let events: string[];
let stops: (() => void)[];
const logger = { log: (_level: string, event: string) => events.push(event), isEnabled: () => true };

const { missing } = requireSystemBus();

describe.skipIf(missing !== undefined)(`system bus${skipNote({ missing })}`, () => {
  beforeEach(async () => {
    bus = await MockSystemBus.open([LOGIND, UPOWER]);
    folder = mkdtempSync(path.join(tmpdir(), 'muster-inhibit-'));
    events = [];
    stops = [];
  });
  afterEach(async () => {
    for (const stop of stops) stop();
    await bus.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const inhibitInPath = (): (() => boolean) => {
    const { pid } = inhibitLock(folder);
    return () => pid() !== null;
  };

  test('logind: sleep -> lock held until the agent has answered, then taken again after the wake-up', async () => {
    const isLocked = inhibitInPath();
    const answers = [Promise.withResolvers<undefined>()];
    const source = new LogindSleep({ clock: systemClock, logger, env: { ...bus.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` } });
    stops.push(
      source.watch(async (event) => {
        events.push(event);
        if (event === 'sleep') await answers[0]?.promise;
      }),
    );
    await until('the lock', isLocked);
    await until('the event to arrive', () => {
      if (!events.includes('sleep')) bus.emit(signal('PrepareForSleep', ['b', true]));
      return events.includes('sleep');
    });
    expect(isLocked()).toBe(true);
    answers[0]?.resolve(undefined);
    await until('the lock to be free', () => !isLocked());
    bus.emit(signal('PrepareForSleep', ['b', false]));
    await until('the lock again', isLocked);
    expect(events.at(-1)).toBe('wake');
  });

  test('logind: wake-up before the agent has answered, as of a cancelled sleep -> the late answer keeps the lock', async () => {
    const isLocked = inhibitInPath();
    const answer = Promise.withResolvers<undefined>();
    const source = new LogindSleep({ clock: systemClock, logger, env: { ...bus.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` } });
    stops.push(
      source.watch(async (event) => {
        events.push(event);
        if (event === 'sleep') await answer.promise;
        if (event === 'sleep') events.push('answered');
      }),
    );
    await until('the lock', isLocked);
    await until('the event to arrive', () => {
      if (!events.includes('sleep')) bus.emit(signal('PrepareForSleep', ['b', true]));
      return events.includes('sleep');
    });
    const pid = () => Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
    const before = pid();
    bus.emit(signal('PrepareForSleep', ['b', false]));
    await until('the lock again', () => isLocked() && pid() > 0 && pid() !== before);
    answer.resolve(undefined);
    await until('the answer', () => events.includes('answered'));
    bus.emit(signal('PrepareForShutdown', ['s', 'invalid']));
    await until('a later signal', () => events.includes('system_event_invalid'));
    expect(isLocked()).toBe(true);
  });

  test('logind: signals with another content -> no event, one log line each', async () => {
    const source = new LogindSleep({ clock: systemClock, logger, env: bus.env });
    stops.push(
      source.watch((event) => {
        events.push(event);
        return Promise.resolve();
      }),
    );
    await until('the first event', () => {
      if (!events.includes('shutdown')) bus.emit(signal('PrepareForShutdown', ['b', true]));
      return events.includes('shutdown');
    });
    events = [];
    bus.emit(signal('PrepareForSleep', ['s', 'true']));
    bus.emit(signal('PrepareForSleep', ['b', true], ['b', true]));
    bus.emit(signal('PrepareForSleep'));
    bus.emit(
      signal('PrepareForSleep', ['s', `${'x'.repeat(100_000)}\n/org/freedesktop/login1: ${LOGIND}.Manager.PrepareForSleep (true,)`]),
    );
    bus.emit(signal('SessionNew', ['s', 'c1']));
    bus.emit({ ...signal('PrepareForSleep', ['b', true]), path: '/elsewhere' });
    bus.emit(signal('PrepareForSleep', ['b', false]));
    await until('the last event', () => events.includes('wake'));
    expect(events.filter((event) => event !== 'system_tool_ended')).toEqual([
      ...Array.from({ length: 4 }, () => 'system_event_invalid'),
      'wake',
    ]);
  });

  describe('battery', () => {
    let facts: unknown[];
    const changed = (value: BusValue): BusSignal => ({
      path: '/org/freedesktop/UPower',
      name: 'org.freedesktop.DBus.Properties',
      member: 'PropertiesChanged',
      body: [
        ['s', UPOWER],
        ['a{sv}', [['OnBattery', value]]],
        ['as', []],
      ],
    });
    const supply = (name: string, files: Readonly<Record<string, string>>) => {
      mkdirSync(path.join(folder, name), { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, name, file), `${text}\n`);
    };
    const watch = (env: NodeJS.ProcessEnv, clock: Clock = systemClock) => {
      facts = [];
      stops.push(new LinuxBattery({ clock, logger, env, suppliesFolder: folder }).watch((fact) => facts.push(fact)));
    };

    test('UPower: first value and each change', async () => {
      bus.setProperty('OnBattery', ['b', false]);
      watch(bus.env);
      await until('the first value', () => facts.length > 0);
      expect(facts[0]).toEqual({ known: true, value: false });
      bus.setProperty('OnBattery', ['b', true]);
      await until('the change', () => {
        bus.emit(changed(['b', true]));
        return (facts.at(-1) as { value?: boolean }).value === true;
      });
    });

    test('UPower: value of another type, or a signal against the property -> changes nothing', async () => {
      supply('BAT0', { type: 'Battery', status: 'Charging' });
      supply('AC', { type: 'Mains', online: '1' });
      bus.setProperty('OnBattery', ['s', 'yes']);
      watch(bus.env);
      await until('the log line', () => events.includes('system_event_invalid'));
      await until('the fact of the kernel', () => facts.length > 0);
      bus.setProperty('OnBattery', ['b', false]);
      const { reads } = bus;
      await until('another read', () => {
        bus.emit(changed(['b', true]));
        return bus.reads > reads + 1;
      });
      expect(new Set(facts.map((fact) => (fact as { value: boolean }).value))).toEqual(new Set([false]));
    });

    test('UPower without gdbus -> the property is read every 10 s', async () => {
      const clock = new ManualClock();
      const tools = path.join(folder, 'tools');
      mkdirSync(tools);
      symlinkSync(execFileSync('which', ['busctl'], { encoding: 'utf8' }).trim(), path.join(tools, 'busctl'));
      bus.setProperty('OnBattery', ['b', false]);
      watch({ ...bus.env, PATH: tools }, clock);
      await until('the end of the monitor', () => events.includes('system_tool_ended'));
      bus.setProperty('OnBattery', ['b', true]);
      await until('the change', () => {
        clock.advance(10_000);
        return (facts.at(-1) as { value?: boolean } | undefined)?.value === true;
      });
      bus.setProperty('OnBattery', ['b', false]);
      await until('the next change', () => {
        clock.advance(10_000);
        return (facts.at(-1) as { value?: boolean }).value === false;
      });
    });

    test('no bus: the power supplies of the kernel, every 10 s', async () => {
      const clock = new ManualClock();
      supply('BAT0', { type: 'Battery', status: 'Discharging' });
      supply('mouse', { type: 'Battery', status: 'Discharging', scope: 'Device' });
      supply('AC', { type: 'Mains', online: '0' });
      watch({ PATH: process.env['PATH'] }, clock);
      await until('the first fact', () => facts.length === 1);
      supply('AC', { type: 'Mains', online: '1' });
      clock.advance(10_000);
      await until('the second fact', () => facts.length === 2);
      expect(facts).toEqual([
        { known: true, value: true },
        { known: true, value: false },
      ]);
    });
  });
});
