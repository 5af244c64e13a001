import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { JoinRequestView } from '../../../../src/shared/api/join-requests';
import { fail } from '../../../../src/shared/result';
import { SECOND } from '../../../fixtures/app-states/moment';
import { hosting } from '../../../fixtures/app-states/states';
import { joinRequest } from '../../../fixtures/app-states/trust';
import { show, type Shown } from '../support/render-screen';
import { showMembers, textOf } from './show-members';

const send = ({ api }: Shown, ...requests: JoinRequestView[]): void =>
  act(() => api.emit.onEvent({ type: 'join_requests', join_requests: requests }));
const live = (): string | undefined => document.querySelector('[aria-live="assertive"]')?.textContent;

describe('dialog', () => {
  test('a request arrives on any page -> digits, claims, countdown; announced once, not each second', async () => {
    const shown = show(hosting(), { page: 'settings' });
    expect(live()).toBe('');
    send(shown, joinRequest());
    const dialog = await screen.findByRole('dialog', { name: 'desk-noa asks to join this pool' });
    expect(textOf(dialog)).toContain('4 8 2, 9 1 3');
    expect(textOf(dialog)).toContain('RTX 4070, 12 GB not verified');
    expect(textOf(dialog)).toContain('192.168.1.77');
    expect(textOf(dialog)).toContain('Expires in 1:42');
    const announced = live();
    expect(announced).toBe('desk-noa asks to join this pool. Digits: 4 8 2 9 1 3.');
    shown.advance(3 * SECOND);
    expect(textOf(dialog)).toContain('Expires in 1:39');
    expect(live()).toBe(announced);
  });

  test('approve -> waits for the other computer; request gone -> closed', async () => {
    const shown = show(hosting({ join_requests: [joinRequest()] }), { page: 'computer' });
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Digits match, approve' }));
    expect(shown.api.userCalls).toEqual([{ name: 'join_requests.approve', params: { id: '7f2k', roles: ['node', 'client'] } }]);
    send(shown, joinRequest({ approved: true }));
    expect(textOf(dialog)).toContain('Waiting for the other computer to confirm the digits.');
    expect(textOf(dialog)).toContain('RoleNode, Client');
    expect(within(dialog).queryByRole('radio')).toBeNull();
    expect(within(dialog).queryByRole('button', { name: 'Digits match, approve' })).toBeNull();
    send(shown);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('the owner chooses Node -> approved without the role of a client; an older newcomer asks for no more', async () => {
    const shown = show(hosting({ join_requests: [joinRequest()] }), { page: 'computer' });
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByRole<HTMLInputElement>('radio', { name: 'Node, Client' }).checked).toBe(true);
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Node' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Digits match, approve' }));
    expect(shown.api.userCalls).toEqual([{ name: 'join_requests.approve', params: { id: '7f2k', roles: ['node'] } }]);
    send(shown, joinRequest({ id: 'a2', roles: ['node'] }));
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Node' }).checked).toBe(true));
  });

  test('deny -> sent', async () => {
    const { api } = show(hosting({ join_requests: [joinRequest()] }), { page: 'computer' });
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Deny' }));
    expect(api.userCalls).toEqual([{ name: 'join_requests.deny', params: { id: '7f2k' } }]);
  });

  test('look-alike -> warning with the name of the known node', async () => {
    show(hosting({ join_requests: [joinRequest({ looks_like: 'desk-n0a' })] }), { page: 'computer' });
    expect(textOf(await screen.findByRole('dialog'))).toContain('This name looks like the name of the node desk-n0a.');
  });

  test('closed -> the request stays on the Members page; the next request opens again', async () => {
    const shown = show(hosting({ join_requests: [joinRequest()] }), { page: 'computer' });
    await screen.findByRole('dialog');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    send(shown, joinRequest(), joinRequest({ id: 'a2', name: 'lab-7', digits: '000123' }));
    const dialog = await screen.findByRole('dialog', { name: 'lab-7 asks to join this pool' });
    expect(textOf(dialog)).toContain('0 0 0, 1 2 3');
  });
});

describe('banner on the Members page', () => {
  test('digits and claims; compare opens the dialog again', async () => {
    showMembers({}, hosting({ join_requests: [joinRequest()] }));
    await screen.findByRole('dialog');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const banner = screen.getByRole('region', { name: 'Requests to join' });
    expect(textOf(banner)).toContain('desk-noa asks to join');
    expect(textOf(banner)).toContain('482 913');
    await userEvent.click(within(banner).getByRole('link', { name: 'Compare and approve' }));
    const dialog = await screen.findByRole('dialog', { name: 'desk-noa asks to join this pool' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(window.location.hash).toBe('#/members');
  });

  test('deny fails -> reason', async () => {
    const { api } = showMembers({}, hosting({ join_requests: [joinRequest()] }));
    await screen.findByRole('dialog');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    api.answer('join_requests.deny', fail({ code: 'INTERNAL_ERROR', message: '', details: null }));
    const banner = screen.getByRole('region', { name: 'Requests to join' });
    await userEvent.click(within(banner).getByRole('button', { name: 'Deny' }));
    expect(textOf(await within(banner).findByRole('alert'))).toContain('INTERNAL_ERROR');
  });

  test('no request -> no banner', () => {
    showMembers();
    expect(screen.queryByRole('region', { name: 'Requests to join' })).toBeNull();
  });
});
