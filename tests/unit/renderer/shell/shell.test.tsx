import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import type { PoolRight } from '../../../../src/shared/api/pool-access';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { SECOND } from '../../../fixtures/app-states/moment';
import { poolSummary } from '../../../fixtures/app-states/nodes';
import { rememberedPools } from '../../../fixtures/app-states/pools';
import { appInfo, appState, hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

/** The groups of the rail, each with its links. */
const railOf = (state: AppSnapshot): (string | null)[][] => {
  show(state);
  return within(screen.getByRole('navigation', { name: 'Main navigation' }))
    .getAllByRole('list')
    .map((list) =>
      within(list)
        .getAllByRole('link')
        .map((link) => link.getAttribute('title')),
    );
};

const RAIL = [
  ['This computer', 'GPUs'],
  ['Pool', 'Nodes', 'Models', 'Jobs', 'Members', 'Usage'],
  ['Try it', 'Connect programs'],
  ['Logs', 'Settings'],
];

describe('rail: pages', () => {
  test.each<[string, AppSnapshot, string]>([
    ['member of a pool -> opens on this computer', appState(), 'This computer'],
    ['in no pool -> opens on the first run', SITUATIONS.first_run(), 'Set up ming-desktop'],
    ['host -> opens on the pool', hosting(), 'Pool'],
    ['scheduler alone -> opens on the pool', hosting({ agent: null, host: null }), 'Pool'],
  ])('the same for every role; %s', async (_role, state, home) => {
    // Setup is in the rail until the user ends it.
    const [own = [], ...others] = RAIL;
    expect(railOf(state)).toEqual(home.startsWith('Set up') ? [[...own, 'Set up this computer'], ...others] : RAIL);
    expect(await screen.findByRole('heading', { level: 1, name: home })).toBeTruthy();
  });

  test.each(['dispatch', 'nowhere'])('%s: page that does not exist -> home page', (page) => {
    show(appState(), { page });
    expect(screen.getByRole('heading', { level: 1, name: 'This computer' })).toBeTruthy();
  });

  test.each(['nodes', 'members', 'jobs'])('%s without a pool -> a link to the Pool page', (page) => {
    const { api } = show(SITUATIONS.first_run(), { page });
    expect(screen.getByRole('link', { name: 'Join a pool' }).getAttribute('href')).toBe('#/pool');
    expect(api.calls.filter(({ name }) => name !== 'desktop.set_look')).toEqual([]);
  });

  const NONE_HERE = { 'pool.models': fail({ code: 'NOT_AVAILABLE_HERE', message: '', details: null }) };

  test.each(['nodes', 'members', 'jobs', 'try', 'connect'])(
    '%s while the own pool cannot start -> why, not the address of a host',
    async (page) => {
      show(SITUATIONS.host_failed(), { page, answers: NONE_HERE });
      expect(await screen.findByRole('region', { name: 'Your pool cannot start: port 7080 is used by ollama' })).toBeTruthy();
      expect(screen.getByRole('link', { name: 'Change the port…' })).toBeTruthy();
      expect(screen.queryByText(/The host manages this pool|Ask the owner|not in a pool/)).toBeNull();
    },
  );

  test.each(['nodes', 'members', 'usage', 'jobs', 'try', 'connect'])(
    '%s before the first connection -> that it is being made',
    async (page) => {
      const { api } = show(SITUATIONS.connecting(), { page, answers: NONE_HERE });
      const card = await screen.findByRole('region', { name: 'Connecting to the pool' });
      expect(card.textContent).toContain('Connecting to the scheduler at 192.168.1.20:7080.');
      expect(within(screen.getByRole('main')).queryByText(/The host manages this pool|No model is ready/)).toBeNull();
      expect(api.calls.map(({ name }) => name)).not.toContain('pool.jobs');
    },
  );

  test('first connection lost -> why, and the next attempt', async () => {
    show(SITUATIONS.reconnecting(), { page: 'jobs' });
    const card = await screen.findByRole('region', { name: 'Connecting to the pool' });
    expect(card.textContent).toMatch(/Cause: .*attempt 4/);
  });

  test('try without a pool -> how to get one', async () => {
    show(SITUATIONS.first_run(), { page: 'try', answers: NONE_HERE });
    expect(await screen.findByText(/Start a pool on this computer, or join one/)).toBeTruthy();
  });

  test.each(['computer', 'gpus'])('%s of a scheduler alone -> says that no node runs here', (page) => {
    show(SITUATIONS.scheduler_alone(), { page });
    expect(within(screen.getByRole('main')).getByText('This program runs no node')).toBeTruthy();
  });

  test('overview of a scheduler alone -> the pool, and the command that makes this computer a node', () => {
    show(SITUATIONS.scheduler_alone(), { page: 'computer' });
    const hero = within(screen.getByRole('region', { name: 'Status of this computer' }));
    expect(hero.getByText(/It runs only the scheduler of the pool/)).toBeTruthy();
    expect(hero.getByRole('link', { name: 'Pool overview' }).getAttribute('href')).toBe('#/pool');
    expect(hero.getByText('muster pool')).toBeTruthy();
  });
});

test('member that sees its own jobs alone -> no number of all jobs of the pool beside Jobs', () => {
  show(SITUATIONS.member_of_pool(), { page: 'settings' });
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs');
});

test.each(['nodes', 'usage', 'try', 'connect'])('%s while the connection to the pool is lost -> since when', async (page) => {
  show(SITUATIONS.member_disconnected(), { page });
  expect(await screen.findByText(/^Connection to Atelier lost\./)).toBeTruthy();
});

describe('pool switcher: name and role', () => {
  test('member that does not see its pool -> the name that this computer remembers', async () => {
    show(appState(), { answers: { 'pools.list': ok({ pools: rememberedPools() }) } });
    expect(await screen.findByRole('button', { name: 'AtelierYou contribute' })).toBeTruthy();
  });

  test.each([
    ['https://192.168.1.20:7080', 'AtelierHosted by atelier-01'],
    ['http://127.0.0.1:7080', 'AtelierYou host'],
  ])('browser at %s -> who hosts', (url, text) => {
    show(hosting({ app: appInfo({ mode: 'headless', hostname: 'atelier-01', can_join: false }) }), { page: 'settings', url });
    expect(screen.getByTitle('Atelier').textContent).toBe(text);
  });

  test.each<[string, AppSnapshot, string]>([
    ['host', hosting(), 'AtelierYou host'],
    [
      'host, name not known yet',
      hosting({ app: appInfo({ hostname: 'atelier-01' }), pool: poolSummary({ name: null }) }),
      'atelier-01You host',
    ],
    ['member that sees its pool', SITUATIONS.member_of_pool(), 'AtelierYou contribute'],
    ['member', appState(), '192.168.1.20:7080You contribute'],
    ['own scheduler failed', SITUATIONS.host_stopped(), 'ming-desktopYou host · cannot start'],
    ['own scheduler restarts', SITUATIONS.host_failed(), 'ming-desktopYou host · cannot start'],
    ['no usable GPU', SITUATIONS.no_gpu(), 'AtelierMember, shares nothing'],
    ['refused', SITUATIONS.id_conflict(), '192.168.1.20:7080Refused by the pool'],
    ['no pool', SITUATIONS.first_run(), 'No poolCreate or join one'],
  ])('%s', (_role, state, text) => {
    show(state, { page: 'settings' });
    expect(screen.getByTitle('Switch pool').textContent).toBe(text);
  });
});

test.each<[string, PoolRight[], string]>([
  ['operator', ['view', 'operate'], 'AtelierYour role: operator'],
  ['viewer', ['view'], 'AtelierYour role: viewer'],
])('browser with the key of a %s -> the role of the key, not that of the host', (_role, rights, text) => {
  const state = SITUATIONS.scheduler_alone();
  show({ ...state, pool: state.pool && { ...state.pool, rights } }, { page: 'settings' });
  expect(screen.getByTitle('Atelier').textContent).toBe(text);
});

test('rail: counts queued, assigned and running jobs without a request', () => {
  const { api } = show(hosting({ pool: poolSummary({ open_jobs: { queued: 1200, assigned: 3, running: 31 } }) }), { page: 'settings' });
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs1,234');
  act(() => api.emit.onEvent({ type: 'pool', pool: poolSummary({ open_jobs: { queued: 0, assigned: 0, running: 0 } }) }));
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs0');
  expect(api.userCalls).toEqual([]);
});

test('rail: older scheduler without job counts -> no count', () => {
  const { open_jobs: _unsaid, ...older } = poolSummary();
  show(hosting({ pool: older }));
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs');
});

test.each([
  ['without a pool -> count of this computer, as last reported', appState(), '1'],
  ['without a connection -> no count', appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) }), ''],
])('rail: jobs %s', (_where, state, count) => {
  show(state);
  expect(screen.getByTitle('Jobs').textContent).toBe(`Jobs${count}`);
});

