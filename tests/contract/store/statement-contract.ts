// What each engine of the port `Store` must do with values and statements. `store-contract.ts` calls it.
import { describe, expect, test } from 'vitest';
import type { Insert, SqlValue } from '../../../src/main/scheduler/database/store';
import type { StoreEngine } from './store-engine';
import { sql, things, useThings, WRITTEN } from './things';

const MEGABYTE = 1024 * 1024;
const KEY = ['id'];

export function statementContract(engine: StoreEngine): void {
  const table = useThings(engine);

  describe('values', () => {
    test('text, integers, bytes and null -> read as they were written', async () => {
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const rows: readonly (readonly SqlValue[])[] = [
        ['a', 0, '', new Uint8Array()],
        ['b', -1, 'it’s "quoted"; -- $1 \\ %', all],
        ['c', Number.MAX_SAFE_INTEGER, null, Buffer.from('buffer')],
        ['d', Number.MIN_SAFE_INTEGER, 'x', null],
        ['e', null, null, null],
      ];
      expect(await table.store.write([{ into: 'things', columns: ['id', 'number', 'note', 'body'], rows }])).toEqual(WRITTEN);
      const found = await table.read('SELECT * FROM things ORDER BY id');
      expect(found.map(({ id, number, note }) => [id, number, note])).toEqual(rows.map(([id, number, note]) => [id, number, note]));
      const bodies = found.map(({ body }) => (body instanceof Uint8Array ? [...body] : body));
      expect(bodies).toEqual([[], [...all], [...Buffer.from('buffer')], null, null]);
    });

    test('values of a statement -> the same as those of an insert', async () => {
      const bytes = Uint8Array.of(0, 255, 10);
      await table.store.write([things([['a', 1]])]);
      expect(
        await table.store.write([sql('UPDATE things SET number = ?, note = ?, body = ? WHERE id = ?', 2 ** 53 - 1, null, bytes, 'a')]),
      ).toEqual(WRITTEN);
      const [row] = await table.read('SELECT number, note, body FROM things');
      expect(row).toMatchObject({ number: 2 ** 53 - 1, note: null });
      expect(row?.['body'] instanceof Uint8Array && [...row['body']]).toEqual([...bytes]);
    });

    test('text of all kinds -> unchanged, also the escapes of JSON', async () => {
      const texts = [
        JSON.stringify({ nul: 'a\u0000b', control: '\u0001\u001f', lone: '\ud800', line: '\u2028' }),
        'Ada’s PC \u202e 机房 👩‍💻 \u00e9 e\u0301',
        '\r\n\t\\n \\u0000 \\x00',
        '?',
      ];
      const rows = texts.map((text, index) => [String(index), text]);
      expect(await table.store.write([{ into: 'things', columns: ['id', 'note'], rows }])).toEqual(WRITTEN);
      expect((await table.read('SELECT note FROM things ORDER BY id')).map(({ note }) => note)).toEqual(texts);
    });

    test('5 MB of text -> stored and read', async () => {
      const note = '机'.repeat(MEGABYTE) + 'x'.repeat(2 * MEGABYTE);
      const rows = [['a', note]];
      expect(await table.store.write([{ into: 'things', columns: ['id', 'note'], rows }], { isLarge: true })).toEqual(WRITTEN);
      const [row] = await table.read('SELECT note FROM things WHERE id = ?', 'a');
      expect(row?.['note'] === note).toBe(true);
      expect(await table.store.write([things([['b', 1]])])).toEqual(WRITTEN);
    });
  });

  describe('statements', () => {
    test('conflict of an insert: none -> the write fails; nothing -> the row stays; update -> the named columns change', async () => {
      const columns = ['id', 'number', 'note'];
      const insert = (number: number, note: string, onConflict?: Insert['onConflict']): Insert => ({
        into: 'things',
        columns,
        rows: [['a', number, note]],
        ...(onConflict === undefined ? {} : { onConflict }),
      });
      const row = async () => (await table.read('SELECT number, note FROM things'))[0];
      expect(await table.store.write([insert(1, 'first')])).toEqual(WRITTEN);
      expect(await table.store.write([insert(2, 'second')])).toMatchObject({ ok: false, error: { isFull: false } });
      expect(await row()).toEqual({ number: 1, note: 'first' });
      expect(await table.store.write([insert(3, 'third', { key: KEY, update: 'nothing' })])).toEqual(WRITTEN);
      expect(await row()).toEqual({ number: 1, note: 'first' });
      expect(await table.store.write([insert(4, 'fourth', { key: KEY, update: ['number'] })])).toEqual(WRITTEN);
      expect(await row()).toEqual({ number: 4, note: 'first' });
      expect(await table.store.write([insert(5, 'fifth', { key: KEY, update: ['number', 'note'] })])).toEqual(WRITTEN);
      expect(await row()).toEqual({ number: 5, note: 'fifth' });
    });

    test('conflict of some rows -> each row on its own', async () => {
      await table.store.write([things([['b', 1]])]);
      const added: readonly (readonly [string, number])[] = [
        ['a', 2],
        ['b', 3],
        ['c', 4],
      ];
      expect(await table.store.write([things(added, { key: KEY, update: 'nothing' })])).toEqual(WRITTEN);
      expect(await table.numbers()).toEqual([
        ['a', 2],
        ['b', 1],
        ['c', 4],
      ]);
      expect(await table.store.write([things(added, { key: KEY, update: ['number'] })])).toEqual(WRITTEN);
      expect(await table.numbers()).toEqual(added);
    });

    test('key of two columns -> a conflict is equality of both', async () => {
      const insert = (rows: Insert['rows'], update: readonly string[]): Insert => ({
        into: 'parts',
        columns: ['owner', 'place', 'note'],
        rows,
        onConflict: { key: ['owner', 'place'], update },
      });
      await table.store.write([
        insert(
          [
            ['a', 1, 'x'],
            ['b', 1, 'x'],
          ],
          ['note'],
        ),
      ]);
      await table.store.write([
        insert(
          [
            ['a', 1, 'y'],
            ['a', 2, 'y'],
          ],
          ['note'],
        ),
      ]);
      const rows = await table.read('SELECT owner, place, note FROM parts ORDER BY owner, place');
      expect(rows.map(({ owner, place, note }) => [owner, place, note])).toEqual([
        ['a', 1, 'y'],
        ['a', 2, 'y'],
        ['b', 1, 'x'],
      ]);
    });

    test('no rows, no statements -> written, nothing changed', async () => {
      await table.store.write([things([['a', 1]])]);
      expect(await Promise.all([table.store.write([things([])]), table.store.write([])])).toEqual([WRITTEN, WRITTEN]);
      expect(await table.store.write([things([]), sql('UPDATE things SET number = ?', 2)])).toEqual(WRITTEN);
      expect(await table.numbers()).toEqual([['a', 2]]);
    });

    test('an insert of 10,000 rows -> all, and a read of all in their order', async () => {
      const rows = Array.from({ length: 10_000 }, (_, index) => [String(index).padStart(5, '0'), index] as const);
      expect(await table.store.write([things(rows.toReversed())])).toEqual(WRITTEN);
      expect(await table.numbers()).toEqual(rows);
      expect(await table.read('SELECT count(*) AS count, max(number) AS last FROM things')).toEqual([{ count: 10_000, last: 9999 }]);
    });

    test('SQL of the stores: sums on a conflict, subqueries, windows, lists, limits, patterns, lengths', async () => {
      await table.store.write([
        things([
          ['a', 1],
          ['b', 2],
          ['c', 3],
        ]),
      ]);
      const add = 'INSERT INTO things (id, number) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET number = things.number + excluded.number';
      const remove = 'DELETE FROM things WHERE id IN (SELECT id FROM things WHERE number >= ? ORDER BY id LIMIT ?)';
      expect(await table.store.write([sql(add, 'a', 10), sql(add, 'd', 4), sql(remove, 2, 2)])).toEqual(WRITTEN);
      expect(await table.numbers()).toEqual([
        ['c', 3],
        ['d', 4],
      ]);
      const newest = `SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY note ORDER BY number DESC) AS place FROM things) AS placed
        WHERE place <= ? ORDER BY id`;
      expect(await table.read(newest, 1)).toEqual([{ id: 'd' }]);
      expect(await table.read('SELECT id FROM things WHERE id IN (?, ?) AND note IS NULL ORDER BY id DESC LIMIT ?', 'c', 'd', 1)).toEqual([
        { id: 'd' },
      ]);
      await table.store.write([sql('UPDATE things SET note = ? WHERE id = ?', '100% 机', 'c')]);
      const pattern = "SELECT id, octet_length(note) AS bytes FROM things WHERE note LIKE ? ESCAPE '!'";
      expect(await table.read(pattern, '%0!% _%')).toEqual([{ id: 'c', bytes: 8 }]);
      expect(await table.read('SELECT coalesce(max(number), ?) AS last FROM things WHERE id = ?', -1, 'z')).toEqual([{ last: -1 }]);
    });

    test('SQL of the stores for many rows: added to rows on a conflict, changed from a list of values', async () => {
      await table.store.write([
        things([
          ['a', 1],
          ['b', 2],
        ]),
      ]);
      const add = `INSERT INTO things (id, number, note) VALUES (?, ?, ?), (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET number = things.number + excluded.number`;
      expect(await table.store.write([sql(add, 'b', 40, null, 'c', 2 ** 50, 'new')])).toEqual(WRITTEN);
      expect(await table.numbers()).toEqual([
        ['a', 1],
        ['b', 42],
        ['c', 2 ** 50],
      ]);
      const change = `UPDATE things SET number = changed.column2, note = changed.column3
        FROM (VALUES (?, CAST(? AS BIGINT), ?), (?, CAST(? AS BIGINT), ?)) AS changed WHERE things.id = changed.column1`;
      expect(await table.store.write([sql(change, 'a', null, null, 'c', 2 ** 51, 'changed')])).toEqual(WRITTEN);
      expect(await table.store.write([sql(change, 'b', 7, null, 'none', 8, '')])).toEqual(WRITTEN);
      expect(await table.read('SELECT id, number, note FROM things ORDER BY id')).toEqual([
        { id: 'a', number: null, note: null },
        { id: 'b', number: 7, note: null },
        { id: 'c', number: 2 ** 51, note: 'changed' },
      ]);
    });
  });
}
