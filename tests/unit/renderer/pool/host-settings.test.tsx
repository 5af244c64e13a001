import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { hosting, runningHost } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

/** No other node is connected: a restart interrupts no other computer. */
const alone = () => hosting({ nodes: [] });

test('plain HTTP: off by default, the consequence beside it; changed -> restarted with the same scope', async () => {
  const { api } = show(alone(), { page: 'pool' });
  const plain = screen.getByRole<HTMLInputElement>('switch', { name: 'Allow jobs without encryption' });
  expect(plain.checked).toBe(false);
  expect(screen.getByText(/Their keys and the contents of their jobs can be read in the network/)).toBeTruthy();
  await userEvent.click(plain);
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan', plain_http_api: true } }]);
});

test('announce: on by default; switched off -> restarted without the announcement', async () => {
  const { api } = show(alone(), { page: 'pool' });
  const announce = screen.getByRole<HTMLInputElement>('switch', { name: 'Announce this pool in the local network' });
  expect(announce.checked).toBe(true);
  await userEvent.click(announce);
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan', announce: false } }]);
});

test.each([
  ['announce', 'switch', 'Announce this pool in the local network', { announce: false }],
  ['plain HTTP', 'switch', 'Allow jobs without encryption', { plain_http_api: true }],
] as const)('%s, other nodes connected -> asks with what the restart interrupts', async (_setting, role, name, change) => {
  const { api } = show(hosting(), { page: 'pool' });
  await userEvent.click(screen.getByRole(role, { name }));
  const dialog = await screen.findByRole('dialog', { name: 'Restart the scheduler?' });
  expect(dialog.textContent).toMatch(/\d connected nodes? reconnects? within seconds\.\d+ running jobs? go(es)? on/);
  expect(api.userCalls).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Restart' }));
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan', ...change } }]);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('shared while other nodes are connected -> asks; cancelled -> nothing changes', async () => {
  const host = { ...runningHost(), scope: 'this_computer' as const, lan_urls: [], join_link: null };
  const { api } = show(hosting({ host }), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Share on the local network' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(api.userCalls).toEqual([]);
});

test('shared -> says what was made, for how many computers, and where to end it', async () => {
  const host = { ...runningHost(), scope: 'this_computer' as const, lan_urls: [], join_link: null };
  const { api } = show({ ...hosting({ host }), nodes: [] }, { page: 'pool', answers: { 'host.start': ok({}) } });
  await userEvent.click(screen.getByRole('button', { name: 'Share on the local network' }));
  act(() => api.emit.onEvent({ type: 'host', host: runningHost() }));
  expect(await screen.findByText('The pool is shared on the local network. A join link was made.')).toBeTruthy();
  expect(screen.getAllByText(/Up to 32 computers can join with this link for one day/)).not.toEqual([]);
});

test.each([
  ['for this computer only', hosting({ host: { ...runningHost(), scope: 'this_computer', lan_urls: [], join_link: null } })],
  ['restarting', hosting({ host: { ...runningHost(), state: 'restarting' } })],
])('pool %s -> no settings of sharing', (_state, state) => {
  show(state, { page: 'pool' });
  expect(screen.queryByRole('switch', { name: 'Announce this pool in the local network' })).toBeNull();
  expect(screen.queryByRole('switch', { name: /^Let programs on other computers/ })).toBeNull();
});

test('pool for this computer only -> the ways to other pools are open', () => {
  show(hosting({ host: { ...runningHost(), scope: 'this_computer', lan_urls: [], join_link: null } }), { page: 'pool' });
  expect(screen.getByRole('region', { name: 'Join another pool' })).toBeTruthy();
});

test('a restart -> the settings are hidden, and open again as before', () => {
  const { api } = show(alone(), { page: 'pool' });
  const part = screen.getByText('Local network', { selector: 'summary' }).closest('details');
  part?.setAttribute('open', '');
  act(() => api.emit.onEvent({ type: 'snapshot', state: hosting({ nodes: [], host: { ...runningHost(), state: 'restarting' } }) }));
  expect([part?.isConnected, part?.hidden, screen.queryByRole('switch', { name: /^Announce/ })]).toEqual([true, true, null]);
  act(() => api.emit.onEvent({ type: 'snapshot', state: alone() }));
  expect([part?.isConnected, part?.hidden, part?.open]).toEqual([true, false, true]);
});
