// The start and the end of the app: one app per data folder, a reason for every refused start, and no process left.
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DesktopLab } from '../support/desktop-app';
import { isLong } from '../support/repetitions';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';
import { within } from '../support/within';

const { missing } = requireDesktop();
let lab: DesktopLab;
beforeEach(() => {
  lab = new DesktopLab();
});
afterEach(() => lab.close());

test.skipIf(missing)('second start: same data folder -> ends at once, window of the first app shown', async () => {
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  });
  expect((await lab.runToEnd()).code).toBe(0);
  const isVisible = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()));
  await until('the window to be shown again', async () => (await isVisible()).every(Boolean));
  expect(await isVisible()).toEqual([true]);
  expect(await app.quit()).toBe(0);
});

test.skipIf(missing)('restart: window bounds and choice of pool are restored', async () => {
  const first = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await first.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 120, y: 90, width: 900, height: 640 });
  });
  await first.open('Pool');
  await first.page.getByRole('button', { name: 'Stop the pool…' }).click();
  await first.page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await first.page.getByRole('button', { name: 'Only on this computer' }).waitFor();
  expect(await first.quit()).toBe(0);
  expect(JSON.parse(readFileSync(path.join(lab.dataDir, 'app.json'), 'utf8'))).toEqual({ mode: 'none' });

  const second = await lab.launch();
  const bounds = await second.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(bounds).toEqual({ x: 120, y: 90, width: 900, height: 640 });
  await second.waitForHero('This computer is not in a pool yet');
  expect(lab.processes().filter((line) => line.includes('cli.js'))).toEqual([]);
  expect(await second.quit()).toBe(0);
});

test.skipIf(missing)('restart in a pool of another computer that does not answer -> the page of this computer, no first run', async () => {
  mkdirSync(lab.dataDir, { recursive: true });
  writeFileSync(path.join(lab.dataDir, 'app.json'), '{"mode":"joined","address":"http://127.0.0.1:9","join_token":null}');
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await app.page.getByRole('heading', { level: 1, name: 'This computer' }).waitFor();
  await until('the node to try its pool', async () => (await app.state()).agent?.link.state !== 'idle', 20_000);
  expect(app.page.url()).not.toContain('setup');
  expect(await app.quit()).toBe(0);
});

test.skipIf(missing)('start: invalid configuration -> exit code 3, file, line and key on stderr', async () => {
  lab.configure('[server]\nport = "many"\n');
  const { code, stderr } = await lab.runToEnd();
  expect(code).toBe(3);
  expect(stderr).toContain(`${path.join(lab.dataDir, 'config.toml')}:2: server.port:`);
});

test.skipIf(missing)('SIGTERM -> graceful disconnect, exit code 0, no process left', async () => {
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await app.waitForHero(/Registering|Available/);
  const child = app.electron.process();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await within('the end of the app', exited))[0]).toBe(0);
  expect(lab.log()).toContain('"to":"stopping"');
  await until('no process of the app to be left', () => lab.processes().length === 0);
});

describe.each(['SIGTERM', 'window closed'] as const)('%s during the start', (way) => {
  test.skipIf(missing).each(isLong ? [0, 50, 100, 150, 200, 300, 400, 600] : [0, 100, 300])(
    '%i ms after the first page arrives -> exit code 0, no refused start',
    async (afterMs) => {
      const electron = await lab.start({ args: ['--simulate-gpu', 'RTX 4090:24'] });
      const child = electron.process();
      const exited = once(child, 'exit');
      let stderr = '';
      child.stderr?.on('data', (text) => (stderr += String(text)));
      await electron.evaluate(
        ({ app, BrowserWindow }, { delayMs, by }) => {
          const end = (window: Electron.BrowserWindow): void => {
            if (by === 'SIGTERM') process.kill(process.pid, by);
            else window.close();
          };
          const follow = (window: Electron.BrowserWindow): unknown =>
            window.webContents.once('did-navigate', () => {
              if (delayMs === 0) end(window);
              else setTimeout(end, delayMs, window);
            });
          const [window] = BrowserWindow.getAllWindows();
          if (window === undefined) app.once('browser-window-created', (_event, created) => follow(created));
          else follow(window);
        },
        { delayMs: afterMs, by: way },
      );
      const [code] = (await within('the end of the app', exited)) as [number | null];
      expect({ code, refusal: /^muster: .*$/m.exec(stderr)?.[0] ?? null }).toEqual({ code: 0, refusal: null });
    },
  );
});

