// The missed jobs of a node and of this computer: each reason has a text and help.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { MissedJobs } from '../../../../src/shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../../src/shared/protocol/status';
import { longReasons, missedJobs, nodeView } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';
import { labelsIn } from '../support/labels';

const everyReason: MissedJobs = {
  window_seconds: 3600,
  since: 0,
  total: EXCLUSION_REASONS.length,
  reasons: EXCLUSION_REASONS.map((code) => ({ code, count: 1, wanted: null, found: null })),
};
const node = nodeView('ready', { missed_jobs: everyReason });

test.each([
  ['en', `nodes/${node.node_id}`, 'dialog'],
  ['en', 'computer', 'region'],
  ['zh-CN', `nodes/${node.node_id}`, 'dialog'],
  ['zh-CN', 'computer', 'region'],
] as const)('%s, %s: every reason has a text and help', async (language, page, role) => {
  const { t } = labelsIn(language);
  show(hosting({ nodes: [node] }), { language, page });
  const place = await screen.findByRole(role, { name: role === 'dialog' ? node.name : t('missed_jobs_card.title') });
  const lines = within(place)
    .getAllByRole('listitem')
    .map((line) => line.textContent);
  const isSaid = (text: string): boolean => lines.some((line) => line.includes(text));
  const silent = EXCLUSION_REASONS.filter((code) => !isSaid(t(`missed_jobs.${code}`)) || !isSaid(t(`exclusion_help.${code}`)));
  expect(silent).toEqual([]);
});

test.each([
  ['en', 'Model, language, feature or task not availableLatest: requires eng-spa (does not support chat, only command jobs)'],
  ['zh-CN', '所需的模型、语言、功能或任务类型不可用最近一次：需要 eng-spa（不支持对话，只支持命令任务）'],
] as const)('%s: count of the reason, numbers of the latest job', async (language, text) => {
  show(hosting({ nodes: [longReasons] }), { language, page: `nodes/${longReasons.node_id}` });
  const drawer = await screen.findByRole('dialog', { name: longReasons.name });
  expect(drawer.textContent).toContain(text);
});

type MissedReason = MissedJobs['reasons'][number];
const lacking = { models: [], kinds: [], features: [] };
test.each<readonly [string, Pick<MissedReason, 'wanted' | 'found'> & Partial<MissedReason>, string]>([
  [
    'one model, all jobs -> its name',
    { wanted: { ...lacking, models: ['a'] }, found: { models: { a: 'not_installed' }, kinds: [], features: {} }, count: 9, same: true },
    'Model not installed: a',
  ],
  [
    'two models of one job, one of them disabled',
    { wanted: { ...lacking, models: ['a', 'b'] }, found: { models: { a: 'disabled', b: 'not_installed' }, kinds: [], features: {} } },
    'Model not ready: a, b',
  ],
  [
    'a type of model',
    { wanted: { ...lacking, kinds: [{ kind: 'tts', src_lang: null, tgt_lang: 'en' }] }, found: { models: {}, kinds: [[]], features: {} } },
    'No ready model of this type: speech synthesis en',
  ],
  [
    'several jobs that wanted different models -> the reason, and the latest',
    { wanted: { ...lacking, models: ['a'] }, found: { models: { a: 'not_installed' }, kinds: [], features: {} }, count: 2, same: false },
    'Model, language, feature or task not availableLatest: requires a (not installed)',
  ],
])('the cause that failed: %s', async (_case, change, text) => {
  const reasons = [{ code: 'model_not_available' as const, count: 1, ...change }];
  const node = nodeView('ready', { missed_jobs: { window_seconds: 3600, since: 0, total: 1, reasons } });
  show(hosting({ nodes: [node] }), { page: `nodes/${node.node_id}` });
  const drawer = await screen.findByRole('dialog', { name: node.name });
  expect(drawer.textContent).toContain(text);
});

test('reason without numbers -> no "latest" line', async () => {
  const reasons = [{ code: 'not_online' as const, count: 2, wanted: null, found: null }];
  const offline = nodeView('ready', { missed_jobs: { window_seconds: 3600, since: 0, total: 2, reasons } });
  show(hosting({ nodes: [offline] }), { page: `nodes/${offline.node_id}` });
  const drawer = await screen.findByRole('dialog', { name: offline.name });
  expect(drawer.textContent).toContain('2Not connected at the timeThe node must connect again.');
});

test.each([
  ['this computer', 'node-5C0FFEE1', 'you used 28% of the GPU, limit 25%'],
  ['another node', 'node-other', 'owner uses 28% of the GPU, limit 25%'],
])('whose load reached the limit: %s', async (_title, node_id, text) => {
  const node = nodeView('ready', { node_id, missed_jobs: missedJobs });
  show(hosting({ nodes: [node] }), { page: `nodes/${node_id}` });
  const drawer = await screen.findByRole('dialog', { name: node.name });
  expect(drawer.textContent.replaceAll('\u00a0', ' ')).toContain(text);
});

test.each([
  ['this computer', 'node-5C0FFEE1', ['Install', 'Change limit', 'Change slots']],
  ['another node -> only its owner can change the cause', 'node-other', []],
])('next steps: %s', async (_title, node_id, steps) => {
  const node = nodeView('ready', { node_id, missed_jobs: missedJobs });
  show(hosting({ nodes: [node] }), { page: `nodes/${node_id}` });
  const drawer = await screen.findByRole('dialog', { name: node.name });
  const links = within(drawer)
    .queryAllByRole('link')
    .map(({ textContent }) => textContent);
  expect(links.filter((text) => /Install|Change/.test(text))).toEqual(steps);
});
