import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import {
  clusterOfMixedVersions,
  clusterOfOne,
  clusterOfThree,
  clusterWithBus,
  clusterWithMissing,
} from '../../../fixtures/app-states/clusters';
import { hostView } from '../../../fixtures/app-states/host';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../support/render-screen';

async function open(cluster = clusterOfThree(), options: ShowOptions = {}, state = SITUATIONS.in_cluster()) {
  const shown = show(state, { page: 'cluster', ...options, answers: { 'pool.cluster': ok(cluster), ...options.answers } });
  await screen.findByRole('heading', { level: 1, name: options.language === 'zh-CN' ? '集群' : 'Cluster' });
  return shown;
}
const textOf = ({ textContent }: Element): string => (textContent ?? '').replaceAll('\u00a0', ' ');
/** The key figures with their units and notes. */
async function figures(): Promise<Record<string, string>> {
  const tiles = (await screen.findByText('Schedulers running')).closest('dl')?.children ?? [];
  return Object.fromEntries([...tiles].map(({ children: [name, ...rest] }) => [name?.textContent ?? '', rest.map(textOf).join(' ')]));
}
const faultRows = (): string[] => [...document.querySelectorAll('[data-fault]')].map((name) => textOf(name).trim());
/** The table with this column, when it is shown. */
async function tableWith(column: string): Promise<HTMLElement> {
  const table = (await screen.findByRole('columnheader', { name: column })).closest('table');
  if (table === null) throw new Error('no table');
  return table;
}
const rowsWith = async (column: string): Promise<string[][]> =>
  within(await tableWith(column))
    .getAllByRole('row')
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => textOf(cell).trim()),
    );

test('a cluster -> leader and epoch, a row for each scheduler and standby, no warning', async () => {
  await open();
  await tableWith('Role');
  expect(await rowsWith('Role')).toEqual([
    ['atelier-1 this dashboard', 'Leader', 'atelier-1.example:7080', '0.1.0', '3 h 12 min', 'just now'],
    ['atelier-2', 'Can take over', 'atelier-2.example:7080', '0.1.0', '2 d', '1 s ago'],
    ['atelier-3', 'Can take over', 'atelier-3.example:7080', '0.1.0', '1 d', 'just now'],
  ]);
  expect(await rowsWith('Standby')).toEqual([
    ['db-2', 'Synchronous', '4 ms'],
    ['db-3', 'Asynchronous', '1.3 s'],
  ]);
  expect(screen.getByRole('heading', { name: 'atelier-1 leads, and 2 more schedulers can take over' })).toBeTruthy();
  expect(await figures()).toEqual({
    'Schedulers running': '3 of 3 seen in the last 10 s',
    'Leader for': expect.stringMatching(/^47 min since \d\d:\d\d$/) as unknown,
    'Last takeover': '3.2 s without a leader lease not renewed',
    'Replication lag': '4 ms db-2, synchronous',
  });
  expect(faultRows()).toEqual([]);
});

test('the last leaders: how long each one led, and why its term ended; without any, no table', async () => {
  await open();
  const rows = await rowsWith('Led for');
  expect(rows.map(([name, end, epoch, lasted]) => [name, end, lasted, epoch])).toEqual([
    ['atelier-1', 'Leader now', '47 min', '14'],
    ['atelier-3', 'Lease not renewed: crash or lost connection', '1 d', '13'],
    ['atelier-2', 'Handed over the leadership', '1 d', '12'],
    ['atelier-1', 'Stopped normally', '1 d', '11'],
    ['atelier-3', 'Unknown', '–', '9'],
  ]);
  cleanup();
  await open(clusterOfThree({ terms: [] }));
  await tableWith('Role');
  expect(screen.queryByRole('heading', { name: 'Last leaders' })).toBeNull();
});

test('a member that was not seen -> its age and what to do, its row is marked, and no claim that it runs', async () => {
  await open(clusterWithMissing());
  expect(textOf(await screen.findByRole('region', { name: 'State of the cluster' }))).toBe(
    'atelier-3 has not been seen for 25 min' +
      'The pool works: atelier-1 leads; atelier-2 can take over. Check that Muster runs on atelier-3.',
  );
  expect((await rowsWith('Role'))[2]).toEqual(['atelier-3', 'Not seen', 'atelier-3.example:7080', '0.1.0', '–', '25 min ago']);
  expect(faultRows()).toEqual(['atelier-3']);
  expect((await figures())['Schedulers running']).toBe('2 of 3 not seen: atelier-3');
});

