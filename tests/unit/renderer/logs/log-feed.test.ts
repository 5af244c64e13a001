import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import type { AppApi } from '../../../../src/shared/api/app-api';
import type { LogPage } from '../../../../src/shared/api/logs';
import { LogFeed, type LogFilters, MAX_KEPT_LINES } from '../../../../src/renderer/queries/log-feed';
import { logLine } from '../../../support/log-fakes';

const FILTERS: LogFilters = { level: 'debug', source: null, event: null, nodeId: null, text: '' };
const lines = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => logLine({ id: `${prefix}${String(at)}` }));
const page = (change: Partial<LogPage>): LogPage => ({
  lines: [],
  sources: ['app'],
  older: null,
  newer: 'app:1:1',
  has_newer: false,
  read_to: 5,
  ...change,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A feed over a program with these answers, one after the other; the last one repeats. */
function feedOf(answers: readonly ReturnType<AppApi['call']>[] | readonly unknown[], filters: Partial<LogFilters> = {}) {
  const calls: unknown[] = [];
  const program = {
    isActive: true,
    call: (_name: string, params: unknown) => {
      calls.push(params);
      return Promise.resolve(answers[Math.min(calls.length, answers.length) - 1]);
    },
  };
  const api = { call: program.call as AppApi['call'] };
  const feed = new LogFeed({ api, filters: { ...FILTERS, ...filters }, isActive: () => program.isActive });
  return { feed, calls, program };
}

const ids = (feed: LogFeed): string[] | undefined => feed.state().lines?.map(({ id }) => id);
const next = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('log feed', () => {
  test('first page, then new lines once a second above it', async () => {
    const { feed, calls } = feedOf([
      ok(page({ lines: lines('a', 60), newer: 'app:1:60' })),
      ok(page({ lines: lines('b', 2), newer: 'app:1:80' })),
      ok(page({ newer: 'app:1:80' })),
    ]);
    feed.start();
    await next(0);
    expect(feed.state()).toMatchObject({ added: 0, isSearching: false, hasOlder: false });
    await next(1000);
    expect(ids(feed)?.slice(0, 3)).toEqual(['b0', 'b1', 'a0']);
    expect(feed.state().added).toBe(2);
    await next(1000);
    expect(calls.slice(1)).toEqual([
      { level: 'debug', limit: 500, after: 'app:1:60' },
      { level: 'debug', limit: 500, after: 'app:1:80' },
    ]);
    feed.stop();
    await next(5000);
    expect(calls).toHaveLength(3);
  });

  test('filters are sent; empty ones are not', async () => {
    const { feed, calls } = feedOf([ok(page({}))], { level: 'warn', source: 'app', event: 'x', nodeId: 'n', text: '  disk ' });
    feed.start();
    await next(0);
    expect(calls).toEqual([{ level: 'warn', limit: 500, source: 'app', event: 'x', node_id: 'n', text: 'disk' }]);
    feed.stop();
  });

  test('few lines in a page -> older pages follow, a bounded number; a request continues', async () => {
    const { feed, calls } = feedOf([ok(page({ older: 'app:1:9', read_to: 7 }))]);
    feed.start();
    await next(0);
    expect(calls).toHaveLength(9);
    expect(feed.state()).toMatchObject({ lines: [], hasOlder: true, isSearching: false, readToWallMs: 7 });
    await feed.loadOlder();
    expect(calls).toHaveLength(17);
    feed.stop();
  });

  test('older lines are added below, until the log begins', async () => {
    const { feed, calls } = feedOf([
      ok(page({ lines: lines('a', 50), older: 'app:1:9' })),
      ok(page({ lines: lines('o', 3) })),
      ok(page({})),
    ]);
    feed.start();
    await next(0);
    expect(feed.state().hasOlder).toBe(true);
    await feed.loadOlder();
    expect(ids(feed)?.slice(-3)).toEqual(['o0', 'o1', 'o2']);
    expect(calls[1]).toEqual({ level: 'debug', limit: 500, before: 'app:1:9' });
    expect(feed.state().hasOlder).toBe(false);
    feed.stop();
  });

  test('more waits behind a page -> read at once', async () => {
    const { feed, calls } = feedOf([
      ok(page({ lines: lines('a', 60) })),
      ok(page({ lines: lines('b', 5), has_newer: true })),
      ok(page({})),
    ]);
    feed.start();
    await next(1000);
    await next(10);
    expect(calls).toHaveLength(3);
    feed.stop();
  });

  test('request fails -> the error, the lines stay; the next one succeeds -> no error', async () => {
    const error = { code: 'DISCONNECTED', message: 'x', details: null };
    const { feed } = feedOf([ok(page({ lines: lines('a', 60) })), fail(error), ok(page({}))]);
    feed.start();
    await next(1000);
    expect(feed.state().error).toEqual(error);
    expect(feed.state().lines).toHaveLength(60);
    await next(1000);
    expect(feed.state().error).toBeNull();
    feed.stop();
  });

  test('hidden page -> no requests; shown again -> it continues', async () => {
    const { feed, calls, program } = feedOf([ok(page({ lines: lines('a', 60) }))]);
    feed.start();
    await next(0);
    program.isActive = false;
    await next(3000);
    expect(calls).toHaveLength(1);
    program.isActive = true;
    await next(1000);
    expect(calls).toHaveLength(2);
    feed.stop();
  });

  test('more lines than a page keeps -> the oldest are dropped', async () => {
    const { feed } = feedOf([
      ok(page({ lines: lines('a', 60), older: 'app:1:9' })),
      ok(page({ lines: lines('b', MAX_KEPT_LINES) })),
      ok(page({})),
    ]);
    feed.start();
    await next(1000);
    expect(feed.state()).toMatchObject({ isTrimmed: true, hasOlder: false });
    expect(feed.state().lines).toHaveLength(MAX_KEPT_LINES);
    feed.stop();
  });
});
