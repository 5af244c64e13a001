import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { gpuSummary } from '../../../../src/renderer/labels/gpu-names';
import { modelCount, possibleActions } from '../../../../src/renderer/pages/nodes/node-figures';
import type { AppSnapshot, HostView } from '../../../../src/shared/api/app-state';
import { fail, ok } from '../../../../src/shared/result';
import { NOW, SECOND } from '../../../fixtures/app-states/moment';
import { nodeView, poolSummary } from '../../../fixtures/app-states/nodes';
import { hostView } from '../../../fixtures/app-states/host';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { hosting } from '../../../fixtures/app-states/states';
import { labelsIn } from '../support/labels';
import { show, type ShowOptions } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
/** Without the checkbox. */
const cellsOf = (row: HTMLElement): string[] => within(row).getAllByRole('cell').slice(1).map(textOf);

test('node table: availability with reason; marks for this computer and simulated nodes', () => {
  show(hosting(), { page: 'nodes' });
  const rows = screen.getAllByRole('row').slice(1).map(cellsOf);
  expect(rows.map(([name, state]) => [name, state])).toEqual([
    ['alice-laptop', 'Degradednllb-200-en-zh not ready'],
    ['bob-tower', 'Registering2 of 3 checks'],
    ['carol-workstation', 'Draining2 jobs, deadline in 57 min'],
    ['dave-rig', 'OfflineNo heartbeat for 2 h'],
    ['ming-desktopyou', 'Available'],
    ['try-outSimulated', 'DisconnectedNo heartbeat for 38 s'],
  ]);
  // An older scheduler does not divide the use of GPU memory; the node reported no load.
  expect(rows[1]?.slice(2)).toEqual(['2 × H100 80GB HBM3', '–', '–', '–', '–', '0/4', '–']);
  // What runs on a node without a connection is not known.
  expect(rows[3]?.slice(2)).toEqual(['RTX 4090, RTX 3060', '–', '–', '–', '–', '–', '–']);
  expect(rows[4]?.slice(2)).toEqual(['RTX 4090, RTX 3060', '62%', '–', '34%', '61%', '1/4', '–']);
});

test('mass loss -> alert with counts', () => {
  show(hosting({ pool: poolSummary({ mass_loss: { lost: 4, of: 6, since: NOW - 20 * SECOND } }) }), { page: 'nodes' });
  expect(textOf(screen.getByRole('alert'))).toContain(
    '4 of 6 nodes stopped responding 20 s agoThey stopped together, so the network of the scheduler may have failed.',
  );
});

describe('only this computer -> how another one joins', () => {
  const alone = (change: Partial<AppSnapshot> = {}) => hosting({ nodes: [nodeView('ready')], ...change });
  const shared = (change: Partial<HostView>) => hostView({ scope: 'lan', ...change });
  const invite = 'Invite a computer… → #/members/new-invitation';
  test.each<[string, AppSnapshot, ShowOptions, string]>([
    ['shared pool -> by an invitation', alone(), {}, invite],
    [
      'pool not shared -> after sharing',
      alone({ host: hostView({ state: 'running' }) }),
      {},
      'Share the pool on the local network → #/pool',
    ],
    [
      'shared pool, computer in no network -> not possible',
      alone({ host: shared({ state: 'running' }) }),
      {},
      'The pool is shared, but this computer is not connected',
    ],
    ['scheduler restarting -> by an invitation', alone({ host: shared({ state: 'restarting' }) }), {}, invite],
    ['headless program, open to the network -> by an invitation', alone({ host: null }), { hasToken: true }, invite],
    [
      'caller who may not invite -> whom to ask',
      alone({ pool: joinedPool() }),
      {},
      'Only an owner of the pool can invite another computer.',
    ],
    ['headless program on loopback -> after a restart with --host', alone({ host: null }), {}, 'restart Muster with --host 0.0.0.0.'],
    [
      'in Chinese',
      alone({ host: null }),
      { language: 'zh-CN' },
      '目前只有本机一个节点。只有本机能访问此调度器。如需让其他电脑加入，请以 --host 0.0.0.0 重启 Muster。',
    ],
  ])('%s', (_how, state, options, text) => {
    show(state, { ...options, page: 'nodes' });
    const hint = screen.getByText(/^(This computer is the only node so far\.|目前只有本机一个节点。)/);
    const [link] = within(hint).queryAllByRole('link');
    expect(`${textOf(hint)}${link === undefined ? '' : ` → ${link.getAttribute('href') ?? ''}`}`).toContain(text);
  });
});

