import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { EXCLUSION_REASONS } from '../../../../src/shared/protocol/status';
import type { Explanation } from '../../../../src/shared/api/dispatch';
import { ok } from '../../../../src/shared/result';
import type { FakeApi } from '../../../fixtures/app-states/fake-api';
import { exclusions, explanation, explanationOfEachReason } from '../../../fixtures/app-states/answers';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { explain } from '../../../fixtures/app-states/explained';
import { mixedPool } from '../../../fixtures/app-states/mixed-pool';
import { affinity, CHOSEN, hold } from '../../../fixtures/app-states/predictions';
import { NOW } from '../../../fixtures/app-states/moment';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { labelsIn } from '../support/labels';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

const inMixedPool = (model: string): Explanation => explain(mixedPool(), { required_models: [model] });
const predictedExplanation = { ...inMixedPool('qwen3:8b'), chosen: CHOSEN, prediction: affinity };
const heldExplanation = { ...inMixedPool('llama3.1:8b'), held: hold };

const requestsOf = (api: FakeApi) => api.calls.filter(({ name }) => name === 'pool.explain').map(({ params }) => params);

test('explain: prediction -> why this node, then the exclusions; size of the request -> sent', async () => {
  const { api } = show(hosting({ nodes: mixedPool() }), { page: 'jobs/explain' });
  api.answer('pool.explain', ok(predictedExplanation));
  await userEvent.type(screen.getByLabelText('Prompt tokens'), '4000');
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  const why = await screen.findByRole('region', { name: 'Why this node' });
  expect(screen.getByRole('region', { name: 'any model' }).contains(why)).toBe(true);
  expect(textOf(why)).toContain('Should finish first, because the prompt is probably in its cache.');
  expect(within(why).getAllByRole('rowheader').map(textOf)).toEqual(['lab-2', 'lab-5', 'lab-3', 'lab-4']);
  expect(requestsOf(api)).toEqual([{ required_models: [], public: true, input_tokens: 4000, grouped: true }]);
});

test('explain: alias and auto -> the model that serves each, and why', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain' });
  const names = [
    { name: 'gpt-4o', model: 'qwen3:8b', by: 'fallback' },
    { name: 'auto', model: 'gpt-oss:120b', by: 'auto' },
  ] as const;
  api.answer('pool.explain', ok({ ...explanation, names: [...names] }));
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  await screen.findByText('The job would go to', { exact: false });
  expect(textOf(screen.getByRole('main'))).toContain('gpt-4o is served by qwen3:8b (alias, the model before it is not ready)');
  expect(textOf(screen.getByRole('main'))).toContain('auto is served by gpt-oss:120b (the best ready model)');
});

test('explain: job would be held -> both nodes; no prediction (older scheduler) -> none', async () => {
  const { api } = show(hosting({ nodes: mixedPool() }), { page: 'jobs/explain' });
  api.answer('pool.explain', ok(heldExplanation));
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  await screen.findByText('Best free node');
  expect(textOf(screen.getByRole('main'))).toContain('The job would wait for render-01 first.');
  expect(textOf(screen.getByRole('main'))).toContain(
    'Predicted: about 6.3 s on render-01, 33.1 s on ming-desktop, the best free node. The job waits at most 30 s. Then it goes to the best free node. Other jobs that wait for the full node are not counted.',
  );
  expect([screen.queryByText('Selected'), screen.queryAllByText('Eligible').length]).toEqual([null, 1]);
  api.answer('pool.explain', ok(explanation));
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  await screen.findByText('The job would go to', { exact: false });
  expect(screen.queryByRole('table', { name: 'Predicted seconds by node' })).toBeNull();
});

test('explain: chosen node, wanted and found values of every other node', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain' });
  api.answer('pool.explain', ok(explanation));
  await userEvent.type(screen.getByRole('combobox', { name: 'Model' }), 'qwen2.5:14b');
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  const table = await screen.findByRole('table');
  expect(screen.getByText('The job would go to', { exact: false }).parentElement?.textContent).toBe('The job would go to ming-desktop.');
  const rows = within(table)
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell').map(textOf));
  expect(rows.slice(0, 2)).toEqual([
    ['ming-desktopAvailable', 'Selected', 'Meets all requirements'],
    [
      'alice-laptopDegraded',
      'Not eligible',
      'Model not ready: the pool requires nllb-200-en-zh (not usable)No suitable GPU: requires a GPU with 40 GB, the largest usable GPU has 36 GB',
    ],
  ]);
  expect(rows[5]?.[0]).toBe('try-outSimulatedDisconnected');
  expect(requestsOf(api)).toEqual([{ required_models: ['qwen2.5:14b'], public: true, grouped: true }]);
});