test('rail: current page is marked, follows the location and sets the title', async () => {
  show(hosting());
  const link = screen.getByTitle('Models');
  await userEvent.click(link);
  await screen.findByRole('heading', { level: 1, name: 'Models' });
  expect(screen.getByRole('link', { current: 'page' }).getAttribute('title')).toBe('Models');
  expect(document.title).toBe('Models · Muster');
  expect(document.activeElement).toBe(link);
});

test('first Tab -> link that skips to the content', async () => {
  show(hosting());
  await userEvent.tab();
  expect(document.activeElement?.textContent).toBe('Skip to content');
  await userEvent.keyboard('{Enter}');
  expect(document.activeElement).toBe(screen.getByRole('main'));
});

describe('connection', () => {
  test('no snapshot yet -> waiting screen; slow -> explanation', () => {
    const { advance } = show(null);
    expect(screen.getByText('Connecting to Muster…')).toBeTruthy();
    advance(6 * SECOND);
    expect(screen.getByText(/may not be running/)).toBeTruthy();
  });

  test('lost -> old data stays, marked as old; open again -> unmarked', () => {
    const { api, advance } = show(appState());
    act(() => api.emit.onConnection('lost'));
    advance(12 * SECOND);
    expect(screen.getByRole('alert').textContent.replaceAll('\u00a0', ' ')).toContain('was lost 12 s ago');
    const foot = screen.getByRole('region', { name: 'This computer' });
    expect([screen.getByRole('main'), foot].map((part) => part.hasAttribute('data-stale'))).toEqual([true, true]);
    act(() => api.emit.onConnection('open'));
    expect(screen.queryByRole('alert')).toBeNull();
    expect([screen.getByRole('main'), foot].map((part) => part.hasAttribute('data-stale'))).toEqual([false, false]);
  });

  test('unauthorized -> form that sends the token', async () => {
    const { api, tokens } = show(null);
    act(() => api.emit.onConnection('unauthorized'));
    screen.getByText(window.location.host);
    await userEvent.type(screen.getByLabelText('Key'), ' s3cret ');
    await userEvent.click(screen.getByRole('button', { name: 'Open the dashboard' }));
    expect(tokens).toEqual([['s3cret', 'tab']]);
  });

  test('remember in this browser: off at first; on -> says what it means, and sends so', async () => {
    const { api, tokens } = show(null);
    act(() => api.emit.onConnection('unauthorized'));
    const box = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Remember in this browser' });
    expect([box.checked, screen.getByText(/^Without this/).textContent]).toEqual([false, expect.stringContaining('this browser tab only')]);
    await userEvent.click(box);
    expect(screen.getByText(/has the rights of this key/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Key'), 's3cret{Enter}');
    expect(tokens).toEqual([['s3cret', 'browser']]);
  });

  test('key for programs -> said, with the address of the API; another key can be entered', async () => {
    const { api, tokens } = show(null);
    act(() => api.emit.onConnection('forbidden'));
    await screen.findByRole('heading', { level: 1, name: 'This key is for programs' });
    expect(screen.getByText(/\/v1$/).textContent).toMatch(/^http.*\/v1$/);
    screen.getByRole('button', { name: 'Copy: Example: list the models of the pool' });
    expect(screen.queryByText('The key is not valid.')).toBeNull();
    await userEvent.type(screen.getByLabelText('Key'), 's3cret{Enter}');
    expect(tokens).toEqual([['s3cret', 'tab']]);
  });

  test('token refused -> error until the field changes', async () => {
    const { api } = show(null);
    act(() => api.emit.onConnection('unauthorized'));
    expect(screen.queryByText('The key is not valid.')).toBeNull();
    await userEvent.type(screen.getByLabelText('Key'), 'guessed');
    await userEvent.click(screen.getByRole('button', { name: 'Open the dashboard' }));
    for (const state of ['connecting', 'unauthorized'] as const) act(() => api.emit.onConnection(state));
    expect(screen.getByLabelText('Key')).toHaveProperty('value', '');
    screen.getByText('The key is not valid.');
    await userEvent.type(screen.getByLabelText('Key'), 'n');
    expect(screen.queryByText('The key is not valid.')).toBeNull();
  });
});

test('language: changes texts and lang attribute, is stored', async () => {
  show(appState(), { page: 'settings/appearance' });
  expect(document.documentElement.lang).toBe('en');
  await userEvent.click(await screen.findByRole('radio', { name: '简体中文' }));
  await screen.findByRole('heading', { level: 1, name: '设置' });
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(JSON.parse(localStorage.getItem('muster.preferences') ?? '')).toMatchObject({ language: 'zh-CN', theme: 'light' });
});

test('theme: follows the choice', async () => {
  show(appState(), { page: 'settings/appearance' });
  await userEvent.click(await screen.findByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark');
  expect(document.documentElement.dataset['contrast']).toBe('usual');
});

test('theme: high contrast -> light or dark as the system, with strong lines; stored', async () => {
  show(appState(), { page: 'settings/appearance' });
  await userEvent.click(await screen.findByRole('radio', { name: 'High contrast' }));
  expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('light');
  expect(document.documentElement.dataset['contrast']).toBe('more');
  expect(JSON.parse(localStorage.getItem('muster.preferences') ?? '')).toMatchObject({ theme: 'contrast' });
});
