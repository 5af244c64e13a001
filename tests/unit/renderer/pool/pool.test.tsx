import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import type { NearbyView } from '../../../../src/shared/api/nearby';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { failedSteps } from '../../../fixtures/app-states/answers';
import { poolSummary } from '../../../fixtures/app-states/nodes';
import { rememberedPools } from '../../../fixtures/app-states/pools';
import { appState, failedHost, headlessApp, hosting, lostOwnPool, sharedApp, SITUATIONS } from '../../../fixtures/app-states/states';
import { nearbyView } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const noPool = () => appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) });

test('start a pool: this computer or local network', async () => {
  const { api } = show(noPool(), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Only on this computer' }));
  await userEvent.click(screen.getByRole('button', { name: 'Start and share' }));
  expect(api.userCalls).toEqual([
    { name: 'host.start', params: { scope: 'this_computer' } },
    { name: 'host.start', params: { scope: 'lan' } },
  ]);
});

test('in no pool -> two ways: start a pool, or join one; the pools nearby and the link are ways to join', () => {
  show(SITUATIONS.nearby(), { page: 'pool' });
  const join = within(screen.getByRole('region', { name: 'Join a pool' }));
  expect(join.getByRole('region', { name: 'Pools nearby' })).toBeTruthy();
  expect(join.getByRole('textbox', { name: 'Join link or address' })).toBeTruthy();
  expect(within(screen.getByRole('region', { name: 'Start a pool on this computer' })).getAllByRole('button')).toHaveLength(2);
  expect(screen.getAllByRole('button', { name: 'Join…' })).toHaveLength(1);
});

test('one primary action: start and share; none while a pool is nearby; the port of a failed scheduler, which starts again as it was', async () => {
  const isPrimary = (name: string) => screen.getByRole('button', { name }).dataset['variant'] === 'filled';
  const idle = agentView({ link: { state: 'idle' }, node_status: null });
  const joining = (nearby: Partial<NearbyView>) => appState({ agent: idle, nearby: nearbyView(nearby) });
  show(joining({ pools: [] }), { page: 'pool' });
  expect([isPrimary('Start and share'), isPrimary('Only on this computer'), isPrimary('Join…')]).toEqual([true, false, false]);
  cleanup();
  show(joining({}), { page: 'pool' });
  expect([isPrimary('Start and share'), isPrimary('Only on this computer'), isPrimary('Join…')]).toEqual([false, false, true]);
  cleanup();
  const failed = { ...failedHost(), state: 'failed', scope: 'lan' } as const;
  const { api } = show(appState({ host: failed, agent: lostOwnPool() }), { page: 'pool' });
  expect([isPrimary('Start again'), isPrimary('Only on this computer')]).toEqual([false, false]);
  expect(screen.getByRole('link', { name: 'Change the port…' }).dataset['variant']).toBe('filled');
  await userEvent.click(screen.getByRole('button', { name: 'Start again' }));
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan' } }]);
});

test('member of another pool, own scheduler failed -> no primary start; a start asks before the other pool is left', async () => {
  const { api } = show(appState({ host: { ...failedHost(), state: 'failed', scope: 'lan' } }), { page: 'pool' });
  const start = screen.getByRole('button', { name: 'Start again' });
  expect(start.dataset['variant']).not.toBe('filled');
  await userEvent.click(start);
  expect(textOf(await screen.findByRole('dialog'))).toContain('192.168.1.20');
  expect(api.userCalls.map(({ name }) => name)).not.toContain('host.start');
});

test('member of a pool that works -> its cards; the ways to other pools are closed until they are wanted', async () => {
  show(SITUATIONS.member_of_pool(), { page: 'pool' });
  const others = ['Pools nearby', 'Join another pool', 'Start a pool on this computer', 'Network'];
  const shown = () => others.filter((name) => screen.queryByRole('region', { name }) !== null);
  expect([screen.queryByRole('region', { name: 'Current pool' }) !== null, shown()]).toEqual([true, []]);
  await userEvent.click(screen.getByText('Other pools'));
  await waitFor(() => expect(shown()).toEqual(others));
});

const NODE_CARDS = ['This computer as a node', 'Current pool'];
test.each<[string, AppSnapshot, string, string | undefined]>([
  ['running', hosting(), 'This computer hosts a pool', undefined],
  ['running, its node lost', hosting({ agent: lostOwnPool() }), 'This computer hosts a pool', 'This computer as a node'],
  ['failed', SITUATIONS.host_stopped(), 'The pool on this computer', undefined],
  ['restarting', SITUATIONS.host_failed(), 'The pool on this computer', undefined],
  ['failed, member of another pool', appState({ host: failedHost() }), 'The pool on this computer', 'Current pool'],
])(
  'own pool %s -> its card, and the node of this computer where it is not connected to a pool that runs; the ways to others are closed',
  async (...args) => {
    const [, state, hostCard, nodeCard] = args;
    show(state, { page: 'pool' });
    const isShown = (name: string) => screen.queryByRole('region', { name }) !== null;
    expect([isShown(hostCard), NODE_CARDS.find(isShown)]).toEqual([true, nodeCard]);
    expect(['Pools nearby', 'Join another pool', 'Network'].filter(isShown)).toEqual([]);
    await userEvent.click(screen.getByText('Other pools'));
    await waitFor(() => expect(['Pools nearby', 'Join another pool', 'Network'].filter(isShown).length).toBe(3));
  },
);

test('start of an own pool: the text says that the present pool is left only where there is one', () => {
  const text = () => textOf(screen.getByRole('region', { name: 'Start a pool on this computer' }));
  show(noPool(), { page: 'pool' });
  expect(text()).not.toContain('leaves');
  cleanup();
  show(SITUATIONS.member_of_pool(), { page: 'pool/others' });
  expect(text()).toContain('This computer then leaves the pool that it is in.');
});

test.each<[string, AppSnapshot, string]>([
  ['the menu of the pools leads here', SITUATIONS.member_of_pool(), 'pool/others'],
  ['the connection is lost', SITUATIONS.reconnecting(), 'pool'],
])('%s -> the ways to other pools are open', (_case, state, page) => {
  show(state, { page });
  expect(screen.queryByLabelText('Join link or address')).not.toBeNull();
});

test('connection test failed -> joining is no primary action any more', async () => {
  const { api } = show(SITUATIONS.member_of_pool(), { page: 'pool/others' });
  const isPrimary = () => screen.getByRole('button', { name: 'Join…' }).dataset['variant'] === 'filled';
  api.answer('join.test', ok({ steps: failedSteps }));
  await userEvent.type(screen.getByLabelText('Join link or address'), 'lab-b');
  expect(isPrimary()).toBe(true);
  await userEvent.click(screen.getByRole('button', { name: 'Test connection' }));
  await waitFor(() => expect(isPrimary()).toBe(false));
});

test('running pool: the address for programs; closed: settings, join link and other addresses, scheduler; stop after confirmation', async () => {
  const { api } = show(hosting(), { page: 'pool' });
  const card = screen.getByRole('region', { name: 'This computer hosts a pool' });
  expect(textOf(card)).toMatch(
    /muster:\/\/192\.168\.1\.20:7080\/join#pin=sha256-[\w-]{43}&key=mi_4f6c1d0b9a7e4f6c1d0b9a7e4f6c1d0b9a7e4f6c1d0b9a7/,
  );
  expect(textOf(card)).toContain('https://192.168.1.20:7080/v1');
  expect(textOf(card)).not.toContain('muster join');
  const parts = [...card.querySelectorAll('details')];
  expect(parts.map(({ open, firstElementChild }) => [open, textOf(firstElementChild as HTMLElement)])).toEqual([
    [false, 'Local network announced · encrypted requests only'],
    [false, 'Invitation and addresses https://192.168.1.20:7080 · https://10.0.0.5:7080'],
    [false, 'Scheduler version 0.1.0 · heartbeat every 15 s'],
  ]);
  expect([...card.querySelectorAll('code')].filter((code) => code.closest('details') === null).length).toBe(1);
  expect(textOf(card)).toContain('must trust the file “ca.pem”');
  expect(within(card).getByRole('link', { name: 'Open the Members page' }).getAttribute('href')).toBe('#/members');
  expect(within(card).getByRole('link', { name: 'Settings of each program' }).getAttribute('href')).toBe('#/connect');
  await userEvent.click(within(card).getByRole('button', { name: 'Stop the pool…' }));
  expect(api.userCalls).toEqual([]);
  const dialog = await screen.findByRole('dialog');
  expect(textOf(dialog)).toContain('3 other nodes go offline.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Stop' }));
  expect(api.userCalls).toEqual([{ name: 'host.stop', params: {} }]);
});

