// The state of a model of this computer as label and reason, and where both are shown.
import { cleanup, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { modelReason, modelStateLabel, ownStateLabel } from '../../../../src/renderer/pages/models/model-labels';
import type { ModelView } from '../../../../src/shared/api/agent-view';
import { agentView, modelView } from '../../../fixtures/app-states/agents';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';
import { labelsIn } from '../support/labels';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('modelStateLabel, modelReason', () => {
  test.each<readonly [Partial<ModelView>, string, string]>([
    [{}, 'ready Ready', 'all files verified'],
    [
      { state: 'not_installed', reason_code: 'verifying', details: { path: 'a.bin' }, progress: 0.649 },
      'registering Verifying 64%',
      'checking files: a.bin',
    ],
    [
      { state: 'downloading', reason_code: 'downloading', details: { path: 'a.bin', expected: 100, found: 25 }, progress: 0.25 },
      'registering Downloading 25%',
      'a file is not complete yet: a.bin',
    ],
    [
      { state: 'not_installed', reason_code: 'incomplete', details: { path: 'a.bin', expected: 2_000_000, found: 512 } },
      'offline Not installed',
      'a file is incomplete, and its download has stopped: a.bin: 2 MB expected, 512 B found',
    ],
    [
      { state: 'error', reason_code: 'gpu_too_small', details: { expected_gb: 24, found_gb: 0 } },
      'degraded Not usable',
      'no GPU on this computer has enough memory: 24 GB required, the largest has 0 GB',
    ],
    [
      { state: 'not_installed', reason_code: 'file_missing', details: { path: 'a.bin' } },
      'offline Not installed',
      'a file is missing: a.bin',
    ],
    [{ state: 'error', reason_code: 'checksum_differs', details: { path: 'a.bin' } }, 'degraded Damaged', 'wrong checksum: a.bin'],
    [
      { state: 'error', reason_code: 'size_differs', details: { path: 'a.bin', expected: 2_000_000, found: 512 } },
      'degraded Damaged',
      'wrong file size: a.bin: 2 MB expected, 512 B found',
    ],
    [
      { state: 'error', reason_code: 'process_not_running', details: { process: 'ollama' } },
      'degraded Not usable',
      'the required program is not running: ollama',
    ],
    [{ state: 'ready', reason_code: 'cold' }, 'ready Ready', 'loads on first use'],
    [{ state: 'not_installed', reason_code: 'loading' }, 'registering Loading', 'being loaded'],
    [{ state: 'not_installed', reason_code: 'runtime_starting' }, 'registering Loading', 'the model server is starting'],
    [{ state: 'not_installed', reason_code: 'not_loaded' }, 'unloaded Not loaded', 'not loaded in the model server'],
    [{ state: 'error', reason_code: 'runtime_not_running' }, 'degraded Not usable', 'the model server does not respond'],
    [
      {
        state: 'downloading',
        reason_code: 'pulling',
        details: { status: 'pulling dde5', completed_bytes: 504_844_344, total_bytes: 2_019_377_376 },
        progress: 0.25,
      },
      'registering Downloading 25%',
      'with Ollama: 504.8 MB of 2.0 GB',
    ],
    [
      {
        state: 'downloading',
        reason_code: 'pulling',
        details: { status: 'pulling dde5', completed_bytes: 1e9, total_bytes: 2e9, bytes_per_second: 12.5e6 },
        progress: 0.5,
      },
      'registering Downloading 50%',
      'with Ollama: 1.0 GB of 2.0 GB · 12.5 MB/s · 1 min left',
    ],
    [
      { state: 'downloading', reason_code: 'pulling', details: { status: 'pulling manifest', completed_bytes: 0, total_bytes: 0 } },
      'registering Downloading',
      'with Ollama: pulling manifest',
    ],
    [{ state: 'not_installed', reason_code: 'pull_waiting' }, 'offline Not installed', 'waiting for another download'],
    [
      { state: 'error', reason_code: 'pull_refused', details: { runtime_message: 'file does not exist', failures: 1, retry_at: 5 } },
      'degraded Not usable',
      'Ollama could not download the model (retrying): file does not exist',
    ],
    [
      { state: 'error', reason_code: 'pull_broken', details: { runtime_message: 'refused', failures: 1, retry_at: 5 } },
      'degraded Not usable',
      'connection to Ollama lost during the download (retrying)',
    ],
    [{ state: 'error', reason_code: 'cosmic_ray' }, 'degraded Not usable', 'cosmic_ray'],
  ])('%j', (change, state, reason) => {
    const labels = labelsIn('en');
    const model = modelView(change);
    const { shape, label } = modelStateLabel(model, labels);
    expect([plain(`${shape} ${label}`), plain(modelReason(model, labels))]).toEqual([state, reason]);
  });
});

test.each([
  [{ state: 'not_installed', reason_code: 'verifying', details: { path: 'a.bin' }, progress: 0.64 }, 'Verifying 64%'],
  [
    {
      state: 'downloading',
      reason_code: 'pulling',
      details: { status: 'verifying sha256 digest', completed_bytes: 2e9, total_bytes: 2e9, bytes_per_second: 5e7 },
      progress: 1,
    },
    'Verifying',
  ],
] satisfies [Partial<ModelView>, string][])('%j -> one state, in the list, in the drawer and on the overview', async (change, state) => {
  const agent = agentView({ models: [modelView({ model_id: 'm', size_bytes: null, ...change })] });
  show({ ...SITUATIONS.notices(), agent }, { page: 'models/m' });
  const drawer = await screen.findByRole('dialog');
  expect(drawer.querySelector('p')?.textContent).toBe(state);
  const [cell] = within(screen.getByRole('main'))
    .getAllByText(state)
    .flatMap((each) => each.closest('td') ?? []);
  expect(cell?.textContent).toBe(state);
  cleanup();
  show({ ...SITUATIONS.notices(), agent }, { page: 'computer' });
  const row = within(screen.getByRole('region', { name: /^Models here/ }))
    .getByText('m')
    .closest('li');
  expect(row?.textContent.replace(/^mFolder/, '')).toBe(state);
});

test('the server loads the model -> one state, not also that it is not loaded', () => {
  const labels = labelsIn('en');
  const model = modelView({ state: 'not_installed', reason_code: 'not_loaded', residency: 'loading' });
  expect([ownStateLabel(model, labels).label, modelReason(model, labels)]).toEqual(['Loading', 'being loaded']);
});
