// The steps from one scheduler to a cluster: those of the app, those of a headless scheduler, and who sees them.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { schedulerAlone } from '../../../fixtures/app-states/clusters';
import { hostView } from '../../../fixtures/app-states/host';
import { settingsView } from '../../../fixtures/app-states/settings';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = ({ textContent }: Element): string => (textContent ?? '').replaceAll('\u00a0', ' ');
const stepsOf = (): HTMLElement => screen.getByRole('region', { name: 'Keep the pool running when this computer is off' });

test('one scheduler of the app -> its facts, and the lines of a cluster without the host, which the app sets', async () => {
  show(hosting(), { page: 'cluster', answers: { 'settings.list': ok(settingsView()) } });
  await screen.findByRole('heading', { name: 'One scheduler runs this pool' });
  const steps = stepsOf();
  expect(within(steps).getAllByRole('listitem')).toHaveLength(7);
  expect(
    within(steps)
      .getAllByRole('link', { name: 'Open the page of the pool' })
      .map((link) => link.getAttribute('href')),
  ).toEqual(['#/pool', '#/pool']);
  expect(textOf(steps)).toContain('Done: the pool is shared on the local network');
  const { name, address } = schedulerAlone().members[0] ?? {};
  expect(textOf(steps)).toContain(`member_name = "${String(name)}"\naddress = "${String(address)}"`);
  expect(textOf(steps)).not.toContain('[server]');
  for (const command of ['muster cluster import', 'muster scheduler --host 0.0.0.0', 'muster cluster status'])
    expect(textOf(steps)).toContain(command);
  expect(within(steps).getByRole('button', { name: 'Copy: Lines for config.toml' })).toBeTruthy();
  expect(await within(steps).findByText(settingsView().file)).toBeTruthy();
  expect(within(steps).getByRole('link', { name: 'Cluster' }).getAttribute('href')).toBe('#/settings/cluster');
  expect(within(steps).queryByRole('link', { name: 'Network' })).toBeNull();
});

test('one scheduler of the app that is not shared -> a step shares it, and the address is to be replaced', async () => {
  const alone = schedulerAlone();
  const members = alone.members.map((member) => ({ ...member, address: '127.0.0.1:7080' }));
  show(hosting({ host: hostView({ state: 'running', url: 'http://127.0.0.1:7080' }) }), {
    page: 'cluster',
    answers: { 'pool.cluster': ok({ ...alone, members }) },
  });
  await screen.findByRole('heading', { name: 'One scheduler runs this pool' });
  expect(textOf(stepsOf())).toContain('Share the pool on the local network.');
  expect(within(stepsOf()).getAllByRole('link', { name: 'Open the page of the pool' })).toHaveLength(3);
  expect(textOf(stepsOf())).toContain('address = "127.0.0.1:7080" # replace');
});

test('one headless scheduler on this computer -> the lines with its host, and both sections of the settings', async () => {
  show(SITUATIONS.scheduler_alone(), { page: 'cluster', answers: { 'settings.list': ok(settingsView()) } });
  await screen.findByText(settingsView().file);
  expect(within(stepsOf()).getAllByRole('listitem')).toHaveLength(6);
  expect(textOf(stepsOf())).toContain('[server]\nhost = "0.0.0.0"');
  expect(textOf(stepsOf())).toContain('if it has [server] already, add the line below it.');
  expect(within(stepsOf()).getByRole('link', { name: 'Cluster' }).getAttribute('href')).toBe('#/settings/cluster');
  expect(within(stepsOf()).getByRole('link', { name: 'Network' }).getAttribute('href')).toBe('#/settings/network');
});

test('one scheduler on another computer -> the file of this program is not named', async () => {
  const { pool } = hosting();
  const state = { ...SITUATIONS.member_of_pool(), pool };
  show(state, { page: 'cluster', answers: { 'settings.list': ok(settingsView()), 'pool.cluster': ok(schedulerAlone()) } });
  await screen.findByRole('heading', { name: 'One scheduler runs this pool' });
  expect(screen.queryByText(settingsView().file)).toBeNull();
  expect(screen.queryByRole('link', { name: 'Network' })).toBeNull();
});

test('one scheduler with a guide in its package -> the steps open it', async () => {
  const state = hosting();
  const { api } = show({ ...state, app: { ...state.app, documents: ['guide'] } }, { page: 'cluster' });
  await userEvent.click(await screen.findByRole('button', { name: 'Open the guide' }));
  await waitFor(() => expect(api.userCalls).toEqual([{ name: 'desktop.open_document', params: { document: 'guide' } }]));
});

test('one scheduler that this program did not start -> says that the page cannot be opened meanwhile, no guide', async () => {
  show({ ...hosting(), host: null }, { page: 'cluster' });
  expect(await screen.findByText('You cannot open this page while the pool is stopped. Keep a copy of the steps.')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Open the page of the pool' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Open the guide' })).toBeNull();
});

test('one scheduler, a member without the right -> no steps of the host', async () => {
  const state = hosting();
  if (state.pool === null) throw new Error('no pool');
  show({ ...state, pool: { ...state.pool, rights: ['view'] } }, { page: 'cluster', answers: { 'pool.cluster': ok(schedulerAlone()) } });
  expect(await screen.findByText('Only the owner of the pool can add schedulers.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Copy: Lines for config.toml' })).toBeNull();
});

test('the pool of this computer is stopped, as in a step -> the steps stay', async () => {
  show(SITUATIONS.first_run(), { page: 'cluster' });
  expect(await screen.findByText(/^No pool runs on this computer now\./)).toBeTruthy();
  const steps = screen.getByRole('region', { name: 'Keep the pool running when this computer is off' });
  expect(within(steps).getAllByRole('listitem')).toHaveLength(7);
  expect(within(steps).getAllByRole('link', { name: 'Open the page of the pool' })).toHaveLength(3);
  expect(textOf(steps)).toContain('member_name = "a" # replace');
  expect(screen.queryByText(/^You cannot open this page/)).toBeNull();
});
