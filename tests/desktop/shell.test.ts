// The app beside its window, without a person: closing to the tray, start in the tray, and the end of the system's session. The tray and the
// notifications themselves are in tests/session.
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { inhibitLock } from '../support/inhibit-lock';
import { MockSystemBus, requireSystemBus } from '../support/mock-system-bus';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';
import { within } from '../support/within';

const LOGIND = 'org.freedesktop.login1';
const missing = requireDesktop().missing ?? requireSystemBus().missing;
let lab: DesktopLab;
beforeEach(() => {
  lab = new DesktopLab();
});
afterEach(() => lab.close());

const isVisible = ({ electron }: DesktopApp) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()));

test.skipIf(missing)('close: on_close = tray -> window hidden, node goes on; SIGTERM -> exit code 0, no process left', async () => {
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'], env: { MUSTER_DESKTOP_ON_CLOSE: 'tray' } });
  await app.waitForHero(/Registering|Available/);
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.close();
  });
  await until('the hidden window', async () => !(await isVisible(app)).includes(true));
  expect(await isVisible(app)).toEqual([false]);
  await until('the node to be available', async () => (await app.state()).nodes[0]?.availability?.state === 'available', 20_000);
  const child = app.electron.process();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await within('the end of the app', exited))[0]).toBe(0);
  expect(lab.log()).toContain('"event":"stopped"');
  await until('no process of the app to be left', () => lab.processes().length === 0);
});

test.skipIf(missing)(
  'start in the tray: window not shown; second start shows it; system shutdown -> drained, lock held until the exit; malformed signals change nothing',
  async () => {
    const bus = await MockSystemBus.open([LOGIND]);
    try {
      const lock = inhibitLock(path.join(lab.folder, 'inhibit'));
      const env = { ...bus.env, PATH: `${lock.folder}:${process.env['PATH'] ?? ''}` };
      const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24', '--background'], env });
      expect(await isVisible(app)).toEqual([false]);
      expect((await lab.runToEnd()).code).toBe(0);
      await until('the window', async () => (await isVisible(app)).every(Boolean));

      await app.waitForHero(/Registering|Available/);
      await until('the lock', () => lock.pid() !== null);
      expect(lock.arguments()).toContain('--what=shutdown --mode=delay');
      const announce = (...body: readonly (readonly ['b', boolean] | readonly ['s', string])[]) =>
        bus.emit({ path: '/org/freedesktop/login1', name: `${LOGIND}.Manager`, member: 'PrepareForShutdown', body });
      announce(['s', 'true']);
      announce();
      announce(['b', true], ['b', true]);
      await until('the refused signals', () => lab.log().split('"system_event_invalid"').length === 4, 20_000);
      expect(lab.log()).not.toContain('system_shuts_down');

      const child = app.electron.process();
      const exited = once(child, 'exit');
      // The lock ends with the app, which therefore cannot end before the lock is read here.
      const lockAtStop = until('the stop of the agent', () => lab.log().includes('"to":"stopping"') && { pid: lock.pid() }, 20_000);
      announce(['b', true]);
      expect((await lockAtStop).pid).not.toBeNull();
      expect((await within('the end of the app', exited))[0]).toBe(0);
      expect(lab.log()).toContain('"event":"system_shuts_down"');
      expect(lab.log()).toContain('"event":"stopped"');
      await until('the lock to be free', () => lock.pid() === null);
    } finally {
      await bus.close();
    }
  },
);
