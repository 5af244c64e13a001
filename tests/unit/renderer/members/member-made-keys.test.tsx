// Keys that members made for their programs, as the owner sees them.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { keyView } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';
import { textOf } from './show-members';

test('key of a member -> of which computer; limits change, the role does not', async () => {
  const made = keyView('Aider', { member_id: 'mem-1', member_name: 'lea-pc' });
  const { api } = show(hosting(), {
    page: 'members',
    answers: { 'keys.list': ok({ keys: [made, keyView('grafana', { member_id: null, member_name: null })] }), 'keys.update': ok(made) },
  });
  expect(textOf(await screen.findByRole('cell', { name: /^Aider/ }))).toBe('Aiderof lea-pc');
  expect(textOf(screen.getByRole('cell', { name: /^grafana/ }))).toBe('grafana');
  await userEvent.click(screen.getByRole('button', { name: 'Change the key Aider' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).queryByRole('checkbox', { name: /Viewer/ })).toBeNull();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  const [call] = api.userCalls;
  expect([call?.name, call?.params]).toEqual(['keys.update', expect.not.objectContaining({ roles: expect.anything() as unknown })]);
});
