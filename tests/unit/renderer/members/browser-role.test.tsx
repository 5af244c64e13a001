// A browser whose key is of a lesser role sees its own role and rights, not those of the host.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { sharedApp, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const byOperator = (): AppSnapshot => {
  const state = SITUATIONS.in_cluster();
  return { ...state, app: sharedApp(), pool: state.pool && { ...state.pool, rights: ['view', 'operate', 'submit_jobs'] } };
};

test('members -> rights of the key', async () => {
  show(byOperator(), { page: 'members' });
  expect(
    within(await screen.findByRole('region', { name: 'Your rights' }))
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual([
    'NoRun jobs of the pool on this computer',
    'YesSend jobs to the pool',
    'NoMake keys for your programs',
    'YesSee load and jobs of other nodes',
    'YesOperate nodes and jobs of others',
  ]);
});

test('connect programs -> asks for a key of the owner, as this role cannot create one', async () => {
  show(byOperator(), { page: 'connect' });
  expect(await screen.findByText('Your role cannot create keys. Ask the owner for one.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Create key and copy' })).toBeNull();
});
