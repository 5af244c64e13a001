import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { AppState } from '../../../../src/shared/api/app-state';
import { agentView } from '../../../fixtures/app-states/agents';
import { SECOND } from '../../../fixtures/app-states/moment';
import { poolSummary } from '../../../fixtures/app-states/nodes';
import { appInfo, appState, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const railOf = (state: AppState): (string | null)[] => {
  show(state);
  return within(screen.getByRole('navigation'))
    .getAllByRole('link')
    .map((link) => link.getAttribute('title'));
};

describe('the rail leads to the rooms that exist', () => {
  test('for a member of a pool', () => {
    expect(railOf(appState())).toEqual(['Overview', 'GPUs', 'Models', 'Jobs', 'Pool', 'Settings']);
  });
  test('for a host', () => {
    expect(railOf(hosting())).toEqual(['Overview', 'GPUs', 'Models', 'Jobs', 'Pool', 'Nodes', 'Dispatch', 'Settings']);
  });
  test('for a scheduler alone, which starts with its nodes', () => {
    expect(railOf(hosting({ agent: null, host: null }))).toEqual(['Pool', 'Nodes', 'Jobs', 'Dispatch', 'Settings']);
    expect(screen.getByRole('heading', { level: 1, name: 'Nodes' })).toBeTruthy();
  });
  test('and a room that does not exist here leads home', () => {
    show(appState(), { room: 'nodes' });
    expect(screen.getByRole('heading', { level: 1, name: 'Overview' })).toBeTruthy();
  });
});

test('the rail counts the jobs of the pool that wait, are given out or run, and asks nobody', () => {
  const { api } = show(hosting({ pool: poolSummary({ open_jobs: { queued: 1200, assigned: 3, running: 31 } }) }));
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs1,234');
  act(() => api.tell.onEvent({ type: 'pool', pool: poolSummary({ open_jobs: { queued: 0, assigned: 0, running: 0 } }) }));
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs0');
  expect(api.calls).toEqual([]);
});

test('the rail counts no jobs where an older scheduler does not say how many there are', () => {
  const { open_jobs: _unsaid, ...older } = poolSummary();
  show(hosting({ pool: older }));
  expect(screen.getByTitle('Jobs').textContent).toBe('Jobs');
});

test.each([
  ['on this computer, as its scheduler last said', appState(), '1'],
  ['of nobody, while there is no word of now', appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) }), ''],
])('the rail counts the jobs under way: %s', (_where, state, count) => {
  show(state);
  expect(screen.getByTitle('Jobs').textContent).toBe(`Jobs${count}`);
});

test('the room shown is marked, follows the location and names the window', async () => {
  show(hosting());
  await userEvent.click(screen.getByRole('link', { name: /Models/ }));
  await screen.findByRole('heading', { level: 1, name: 'Models' });
  expect(screen.getByRole('link', { current: 'page' }).getAttribute('title')).toBe('Models');
  expect(document.title).toBe('Models · Muster');
});

test('the first key press offers to skip to the content', async () => {
  show(hosting());
  await userEvent.tab();
  expect(document.activeElement?.textContent).toBe('Skip to content');
  await userEvent.keyboard('{Enter}');
  expect(document.activeElement).toBe(screen.getByRole('main'));
});

describe('the connection to the program', () => {
  test('before the first word nothing is shown as known, and a long wait is explained', () => {
    const { advance } = show(null);
    expect(screen.getByText('Connecting to Muster…')).toBeTruthy();
    advance(6 * SECOND);
    expect(screen.getByText(/may not be running/)).toBeTruthy();
  });

  test('when it is lost what was known stays, marked as old, until it is back', () => {
    const { api, advance } = show(appState());
    act(() => api.tell.onConnection('lost'));
    advance(12 * SECOND);
    expect(screen.getByRole('alert').textContent?.replaceAll('\u00a0', ' ')).toContain('was lost 12 s ago');
    for (const part of ['main', 'contentinfo']) expect(screen.getByRole(part).hasAttribute('data-stale')).toBe(true);
    act(() => api.tell.onConnection('open'));
    expect(screen.queryByRole('alert')).toBeNull();
    for (const part of ['main', 'contentinfo']) expect(screen.getByRole(part).hasAttribute('data-stale')).toBe(false);
  });

  test('a program that wants a token is given one', async () => {
    const { api, tokens } = show(null);
    act(() => api.tell.onConnection('unauthorized'));
    await userEvent.type(screen.getByLabelText('Admin token'), ' s3cret ');
    await userEvent.click(screen.getByRole('button', { name: 'Open the dashboard' }));
    expect(tokens).toEqual(['s3cret']);
  });

  test('a token that was refused is asked for again, and said to be wrong until another is typed', async () => {
    const { api } = show(null);
    act(() => api.tell.onConnection('unauthorized'));
    expect(screen.queryByText('The token is wrong.')).toBeNull();
    await userEvent.type(screen.getByLabelText('Admin token'), 'guessed');
    await userEvent.click(screen.getByRole('button', { name: 'Open the dashboard' }));
    for (const state of ['connecting', 'unauthorized'] as const) act(() => api.tell.onConnection(state));
    expect(screen.getByLabelText('Admin token')).toHaveProperty('value', '');
    screen.getByText('The token is wrong.');
    await userEvent.type(screen.getByLabelText('Admin token'), 'n');
    expect(screen.queryByText('The token is wrong.')).toBeNull();
  });
});

test('the language changes the words and the lang of the page, and is kept', async () => {
  show(appState(), { room: 'settings' });
  expect(document.documentElement.lang).toBe('en');
  await userEvent.click(screen.getByRole('radio', { name: '简体中文' }));
  await screen.findByRole('heading', { level: 1, name: '设置' });
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(JSON.parse(localStorage.getItem('muster.preferences') ?? '')).toEqual({ language: 'zh-CN', theme: 'light' });
});

test('the theme follows the choice', async () => {
  show(appState(), { room: 'settings' });
  await userEvent.click(screen.getByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark');
});

test('the status bar counts warnings and says what is known of the link', () => {
  show(appState({ agent: agentView(), app: appInfo({ version: '9.8.7' }) }));
  const bar = screen.getByRole('contentinfo').textContent?.replaceAll('\u00a0', ' ');
  expect(bar).toBe('Ready192.168.1.20:7080latency 4 ms1 warningMuster 9.8.7');
});