test('shared pool, limited to this computer -> asks first, with the other nodes and the running jobs', async () => {
  const { api } = show(hosting({ pool: poolSummary({ open_jobs: { queued: 14, assigned: 1, running: 2 } }) }), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Stop sharing on the network…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Stop sharing the pool on the network?' });
  expect(textOf(dialog)).toContain('3 other nodes go offline.');
  expect(textOf(dialog)).toContain('3 jobs are running.');
  expect(api.userCalls).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Stop sharing' }));
  expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'this_computer' } }]);
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
    'Portfailed · 12 ms. The computer responds, but nothing listens on that port. Check that the pool is running there.DetailsrefusedCopy',
    'Responsenot tested',
    'Invitationnot tested',
    'Versionnot tested',
  ]);
  expect(api.userCalls).toEqual([{ name: 'join.test', params: { address: '192.168.1.20:7080' } }]);
});

const passedSteps = (['address', 'name', 'port', 'http', 'token', 'protocol'] as const).map((step) => ({
  step,
  outcome: 'passed' as const,
  code: null,
  details: {},
  duration_ms: 1,
}));

test('join: tests first, then asks, then joins; refused -> the form keeps its values', async () => {
  const { api } = show(noPool(), { page: 'pool' });
  api.answer('join.test', ok({ steps: passedSteps }));
  api.answer('join.connect', fail({ code: 'NOT_JOINED', message: 'm', details: { reason: 'refused', code: 'UNAUTHORIZED' } }));
  await userEvent.type(screen.getByLabelText('Join link or address'), 'muster-host');
  await userEvent.type(screen.getByLabelText('Invitation key'), 'abc{Enter}');
  const dialog = await screen.findByRole('dialog', { name: 'Join muster-host:7080?' });
  const join = await within(dialog).findByRole('button', { name: 'Join' });
  const target = { address: 'muster-host', token: 'abc' };
  expect(api.userCalls).toEqual([{ name: 'join.test', params: target }]);
  expect(textOf(dialog)).toContain('Jobs of muster-host:7080 then run on this computer.');
  await userEvent.click(join);
  expect(api.userCalls.at(-1)).toEqual({ name: 'join.connect', params: target });
  expect(textOf(await within(dialog).findByText('The pool refused this computer.'))).toBeTruthy();
  expect(textOf(dialog)).toContain('This computer is in no pool, as before.');
  api.answer('join.connect', ok({}));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Join' }));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Join link or address').value).toBe(''));
});

