import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { UPDATE_FAULTS, UPDATE_OBSTACLES, type UpdatePhase, type UpdateView } from '../../../../src/shared/api/update';
import { settingsView } from '../../../fixtures/app-states/settings';
import { NOW } from '../../../fixtures/app-states/moment';
import { appInfo, hosting } from '../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../support/render-screen';

const SIZE = 117_440_512;

function open(update: Partial<UpdateView> | null, options: ShowOptions = {}) {
  const view: UpdateView | null = update === null ? null : { obstacle: null, phase: { state: 'idle' }, checked_at: null, ...update };
  return show(hosting({ update: view, app: appInfo({ version: '0.1.0' }) }), {
    page: 'settings/updates',
    ...options,
    answers: { 'settings.list': ok(settingsView()), ...options.answers },
  });
}

const card = async () => within(await screen.findByRole('region', { name: /Version|版本/ }));
const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const at = (phase: UpdatePhase): Partial<UpdateView> => ({ phase, checked_at: NOW });

describe('update', () => {
  test.each<[string, Partial<UpdateView>, string, string | null]>([
    ['not checked', {}, 'Muster 0.1.0Not checked since the start.', 'Check for updates'],
    ['up to date', { checked_at: NOW }, 'Muster 0.1.0 is up to dateChecked ', 'Check for updates'],
    ['checking', at({ state: 'checking' }), 'Muster 0.1.0Checking…', null],
    ['available', at({ state: 'available', version: '0.2.0', size_bytes: SIZE }), 'download. You have 0.1.0.', 'Download'],
    ['ready', at({ state: 'ready', version: '0.2.0' }), 'password. You have 0.1.0.', 'Restart to install'],
    ['installing', at({ state: 'installing', version: '0.2.0' }), 'Muster 0.2.0 is installed after this window closes', null],
    [
      'failed',
      at({ state: 'failed', step: 'download', fault: 'corrupt', version: '0.2.0', reason: 'the hash differs' }),
      'The download failedThe downloaded file is not the published one. Muster deleted it. You have 0.1.0.Reason: the hash differs',
      'Try again',
    ],
    ['package manager', { obstacle: 'package_manager' }, 'Muster 0.1.0The package manager of this system updates Muster.', null],
  ])('%s -> a sentence and the next step', async (_name, update, text, button) => {
    open(update);
    const { getByRole, queryByRole } = await card();
    expect(textOf(getByRole('status'))).toContain(text);
    expect(queryByRole('button')?.textContent ?? null).toBe(button);
  });

  test('downloading -> received and size, with a bar', async () => {
    open(at({ state: 'downloading', version: '0.2.0', size_bytes: SIZE, received_bytes: SIZE / 2 }));
    const { getByRole } = await card();
    expect(textOf(getByRole('status'))).toMatch(/^Downloading Muster 0\.2\.058\.7 MB of 117\.4 MB$/);
    expect(getByRole<HTMLProgressElement>('progressbar', { name: 'Downloading Muster 0.2.0' }).value).toBe(0.5);
  });

  test('download of which nothing arrived -> says so', async () => {
    open(at({ state: 'downloading', version: '0.2.0', size_bytes: SIZE, received_bytes: 0 }));
    expect(textOf((await card()).getByRole('status'))).toBe('Downloading Muster 0.2.0Waiting for the server…');
  });

  test.each([
    ['unpacked', true, 'Muster runs from its source code.'],
    [null, false, ''],
  ] as const)('installation with the obstacle %s -> the switch is disabled: %s, with the reason', async (obstacle, isDisabled, reason) => {
    open({ obstacle });
    const row = (await screen.findByText('Check for updates once a day')).parentElement?.parentElement as HTMLElement;
    expect(within(row).getByRole<HTMLInputElement>('switch').disabled).toBe(isDisabled);
    expect(row.textContent).toContain(reason);
  });

  test.each<[string, Partial<UpdateView>, string]>([
    ['Check for updates', {}, 'update.check'],
    ['Download', at({ state: 'available', version: '0.2.0', size_bytes: SIZE }), 'update.download'],
    ['Cancel', at({ state: 'downloading', version: '0.2.0', size_bytes: SIZE, received_bytes: 1 }), 'update.cancel'],
    ['Restart to install', at({ state: 'ready', version: '0.2.0' }), 'update.install'],
    ['Try again', at({ state: 'failed', step: 'install', fault: 'not_installed', version: '0.2.0', reason: null }), 'update.check'],
  ])('%s -> one call', async (name, update, operation) => {
    const { api } = open(update);
    const { getByRole } = await card();
    await userEvent.click(getByRole('button', { name }));
    expect(api.userCalls).toEqual([{ name: operation, params: {} }]);
  });

  test('refused call -> the reason below', async () => {
    open({}, { answers: { 'update.check': fail({ code: 'INVALID_STATE', message: '', details: null }) } });
    const { getByRole, findByRole } = await card();
    await userEvent.click(getByRole('button', { name: 'Check for updates' }));
    await findByRole('alert');
  });

  test.each(['en', 'zh-CN'] as const)('%s: every fault and every obstacle has a text', async (language) => {
    const texts = new Set<string>();
    const views = [
      ...UPDATE_OBSTACLES.map((obstacle) => ({ obstacle })),
      ...UPDATE_FAULTS.map((fault) => at({ state: 'failed', step: 'check', fault, version: null, reason: null })),
    ];
    for (const view of views) {
      const { store } = open(view, { language });
      const { getByRole } = await card();
      texts.add(textOf(getByRole('status')));
      expect(store.getState().app).not.toBeNull();
      document.body.replaceChildren();
    }
    expect(texts.size).toBe(views.length);
  });

  test('the switch is off until asked, and beside the version; a search shows settings alone', async () => {
    open({});
    const row = (await screen.findByText('Check for updates once a day')).parentElement?.parentElement;
    expect(within(row as HTMLElement).getByRole<HTMLInputElement>('switch').checked).toBe(false);
    await userEvent.type(screen.getByRole('searchbox'), 'once a day');
    await screen.findByText(/matches? “once a day”/);
    expect(screen.queryByRole('region', { name: 'Version' })).toBeNull();
  });

  test('dashboard of another program -> no card', async () => {
    open(null);
    await screen.findByText('Check for updates once a day');
    expect(screen.queryByRole('region', { name: 'Version' })).toBeNull();
  });
});
