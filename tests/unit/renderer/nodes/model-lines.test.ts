// The models of a node as lines of the drawer.
import { expect, test } from 'vitest';
import { modelLines } from '../../../../src/renderer/pages/nodes/model-lines';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { labelsIn } from '../support/labels';

const model = (model_id: string, change: object = {}) => ({ model_id, kind: 'llm' as const, version: '1', enabled: true, ...change });
const stateOf = (node: Partial<NodeView>) =>
  modelLines(nodeView('ready', node), labelsIn('en')).map(({ modelId, state, residency }) => [modelId, state?.text ?? residency]);

test('models of a node: missing ones first, then those in memory; each with one state', () => {
  const installed_models = [
    model('cold'),
    model('plain'),
    model('broken'),
    model('off', { enabled: false }),
    model('no-tasks', { tasks: [] }),
    model('hot'),
  ];
  const node: Partial<NodeView> = {
    installed_models,
    capability_state: {
      cold: 'not_installed',
      plain: 'ready',
      broken: 'error',
      off: 'ready',
      'no-tasks': 'ready',
      hot: 'ready',
      lost: 'downloading',
    },
    model_residency: { cold: 'cold', hot: 'pinned', broken: 'cold' },
  };
  expect(stateOf(node)).toEqual([
    ['lost', 'Downloading'],
    ['hot', 'pinned'],
    ['cold', 'cold'],
    ['plain', 'Ready'],
    ['broken', 'Not usable'],
    ['off', 'Disabled'],
    ['no-tasks', 'Cannot run jobs'],
  ]);
  // A download is no fault.
  const lines = modelLines(
    nodeView('ready', { installed_models: [model('plain')], capability_state: { plain: 'downloading' } }),
    labelsIn('en'),
  );
  expect(lines.map(({ state }) => state)).toEqual([{ shape: 'registering', text: 'Downloading' }]);
  // What a disconnected node has in memory is not known.
  expect(stateOf({ ...node, online: false }).at(-1)).toEqual(['hot', 'Ready']);
});

test.each([
  ['en', 'Verifying'],
  ['zh-CN', '校验中'],
] as const)('a model whose files are checked: one state without a reason (%s)', (language, text) => {
  const change = { installed_models: [model('plain')], capability_state: { plain: 'downloading' }, model_reasons: { plain: 'verifying' } };
  const lines = modelLines(nodeView('ready', change as Partial<NodeView>), labelsIn(language));
  expect(lines.map(({ state, reason }) => [state, reason])).toEqual([[{ shape: 'registering', text }, null]]);
});

test('damaged files: the word of the page Models, and why', () => {
  const change = { installed_models: [model('plain')], capability_state: { plain: 'error' }, model_reasons: { plain: 'checksum_differs' } };
  const lines = modelLines(nodeView('ready', change as Partial<NodeView>), labelsIn('en'));
  expect(lines.map(({ state, reason }) => [state?.text, reason])).toEqual([['Damaged', 'wrong checksum']]);
});

test.each([
  ['the code of the node in words', { model_reasons: { broken: 'process_not_running' } }, 'the required program is not running'],
  ['in words of the node, not of this computer', { model_reasons: { broken: 'gpu_too_small' } }, 'no GPU of the node has enough memory'],
  ['code of a later version -> none', { model_reasons: { broken: 'eaten_by_dog' } }, null],
  ['older node -> none', {}, null],
  ['disconnected -> none', { model_reasons: { broken: 'process_not_running' }, online: false }, null],
] as const)('reason of a model that is not usable: %s', (_case, change, reason) => {
  const node = nodeView('ready', { installed_models: [model('broken')], capability_state: { broken: 'error' }, ...change });
  expect(modelLines(node, labelsIn('en')).map((line) => line.reason)).toEqual([reason]);
});

test('reason of a missing model, and none of one that is in memory or disabled', () => {
  const lines = modelLines(
    nodeView('ready', {
      installed_models: [model('hot'), model('off', { enabled: false })],
      capability_state: { lost: 'error', hot: 'not_installed', off: 'error' },
      model_residency: { hot: 'loading' },
      model_reasons: { lost: 'pull_refused', hot: 'not_loaded', off: 'unreadable' },
    }),
    labelsIn('en'),
  );
  expect(lines.map(({ modelId, reason }) => [modelId, reason])).toEqual([
    ['lost', 'Ollama could not download the model (retrying)'],
    ['hot', null],
    ['off', null],
  ]);
});

test('speed: of the jobs of the pool, else as its owner measured it; unknown figures stay unknown', () => {
  const installed_models = [
    model('ran', { tokens_per_second: 90, vram_gb: 4.1 }),
    model('measured', { tokens_per_second: 52 }),
    model('new'),
  ];
  const node = nodeView('ready', { installed_models, model_rates: { ran: { tokens_per_second: 61.5, load_seconds: 4 } } });
  const figures = modelLines(node, labelsIn('en')).map((line) => [line.tokensPerSecond, line.loadSeconds, line.vramGb]);
  expect(figures.slice(-3)).toEqual([
    [61.5, 4, 4.1],
    [52, null, null],
    [null, null, null],
  ]);
});