test('join: test fails -> the step, and no button that joins', async () => {
  const { api } = show(hosting(), { page: 'pool/others' });
  const [address] = passedSteps;
  api.answer('join.test', ok({ steps: [{ ...address, outcome: 'failed', code: 'host_invalid' }] }));
  await userEvent.type(screen.getByLabelText('Join link or address'), 'lab a{Enter}');
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('The connection does not work. Nothing has changed.');
  expect(within(dialog).queryByRole('button', { name: 'Join' })).toBeNull();
});

test('join from the own pool -> how long it stays, and who depends on it', async () => {
  const { api } = show(hosting({ pool: poolSummary({ open_jobs: { queued: 1, assigned: 0, running: 1 } }) }), { page: 'pool/others' });
  api.answer('join.test', ok({ steps: passedSteps }));
  await userEvent.type(screen.getByLabelText('Join link or address'), 'lab-b{Enter}');
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByRole('button', { name: 'Join' });
  expect(textOf(dialog)).toContain('Your own pool stays until lab-b:7080 works here. Then it stops.');
  expect(textOf(dialog)).toMatch(/\d+ other nodes of your pool go offline then/);
  expect(textOf(dialog)).toContain('2 jobs of your pool have not ended.');
});

test('start on a joined computer -> asks; the pool that is left is named', async () => {
  const { api } = show(SITUATIONS.member_of_pool(), { page: 'pool/others' });
  await userEvent.click(screen.getByRole('button', { name: 'Only on this computer' }));
  const dialog = await screen.findByRole('dialog', { name: 'Start the pool of this computer?' });
  expect(textOf(dialog)).toContain('This computer leaves Atelier. The key is kept');
  expect(api.userCalls.some(({ name }) => name === 'host.start')).toBe(false);
  await userEvent.click(await within(dialog).findByRole('button', { name: 'Start' }));
  expect(api.userCalls.at(-1)).toEqual({ name: 'host.start', params: { scope: 'this_computer' } });
});

