// The pause of a computer: the owner's choice and the rules, as a table of histories.
import { describe, expect, test } from 'vitest';
import {
  causesOf,
  nextEndWallMs,
  NOT_PAUSED,
  pauseAt,
  pausedByOwner,
  pauseEndFault,
  type PauseState,
  reportedPauseOf,
  type RulePause,
  sharedNow,
  withRules,
} from '../../../../src/main/agent/core/pause';
import { MAX_PAUSE_MS } from '../../../../src/shared/protocol/pauses';

const T = 1_000_000;
const game: RulePause = { code: 'full_screen', untilWallMs: null, detail: 'Factorio' };
const night: RulePause = { code: 'schedule', untilWallMs: T + 500, detail: null };
const moving: RulePause = { code: 'process', untilWallMs: null, detail: 'Blender', runningJobs: 'move' };

type Step = (state: PauseState) => PauseState;
const owner =
  (untilWallMs: number | null, runningJobs: 'finish' | 'move' = 'finish'): Step =>
  (state) =>
    pausedByOwner(state, { sinceWallMs: T, untilWallMs, runningJobs });
const rules =
  (...holding: readonly RulePause[]): Step =>
  (state) =>
    withRules(state, holding, T);
const at =
  (wallMs: number): Step =>
  (state) =>
    pauseAt(state, wallMs);
const share: Step = sharedNow;

describe('reported pause', () => {
  test.each<readonly [string, readonly Step[], object | null]>([
    ['nothing -> shares', [], null],
    ['owner, no end', [owner(null)], { reason_code: 'owner' }],
    ['owner, with an end', [owner(T + 100)], { reason_code: 'owner', until: T + 100 }],
    ['owner, jobs move', [owner(null, 'move')], { reason_code: 'owner', timeout_seconds: 0 }],
    ['owner, before the end', [owner(T + 100), at(T + 99)], { reason_code: 'owner', until: T + 100 }],
    ['owner, at the end -> shares', [owner(T + 100), at(T + 100)], null],
    ['owner, clock set far forward -> shares', [owner(T + 100), at(T * 10)], null],
    ['owner, resumed -> shares', [owner(null), share], null],
    ['rule with a detail', [rules(game)], { reason_code: 'full_screen', detail: 'Factorio' }],
    ['rule ends -> shares', [rules(game), rules()], null],
    ['rule with an end, at the end -> shares', [rules(night), at(T + 500)], null],
    ['two rules -> the one that ends last', [rules(night, game)], { reason_code: 'full_screen', detail: 'Factorio' }],
    ['two rules, the last one ends -> the other one', [rules(night, game), rules(night)], { reason_code: 'schedule', until: T + 500 }],
    [
      'two rules, one lets jobs move -> jobs move',
      [rules(game, moving)],
      { reason_code: 'full_screen', detail: 'Factorio', timeout_seconds: 0 },
    ],
    ['owner ends before the rule -> the rule', [owner(T + 100), rules(night)], { reason_code: 'schedule', until: T + 500 }],
    ['owner ends after the rule -> the owner', [owner(T + 900), rules(night)], { reason_code: 'owner', until: T + 900 }],
    ['owner and rule without ends -> the owner', [rules(game), owner(null)], { reason_code: 'owner' }],
    ['owner resumes, a rule holds -> shares against it', [rules(game), owner(null), share], null],
    ['share now, the rule holds on -> shares', [rules(game), share, rules(game)], null],
    [
      'share now, the rule ends and holds again -> paused',
      [rules(game), share, rules(), rules(game)],
      { reason_code: 'full_screen', detail: 'Factorio' },
    ],
    ['share now, another rule begins -> paused', [rules(game), share, rules(game, night)], { reason_code: 'schedule', until: T + 500 }],
    [
      'share now, another program of the rule begins -> paused',
      [rules(game), share, rules({ ...game, detail: 'Doom' })],
      { reason_code: 'full_screen', detail: 'Doom' },
    ],
    [
      'share now, then paused by hand and ended -> the rule holds again',
      [rules(game), share, owner(T + 9), at(T + 9)],
      { reason_code: 'full_screen', detail: 'Factorio' },
    ],
    [
      'detail with control characters and too long -> plain and short',
      [rules({ ...game, detail: `a\u0000\u202eb${'c'.repeat(300)}` })],
      { reason_code: 'full_screen', detail: `ab${'c'.repeat(126)}` },
    ],
  ])('%s', (_case, steps, reported) => {
    expect(reportedPauseOf(steps.reduce((state, step) => step(state), NOT_PAUSED))).toEqual(reported);
  });
});

test('causes: all that hold, the owner first, each with its own beginning', () => {
  const first = withRules(NOT_PAUSED, [game], T);
  const state = pausedByOwner(withRules(first, [night, game], T + 50), { sinceWallMs: T + 60, untilWallMs: null, runningJobs: 'finish' });
  expect(causesOf(state).map(({ code, sinceWallMs }) => [code, sinceWallMs])).toEqual([
    ['owner', T + 60],
    ['schedule', T + 50],
    ['full_screen', T],
  ]);
});

test('rules: the same rules again -> the same state', () => {
  const state = withRules(NOT_PAUSED, [game, night], T);
  expect(withRules(state, [night, game], T + 9)).toBe(state);
  expect(pauseAt(state, T + 9)).toBe(state);
});

test('rules: none holds after a restart -> an override of before has ended', () => {
  const restarted: PauseState = { ...NOT_PAUSED, overridden: [{ code: 'full_screen', detail: 'Factorio' }] };
  expect(withRules(restarted, [], T)).toEqual(NOT_PAUSED);
  expect(causesOf(withRules(withRules(restarted, [], T), [game], T)).map(({ code }) => code)).toEqual(['full_screen']);
});

test('next end: the earliest known one', () => {
  expect(nextEndWallMs(rules(game)(NOT_PAUSED))).toBeNull();
  expect(nextEndWallMs(owner(T + 900)(rules(game, night)(NOT_PAUSED)))).toBe(T + 500);
});

test.each([
  [null, null],
  [T, 'in_the_past'],
  [T + 1, null],
  [T + MAX_PAUSE_MS, null],
  [T + MAX_PAUSE_MS + 1, 'too_late'],
])('end of a pause: %s -> %s', (untilWallMs, fault) => {
  expect(pauseEndFault(untilWallMs, T)).toBe(fault);
});
