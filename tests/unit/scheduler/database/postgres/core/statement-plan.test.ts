import { describe, expect, test } from 'vitest';
import { MAX_VALUES, numbered, planQueries, type Query } from '../../../../../../src/main/scheduler/database/postgres/core/statement-plan';
import type { Insert, SqlValue, Statement } from '../../../../../../src/main/scheduler/database/store';

type Rows = readonly (readonly SqlValue[])[];

const into = (table: string, rows: Rows, onConflict?: Insert['onConflict']): Insert => ({
  into: table,
  columns: ['id', 'n'],
  rows,
  ...(onConflict === undefined ? {} : { onConflict }),
});
const update: Insert['onConflict'] = { key: ['id'], update: ['n'] };
const head = (table: string): string => `INSERT INTO ${table} (id, n) VALUES`;

describe('statements for PostgreSQL', () => {
  test('placeholders -> numbered in their order', () => {
    expect(numbered({ text: 'UPDATE a SET n = ?, m = ? WHERE id = ?', values: [1, null, 'x'] })).toEqual({
      text: 'UPDATE a SET n = $1, m = $2 WHERE id = $3',
      values: [1, null, 'x'],
    });
    expect(numbered({ text: 'SELECT 1', values: [] })).toEqual({ text: 'SELECT 1', values: [] });
  });

  test.each<[title: string, statements: readonly Statement[], queries: readonly Query[]]>([
    ['nothing -> nothing', [], []],
    ['no rows -> nothing', [into('a', [])], []],
    [
      'rows of one form -> one insert, also with another table between them',
      [into('a', [['x', 1]]), into('b', [['x', 2]]), into('a', [['y', 3]])],
      [
        { text: `${head('a')} ($1, $2), ($3, $4)`, values: ['x', 1, 'y', 3] },
        { text: `${head('b')} ($1, $2)`, values: ['x', 2] },
      ],
    ],
    [
      'another statement -> inserts keep their side',
      [into('a', [['x', 1]]), { text: 'DELETE FROM a WHERE id = ?', values: ['x'] }, into('a', [['y', 3]])],
      [
        { text: `${head('a')} ($1, $2)`, values: ['x', 1] },
        { text: 'DELETE FROM a WHERE id = $1', values: ['x'] },
        { text: `${head('a')} ($1, $2)`, values: ['y', 3] },
      ],
    ],
    [
      'another form for the same table -> the order of its rows stays',
      [into('a', [['x', 1]]), into('a', [['y', 2]], { key: ['id'], update: 'nothing' }), into('a', [['z', 3]])],
      [
        { text: `${head('a')} ($1, $2)`, values: ['x', 1] },
        { text: `${head('a')} ($1, $2) ON CONFLICT (id) DO NOTHING`, values: ['y', 2] },
        { text: `${head('a')} ($1, $2)`, values: ['z', 3] },
      ],
    ],
    [
      'updates of the same key -> two inserts, because one cannot update a row twice',
      [into('a', [['x', 1]], update), into('a', [['y', 2]], update), into('a', [['x', 3]], update)],
      [
        { text: `${head('a')} ($1, $2), ($3, $4) ON CONFLICT (id) DO UPDATE SET n = excluded.n`, values: ['x', 1, 'y', 2] },
        { text: `${head('a')} ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n`, values: ['x', 3] },
      ],
    ],
  ])('%s', (_, statements, queries) => {
    expect(planQueries(statements)).toEqual(queries);
  });

  test('more values than a statement can have -> several inserts with all rows', () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => [String(index), index]);
    const queries = planQueries([into('a', rows)]);
    expect(queries.map(({ values }) => values.length)).toEqual([MAX_VALUES - 1, 80_000 - MAX_VALUES + 1]);
    expect(queries.flatMap(({ values }) => values)).toEqual(rows.flat());
    expect(queries[1]?.text.endsWith('($14465, $14466)')).toBe(true);
  });
});
