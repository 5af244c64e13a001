import { expect, test } from 'vitest';
import { nameOf } from '../../../../src/renderer/pages/usage/usage-labels';
import { changeOf, comparisonOf, isCounted } from '../../../../src/renderer/pages/usage/usage-change';
import { byMeasure, usageSeries } from '../../../../src/renderer/pages/usage/usage-series';
import {
  filtersOf,
  faultsOf,
  type Measure,
  rangeOf,
  SUBJECTS,
  type UsageView,
  viewOf,
} from '../../../../src/renderer/pages/usage/usage-view';
import { numberOfDay, type Usage, type UsageRow } from '../../../../src/shared/api/usage';
import { labelsIn } from '../support/labels';
import { usageFigures, usageOf, usageRow } from '../../../support/usage-fakes';

const usage = (rows: readonly UsageRow[], change: Partial<Usage> = {}): Usage => ({
  ...usageOf({ by: 'day,model' }),
  rows: [...rows],
  ...change,
});
const on = (day: string, id: string | null, output: number, change: Partial<UsageRow> = {}): UsageRow =>
  usageRow({ day, id, ...usageFigures({ prompt_tokens: 0, output_tokens: output, requests: 1, gpu_seconds: 9 }), ...change });
const labelOf = (row: UsageRow | null): string => row?.id ?? (row === null ? 'rest' : 'none');

test('bars: each day of the period, also days without use; the largest first; what has no measure is no part', () => {
  const rows = [on('2026-11-24', 'a', 1), on('2026-11-26', 'a', 2), on('2026-11-26', 'b', 50), on('2026-11-26', 'c', 0)];
  const { days, series, isWeekly, isLastOpen } = usageSeries(usage(rows), 'tokens', labelOf);
  expect([days.length, days[0], days.at(-1), isWeekly, isLastOpen]).toEqual([7, '2026-11-24', '2026-11-30', false, true]);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ['b', [0, 0, 50, 0, 0, 0, 0]],
    ['a', [1, 0, 2, 0, 0, 0, 0]],
  ]);
  expect(usageSeries(usage(rows), 'requests', labelOf).series.map(({ label }) => label)).toEqual(['a', 'b', 'c']);
  expect(usageSeries(usage(rows, { today: '2026-12-09' }), 'gpu', labelOf)).toMatchObject({ isLastOpen: false });
});

test('more than six -> the smallest and the rest are one part, last; no key is a part of its own', () => {
  const rows = [
    on('2026-11-25', null, 900),
    ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id, i) => on('2026-11-25', id, 100 - i)),
    on('2026-11-25', null, 5000, { rest: true }),
  ];
  const { series } = usageSeries(usage(rows), 'tokens', labelOf);
  expect(series.map(({ label, isRest, values }) => [label, isRest, values[1]])).toEqual([
    ['none', false, 900],
    ['a', false, 100],
    ['b', false, 99],
    ['c', false, 98],
    ['d', false, 97],
    ['e', false, 96],
    ['rest', true, 95 + 94 + 5000],
  ]);
});

test('one more than six -> drawn under its own name, without the rest that has no measure', () => {
  const rows = [
    ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id, i) => on('2026-11-25', id, 100 - i)),
    on('2026-11-25', null, 0, { rest: true, gpu_seconds: 0 }),
  ];
  expect(usageSeries(usage(rows), 'tokens', labelOf).series.at(-1)).toMatchObject({ label: 'g', isRest: true, isHideable: false });
  expect(usageSeries(usage(rows), 'requests', labelOf).series.at(-1)).toMatchObject({ label: 'rest', isRest: true, isHideable: true });
});

const NOT_RUN = { rest: true, gpu_seconds: 0 } as const;
test.each([
  ['no node ran a request', [on('2026-11-25', null, 0, NOT_RUN), on('2026-11-26', null, 0, NOT_RUN)], 'Never reached a node'],
  ['a node ran some', [on('2026-11-25', null, 0, NOT_RUN), on('2026-11-26', null, 7, { rest: true })], 'Other models'],
])('the rest alone, %s -> %s', (_title, rows, label) => {
  const name = (row: UsageRow | null) => nameOf(labelsIn('en'), 'model', row);
  expect(usageSeries(usage(rows), 'requests', name).series.map((one) => one.label)).toEqual([label]);
});

test('rows by measure -> the largest first, the rest last', () => {
  const rows = [
    on('2026-11-25', 'rest', 99, { rest: true, requests: 99 }),
    on('2026-11-25', 'a', 5, { requests: 1, gpu_seconds: 2 }),
    on('2026-11-25', 'b', 1, { requests: 7, gpu_seconds: 3 }),
    on('2026-11-25', 'c', 3, { requests: 5, gpu_seconds: 1 }),
  ];
  const order = (measure: Measure) => byMeasure(rows, measure).map(({ id }) => id);
  expect(order('tokens')).toEqual(['a', 'c', 'b', 'rest']);
  expect(order('requests')).toEqual(['b', 'c', 'a', 'rest']);
  expect(order('gpu')).toEqual(['b', 'a', 'c', 'rest']);
});