describe('the drawer of a node', () => {
  test('health window and failed checks', async () => {
    show(hosting(), { page: 'nodes/node-0A11CE42' });
    const drawer = await screen.findByRole('dialog', { name: 'alice-laptop' });
    expect(within(drawer).getByRole('img', { name: 'Last checks, oldest first: passed, passed, failed, failed, failed' })).toBeTruthy();
    expect(textOf(drawer)).toContain('3 failed (Degraded at 3)');
    expect(textOf(drawer)).toContain('Model not ready: the pool requires nllb-200-en-zh (not usable)');
  });

  test('quarantine with a note, then release', async () => {
    const { api } = show(hosting(), { page: 'nodes/node-0A11CE42' });
    await userEvent.click(await screen.findByRole('button', { name: 'Quarantine…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Quarantine alice-laptop?' });
    const alice = { node_id: 'node-0A11CE42', name: 'alice-laptop' };
    const quarantine = { by: 'operator' as const, reason: 'wrong answers', since: NOW - 20 * SECOND };
    api.answer('pool.quarantine', ok(nodeView('ready', { ...alice, quarantine })));
    await userEvent.type(within(dialog).getByLabelText(/Note/), 'wrong answers');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Quarantine' }));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Quarantine alice-laptop?' })).toBeNull());
    const drawer = screen.getByRole('dialog', { name: 'alice-laptop' });
    expect(textOf(drawer)).toContain('The node gets no jobs until an operator releases it.');
    api.answer('pool.release', ok(nodeView('ready', { ...alice, quarantine: null })));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Release' }));
    expect(api.userCalls).toEqual([
      { name: 'pool.quarantine', params: { node_id: 'node-0A11CE42', reason: 'wrong answers' } },
      { name: 'pool.release', params: { node_id: 'node-0A11CE42' } },
    ]);
    await within(drawer).findByRole('button', { name: 'Quarantine…' });
  });

  test('failing models -> failures in a row, the next try, and the last error', async () => {
    const failing_models = [
      { model_id: 'sd3.5', failures: 3, until: NOW + 20 * SECOND, last_error: { code: 'command_failed', message: 'it broke' } },
      { model_id: 'llama3.2', failures: 4, until: null, last_error: null },
      { model_id: 'phi-4', failures: 5, until: null, last_error: null, takes_jobs: true },
    ];
    const node = nodeView('ready', { node_id: 'node-0A11CE42', name: 'alice-laptop', failing_models });
    show(hosting({ nodes: [node] }), { page: 'nodes/node-0A11CE42' });
    const text = textOf(await screen.findByRole('dialog', { name: 'alice-laptop' }));
    expect(text).toMatch(/sd3\.5Last error: it broke3 failures in a row · no jobs until [\d:]+( [AP]M)?/);
    expect(text).toContain('llama3.24 failures in a row · one job will test it');
    expect(text).toContain('phi-45 failures in a row · still gets jobs: no other node could confirm the error');
  });

  test('drain with a deadline and a note', async () => {
    const { api } = show(hosting(), { page: 'nodes/node-0A11CE42' });
    await userEvent.click(await screen.findByRole('button', { name: 'Drain…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Drain alice-laptop?' });
    api.answer('pool.drain', ok(nodeView('draining', { node_id: 'node-0A11CE42', name: 'alice-laptop' })));
    await userEvent.selectOptions(within(dialog).getByLabelText('Deadline'), '5 minutes');
    await userEvent.type(within(dialog).getByLabelText(/Note/), 'lunch');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Drain' }));
    expect(api.userCalls).toEqual([{ name: 'pool.drain', params: { node_id: 'node-0A11CE42', timeout_seconds: 300, reason: 'lunch' } }]);
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Drain alice-laptop?' })).toBeNull());
    // No event has reported the new status yet: the answer contains it.
    const drawer = screen.getByRole('dialog', { name: 'alice-laptop' });
    expect(textOf(drawer)).toContain('Draining');
    expect(within(drawer).getByRole('button', { name: 'Resume' })).toBeTruthy();
  });

  test('draining -> source and deadline of the drain; resume', async () => {
    const { api } = show(hosting(), { page: 'nodes/node-CA501234' });
    const drawer = await screen.findByRole('dialog');
    expect(textOf(drawer)).toContain('Drain requested by an operator 3 min ago. Deadline in 57 min.Note: moving desks');
    expect(within(drawer).queryByRole('button', { name: 'Drain…' })).toBeNull();
    api.answer('pool.resume', ok(nodeView('registering', { node_id: 'node-CA501234', name: 'carol-workstation' })));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Resume' }));
    expect(api.userCalls).toEqual([{ name: 'pool.resume', params: { node_id: 'node-CA501234' } }]);
    await waitFor(() => expect(textOf(drawer)).toContain('Registering'));
    expect(within(drawer).getByRole('button', { name: 'Drain…' })).toBeTruthy();
  });

  test('remove: confirmation first, an error stays in the dialog', async () => {
    const { api } = show(hosting(), { page: 'nodes/node-DA7E0F0F' });
    api.answer('pool.remove', fail({ code: 'NOT_FOUND', message: 'm', details: null }));
    await userEvent.click(await screen.findByRole('button', { name: 'Remove…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Remove dave-rig?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove' }));
    expect(api.userCalls).toEqual([{ name: 'pool.remove', params: { node_id: 'node-DA7E0F0F' } }]);
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Not found');
  });

  test.each(['%E0', '%', 'node-unknown'])('#/nodes/%s -> the table without a drawer', (id) => {
    show(hosting(), { page: `nodes/${id}` });
    expect(screen.getAllByRole('row')).toHaveLength(7);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('Escape -> drawer closed, table shown', async () => {
    show(hosting(), { page: 'nodes/node-0A11CE42' });
    await screen.findByRole('dialog');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(window.location.hash).toBe('#/nodes');
  });
});

describe('node figures', () => {
  test('modelCount: enabled models only; no capability state -> all ready', () => {
    const model = (model_id: string, enabled = true) => ({ model_id, kind: 'llm' as const, version: '1', enabled });
    const installed_models = [model('a'), model('b'), model('c', false)];
    expect(modelCount({ installed_models, capability_state: { a: 'ready', c: 'ready' } })).toEqual({ ready: 1, enabled: 2 });
    expect(modelCount({ installed_models, capability_state: null })).toEqual({ ready: 2, enabled: 2 });
  });

  test('gpuSummary: short names, equal GPUs counted', () => {
    const gpu = (name: string) => ({ name, memory_gb: 1 });
    const gpus = [gpu('NVIDIA H100'), gpu('NVIDIA GeForce RTX 3060'), gpu('NVIDIA H100'), gpu('NVIDIA')];
    const hardware = { cpu_cores: 1, memory_gb: 1, gpus };
    expect((['en', 'zh-CN'] as const).map((language) => gpuSummary({ hardware }, labelsIn(language)))).toEqual([
      '2\u00a0×\u00a0H100, RTX\u00a03060, NVIDIA',
      '2\u00a0×\u00a0H100、RTX\u00a03060、NVIDIA',
    ]);
  });

  test.each([
    ['ready', nodeView('ready'), { drain: true, resume: false, release: false }],
    [
      'quarantined',
      nodeView('ready', { quarantine: { by: 'operator', reason: null, since: 0 } }),
      { drain: false, resume: false, release: true },
    ],
    ['registering', nodeView('registering'), { drain: true, resume: false, release: false }],
    ['degraded', nodeView('degraded'), { drain: true, resume: false, release: false }],
    ['draining', nodeView('draining'), { drain: false, resume: true, release: false }],
    ['offline after a heartbeat timeout', nodeView('offline'), { drain: false, resume: false, release: false }],
    [
      'offline and drained',
      nodeView('offline', { drain: { by: 'operator', reason: null, requested_at: 0, deadline_at: null } }),
      { drain: false, resume: true, release: false },
    ],
  ])('possibleActions: %s', (_name, node, acts) => {
    expect(possibleActions(node)).toEqual(acts);
  });
});
