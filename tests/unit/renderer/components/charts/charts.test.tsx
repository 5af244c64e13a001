import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import { rowsOf, summaryOf } from '../../../../../src/renderer/components/charts/chart-summary';
import type { ChartData } from '../../../../../src/renderer/components/charts/chart-data';
import { BarsChart } from '../../../../../src/renderer/components/charts/BarsChart';
import { TimeChart } from '../../../../../src/renderer/components/charts/TimeChart';
import type { Language } from '../../../../../src/renderer/i18n/format';
import { LabelsProvider } from '../../../../../src/renderer/i18n/use-labels';
import { labelsIn } from '../../support/labels';

const MINUTE = 60_000;
const FROM = new Date(2026, 10, 23, 19, 0).getTime();
const DATA: ChartData = {
  fromWallMs: FROM,
  toWallMs: FROM + 10 * MINUTE,
  timesWallMs: [0, 2, 4, 6, 8].map((minute) => FROM + minute * MINUTE),
  series: [
    { label: 'You', kind: 'owner', values: [5, null, 28, 4, 3] },
    { label: 'Pool', kind: 'pool', values: [60, null, 0, 66, 70] },
  ],
};
const percent = (value: number): string => `${String(value)}%`;
const show = (part: ReactNode) => render(<LabelsProvider value={labelsIn('en')}>{part}</LabelsProvider>);
const summary = (language: Language, more: Partial<Parameters<typeof summaryOf>[1]> = {}): string =>
  summaryOf(labelsIn(language), { data: DATA, limit: null, events: [], valueText: percent, nowWallMs: DATA.toWallMs, ...more });

describe('summary', () => {
  test('time, values, gaps', () => {
    expect(summary('en')).toBe(
      '19:00 to 19:10. You: last 3%, lowest 3%, highest 28%. Pool: last 70%, lowest 0%, highest 70%. Not reported: 19:00 to 19:04.',
    );
  });

  test('limit and events, in Chinese; events outside of the time are left out', () => {
    const events = [
      { atWallMs: FROM + 4 * MINUTE, label: '繁忙' },
      { atWallMs: FROM - MINUTE, label: 'x' },
    ];
    expect(summary('zh-CN', { limit: { value: 25, label: '上限 25%' }, events })).toBe(
      '19:00 至 19:10。You：最新 3%，最低 3%，最高 28%。Pool：最新 70%，最低 0%，最高 70%。上限 25%。未报告：19:00 至 19:04。事件：19:04 繁忙。',
    );
  });

  test('many events -> their number; no value -> not reported', () => {
    const events = Array.from({ length: 6 }, (_, i) => ({ atWallMs: FROM + i * MINUTE, label: 'x' }));
    const data = { ...DATA, series: [{ label: 'Pool', kind: 'pool' as const, values: [null, null, null, null, null] }] };
    expect(summary('en', { data, events })).toBe('19:00 to 19:10. Pool: not reported. Not reported: 19:00 to 19:08. Events: 6 times.');
  });
});

describe('rows', () => {
  test('the latest first, unknown stays unknown', () => {
    expect(rowsOf(DATA).map(({ values }) => values)).toEqual([
      [3, 70],
      [4, 66],
      [28, 0],
      [null, null],
      [5, 60],
    ]);
  });

  test('8,640 samples -> at most 120 rows, the latest among them', () => {
    const times = Array.from({ length: 8640 }, (_, i) => FROM + i);
    const rows = rowsOf({ ...DATA, timesWallMs: times, series: [{ label: 'Pool', kind: 'pool', values: times }] });
    expect([rows.length <= 120, rows[0]?.atWallMs]).toEqual([true, FROM + 8639]);
  });
});

test('TimeChart: a text for screen readers; the button shows the same data as a table and back', async () => {
  show(<TimeChart label="GPU use" data={DATA} scale={{ total: 100 }} valueText={percent} />);
  const chart = screen.getByRole('figure', { name: 'GPU use' });
  expect(within(chart).getByRole('img').getAttribute('aria-label')).toBe(`GPU use: ${summary('en')}`);
  await userEvent.click(within(chart).getByRole('button', { name: 'Show as table: GPU use' }));
  const rows = within(within(chart).getByRole('table')).getAllByRole('row');
  expect(rows.slice(0, 2).map(({ children }) => [...children].map(({ textContent }) => textContent))).toEqual([
    ['Time', 'You', 'Pool'],
    ['19:08:00', '3%', '70%'],
  ]);
  expect(rows.at(-2)?.textContent).toBe('19:02:00not reportednot reported');
  await userEvent.click(within(chart).getByRole('button', { name: 'Show as chart: GPU use' }));
  expect(within(chart).getByRole('img')).toBeTruthy();
});

test('BarsChart: an unknown hour is no 0; the open hour is marked; hours to come have no bar', () => {
  const { container } = show(
    <BarsChart
      label="Jobs per hour"
      fromWallMs={FROM}
      toWallMs={FROM + 240 * MINUTE}
      stepMs={60 * MINUTE}
      values={[3, null, 6]}
      isLastOpen
      valueText={String}
    />,
  );
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe('Jobs per hour: 19:00 3, 20:00 not reported, 21:00 6');
  const bars = [...container.querySelectorAll<HTMLElement>('[style*="width"]')];
  expect(bars.map(({ style, dataset }) => [style.left, style.height, 'unknown' in dataset, 'open' in dataset])).toEqual([
    ['0%', '50%', false, false],
    ['25%', '0%', true, false],
    ['50%', '100%', false, true],
  ]);
});
