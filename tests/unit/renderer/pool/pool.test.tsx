import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { failedSteps } from '../../../fixtures/app-states/answers';
import { SECOND } from '../../../fixtures/app-states/moment';
import { appInfo, appState, failedHost, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const noPool = () => appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) });

test('start a pool: this computer or local network', async () => {
  const { api } = show(noPool(), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Start for this computer only' }));
  await userEvent.click(screen.getByRole('button', { name: 'Start and share on the local network' }));
  expect(api.userCalls).toEqual([
    { name: 'host.start', params: { scope: 'this_computer' } },
    { name: 'host.start', params: { scope: 'lan' } },
  ]);
});

test('running pool: join link and addresses; stop after confirmation', async () => {
  const { api } = show(hosting(), { page: 'pool' });
  const card = screen.getByRole('region', { name: 'This computer hosts a pool' });
  expect(textOf(card)).toMatch(
    /muster:\/\/192\.168\.1\.20:7080\/join#pin=sha256-[\w-]{43}&key=mi_4f6c1d0b9a7e4f6c1d0b9a7e4f6c1d0b9a7e4f6c1d0b9a7/,
  );
  expect(textOf(card)).toContain('https://192.168.1.20:7080/v1');
  expect(textOf(card)).toContain('must trust the file “ca.pem”');
  expect(within(card).getByRole('link', { name: 'Open the Members page' }).getAttribute('href')).toBe('#/members');
  await userEvent.click(within(card).getByRole('button', { name: 'Stop the pool' }));
  expect(api.userCalls).toEqual([]);
  const dialog = await screen.findByRole('dialog');
  expect(textOf(dialog)).toContain('3 other nodes go offline.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Stop' }));
  expect(api.userCalls).toEqual([{ name: 'host.stop', params: {} }]);
});

test('failed pool: error, last log lines, time of the restart', () => {
  const { advance } = show(appState({ host: failedHost() }), { page: 'pool' });
  const card = screen.getByRole('region', { name: 'The pool on this computer' });
  expect(textOf(card)).toContain('The port is used by another program. Exit code 1. Restarted 3 times. Restarting in 8 s. PORT_IN_USE');
  expect(textOf(card)).toContain('"event":"start_failed"');
  advance(3 * SECOND);
  expect(textOf(card)).toContain('Restarting in 5 s.');
});

test('connection test: steps, failed step with a fix', async () => {
  const { api } = show(noPool(), { page: 'pool' });
  api.answer('join.test', ok({ steps: failedSteps }));
  await userEvent.type(screen.getByLabelText('Join link or address'), '192.168.1.20:7080');
  await userEvent.click(screen.getByRole('button', { name: 'Test connection' }));
  const steps = await screen.findByRole('list', { name: 'Connection test' });
  expect(within(steps).getAllByRole('listitem').map(textOf)).toEqual([
    'Addresspassed · 0 ms',
    'Hostpassed · 3 ms',
    'Portfailed · 12 ms. The computer responds, but nothing listens on that port. Check that the pool is running there. refused',
    'Responsenot tested',
    'Invitationnot tested',
    'Versionnot tested',
  ]);
  expect(api.userCalls).toEqual([{ name: 'join.test', params: { address: '192.168.1.20:7080' } }]);
});

test('join: sends address and token; error -> the form keeps its values', async () => {
  const { api } = show(noPool(), { page: 'pool' });
  api.answer('join.connect', fail({ code: 'UNAUTHORIZED', message: 'm', details: null }));
  await userEvent.type(screen.getByLabelText('Join link or address'), 'muster-host');
  await userEvent.type(screen.getByLabelText('Invitation key'), 'abc{Enter}');
  expect(api.userCalls).toEqual([{ name: 'join.connect', params: { address: 'muster-host', token: 'abc' } }]);
  expect((await screen.findByRole('alert')).textContent).toContain('This computer needs an invitation');
  expect(screen.getByLabelText<HTMLInputElement>('Join link or address').value).toBe('muster-host');
  api.answer('join.connect', ok({}));
  await userEvent.click(screen.getByRole('button', { name: 'Join' }));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Join link or address').value).toBe(''));
});

test('leave: after confirmation', async () => {
  const { api } = show(appState(), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Leave the pool' }));
  const dialog = await screen.findByRole('dialog');
  expect(textOf(dialog)).toContain('192.168.1.20:7080');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }));
  expect(api.userCalls).toEqual([{ name: 'join.leave', params: {} }]);
});

test.each([
  [true, 'Command to join from another computermuster join "LINK"CopyLINK is a join link. To make one, run “muster invite” on the host.'],
  [false, 'To let others join, restart Muster with --host 0.0.0.0'],
])('headless scheduler, key %s -> how others join', (hasToken, text) => {
  show(hosting({ host: null, app: appInfo({ mode: 'headless', can_host: false, can_join: false }) }), { page: 'pool', hasToken });
  expect(textOf(screen.getByRole('region', { name: 'Scheduler' }))).toContain(text);
});

test('desktop app -> join link, no command', () => {
  show(hosting(), { page: 'pool', hasToken: true });
  expect(textOf(screen.getByRole('region', { name: 'Scheduler' }))).not.toContain('muster invite');
});
