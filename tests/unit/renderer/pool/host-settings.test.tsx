import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
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

test('shared -> says what was made, for how many computers, and where to end it; copies the whole invitation, or the link', async () => {
  const user = userEvent.setup();
  const host = { ...runningHost(), scope: 'this_computer' as const, lan_urls: [], join_link: null };
  const { api } = show({ ...hosting({ host }), nodes: [] }, { page: 'pool', answers: { 'host.start': ok({}) } });
  await user.click(screen.getByRole('button', { name: 'Share on the local network' }));
  act(() => api.emit.onEvent({ type: 'host', host: { ...runningHost(), since: NOW - 1000 } }));
  const made = await screen.findByText('The pool is shared on the local network. An invitation was made.');
  const notice = made.parentElement ?? made;
  expect(notice.textContent).toMatch(/Up to 32 computers can join with this invitation until .*\d, run jobs, and send requests\./);
  const copied = async (name: string): Promise<readonly string[]> => {
    await user.click(within(notice).getByRole('button', { name }));
    return (await navigator.clipboard.readText()).split('\n');
  };
  const { join_link: link } = runningHost();
  expect((await copied('Copy invitation')).slice(1, 3)).toEqual([
    '1. Install Muster from its package, and start Muster from the menu of programs. In a clone of its source, “npm start” does both.',
    `2. Open this link, or paste the link in Muster into “Join link or address”: ${String(link)}`,
  ]);
  expect(await copied('Copy the link only')).toEqual([link]);
  const own = within(notice).getByRole('link', { name: 'Invite with other roles, models or validity…' });
  expect(own.getAttribute('href')).toBe('#/members/new-invitation');
});

test('pool that runs for more than a day -> its invitation has expired: no link to copy, but the way to another one', () => {
  show(hosting({ host: { ...runningHost(), since: NOW - 24 * HOUR } }), { page: 'pool' });
  const card = within(screen.getByRole('region', { name: 'This computer hosts a pool' }));
  expect(card.getByText(/has expired/)).toBeTruthy();
  expect(card.getByRole('link', { name: 'Make an invitation…' }).getAttribute('href')).toBe('#/members/new-invitation');
  expect(card.queryByText(/muster:\/\//)).toBeNull();
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
