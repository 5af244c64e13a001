import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { createFormat } from '../../../../src/renderer/i18n/format';
import { fail, ok } from '../../../../src/shared/result';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { appInfo, appState, hosting } from '../../../fixtures/app-states/states';
import { auditPage, memberView, olderAuditPage } from '../../../fixtures/app-states/trust';
import { usageAnswer } from '../../../fixtures/app-states/usage';
import { show } from '../support/render-screen';
import { showMembers, textOf } from './show-members';

const DAY = 24 * HOUR;
/** In the time zone of the machine. */
const { day, clock, number, compact } = createFormat('en');
const dayOf = (fromNowMs: number): string => day(NOW + fromNowMs, NOW);
const clockOf = (fromNowMs: number): string => clock(NOW + fromNowMs, NOW);

const rowOf = async (name: string): Promise<HTMLElement> => {
  const row = (await screen.findByText(name)).closest('tr');
  if (row === null) throw new Error(`no row of ${name}`);
  return row;
};
/** When the use has arrived. */
async function cellsOf(name: string): Promise<string[]> {
  const [, tokens = ''] = figuresOf('key', 'key-open-webui');
  await screen.findByText(tokens);
  return within(await rowOf(name))
    .getAllByRole('cell')
    .map(textOf);
}

/** The jobs and tokens of the last seven days. */
const figuresOf = (by: 'key' | 'node', wanted: string): string[] => {
  const row = usageAnswer({ by }).rows.find(({ id }) => id === wanted);
  return row === undefined
    ? []
    : [
        by === 'key' ? `${number(row.requests)} sent` : `${number(row.requests - row.failed - row.cancelled)} done`,
        compact(row.prompt_tokens + row.output_tokens),
      ];
};

describe('table', () => {
  test('the node of the host has no key -> the title of the computers has its jobs and tokens', async () => {
    showMembers();
    const [jobs = '', tokens = ''] = figuresOf('node', 'node-5C0FFEE1');
    expect(
      await screen.findByText(`not listed, because no key is needed: ming-desktop (jobs: ${jobs.replace(' done', '')}, tokens: ${tokens})`),
    ).toBeTruthy();
  });

  test('each kind: name, role, origin, last use, address, expiry, action', async () => {
    showMembers();
    expect(await cellsOf('Noa')).toEqual([
      'Noa1 of 1 use left',
      'Node, Client',
      '–',
      `owner, ${dayOf(-2 * HOUR)}`,
      'Never',
      '–',
      '–',
      '–',
      clockOf(22 * HOUR),
      'Revoke…',
    ]);
    expect(await cellsOf('Owner key')).toEqual([
      'Owner keyyoufile “admin-token”',
      ...['Owner', '–', 'first start', '–', '–', '–', '–', 'Never', '–'],
    ]);
    expect(await cellsOf('nightly-ocr')).toEqual([
      'nightly-ocr',
      'Client, 2 models',
      '30 requests/min',
      `owner, ${dayOf(-20 * DAY)}`,
      '15 h ago',
      '192.168.1.9',
      ...figuresOf('key', 'key-nightly-ocr'),
      dayOf(38 * DAY),
      'Change…Revoke…',
    ]);
    expect(await cellsOf('kai-desktop')).toEqual([
      'kai-desktop',
      'Client',
      '–',
      `invitation for Kai, ${dayOf(-29.5 * DAY)}`,
      '1 min ago',
      '192.168.1.77',
      ...figuresOf('key', 'member-kai-desktop'),
      'Never',
      'Change…Revoke…',
    ]);
    expect(await cellsOf('alice-laptop')).toEqual([
      'alice-laptop',
      'Node',
      '–',
      `invitation, ${dayOf(-12 * DAY)}`,
      'just now',
      '192.168.1.40',
      ...figuresOf('node', 'node-0A11CE42'),
      'Never',
      'Change…Revoke…',
    ]);
    expect((await cellsOf('ren'))[5]).toBe('the host');
    const linksOf = async (name: string) =>
      within(await rowOf(name))
        .getAllByRole('link')
        .map((link) => link.getAttribute('href'));
    expect(await linksOf('alice-laptop')).toEqual([
      '#/nodes/node-0A11CE42',
      '#/jobs?filter=node%3Anode-0A11CE42',
      '#/usage?filter=by%3Amodel&filter=node%3Anode-0A11CE42',
    ]);
    expect(await linksOf('nightly-ocr')).toEqual([
      '#/jobs?filter=key%3Akey-nightly-ocr',
      '#/jobs?filter=key%3Akey-nightly-ocr',
      '#/usage?filter=by%3Amodel&filter=key%3Akey-nightly-ocr',
    ]);
  });

  test('revoked -> struck through, with the time, without an action', async () => {
    showMembers();
    expect(await cellsOf('old-script')).toEqual([
      'old-script',
      'Client',
      '–',
      `owner, ${dayOf(-20 * DAY)}`,
      'revoked 2 d ago',
      '192.168.1.9',
      ...figuresOf('key', 'key-old-script'),
      '–',
      '–',
    ]);
    expect(screen.getByText('old-script').tagName).toBe('S');
    expect(within(await rowOf('old-script')).queryByRole('button')).toBeNull();
  });

  test('groups with counts; a filter shows one group', async () => {
    showMembers();
    await rowOf('Noa');
    const groups = () => screen.getAllByRole('rowheader').map(textOf);
    expect(groups()).toEqual(['Open invitations 2', 'Management 3', 'Programs 4', 'Computers 7']);
    const filter = (name: string) => within(screen.getByRole('group')).getByRole('button', { name });
    // Without shapes, a narrow page wraps the chips and keeps their labels.
    expect(screen.getByRole('group').dataset['short']).toBeUndefined();
    await userEvent.click(filter('Programs 4'));
    expect(groups()).toEqual(['Programs 4']);
    await userEvent.click(filter('Revoked 2'));
    expect(screen.getByRole('searchbox', { name: 'Name, address, key' })).toBeTruthy();
    expect(groups()).toEqual(['Programs 1', 'Computers 1']);
  });

  test.each([
    ['qwen2.5', ['nightly-ocr']],
    ['kai', ['kai-desktop']],
    ['operator', ['ren']],
  ])('search %j -> by model, invitation and role', async (search, names) => {
    showMembers();
    await rowOf('Noa');
    await userEvent.type(screen.getByRole('searchbox'), search);
    await waitFor(() =>
      expect(screen.getAllByRole('row').flatMap((row) => within(row).queryAllByRole('cell')[0]?.textContent ?? [])).toEqual(names),
    );
  });

  test('a search without a hit -> the head of the table stays', async () => {
    showMembers();
    await rowOf('Noa');
    const heads = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
    const before = heads();
    await userEvent.type(screen.getByRole('searchbox'), 'no such member');
    expect(await screen.findByText('Nothing matches the search.')).toBeTruthy();
    expect(heads()).toEqual(before);
  });

  test('4,000 members -> only rows near the view are in the document', async () => {
    const members = Array.from({ length: 4000 }, (_, index) => memberView(`node-${String(index)}`));
    showMembers({ answers: { 'members.list': ok({ members }) } });
    const table = await screen.findByRole('table');
    // 2 invitations, the owner, 6 keys, 4,000 members, 4 titles of groups, the header.
    expect(table.getAttribute('aria-rowcount')).toBe(String(2 + 1 + 6 + 4000 + 4 + 1));
    expect(screen.getAllByRole('row').length).toBeLessThan(100);
  });
});

