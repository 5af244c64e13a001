// Where a node or this computer is said to have been passed over, each reason says what would change it.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { PassedOver } from '../../../../src/shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../../src/shared/protocol/status';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';
import { wordsIn } from '../support/words';

const everyReason: PassedOver = {
  window_seconds: 3600,
  since: 0,
  total: EXCLUSION_REASONS.length,
  reasons: EXCLUSION_REASONS.map((code) => ({ code, count: 1, wanted: null, found: null })),
};
const node = nodeView('ready', { passed_over: everyReason });

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
  const silent = EXCLUSION_REASONS.filter((code) => !lines.some((line) => line.includes(t(`exclusion_help.${code}`))));
  expect(silent).toEqual([]);
});
