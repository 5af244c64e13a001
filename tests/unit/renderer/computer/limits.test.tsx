// "When jobs may start": the owner changes mode and limits on the overview of this computer.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import type { ConfigPath } from '../../../../src/main/platform/config/keys';
import { appState, failedHost, hosting, lostOwnPool, SITUATIONS } from '../../../fixtures/app-states/states';
import { settingsViewOf, settingViewOf, type SettingFacts } from '../../../support/settings-fakes';
import { show } from '../support/render-screen';

const open = (changes: Partial<Record<ConfigPath, SettingFacts>>) =>
  show(hosting(), { page: 'computer', answers: { 'settings.list': ok(settingsViewOf(changes)) } });
const card = () => screen.findByRole('region', { name: 'When jobs may start' });

test('mode polite, own GPU limit -> the limits that hold, with the owner’s use', async () => {
  open({ 'agent.share': { value: 'polite' }, 'agent.limits.gpu_percent': { value: 45 } });
  await screen.findByRole('radio', { name: /Polite/ });
  const limits = within(await card());
  expect(limits.getAllByRole('spinbutton').map((button) => button.getAttribute('aria-valuetext'))).toEqual(['60%', '45%', '90%']);
  expect(limits.getByRole<HTMLInputElement>('radio', { name: /Polite/ }).checked).toBe(true);
  expect(limits.getByRole('img', { name: 'GPU: 4%' })).toBeTruthy();
  expect((await card()).textContent).toContain('Below CPU 60%, GPU 25%');
});

test('mode and limit changed -> one change of a setting each', async () => {
  const { api } = open({ 'agent.share': { value: 'polite' } });
  api.answer('settings.set', ok(settingViewOf('agent.share', { value: 'always' })));
  await userEvent.click(await screen.findByRole('radio', { name: /Always/ }));
  await userEvent.click(screen.getByRole('button', { name: 'More: Limit of CPU' }));
  screen.getByRole('spinbutton', { name: 'Limit of Memory' }).focus();
  await userEvent.keyboard('{End}');
  expect(api.userCalls).toEqual([
    { name: 'settings.set', params: { key: 'agent.share', value: 'always' } },
    { name: 'settings.set', params: { key: 'agent.limits.cpu_percent', value: 65 } },
    { name: 'settings.set', params: { key: 'agent.limits.mem_percent', value: 100 } },
  ]);
});

test('mode of a variable -> locked; refused change -> its reason', async () => {
  const { api } = open({ 'agent.share': { value: 'idle', origin: { from: 'env', name: 'MUSTER_AGENT_SHARE' } } });
  const idle = await screen.findByRole<HTMLInputElement>('radio', { name: /Idle/ });
  expect(idle.disabled).toBe(true);
  api.answer('settings.set', fail({ code: 'SETTING_REFUSED', message: '', details: null }));
  await userEvent.click(screen.getByRole('button', { name: 'More: Limit of GPU' }));
  await screen.findByText('The setting was not changed');
});

test('caller who may not change settings -> the limits as the scheduler reports them, without controls', async () => {
  show(hosting(), { page: 'computer', answers: { 'settings.list': fail({ code: 'FORBIDDEN', message: '', details: null }) } });
  expect(within(await card()).queryAllByRole('spinbutton')).toEqual([]);
});

test('no mode chosen -> the mode whose limits are those of the scheduler', async () => {
  open({});
  expect((await screen.findByRole<HTMLInputElement>('radio', { name: /Polite/ })).checked).toBe(true);
  await userEvent.click(screen.getByRole('button', { name: 'More: Limit of CPU' }));
});

test.each([
  ['no connection, never reported', { agent: { ...lostOwnPool(), node_status: null }, host: failedHost() }],
  ['older scheduler without limits', SITUATIONS.older_scheduler()],
] as const)('%s, no mode chosen -> limits are not known, not "none", and cannot be changed by a step', async (_case, state) => {
  const { api } = show(appState(state), { page: 'computer', answers: { 'settings.list': ok(settingsViewOf({})) } });
  const gpu = await screen.findByRole('spinbutton', { name: 'Limit of GPU' });
  expect(screen.getAllByRole('spinbutton').map((button) => button.textContent)).toEqual(['–', '–', '–']);
  expect((await card()).textContent).toContain('The scheduler has not reported its limits.');
  expect(screen.getAllByRole<HTMLInputElement>('radio').filter(({ name, checked }) => name === 'share-mode' && checked)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Less: Limit of GPU' }));
  gpu.focus();
  await userEvent.keyboard('{ArrowDown}{Home}');
  expect(api.userCalls).toEqual([]);
});

test('no connection -> the last limits with their time, as in the charts; no result', async () => {
  show(appState({ agent: lostOwnPool(), host: failedHost() }), {
    page: 'computer',
    answers: { 'settings.list': ok(settingsViewOf({})) },
  });
  await screen.findByRole('spinbutton', { name: 'Limit of GPU' });
  expect(screen.getAllByRole('spinbutton').map((button) => button.textContent)).toEqual(['60%', '25%', '90%']);
  const { textContent: text } = await card();
  expect(text).toMatch(/Limits of the scheduler as of \d\d:\d\d\./);
  expect(text).not.toMatch(/has not reported|Below the limit/);
});

test('paused -> no load has a result, since no load decides', async () => {
  show(SITUATIONS.contributor_paused(), { page: 'computer', answers: { 'settings.list': ok(settingsViewOf({})) } });
  await screen.findByRole('spinbutton', { name: 'Limit of GPU' });
  expect((await card()).textContent).not.toMatch(/(Below|Above) the limit/);
});

test('no connection, own limit of the GPU -> this one is known and can be changed', async () => {
  const { api } = show(appState({ agent: { ...lostOwnPool(), node_status: null }, host: failedHost() }), {
    page: 'computer',
    answers: { 'settings.list': ok(settingsViewOf({ 'agent.limits.gpu_percent': { value: 45 } })) },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Less: Limit of GPU' }));
  expect(screen.getAllByRole('spinbutton').map((button) => button.textContent)).toEqual(['–', '45%', '–']);
  expect(api.userCalls).toEqual([{ name: 'settings.set', params: { key: 'agent.limits.gpu_percent', value: 40 } }]);
});

test('note: only CPU and GPU count as the own use; memory counts as a whole', async () => {
  open({});
  await screen.findByRole('radio', { name: /Polite/ });
  expect((await card()).textContent).toContain('Only your own use of CPU and GPU counts, never the use by pool jobs.');
});
