// The chart of the page Usage: its parts lead to the use of one key, model or node alone.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { createFormat } from '../../../../src/renderer/i18n/format';
import { noUsage, usageAnswer } from '../../../fixtures/app-states/usage';
import { linkOf, manyKeys, open, queries, tableOf, textOf } from './usage-screen';

test('part of the chart -> its use alone, from the legend and from a bar', async () => {
  const shown = await open();
  const alone = { from: '2026-11-17', to: '2026-11-23', by: 'model', key: 'key-nightly-ocr' };
  const used = usageAnswer({ by: 'key' }).rows.find(({ name }) => name === 'nightly-ocr') ?? noUsage.total;
  const tokens = createFormat('en').compact(used.prompt_tokens + used.output_tokens);
  expect(await linkOf(`nightly-ocr ${tokens} tokens`)).toBe(
    '#/usage?filter=period%3A7d&filter=by%3Amodel&filter=measure%3Atokens&filter=key%3Akey-nightly-ocr',
  );
  const [bar] = screen.getByRole('img', { name: /^Per day \(UTC\): / }).querySelectorAll('[data-series="2"]');
  if (bar === undefined) throw new Error('no bar');
  await userEvent.click(bar);
  await tableOf('Model');
  expect(queries(shown)).toContainEqual(alone);
  expect(await screen.findByText('Only nightly-ocr')).toBeTruthy();
});

test('rest of 150 keys -> hidden on request: the chart has the named keys alone, and the axis fits them', async () => {
  await open({ answers: { 'pool.usage': manyKeys() } });
  const chartOf = (): HTMLElement => screen.getByRole('img', { name: /^Per day \(UTC\): / });
  const chart = (): string => chartOf().getAttribute('aria-label') ?? '';
  const axis = (): string[] => [...chartOf().querySelectorAll('i')].map(textOf).filter((text) => !text.startsWith('Nov'));
  expect(await screen.findByRole('button', { name: 'Hide others: Other' })).toBeTruthy();
  expect(chart()).toContain('Other');
  const axisOfAll = axis();
  await userEvent.click(screen.getByRole('button', { name: 'Hide others: Other' }));
  expect(chart()).not.toContain('Other');
  expect(chart()).toContain('team-0');
  expect(axis()).not.toEqual(axisOfAll);
  await userEvent.click(screen.getByRole('button', { name: 'Show others: Other' }));
  expect(chart()).toContain('Other');
});
