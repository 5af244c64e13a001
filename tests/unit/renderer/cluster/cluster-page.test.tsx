import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { clusterOfOne, clusterOfThree, clusterWithBus, clusterWithMissing } from '../../../fixtures/app-states/clusters';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../support/render-screen';

async function open(cluster = clusterOfThree(), options: ShowOptions = {}, state = SITUATIONS.in_cluster()) {
  const shown = show(state, { page: 'cluster', ...options, answers: { 'pool.cluster': ok(cluster), ...options.answers } });
  await screen.findByRole('heading', { level: 1, name: options.language === 'zh-CN' ? '集群' : 'Cluster' });
  return shown;
}
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
        .map(({ textContent }) => (textContent ?? '').replaceAll('\u00a0', ' ')),
    );

test('a cluster -> leader and epoch, a row for each scheduler and standby, no warning', async () => {
  await open();
  await tableWith('Role');
  expect(await rowsWith('Role')).toEqual([
    ['a', 'Leader', 'muster-a.example:7080', '0.1.0', '3 h 12 min', 'just now'],
    ['b', 'Candidate', 'muster-b.example:7080', '0.1.0', '2 d', '1 s ago'],
    ['c', 'Candidate', 'muster-c.example:7080', '0.1.0', '1 d', 'just now'],
  ]);
  expect(await rowsWith('Standby')).toEqual([
    ['db-2', 'Synchronous', '4 ms'],
    ['db-3', 'Asynchronous', '1.3 s'],
  ]);
  expect(screen.queryByRole('heading', { name: 'Warnings' })).toBeNull();
});

test('the last leaders: how long each one led, and why its term ended; without any, no table', async () => {
  await open();
  const rows = await rowsWith('Led for');
  expect(rows.map(([name, end, , lasted, epoch]) => [name, end, lasted, epoch])).toEqual([
    ['a', 'Leader now', '47 min', '14'],
    ['c', 'Lease not renewed: crash or lost connection', '1 d', '13'],
    ['b', 'Handed over the leadership', '1 d', '12'],
    ['a', 'Stopped normally', '1 d', '11'],
    ['c', 'Unknown', '–', '9'],
  ]);
  cleanup();
  await open(clusterOfThree({ terms: [] }));
  await tableWith('Role');
  expect(screen.queryByRole('heading', { name: 'Last leaders' })).toBeNull();
});

test('a member that was not seen -> a warning with its age, and no claim that it runs', async () => {
  await open(clusterWithMissing());
  const warnings = await screen.findByRole('region', { name: 'Warnings' });
  expect(warnings.textContent?.replaceAll('\u00a0', ' ')).toContain('c was not seen for 25 min.');
  expect((await rowsWith('Role'))[2]).toEqual(['c', 'Not seen', 'muster-c.example:7080', '0.1.0', '–', '25 min ago']);
});

test('with a bus -> its connection, and the member that has lost it', async () => {
  await open(clusterWithBus());
  const bus = await screen.findByRole('region', { name: 'Bus' });
  expect(bus.textContent).toContain('bus-1.example:4222');
  expect(bus.textContent).toContain('3 not sent, 1 of former leaders, 0 malformed');
  expect((await screen.findByRole('region', { name: 'Warnings' })).textContent).toContain('b is not connected to the bus.');
});

test('step down: asks with the consequences, then waits until another epoch is shown', async () => {
  const user = userEvent.setup();
  const shown = await open();
  await user.click(await screen.findByRole('button', { name: 'Hand over the leadership…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getAllByRole('listitem')).toHaveLength(3);
  await user.click(within(dialog).getByRole('button', { name: 'Hand over' }));
  await screen.findByRole('heading', { name: 'Waiting for the next leader…' });
  expect(shown.api.userCalls.map(({ name }) => name)).toEqual(['pool.step_down']);
  expect(screen.getByRole('button', { name: 'Hand over the leadership…' })).toHaveProperty('disabled', true);
});

test('no other member lives -> the action is off', async () => {
  await open(clusterOfOne());
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
  api.emit.onConnection('lost', 'muster-b.example:7080');
  const link = await screen.findByRole('link', { name: 'Open the dashboard of the leader (muster-b.example:7080)' });
  expect(link.getAttribute('href')).toBe(`${window.location.protocol}//muster-b.example:7080/#/cluster`);
  api.emit.onConnection('open');
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('rail: lists the page in a cluster', async () => {
  show(SITUATIONS.in_cluster(), { page: 'members' });
  await screen.findByRole('heading', { level: 1, name: 'Members' });
  expect(screen.getByRole('link', { name: 'Cluster' })).toBeTruthy();
});

test('rail: does not list the page without a cluster', async () => {
  show(hosting(), { page: 'members' });
  await screen.findByRole('heading', { level: 1, name: 'Members' });
  expect(screen.queryByRole('link', { name: 'Cluster' })).toBeNull();
});

test('one scheduler -> says so', async () => {
  show(hosting(), { page: 'cluster' });
  await screen.findByRole('heading', { name: 'This pool has one scheduler' });
});

test('the answer fails -> why', async () => {
  await open(clusterOfThree(), { answers: { 'pool.cluster': fail({ code: 'DISCONNECTED', message: '', details: null }) } });
  await screen.findByRole('alert');
});
