// Usage over a database that answers late: days whose rows are not known yet, and queries while a write is under way.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { COUNTS_WRITE_DELAY_MS, type Written } from '../../../../src/main/scheduler/database/store';
import { addCounts } from '../../../../src/main/scheduler/usage/core/usage-counts';
import { type CountedRow, OTHER, USAGE_LIMITS, type UsagePlace } from '../../../../src/main/scheduler/usage/core/usage-day';
import { UsageHistory, type UsageHistoryOptions } from '../../../../src/main/scheduler/usage/usage-history';
import type { DayRows } from '../../../../src/main/scheduler/usage/usage-store';
import { dayNumberOf } from '../../../../src/shared/api/usage';
import { fail, ok } from '../../../../src/shared/result';
import { ManualClock } from '../../../support/manual-clock';
import { KeptLog } from '../../../support/test-scheduler';

const DAY_MS = 24 * 3_600_000;

type Action = 'read' | 'write';

/** Does what it is asked for when the test says so. */
class SlowStore implements Readonly<UsageHistoryOptions['store']> {
  readonly rows = new Map<string, CountedRow & { readonly day: number }>();
  /** When a read takes its rows: at once, or when it ends. */
  seenAt: 'begin' | 'end' = 'end';
  isFull = false;
  #held: { readonly action: Action; readonly end: () => void }[] = [];

  firstDay(): Promise<number | null> {
    const days = [...this.rows.values()].map(({ day }) => day);
    return Promise.resolve(days.length === 0 ? null : Math.min(...days));
  }

  placesOf(day: number): Promise<readonly UsagePlace[]> {
    return this.#read(() => [...this.rows.values()].filter((row) => row.day === day));
  }

  rowsOf(day: number, kind: UsagePlace['kind']): Promise<readonly CountedRow[]> {
    return this.#read(() => [...this.rows.values()].filter((row) => row.day === day && row.kind === kind));
  }

  write(days: readonly DayRows[]): Written {
    return this.#hold('write', () => {
      if (this.isFull) return fail({ isFull: true, reason: 'disk full' });
      for (const { day, rows } of days)
        for (const row of rows) {
          const key = JSON.stringify([day, row.kind, row.id, row.model]);
          const before = this.rows.get(key);
          this.rows.set(key, { ...row, day, counts: before === undefined ? row.counts : addCounts(before.counts, row.counts) });
        }
      return ok(null);
    });
  }

  waiting(action: Action): number {
    return this.#held.filter((held) => held.action === action).length;
  }

  /** Ends the waiting actions, and lets what follows from them happen. */
  async end(action: Action): Promise<void> {
    const ending = this.#held.filter((held) => held.action === action);
    this.#held = this.#held.filter((held) => held.action !== action);
    for (const { end } of ending) end();
    await nextTurn();
  }

  /** Requests that the day has, by its rows. */
  requests(day: number): number {
    return [...this.rows.values()].reduce((sum, row) => sum + (row.day === day && row.kind === 'key' ? row.counts.refused : 0), 0);
  }

  #read<Read>(take: () => Read): Promise<Read> {
    const taken = this.seenAt === 'begin' ? take() : null;
    return this.#hold('read', () => taken ?? take());
  }

  #hold<Done>(action: Action, act: () => Done): Promise<Done> {
    return new Promise((resolve) => {
      this.#held.push({
        action,
        end: () => {
          resolve(act());
        },
      });
    });
  }
}

let clock: ManualClock;
let log: KeptLog;
let store: SlowStore;
let usage: UsageHistory;
const today = (): number => dayNumberOf(clock.wallMs());
const counts = (key: string, times = 1): void => {
  for (let time = 0; time < times; time++) usage.requestRefused(key);
};

function open(known?: UsageHistoryOptions['known']): void {
  const names = { key: () => null, node: () => null };
  usage = new UsageHistory({ store, ...(known === undefined ? {} : { known }), names, clock, logger: log });
}

beforeEach(() => {
  [clock, log, store] = [new ManualClock(), new KeptLog(), new SlowStore()];
  open();
});

/** The total of today, with all reads that it needs. `during` happens while its first read waits. */
async function total(during: () => Promise<void> = () => Promise.resolve()): Promise<number | undefined> {
  const answer = usage.usage({ by: 'key', from: new Date(clock.wallMs()).toISOString().slice(0, 10) });
  await nextTurn();
  await during();
  let found: Awaited<typeof answer> | null = null;
  void answer.then((value) => {
    found = value;
  });
  for (let turn = 0; turn < 100 && found === null; turn++) await store.end('read');
  return (await answer)?.total.refused;
}

