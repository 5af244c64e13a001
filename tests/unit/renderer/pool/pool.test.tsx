import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { failedSteps } from '../../../fixtures/app-states/answers';
import { SECOND } from '../../../fixtures/app-states/moment';
import { appInfo, appState, failedHost, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replaceAll('\u00a0', ' ');
const noPool = () => appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) });

test('a pool is started for this computer or shared on the network', async () => {
  const { api } = show(noPool(), { room: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Start for this computer' }));
  await userEvent.click(screen.getByRole('button', { name: 'Share on the local network' }));
  expect(api.acts).toEqual([
    { name: 'host.start', params: { scope: 'this_computer' } },
    { name: 'host.start', params: { scope: 'lan' } },
  ]);
});

test('a running pool shows its join link and addresses to copy, and stops only after a question', async () => {
  const { api } = show(hosting(), { room: 'pool' });
  const card = screen.getByRole('region', { name: 'This computer hosts a pool' });
  expect(textOf(card)).toContain('muster://192.168.1.20:7080/join#token=4f6c1d0b9a7e4f6c1d0b9a7e');
  expect(textOf(card)).toContain('http://192.168.1.20:7080/v1');
  expect(textOf(card)).toContain('in the file “submit-token”');
  await userEvent.click(within(card).getByRole('button', { name: 'Stop the pool' }));
  expect(api.acts).toEqual([]);
  const dialog = await screen.findByRole('dialog');
  expect(textOf(dialog)).toContain('3 other nodes go offline.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Stop the pool' }));
  expect(api.acts).toEqual([{ name: 'host.stop', params: {} }]);
});

test('a pool that failed says why, its last words, and when it starts again', () => {
  const { advance } = show(appState({ host: failedHost() }), { room: 'pool' });
  const card = screen.getByRole('region', { name: 'The pool on this computer' });
  expect(textOf(card)).toContain('The port is used by another program. Exit code 1. Restarted 3 times. Restarting in 8 s. PORT_IN_USE');
  expect(textOf(card)).toContain('"event":"start_failed"');
  advance(3 * SECOND);
  expect(textOf(card)).toContain('Restarting in 5 s.');
});

test('the way to a pool is tested step by step, and the failed step says what to do', async () => {
  const { api } = show(noPool(), { room: 'pool' });
  api.answer('join.test', ok({ steps: failedSteps }));
  await userEvent.type(screen.getByLabelText('Join link or address'), '192.168.1.20:7080');
  await userEvent.click(screen.getByRole('button', { name: 'Test connection' }));
  const steps = await screen.findByRole('list', { name: 'Connection test' });
  expect(within(steps).getAllByRole('listitem').map(textOf)).toEqual([
    'Addresspassed · 0 ms',
    'Hostpassed · 3 ms',
    'Portfailed · 12 ms. The computer responds, but nothing listens on that port. Check that the pool is running there. refused',
    'Responsenot tested',
    'Tokennot tested',
    'Versionnot tested',
  ]);
  expect(api.acts).toEqual([{ name: 'join.test', params: { address: '192.168.1.20:7080' } }]);
});

test('joining sends address and token; a refusal keeps what was typed', async () => {
  const { api } = show(noPool(), { room: 'pool' });
  api.answer('join.connect', fail({ code: 'UNAUTHORIZED', message: 'm', details: null }));
  await userEvent.type(screen.getByLabelText('Join link or address'), 'muster-host');
  await userEvent.type(screen.getByLabelText('Join token'), 'abc{Enter}');
  expect(api.acts).toEqual([{ name: 'join.connect', params: { address: 'muster-host', token: 'abc' } }]);
  expect((await screen.findByRole('alert')).textContent).toContain('The join token is missing or wrong');
  expect(screen.getByLabelText<HTMLInputElement>('Join link or address').value).toBe('muster-host');
  api.answer('join.connect', ok({}));
  await userEvent.click(screen.getByRole('button', { name: 'Join' }));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Join link or address').value).toBe(''));
});

test('a pool is left only after a question', async () => {
  const { api } = show(appState(), { room: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Leave the pool' }));
  const dialog = await screen.findByRole('dialog');
  expect(textOf(dialog)).toContain('192.168.1.20:7080');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Leave the pool' }));
  expect(api.acts).toEqual([{ name: 'join.leave', params: {} }]);
});

test.each([
  [
    true,
    'Command to join from another computermuster agent --scheduler ws://pool.test:7080 --token-file FILECopyFILE is the path of a copy of “join-token”',
  ],
  [false, 'To let others join, restart Muster with --host 0.0.0.0'],
])('a scheduler without a window says how others join it: with a token is %s', (hasToken, words) => {
  show(hosting({ host: null, app: appInfo({ mode: 'headless', can_host: false, can_join: false }) }), { room: 'pool', hasToken });
  expect(textOf(screen.getByRole('region', { name: 'Scheduler' }))).toContain(words);
});

test('the app, which has a join link, says nothing of files', () => {
  show(hosting(), { room: 'pool', hasToken: true });
  expect(textOf(screen.getByRole('region', { name: 'Scheduler' }))).not.toContain('join-token');
});
