// The page Members of a caller who does not manage the pool.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFormat } from '../../../../src/renderer/i18n/format';
import { SITUATIONS } from '../../../fixtures/app-states/states';
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
    'NoSee load and jobs of other nodes',
    'NoOperate nodes and jobs of others',
  ]);
  expect(textOf(screen.getByRole('region', { name: 'Ask the owner' }))).toContain('https://192.168.1.20:7080/#/members');
  expect(screen.getByRole('button', { name: 'Leave the pool…' })).toBeTruthy();
  expect(api.calls.filter(({ name }) => name === 'members.list')).toEqual([]);
});

test('contributor who sees the use of all -> no use that would be taken for its own', async () => {
  const state = SITUATIONS.member_of_pool();
  if (state.pool === null) throw new Error('no pool');
  show({ ...state, pool: { ...state.pool, rights: [...state.pool.rights, 'view'] } }, { page: 'members' });
  await screen.findByRole('region', { name: /^Given to/ });
  expect(screen.queryByRole('region', { name: 'Your requests' })).toBeNull();
});