describe('a day whose rows are not known yet', () => {
  test('counted and in queries at once; written once its rows are known, each count once', async () => {
    const addTwo = (): Promise<void> => {
      counts('k1', 2);
      return Promise.resolve();
    };
    counts('k1', 3);
    expect(await total(addTwo)).toBe(5);
    clock.advance(COUNTS_WRITE_DELAY_MS);
    expect(store.waiting('write')).toBe(1);
    counts('k1');
    await store.end('write');
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await store.end('write');
    expect([store.requests(today()), await total()]).toEqual([6, 6]);
  });

  test('not known for long -> nothing of it is written, also with the counts of another day; nothing is lost', async () => {
    open({ day: today(), places: [] });
    counts('k1', 2);
    clock.sleep(DAY_MS);
    counts('k1', 3);
    for (let times = 0; times < 5; times++) clock.advance(COUNTS_WRITE_DELAY_MS);
    expect(store.waiting('write')).toBe(1);
    await store.end('write');
    expect([store.requests(today() - 1), store.requests(today())]).toEqual([2, 0]);
    counts('k2');
    await store.end('read');
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await store.end('write');
    expect([store.requests(today() - 1), store.requests(today())]).toEqual([2, 4]);
  });

  /** Stores the counts, with the day full of other keys: a new key has no row of its own. */
  async function expectNoNewKey(day: number): Promise<void> {
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await store.end('write');
    const rows = [...store.rows.values()].filter((row) => row.day === day && [OTHER, 'k1', 'one more'].includes(row.id));
    expect(rows.map(({ id, counts: { refused } }) => [id, refused])).toEqual([
      ['k1', 2],
      [OTHER, 1],
    ]);
  }

  test('its stored rows -> count against its limits', async () => {
    open({ day: today(), places: [] });
    for (let id = 0; id < USAGE_LIMITS.key.ids; id++) counts(`k${String(id)}`);
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await store.end('write');
    open();
    counts('one more');
    counts('k1');
    await store.end('read');
    await expectNoNewKey(today());
  });

  test('its rows are on their way to the store -> count against its limits', async () => {
    store.seenAt = 'begin';
    open({ day: today(), places: [] });
    for (let id = 0; id < USAGE_LIMITS.key.ids; id++) counts(`k${String(id)}`);
    // The write after midnight forgets the day. Then the clock goes back.
    clock.sleep(DAY_MS);
    clock.advance(COUNTS_WRITE_DELAY_MS);
    clock.sleep(-DAY_MS);
    counts('one more');
    counts('k1');
    await store.end('read');
    await store.end('write');
    await expectNoNewKey(today());
  });

  test('stopped before they are known -> its counts are written', async () => {
    counts('k1', 3);
    usage.stop();
    await store.end('write');
    await store.end('read');
    clock.advance(COUNTS_WRITE_DELAY_MS);
    expect([store.requests(today()), store.waiting('write')]).toEqual([3, 0]);
  });

  test('a failed write of a day that is over -> written again once its rows are known', async () => {
    open({ day: today(), places: [] });
    const yesterday = today();
    counts('k1', 3);
    clock.sleep(DAY_MS);
    store.isFull = true;
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await store.end('write');
    expect(log.of('usage_not_written')).toEqual([{ reason: 'disk full' }]);
    store.isFull = false;
    await store.end('read');
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await store.end('write');
    expect(store.requests(yesterday)).toBe(3);
  });
});

describe.each(['begin', 'end'] as const)('a read that sees the rows of its %s', (seenAt) => {
  beforeEach(() => {
    open({ day: today(), places: [] });
    store.seenAt = seenAt;
    counts('k1', 4);
  });

  test('a write is under way before the query -> each count once', async () => {
    clock.advance(COUNTS_WRITE_DELAY_MS);
    counts('k1');
    expect(await total(() => store.end('write'))).toBe(5);
  });

  test('a write begins and ends during the read -> each count once', async () => {
    const found = total(async () => {
      clock.advance(COUNTS_WRITE_DELAY_MS);
      counts('k1');
      await store.end('write');
    });
    expect(await found).toBe(5);
  });

  test('a write fails during the read -> each count once', async () => {
    const found = total(async () => {
      store.isFull = true;
      clock.advance(COUNTS_WRITE_DELAY_MS);
      await store.end('write');
    });
    expect(await found).toBe(4);
  });

  test('a write begins during the read and ends after it -> each count once', async () => {
    const found = total(async () => {
      clock.advance(COUNTS_WRITE_DELAY_MS);
      await store.end('read');
      counts('k1');
      await store.end('write');
    });
    expect(await found).toBe(5);
  });
});

test('no counts -> no first day', async () => {
  open({ day: today(), places: [] });
  const answer = usage.usage({ by: 'day', from: new Date(clock.wallMs()).toISOString().slice(0, 10) });
  await nextTurn();
  await store.end('read');
  await expect(answer).resolves.toMatchObject({ since: null });
});
