// The own pool that failed: its port, from the log lines of the scheduler, and what the card of the page Pool offers.
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { portErrorOf } from '../../../../src/renderer/labels/host-failure';
import type { HostView } from '../../../../src/shared/api/app-state';
import { hostView } from '../../../fixtures/app-states/host';
import { SECOND } from '../../../fixtures/app-states/moment';
import { appState, failedHost, hosting, lostOwnPool, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

const line = (fields: object): string => JSON.stringify({ event: 'start_failed', code: 'PORT_IN_USE', ...fields });

test.each<[string, string | null, readonly string[], ReturnType<typeof portErrorOf>]>([
  ['no error', null, [line({ port: 7080 })], null],
  ['another error', 'CRASHED', [line({ port: 7080 })], null],
  [
    'the port of the line',
    'PORT_IN_USE',
    ['text', line({ port: 7080 }), '{"event":"stopped"}'],
    { code: 'PORT_IN_USE', port: 7080, program: null },
  ],
  ['the last line counts', 'PORT_IN_USE', [line({ port: 1 }), line({ port: 2 })], { code: 'PORT_IN_USE', port: 2, program: null }],
  [
    'the program at the port',
    'PORT_IN_USE',
    [line({ port: 7080, program: 'ollama' })],
    { code: 'PORT_IN_USE', port: 7080, program: 'ollama' },
  ],
  [
    'no name of a program',
    'PORT_IN_USE',
    [line({ port: 7080, program: 'x'.repeat(65) })],
    { code: 'PORT_IN_USE', port: 7080, program: null },
  ],
  ['a line of another error', 'PORT_NOT_PERMITTED', [line({ port: 80 })], { code: 'PORT_NOT_PERMITTED', port: null, program: null }],
  ['no line', 'PORT_IN_USE', [], { code: 'PORT_IN_USE', port: null, program: null }],
  ['a line that is cut off', 'PORT_IN_USE', [line({ port: 7080 }).slice(0, -3)], { code: 'PORT_IN_USE', port: null, program: null }],
  ['no such port', 'PORT_IN_USE', [line({ port: 70_000 }), line({ port: '7080' })], { code: 'PORT_IN_USE', port: null, program: null }],
])('port of a failed scheduler: %s', (_name, error_code, last_log_lines, expected) => {
  expect(portErrorOf(hostView({ error_code, last_log_lines: [...last_log_lines] }))).toEqual(expected);
});

test('failed pool: error with the port, details with the log lines, time of the restart', () => {
  const { advance } = show(appState({ host: failedHost() }), { page: 'pool' });
  const card = screen.getByRole('region', { name: 'The pool on this computer' });
  expect(textOf(card)).toContain(
    'Port 7080 is used by the program “ollama”. 3 starts failed. Next attempt in 8 s.DetailsPORT_IN_USECopyExit code 1.',
  );
  const details = within(card).getByText('Details').closest('details');
  expect([details?.open, details?.textContent.includes('"event":"start_failed"')]).toEqual([false, true]);
  advance(3 * SECOND);
  expect(textOf(card)).toContain('Next attempt in 5 s.');
});

test.each<[string, Partial<HostView>, readonly string[]]>([
  ['waits for its restart', {}, ['Restart now', 'Change the port…', 'Open logs', 'Stop the pool…']],
  ['restarts', { next_restart_at: null }, ['Change the port…', 'Open logs', 'Stop the pool…']],
  ['restarts on request', { next_restart_at: null, error_code: null, last_log_lines: [] }, ['Stop the pool…']],
  ['failed', { state: 'failed', next_restart_at: null }, ['Start again', 'Start and share', 'Change the port…', 'Open logs']],
  ['failed, other cause', { state: 'failed', error_code: 'CRASHED' }, ['Start again', 'Start and share', 'Open logs']],
])('failed pool: %s -> the next steps', (_name, change, steps) => {
  show(appState({ host: { ...failedHost(), ...change }, agent: lostOwnPool() }), { page: 'pool' });
  const card = within(screen.getByRole('region', { name: 'The pool on this computer' }));
  const buttons = [...card.queryAllByRole('button'), ...card.queryAllByRole('link')].filter(({ textContent }) => textContent !== 'Copy');
  expect(buttons.map(textOf).sort()).toEqual([...steps].sort());
});

test('stopping a pool that starts -> its question stays when the pool runs', async () => {
  const { api } = show(hosting({ host: hostView({ state: 'starting' }) }), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Stop the pool…' }));
  const stop = within(await screen.findByRole('dialog')).getByRole('button', { name: 'Stop' });
  act(() => api.emit.onEvent({ type: 'snapshot', state: hosting() }));
  expect(screen.getByRole('region', { name: 'This computer hosts a pool' })).toBeTruthy();
  expect(stop.isConnected).toBe(true);
});

test('failed pool: restart now -> starts as it was; the port -> its setting; the logs', async () => {
  const { api } = show(SITUATIONS.host_failed(), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Restart now' }));
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'this_computer' } }]);
  const hrefs = ['Change the port…', 'Open logs'].map((name) => screen.getByRole('link', { name }).getAttribute('href'));
  expect(hrefs).toEqual(['#/settings?search=server.port', '#/logs']);
});