test.skipIf(missing)('app killed -> its scheduler ends', async () => {
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await until('the scheduler to run', () => lab.processes().some((line) => line.includes('cli.js scheduler')), 20_000);
  app.electron.process().kill('SIGKILL');
  await until('no process of the app to be left', () => lab.processes().length === 0, 10_000);
});

test.skipIf(missing)('hosted scheduler: cannot start -> error code and last log lines shown, app keeps running', async () => {
  mkdirSync(lab.dataDir, { recursive: true });
  writeFileSync(path.join(lab.dataDir, 'scheduler.db'), 'this is no database and must stay unchanged'.repeat(100));
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await app.open('Pool');
  await app.page.getByText('DATABASE_UNREADABLE').first().waitFor({ state: 'attached' });
  await app.page.locator('summary', { hasText: 'Details' }).first().click();
  await app.page.getByText('Last log lines').first().waitFor();
  await app.screenshot('pool-host-failed');
  expect(readFileSync(path.join(lab.dataDir, 'scheduler.db'), 'utf8')).toContain('this is no database');
  expect(await app.quit()).toBe(0);
});

test.skipIf(missing)('no GPU -> refusal and probed sources shown; a simulated GPU by a click, and back', async () => {
  lab.installModel('small-llm', 'weights');
  const app = await lab.launch();
  await app.open('This computer');
  await app.page.getByText('No usable GPU found').first().waitFor({ timeout: 30_000 });
  await app.screenshot('overview-no-gpu');
  await app.page.getByRole('link', { name: 'Show checks' }).click();
  await app.page.getByText('nvidia-smi').first().waitFor();
  await app.page.getByRole('button', { name: 'Start with the processor' }).click();
  await app.waitForHero('Available');
  await app.page.getByText('The GPU of this computer is simulated.').waitFor();
  expect((await app.state()).nodes).toMatchObject([{ simulated: true, hardware: { gpus: [{ name: 'Simulated GPU', simulated: true }] } }]);
  await app.screenshot('overview-looking-around');
  await app.page.getByRole('button', { name: 'Return to the real hardware' }).click();
  await app.page.getByText('No usable GPU found').first().waitFor({ timeout: 30_000 });
  expect((await app.state()).agent).toMatchObject({ simulated: false, hardware: { gpus: [] } });
  expect(await app.quit()).toBe(0);
});

test.skipIf(missing)('utility processes of Electron: probe the hardware, run the scheduler, end with the app', async () => {
  lab.plugInH100();
  const app = await lab.launch({ ownChildren: true });
  await app.open('GPUs');
  await app.page.getByText('NVIDIA H100 80GB HBM3').first().waitFor({ timeout: 30_000 });
  const hosted = await until(
    'the scheduler to run or to fail',
    async () => {
      const { host } = await app.state();
      return host?.state === 'running' || host?.state === 'failed' ? host : null;
    },
    20_000,
  );
  // The Node of an older Electron has no node:sqlite. Then only the scheduler fails, and its log names the cause.
  if (hosted.state === 'failed') expect(hosted.last_log_lines.join()).toContain('node:sqlite');
  expect(await app.quit()).toBe(0);
  await until('no process of the app to be left', () => lab.processes().length === 0);
  expect(existsSync(path.join(lab.dataDir, 'agent.lock'))).toBe(false);
});

test.skipIf(missing)('start: invalid --simulate-gpu, or state folder in use -> start refused with the reason on stderr', async () => {
  const unclear = await lab.runToEnd(['--simulate-gpu', 'RTX 4090']);
  expect(unclear).toMatchObject({ code: 3, stderr: expect.stringContaining('"RTX 4090"') });
  writeFileSync(path.join(lab.dataDir, 'agent.lock'), JSON.stringify({ pid: process.pid, process_started_ms: 0 }));
  const taken = await lab.runToEnd();
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${String(process.pid)}`) });
});