test('a year -> bars of weeks from the first day, the sum stays', () => {
  const rows = [on('2025-11-30', 'a', 1), on('2025-12-06', 'a', 2), on('2025-12-07', 'a', 4), on('2026-11-30', 'a', 8)];
  const { days, series, isWeekly } = usageSeries(usage(rows, { from: '2025-11-30', to: '2026-11-30' }), 'tokens', labelOf);
  expect([days.length, isWeekly, days[1]]).toEqual([53, true, '2025-12-07']);
  expect([series[0]?.values[0], series[0]?.values[1], series[0]?.values[52]]).toEqual([3, 4, 8]);
});

const TODAY = numberOfDay('2026-11-30');
const view = (change: Partial<UsageView>): UsageView => ({ ...viewOf([], SUBJECTS), ...change });

test.each([
  [{ period: '7d' }, { from: '2026-11-24', to: '2026-11-30' }],
  [{ period: '30d' }, { from: '2026-11-01', to: '2026-11-30' }],
  [{ period: '1y' }, { from: '2025-11-30', to: '2026-11-30' }],
  [
    { period: 'custom', from: '2026-03-01', to: '2026-03-01' },
    { from: '2026-03-01', to: '2026-03-01' },
  ],
] as const)('period %j -> %j', (change, range) => {
  expect([rangeOf(view(change), TODAY, null), faultsOf(view(change))]).toEqual([range, {}]);
});

test.each([
  [{ from: '', to: '2026-03-01' }, { from: 'incomplete' }],
  [
    { from: '', to: '' },
    { from: 'incomplete', to: 'incomplete' },
  ],
  [{ from: '2026-02-30x', to: '2026-03-01' }, { from: 'incomplete' }],
  [{ from: '2026-02-01', to: '2026-02-30' }, { to: 'incomplete' }],
  [{ from: '2026-03-02', to: '2026-03-01' }, { to: 'order' }],
  [{ from: '2025-03-01', to: '2026-03-02' }, { from: 'length' }],
] as const)('period %j -> %j, and the days that were shown before, else the last seven', (days, faults) => {
  const custom = view({ period: 'custom', ...days });
  const before = { from: '2026-01-01', to: '2026-01-02' };
  expect(faultsOf(custom)).toEqual(faults);
  expect(rangeOf(custom, TODAY, before)).toEqual(before);
  expect(rangeOf(custom, TODAY, null)).toEqual(rangeOf(view({ period: '7d' }), TODAY, null));
});

const RANGE = { from: '2026-11-24', to: '2026-11-30' };
test.each([
  [
    'today: whole days, with the same weekdays',
    RANGE,
    { days: { from: '2026-11-24', to: '2026-11-29' }, before: { from: '2026-11-17', to: '2026-11-22' } },
  ],
  [
    'past days: all of them',
    { from: '2026-11-01', to: '2026-11-03' },
    { days: { from: '2026-11-01', to: '2026-11-03' }, before: { from: '2026-10-29', to: '2026-10-31' } },
  ],
  ['today alone', { from: '2026-11-30', to: '2026-11-30' }, null],
  ['a year: the days before are not kept', { from: '2025-11-30', to: '2026-11-30' }, null],
] as const)('period before of %s', (_title, range, comparison) => {
  expect(comparisonOf(range, TODAY)).toEqual(comparison);
});

test('change: of the whole days alone; without use before it is not known', () => {
  const comparison = comparisonOf(RANGE, TODAY);
  if (comparison === null) throw new Error('not compared');
  const byDay = usage([on('2026-11-24', 'a', 100), on('2026-11-29', 'b', 50), on('2026-11-30', 'a', 9000)]);
  const before = (tokens: number) => usage([], { total: usageFigures({ output_tokens: tokens }), since: '2026-11-17' });
  expect(changeOf('output_tokens', byDay, before(100), comparison)).toBe(50);
  expect(changeOf('output_tokens', byDay, before(0), comparison)).toBeNull();
  expect([isCounted(before(1), comparison.before), isCounted(usage([], { since: '2026-11-18' }), comparison.before)]).toEqual([
    true,
    false,
  ]);
});

test('view in the route: there and back; what is unknown or not permitted is the default', () => {
  const shown = view({
    period: 'custom',
    from: '2026-03-01',
    to: '2026-03-05',
    subject: 'node',
    measure: 'gpu',
    only: { subject: 'model', id: 'phi4:14b' },
  });
  expect(viewOf(filtersOf(shown), SUBJECTS)).toEqual(shown);
  expect(
    viewOf(
      [
        { key: 'by', value: 'node' },
        { key: 'period', value: '5d' },
      ],
      ['model'],
    ),
  ).toMatchObject({ subject: 'model', period: '7d' });
});
