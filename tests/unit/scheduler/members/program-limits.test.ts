import { describe, expect, test } from 'vitest';
import { type KeyLimits, keyLimitsSchema } from '../../../../src/shared/api/members';
import {
  NO_RESERVATION,
  type ProgramUse,
  rateLimitsOf,
  reserve,
  resumed,
  settle,
  UNUSED,
} from '../../../../src/main/scheduler/members/core/program-limits';
import { limitUsesOf } from '../../../../src/main/scheduler/members/core/limit-uses';
import { utcDayAt } from '../../../../src/main/scheduler/members/core/utc-day';

const START_WALL_MS = Date.parse('2026-11-30T12:00:00Z');
const HALF_DAY_SECONDS = 12 * 3600;
const limits = (given: Partial<KeyLimits>): KeyLimits => keyLimitsSchema.parse(given);
/** After so many seconds of the test. */
const at = (seconds: number) => ({ wallMs: START_WALL_MS + seconds * 1000, monotonicMs: seconds * 1000 });
const dayAt = (seconds: number) => utcDayAt(at(seconds).wallMs);

/** Requests of one key: each takes what the limits allow. */
class Key {
  use: ProgramUse = UNUSED;

  constructor(readonly limits: KeyLimits) {}

  ask(tokens: number, seconds = 0) {
    const { use, reserved, reached } = reserve(this.use, this.limits, tokens, at(seconds), dayAt(seconds));
    this.use = use;
    return reached ?? reserved;
  }

  end(reserved: ReturnType<Key['ask']>, tokens: number, seconds = 0): void {
    if ('limit' in reserved) throw new Error(`refused by ${reserved.limit}`);
    this.use = settle(this.use, this.limits, { reserved, tokens }, at(seconds), dayAt(seconds));
  }

  /** Used, reserved, left, resets in, by limit. */
  uses(seconds = 0) {
    const uses = limitUsesOf(this.use, this.limits, at(seconds), dayAt(seconds));
    return Object.fromEntries(uses.map((one) => [one.limit, [one.used, one.reserved, one.left, one.resets_in_seconds]]));
  }

  rates(seconds = 0) {
    return rateLimitsOf(this.use, this.limits, at(seconds), dayAt(seconds));
  }
}

test('no limits -> nothing is refused or shown', () => {
  const key = new Key(limits({ max_queued: 1 }));
  expect(key.ask(1_000_000)).toEqual({ minute: 0, day: 0 });
  expect(key.rates()).toEqual({ requests: null, tokens: null });
});

describe('requests per minute', () => {
  test('as many at once, then one for each part of a minute', () => {
    const key = new Key(limits({ requests_per_minute: 20 }));
    for (let i = 0; i < 20; i++) expect(key.ask(5)).toEqual({ minute: 0, day: 0 });
    expect(key.ask(5)).toEqual({ limit: 'requests_per_minute', max: 20, found: 20, reserved: 0, retryAfterSeconds: 3 });
    expect(key.ask(5, 2.9)).toMatchObject({ limit: 'requests_per_minute' });
    expect(key.ask(5, 3)).toEqual({ minute: 0, day: 0 });
    expect(key.rates(3)).toMatchObject({ requests: { limit: 20, remaining: 0, resetMs: 60_000 } });
    expect(key.rates(63)).toMatchObject({ requests: { limit: 20, remaining: 20, resetMs: 0 } });
  });

  test('limit lowered -> holds from the next request on', () => {
    const key = new Key(limits({ requests_per_minute: 20 }));
    key.ask(5);
    const lower = new Key(limits({ requests_per_minute: 2 }));
    lower.use = key.use;
    expect([lower.ask(5), lower.ask(5), lower.ask(5)]).toMatchObject([
      { minute: 0 },
      { minute: 0 },
      { limit: 'requests_per_minute', max: 2 },
    ]);
  });
});

