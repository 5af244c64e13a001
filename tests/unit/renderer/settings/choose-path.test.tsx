// Folders and files of settings are chosen in a dialog of the system, in the desktop app alone.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { settingsView } from '../../../fixtures/app-states/settings';
import { appState, headlessApp, hosting } from '../../../fixtures/app-states/states';
import { settingsViewOf, settingViewOf } from '../../../support/settings-fakes';
import { show } from '../support/render-screen';

const folders = (...value: string[]) => settingsViewOf({ 'agent.model_folders': { value, origin: { from: 'file', line: 3 } } });

const FOLDERS = { name: 'settings.choose_path', params: { key: 'agent.model_folders' } };

function open(section: string, path: string | null, view = settingsViewOf()) {
  const answers = {
    'settings.list': ok(view),
    'settings.choose_path': ok({ path }),
    'settings.set': ok(settingViewOf('agent.model_folders')),
  };
  return show(hosting(), { page: `settings/${section}`, answers }).api;
}
const choose = async (title: string): Promise<void> => userEvent.click(await screen.findByRole('button', { name: `Choose: ${title}` }));

test('folder chosen -> added to the others', async () => {
  const api = open('models', '/srv/models', folders('/home/ming/models'));
  await choose('Model folders');
  await waitFor(() =>
    expect(api.userCalls).toEqual([
      FOLDERS,
      {
        name: 'settings.set',
        params: { key: 'agent.model_folders', value: ['/home/ming/models', '/srv/models'], with: [] },
      },
    ]),
  );
});

test.each([
  ['none', null],
  ['one of the list', '/srv/models'],
])('%s chosen -> nothing changes', async (_name, path) => {
  const api = open('models', path, folders('/srv/models'));
  await choose('Model folders');
  await waitFor(() => expect(api.userCalls).toEqual([FOLDERS]));
  await userEvent.click(await screen.findByRole('button', { name: 'Choose: Model folders' }));
  await waitFor(() => expect(api.userCalls).toEqual([FOLDERS, FOLDERS]));
});

test('file chosen -> the value of the setting', async () => {
  const api = open('network', '/etc/muster/pool.pem');
  await choose('Certificate file');
  await waitFor(() =>
    expect(api.userCalls.at(-1)).toEqual({
      name: 'settings.set',
      params: { key: 'server.tls_cert_file', value: '/etc/muster/pool.pem', with: [] },
    }),
  );
});

test('dialog cannot be shown -> says so, and nothing changes', async () => {
  const api = open('network', null);
  api.answer('settings.choose_path', fail({ code: 'INTERNAL', message: '', details: null }));
  await choose('Certificate file');
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(api.userCalls.map(({ name }) => name)).toEqual(['settings.choose_path']);
});

test('browser -> no such button', async () => {
  const app = headlessApp();
  show(appState({ app }), { page: 'settings/models', answers: { 'settings.list': ok(settingsView()) } });
  await screen.findByRole('textbox', { name: 'Add to Model folders' });
  expect(screen.queryByRole('button', { name: /^Choose/ })).toBeNull();
});
