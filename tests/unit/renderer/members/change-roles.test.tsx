import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { keyView, memberView } from '../../../fixtures/app-states/trust';
import { showMembers, textOf } from './show-members';

const open = async (name: string): Promise<HTMLElement> => {
  await userEvent.click(await screen.findByRole('button', { name }));
  return screen.findByRole('dialog', { name });
};
const box = (dialog: HTMLElement, name: string) => within(dialog).getByRole<HTMLInputElement>('checkbox', { name });
const save = (dialog: HTMLElement) => within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Save' });

describe('member', () => {
  test('its roles are chosen; one more role -> sent, no warning, dialog closed', async () => {
    const { api } = showMembers({ answers: { 'members.update': ok(memberView('alice-laptop')) } });
    const dialog = await open('Change roles and models of alice-laptop');
    const names = ['Node', 'Client', 'Viewer', 'Operator'];
    expect(names.map((name) => box(dialog, name).checked)).toEqual([true, false, false, false]);
    expect(within(dialog).queryByRole('checkbox', { name: 'Owner' })).toBeNull();
    await userEvent.click(box(dialog, 'Viewer'));
    expect(textOf(within(dialog).getByRole('status'))).toBe('');
    await userEvent.click(save(dialog));
    expect(api.userCalls).toEqual([{ name: 'members.update', params: { id: 'member-alice-laptop', roles: ['node', 'viewer'] } }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('without Node -> what ends, before it is saved; no role -> not saved', async () => {
    const { api } = showMembers({ answers: { 'members.update': ok(memberView('alice-laptop')) } });
    const dialog = await open('Change roles and models of alice-laptop');
    await userEvent.click(box(dialog, 'Node'));
    expect(textOf(within(dialog).getByRole('status'))).toContain('Choose at least one role.');
    expect(save(dialog).disabled).toBe(true);
    await userEvent.click(box(dialog, 'Client'));
    expect(textOf(within(dialog).getByRole('status'))).toContain('The node leaves the pool at once');
    await userEvent.click(save(dialog));
    expect(api.userCalls).toEqual([{ name: 'members.update', params: { id: 'member-alice-laptop', roles: ['client'], models: null } }]);
  });

  test('refused -> reason, the dialog stays', async () => {
    const refused = fail({ code: 'INVALID_STATE', message: '', details: { reason: 'member_revoked' } });
    showMembers({ answers: { 'members.update': refused } });
    const dialog = await open('Change roles and models of alice-laptop');
    await userEvent.click(save(dialog));
    expect(textOf(await within(dialog).findByRole('alert'))).toContain('The member was revoked.');
  });

  test('an owner on the command line -> its role is shown', async () => {
    showMembers({ answers: { 'members.list': ok({ members: [memberView('desk', { roles: ['node', 'owner'] })] }) } });
    expect(box(await open('Change roles and models of desk'), 'Owner').checked).toBe(true);
  });

  test('not a node any more -> no link to a node', async () => {
    showMembers({ answers: { 'members.list': ok({ members: [memberView('desk', { roles: ['client'], node_id: 'node-1' })] }) } });
    expect((await screen.findByText('desk')).getAttribute('href')).toContain('#/jobs');
  });
});

describe('key', () => {
  test('a viewer becomes a program -> roles sent; the limits are offered only for a program', async () => {
    const { api } = showMembers({ answers: { 'keys.update': ok(keyView('grafana')) } });
    const dialog = await open('Change the key grafana');
    expect(within(dialog).queryByLabelText('Tokens per minute')).toBeNull();
    await userEvent.click(box(dialog, 'Client'));
    await userEvent.click(box(dialog, 'Viewer'));
    expect(within(dialog).getByLabelText('Tokens per minute')).toBeTruthy();
    await userEvent.click(save(dialog));
    expect(api.userCalls).toMatchObject([{ name: 'keys.update', params: { id: 'key-grafana', roles: ['client'], models: null } }]);
  });

  test('a program becomes a viewer -> its open requests end, said before it is saved', async () => {
    showMembers();
    const dialog = await open('Change the key open-webui');
    await userEvent.click(box(dialog, 'Viewer'));
    expect(textOf(within(dialog).getByRole('status'))).toBe('');
    await userEvent.click(box(dialog, 'Client'));
    expect(textOf(within(dialog).getByRole('status'))).toContain('Open answers end');
  });
});
