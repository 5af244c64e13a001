// The section About of the Settings page: facts, the files of a package, and the ways to help.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { settingsView } from '../../../fixtures/app-states/settings';
import { appInfo, appState, headlessApp, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const open = () => show(hosting(), { page: 'settings/about', answers: { 'settings.list': ok(settingsView()) } });

test('about: version and folders; open -> asked of the program', async () => {
  const { api } = open();
  expect(await screen.findByText(/^Muster \d/)).toBeTruthy();
  await userEvent.click(await screen.findByRole('button', { name: 'Open folder: Logs' }));
  expect(api.userCalls).toEqual([{ name: 'settings.open_folder', params: { folder: 'logs' } }]);
});

test('about in a package -> opens its guide and its licences', async () => {
  const app = appInfo({ documents: ['guide', 'licence', 'dependencies', 'node'] });
  const { api } = show(appState({ app }), { page: 'settings/about' });
  for (const name of ['Open the guide', 'Other licences: npm packages', 'Other licences: Node.js'])
    await userEvent.click(await screen.findByRole('button', { name }));
  expect(screen.queryByRole('button', { name: /Chromium/ })).toBeNull();
  expect(api.userCalls).toEqual(
    ['guide', 'dependencies', 'node'].map((document) => ({ name: 'desktop.open_document', params: { document } })),
  );
});

test('about without documents, as in a browser -> nothing that it cannot open; shortcuts in a dialog', async () => {
  show(appState({ app: headlessApp() }), { page: 'settings/about' });
  await userEvent.click(await screen.findByRole('link', { name: 'Show the shortcuts' }));
  const dialog = await screen.findByRole('dialog', { name: 'Shortcuts' });
  expect(screen.queryByText(/guide|other licences/i)).toBeNull();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
  await waitFor(() => expect([window.location.hash, screen.queryByRole('dialog')]).toEqual(['#/settings/about', null]));
});

test('about -> leads to the report for a problem, below the facts', async () => {
  open();
  const link = await screen.findByRole('link', { name: 'Export diagnostics on the Logs page' });
  expect(link.getAttribute('href')).toBe('#/logs');
  const facts = link.closest('dl')?.querySelectorAll('dt');
  expect([...(facts ?? [])].at(-1)?.textContent).toBe('Report a problem');
});