test('remembered pools: switch tests and asks; forget asks', async () => {
  const { api } = show(SITUATIONS.two_pools_remembered(), {
    page: 'pool/others',
    answers: { 'pools.list': ok({ pools: rememberedPools() }) },
  });
  const card = await screen.findByRole('region', { name: 'Pools of this computer' });
  api.answer('pools.test', ok({ steps: passedSteps }));
  await userEvent.click(within(card).getByRole('button', { name: 'Switch to Lab 3' }));
  const dialog = await screen.findByRole('dialog', { name: 'Switch to Lab 3?' });
  await userEvent.click(await within(dialog).findByRole('button', { name: 'Switch' }));
  expect(api.userCalls.map(({ name }) => name)).toEqual(['pools.test', 'pools.switch']);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await userEvent.click(within(card).getByRole('button', { name: 'Forget Lab 3' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Forget' }));
  expect(api.userCalls.at(-1)).toEqual({ name: 'pools.forget', params: { pool_id: '00000000000000b3' } });
});

test('leave: after confirmation, sent later, can be undone until then', async () => {
  const { api } = show(appState(), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Leave the pool…' }));
  const dialog = await screen.findByRole('dialog');
  expect(textOf(dialog)).toContain('disconnects from 192.168.1.20:7080');
  expect(textOf(dialog)).toContain('Muster keeps the key of the pool');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }));
  const leave = screen.getByRole<HTMLButtonElement>('button', { name: 'Leave the pool…' });
  await waitFor(() => expect(leave.disabled).toBe(true));
  expect(screen.getByText(/^Leaving /)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(leave.disabled).toBe(false);
  expect(screen.queryByText(/^Leaving /)).toBeNull();
  expect(api.userCalls).toEqual([]);
});

test('leave, then the window is closed -> left at once', async () => {
  const { api } = show(appState(), { page: 'pool' });
  await userEvent.click(screen.getByRole('button', { name: 'Leave the pool…' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Leave' }));
  await screen.findByText(/^Leaving /);
  fireEvent(window, new Event('pagehide'));
  // A page that ends runs promises, but no timers.
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  expect(api.userCalls).toEqual([{ name: 'join.leave', params: {} }]);
});

const JOIN_BY_COMMAND = 'Other computers join with an invitation. Invite a computer…';
test.each([
  ['opened from another computer', true, headlessApp(), JOIN_BY_COMMAND],
  ['shared, opened on the host', false, sharedApp(), JOIN_BY_COMMAND],
  [
    'not shared',
    false,
    headlessApp(),
    'Command to share the pool on the networkmuster pool --host 0.0.0.0CopyOr the line for a systemd service, then restart itEnvironment=MUSTER_SERVER_HOST=0.0.0.0Copy',
  ],
  ['of a node', false, headlessApp(), 'Command to join another pool from this computer: muster join "LINK"'],
])('headless scheduler, %s -> how others join', async (_how, hasToken, app, text) => {
  show(hosting({ host: null, app }), { page: 'pool', hasToken });
  await waitFor(() => expect(textOf(screen.getByRole('region', { name: 'Scheduler' }))).toContain(text));
  expect(screen.queryByRole('button', { name: /^Copy: Command to join/ })).toBeNull();
});

test('headless host -> its own node is named as such; nothing says that the pool belongs to another computer', async () => {
  const app = headlessApp();
  show(hosting({ app, host: null, nearby: null }), { page: 'pool' });
  expect(textOf(await screen.findByRole('region', { name: 'This computer as a node' }))).toContain('This computer hosts the pool');
  expect(screen.queryByRole('region', { name: 'Current pool' })).toBeNull();
  expect(screen.queryByText('The owner of the pool manages members and keys, on the host.')).toBeNull();
});
