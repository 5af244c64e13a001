// The app in a whole desktop, as a person uses it beside its window: tray, closing, links, notifications, login, and the end of the session.
// The film strip is in artifacts/gallery/diaries/desktop.
import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { projectRoot } from '../../scripts/paths.mjs';
import type { AppApi, OperationName, OperationParams } from '../../src/shared/api/app-api';
import { tomorrowWallMs } from '../../src/shared/api/pause-times';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { DesktopSession, requireSession, type TrayItemOnBus } from '../support/desktop-session';
import { writeCommandModel } from '../support/job-bench';
import { submitted } from '../support/job-pool';
import { inhibitLock, type InhibitLock } from '../support/inhibit-lock';
import { MockSystemBus, requireSystemBus } from '../support/mock-system-bus';
import { MusterLab } from '../support/muster-process';
import { InstallationStrip } from '../support/packages/installation-strip';
import { ReleaseServer, releaseOf } from '../support/release-server';
import { chromiumSwitches, requireDesktop, skipNote } from '../support/requirements';
import { until } from '../support/until';
import { within } from '../support/within';

const { missing } = [requireDesktop(), requireSession(), requireSystemBus()].find((one) => one.missing !== undefined) ?? {};

const LOGIND = 'org.freedesktop.login1';
const SLOW = 40_000;
const linkTo = (host: string): string => `muster://${host}:7080/join#pin=sha256-${'A'.repeat(43)}&key=mi_of-a-test`;