describe('tokens per minute', () => {
  const key = () => new Key(limits({ tokens_per_minute: 6000 }));

  test('reserved at the start, corrected at the end', () => {
    const program = key();
    const first = program.ask(4000);
    expect(first).toEqual({ minute: 4000, day: 0 });
    const reached = { limit: 'tokens_per_minute', max: 6000, found: 4000, reserved: 4000, wanted: 4000, retryAfterSeconds: 20 };
    expect(program.ask(4000)).toEqual(reached);
    program.end(first, 100);
    expect(program.rates()).toEqual({ requests: null, tokens: { limit: 6000, remaining: 5900, resetMs: 1000 } });
    expect(program.ask(4000)).toEqual({ minute: 4000, day: 0 });
  });

  test('more tokens than reserved -> a debt that is paid off', () => {
    const program = key();
    program.end(program.ask(10), 9000);
    expect(program.rates()).toMatchObject({ tokens: { remaining: 0, resetMs: 90_000 } });
    const reached = { limit: 'tokens_per_minute', max: 6000, found: 9000, reserved: 0, wanted: 100, retryAfterSeconds: 31 };
    expect(program.ask(100)).toEqual(reached);
    expect(program.ask(100, 31)).toEqual({ minute: 100, day: 0 });
  });

  test('a request larger than the limit -> passes when nothing is used, and reserves no more than the limit', () => {
    const program = key();
    expect(program.ask(1_000_000)).toEqual({ minute: 6000, day: 0 });
    expect(program.ask(1)).toMatchObject({ found: 6000 });
  });

  test('a request without tokens -> does not wait for them', () => {
    const program = key();
    program.end(program.ask(10), 9000);
    expect(program.ask(0)).toEqual({ minute: 0, day: 0 });
  });

  test('a reservation of before a long time does not fill the limit above its size', () => {
    const program = key();
    const first = program.ask(4000);
    program.end(first, 10, 3600);
    expect(program.rates(3600)).toMatchObject({ tokens: { limit: 6000, remaining: 6000 } });
  });
});

describe('tokens per day', () => {
  test('used up -> refused until midnight, which the wait names', () => {
    const key = new Key(limits({ tokens_per_day: 1000 }));
    key.end(key.ask(600), 700);
    expect(key.ask(400, 60)).toEqual({
      limit: 'tokens_per_day',
      max: 1000,
      found: 700,
      reserved: 0,
      wanted: 400,
      retryAfterSeconds: HALF_DAY_SECONDS - 60,
    });
    expect(key.ask(300)).toEqual({ minute: 0, day: 300 });
    expect(key.rates()).toEqual({ requests: null, tokens: { limit: 1000, remaining: 0, resetMs: HALF_DAY_SECONDS * 1000 } });
    expect(key.ask(1, HALF_DAY_SECONDS)).toMatchObject({ day: 1 });
  });

  test('only open requests are in the way -> a short wait, since they may use less than they reserved', () => {
    const key = new Key(limits({ tokens_per_day: 1000 }));
    const open = key.ask(1500);
    expect(key.ask(1500)).toMatchObject({ limit: 'tokens_per_day', found: 1000, reserved: 1000, wanted: 1500, retryAfterSeconds: 1 });
    key.end(open, 20);
    expect(key.ask(980)).toMatchObject({ day: 980 });
    expect(key.ask(981)).toMatchObject({ found: 1000, reserved: 980, wanted: 981, retryAfterSeconds: HALF_DAY_SECONDS });
  });

  test('open at midnight -> its reservation goes on, and its tokens count for the day of its end', () => {
    const key = new Key(limits({ tokens_per_day: 1000 }));
    const open = key.ask(400);
    expect(key.ask(700, HALF_DAY_SECONDS)).toMatchObject({ limit: 'tokens_per_day', found: 400, reserved: 400 });
    key.end(open, 250, HALF_DAY_SECONDS + 1);
    expect(key.use).toMatchObject({ day: '2026-12-01', dayTokens: 250, dayReserved: 0, atOnce: 0 });
  });

  test('clock over midnight and back -> the day is not counted from zero again', () => {
    const key = new Key(limits({ tokens_per_day: 1000 }));
    key.end(key.ask(900), 900);
    key.end(key.ask(900, HALF_DAY_SECONDS), 900, HALF_DAY_SECONDS);
    for (const seconds of [0, HALF_DAY_SECONDS, 0]) expect(key.ask(200, seconds)).toMatchObject({ limit: 'tokens_per_day', found: 900 });
    expect(key.ask(200, 3 * HALF_DAY_SECONDS)).toMatchObject({ day: 200 });
  });

  test('clock back by years -> the tokens stay, and the next day begins at zero', () => {
    const key = new Key(limits({ tokens_per_day: 1000 }));
    key.end(key.ask(900, 100_000_000), 900, 100_000_000);
    expect(key.ask(200)).toMatchObject({ limit: 'tokens_per_day', found: 900 });
    expect(key.ask(200, HALF_DAY_SECONDS)).toMatchObject({ day: 200 });
  });

  test('both limits of tokens -> the headers show the one of which less is left', () => {
    const key = new Key(limits({ tokens_per_day: 1000, tokens_per_minute: 900 }));
    expect(key.rates()).toMatchObject({ tokens: { limit: 900 } });
    key.end(key.ask(500), 500);
    expect(key.rates(60)).toMatchObject({ tokens: { limit: 1000, remaining: 500 } });
  });
});

