// The one blue button of the page: step 2 (the own pool where no other one is nearby, else joining), step 3 as soon as a model answers, then
// the end.
import { act, cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { ok } from '../../../../src/shared/result';
import { agentView, connected } from '../../../fixtures/app-states/agents';
import { answerEvents, POOL_MODELS } from '../../../fixtures/app-states/asks';
import { hostView } from '../../../fixtures/app-states/host';
import { hosting, runningHost, SITUATIONS } from '../../../fixtures/app-states/states';
import { nearbyAttempt, nearbyView } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';

const agent = agentView({ link: { ...connected, scheduler_url: 'ws://127.0.0.1:7080' } });
const none = nearbyView({ pools: [] });
const stopped = (nearby: AppSnapshot['nearby']): AppSnapshot => ({ ...SITUATIONS.first_run(), nearby });
const primaryNames = (): readonly string[] =>
  screen
    .getAllByRole('button')
    .filter((button) => button.dataset['variant'] === 'filled')
    .map((button) => button.textContent);
test.each<[string, AppSnapshot, readonly string[]]>([
  ['no pool nearby -> start and share', stopped(none), ['Start and share']],
  ['a pool nearby -> none starts the own pool', stopped(nearbyView()), ['Join']],
  [
    'own pool that is not shared, a model answers -> the first prompt',
    hosting({ host: hostView({ state: 'running', url: 'http://127.0.0.1:7080' }), agent, nearby: nearbyView() }),
    ['Send'],
  ],
  ['own pool that is shared -> the first prompt', hosting({ host: runningHost(), agent, nearby: none }), ['Send']],
])('primary: %s', async (_case, state, names) => {
  show(state, { page: 'setup', answers: { 'pool.models': ok({ models: [...POOL_MODELS] }) } });
  await screen.findByRole('button', { name: 'Send' });
  expect(primaryNames()).toEqual(names);
});

test('primary: a pool, but no model for a prompt -> the end of the setup', async () => {
  show(hosting({ host: runningHost(), agent, nearby: none }), { page: 'setup', answers: { 'pool.models': ok({ models: [] }) } });
  const end = await screen.findByRole('button', { name: 'Finish setup' });
  expect(end.dataset['variant']).toBe('filled');
});

test.each<[string, AppSnapshot['nearby'], string]>([
  ['no pool nearby -> share it', none, 'Share on the local network'],
  ['a pool nearby -> join it', nearbyView(), 'Join'],
])('primary: own pool that is not shared, no model answers, %s', async (_case, nearby, name) => {
  const host = hostView({ state: 'running', url: 'http://127.0.0.1:7080' });
  show(hosting({ host, agent, nearby }), { page: 'setup', answers: { 'pool.models': ok({ models: [] }) } });
  await screen.findByText('No chat model is ready');
  expect(primaryNames()).toEqual([name]);
});

test.each<[string, AppSnapshot['nearby'], string]>([
  ['no pool nearby -> answer on the processor', none, 'Start with the processor'],
  ['a pool nearby -> join it', nearbyView(), 'Join'],
])('primary: no usable GPU, %s', async (_case, nearby, name) => {
  show({ ...SITUATIONS.first_run_no_gpu(), nearby }, { page: 'setup' });
  await screen.findByRole('button', { name: 'Start with the processor' });
  expect(primaryNames()).toEqual([name]);
});

test('a pool is found while the page is open -> no button moves; a pool that was nearby before is first', async () => {
  const { api } = show(stopped(none), { page: 'setup' });
  await screen.findByRole('button', { name: 'Start and share' });
  act(() => api.emit.onEvent({ type: 'nearby', nearby: nearbyView() }));
  const [first] = screen.getAllByRole('button', { name: /^(Start and share|Join Atelier)/ });
  expect(first?.textContent).toBe('Start and share');
  expect(primaryNames()).toEqual(['Start and share']);
  cleanup();
  show(stopped(nearbyView()), { page: 'setup' });
  const [before] = await screen.findAllByRole('button', { name: /^(Start and share|Join)/ });
  expect(before?.textContent).toBe('Join');
});

test('a pool is found while the page Pool is open -> the primary action stays', async () => {
  const { api } = show(stopped(none), { page: 'pool' });
  await screen.findByRole('button', { name: 'Start and share' });
  expect(primaryNames()).toEqual(['Start and share']);
  act(() => api.emit.onEvent({ type: 'nearby', nearby: nearbyView() }));
  await screen.findByRole('button', { name: /^Join Atelier/ });
  expect(primaryNames()).toEqual(['Start and share']);
});

test('a request to join runs -> the own pool is not the primary action any more', async () => {
  const { api } = show(stopped(none), { page: 'setup' });
  await screen.findByRole('button', { name: 'Start and share' });
  act(() => api.emit.onEvent({ type: 'nearby', nearby: nearbyView({ attempt: nearbyAttempt() }) }));
  expect(primaryNames()).not.toContain('Start and share');
});

test('answered by the pool of this computer alone -> step 2 is one line with the other choices, the end is the primary action', async () => {
  const { api } = show(SITUATIONS.first_run_ollama(), { page: 'setup', answers: { 'pool.models': ok({ models: [...POOL_MODELS] }) } });
  await userEvent.click(await screen.findByRole('button', { name: 'Send' }));
  await act(async () => {
    await api.asks[0]?.listener.onEvents([...answerEvents(['node-5C0FFEE1']), { type: 'end', finish_reason: 'stop' }]);
  });
  expect(await screen.findByRole('heading', { level: 2, name: /^Join a pool, or share your own.*Done$/ })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Join/ })).toBeNull();
  expect(primaryNames()).toEqual(['Finish setup']);
  expect(screen.getByText('No other computer can reach the pool. You can share it later.')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Join a pool' }).getAttribute('href')).toBe('#/pool/others');
  await userEvent.click(screen.getByRole('button', { name: 'Share on the local network' }));
  expect(api.userCalls.at(-1)).toEqual({ name: 'host.start', params: { scope: 'lan' } });
});

test('answered, without a pool -> the setup can be finished, not skipped', async () => {
  const { api } = show(SITUATIONS.first_run_ollama(), { page: 'setup', answers: { 'pool.models': ok({ models: [...POOL_MODELS] }) } });
  await userEvent.click(await screen.findByRole('button', { name: 'Send' }));
  await act(async () => {
    await api.asks[0]?.listener.onEvents([...answerEvents(['node-5C0FFEE1']), { type: 'end', finish_reason: 'stop' }]);
  });
  expect(await screen.findByRole('button', { name: 'Finish setup' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Skip setup' })).toBeNull();
});
