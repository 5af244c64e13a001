// The drawer of a model: the nodes that have it, with its state there and why it is not usable.
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { ok } from '../../../../src/shared/result';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { poolModels } from '../../../fixtures/app-states/own-models';
import { missingModels } from '../../../fixtures/app-states/pool-figures';
import { nodeInEachState } from '../../../fixtures/app-states/node-states';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const MODEL = 'gpt-oss:20b';
const installed = (change: object = {}) => [{ model_id: MODEL, kind: 'llm' as const, version: '1', enabled: true, ...change }];

/** Shows the drawer until its list of nodes has the text. */
async function expectNodes(node: NodeView, text: string | RegExp, model = MODEL): Promise<void> {
  const answers = {
    'pool.models': ok({ models: poolModels() }),
    'pool.missing_models': ok(missingModels()),
    'pool.nodes_with_model': ok({ node_ids: [node.node_id] }),
    'pool.node': ok(node),
  };
  show({ ...hosting(), nodes: [node] }, { page: `models/${model}`, answers });
  const drawer = await screen.findByRole('dialog', { name: model });
  const part = (await within(drawer).findByRole('heading', { name: /^Nodes with this model/ })).closest('section');
  const items = (): string[] => [...(part?.querySelectorAll('li') ?? [])].map((item) => item.textContent.replaceAll('\u00a0', ' '));
  await waitFor(() => expect(items()).toEqual(text === '' ? [] : [expect.stringMatching(text)]));
}

const node = (change: Partial<NodeView>): NodeView => nodeView('ready', { node_id: 'node-x', name: 'attic', ...change });

test.each<[string, NodeView, string]>([
  [
    'In memory',
    node({ installed_models: installed(), capability_state: { [MODEL]: 'ready' }, model_residency: { [MODEL]: 'loaded' } }),
    'In memory',
  ],
  [
    'not usable -> its reason',
    node({ installed_models: installed(), capability_state: { [MODEL]: 'error' }, model_reasons: { [MODEL]: 'gpu_too_small' } }),
    'Not usableno GPU of the node has enough memory',
  ],
  ['disabled by its owner', node({ installed_models: installed({ enabled: false }), capability_state: { [MODEL]: 'ready' } }), 'Disabled'],
  ['required, not installed', node({ installed_models: [], capability_state: { [MODEL]: 'not_installed' } }), 'Not installed'],
  [
    'with a longer name -> not listed',
    node({ installed_models: [{ model_id: `${MODEL}-x`, kind: 'llm', version: '1', enabled: true }] }),
    '',
  ],
])('node with the model %s', async (_name, shown, text) => {
  await expectNodes(shown, text === '' ? '' : new RegExp(`^attic${text}$`));
});

test('node that gets no jobs -> its state with the reason, and the model only where it is not usable', async () => {
  const busy = nodeInEachState().find(({ name }) => name === 'busy-gpu');
  if (busy === undefined) throw new Error('no such node');
  const there = { ...busy, installed_models: installed(), capability_state: { [MODEL]: 'ready' as const } };
  await expectNodes(there, /^busy-gpuBusyGPU 71%, limit 25%$/);
  cleanup();
  await expectNodes(
    { ...there, capability_state: { [MODEL]: 'error' }, model_reasons: { [MODEL]: 'unreadable' } },
    /^busy-gpuBusyGPU 71%, limit 25%Not usablea file cannot be read$/,
  );
});

test('model that is ready on no node, but requested -> the node that has it, and why it is not ready there', async () => {
  const model = 'qwen3-coder:30b';
  const there = node({
    installed_models: [{ model_id: model, kind: 'llm', version: '1', enabled: true }],
    capability_state: { [model]: 'error' },
    model_reasons: { [model]: 'process_not_running' },
  });
  await expectNodes(there, /^atticNot usablethe required program is not running$/, model);
});
