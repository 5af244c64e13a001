// The table of the tokens of keys.
import { beforeEach, expect, test } from 'vitest';
import { KeyDayStore } from '../../../src/main/scheduler/members/key-day-store';
import type { StoreEngine, TestDatabase } from './store-engine';
import { WRITTEN } from './things';

export function keyDayContract({ open }: StoreEngine): void {
  let database: TestDatabase;
  let days: KeyDayStore;

  beforeEach(async () => {
    database = await open();
    days = new KeyDayStore(database.store);
  });

  const stored = async (): Promise<readonly unknown[]> =>
    (await days.load()).map(({ keyId, day, tokens }) => [keyId, day, tokens].join(' ')).toSorted();

  test('days of keys -> one row for each key, the last that was saved; kept by a restart', async () => {
    const day = '2026-11-30';
    expect(
      await days.save([
        { keyId: 'key-a', day: '2026-11-29', tokens: 5 },
        { keyId: 'key-b', day, tokens: 9_000_000_000 },
      ]),
    ).toEqual(WRITTEN);
    expect(await days.save([{ keyId: 'key-a', day, tokens: 7 }])).toEqual(WRITTEN);
    await database.store.close();
    days = new KeyDayStore(await database.reopen());
    expect(await stored()).toEqual(['key-a 2026-11-30 7', 'key-b 2026-11-30 9000000000']);
  });

  test('earlier days -> removed, also over a year; later days stay', async () => {
    const names = ['2025-12-31', '2026-01-01', '2026-01-02'];
    await days.save(names.map((day) => ({ keyId: `key of ${day}`, day, tokens: 1 })));
    expect(await days.keepFrom('2026-01-01')).toEqual(WRITTEN);
    expect(await stored()).toEqual(['key of 2026-01-01 2026-01-01 1', 'key of 2026-01-02 2026-01-02 1']);
  });
}
