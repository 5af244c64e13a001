// The rules of the owner as histories: what is known at each time, and which pauses follow.
import { describe, expect, test } from 'vitest';
import {
  judgeRules,
  type Judgement,
  NO_RULES,
  type OwnerRules,
  type RulesState,
} from '../../../../../src/main/agent/core/rules/judge-rules';
import { NOTHING_READ, type RuleFacts } from '../../../../../src/main/agent/core/rules/rule-facts';
import { knownFact, NOT_SUPPORTED } from '../../../../../src/main/system-events/parse/fact';

const T = 1_800_000_000_000;
type Step = readonly [afterSeconds: number, facts: Partial<RuleFacts>];

const at = (afterSeconds: number) => ({ wallMs: T + afterSeconds * 1000, monotonicMs: afterSeconds * 1000 });
const history = (rules: Partial<OwnerRules>, steps: readonly Step[]): readonly Judgement[] => {
  let state: RulesState = {};
  return steps.map(([afterSeconds, facts]) => {
    const judged = judgeRules(state, { ...NOTHING_READ, ...facts }, { ...NO_RULES, ...rules }, at(afterSeconds));
    state = judged.state;
    return judged;
  });
};
/** `full_screen Factorio +120`: until 120 s after the start. */
const texts = (judged: Judgement): string =>
  judged.pauses
    .map(({ code, detail, untilWallMs }) => [code, detail, untilWallMs === null ? null : `+${String((untilWallMs - T) / 1000)}`])
    .map((parts) => parts.filter((part) => part !== null).join(' '))
    .join(', ');

const full = (name: string | null) => ({ fullScreen: knownFact(name) });
const hot = (celsius: number) => ({ celsius: knownFact(celsius) });
const battery = (isOn: boolean) => ({ onBattery: knownFact(isOn) });
const programs = (...names: readonly string[]) => ({ programs: knownFact(names) });