test.each(['en', 'zh-CN'] as const)('explain in %s: each reason as a sentence, never as raw values', async (language) => {
  const { api } = show(SITUATIONS.each_state(), { language, page: 'jobs/explain' });
  const { t, code: nameOf } = labelsIn(language);
  api.answer('pool.explain', ok(explanationOfEachReason));
  await userEvent.click(screen.getByRole('button', { name: t('dispatch.explain') }));
  const rows = within(await screen.findByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map(textOf);
  expect(rows).toHaveLength(EXCLUSION_REASONS.length);
  for (const [index, code] of EXCLUSION_REASONS.entries()) {
    // A node that is not ready has the reason of its state instead.
    if (code !== 'status_not_ready') expect(rows[index]).toContain(nameOf('exclusion', code));
    expect(rows[index]).not.toMatch(/[{}]/);
    expect(rows[index]).not.toContain(code);
  }
});

test('explain in a large pool: counts of all nodes, and the number of shown nodes', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain' });
  const reasons = { capacity_exceeded: { count: 1_190, examples: [] }, not_online: { count: 7, examples: [] } };
  api.answer('pool.explain', ok({ ...explanation, nodes_total: 1_200, reasons }));
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  await screen.findByText('3 of 1,200 nodes can take the job.');
  const main = textOf(screen.getByRole('main'));
  expect(main).toMatch(/can take the job\.1,190 nodesNo free job slot.*7 nodesNot connected/);
  expect(main).toContain('The table shows 6 of 1,200 nodes.');
});

test.each([
  ['nodes, but none shown', 3, 'No node can take this job now.'],
  ['no nodes', 0, 'The pool has no nodes.'],
])('explain: %s -> the text names the cause', async (_how, nodesTotal, text) => {
  const { api } = show(hosting(), { page: 'jobs/explain' });
  const reasons = nodesTotal === 0 ? {} : { not_online: { count: nodesTotal, examples: [] } };
  api.answer('pool.explain', ok({ chosen: null, nodes_total: nodesTotal, reasons, nodes: [] }));
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  await screen.findByText(text);
  expect(screen.queryByText(/nodes can take the job/)).toBeNull();
});

test('exclusions: most frequent first; reset', async () => {
  const { api } = show(null, { page: 'jobs/explain' });
  api.answer('pool.exclusions', ok(exclusions));
  act(() => {
    api.emit.onConnection('open');
    api.emit.onEvent({ type: 'snapshot', state: hosting() });
  });
  const card = screen.getByRole('region', { name: 'Nodes skipped for waiting jobs' });
  await within(card).findByText('41×');
  expect(within(card).getAllByRole('listitem').map(textOf)).toEqual([
    '41×Model not availablefor qwen2.5:14b, whisper-large-v3e.g. ming-desktop, bob-tower',
    '12×Not readyfor qwen2.5:14be.g. alice-laptop',
    '3×Accepts private jobs onlyA job is private when its sender marks it so.',
  ]);
  api.answer('pool.exclusions', ok({ since: NOW, reasons: {} }));
  await userEvent.click(within(card).getByRole('button', { name: 'Count from now' }));
  await waitFor(() => expect(textOf(card)).toContain('Jobs queued earlier are not counted.'));
  expect(within(card).queryAllByRole('listitem')).toEqual([]);
  expect(api.calls.map(({ name }) => name).filter((name) => name.endsWith('exclusions'))).toEqual([
    'pool.exclusions',
    'pool.reset_exclusions',
    'pool.exclusions',
  ]);
});

test('node field: 1,000 nodes -> 20 suggestions, others found by name', async () => {
  const nodes = Array.from({ length: 1000 }, (_, i) => nodeView('ready', { node_id: `node-${String(i)}`, name: `tower-${String(i)}` }));
  const { api } = show(hosting({ nodes }), { page: 'jobs/explain' });
  const { t } = labelsIn('en');
  expect(document.querySelectorAll('option').length).toBeLessThan(20);
  const field = screen.getByRole('combobox', { name: t('dispatch.node') });
  await userEvent.click(field);
  // jsdom has no layout, so the list counts as out of view.
  const suggestions = await screen.findByRole('listbox', { name: t('dispatch.node'), hidden: true });
  expect(within(suggestions).getAllByRole('option', { hidden: true })).toHaveLength(20);
  await userEvent.type(field, 'tower-777');
  await userEvent.click(within(suggestions).getByRole('option', { name: 'tower-777', hidden: true }));
  await userEvent.click(screen.getByRole('button', { name: t('dispatch.explain') }));
  expect(requestsOf(api)).toEqual([{ required_models: [], public: true, node_id: 'node-777', grouped: true }]);
});

test('explain twice with the same requirements -> two requests', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain' });
  const { t } = labelsIn('en');
  api.answer('pool.explain', ok(explanation));
  for (let count = 1; count <= 2; count++) {
    await userEvent.click(screen.getByRole('button', { name: t('dispatch.explain') }));
    await waitFor(() => expect(api.calls.filter(({ name }) => name === 'pool.explain')).toHaveLength(count));
  }
});

const GROUPED: Explanation = {
  chosen: null,
  nodes_total: 48,
  reasons: { model_not_available: { count: 35, examples: ['node-B0B00001'] }, resource_threshold_exceeded: { count: 13, examples: [] } },
  nodes: [],
  groups: [
    {
      code: 'model_not_available',
      count: 35,
      examples: ['node-B0B00001'],
      states: { available: 30, full: 5 },
      model_states: { not_installed: 34, downloading: 1 },
      fits: 26,
      needed_gb: 18.6,
    },
    {
      code: 'resource_threshold_exceeded',
      count: 13,
      examples: ['node-0A11CE42'],
      states: { busy: 13 },
      over: { gpu: { count: 13, limits: { lowest: 25, highest: 25 } } },
    },
  ],
};