test('requests at once: full -> refused until one ends; a request of an earlier run counts', () => {
  const key = new Key(limits({ max_at_once: 2 }));
  const first = key.ask(1);
  key.use = resumed(key.use);
  expect(key.ask(1)).toEqual({ limit: 'max_at_once', max: 2, found: 2, reserved: 0, retryAfterSeconds: 1 });
  key.end(first, 1);
  expect(key.ask(1)).toEqual({ minute: 0, day: 0 });
  key.end(NO_RESERVATION, 7);
  expect(key.use).toMatchObject({ atOnce: 1, dayTokens: 8 });
});

test('several limits -> the one with the longest wait is named, and nothing is taken of any', () => {
  const key = new Key(limits({ requests_per_minute: 60, tokens_per_minute: 600, tokens_per_day: 600, max_at_once: 1 }));
  const open = key.ask(600);
  const before = key.rates();
  expect(key.ask(1)).toMatchObject({ limit: 'tokens_per_day' });
  expect(key.rates()).toEqual(before);
  key.end(open, 0);
  expect(key.rates()).toMatchObject({ requests: { remaining: 59 }, tokens: { remaining: 600 } });
});

describe('what is left of each limit', () => {
  const key = () => new Key(limits({ requests_per_minute: 60, tokens_per_minute: 6000, max_at_once: 4, tokens_per_day: 100_000 }));

  test('no request -> all is left; no limits -> none', () => {
    expect(key().uses()).toEqual({
      requests_per_minute: [0, 0, 60, 0],
      tokens_per_minute: [0, 0, 6000, 0],
      max_at_once: [0, 0, 4, null],
      tokens_per_day: [0, 0, 100_000, HALF_DAY_SECONDS],
    });
    expect(new Key(limits({ max_queued: 1 })).uses()).toEqual({});
  });

  test('an open request -> its estimate is reserved, not used; when it ends, its tokens are used', () => {
    const program = key();
    const open = program.ask(3000);
    expect(program.uses()).toEqual({
      requests_per_minute: [1, 0, 59, 1],
      tokens_per_minute: [0, 3000, 3000, 30],
      max_at_once: [1, 0, 3, null],
      tokens_per_day: [0, 3000, 97_000, HALF_DAY_SECONDS],
    });
    // 20 s refill 2000 tokens of the minute: the request still has its estimate for the day.
    const later = HALF_DAY_SECONDS - 20;
    expect(program.uses(20)).toMatchObject({ tokens_per_minute: [0, 1000, 5000, 10], tokens_per_day: [0, 3000, 97_000, later] });
    program.end(open, 700, 20);
    expect(program.uses(20)).toMatchObject({ max_at_once: [0, 0, 4, null], tokens_per_day: [700, 0, 99_300, later] });
  });

  test('a debt -> nothing is left, and more than the limit is used', () => {
    const program = key();
    program.end(program.ask(10), 9000);
    expect(program.uses()).toMatchObject({ tokens_per_minute: [9000, 0, 0, 90] });
  });
});
