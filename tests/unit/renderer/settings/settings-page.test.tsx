import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import type { SettingsView } from '../../../../src/shared/api/settings';
import { appState, hosting } from '../../../fixtures/app-states/states';
import { settingsView } from '../../../fixtures/app-states/settings';
import { settingsViewOf, settingViewOf } from '../../../support/settings-fakes';
import { show, type ShowOptions } from '../support/render-screen';

const open = (section: string, { view = settingsView(), ...rest }: ShowOptions & { readonly view?: SettingsView } = {}) =>
  show(hosting(), { page: `settings/${section}`, ...rest, answers: { 'settings.list': ok(view), ...rest.answers } });

/** The row with this title. */
async function rowOf(title: string): Promise<HTMLElement> {
  const heading = await screen.findByText((_text, element) => element?.tagName === 'B' && element.textContent === title);
  const row = heading.parentElement?.parentElement;
  if (row == null) throw new Error(`no row ${title}`);
  return row;
}
const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

describe('sections', () => {
  test('no section in the address -> the first one; a link for each section with content', async () => {
    show(hosting(), { page: 'settings' });
    await rowOf('When jobs may start');
    const nav = screen.getByRole('navigation', { name: 'Settings' });
    expect(within(nav).getAllByRole('link').map(textOf)).toEqual([
      'Sharing',
      'Schedule and pauses',
      'GPUs',
      'Models and folders',
      'Network',
      'Membership',
      'Dispatch',
      'Jobs and storage',
      'Node health',
      'Keys and limits',
      'Cluster',
      'Tray and notifications',
      'Appearance',
      'Updates',
      'Diagnostics',
      'About',
    ]);
    expect(within(nav).getByRole('link', { name: 'Sharing' }).getAttribute('aria-current')).toBe('true');
    await userEvent.click(within(nav).getByRole('link', { name: 'Dispatch' }));
    await rowOf('Choice of the node');
    expect(screen.queryByText('When jobs may start')).toBeNull();
  });

  test('origins: file with its line, default of the mode, flag, variable, app; read-only ones have no control', async () => {
    open('sharing');
    expect(textOf(await rowOf('Maximum jobs at once'))).toContain('config.toml, line 9');
    expect(textOf(await rowOf('CPU limit'))).toContain('Default of “Polite”');
    const scheme = async (section: string, title: string) => {
      window.location.hash = `#/settings/${section}`;
      const row = await rowOf(title);
      return [textOf(row), within(row).queryAllByRole('textbox').length + within(row).queryAllByRole('radio').length] as const;
    };
    expect(await scheme('gpus', 'Simulated GPUs')).toEqual([expect.stringContaining('Flag --simulate-gpu'), 0]);
    expect(await scheme('diagnostics', 'Log level')).toEqual([expect.stringContaining('Environment MUSTER_LOG_LEVEL'), 0]);
    expect(await scheme('network', 'Listen address')).toEqual([expect.stringContaining('Chosen on the Pool page'), 0]);
    for (const link of screen.getAllByRole('link', { name: 'Chosen on the Pool page' })) expect(link.getAttribute('href')).toBe('#/pool');
  });

  test('no mode chosen -> the mode with the limits of the pool is marked as inherited, and a click chooses it', async () => {
    const view = settingsViewOf({});
    const { api } = open('sharing', { view });
    const modes = within(await rowOf('When jobs may start')).getAllByRole('radio');
    const marks = modes.map((radio) => [radio.getAttribute('value'), radio.parentElement?.title, (radio as HTMLInputElement).checked]);
    expect(marks).toEqual([
      ['idle', '', false],
      ['polite', 'Pool default', false],
      ['always', '', false],
    ]);
    await userEvent.click(screen.getByRole('radio', { name: 'Polite' }));
    expect(api.userCalls.at(-1)).toEqual({ name: 'settings.set', params: { key: 'agent.share', value: 'polite', with: [] } });
  });

  test.each([
    [16 * 1_048_576, '16', 'MiB', false],
    [16_000_000, '16', 'MB', false],
    [16_000_001, '16,000,001', 'B', true],
  ])('size of %i bytes -> %s %s in the field', async (bytes, text, unit, isRepeated) => {
    open('keys', { view: settingsViewOf({ 'server.max_message_bytes': { value: bytes } }) });
    const row = await rowOf('Maximum size of a message of a node');
    expect(within(row).getByRole<HTMLInputElement>('textbox').value).toBe(text);
    expect(within(row).getByText(unit)).toBeTruthy();
    expect(textOf(row).includes('Now 16 MB.')).toBe(isRepeated);
  });

  test('VRAM limits -> each with its unit', async () => {
    open('gpus', { view: settingsViewOf({ 'agent.vram_limits_gb': { value: ['RTX 4090=16'] } }) });
    const list = within(await rowOf('VRAM limits')).getByRole('list', { name: 'VRAM limits' });
    expect(textOf(list)).toContain('RTX 4090: 16 GB');
  });

  test('Chinese: titles, help, origin and range', async () => {
    open('sharing', { language: 'zh-CN' });
    const row = await rowOf('GPU 上限');
    expect(textOf(row)).toContain('你自己的 GPU 使用率低于此值时才启动新任务。');
    expect(textOf(row)).toContain('config.toml 第 14 行');
    await userEvent.clear(within(row).getByRole('textbox'));
    await userEvent.type(within(row).getByRole('textbox'), '190');
    expect(textOf(row)).toContain('请输入 0 到 100。仍为 45%。');
  });
});