describe.skipIf(missing)(`desktop session${skipNote({ missing })}`, () => {
  let session: DesktopSession;
  let bus: MockSystemBus;
  let lock: InhibitLock;
  let lab: DesktopLab;
  let others: MusterLab;
  let app: DesktopApp;
  let tray: TrayItemOnBus;
  const strip = new InstallationStrip(DIARIES.desktop);
  const releases = new ReleaseServer();

  const picture = async (title: string): Promise<void> => {
    strip.step(title, await session.picture());
  };
  const isVisible = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);
  const call = <Name extends OperationName>(name: Name, params: OperationParams<Name>) =>
    app.page.evaluate(
      ([operation, values]) =>
        (globalThis as unknown as { muster: AppApi }).muster.call(operation as 'agent.resume', values as Record<string, never>),
      [name, params] as const,
    );
  const set = (key: string, value: string | boolean | string[]) => call('settings.set', { key, value });
  const config = () => readFileSync(path.join(lab.dataDir, 'config.toml'), 'utf8');
  const electron = requireDesktop().path ?? '';
  const autostart = () => path.join(session.folder, '.config', 'autostart', 'app.muster.desktop.desktop');
  const summaries = () => session.notifications().map(({ summary }) => summary);
  /** The app runs as an AppImage, which can update itself. The AppImage is a script that starts Electron. */
  const appImage = () => path.join(session.folder, 'Muster.AppImage');
  const env = () => ({
    ...session.env,
    ...bus.env,
    PATH: `${lock.folder}:${session.env['PATH'] ?? ''}`,
    MUSTER_NO_DIALOGS: undefined,
    APPIMAGE: appImage(),
    APPDIR: path.dirname(realpathSync(electron)),
    MUSTER_UPDATE_FEED: releases.url,
    MUSTER_UPDATE_KEY: releases.publicKey,
  });

  beforeAll(async () => {
    session = await DesktopSession.open();
    bus = await MockSystemBus.open([LOGIND]);
    lock = inhibitLock(path.join(session.folder, 'bin'));
    lab = new DesktopLab();
    others = new MusterLab();
    await releases.listen();
    const program = [electron, ...chromiumSwitches()].map((part) => `'${part}'`).join(' ');
    writeFileSync(appImage(), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 });
    writeCommandModel(path.join(lab.dataDir, 'models'), 'broken-model', { argv: ['false'] }, { kind: 'nmt' });
    app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'], env: env() });
    tray = await session.waitForTray();
  }, 120_000);
  afterAll(async () => {
    strip.end();
    await others.close();
    await lab.close();
    await releases.close();
    await bus.close();
    await session.close();
  });

  test('tray: state in tooltip and menu; each pause and Share change the sharing, in the language of the window', async () => {
    await until('the node to be available', () => tray.tooltip() === 'Muster: available, 0 of 4 slots in use', SLOW);
    await picture('The icon in the tray: available');
    const icon = session.trayIcon();
    await session.openPopup(() => session.point(icon));
    await picture('The tooltip of the icon');
    await session.openPopup(() => session.point(icon, 'right'));
    await picture('The menu of the icon');
    session.run('xdotool', 'key', 'Escape');
    session.point({ x: 20, y: 450 });
    tray.click('Stop after current jobs');
    await until('the stop', () => tray.tooltip() === 'Muster: paused, until you resume', SLOW);
    tray.click([...tray.menu().keys()].find((label) => label.startsWith('Until tomorrow')) ?? 'Until tomorrow');
    const tomorrow = tomorrowWallMs(Date.now());
    await until('the pause', async () => (await app.state()).agent?.pause?.causes[0]?.until === tomorrow, SLOW);
    tray.click('For 1 hour');
    await until('the pause', () => tray.tooltip().startsWith('Muster: paused, until '), SLOW);
    const { agent } = await app.state();
    expect(agent?.pause?.causes).toMatchObject([{ code: 'owner' }]);
    await picture('Paused for 1 hour from the tray');
    tray.click('Share');
    await until('the node to share', () => tray.tooltip().startsWith('Muster: available'), SLOW);
    await app.page.getByText('简体中文').click();
    await until('the Chinese tray', () => tray.menu().has('完成当前任务后停止'), SLOW);
    expect(tray.tooltip()).toMatch(/^Muster：可用/);
    await app.page.getByText('English').click();
    await until('the English tray', () => tray.menu().has('Stop after current jobs'), SLOW);
  });

  test('window closed for the first time -> question; first button, also at login: hidden, kept in the settings, node goes on', async () => {
    expect(existsSync(autostart())).toBe(false);
    session.closeWindow('Muster');
    await until('the question', () => session.windows().includes('Muster'), SLOW);
    await picture('The window is closed for the first time');
    // Escape keeps the window.
    session.press('Muster', 'Escape');
    await until('the question to be gone', () => !session.windows().includes('Muster'), SLOW);
    expect(await isVisible()).toBe(true);
    session.closeWindow('Muster');
    await until('the question again', () => session.windows().includes('Muster'), SLOW);
    // The box is below the text, at the left.
    session.clickIn('Muster', { x: 47, y: 90 });
    await picture('The window is closed for the first time: also at login');
    session.run('xdotool', 'key', 'Tab');
    session.press('Muster', 'Return');
    await until('the hidden window', async () => !(await isVisible()), SLOW);
    await until('the kept answer', () => /on_close = ["']tray["']/.test(config()), SLOW);
    expect(config()).toMatch(/start_at_login = true/);
    await until('the login item', () => existsSync(autostart()));
    expect(tray.tooltip()).toMatch(/^Muster: available/);
    await picture('The window is closed, the node goes on');
    expect(session.windows()).toEqual([]);
  });

  test('join link: xdg-open -> window of the running app with the link; forged link -> refused with a sentence', async () => {
    session.registerScheme('muster', [electron, ...chromiumSwitches(), projectRoot, '--data-dir', lab.dataDir]);
    session.run('xdg-open', linkTo('10.99.0.1'));
    await until('the window', isVisible, SLOW);
    const field = app.page.getByLabel(/^Join link( or address)?$/);
    await until('the link', async () => (await field.count()) === 1 && (await field.inputValue()) === linkTo('10.99.0.1'), SLOW);
    await picture('A join link opens the running app');
    await app.page.getByRole('button', { name: 'Discard the link' }).click();
    await app.open('This computer');
    session.run('xdg-open', 'muster://10.99.0.1/delete#key=mi_of-a-test');
    await app.page.getByText('Muster did not open the link').waitFor({ timeout: SLOW });
    await app.page.getByText('This is not a join link.').waitFor();
    await picture('Another link is refused');
    expect(app.page.url()).not.toContain('#/pool');
    expect(lab.log()).not.toContain('mi_of-a-test');
    await app.page.getByRole('button', { name: 'Dismiss' }).click();
  });

  test('notifications: job failed, computer joined, node lost -> shown beside the closed window; a click opens the page', async () => {
    session.closeWindow('Muster');
    await until('the hidden window', async () => !(await isVisible()), SLOW);
    const { host } = await app.state();
    const url = host?.url ?? '';

    await submitted(Number(new URL(url).port), { task: { kind: 'command', model_id: 'broken-model', input: 'x' }, max_attempts: 1 });
    await until('the failed job', () => summaries().includes('A job failed here'), SLOW);
    expect(session.notifications().at(-1)?.body).toMatch(/^broken-model: /);
    await picture('A job failed here');

    const dataDir = others.dataDir('node');
    const node = others.start([
      'agent',
      '--scheduler',
      url.replace(/^http/, 'ws'),
      '--data-dir',
      dataDir,
      '--simulate-gpu',
      'RTX 4080:16',
      '--name',
      'render-03',
    ]);
    await until('the joined computer', () => summaries().includes('render-03 joined the pool'), SLOW);
    node.child.kill('SIGKILL');
    await until('the lost node', () => summaries().includes('Node lost: render-03'), SLOW);
    await picture('A node is lost');
    session.clickNotification();
    await until('the window', isVisible, SLOW);
    await until('the page Nodes', () => app.page.url().includes('#/nodes'), SLOW);
    await app.page.getByRole('heading', { name: 'Nodes' }).waitFor();
    await picture('A click opens the page');
  });

  test('notifications: paused by a rule; an update, not while its switch is off', async () => {
    expect(await set('desktop.notify_update', false)).toMatchObject({ ok: true });
    releases.publish(releaseOf('9.0.0', '.AppImage'));
    await call('update.check', {});
    expect((await app.state()).update?.phase).toMatchObject({ state: 'available', version: '9.0.0' });
    expect(await set('desktop.notify_update', true)).toMatchObject({ ok: true });
    releases.publish(releaseOf('9.0.1', '.AppImage'));
    await call('update.check', {});
    // If the first one had been shown, this one would wait for a minute.
    await until('the update', () => summaries().includes('Muster 9.0.1 is available'), SLOW);
    expect(summaries()).not.toContain('Muster 9.0.0 is available');
    const day = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString('en-GB', { weekday: 'short' }).toLowerCase();
    expect(await set('agent.sharing_hours', [`${day} 10:00-11:00`])).toMatchObject({ ok: true });
    await until('the pause', () => summaries().some((summary) => summary.startsWith('Paused: ')), SLOW);
    await picture('An update is available, and a rule pauses');
    expect(await set('agent.sharing_hours', [])).toMatchObject({ ok: true });
    await until('the node to share', () => tray.tooltip().startsWith('Muster: available'), SLOW);
  });

  test('login item: off -> no entry; on -> an entry that the desktop reads', async () => {
    await set('desktop.start_at_login', false);
    await until('no entry', () => !existsSync(autostart()));
    await set('desktop.start_at_login', true);
    await until('the entry', () => existsSync(autostart()));
    session.run('desktop-file-validate', autostart());
  });

  test('tray: Settings opens the page; system shutdown -> node drained, app ends with code 0, lock held until then', async () => {
    tray.click('Settings');
    await until('the page Settings', () => app.page.url().includes('#/settings'), SLOW);
    await app.page.getByText('Tray and notifications').first().click();
    await picture('The settings of the tray and of the notifications');
    const pid = lock.pid();
    expect(pid).not.toBeNull();
    expect(lock.arguments()).toContain('--what=shutdown --mode=delay');
    const signal = (body: readonly (readonly ['b', boolean] | readonly ['s', string])[]) =>
      bus.emit({ path: '/org/freedesktop/login1', name: `${LOGIND}.Manager`, member: 'PrepareForShutdown', body });
    signal([['s', 'true']]);
    await until('the refused signal', () => lab.log().includes('"system_event_invalid"'), SLOW);
    expect(lab.log()).not.toContain('system_shuts_down');
    const child = app.electron.process();
    const exited = once(child, 'exit');
    const announcedMonotonicMs = performance.now();
    signal([['b', true]]);
    await until('the start of the end', () => lab.log().includes('"system_shuts_down"'), SLOW);
    if (child.exitCode === null) expect(lock.pid()).toBe(pid);
    expect((await within('the end of the app', exited, SLOW))[0]).toBe(0);
    expect(performance.now() - announcedMonotonicMs).toBeLessThan(5000);
    expect(lab.log()).toContain('"to":"stopping"');
    expect(lab.log()).toContain('"event":"stopped"');
    await until('the lock to be free', () => lock.pid() === null, SLOW);
    await until('no process of the app to be left', () => lab.processes().length === 0, SLOW);
  });

  test('login: the entry starts the app in the tray; Open shows the window, Quit ends the app in order', async () => {
    const ends = () => lab.log().split('"event":"stopped"').length - 1;
    const before = ends();
    const forTests = { MUSTER_NODE_EXEC: process.execPath, MUSTER_SERVER_ANNOUNCE: 'false', MUSTER_AGENT_SIMULATE_GPU: 'RTX 4090:24' };
    const variables = Object.entries({ ...env(), ...forTests });
    const assignments = variables.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
    session.start('env', ...assignments, 'gio', 'launch', autostart());
    tray = await session.waitForTray();
    await until('the node to be available', () => tray.tooltip().startsWith('Muster: available'), SLOW);
    expect(session.windows()).toEqual([]);
    await picture('After the login: in the tray, without a window');
    tray.click('Open Muster');
    await until('the window', () => session.windows().some((title) => title.endsWith('Muster')), SLOW);
    tray.click('Quit');
    await until('the end of the app', () => lab.processes().length === 0, SLOW);
    // The app and the hosted scheduler.
    expect(ends()).toBe(before + 2);
  });
});
