import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { poolModels } from '../../../fixtures/app-states/own-models';
import { appInfo, hosting, sharedApp } from '../../../fixtures/app-states/states';
import { createdKey, inviteLinks } from '../../../fixtures/app-states/trust';
import { showMembers, textOf } from './show-members';

const openDialog = async (button: string): Promise<HTMLElement> => {
  await userEvent.click(await screen.findByRole('button', { name: button }));
  return screen.findByRole('dialog');
};

describe('invite', () => {
  test('defaults -> one use, a day, roles node and client; link, QR code, validity', async () => {
    const user = userEvent.setup();
    const { api } = showMembers({ answers: { 'invites.create': ok(inviteLinks()) } });
    const dialog = await openDialog('Invite a computer…');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create link' }));
    expect(api.userCalls).toEqual([
      { name: 'invites.create', params: { name: null, roles: ['node', 'client'], models: null, uses: 1, expires_in_seconds: 86_400 } },
    ]);
    const shownLink = await within(dialog).findByText(inviteLinks().link);
    // The dialog says that the link is shown only now.
    expect(shownLink.closest('details')).toBeNull();
    expect(within(dialog).getByRole('img', { name: 'QR code of the join link' })).toBeTruthy();
    expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Copy invitation' }));
    expect(textOf(dialog)).toMatch(/Valid for 1 computer until \w+ \d+, \d\d:48\./);
    expect(within(dialog).getByRole('button', { name: 'Copy https link' })).toBeTruthy();
    expect(textOf(dialog)).toContain('works where 192.168.1.20 is reachable');
    await user.click(within(dialog).getByRole('button', { name: 'Copy invitation' }));
    const { link, https_link: httpsLink } = inviteLinks();
    const lines = (await navigator.clipboard.readText()).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'You are invited to the pool “Atelier”. Your computer then runs AI jobs of the pool on its GPU, with Muster.',
      '1. Install Muster from its package, and start Muster from the menu of programs. In a clone of its source, “npm start” does both.',
      `2. Open this link, or paste the link in Muster into “Join link or address”: ${link}`,
      `The same in a browser: ${String(httpsLink)}`,
    ]);
    expect(lines[4]).toMatch(/^Valid for 1 computer until \w+ \d+, \d\d:48\. The link contains a key: do not pass the link on\.$/);
    expect(lines.slice(5)).toEqual([
      'Dashboard: https://192.168.1.20:7080',
      'Base URL for programs: https://192.168.1.20:7080/v1',
      'The link works where 192.168.1.20 is reachable: in this network, or through a VPN such as Tailscale.',
    ]);
    expect(textOf(dialog)).toContain('Send the link to one person only.');
    await userEvent.keyboard('{Escape}');
    expect(within(dialog).getByText(inviteLinks().link)).toBeTruthy();
  });

  test('several uses -> the link is not for one person only', async () => {
    showMembers({ answers: { 'invites.create': ok(inviteLinks()) } });
    const dialog = await openDialog('Invite a computer…');
    await userEvent.clear(within(dialog).getByLabelText('Uses'));
    await userEvent.type(within(dialog).getByLabelText('Uses'), '3');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create link' }));
    await within(dialog).findByText(inviteLinks().link);
    expect(textOf(dialog)).toContain('Send the link only to people who may join.');
    expect(textOf(dialog)).not.toContain('one person only');
  });

  test('all fields -> sent; models only with the role client', async () => {
    const { api } = showMembers({ answers: { 'invites.create': ok(inviteLinks()) } });
    const dialog = await openDialog('Invite a computer…');
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Node' }));
    expect(within(dialog).queryByLabelText('Models')).toBeNull();
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Node, Client' }));
    await userEvent.type(within(dialog).getByLabelText('For'), ' Noa ');
    await userEvent.selectOptions(within(dialog).getByLabelText('Expires in'), '7 days');
    await userEvent.clear(within(dialog).getByLabelText('Uses'));
    await userEvent.type(within(dialog).getByLabelText('Uses'), '3');
    await userEvent.type(within(dialog).getByLabelText('Models'), 'qwen3:14b{Enter}');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create link' }));
    expect(api.userCalls).toEqual([
      {
        name: 'invites.create',
        params: { name: 'Noa', roles: ['node', 'client'], models: ['qwen3:14b'], uses: 3, expires_in_seconds: 7 * 86_400 },
      },
    ]);
  });

  test('a member that sees the whole pool -> its role is sent', async () => {
    const { api } = showMembers({ answers: { 'invites.create': ok(inviteLinks()) } });
    const dialog = await openDialog('Invite a computer…');
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Node, Client, Viewer' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create link' }));
    expect(api.userCalls).toMatchObject([{ name: 'invites.create', params: { roles: ['node', 'client', 'viewer'] } }]);
  });

  test('revoke this link -> revoked, closed', async () => {
    const { api } = showMembers({ answers: { 'invites.create': ok(inviteLinks()) } });
    const dialog = await openDialog('Invite a computer…');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create link' }));
    await userEvent.click(await within(dialog).findByRole('button', { name: 'Revoke this link' }));
    expect(api.userCalls.at(-1)).toEqual({ name: 'invites.revoke', params: { id: 'invite-noa' } });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('copied -> Escape closes', async () => {
    const user = userEvent.setup();
    showMembers({ answers: { 'invites.create': ok(inviteLinks()) } });
    const dialog = await openDialog('Invite a computer…');
    await user.click(within(dialog).getByRole('button', { name: 'Create link' }));
    await user.click(await within(dialog).findByRole('button', { name: 'Copy invitation' }));
    await within(dialog).findByRole('button', { name: 'Copied' });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  const onlyHere = () => {
    const state = hosting();
    return { ...state, nodes: [], host: state.host && { ...state.host, scope: 'this_computer' as const, lan_urls: [], join_link: null } };
  };

  test('pool not shared -> said before the form; shared -> the form', async () => {
    const { api } = showMembers({ answers: { 'host.start': ok({}) } }, onlyHere());
    const dialog = await openDialog('Invite a computer…');
    expect(textOf(dialog)).toContain('Other computers cannot reach this pool');
    expect(within(dialog).queryByRole('button', { name: 'Create link' })).toBeNull();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Share on the local network' }));
    expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan' } }]);
    const { host } = hosting();
    act(() => api.emit.onEvent({ type: 'host', host: host && { ...host, state: 'restarting' } }));
    expect(textOf(within(dialog).getByRole('status'))).toContain('The scheduler restarts');
    act(() => api.emit.onEvent({ type: 'host', host }));
    await within(dialog).findByRole('button', { name: 'Create link' });
    // A later restart keeps the form, with its values.
    act(() => api.emit.onEvent({ type: 'host', host: host && { ...host, state: 'restarting' } }));
    expect(within(dialog).getByRole('button', { name: 'Create link' })).toBeTruthy();
  });

  test('pool not shared, link for this computer -> said beside the form and the link', async () => {
    showMembers({ answers: { 'invites.create': ok(inviteLinks({ https_link: null })) } }, onlyHere());
    const dialog = await openDialog('Invite a computer…');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Link for this computer only' }));
    expect(textOf(dialog)).toContain('The link works on this computer only');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create link' }));
    expect(await within(dialog).findByText(/The link works on this computer only/)).toBeTruthy();
    expect(within(dialog).queryByRole('button', { name: 'Copy https link' })).toBeNull();
    expect(within(dialog).queryByRole('button', { name: 'Copy invitation' })).toBeNull();
  });

  test('headless pool on loopback -> how to share it, beside the form', async () => {
    showMembers({}, hosting({ host: null, app: appInfo({ mode: 'headless', can_host: false, can_join: false }) }));
    const dialog = await openDialog('Invite a computer…');
    expect(textOf(dialog)).toContain('restart Muster with --host 0.0.0.0');
    expect(within(dialog).getByRole('button', { name: 'Create link' })).toBeTruthy();
  });
});

test('one use in Chinese -> the link is for one person only', async () => {
  showMembers({ answers: { 'invites.create': ok(inviteLinks()) }, language: 'zh-CN' });
  await userEvent.click(screen.getByRole('button', { name: '邀请电脑…' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: '生成链接' }));
  await within(dialog).findByText(inviteLinks().link);
  expect(textOf(dialog)).toContain('请只发给一个人');
});

describe('new key', () => {
  test('made -> key shown once with a warning; closed -> gone', async () => {
    const { api } = showMembers({ answers: { 'keys.create': ok(createdKey) } });
    const dialog = await openDialog('New key for a program…');
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Create key' }).disabled).toBe(true);
    await userEvent.type(within(dialog).getByLabelText('Name of the program or person'), 'open-webui-2{Enter}');
    expect(api.userCalls).toEqual([
      { name: 'keys.create', params: { name: 'open-webui-2', roles: ['client'], models: null, expires_in_seconds: null } },
    ]);
    expect(await within(dialog).findByText(createdKey.key)).toBeTruthy();
    expect(textOf(within(dialog).getByRole('status'))).toContain('The key is shown only now.');
    expect(textOf(dialog)).toContain('https://192.168.1.20:7080/v1');
    const copy = within(dialog).getByRole('button', { name: 'Copy key' });
    expect(document.activeElement).toBe(copy);
    await userEvent.keyboard('{Escape}');
    expect(within(dialog).getByText(createdKey.key)).toBeTruthy();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(screen.queryByText(createdKey.key)).toBeNull());
    const again = await openDialog('New key for a program…');
    expect(within(again).getByLabelText<HTMLInputElement>('Name of the program or person').value).toBe('');
  });

  test('ready models -> each is added by a click, and then no longer offered', async () => {
    const { api } = showMembers({ answers: { 'keys.create': ok(createdKey), 'pool.models': ok({ models: poolModels() }) } });
    const dialog = await openDialog('New key for a program…');
    const offered = await within(dialog).findByRole('group', { name: 'Ready models' });
    const names = within(offered).getAllByRole('button').map(textOf);
    const [first = '', second = ''] = names;
    await userEvent.click(within(offered).getByRole('button', { name: first }));
    await userEvent.click(within(offered).getByRole('button', { name: second }));
    expect(within(offered).queryByRole('button', { name: first })).toBeNull();
    await userEvent.type(within(dialog).getByLabelText('Name of the program or person'), 'open-webui-2{Enter}');
    expect(api.userCalls[0]?.params).toMatchObject({ models: [first, second] });
  });

  test('headless shared pool, opened on its host -> the address for other computers and the certificate', async () => {
    const state = hosting({ host: null, app: sharedApp() });
    showMembers({ url: 'http://127.0.0.1:7080', answers: { 'keys.create': ok(createdKey) } }, state);
    const dialog = await openDialog('New key for a program…');
    await userEvent.type(within(dialog).getByLabelText('Name of the program or person'), 'open-webui-2{Enter}');
    await within(dialog).findByText(createdKey.key);
    expect(textOf(dialog)).toContain('https://10.9.9.1:7080/v1');
    expect(textOf(dialog)).toContain('/var/lib/muster/ca.pem');
  });

  test('role viewer, expiry -> sent without models', async () => {
    const { api } = showMembers({ answers: { 'keys.create': ok(createdKey) } });
    const dialog = await openDialog('New key for a program…');
    await userEvent.type(within(dialog).getByLabelText('Name of the program or person'), 'grafana');
    await userEvent.type(within(dialog).getByLabelText('Models'), 'qwen3:14b{Enter}');
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Viewer' }));
    expect(within(dialog).queryByLabelText('Models')).toBeNull();
    await userEvent.selectOptions(within(dialog).getByLabelText('Expires in'), '90 days');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create key' }));
    expect(api.userCalls).toEqual([
      { name: 'keys.create', params: { name: 'grafana', roles: ['viewer'], models: null, expires_in_seconds: 90 * 86_400 } },
    ]);
  });

  test('name taken -> reason, the form keeps its values', async () => {
    showMembers({ answers: { 'keys.create': fail({ code: 'INVALID_STATE', message: '', details: { reason: 'name_taken' } }) } });
    const dialog = await openDialog('New key for a program…');
    await userEvent.type(within(dialog).getByLabelText('Name of the program or person'), 'grafana{Enter}');
    expect(textOf(await within(dialog).findByRole('alert'))).toContain('A valid key has this name.');
    expect(within(dialog).getByLabelText<HTMLInputElement>('Name of the program or person').value).toBe('grafana');
  });
});
