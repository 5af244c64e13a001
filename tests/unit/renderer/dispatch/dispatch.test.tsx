import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { EMPTY_FORM, toRequirements } from '../../../../src/renderer/features/dispatch/requirements';
import { ok } from '../../../../src/shared/result';
import { exclusions, explanation } from '../../../fixtures/app-states/answers';
import { NOW } from '../../../fixtures/app-states/moment';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replaceAll('\u00a0', ' ');

describe('what was typed becomes requirements', () => {
  test('nothing asked for', () => {
    expect(toRequirements(EMPTY_FORM)).toEqual(ok({ required_models: [], public: true }));
  });

  test('everything asked for', () => {
    const form = {
      models: ' a, b\nc，d ,',
      kind: 'nmt',
      srcLang: 'en',
      tgtLang: ' zh ',
      memoryGb: '24.5',
      nodeId: 'node-1',
      features: ['emotion_detection' as const],
      isPublic: true,
    };
    expect(toRequirements(form)).toEqual(
      ok({
        required_models: ['a', 'b', 'c', 'd'],
        required_kinds: [{ kind: 'nmt', src_lang: 'en', tgt_lang: 'zh' }],
        required_features: ['emotion_detection'],
        public: true,
        node_id: 'node-1',
        min_gpu_memory_gb: 24.5,
      }),
    );
  });

  test.each(['-1', 'many', '1e9'])('a memory of %j is refused at its field', (memoryGb) => {
    expect(toRequirements({ ...EMPTY_FORM, memoryGb })).toMatchObject({ ok: false, error: { field: 'min_gpu_memory_gb' } });
  });
});

test('an explanation says for every node what was wanted and what was found', async () => {
  const { api } = show(hosting(), { room: 'dispatch' });
  api.answer('pool.explain', ok(explanation));
  await userEvent.type(screen.getByLabelText('Required models'), 'qwen2.5:14b');
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  const table = await screen.findByRole('table');
  expect(screen.getByText('The job would go to', { exact: false }).parentElement?.textContent).toBe('The job would go to ming-desktop.');
  const rows = within(table)
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell').map(textOf));
  expect(rows.slice(0, 2)).toEqual([
    ['ming-desktop', 'Selected', 'Meets all requirements'],
    [
      'alice-laptop',
      'Not eligible',
      'Not ready: status Degraded (Health checks failed) status_not_readyNo suitable GPU: requires a GPU with 40 GB, the largest usable GPU has 36 GB gpu_unavailable',
    ],
  ]);
  expect(rows[5]?.[0]).toBe('try-outSimulated');
  expect(api.calls.at(-1)).toEqual({ name: 'pool.explain', params: { required_models: ['qwen2.5:14b'], public: true } });
});

test('why jobs found nobody is counted from the most frequent on, and counted anew on demand', async () => {
  const { api } = show(null, { room: 'dispatch' });
  api.answer('pool.exclusions', ok(exclusions));
  act(() => {
    api.tell.onConnection('open');
    api.tell.onEvent({ type: 'snapshot', state: hosting() });
  });
  const card = screen.getByRole('region', { name: 'Why jobs had to wait' });
  await within(card).findByText('41');
  expect(within(card).getAllByRole('listitem').map(textOf)).toEqual([
    '41Model not available model_not_availablee.g. ming-desktop, bob-tower',
    '12Not ready status_not_readye.g. alice-laptop',
    '3No public jobs not_in_public_pool',
  ]);
  api.answer('pool.exclusions', ok({ since: NOW, reasons: {} }));
  await userEvent.click(within(card).getByRole('button', { name: 'Reset' }));
  await waitFor(() => expect(textOf(card)).toContain('Jobs queued earlier are not counted.'));
  expect(within(card).queryAllByRole('listitem')).toEqual([]);
  expect(api.acts.map(({ name }) => name)).toEqual(['pool.exclusions', 'pool.reset_exclusions', 'pool.exclusions']);
});
