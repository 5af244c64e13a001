// The limits of a key: in its row, in the form of a new key, and in the dialog that changes a key.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { keyLimitsSchema } from '../../../../src/shared/api/members';
import { fail, ok } from '../../../../src/shared/result';
import { createdKey, keyView } from '../../../fixtures/app-states/trust';
import { showMembers, textOf } from './show-members';

const open = async (button: string): Promise<HTMLElement> => {
  await userEvent.click(await screen.findByRole('button', { name: button }));
  return screen.findByRole('dialog');
};
const field = (dialog: HTMLElement, label: string) => within(dialog).getByLabelText<HTMLInputElement>(label);
const button = (dialog: HTMLElement, name: string) => within(dialog).getByRole<HTMLButtonElement>('button', { name });
const changed = ok(keyView('open-webui'));

describe('row', () => {
  test('limits, use of today and priority; keys without limits show none; a revoked key does not change', async () => {
    showMembers();
    const row = (await screen.findByText('open-webui')).closest('tr');
    if (row === null) throw new Error('no row');
    const text = textOf(row);
    expect(text).toContain('46% of 100M tokens today and 3 more limits');
    expect(screen.getAllByTitle(/60 requests\/min.*4 at once.*high priority/)).toHaveLength(1);
    expect(screen.getAllByRole('button', { name: /^Change the key/ }).map((each) => each.getAttribute('aria-label'))).toEqual(
      ['grafana', 'ren', 'nightly-ocr', 'noor-phone', 'open-webui'].map((name) => `Change the key ${name}`),
    );
  });

  test('limits in place of those of the pool -> shown', async () => {
    const limits = keyLimitsSchema.parse({ requests_per_second: 2, max_queued: 0, max_streams: 3, max_priority: -1 });
    showMembers({ answers: { 'keys.list': ok({ keys: [keyView('bot', { limits })] }) } });
    const limited = await screen.findByTitle(/2 requests\/s/);
    expect(textOf(limited)).toBe('2 requests/s and 3 more limits');
    for (const part of ['0 waiting jobs', '3 streams', 'priority up to -1']) expect(limited.title).toContain(part);
  });

  test('large limits -> short in the row, exact in its title', async () => {
    const limits = keyLimitsSchema.parse({ tokens_per_minute: 2_500_000, tokens_per_day: 100_000_000 });
    showMembers({ answers: { 'keys.list': ok({ keys: [keyView('bot', { limits })] }) } });
    const limited = await screen.findByTitle(/2,500,000 tokens\/min 100,000,000 tokens\/day/);
    expect(textOf(limited)).toBe('2.5M tokens/min and 1 more limit');
  });

  test('in Chinese', async () => {
    showMembers({ language: 'zh-CN' });
    const row = (await screen.findByText('open-webui')).closest('tr');
    if (row === null) throw new Error('no row');
    const text = textOf(row);
    expect(text).toContain('今日词元已用 46%（上限 1亿），另有 3 项上限');
  });
});