describe('changes', () => {
  test('number: typed and Enter -> sent at once, applied with the old value, Undo writes it back', async () => {
    const { api } = open('sharing');
    const row = await rowOf('GPU limit');
    const field = within(row).getByRole('textbox', { name: 'GPU limit' });
    api.answer('settings.set', ok(settingViewOf('agent.limits.gpu_percent', { value: 60, origin: { from: 'file', line: 14 } })));
    await userEvent.clear(field);
    await userEvent.type(field, '60{Enter}');
    await within(row).findByText('Applied, was 45%');
    api.answer('settings.set', ok(settingViewOf('agent.limits.gpu_percent', { value: 45, origin: { from: 'file', line: 14 } })));
    await userEvent.click(within(row).getByRole('button', { name: 'Undo the change of GPU limit' }));
    await within(row).findByText('config.toml, line 14');
    expect(api.userCalls).toEqual([
      { name: 'settings.set', params: { key: 'agent.limits.gpu_percent', value: 60, with: [] } },
      { name: 'settings.set', params: { key: 'agent.limits.gpu_percent', value: 45 } },
    ]);
  });

  test('number out of its range -> says so while it is typed, is not sent; Escape brings the value back', async () => {
    const { api } = open('sharing');
    const row = await rowOf('Maximum jobs at once');
    const field = within(row).getByRole<HTMLInputElement>('textbox');
    for (const [typed, text] of [
      ['0', 'Enter a whole number from 1 to 256. Still 2.'],
      ['1.5', 'Enter a whole number from 1 to 256. Still 2.'],
      ['many', 'Enter a whole number from 1 to 256. Still 2.'],
    ] as const) {
      await userEvent.clear(field);
      await userEvent.type(field, `${typed}{Enter}`);
      expect(within(row).getByRole('alert').textContent).toContain(text);
      expect(field.getAttribute('aria-invalid')).toBe('true');
    }
    await userEvent.tab();
    await userEvent.type(field, '{Escape}');
    expect([field.value, within(row).queryByRole('alert')]).toEqual(['2', null]);
    expect(api.userCalls).toEqual([]);
  });

  test('limit of nothing -> the default of the mode is in the field; leaving the field sends nothing', async () => {
    const { api } = open('sharing');
    const field = within(await rowOf('CPU limit')).getByRole<HTMLInputElement>('textbox');
    expect(field.value).toBe('60');
    await userEvent.click(field).then(() => userEvent.tab());
    expect(api.userCalls).toEqual([]);
  });

  test('choice, switch, list, Reset -> one call each', async () => {
    const { api } = open('sharing');
    api.answer('settings.set', ok(settingViewOf('agent.share', { value: 'idle' })));
    await userEvent.click(within(await rowOf('When jobs may start')).getByRole('radio', { name: 'Idle' }));
    await userEvent.click(within(await rowOf('Accept jobs not marked as private')).getByRole('switch'));
    await userEvent.click(
      within(await rowOf('Maximum jobs at once')).getByRole('button', { name: 'Reset Maximum jobs at once to its default' }),
    );
    window.location.hash = '#/settings/models';
    const folders = await rowOf('Model folders');
    await userEvent.click(within(folders).getByRole('button', { name: 'Remove /mnt/models' }));
    await userEvent.type(within(folders).getByRole('textbox', { name: 'Add to Model folders' }), ' /mnt/b {Enter}');
    await userEvent.click(within(await rowOf('Let the pool load and unload models')).getByRole('radio', { name: 'No' }));
    await waitFor(() => expect(api.userCalls).toHaveLength(6));
    expect(api.userCalls.map(({ params }) => params)).toMatchObject([
      { key: 'agent.share', value: 'idle' },
      { key: 'agent.accept_public_jobs', value: false },
      { key: 'agent.max_concurrent_jobs', value: null },
      { key: 'agent.model_folders', value: ['/home/ming/.local/share/muster/models'] },
      { key: 'agent.model_folders', value: expect.arrayContaining(['/mnt/b']) as string[] },
      { key: 'agent.allow_model_control', value: false },
    ]);
  });

  test('refused: the reason is beside the field, the value that holds is named, the entered text stays', async () => {
    const { api } = open('models');
    const refused = { key: 'runtimes.urls', problem: 'conflict', related: 'runtimes.allowed_hosts', reason: 'x' };
    api.answer('settings.set', fail({ code: 'SETTING_REFUSED', message: '', details: refused }));
    const row = await rowOf('Further model servers');
    await userEvent.type(within(row).getByRole('textbox'), 'http://10.0.0.9:1{Enter}');
    const alert = await within(row).findByRole('alert');
    expect(alert.textContent).toBe('Does not fit “Other computers with model servers”. Still http://127.0.0.1:5000.');
    expect(textOf(row)).toContain('10.0.0.9');
    // The host is allowed now: the refused addresses are sent with it.
    api.answer('settings.set', ok(settingViewOf('runtimes.allowed_hosts', { value: ['10.0.0.9'] })));
    const hosts = await rowOf('Other computers with model servers');
    await userEvent.type(within(hosts).getByRole('textbox'), '10.0.0.9{Enter}');
    await waitFor(() =>
      expect(api.userCalls.at(-1)?.params).toEqual({
        key: 'runtimes.allowed_hosts',
        value: ['10.0.0.9'],
        with: [{ key: 'runtimes.urls', value: ['http://127.0.0.1:5000', 'http://10.0.0.9:1'] }],
      }),
    );
  });

  test.each([
    ['file_read_only', '/srv/config.toml', '/srv/config.toml is read-only. Make it writable, then try again.'],
    ['file_unwritable', '/etc/muster/config.toml: ENOSPC', 'config.toml cannot be written (/etc/muster/config.toml: ENOSPC).'],
    ['file_invalid', 'x', 'config.toml has an error. Correct it first.'],
    ['file_changing', null, 'Another program is changing config.toml. Try again.'],
    ['not_editable', null, 'config.toml has this key at a place that only you can edit.'],
    ['overridden', 'MUSTER_X', 'MUSTER_X comes first.'],
  ])('refused with %s -> %s', async (problem, reason, text) => {
    const { api } = open('sharing');
    const details = { key: 'agent.accept_public_jobs', problem, related: null, reason };
    api.answer('settings.set', fail({ code: 'SETTING_REFUSED', message: '', details }));
    const row = await rowOf('Accept jobs not marked as private');
    await userEvent.click(within(row).getByRole('switch'));
    expect((await within(row).findByRole('alert')).textContent).toBe(`${text} Still On.`);
    const folder = within(row).queryByRole('button', { name: 'Open folder' });
    expect(folder !== null).toBe(problem === 'file_read_only');
    if (folder !== null) await userEvent.click(folder);
    expect(api.userCalls.slice(1).map(({ name, params }) => [name, params])).toEqual(
      folder === null ? [] : [['settings.open_folder', { folder: 'config' }]],
    );
  });

  test('read-only file of a program without a file manager -> no button', async () => {
    const { api } = open('sharing', { view: settingsView({ can_open_folders: false }) });
    const details = { key: 'agent.accept_public_jobs', problem: 'file_read_only', related: null, reason: '/srv/config.toml' };
    api.answer('settings.set', fail({ code: 'SETTING_REFUSED', message: '', details }));
    const row = await rowOf('Accept jobs not marked as private');
    await userEvent.click(within(row).getByRole('switch'));
    await within(row).findByRole('alert');
    expect(within(row).queryByRole('button', { name: 'Open folder' })).toBeNull();
  });
});