const OF_ONE_NODE: Explanation = {
  ...GROUPED,
  nodes_total: 2,
  groups: (GROUPED.groups ?? []).map((group) => ({
    ...group,
    count: 1,
    ...(group.model_states === undefined ? {} : { states: { available: 1 }, model_states: { not_installed: 1 }, fits: 1 }),
    ...(group.over === undefined ? {} : { states: { busy: 1 }, over: { gpu: { count: 1, limits: { lowest: 25, highest: 25 } } } }),
  })),
};

test('explain: a group of one node -> its reason without counts', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain?filter=model%3Aqwen3' });
  api.answer('pool.explain', ok(OF_ONE_NODE));
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  expect(await screen.findByText('Not installed. qwen3 needs 18.6 GB, and fits.')).toBeTruthy();
  expect(screen.getByText('GPU at its limit of 25%.')).toBeTruthy();
});

test('explain: groups -> numbers of each reason, where to change it, and dry runs of these changes', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain?filter=model%3Aqwen3' });
  api.answer('pool.explain', ok(GROUPED));
  expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Model' }).value).toBe('qwen3');
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  const heading = await screen.findByRole('heading', { name: /^Nodes that cannot take the job/ });
  expect(screen.getByRole('region', { name: 'qwen3' }).contains(heading)).toBe(true);
  const items = [...(heading.parentElement?.querySelectorAll<HTMLElement>(':scope > ul > li') ?? [])].map(textOf);
  expect(items).toEqual([
    '35Model not availableNot installed on 34, downloading on 1. qwen3 needs 18.6 GB. It fits on 26 of these nodes.30 Available5 FullInstall…',
    '13Load at its limitGPU at its limit of 25% on 13.13 BusyShow nodes',
  ]);
  expect(screen.getByRole('link', { name: 'Install…' }).getAttribute('href')).toBe('#/models/qwen3?search=qwen3');
  expect(screen.getByRole('link', { name: 'Show nodes' }).getAttribute('href')).toBe('#/nodes?state=busy');
  await waitFor(() =>
    expect(requestsOf(api).at(-1)).toEqual({
      required_models: ['qwen3'],
      public: true,
      node_limit: 0,
      what_if: [
        { kind: 'installed', node_id: 'node-B0B00001' },
        { kind: 'limits', gpu_percent: 45 },
      ],
    }),
  );
});

test('explain: few nodes, all of them listed -> the table alone, without groups', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain' });
  api.answer('pool.explain', ok({ ...GROUPED, nodes: explanation.nodes, nodes_total: explanation.nodes.length }));
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  expect(await screen.findByRole('columnheader', { name: 'Result' })).toBeTruthy();
  expect(screen.queryByRole('heading', { name: /^Nodes that cannot take the job/ })).toBeNull();
});

test('dry runs: outcomes as sentences; a change of the user is one more', async () => {
  const { api } = show(hosting(), { page: 'jobs/explain' });
  const { prediction } = predictedExplanation;
  const [best] = prediction?.nodes ?? [];
  api.answer(
    'pool.explain',
    ok({
      ...GROUPED,
      what_if: [
        { chosen: best?.node_id, able: 1, prediction },
        { chosen: null, able: 0 },
        { chosen: null, able: 0 },
      ],
    }),
  );
  await userEvent.type(screen.getByRole('combobox', { name: 'Model' }), 'qwen3');
  await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
  const runs = (await screen.findByRole('heading', { name: /^Try a change/ })).parentElement ?? document.body;
  const items = () => within(runs).getAllByRole('listitem').map(textOf);
  await waitFor(() => expect(items()[0]).toMatch(/^If qwen3 is ready on bob-towerStarts at once on node-lab-2, done in about [\d.]+ s$/));
  // The GPU limit does not help.
  expect(items()).toHaveLength(1);
  await userEvent.selectOptions(within(runs).getByRole('combobox', { name: 'Change' }), 'Memory limit');
  await userEvent.click(within(runs).getByRole('button', { name: 'Try' }));
  await waitFor(() => expect(items()[1]).toBe('If the memory limit is 50%No change'));
  expect(requestsOf(api).at(-1)).toMatchObject({ what_if: [{}, {}, { kind: 'limits', mem_percent: 50 }] });
  // A proposed change that does not help is shown when the user asks for it.
  await userEvent.selectOptions(within(runs).getByRole('combobox', { name: 'Change' }), 'GPU limit');
  const percent = within(runs).getByRole('textbox', { name: 'Percent' });
  await userEvent.clear(percent);
  await userEvent.type(percent, '45');
  await userEvent.click(within(runs).getByRole('button', { name: 'Try' }));
  await waitFor(() => expect(items()[1]).toBe('If the GPU limit is 45%No change'));
  expect(items()).toHaveLength(2);
});
