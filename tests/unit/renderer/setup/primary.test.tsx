// The one blue button of the page: step 2 (the own pool where no other one is nearby, else joining), then step 3, then the end.
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { ok } from '../../../../src/shared/result';
import { agentView, connected } from '../../../fixtures/app-states/agents';
import { answerEvents, POOL_MODELS } from '../../../fixtures/app-states/asks';
import { hostView } from '../../../fixtures/app-states/host';
import { hosting, runningHost, SITUATIONS } from '../../../fixtures/app-states/states';
import { nearbyView } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';

const agent = agentView({ link: { ...connected, scheduler_url: 'ws://127.0.0.1:7080' } });
const none = nearbyView({ pools: [] });
const stopped = (nearby: AppSnapshot['nearby']): AppSnapshot => ({ ...SITUATIONS.first_run(), nearby });
test.each<[string, AppSnapshot, readonly string[]]>([
  ['no pool nearby -> start and share', stopped(none), ['Start and share']],
  ['a pool nearby -> none starts the own pool', stopped(nearbyView()), ['Join']],
  [
    'own pool that is not shared, no pool nearby -> share it',
    hosting({ host: hostView({ state: 'running', url: 'http://127.0.0.1:7080' }), agent, nearby: none }),
    ['Share on the local network'],
  ],
  ['own pool that is shared -> the first prompt', hosting({ host: runningHost(), agent, nearby: none }), ['Send']],
])('primary: %s', async (_case, state, names) => {
  show(state, { page: 'setup', answers: { 'pool.models': ok({ models: [...POOL_MODELS] }) } });
  await screen.findByRole('button', { name: 'Send' });
  const primary = screen.getAllByRole('button').filter((button) => button.dataset['variant'] === 'filled');
  expect(primary.map((button) => button.textContent)).toEqual(names);
});

test('primary: a pool, but no model for a prompt -> the end of the setup', async () => {
  show(hosting({ host: runningHost(), agent, nearby: none }), { page: 'setup', answers: { 'pool.models': ok({ models: [] }) } });
  const end = await screen.findByRole('button', { name: 'Finish setup' });
  expect(end.dataset['variant']).toBe('filled');
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
