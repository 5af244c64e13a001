// What a setting says beside its value: hours in words, what a switch needs, what a restart changes.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { itemText } from '../../../../src/renderer/labels/setting-labels';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { settingsViewOf } from '../../../support/settings-fakes';
import { labelsIn } from '../support/labels';
import { show } from '../support/render-screen';

test.each([
  ['en', 'mon-fri 18:00-08:00', 'Mon to Fri, 18:00 to 08:00 the next day'],
  ['zh-CN', 'mon-fri 18:00-08:00', '周一至周五 18:00 至次日 08:00'],
  ['en', '00:00-24:00', 'Every day, 00:00 to 24:00'],
  ['en', 'sun 9:30-12:00', 'Sun, 09:30 to 12:00'],
  ['en', 'not hours', 'not hours'],
] as const)('hours of the schedule in words: %s, %s', (language, hours, words) => {
  expect(itemText(labelsIn(language), 'agent.sharing_hours', hours)).toBe(words);
});

test('notice of an update without the check for updates -> off, with what it needs', async () => {
  const view = settingsViewOf({ 'desktop.check_for_updates': { value: false } });
  show(hosting(), { page: 'settings/desktop', answers: { 'settings.list': ok(view) } });
  expect(await screen.findByRole('switch', { name: 'Notify when a new version is available' })).toHaveProperty('disabled', true);
  expect(screen.getByText(/Needs: /)).toBeTruthy();
});

test('restart with another port -> the question names the new address', async () => {
  const view = settingsViewOf({ 'server.port': { value: 7081, running: 7080 } });
  show(hosting(), { page: 'settings/network', answers: { 'settings.list': ok(view) } });
  await userEvent.click(await screen.findByRole('button', { name: 'Restart the scheduler now…' }));
  expect(
    await screen.findByText(/^Port 7080 → 7081\. .* change to :7081; programs need the new address\. Nodes in the local network find it/),
  ).toBeTruthy();
});

test('0 that means "off" or "any port" -> an empty field that says so; an emptied field saves 0', async () => {
  const view = settingsViewOf({ 'server.ollama_port': { value: 0 }, 'server.port': { value: 7080 } });
  const { api } = show(hosting(), { page: 'settings/network', answers: { 'settings.list': ok(view) } });
  const field = await screen.findByRole('textbox', { name: 'Port for Ollama clients' });
  expect([field.getAttribute('value'), field.getAttribute('placeholder')]).toEqual(['', 'Off']);
  const port = screen.getByRole('textbox', { name: 'Port' });
  expect(port.getAttribute('placeholder')).toBe('Any free port');
  await userEvent.clear(port);
  await userEvent.keyboard('{Enter}');
  expect(api.userCalls.at(-1)).toEqual({ name: 'settings.set', params: { key: 'server.port', value: 0, with: [] } });
});

test('a change that waits for a restart -> its card has one line in other sections', async () => {
  const view = settingsViewOf({ 'server.port': { value: 7081, running: 7080 } });
  show(hosting(), { page: 'settings/sharing', answers: { 'settings.list': ok(view) } });
  await screen.findByText('1 change waits for a restart of the scheduler');
  expect(screen.queryByText('Port: 7080 → 7081')).toBeNull();
});