test('with a bus -> its connection, and the member that has lost it', async () => {
  await open(clusterWithBus());
  const bus = await screen.findByRole('region', { name: 'Bus' });
  expect(bus.textContent).toContain('bus-1.example:4222');
  expect(bus.textContent).toContain('3 not sent, 1 of former leaders, 0 malformed');
  expect(screen.getByRole('heading', { name: 'atelier-2 is not connected to the bus' })).toBeTruthy();
  expect((await rowsWith('Role')).map(([, role]) => role)).toEqual(['Leader', 'Can take over, no bus', 'Can take over']);
  expect(faultRows()).toEqual(['atelier-2']);
  expect((await figures())['Connected to the bus']).toBe('2 of 3 not connected: atelier-2');
});

test('two warnings -> the most urgent is the title, the other is below it; old versions are marked', async () => {
  await open(clusterOfMixedVersions());
  await screen.findByRole('heading', { name: 'The schedulers have different versions: 0.1.0, 0.2.0' });
  const state = screen.getByRole('region', { name: 'State of the cluster' });
  expect(within(state).getByRole('listitem').textContent).toContain('No standby of the database is synchronous');
  expect((await rowsWith('Role')).map(([, , , version]) => version)).toEqual(['0.1.0, old', '0.2.0', '0.1.0, old']);
  expect(faultRows()).toEqual(['atelier-1 this dashboard', 'atelier-3']);
  expect((await figures())['Replication lag']).toBe('– db-2, asynchronous');
});