describe('new key', () => {
  test('limits -> sent; empty fields are no limit', async () => {
    const { api } = showMembers({ answers: { 'keys.create': ok(createdKey) } });
    const dialog = await open('New key for a program…');
    await userEvent.type(field(dialog, 'Name of the program or person'), 'bot');
    await userEvent.type(field(dialog, 'Requests per minute'), '30');
    await userEvent.type(field(dialog, 'Tokens per day'), '1000000');
    await userEvent.selectOptions(field(dialog, 'Priority'), 'Low');
    await userEvent.click(button(dialog, 'Create key'));
    const limits = { requests_per_minute: 30, tokens_per_minute: null, max_at_once: null, tokens_per_day: 1_000_000, priority: 'low' };
    expect(api.userCalls).toEqual([
      { name: 'keys.create', params: { name: 'bot', roles: ['client'], models: null, expires_in_seconds: null, limits } },
    ]);
  });

  test('a wrong number -> named at once, not sent', async () => {
    const { api } = showMembers({ answers: { 'keys.create': ok(createdKey) } });
    const dialog = await open('New key for a program…');
    await userEvent.type(field(dialog, 'Name of the program or person'), 'bot');
    await userEvent.type(field(dialog, 'Requests per minute'), '0');
    expect(textOf(dialog)).toContain('Enter a whole number from 1 to 1,000,000.');
    expect(button(dialog, 'Create key').disabled).toBe(true);
    await userEvent.type(field(dialog, 'Requests per minute'), '{Enter}');
    expect(api.userCalls).toEqual([]);
    await userEvent.clear(field(dialog, 'Requests per minute'));
    expect(button(dialog, 'Create key').disabled).toBe(false);
  });

  test('few tokens per day -> a note that requests without max_tokens are refused, and the key can be made', async () => {
    showMembers({ answers: { 'keys.create': ok(createdKey) } });
    const dialog = await open('New key for a program…');
    await userEvent.type(field(dialog, 'Name of the program or person'), 'bot');
    await userEvent.type(field(dialog, 'Tokens per day'), '900');
    expect(textOf(dialog)).toContain('Too few for a request that sets no limit of its answer');
    expect(button(dialog, 'Create key').disabled).toBe(false);
    await userEvent.type(field(dialog, 'Tokens per day'), '0');
    expect(textOf(dialog)).not.toContain('Too few');
  });

  test('a role without requests -> no limits, also if they were entered before', async () => {
    const { api } = showMembers({ answers: { 'keys.create': ok(createdKey) } });
    const dialog = await open('New key for a program…');
    await userEvent.type(field(dialog, 'Name of the program or person'), 'grafana');
    await userEvent.type(field(dialog, 'Tokens per minute'), 'x');
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Viewer' }));
    expect(within(dialog).queryByLabelText('Tokens per minute')).toBeNull();
    await userEvent.click(button(dialog, 'Create key'));
    expect(api.userCalls).toEqual([
      { name: 'keys.create', params: { name: 'grafana', roles: ['viewer'], models: null, expires_in_seconds: null } },
    ]);
  });
});

describe('change', () => {
  test('shows what the key has; a change and a removed limit -> sent, dialog closed', async () => {
    const { api } = showMembers({ answers: { 'keys.update': changed } });
    const dialog = await open('Change the key open-webui');
    const values = ['Requests per minute', 'Tokens per minute', 'Requests at once', 'Tokens per day', 'Priority', 'Expires in'];
    expect(values.map((label) => field(dialog, label).value)).toEqual(['60', '', '4', '100000000', 'high', 'unchanged']);
    await waitFor(() => expect(document.activeElement).toBe(field(dialog, 'Expires in')));
    await userEvent.clear(field(dialog, 'Requests at once'));
    await userEvent.type(field(dialog, 'Tokens per minute'), '5000');
    await userEvent.selectOptions(field(dialog, 'Priority'), 'Normal');
    await userEvent.click(button(dialog, 'Save'));
    const limits = { requests_per_minute: 60, tokens_per_minute: 5000, max_at_once: null, tokens_per_day: 100_000_000, priority: null };
    expect(api.userCalls).toEqual([{ name: 'keys.update', params: { id: 'key-open-webui', models: null, limits } }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('expiry chosen, models of the key kept -> sent', async () => {
    const { api } = showMembers({ answers: { 'keys.update': changed } });
    const dialog = await open('Change the key nightly-ocr');
    await userEvent.selectOptions(field(dialog, 'Expires in'), 'Never');
    await userEvent.click(button(dialog, 'Save'));
    expect(api.userCalls).toMatchObject([
      { params: { id: 'key-nightly-ocr', expires_in_seconds: null, models: ['qwen2.5:14b', 'llama3.1:8b'] } },
    ]);
  });

  test('refused -> reason, the dialog stays; another key -> its own values', async () => {
    const refused = fail({ code: 'INVALID_STATE', message: '', details: { reason: 'key_revoked' } });
    showMembers({ answers: { 'keys.update': refused } });
    const dialog = await open('Change the key open-webui');
    await userEvent.click(button(dialog, 'Save'));
    expect(textOf(await within(dialog).findByRole('alert'))).toContain('The key was revoked.');
    await userEvent.click(button(dialog, 'Cancel'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const other = await open('Change the key noor-phone');
    expect(field(other, 'Requests per minute').value).toBe('');
  });
});