describe('pauses', () => {
  test.each<readonly [string, Partial<OwnerRules>, readonly Step[], readonly string[]]>([
    ['no rule -> none, whatever the facts', {}, [[0, { ...full('Factorio'), ...hot(99), ...battery(true), ...programs('blender') }]], ['']],
    [
      'full screen',
      { fullScreen: { except: [] } },
      [
        [0, full(null)],
        [1, full('Factorio')],
      ],
      ['', 'full_screen Factorio'],
    ],
    [
      'full screen, closed -> 2 min later, with the end',
      { fullScreen: { except: [] } },
      [
        [0, full('Factorio')],
        [10, full(null)],
        [129, full(null)],
        [130, full(null)],
      ],
      ['full_screen Factorio', 'full_screen Factorio +130', 'full_screen Factorio +130', ''],
    ],
    [
      'full screen, closed and opened again -> from the beginning',
      { fullScreen: { except: [] } },
      [
        [0, full('Factorio')],
        [10, full(null)],
        [100, full('Factorio')],
        [200, full(null)],
        [319, full(null)],
        [320, full(null)],
      ],
      [
        'full_screen Factorio',
        'full_screen Factorio +130',
        'full_screen Factorio',
        'full_screen Factorio +320',
        'full_screen Factorio +320',
        '',
      ],
    ],
    [
      'full screen, an exception',
      { fullScreen: { except: ['VLC.exe'] } },
      [
        [0, full('/usr/bin/vlc')],
        [1, full('vlcx')],
      ],
      ['', 'full_screen vlcx'],
    ],
    [
      'full screen, then unknown -> ends after the delay',
      { fullScreen: { except: [] } },
      [
        [0, full('Factorio')],
        [10, { fullScreen: NOT_SUPPORTED }],
        [130, { fullScreen: NOT_SUPPORTED }],
      ],
      ['full_screen Factorio', 'full_screen Factorio +130', ''],
    ],
    [
      'program, the first of the list counts',
      { programs: ['Blender', 'factorio'] },
      [
        [0, programs('chrome')],
        [1, programs('factorio', 'chrome')],
        [2, programs('factorio', 'C:\\Blender\\blender.exe')],
      ],
      ['', 'process factorio', 'process C:\\Blender\\blender.exe'],
    ],
    [
      'program, closed',
      { programs: ['x'] },
      [
        [0, programs('x')],
        [1, programs()],
        [121, programs()],
      ],
      ['process x', 'process x +121', ''],
    ],
    [
      'battery -> at once; mains -> after 10 s',
      { onlyOnMains: true },
      [
        [0, battery(false)],
        [1, battery(true)],
        [2, battery(false)],
        [11, battery(false)],
        [12, battery(false)],
      ],
      ['', 'battery', 'battery', 'battery', ''],
    ],
    [
      'temperature: above the limit; ends 5 below it for 30 s',
      { maxCelsius: 83 },
      [
        [0, hot(83)],
        [1, hot(84)],
        [2, hot(79)],
        [60, hot(79)],
        [61, hot(78)],
        [90, hot(78)],
        [91, hot(78)],
      ],
      ['', 'temperature > 83 °C', 'temperature > 83 °C', 'temperature > 83 °C', 'temperature > 83 °C', 'temperature > 83 °C', ''],
    ],
    [
      'temperature, warmer within the 30 s -> they begin again',
      { maxCelsius: 83 },
      [
        [0, hot(84)],
        [1, hot(78)],
        [20, hot(79)],
        [21, hot(78)],
        [31, hot(78)],
        [51, hot(78)],
      ],
      ['temperature > 83 °C', 'temperature > 83 °C', 'temperature > 83 °C', 'temperature > 83 °C', 'temperature > 83 °C', ''],
    ],
    ['temperature, lower limit -> at once', { maxCelsius: 60 }, [[0, hot(74)]], ['temperature > 60 °C']],
    ['unknown facts -> no pause', { onlyOnMains: true, maxCelsius: 83, programs: ['x'], fullScreen: { except: [] } }, [[0, {}]], ['']],
    [
      'several -> all, in a fixed order',
      { onlyOnMains: true, maxCelsius: 83, fullScreen: { except: [] }, programs: ['x'] },
      [[0, { ...hot(90), ...battery(true), ...full('y'), ...programs('x') }]],
      ['full_screen y, process x, battery, temperature > 83 °C'],
    ],
  ])('%s', (_case, rules, steps, expected) => {
    expect(history(rules, steps).map(texts)).toEqual(expected);
  });

  test('a rule that is turned off -> ends at once', () => {
    const [judged] = history({ maxCelsius: 83 }, [[0, hot(90)]]);
    expect(judgeRules(judged?.state ?? {}, { ...NOTHING_READ, ...hot(90) }, NO_RULES, at(1))).toEqual({ state: {}, pauses: [], rules: [] });
  });

  test('running jobs: as the owner chose', () => {
    const [judged] = history({ maxCelsius: 83, runningJobs: 'move' }, [[0, hot(90)]]);
    expect(judged?.pauses[0]?.runningJobs).toBe('move');
  });
});

describe('schedule', () => {
  const monday = new Date(2026, 10, 30).getTime();
  const hours = [{ days: [1], fromMinutes: 540, toMinutes: 1020 }];
  const judge = (minutes: number) =>
    judgeRules({}, NOTHING_READ, { ...NO_RULES, hours }, { wallMs: monday + minutes * 60_000, monotonicMs: minutes * 60_000 });

  test('outside the hours -> paused until they begin', () => {
    expect(judge(0).pauses).toEqual([{ code: 'schedule', untilWallMs: monday + 540 * 60_000, detail: null, runningJobs: 'finish' }]);
  });

  test('in the hours -> not paused, with the end of the hours', () => {
    expect(judge(540)).toEqual({
      state: {},
      pauses: [],
      rules: [{ code: 'schedule', state: 'clear', changesAtWallMs: monday + 1020 * 60_000 }],
    });
  });

  test('the hours begin -> not paused at once', () => {
    const before = judge(539);
    const now = { wallMs: monday + 540 * 60_000, monotonicMs: 540 * 60_000 };
    expect(judgeRules(before.state, NOTHING_READ, { ...NO_RULES, hours }, now).pauses).toEqual([]);
  });
});

test('rules that are on: their state, and why one cannot pause', () => {
  const rules = { onlyOnMains: true, maxCelsius: 83, fullScreen: { except: [] }, programs: ['x'] };
  const [judged] = history(rules, [[0, { ...hot(90), onBattery: NOT_SUPPORTED, ...programs() }]]);
  expect(judged?.rules.map(({ code, state }) => [code, state])).toEqual([
    ['full_screen', 'not_read'],
    ['process', 'clear'],
    ['battery', 'not_supported'],
    ['temperature', 'holds'],
  ]);
});
