import { describe, expect, test } from 'vitest';
import { withEvent, NO_TOKENS, rateOfAnswer, rateOfStream } from '../../../../../src/main/runtimes/core/measuring/token-rate';

const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
const token = delta({ content: ' one' });
const usage = (completion_tokens: unknown) => ({ choices: [], usage: { prompt_tokens: 9, completion_tokens, total_tokens: 20 } });
const timings = (predicted_n: unknown, predicted_per_second: unknown) => ({ choices: [], timings: { predicted_n, predicted_per_second } });
const every = (ms: number, count: number, what: unknown = token) => Array.from({ length: count }, (_, i) => [1000 + i * ms, what] as const);

const rateOf = (events: readonly (readonly [atMonotonicMs: number, data: unknown])[]): number | null =>
  rateOfStream(events.reduce((timing, [atMonotonicMs, data]) => withEvent(timing, data, atMonotonicMs), NO_TOKENS));

describe('rateOfStream', () => {
  test.each<readonly [string, readonly (readonly [number, unknown])[], number | null]>([
    ['from the first token on', every(20, 11), 50],
    ['without the time before the first token', [[0, delta({ role: 'assistant', content: '' })], ...every(20, 11)], 50],
    ['token count of the runtime', [...every(20, 11), [1200, usage(21)]], 100],
    ['rate of the runtime', [...every(20, 11), [1200, { ...usage(21), ...timings(21, 77.777777) }]], 77.78],
    ['reasoning tokens count', every(20, 11, delta({ reasoning_content: 'hm' })), 50],
    ['reasoning tokens under the other name count', every(20, 11, delta({ reasoning: 'hm' })), 50],
    ['too few tokens -> null', every(20, 3), null],
    ['rate of the runtime over too few tokens -> null', every(20, 3).concat([[1060, timings(3, 90)]]), null],
    ['all in one piece -> null', every(0.1, 32), null],
    ['no event -> null', [], null],
    ['events of another format -> null', every(20, 11, { choices: 'none', delta: 3 }), null],
    ['invalid figures -> ignored', [...every(20, 11), [1200, usage('many')], [1201, timings(11, -5)], [1202, null]], 50],
    ['limited to the maximum', [...every(20, 11), [1200, timings(1e9, 1e30)]], 1_000_000],
  ])('%s', (_title, events, expected) => {
    expect(rateOf(events)).toBe(expected);
  });
});

describe('rateOfAnswer', () => {
  test.each<readonly [string, unknown, number, number | null]>([
    ['tokens read', { usage: { prompt_tokens: 120, total_tokens: 120 } }, 60, 2000],
    ['only a total -> all tokens', { usage: { total_tokens: 240 } }, 60, 4000],
    ['no usage -> null', { data: [] }, 60, null],
    ['zero tokens -> null', { usage: { prompt_tokens: 0, total_tokens: 0 } }, 60, null],
    ['no duration -> null', { usage: { prompt_tokens: 120 } }, 0, null],
  ])('%s', (_title, body, tookMs, expected) => {
    expect(rateOfAnswer(body, tookMs)).toBe(expected);
  });
});
