import { expect, test } from 'vitest';
import {
  daysOfQuery,
  numberOfDay,
  type Usage,
  USAGE_BY,
  usageCsv,
  usageQuerySchema,
  type UsageRow,
} from '../../../../src/shared/api/usage';
import { validate } from '../../../../src/shared/protocol/decode';

const NOW_MS = Date.parse('2026-11-30T23:59:00Z');

test.each([
  [{}, '2026-11-24', '2026-11-30'],
  [{ to: '2026-01-03' }, '2025-12-28', '2026-01-03'],
  [{ from: '2026-11-29' }, '2026-11-29', '2026-11-30'],
  [{ from: '2024-02-29', to: '2024-03-01' }, '2024-02-29', '2024-03-01'],
  // A day of the future has no use; the year before it has none of the days before.
  [{ from: '2026-12-05' }, '2026-12-05', '2026-12-05'],
  [{ from: '2020-01-01' }, '2025-11-30', '2026-11-30'],
])('days of %j -> %s to %s', (query, from, to) => {
  expect(daysOfQuery(query, NOW_MS)).toEqual({ first: numberOfDay(from), last: numberOfDay(to) });
});

test.each([
  [{ from: '2026-02-30' }, 'from'],
  [{ to: '30.11.2026' }, 'to'],
  [{ to: '2026-13-01' }, 'to'],
  [{ from: '2026-11-30', to: '2026-11-29' }, 'from'],
  [{ from: '2025-11-29', to: '2026-11-30' }, 'from'],
  [{ by: 'hour' }, 'by'],
  [{ by: 'node', key: 'k1' }, 'key'],
  [{ by: 'day,key', node_id: 'n1' }, 'node_id'],
  [{ key: 'k1', node_id: 'n1' }, 'key'],
  [{ key: '' }, 'key'],
  [{ node_id: '../x' }, 'node_id'],
  [{ prompt: 'x' }, ''],
])('query %j -> refused at %s', (query, field) => {
  const checked = validate(query, usageQuerySchema);
  expect(checked.ok ? null : checked.error.field).toBe(field);
});

const FIGURES = {
  requests: 3,
  failed: 1,
  cancelled: 0,
  prompt_tokens: 20,
  cached_tokens: 5,
  output_tokens: 10,
  gpu_seconds: 4.5,
  estimated: 0,
  refused: 7,
};
const row = (change: Partial<UsageRow>): UsageRow => ({ day: null, id: null, name: null, rest: false, ...FIGURES, ...change });
const usage = (by: Usage['by'], rows: UsageRow[]): Usage => ({
  from: '2026-11-29',
  to: '2026-11-30',
  today: '2026-11-30',
  by,
  since: null,
  total: FIGURES,
  rows,
});
const linesOf = (text: string): readonly string[] => text.replace('\u{FEFF}', '').split('\r\n').slice(0, -1);
const HEAD = 'requests,failed,cancelled,prompt_tokens,cached_tokens,output_tokens,gpu_seconds,estimated,refused';
const VALUES = '3,1,0,20,5,10,4.5,0,7';

test('CSV by key -> id and name; formulas, quotes and line breaks are text; no key and the rest are named', () => {
  const rows = [
    row({ id: 'k1', name: '=HYPERLINK("http://x","y")' }),
    row({ id: 'k2', name: '@SUM(1,2)' }),
    row({ id: 'k3', name: '+1\r\n-2' }),
    row({ id: 'k4' }),
    row({}),
    row({ rest: true }),
  ];
  expect(usageCsv(usage('key', rows)).startsWith('\u{FEFF}key_id,key,')).toBe(true);
  expect(linesOf(usageCsv(usage('key', rows.toSpliced(2, 1))))).toEqual([
    `key_id,key,${HEAD}`,
    `k1,"'=HYPERLINK(""http://x"",""y"")",${VALUES}`,
    `k2,"'@SUM(1,2)",${VALUES}`,
    `k4,,${VALUES}`,
    `,(no key),${VALUES}`,
    `,(other),${VALUES}`,
  ]);
  expect(usageCsv(usage('key', rows))).toContain(`k3,"'+1\r\n-2",${VALUES}`);
});

test('CSV by day, and by day and model -> the day first; a model that looks like a formula is text', () => {
  expect(linesOf(usageCsv(usage('day', [row({ day: '2026-11-29' })])))).toEqual([`day,${HEAD}`, `2026-11-29,${VALUES}`]);
  const models = [row({ day: '2026-11-29', id: '-x' }), row({ day: '2026-11-30', rest: true })];
  expect(linesOf(usageCsv(usage('day,model', models)))).toEqual([
    `day,model_id,${HEAD}`,
    `2026-11-29,'-x,${VALUES}`,
    `2026-11-30,(other),${VALUES}`,
  ]);
});

test.each(USAGE_BY)('CSV by %s -> as many cells as columns', (by) => {
  const [head = '', line = ''] = linesOf(usageCsv(usage(by, [row({ day: '2026-11-29', id: 'x', name: 'y' })])));
  expect(line.split(',')).toHaveLength(head.split(',').length);
});
