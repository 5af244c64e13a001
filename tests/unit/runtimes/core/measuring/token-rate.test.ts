import { describe, expect, test } from 'vitest';
import { hear, NOTHING_HEARD, rateOfAnswer, rateOfStream } from '../../../../../src/main/runtimes/core/measuring/token-rate';

const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
const token = delta({ content: ' one' });
const usage = (completion_tokens: unknown) => ({ choices: [], usage: { prompt_tokens: 9, completion_tokens, total_tokens: 20 } });
const told = (predicted_n: unknown, predicted_per_second: unknown) => ({ choices: [], timings: { predicted_n, predicted_per_second } });
const every = (ms: number, count: number, what: unknown = token) => Array.from({ length: count }, (_, i) => [1000 + i * ms, what] as const);

const rateOf = (events: readonly (readonly [atMs: number, data: unknown])[]): number | null =>
  rateOfStream(events.reduce((heard, [atMs, data]) => hear(heard, data, atMs), NOTHING_HEARD));

describe('the rate of a stream', () => {
  test.each<readonly [string, readonly (readonly [number, unknown])[], number | null]>([
    ['is counted from the first token on', every(20, 11), 50],
    ['does not count the waiting for the first token', [[0, delta({ role: 'assistant', content: '' })], ...every(20, 11)], 50],
    ['goes by the tokens that the runtime counted', [...every(20, 11), [1200, usage(21)]], 100],
    ['is the runtime’s own where it tells one', [...every(20, 11), [1200, { ...usage(21), ...told(21, 77.777777) }]], 77.78],
    ['counts what is thought as well as what is said', every(20, 11, delta({ reasoning_content: 'hm' })), 50],
    ['counts thoughts under their other name', every(20, 11, delta({ reasoning: 'hm' })), 50],
    ['is not told by a few tokens', every(20, 3), null],
    ['is not told by a runtime that counted a few', every(20, 3).concat([[1060, told(3, 90)]]), null],
    ['is not told by what came in one piece', every(0.1, 32), null],
    ['is not told by nothing', [], null],
    ['is not told by events of another shape', every(20, 11, { choices: 'none', delta: 3 }), null],
    ['passes over figures that are none', [...every(20, 11), [1200, usage('many')], [1201, told(11, -5)], [1202, null]], 50],
    ['is bounded', [...every(20, 11), [1200, told(1e9, 1e30)]], 1_000_000],
  ])('%s', (_title, events, expected) => {
    expect(rateOf(events)).toBe(expected);
  });
});

describe('the rate of an answer', () => {
  test.each<readonly [string, unknown, number, number | null]>([
    ['is that of the tokens read', { usage: { prompt_tokens: 120, total_tokens: 120 } }, 60, 2000],
    ['goes by all tokens where those read are not told apart', { usage: { total_tokens: 240 } }, 60, 4000],
    ['is not told by a runtime that counts none', { data: [] }, 60, null],
    ['is not told by a count of nothing', { usage: { prompt_tokens: 0, total_tokens: 0 } }, 60, null],
    ['is not told by no time', { usage: { prompt_tokens: 120 } }, 0, null],
  ])('%s', (_title, body, tookMs, expected) => {
    expect(rateOfAnswer(body, tookMs)).toBe(expected);
  });
});