describe('revoke', () => {
  test.each([
    ['Noa', 'invites.revoke', 'invite-noa', 'Computers that joined with the link stay members.'],
    ['open-webui', 'keys.revoke', 'key-open-webui', 'ends its open streams'],
    ['alice-laptop', 'members.revoke', 'member-alice-laptop', 'stays barred until you invite the computer again'],
  ] as const)('%s -> consequence, then %s', async (name, operation, id, consequence) => {
    const { api } = showMembers();
    await userEvent.click(within(await rowOf(name)).getByRole('button', { name: `Revoke ${name}…` }));
    const title = operation === 'invites.revoke' ? `Revoke the invitation for ${name}?` : `Revoke ${name}?`;
    const dialog = await screen.findByRole('dialog', { name: title });
    expect(textOf(dialog)).toContain(consequence);
    expect(api.userCalls).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Revoke' }));
    expect(api.userCalls).toEqual([{ name: operation, params: { id } }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('failed -> the dialog stays with the reason', async () => {
    showMembers({ answers: { 'keys.revoke': fail({ code: 'NOT_FOUND', message: '', details: null }) } });
    await userEvent.click(within(await rowOf('open-webui')).getByRole('button', { name: 'Revoke open-webui…' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Revoke' }));
    expect(textOf(await screen.findByRole('alert'))).toContain('NOT_FOUND');
  });
});

describe('who may', () => {
  test('another role than owner -> who manages members, no action', async () => {
    const state = hosting({ agent: null, host: null, app: appInfo({ mode: 'headless', can_host: false, can_join: false }) });
    showMembers({ answers: { 'members.list': fail({ code: 'FORBIDDEN', message: '', details: null }) } }, state);
    expect(await screen.findByText(/Only the owner of the pool manages members/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Invite a computer…' })).toBeNull();
  });

  test('member of a pool -> the address of the host, no request; the Pool page has a sentence', async () => {
    const { api } = show(appState(), { page: 'members' });
    expect(textOf(screen.getByRole('main'))).toContain('https://192.168.1.20:7080/#/members');
    // The rail asks for the name of the pool.
    expect(api.calls.filter(({ name }) => name !== 'desktop.set_look' && name !== 'pools.list')).toEqual([]);
    act(() => void (window.location.hash = '#/pool'));
    await screen.findByText('The owner of the pool manages members and keys, on the host.');
  });

  test('lists not answered -> reason', async () => {
    showMembers({ answers: { 'keys.list': fail({ code: 'INTERNAL_ERROR', message: '', details: null }) } });
    expect(textOf(await screen.findByRole('alert'))).toContain('INTERNAL_ERROR');
  });
});

describe('audit log', () => {
  test('act on a model -> the name of the node, the model and the action', async () => {
    const [entry] = auditPage.entries;
    const target = 'node-5C0FFEE1 org/llm:7b unload';
    const entries = entry === undefined ? [] : [{ ...entry, action: 'node.model_control', target }];
    showMembers({ answers: { 'audit.list': ok({ entries, next_before: null }) } });
    await userEvent.click(screen.getByRole('button', { name: 'Audit log' }));
    expect((await screen.findByTitle(target)).textContent).toBe('ming-desktop org/llm:7b unload');
    expect(screen.getByText(/Loaded, unloaded, pinned or unpinned a model/)).toBeTruthy();
  });

  test('changed setting -> its title; one that this program does not have -> its key', async () => {
    const entries = ['scheduler.drain_timeout_seconds', 'scheduler.of_tomorrow'].map((target, id) => ({
      ...auditPage.entries.slice(-1)[0],
      id,
      action: 'settings.set',
      target,
    }));
    showMembers({ answers: { 'audit.list': ok({ entries, next_before: null }) } });
    await userEvent.click(screen.getByRole('button', { name: 'Audit log' }));
    expect((await screen.findByTitle('scheduler.drain_timeout_seconds')).textContent).toBe('Drain timeout');
    expect(screen.getByText('scheduler.of_tomorrow')).toBeTruthy();
  });

  test('caller without a key -> says so', async () => {
    const [entry] = auditPage.entries;
    const entries = entry === undefined ? [] : [{ ...entry, who: null, who_name: 'no key' }];
    showMembers({ answers: { 'audit.list': ok({ entries, next_before: null }) }, language: 'zh-CN' });
    await userEvent.click(screen.getByRole('button', { name: '审计日志' }));
    expect(await within(await screen.findByRole('dialog')).findByText('无密钥')).toBeTruthy();
  });

  test('who, act, target by name, from, when; older and newer pages', async () => {
    const entries = auditPage.entries.map((entry) => (entry.action === 'settings.set' ? { ...entry, action: 'pool.paint' } : entry));
    const { api } = showMembers({ answers: { 'audit.list': ok({ ...auditPage, entries }) } });
    await userEvent.click(screen.getByRole('button', { name: 'Audit log' }));
    const drawer = await screen.findByRole('dialog', { name: 'Audit log' });
    await within(drawer).findByText('Made an invitation');
    const rows = within(drawer)
      .getAllByRole('row')
      .map((row) => within(row).queryAllByRole('cell').map(textOf));
    expect(rows[2]?.slice(1)).toEqual(['Changed a key', 'open-webui', 'Owner key', '127.0.0.1']);
    expect(rows[3]?.slice(1)).toEqual(['Made an invitation', 'Noa', 'Owner key', '127.0.0.1']);
    expect(rows[4]?.slice(1)).toEqual(['Resumed a node', 'alice-laptop', 'ren', '192.168.1.23']);
    // An act that this version has no text for.
    expect(rows[8]?.slice(1)).toEqual(['pool.paint', 'scheduler.drain_timeout_seconds', 'Owner key', '127.0.0.1']);
    api.answer('audit.list', ok(olderAuditPage));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Older' }));
    await waitFor(() => expect(within(drawer).queryByText('Made an invitation')).toBeNull());
    expect(api.calls.filter(({ name }) => name === 'audit.list').map(({ params }) => params)).toEqual([
      { limit: 50 },
      { limit: 50, before: 12 },
    ]);
    expect(within(drawer).queryByRole('button', { name: 'Older' })).toBeNull();
    api.answer('audit.list', ok(auditPage));
    await userEvent.click(within(drawer).getByRole('button', { name: 'Newer' }));
    await within(drawer).findByText('Made an invitation');
  });
});
