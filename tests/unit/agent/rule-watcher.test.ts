// The rules of the owner over time, with sources and a clock that the test controls.
import { expect, test } from 'vitest';
import { NO_RULES, type OwnerRules } from '../../../src/main/agent/core/rules/judge-rules';
import { RuleWatcher } from '../../../src/main/agent/rule-watcher';
import { known } from '../../../src/main/hardware/parse/reading';
import { knownFact, NOT_SUPPORTED } from '../../../src/main/system-events/parse/fact';
import { FakeHardware, gpu } from '../../support/fake-hardware';
import { FakeSource } from '../../support/fake-source';
import { ManualClock } from '../../support/manual-clock';

function started(rules: Partial<OwnerRules>) {
  const clock = new ManualClock();
  const fullScreen = new FakeSource<string | null>();
  const reported: string[] = [];
  const watcher = new RuleWatcher({
    rules: { ...NO_RULES, ...rules },
    sources: { fullScreen },
    clock,
    onPauses: (pauses) => reported.push(pauses.map(({ code }) => code).join(' ')),
  });
  watcher.start();
  return { watcher, clock, fullScreen, reported };
}

const reading = async (celsius: number | null) => {
  const hardware = new FakeHardware();
  hardware.adapters = [gpu({ live: { ...gpu().live, ...(celsius === null ? {} : { temperatureC: known(celsius) }) } })];
  return hardware.load();
};

test('first facts: reported when each rule has one', async () => {
  const { watcher, fullScreen, reported } = started({ fullScreen: { except: [] }, maxCelsius: 80 });
  const hot = await reading(90);
  watcher.onReading(hot, hot);
  expect(reported).toEqual([]);
  fullScreen.set(knownFact(null));
  expect(reported).toEqual(['temperature']);
});

test('first facts: one never comes -> the others are reported after 15 s', async () => {
  const { watcher, clock, reported } = started({ fullScreen: { except: [] }, maxCelsius: 80 });
  const hot = await reading(90);
  clock.advance(14_999);
  watcher.onReading(hot, hot);
  expect(reported).toEqual([]);
  clock.advance(1);
  watcher.onReading(hot, hot);
  expect(reported).toEqual(['temperature']);
});

test('a reading of other GPUs only -> the temperature of the offered ones counts', async () => {
  const { watcher, reported } = started({ maxCelsius: 80 });
  watcher.onReading(await reading(90), await reading(50));
  expect([reported, watcher.views()]).toEqual([
    [''],
    [{ code: 'temperature', state: 'clear', program: null, celsius: 50, changes_at: null }],
  ]);
});

test('rules change -> sources are watched only while they are needed', () => {
  const { watcher, fullScreen, reported } = started({});
  expect([fullScreen.watchers, reported]).toEqual([0, ['']]);
  watcher.configure({ ...NO_RULES, fullScreen: { except: [] } });
  watcher.configure({ ...NO_RULES, fullScreen: { except: ['vlc'] } });
  fullScreen.set(knownFact('Factorio'));
  expect([fullScreen.watchers, reported.at(-1)]).toEqual([1, 'full_screen']);
  watcher.configure(NO_RULES);
  expect([fullScreen.watchers, reported.at(-1)]).toEqual([0, '']);
  watcher.stop();
  watcher.configure({ ...NO_RULES, fullScreen: { except: [] } });
  expect(fullScreen.watchers).toBe(0);
});

test('a source says that it cannot tell, or there is none -> not supported, no pause', () => {
  const { watcher, fullScreen, reported } = started({ fullScreen: { except: [] }, onlyOnMains: true });
  fullScreen.set(NOT_SUPPORTED);
  expect([reported.at(-1), watcher.views().map(({ code, state }) => [code, state])]).toEqual([
    '',
    [
      ['full_screen', 'not_supported'],
      ['battery', 'not_supported'],
    ],
  ]);
});

test('programs: needed only by their rule', () => {
  expect([started({}).watcher.needsPrograms(), started({ programs: ['blender'] }).watcher.needsPrograms()]).toEqual([false, true]);
});
