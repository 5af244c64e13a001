// Whether models are in memory, and the acts of an operator: in the drawer of a node and on the Models page, in both languages.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { usefulActions } from '../../../../src/renderer/labels/residency-labels';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { MODEL_ACTIONS, type ModelAction, type ModelResidency } from '../../../../src/shared/protocol/model-control';
import { fail, ok } from '../../../../src/shared/result';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../support/render-screen';

test.each<readonly [ModelResidency | null, readonly ModelAction[]]>([
  ['cold', ['load', 'pin']],
  ['loading', []],
  ['loaded', ['unload', 'pin']],
  ['pinned', ['unpin']],
  [null, ['load', 'unload']],
])('residency %s -> actions %j', (residency, actions) => {
  expect(usefulActions(residency, MODEL_ACTIONS)).toEqual(actions);
});

const NODE_ID = 'node-0A11CE42';
const alice = (change: Partial<NodeView> = {}): NodeView => ({
  ...nodeView('ready', { node_id: NODE_ID, name: 'alice-laptop' }),
  installed_models: ['llama3.2:3b', 'gemma', 'piper'].map((model_id) => ({
    model_id,
    kind: 'llm' as const,
    version: '1',
    enabled: true,
    ...(model_id === 'piper' ? {} : { actions: [...MODEL_ACTIONS] }),
  })),
  capability_state: { 'llama3.2:3b': 'ready', gemma: 'not_installed', piper: 'ready' },
  model_residency: { 'llama3.2:3b': 'loaded', gemma: 'cold' },
  model_control: true,
  ...change,
});
const opened = async (node: NodeView, options: Partial<ShowOptions> = {}) => {
  const { api } = show(hosting({ nodes: [node] }), { page: `nodes/${NODE_ID}`, ...options });
  return { api, drawer: await screen.findByRole('dialog', { name: 'alice-laptop' }) };
};
const rowsOf = (drawer: HTMLElement): string[] =>
  within(drawer)
    .getAllByRole('row')
    .map(({ textContent }) => textContent);
const DONE = { node_id: NODE_ID, model_id: 'gemma', action: 'load' as const, state: 'done' as const };

describe('the drawer of a node', () => {
  test('each model: word and actions; a model without residency has its state only', async () => {
    const { drawer } = await opened(alice());
    expect(rowsOf(drawer)).toEqual(expect.arrayContaining(['llama3.2:3bIn memoryUnload…Pin', 'gemmaNot in memoryLoadPin', 'piperReady']));
  });

  test('in Chinese', async () => {
    const { drawer } = await opened(alice(), { language: 'zh-CN' });
    expect(rowsOf(drawer)).toEqual(expect.arrayContaining(['llama3.2:3b已加载卸载…固定', 'gemma未加载加载固定']));
  });

  test.each<readonly [string, Partial<NodeView>]>([
    ['the owner forbids control', { model_control: false }],
    ['the node is disconnected', { online: false }],
  ])('%s -> no buttons', async (_title, change) => {
    const { drawer } = await opened(alice(change));
    expect(within(drawer).queryByRole('button', { name: /^(Load|Unload|Pin)/ })).toBeNull();
  });

  test('load at once; unload after confirmation', async () => {
    const { api, drawer } = await opened(alice());
    api.answer('pool.control_model', ok(DONE));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Load: gemma' }));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Unload…: llama3.2:3b' }));
    const dialog = await screen.findByRole('dialog', { name: 'Unload llama3.2:3b?' });
    expect(dialog.textContent).toContain('alice-laptop removes the model from memory.');
    api.answer('pool.control_model', ok({ ...DONE, model_id: 'llama3.2:3b', action: 'unload' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Unload' }));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Unload llama3.2:3b?' })).toBeNull());
    expect(api.userCalls).toEqual([
      { name: 'pool.control_model', params: { node_id: NODE_ID, model_id: 'gemma', action: 'load' } },
      { name: 'pool.control_model', params: { node_id: NODE_ID, model_id: 'llama3.2:3b', action: 'unload' } },
    ]);
  });

  test('refused -> the reason, and the message of the model server', async () => {
    const { api, drawer } = await opened(alice());
    const details = { node_id: NODE_ID, reason: 'failed', runtime_message: 'insufficient memory' };
    api.answer('pool.control_model', fail({ code: 'INVALID_STATE', message: 'm', details }));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Load: gemma' }));
    const alert = await within(drawer).findByRole('alert');
    expect(alert.textContent).toContain('The model server did not complete the action');
    expect(alert.textContent).toContain('insufficient memory');
    const tooOld = { node_id: NODE_ID, reason: 'not_supported', cause: 'old_node' };
    api.answer('pool.control_model', fail({ code: 'INVALID_STATE', message: 'm', details: tooOld }));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Load: gemma' }));
    await waitFor(() => expect(within(drawer).getByRole('alert').textContent).toContain('older version of Muster'));
  });
});
