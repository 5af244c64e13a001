// Where a node or this computer is said to have been passed over, each reason says what it counts and what would change it.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { MissedJobs } from '../../../../src/shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../../src/shared/protocol/status';
import { longReasons, nodeView } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';
import { wordsIn } from '../support/words';

const everyReason: MissedJobs = {
  window_seconds: 3600,
  since: 0,
  total: EXCLUSION_REASONS.length,
  reasons: EXCLUSION_REASONS.map((code) => ({ code, count: 1, wanted: null, found: null })),
};
const node = nodeView('ready', { missed_jobs: everyReason });

test.each([
  ['en', `nodes/${node.node_id}`, 'dialog'],
  ['en', 'overview', 'region'],
  ['zh-CN', `nodes/${node.node_id}`, 'dialog'],
  ['zh-CN', 'overview', 'region'],
] as const)('in %s, %s tells what would change every reason', async (language, room, role) => {
  const { t } = wordsIn(language);
  show(hosting({ nodes: [node] }), { language, room });
  const place = await screen.findByRole(role, { name: role === 'dialog' ? node.name : t('elsewhere.title') });
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
] as const)('in %s the count is of the reason, and what the last job wanted is said to be the last', async (language, words) => {
  show(hosting({ nodes: [longReasons] }), { language, room: `nodes/${longReasons.node_id}` });
  const drawer = await screen.findByRole('dialog', { name: longReasons.name });
  expect(drawer.textContent).toContain(words);
});

test('a reason without a figure or a name is not said twice', async () => {
  const reasons = [{ code: 'not_online' as const, count: 2, wanted: null, found: null }];
  const offline = nodeView('ready', { missed_jobs: { window_seconds: 3600, since: 0, total: 2, reasons } });
  show(hosting({ nodes: [offline] }), { room: `nodes/${offline.node_id}` });
  const drawer = await screen.findByRole('dialog', { name: offline.name });
  expect(drawer.textContent).toContain('Not connected at the timeNew jobs start when the node is connected again.2 ×');
});
