// Try it and other pages of the pool, without a connection to one: the actions that lead to one, and the kept chats.
import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
// Loaded before the tests: the page loads it on demand.
import '../../../../src/renderer/pages/try/Markdown';
import { fail, ok } from '../../../../src/shared/result';
import { agentWithoutGpu } from '../../../fixtures/app-states/agents';
import { POOL_MODELS } from '../../../fixtures/app-states/asks';
import { appInfo, hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { nearbyView } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';

const answers = { 'pool.models': fail({ code: 'NOT_CONNECTED', message: '', details: null }) } as const;
const main = () => within(screen.getByRole('main'));
const actions = (): readonly (readonly [string, boolean])[] =>
  [...screen.getByRole('main').querySelectorAll<HTMLElement>('section [data-variant]')].map((button) => [
    button.textContent,
    button.dataset['variant'] === 'filled',
  ]);

beforeEach(() => localStorage.clear());

const ONLY_HERE = 'Only on this computer';

test.each(['try', 'nodes', 'jobs', 'members', 'usage', 'connect'])('%s: in no pool -> starts one for this computer alone', async (page) => {
  const { api } = show({ ...SITUATIONS.first_run(), nearby: nearbyView({ pools: [] }) }, { page, answers });
  await main().findByText('No other computer can reach the pool. You can share it later.');
  expect(actions().slice(0, 2)).toEqual([
    [ONLY_HERE, true],
    ['Join a pool', false],
  ]);
  await userEvent.click(main().getByRole('button', { name: ONLY_HERE }));
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'this_computer' } }]);
});

test('in no pool, a pool nearby -> joining is first', async () => {
  show({ ...SITUATIONS.first_run(), nearby: nearbyView() }, { page: 'try', answers });
  await main().findByRole('button', { name: ONLY_HERE });
  expect(actions()).toEqual([
    ['Join a pool', true],
    [ONLY_HERE, false],
  ]);
});

test('in no pool, no usable GPU, models here -> they answer on the processor', async () => {
  const { api } = show(SITUATIONS.first_run_no_gpu(), { page: 'try', answers });
  await userEvent.click(await main().findByRole('button', { name: 'Start with the processor' }));
  expect(api.userCalls.map(({ name }) => name)).toEqual(['agent.simulate', 'host.start']);
  expect(main().queryByRole('button', { name: ONLY_HERE })).toBeNull();
});

test.each([
  ['no usable GPU and no model', { ...SITUATIONS.first_run_no_gpu(), agent: { ...agentWithoutGpu(), link: { state: 'idle' as const } } }],
  ['a program that cannot host', { ...SITUATIONS.first_run(), app: appInfo({ can_host: false }) }],
])('in no pool, %s -> the page Pool', async (_case, state) => {
  show(state, { page: 'try', answers });
  await main().findByRole('link', { name: 'Go to Pool' });
  expect(actions()).toEqual([['Go to Pool', true]]);
});

test('reconnecting -> tries now; the page Pool is second', async () => {
  const { api } = show(SITUATIONS.reconnecting(), { page: 'try', answers });
  await userEvent.click(await main().findByRole('button', { name: 'Try now' }));
  expect(actions()).toEqual([
    ['Try now', true],
    ['Go to Pool', false],
  ]);
  expect(api.userCalls).toEqual([{ name: 'agent.recheck', params: {} }]);
  expect(main().queryByRole('button', { name: 'Chats' })).toBeNull();
});

test('reconnecting, chats are kept -> they can be read; nothing can be sent', async () => {
  const { api } = show(hosting({ host: null }), { page: 'try', answers: { 'pool.models': ok({ models: POOL_MODELS }) } });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Message' }), 'First question{Enter}');
  await act(async () => {
    await api.asks.at(-1)?.listener.onEvents([
      { type: 'text', text: 'An answer', pieces: 1 },
      { type: 'end', finish_reason: 'stop' },
    ]);
  });
  cleanup();
  show(SITUATIONS.reconnecting(), { page: 'try', answers });
  await main().findByRole('button', { name: 'Try now' });
  await userEvent.click(main().getByRole('button', { name: 'Chats' }));
  await userEvent.click(main().getByRole('button', { name: /^First question/ }));
  await main().findByText('An answer');
  expect(main().queryByRole('textbox')).toBeNull();
  expect(main().queryByRole('button', { name: /New chat|Send|Ask again/ })).toBeNull();
});