describe('restart', () => {
  test('a change waits for the scheduler -> both values in the card; restart after a question that names what is interrupted', async () => {
    const { api } = open('network');
    expect(textOf(await rowOf('Port'))).toContain('Applies when the scheduler starts again. Now 7080.');
    const card = screen.getByRole('region', { name: '1 change waits for a restart of the scheduler' });
    expect(within(card).getAllByRole('listitem').map(textOf)).toEqual(['Port: 7080 → 7081']);
    await userEvent.click(screen.getByRole('button', { name: 'Restart the scheduler now…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Restart the scheduler?' });
    expect(textOf(dialog)).toMatch(/\d+ connected nodes? reconnects? within seconds\./);
    expect(textOf(dialog)).toContain('must send their request again');
    expect(api.userCalls).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Restart' }));
    expect(api.userCalls).toEqual([{ name: 'host.restart', params: {} }]);
  });

  test('no change waits -> no card', async () => {
    const view = settingsView();
    open('network', {
      view: { ...view, settings: view.settings.map((setting) => ({ ...setting, running: undefined })) },
    });
    await rowOf('Port');
    expect(screen.queryByRole('button', { name: 'Restart the scheduler now…' })).toBeNull();
  });
});

describe('other cards', () => {
  test('invalid file -> line, key and reason', async () => {
    open('sharing', { view: settingsView({ fault: { line: 12, key: 'server.prot', reason: 'unknown key' } }) });
    expect(await screen.findByText('Line 12, server.prot: unknown key')).toBeTruthy();
  });

  test('language and theme: changed at once', async () => {
    const { store } = open('appearance');
    await userEvent.click(await screen.findByRole('radio', { name: 'Dark' }));
    await userEvent.click(screen.getByRole('radio', { name: '简体中文' }));
    expect(store.getState().preferences).toMatchObject({ language: 'zh-CN', theme: 'dark' });
    await screen.findByRole('navigation', { name: '设置' });
  });

  test('browser that remembers its key -> can forget it; one that does not -> no row', async () => {
    open('appearance');
    await screen.findByRole('radio', { name: 'Dark' });
    expect(screen.queryByText('Key of this dashboard')).toBeNull();
    cleanup();
    let isRemembered = true;
    const remembered = { isRemembered: () => isRemembered, forget: () => void (isRemembered = false) };
    show(appState(), { page: 'settings/appearance', remembered });
    await userEvent.click(await screen.findByRole('button', { name: 'Forget the key' }));
    expect([isRemembered, screen.queryByText('Key of this dashboard')]).toEqual([false, null]);
  });

  test('caller without the right -> appearance and about only, with the reason', async () => {
    show(appState(), { page: 'settings', answers: { 'settings.list': fail({ code: 'FORBIDDEN', message: '', details: null }) } });
    await screen.findByRole('radio', { name: 'Dark' });
    const nav = screen.getByRole('navigation', { name: 'Settings' });
    expect(within(nav).getAllByRole('link').map(textOf)).toEqual(['Appearance', 'About']);
    expect(screen.queryByRole('searchbox')).toBeNull();
  });
});
