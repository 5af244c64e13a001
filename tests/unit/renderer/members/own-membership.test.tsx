// The page Members of a caller who does not manage the pool.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { createFormat } from '../../../../src/renderer/i18n/format';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { keyView } from '../../../fixtures/app-states/trust';
import { usageAnswer } from '../../../fixtures/app-states/usage';
import { show } from '../support/render-screen';
import { textOf } from './show-members';

const { number } = createFormat('en');

test('contributor -> pool, host, limits, own use and rights, the page on the host; no request for members', async () => {
  const { api } = show(SITUATIONS.member_of_pool(), { page: 'members' });
  const text = textOf(screen.getByRole('region', { name: 'Your membership' }));
  expect(text).toContain('Host192.168.1.20:7080');
  expect(text).toContain('Computerming-desktopConnected since');
  expect(text).toContain('LimitsNone. Only keys of programs have limits.');
  expect(text).toContain('ExpiresNever. The owner can revoke the membership.');
  const { total } = usageAnswer({ by: 'model' });
  const use = await screen.findByRole('region', { name: 'Your requests' });
  expect(textOf(use)).toContain(`Requests${number(total.requests)}`);
  expect(within(use).getByRole('link', { name: 'All use' }).getAttribute('href')).toBe('#/usage');
  expect(
    within(screen.getByRole('region', { name: 'Your rights' }))
      .getAllByRole('listitem')
      .map(textOf),
  ).toEqual([
    'YesRun jobs of the pool on this computer',
    'YesSend jobs to the pool',
    'YesMake keys for your programs',
    'NoSee load and jobs of other nodes',
    'NoOperate nodes and jobs of others',
  ]);
  expect(textOf(screen.getByRole('region', { name: 'Ask the owner' }))).toContain('https://192.168.1.20:7080/#/members');
  expect(screen.getByRole('button', { name: 'Leave the pool…' })).toBeTruthy();
  expect(api.calls.filter(({ name }) => name === 'members.list')).toEqual([]);
});

test('contributor -> the keys of its programs, revoked here', async () => {
  const own = { member_id: 'mem-1', member_name: 'ming-desktop' };
  const keys = [keyView('Open WebUI', own), keyView('Aider', { ...own, last_used_at: null }), keyView('old', { ...own, revoked_at: 1 })];
  const { api } = show(SITUATIONS.member_of_pool(), {
    page: 'members',
    answers: { 'keys.list': ok({ keys }), 'keys.revoke': ok(keyView('Aider')) },
  });
  const card = await screen.findByRole('region', { name: 'Keys of your programs' });
  expect((await within(card).findAllByRole('listitem')).map(textOf)).toEqual([
    'Aidernot used yetRevoke…',
    'Open WebUIused just nowRevoke…',
  ]);
  expect(within(card).getByRole('link', { name: 'Make a key' }).getAttribute('href')).toBe('#/connect');
  await userEvent.click(within(card).getByRole('button', { name: 'Revoke Aider…' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke' }));
  await waitFor(() => expect(api.userCalls).toEqual([{ name: 'keys.revoke', params: { id: 'key-Aider' } }]));
});

test('contributor without keys -> where one is made', async () => {
  show(SITUATIONS.member_of_pool(), { page: 'members' });
  expect(await screen.findByText('None yet. The page Connect programs makes one.')).toBeTruthy();
});

test('contributor who sees the use of all -> no use that would be taken for its own', async () => {
  const state = SITUATIONS.member_of_pool();
  if (state.pool === null) throw new Error('no pool');
  show({ ...state, pool: { ...state.pool, rights: [...state.pool.rights, 'view'] } }, { page: 'members' });
  await screen.findByRole('region', { name: /^Given to/ });
  expect(screen.queryByRole('region', { name: 'Your requests' })).toBeNull();
});
