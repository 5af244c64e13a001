// The card "To do" of the overview: its items, the limit of the pool in a dialog, lost nodes.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { OperationName, Outcome } from '../../../../../src/shared/api/app-api';
import { fail, ok } from '../../../../../src/shared/result';
import { availability } from '../../../../fixtures/app-states/availability';
import { mixedPool } from '../../../../fixtures/app-states/mixed-pool';
import { missingModels } from '../../../../fixtures/app-states/pool-figures';
import { hosting, SITUATIONS } from '../../../../fixtures/app-states/states';
import { joinRequest } from '../../../../fixtures/app-states/trust';
import { show } from '../../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const refused: Outcome<unknown> = fail({ code: 'FORBIDDEN', message: 'forbidden', details: null });
const ANSWERS: Partial<Record<OperationName, Outcome<unknown>>> = { 'pool.missing_models': ok(missingModels()) };
const card = (name: RegExp) => screen.getByRole('region', { name });

test('attention: three items, the others on request; each has its sentence, its numbers and its action', async () => {
  show(hosting({ nodes: mixedPool(), join_requests: [joinRequest({ id: '00ff', name: 'desk-noa' })] }), { page: 'pool', answers: ANSWERS });
  const region = card(/To do/);
  await within(region).findByText('qwen3-coder:30b requested 23 times');
  expect(within(region).getAllByRole('listitem').length).toBe(3);
  await userEvent.click(within(region).getByRole('button', { name: 'Show all 9' }));
  expect(within(region).queryByRole('button', { name: /^Show all/ })).toBeNull();
  const items = within(region).getAllByRole('listitem');
  const shown = items.map((item) => [textOf(item), within(item).queryByRole('link')?.getAttribute('href') ?? null]);
  expect(shown).toEqual([
    [expect.stringMatching(/^desk-noa asks to join.*Compare and approve$/), '#/members/00ff'],
    [expect.stringMatching(/^attic-server is degradedModel not ready.* · since .*Show node$/), '#/nodes/node-attic-server'],
    [
      'qwen3-coder:30b requested 23 timesOn no node · about 18.6 GB, fits on 26 nodesInstall…',
      '#/models/qwen3-coder%3A30b?search=qwen3-coder%3A30b',
    ],
    ['whisper-large-v4 requested onceOn no node · not in Ollama’s libraryShow model', '#/models/whisper-large-v4?search=whisper-large-v4'],
    ['4 nodes above the GPU limit of the poolAt 55% instead of 25%, 2 nodes take jobsSet limit…', null],
    ['1 node above the GPU limit of its ownerAt 30% instead of 25%, 1 node takes jobsShow node', '#/nodes/node-desk-tom'],
    ['1 node above the CPU limit of the poolLimit 60%Show node', '#/nodes/node-desk-ren'],
    ['1 node above the memory limit of the poolLimit 90%Show node', '#/nodes/node-desk-ada'],
    ['1 node is paused by its ownergaming-pcShow node', '#/nodes/node-gaming-pc'],
  ]);
});

test('attention: limit of the pool -> set in a dialog that begins with the suggestion; a refusal stays in it', async () => {
  const { api } = show(hosting({ nodes: mixedPool() }), { page: 'pool', answers: { ...ANSWERS, 'settings.set': refused } });
  await userEvent.click(await within(card(/To do/)).findByRole('button', { name: /^Show all/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Set limit…: 4 nodes above the GPU limit of the pool' }));
  const dialog = await screen.findByRole('dialog', { name: 'Set the GPU limit of the pool' });
  expect(textOf(dialog)).toContain('4 nodes get no jobs: their owners use 25% of the GPU or more.');
  const field = within(dialog).getByLabelText<HTMLInputElement>('New jobs start below this GPU use of the owner');
  expect(field.value).toBe('55%');
  expect(textOf(dialog)).toContain('At 55%, 2 of these nodes take jobs.');
  await userEvent.clear(field);
  expect(within(dialog).getByRole('button', { name: 'Set limit' })).toHaveProperty('disabled', true);
  expect(textOf(dialog)).not.toContain('of these nodes');
  await userEvent.type(field, '25');
  expect(textOf(dialog)).toContain('At 25%, none of these nodes takes jobs.');
  await userEvent.clear(field);
  await userEvent.type(field, '100');
  expect(textOf(dialog)).toContain('At 100%, 4 of these nodes take jobs.');
  await userEvent.clear(field);
  await userEvent.type(field, '60');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Set limit' }));
  expect(await within(dialog).findByRole('alert')).toBeDefined();
  api.answer('settings.set', ok({}));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Set limit' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(api.userCalls.at(-1)).toEqual({ name: 'settings.set', params: { key: 'scheduler.load_balancer.gpu_threshold', value: 60 } });
  expect(await screen.findByText('The GPU limit of the pool is 60%.')).toBeDefined();
});

test.each([
  ['offline', 'dave-rig is offlineNo heartbeat for 2 hShow node'],
  ['disconnected', 'dave-rig is disconnectedNo heartbeat for 2 hShow node'],
] as const)('attention: one lost node -> its own state and time: %s', (state, expected) => {
  const app = SITUATIONS.ready();
  const nodes = [...app.nodes.values()].filter(({ name }) => name === 'dave-rig');
  show(hosting({ nodes: nodes.map((node) => ({ ...node, availability: availability(state) })) }), { page: 'pool' });
  const item = within(card(/To do/)).getByRole('listitem');
  expect(textOf(item)).toBe(expected);
  expect(item.querySelector('[data-shape]')?.getAttribute('data-shape')).toBe(state);
});
