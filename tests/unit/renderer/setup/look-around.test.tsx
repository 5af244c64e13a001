// A computer without a usable GPU: the button that makes its models answer on the processor, or lets the owner look around.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { fail, ok } from '../../../../src/shared/result';
import { agentView, agentWithoutGpu, refused } from '../../../fixtures/app-states/agents';
import { withOllama } from '../../../fixtures/app-states/contributors';
import { hostView } from '../../../fixtures/app-states/host';
import { appInfo, hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

describe('a simulated GPU', () => {
  const start = { name: 'Start with the processor' };
  const look = { name: 'Simulate a GPU' };
  const noModels = { ...agentWithoutGpu(), link: { state: 'idle' as const }, simulation: 'off' as const, models: [] };
  const withoutGpu = (change: Partial<AppSnapshot> = {}): AppSnapshot => ({ ...SITUATIONS.first_run_no_gpu(), ...change });

  test.each(['setup', 'computer', 'gpus'])(
    'no usable GPU, models, no pool: page %s -> a GPU is simulated, the own pool starts',
    async (page) => {
      const { api } = show(withoutGpu(), { page });
      screen.getByText('The 3 models here answer in your own pool, slower than on a GPU. The pool starts now, for this computer only.');
      screen.getByText(/^For this, Muster simulates a GPU, and marks it as simulated\./);
      await userEvent.click(await screen.findByRole('button', start));
      await waitFor(() =>
        expect(api.userCalls).toEqual([
          { name: 'agent.simulate', params: { on: true } },
          { name: 'host.start', params: { scope: 'this_computer' } },
        ]),
      );
    },
  );

  test('the simulation is refused -> no pool starts, and the page says why', async () => {
    const forbidden = fail({ code: 'FORBIDDEN', message: '', details: null });
    const { api } = show(withoutGpu(), { page: 'gpus', answers: { 'agent.simulate': forbidden } });
    await userEvent.click(await screen.findByRole('button', start));
    await screen.findByRole('alert');
    expect(api.userCalls.map(({ name }) => name)).toEqual(['agent.simulate']);
  });

  test('no usable GPU, models, the own pool refuses this computer -> only a GPU is simulated; step 3 names the button', async () => {
    const host = hostView({ state: 'running', scope: 'this_computer', url: 'http://127.0.0.1:7080' });
    const link = { ...refused('NO_GPU_AVAILABLE'), scheduler_url: 'ws://127.0.0.1:7080' };
    const agent = { ...withOllama(agentWithoutGpu()), link, simulation: 'off' } as const;
    const { api } = show(hosting({ host, agent, nodes: [] }), { page: 'setup', answers: { 'pool.models': ok({ models: [] }) } });
    await screen.findByText(/^Select “Start with the processor” above/);
    expect(screen.queryByText(/The pool starts now/)).toBeNull();
    await userEvent.click(screen.getByRole('button', start));
    expect(api.userCalls).toEqual([{ name: 'agent.simulate', params: { on: true } }]);
  });

  test('no usable GPU and no model -> a look around, which starts no pool', async () => {
    const { api } = show(withoutGpu({ agent: noModels }), { page: 'setup' });
    await userEvent.click(await screen.findByRole('button', look));
    expect(screen.queryByRole('button', start)).toBeNull();
    expect(api.userCalls).toEqual([{ name: 'agent.simulate', params: { on: true } }]);
  });

  test.each<[string, AppSnapshot]>([
    ['a usable GPU', { ...SITUATIONS.first_run(), agent: agentView({ simulation: 'off' }) }],
    ['in a pool of others', withoutGpu({ agent: { ...agentWithoutGpu(), simulation: 'off' } })],
    ['a program that cannot simulate', withoutGpu({ agent: agentWithoutGpu() })],
    ['a setting simulates', withoutGpu({ agent: { ...agentWithoutGpu(), simulation: 'setting' } })],
  ])('%s -> not offered, no banner', async (_case, state) => {
    show(state, { page: 'setup' });
    await screen.findByRole('heading', { level: 1 });
    expect(screen.queryByRole('button', start)).toBeNull();
    expect(screen.queryByRole('button', look)).toBeNull();
    expect(screen.queryByRole('button', { name: 'Return to the real hardware' })).toBeNull();
  });

  test.each(['computer', 'gpus', 'pool', 'nodes', 'models', 'jobs', 'try', 'settings'])(
    'simulated by the owner: the page %s says so, and leads back',
    async (page) => {
      const { api } = show(SITUATIONS.simulated(), { page });
      await userEvent.click(await screen.findByRole('button', { name: 'Return to the real hardware' }));
      expect(screen.getByText('The GPU of this computer is simulated.')).toBeTruthy();
      expect(api.userCalls).toContainEqual({ name: 'agent.simulate', params: { on: false } });
    },
  );

  test('a headless program: the first run has no choice of a pool, and offers it', async () => {
    show(withoutGpu({ app: appInfo({ mode: 'headless', can_join: false, can_host: false }), host: null, nearby: null }), { page: 'setup' });
    expect(await screen.findByRole('button', look)).toBeTruthy();
    expect(screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent)).toEqual([
      'Found on this computer',
      'Look around without a GPU',
      '2Try it',
    ]);
  });
});
