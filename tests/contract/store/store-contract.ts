// What each engine of the port `Store` must do. The engines call it in their test files.
import { describe, expect, test } from 'vitest';
import type { Insert, Store } from '../../../src/main/scheduler/database/store';
import { statementContract } from './statement-contract';
import type { StoreEngine } from './store-engine';
import { sql, things, useThings, WRITTEN } from './things';

const MEGABYTE = 1024 * 1024;

const badStatement = sql('UPDATE no_such_table SET id = ?', 'x');

export function storeContract(engine: StoreEngine): void {
  describe('values and statements', () => {
    statementContract(engine);
  });

  describe('writes and reads', () => {
    writeContract(engine);
  });
}

function writeContract(engine: StoreEngine): void {
  const table = useThings(engine);

  describe('order and groups', () => {
    test('writes of one turn and their statements -> run in their order', async () => {
      const written = await Promise.all([
        table.store.write([things([['a', 1]]), sql('UPDATE things SET number = number * 10 WHERE id = ?', 'a')]),
        table.store.write([sql('UPDATE things SET number = number + 5 WHERE id = ?', 'a')]),
        table.store.write([sql('UPDATE things SET number = number * 2 WHERE id = ?', 'a'), things([['b', 0]])]),
        table.store.write([sql('DELETE FROM things WHERE id = ?', 'b')]),
      ]);
      expect(written).toEqual([WRITTEN, WRITTEN, WRITTEN, WRITTEN]);
      expect(await table.numbers()).toEqual([['a', 30]]);
    });

    test('200 writes that begin while others run -> each after those before it', async () => {
      const begun: ReturnType<Store['write']>[] = [table.store.write([things([['a', 0]])])];
      for (let step = 1; step <= 200; step++) {
        // Each must find the number of the one before: otherwise the last one does not get through.
        begun.push(table.store.write([sql('UPDATE things SET number = ? WHERE id = ? AND number = ?', step, 'a', step - 1)]));
        if (step % 20 === 0) await begun.at(-Math.ceil(step / 10));
      }
      expect((await Promise.all(begun)).every(({ ok }) => ok)).toBe(true);
      expect(await table.numbers()).toEqual([['a', 200]]);
    });

    test('a statement fails -> nothing of its write is stored', async () => {
      const failed = await table.store.write([things([['a', 1]]), badStatement, things([['b', 2]])]);
      expect(failed).toMatchObject({ ok: false, error: { isFull: false } });
      expect(failed.ok ? '' : failed.error.reason).toContain('no_such_table');
      expect(await table.numbers()).toEqual([]);
    });

    test('a write of a group fails -> all of the group fail, nothing is stored; the next write works', async () => {
      await table.store.write([things([['a', 1]])]);
      const group = await Promise.all([
        table.store.write([things([['b', 2]])]),
        table.store.write([things([['a', 3]])]),
        table.store.write([things([['c', 4]])]),
        table.store.write([]),
      ]);
      expect(group.map(({ ok }) => ok)).toEqual([false, false, false, false]);
      expect(await table.numbers()).toEqual([['a', 1]]);
      expect(await table.store.write([things([['b', 2]])])).toEqual(WRITTEN);
      expect(await table.numbers()).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    });

    test('a collected write -> begins at once: what the turn writes later is not in its group', async () => {
      const earlier = table.store.write([things([['a', 1]])]);
      const collected = table.store.write([things([['b', 2]])], { isCollected: true });
      const later = table.store.write([badStatement]);
      expect(await Promise.all([earlier, collected])).toEqual([WRITTEN, WRITTEN]);
      expect((await later).ok).toBe(false);
      expect(await table.numbers()).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    });

    test('options -> do not change what is stored', async () => {
      const options = [
        { isDurable: false },
        { isLarge: true },
        { isDurable: false, isLarge: true, isCollected: true },
        { isDurable: true },
      ];
      for (const [index, option] of options.entries())
        expect(await table.store.write([things([[String(index), index]])], option)).toEqual(WRITTEN);
      const group = options.map((option, index) => table.store.write([things([[`group ${String(index)}`, index]])], option));
      expect(await Promise.all(group)).toEqual(options.map(() => WRITTEN));
      expect(await table.numbers()).toHaveLength(2 * options.length);
    });
  });

  describe('reads', () => {
    test('a write has resolved -> a read sees it', async () => {
      for (let number = 0; number < 20; number++) {
        await table.store.write([things([['a', number]], { key: ['id'], update: ['number'] })]);
        expect(await table.numbers()).toEqual([['a', number]]);
      }
    });

    test('reads at once -> each gets its own rows', async () => {
      await table.store.write([things(Array.from({ length: 50 }, (_, index) => [String(index), index] as const))]);
      const found = await Promise.all(
        Array.from({ length: 50 }, (_, index) => table.read('SELECT number FROM things WHERE id = ?', String(index))),
      );
      expect(found).toEqual(Array.from({ length: 50 }, (_, index) => [{ number: index }]));
    });

    test('a wrong statement -> the read is rejected; the next read and write work', async () => {
      await expect(table.read('SELECT * FROM no_such_table')).rejects.toThrow('no_such_table');
      expect(await table.read('SELECT id FROM things WHERE id = ?', 'none')).toEqual([]);
      expect(await table.store.write([things([['a', 1]])])).toEqual(WRITTEN);
      await expect(table.read('SELECT no_such_column FROM things')).rejects.toThrow('no_such_column');
      expect(await table.numbers()).toEqual([['a', 1]]);
    });
  });

  test('a full disk -> the write fails as full and stores nothing; reads work; with space the same write works', async () => {
    const { setFull } = table.database;
    const rows = Array.from({ length: 8 }, (_, index) => [String(index), 'x'.repeat(MEGABYTE)]);
    const large: Insert = { into: 'things', columns: ['id', 'note'], rows };
    await table.store.write([things([['a', 1]])]);
    if (setFull !== null) {
      await setFull(true);
      expect(await table.store.write([sql('UPDATE things SET number = ?', 2), large], { isLarge: true })).toMatchObject({
        ok: false,
        error: { isFull: true },
      });
      expect(await table.numbers()).toEqual([['a', 1]]);
      await setFull(false);
    }
    expect(await table.store.write([sql('UPDATE things SET number = ?', 2), large], { isLarge: true })).toEqual(WRITTEN);
    expect(await table.read('SELECT count(*) AS count FROM things')).toEqual([{ count: 9 }]);
  });

  describe('close', () => {
    test('pending writes -> stored before it is closed; later writes are refused', async () => {
      const begun = [table.store.write([things([['a', 1]])]), table.store.write([things([['b', 2]])])];
      const closed = table.store.close();
      const later = table.store.write([things([['c', 3]])]);
      expect(await Promise.all(begun)).toEqual([WRITTEN, WRITTEN]);
      expect(await later).toMatchObject({ ok: false, error: { isFull: false } });
      await closed;
      expect((await table.store.write([things([['d', 4]])])).ok).toBe(false);
      await table.reopen();
      expect(await table.numbers()).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    });

    test('closed twice -> nothing happens; reads are rejected', async () => {
      await Promise.all([table.store.close(), table.store.close()]);
      await table.store.close();
      await expect(table.read('SELECT id FROM things')).rejects.toThrow();
    });
  });
}
