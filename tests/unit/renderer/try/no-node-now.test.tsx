import { act, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { ok } from '../../../../src/shared/result';
import type { AvailabilityState } from '../../../../src/shared/protocol/status';
import { POOL_MODELS } from '../../../fixtures/app-states/asks';
import { nodeView, sixNodes } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const [first = nodeView('ready'), second = first] = sixNodes();

const withState = (node: NodeView, state: AvailabilityState): NodeView => ({ ...node, availability: { state, reasons: [], since: 0 } });

async function open(some: readonly NodeView[]) {
  const answers = {
    'pool.models': ok({ models: POOL_MODELS }),
    'pool.nodes_with_model': ok({ node_ids: some.map(({ node_id: id }) => id) }),
  };
  const { api } = show(hosting({ host: null }), { page: 'try', answers });
  await screen.findByRole('textbox', { name: 'Message' });
  return (node: NodeView, state: AvailabilityState): void => act(() => api.emit.onEvent({ type: 'node', node: withState(node, state) }));
}

test('the only node with the model is busy -> the request will wait, and why', async () => {
  const set = await open([first]);
  set(first, 'available');
  expect(screen.queryByText(/will wait/)).toBeNull();
  set(first, 'busy');
  expect((await screen.findByText(/No node with this model is available now: the request will wait\./)).textContent).toContain(
    `${first.name}: Busy · `,
  );
});

test('all nodes with the model are busy -> how many; one is available -> nothing', async () => {
  const set = await open([first, second]);
  set(first, 'busy');
  set(second, 'busy');
  expect((await screen.findByText(/will wait/)).textContent).toContain('Busy 2');
  set(second, 'available');
  expect(screen.queryByText(/will wait/)).toBeNull();
});
