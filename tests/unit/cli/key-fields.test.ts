// What the options of `muster keys` become, and the limits of a key as a terminal shows them.
import { describe, expect, test } from 'vitest';
import { type Invocation, Options } from '../../../src/main/cli/command';
import { createBody, limitsText, ownKeyText, updateBody } from '../../../src/main/cli/key-fields';
import { keysText } from '../../../src/main/cli/keys-command';
import { keyLimitsSchema } from '../../../src/shared/api/members';
import { ok } from '../../../src/shared/result';
import { keyView } from '../../fixtures/app-states/trust';
import { fakeIo } from './fake-io';

type Given = ConstructorParameters<typeof Options>[0];
const invocation = (given: Given): Invocation => ({ io: fakeIo(), operands: [], options: new Options(given) });
const update = (given: Given) => updateBody(invocation(given));

describe('update', () => {
  test.each<[string, Given, object]>([
    ['a limit', { 'tokens-per-day': '900' }, { limits: { tokens_per_day: 900 } }],
    ['no limit', { 'tokens-per-day': 'none', 'max-queued': 'none' }, { limits: { tokens_per_day: null, max_queued: null } }],
    ['a class', { priority: 'high' }, { limits: { priority: 'high' } }],
    ['no class', { priority: 'none' }, { limits: { priority: null } }],
    ['models', { models: 'a,b' }, { models: ['a', 'b'] }],
    ['all models', { models: 'all' }, { models: null }],
    ['roles', { role: ['viewer', 'client'] }, { roles: ['viewer', 'client'] }],
    ['an expiry', { expires: '1h' }, { expires_in_seconds: 3600 }],
    ['no expiry', { expires: 'never' }, { expires_in_seconds: null }],
  ])('%s -> only that', (_what, given, body) => {
    expect(update(given)).toEqual(ok(body));
  });

  test.each<[string, Given, string]>([
    ['nothing', {}, 'update: no option says what changes'],
    ['a text', { 'max-at-once': 'many' }, '--max-at-once: expected a number'],
    ['a number out of range', { 'tokens-per-minute': '0' }, '--tokens-per-minute: expected at least 1'],
    ['an unknown class', { priority: 'urgent' }, '--priority: expected "high", "normal" or "low"'],
    ['an unknown duration', { expires: 'soon' }, '--expires: '],
    ['no models', { models: 'none' }, '--models: expected names of models with commas between them, or `all`'],
  ])('%s -> the option is named', (_what, given, error) => {
    expect(update(given)).toEqual({ ok: false, error: expect.stringContaining(error) as string });
  });
});

test.each<[string, Given, object]>([
  ['models', { models: 'a,b' }, { models: ['a', 'b'], expires_in_seconds: null }],
  ['all models', { models: 'all' }, { models: null, expires_in_seconds: null }],
  ['an expiry', { expires: '1h' }, { models: null, expires_in_seconds: 3600 }],
  ['no expiry', { expires: 'never' }, { models: null, expires_in_seconds: null }],
])('create: %s -> as the list of keys shows it', (_what, given, body) => {
  const created = createBody(invocation(given), 'a');
  expect(created).toMatchObject(ok(body));
});

test('create: models none -> refused: a key for a model of that name could use nothing', () => {
  expect(createBody(invocation({ models: 'none' }), 'a')).toEqual({ ok: false, error: expect.stringContaining('`all`') as string });
});

test('create: a limit that is out of range -> named by its option', () => {
  expect(createBody(invocation({ 'requests-per-minute': '1.5' }), 'a')).toEqual({
    ok: false,
    error: expect.stringContaining('--requests-per-minute: ') as string,
  });
});

test.each([
  [{}, undefined, '-'],
  [{ priority: 'normal' }, undefined, '-'],
  [{ tokens_per_day: 1000 }, undefined, '1000 tokens/day'],
  [
    { requests_per_second: 2, megabytes_per_minute: 5, max_queued: 0, max_streams: 3, max_priority: -1 },
    undefined,
    '2 requests/s, 5 MB/min, 0 queued, 3 streams, priority up to -1',
  ],
  [{ tokens_per_day: 1000 }, { at_once: 0, tokens_today: 20 }, '20 of 1000 tokens/day'],
  [
    { requests_per_minute: 60, tokens_per_minute: 500, max_at_once: 2, priority: 'low' },
    { at_once: 1, tokens_today: 20 },
    '60 requests/min, 500 tokens/min, 2 at once, priority low',
  ],
] as const)('limits %j with use %j -> %s', (limits, use, text) => {
  const key = keyView('a', { limits: keyLimitsSchema.parse(limits), ...(use === undefined ? {} : { use }) });
  expect(limitsText(key)).toBe(text);
  expect(keysText([key], 0)).toContain(text);
});

describe('the own key', () => {
  const own = {
    id: 'key-1',
    name: 'night\u001b[2J',
    roles: ['client' as const],
    models: ['llm-a', 'llm-b'],
    expires_at: 3_600_000,
    priority: 'low' as const,
    use: { at_once: 1, tokens_today: 700, tokens_reserved: 300 },
    limits: [
      { limit: 'tokens_per_day' as const, max: 2000, used: 700, reserved: 300, left: 1000, resets_in_seconds: 22_327 },
      { limit: 'max_at_once' as const, max: 2, used: 1, reserved: 0, left: 1, resets_in_seconds: null },
    ],
  };

  test('limits -> a line each, with what is used, reserved and left; control characters are escaped', () => {
    const text = ownKeyText(own, 0);
    expect(text).toContain('Key night\\u001b[2J (key-1), expires in 60 min');
    expect(text).toContain('Models: llm-a, llm-b. Priority: low.');
    expect(text).toMatch(/tokens\/day +2000 +700 +300 +1000 +6h12m7s/);
    expect(text).toMatch(/at once +2 +1 +0 +1 +when requests end/);
  });

  test('no limits, no key -> said', () => {
    const text = ownKeyText({ ...own, id: null, models: null, limits: [], use: { at_once: 0, tokens_today: 0 } }, 0);
    expect(text).toContain('The request has no key.\nModels: all.');
    expect(text).toContain('No limits for requests to models.');
  });
});
