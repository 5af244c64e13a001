// The app in a whole desktop, as a person uses it beside its window: tray, closing, links, notifications, login, and the end of the session.
// The film strip is in artifacts/gallery/diaries/desktop.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { projectRoot } from '../../scripts/paths.mjs';
import type { AppApi, OperationName, OperationParams } from '../../src/shared/api/app-api';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { DesktopSession, requireSession, type TrayItemOnBus } from '../support/desktop-session';
import { writeCommandModel } from '../support/job-bench';
import { submitted } from '../support/job-pool';
import { inhibitLock, type InhibitLock } from '../support/inhibit-lock';
import { MockSystemBus, requireSystemBus } from '../support/mock-system-bus';
import { MusterLab } from '../support/muster-process';
import { InstallationStrip } from '../support/packages/installation-strip';
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
  const set = (key: string, value: string | boolean) => call('settings.set', { key, value });
  const config = () => readFileSync(path.join(lab.dataDir, 'config.toml'), 'utf8');
  const env = () => ({ ...session.env, ...bus.env, PATH: `${lock.folder}:${session.env['PATH'] ?? ''}`, MUSTER_NO_DIALOGS: undefined });

  beforeAll(async () => {
    session = await DesktopSession.open();
    bus = await MockSystemBus.open([LOGIND]);
    lock = inhibitLock(path.join(session.folder, 'bin'));
    lab = new DesktopLab();
    others = new MusterLab();
    writeCommandModel(path.join(lab.dataDir, 'models'), 'broken-model', { argv: ['false'] }, { kind: 'nmt' });
    app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'], env: env() });
    tray = await session.waitForTray();
  }, 120_000);
  afterAll(async () => {
    strip.end();
    await others.close();
    await lab.close();
    await bus.close();
    await session.close();
  });

  test('tray: state in tooltip and menu; Pause and Share change the sharing, in the language of the window', async () => {
    await until('the node to be available', () => tray.tooltip() === 'Muster: available, 0 of 4 slots in use', SLOW);
    await picture('The icon in the tray: available');
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

  test('window closed for the first time -> question; first button: hidden, kept in the settings, and the node goes on', async () => {
    session.closeWindow('Muster');
    await until('the question', () => session.windows().includes('Muster'), SLOW);
    await picture('The window is closed for the first time');
    // Escape keeps the window.
    session.press('Muster', 'Escape');
    await until('the question to be gone', () => !session.windows().includes('Muster'), SLOW);
    expect(await isVisible()).toBe(true);
    session.closeWindow('Muster');
    await until('the question again', () => session.windows().includes('Muster'), SLOW);
    session.press('Muster', 'Return');
    await until('the hidden window', async () => !(await isVisible()), SLOW);
    await until('the kept answer', () => /on_close = ["']tray["']/.test(config()), SLOW);
    expect(tray.tooltip()).toMatch(/^Muster: available/);
    await picture('The window is closed, the node goes on');
    expect(session.windows()).toEqual([]);
  });

  test('join link: xdg-open -> window of the running app with the link; forged link -> refused with a sentence', async () => {
    const electron = requireDesktop().path ?? '';
    session.registerScheme('muster', [electron, ...chromiumSwitches(), projectRoot, '--data-dir', lab.dataDir]);
    session.run('xdg-open', linkTo('10.99.0.1'));
    await until('the window', isVisible, SLOW);
    await until('the link', async () => (await app.page.getByLabel('Join link or address').inputValue()) === linkTo('10.99.0.1'), SLOW);
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
    const summaries = () => session.notifications().map(({ summary }) => summary);

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

  test('notifications: switched off in Settings -> none', async () => {
    expect(await set('desktop.notify_joined', false)).toMatchObject({ ok: true });
    const before = session.notifications().length;
    const { host } = await app.state();
    const dataDir = others.dataDir('second');
    others.start([
      'agent',
      '--scheduler',
      (host?.url ?? '').replace(/^http/, 'ws'),
      '--data-dir',
      dataDir,
      '--simulate-gpu',
      'A:16',
      '--name',
      'second',
    ]);
    await until('the node', async () => (await app.state()).nodes.some(({ name }) => name === 'second'), SLOW);
    expect(
      session
        .notifications()
        .slice(before)
        .map(({ summary }) => summary),
    ).not.toContain('second joined the pool');
  });

  test('login item: on -> the desktop reads the entry and starts the app in the tray; off -> no entry', async () => {
    const file = path.join(session.folder, '.config', 'autostart', 'app.muster.desktop.desktop');
    expect(existsSync(file)).toBe(false);
    await set('desktop.start_at_login', true);
    await until('the entry', () => existsSync(file));
    session.run('desktop-file-validate', file);
    expect(readFileSync(file, 'utf8')).toContain('--background');
    await set('desktop.start_at_login', false);
    await until('no entry', () => !existsSync(file));
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
    signal([['b', true]]);
    await until('the start of the end', () => lab.log().includes('"system_shuts_down"'), SLOW);
    if (child.exitCode === null) expect(lock.pid()).toBe(pid);
    expect((await within('the end of the app', exited, SLOW))[0]).toBe(0);
    expect(lab.log()).toContain('"to":"stopping"');
    expect(lab.log()).toContain('"event":"stopped"');
    await until('the lock to be free', () => lock.pid() === null, SLOW);
    await until('no process of the app to be left', () => lab.processes().length === 0, SLOW);
  });
});
