import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { agentView } from '../../../fixtures/app-states/agents';
import { SECOND } from '../../../fixtures/app-states/moment';
import { poolSummary } from '../../../fixtures/app-states/nodes';
import { appInfo, appState, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const railOf = (state: AppSnapshot): (string | null)[] => {
  show(state);
  return within(screen.getByRole('navigation'))
    .getAllByRole('link')
    .map((link) => link.getAttribute('title'));
};

describe('rail: pages', () => {
  test('member of a pool', () => {
    expect(railOf(appState())).toEqual(['Overview', 'GPUs', 'Models', 'Jobs', 'Pool', 'Settings']);
  });
  test('host', () => {
    expect(railOf(hosting())).toEqual(['Overview', 'GPUs', 'Models', 'Jobs', 'Pool', 'Nodes', 'Members', 'Dispatch', 'Settings']);
  });
  test('scheduler alone -> starts on Nodes', () => {
    expect(railOf(hosting({ agent: null, host: null }))).toEqual(['Pool', 'Nodes', 'Members', 'Jobs', 'Dispatch', 'Settings']);
    expect(screen.getByRole('heading', { level: 1, name: 'Nodes' })).toBeTruthy();
  });
  test('missing page in the hash -> home page', () => {
    show(appState(), { page: 'nodes' });
    expect(screen.getByRole('heading', { level: 1, name: 'Overview' })).toBeTruthy();
  });
});

test('rail: counts queued, assigned and running jobs without a request', () => {
  const { api } = show(hosting({ pool: poolSummary({ open_jobs: { queued: 1200, assigned: 3, running: 31 } }) }));
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs1,234');
  act(() => api.emit.onEvent({ type: 'pool', pool: poolSummary({ open_jobs: { queued: 0, assigned: 0, running: 0 } }) }));
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs0');
  expect(api.calls).toEqual([]);
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
  await userEvent.click(screen.getByRole('link', { name: /Models/ }));
  await screen.findByRole('heading', { level: 1, name: 'Models' });
  expect(screen.getByRole('link', { current: 'page' }).getAttribute('title')).toBe('Models');
  expect(document.title).toBe('Models · Muster');
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
    for (const part of ['main', 'contentinfo']) expect(screen.getByRole(part).hasAttribute('data-stale')).toBe(true);
    act(() => api.emit.onConnection('open'));
    expect(screen.queryByRole('alert')).toBeNull();
    for (const part of ['main', 'contentinfo']) expect(screen.getByRole(part).hasAttribute('data-stale')).toBe(false);
  });

  test('unauthorized -> form that sends the token', async () => {
    const { api, tokens } = show(null);
    act(() => api.emit.onConnection('unauthorized'));
    await userEvent.type(screen.getByLabelText('Key'), ' s3cret ');
    await userEvent.click(screen.getByRole('button', { name: 'Open the dashboard' }));
    expect(tokens).toEqual(['s3cret']);
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
  show(appState(), { page: 'settings' });
  expect(document.documentElement.lang).toBe('en');
  await userEvent.click(screen.getByRole('radio', { name: '简体中文' }));
  await screen.findByRole('heading', { level: 1, name: '设置' });
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(JSON.parse(localStorage.getItem('muster.preferences') ?? '')).toEqual({ language: 'zh-CN', theme: 'light' });
});

test('theme: follows the choice', async () => {
  show(appState(), { page: 'settings' });
  await userEvent.click(screen.getByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark');
});

test('status bar: warnings and link', () => {
  show(appState({ agent: agentView(), app: appInfo({ version: '9.8.7' }) }));
  const bar = screen.getByRole('contentinfo').textContent.replaceAll('\u00a0', ' ');
  expect(bar).toBe('Available1 of 4 slots in use192.168.1.20:7080latency 4 ms1 warningMuster 9.8.7');
});
