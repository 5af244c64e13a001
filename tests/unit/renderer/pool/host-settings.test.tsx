import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { hosting, runningHost } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('plain HTTP: off by default, the consequence beside it; changed -> restarted with the same scope', async () => {
  const { api } = show(hosting(), { page: 'pool' });
  const plain = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Let programs on other computers send jobs without encryption' });
  expect(plain.checked).toBe(false);
  expect(screen.getByText(/Their keys and the contents of their jobs can then be read in the network/)).toBeTruthy();
  await userEvent.click(plain);
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan', plain_http_api: true } }]);
});

test('announce: on by default; switched off -> restarted without the announcement', async () => {
  const { api } = show(hosting(), { page: 'pool' });
  const announce = screen.getByRole<HTMLInputElement>('switch', { name: 'Announce this pool in the local network' });
  expect(announce.checked).toBe(true);
  await userEvent.click(announce);
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan', announce: false } }]);
});

test.each([
  ['for this computer only', hosting({ host: { ...runningHost(), scope: 'this_computer', lan_urls: [], join_link: null } })],
  ['restarting', hosting({ host: { ...runningHost(), state: 'restarting' } })],
])('pool %s -> no settings of sharing', (_state, state) => {
  show(state, { page: 'pool' });
  expect(screen.queryByRole('switch', { name: 'Announce this pool in the local network' })).toBeNull();
  expect(screen.queryByRole('checkbox', { name: /^Let programs on other computers/ })).toBeNull();
});