test('step down: asks with the consequences, then waits until another epoch is shown', async () => {
  const user = userEvent.setup();
  const shown = await open();
  await user.click(await screen.findByRole('button', { name: 'Hand over the leadership…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getAllByRole('listitem')).toHaveLength(3);
  await user.click(within(dialog).getByRole('button', { name: 'Hand over' }));
  await screen.findByRole('heading', { name: 'Waiting for the next leader…' });
  expect((await figures())['Last takeover']).toBe('–');
  expect(shown.api.userCalls.map(({ name }) => name)).toEqual(['pool.step_down']);
  expect(screen.getByRole('button', { name: 'Hand over the leadership…' })).toHaveProperty('disabled', true);
  expect((await rowsWith('Role'))[0]?.[1]).toBe('Stepping down');
  expect((await rowsWith('End'))[0]).toContain('Stepping down');
  expect((await figures())['Leader for']).toBe('–');
});

test('no other member lives -> says so, no standby is no figure, and the action is off', async () => {
  await open(clusterOfOne());
  await screen.findByRole('heading', { name: 'Only atelier-1 runs' });
  expect((await figures())['Replication lag']).toBe('– no standby visible');
  expect(await screen.findByRole('button', { name: 'Hand over the leadership…' })).toHaveProperty('disabled', true);
});

test('a viewer -> no action', async () => {
  const state = SITUATIONS.in_cluster();
  if (state.pool === null) throw new Error('no pool');
  await open(clusterOfThree(), {}, { ...state, pool: { ...state.pool, rights: ['view'] } });
  await tableWith('Role');
  expect(screen.queryByRole('button', { name: 'Hand over the leadership…' })).toBeNull();
});

test('another scheduler leads -> a link to its dashboard; without an address the page waits', async () => {
  const { api } = await open();
  await tableWith('Role');
  api.emit.onConnection('lost', null);
  expect((await screen.findByRole('alert')).textContent).toContain('Waiting for the next leader…');
  expect(screen.getByRole('heading', { name: 'atelier-1 does not lead any more' })).toBeTruthy();
  expect(screen.queryByRole('heading', { name: /^atelier-1 leads/ })).toBeNull();
  expect((await rowsWith('Role')).map(([, role]) => role)).toEqual(['Can take over', 'Can take over', 'Can take over']);
  expect((await rowsWith('End'))[0]).toContain('Unknown');
  expect((await figures())['Leader for']).toBe('–');
  api.emit.onConnection('lost', 'atelier-2.example:7080');
  expect(screen.getByRole('button', { name: 'Hand over the leadership…' })).toHaveProperty('disabled', true);
  const link = await screen.findByRole('link', { name: 'Open the dashboard of the leader (atelier-2.example:7080)' });
  expect(link.getAttribute('href')).toBe(`${window.location.protocol}//atelier-2.example:7080/#/cluster`);
  expect(await screen.findByText('atelier-2 leads the pool now.')).toBeTruthy();
  expect((await rowsWith('Role')).map(([, role]) => role)).toEqual(['Can take over', 'Leader', 'Can take over']);
  api.emit.onConnection('open');
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('connection lost -> the last known state, and no time counts on', async () => {
  const { api, advance } = await open();
  await tableWith('Role');
  act(() => api.emit.onConnection('lost'));
  const title = 'Last known: atelier-1 leads, and 2 more schedulers can take over';
  expect(await screen.findByRole('heading', { name: title })).toBeTruthy();
  const before = [await figures(), await rowsWith('Role'), await rowsWith('End')];
  advance(2 * HOUR);
  expect([await figures(), await rowsWith('Role'), await rowsWith('End')]).toEqual(before);
  act(() => api.emit.onConnection('open'));
  expect(await screen.findByRole('heading', { name: title.replace('Last known: ', '') })).toBeTruthy();
  expect((await figures())['Leader for']).toMatch(/^2 h 47 min /);
});

test('the program lost its scheduler -> the last known state, in Chinese', async () => {
  const state = SITUATIONS.in_cluster();
  if (state.pool === null) throw new Error('no pool');
  await open(clusterOfThree(), { language: 'zh-CN' }, { ...state, pool: { ...state.pool, lost_since: NOW - 38_000 } });
  expect(await screen.findByRole('heading', { name: '断开前：atelier-1 为主调度器，另有 2 台调度器可接管' })).toBeTruthy();
});

test('rail: lists the page in a cluster', async () => {
  show(SITUATIONS.in_cluster(), { page: 'members' });
  await screen.findByRole('heading', { level: 1, name: 'Members' });
  expect(screen.getByRole('link', { name: 'Cluster' })).toBeTruthy();
});

test('without a cluster -> the rail does not list the page; the palette does, and the page Pool of a shared pool has a link', async () => {
  show(hosting(), { page: 'pool' });
  const link = await screen.findByRole('link', { name: 'Keep the pool running when this computer is off' });
  expect(link.getAttribute('href')).toBe('#/cluster');
  expect(screen.queryByRole('link', { name: 'Cluster' })).toBeNull();
  await userEvent.keyboard('{Control>}k{/Control}');
  expect(await screen.findByRole('option', { name: 'Cluster' })).toBeTruthy();
});

test('the page Pool has no link to the steps: of a pool for this computer alone, and of a cluster, which the rail lists', async () => {
  show(hosting({ host: hostView({ state: 'running', url: 'http://127.0.0.1:7080' }) }), { page: 'pool' });
  await screen.findByRole('region', { name: /This computer hosts a pool/ });
  expect(screen.queryByRole('link', { name: /^Keep the pool running/ })).toBeNull();
  cleanup();
  const { pool, ...shared } = hosting();
  if (pool === null) throw new Error('no pool');
  show({ ...shared, pool: { ...pool, in_cluster: true } }, { page: 'pool' });
  await screen.findByRole('region', { name: /This computer hosts a pool/ });
  expect(screen.queryByRole('link', { name: /^Keep the pool running/ })).toBeNull();
});

test('no pool -> what a cluster is for; a port in use -> another one', async () => {
  show({ ...SITUATIONS.first_run(), host: null }, { page: 'cluster' });
  expect(await screen.findByText('A cluster keeps a pool running when its host stops. Start or join a pool first.')).toBeTruthy();
  cleanup();
  show(SITUATIONS.host_failed(), { page: 'cluster' });
  expect((await screen.findByRole('link', { name: 'Change the port…' })).getAttribute('href')).toBe('#/settings?search=server.port');
});

test('the answer fails -> why', async () => {
  await open(clusterOfThree(), { answers: { 'pool.cluster': fail({ code: 'DISCONNECTED', message: '', details: null }) } });
  await screen.findByRole('alert');
});
