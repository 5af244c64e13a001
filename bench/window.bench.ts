// What the window costs, beside an empty Electron window in the same run: when the first page is painted after the start, and the processor
// time of the renderer and of the main process while the user does nothing. Linux only: the processor time of a process is read from procfs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DesktopLab } from '../tests/support/desktop-app';
import startDisplay from '../tests/support/desktop-display';
import { chromiumSwitches, requireDesktop } from '../tests/support/requirements';

const ROUNDS = 7;
const MAX_LATER_MS = 500;
const MS_PER_TICK = 10;
/** The work after the start ends: the first probes have run, the other pages are loaded, the engine has compiled what runs often. */
const SETTLE_MS = 60_000;
const IDLE_FOR_MS = 30_000;
const MAX_IDLE_PERCENT = 1;
const MAX_CHARTS_PERCENT = 5;

const { path: electronPath, missing } = requireDesktop();
const figures: Record<string, string>[] = [];
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const add = (figure: string, empty: number, muster: number, unit: string): void => {
  const text = (value: number): string => `${value.toPrecision(3)} ${unit}`;
  figures.push({ figure, empty: text(empty), muster: text(muster), load: loadavg()[0]?.toFixed(1) ?? '' });
};

/** An app with a window that shows one word. */
const EMPTY_MAIN = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } });
  void window.loadFile('index.html');
});`;

interface Started {
  readonly electron: ElectronApplication;
  readonly startedWallMs: number;
}

/** From the start of the process until the browser has painted content inside the element, in milliseconds (Largest Contentful Paint). */
async function paintedAfter({ electron, startedWallMs }: Started, selector: string): Promise<number> {
  const page = await electron.firstWindow();
  await page.waitForSelector(`${selector} *`);
  const paintedWallMs = await page.evaluate(
    (inside) =>
      new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          const paint = list
            .getEntries()
            .find((entry) => (entry as PerformanceEntry & { readonly element: Element | null }).element?.closest(inside));
          if (paint === undefined) return;
          observer.disconnect();
          resolve(performance.timeOrigin + paint.startTime);
        });
        observer.observe({ type: 'largest-contentful-paint', buffered: true });
      }),
    selector,
  );
  return paintedWallMs - startedWallMs;
}

interface Ticks {
  readonly main: number;
  readonly renderer: number;
}

async function ticksOf(electron: ElectronApplication): Promise<Ticks> {
  const metrics = await electron.evaluate(({ app }) => app.getAppMetrics().map(({ pid, type }) => ({ pid, type })));
  const ticks = (type: string): number =>
    metrics.filter((one) => one.type === type).reduce((total, { pid }) => total + ticksOfProcess(pid), 0);
  return { main: ticks('Browser'), renderer: ticks('Tab') };
}

/** User and system time, from /proc/PID/stat. The second field may have spaces, so the fields are counted after it. */
function ticksOfProcess(pid: number): number {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Percent of one core. */
async function useOf(electron: ElectronApplication): Promise<Ticks> {
  const before = await ticksOf(electron);
  const fromMonotonicMs = performance.now();
  await wait(IDLE_FOR_MS);
  const after = await ticksOf(electron);
  const percent = (ticks: number): number => (ticks * MS_PER_TICK * 100) / (performance.now() - fromMonotonicMs);
  return { main: percent(after.main - before.main), renderer: percent(after.renderer - before.renderer) };
}

describe.skipIf(process.platform !== 'linux' || missing !== undefined)('the window', () => {
  const emptyApp = mkdtempSync(path.join(tmpdir(), 'muster-empty-window-'));
  const lab = new DesktopLab();
  let stopDisplay: (() => Promise<void>) | undefined;

  const startEmpty = async (): Promise<Started> => {
    const startedWallMs = Date.now();
    const electron = await _electron.launch({
      executablePath: electronPath ?? '',
      args: [...chromiumSwitches(), emptyApp],
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
    });
    return { electron, startedWallMs };
  };
  const startMuster = async (): Promise<Started> => {
    const startedWallMs = Date.now();
    return { electron: await lab.start({ args: ['--simulate-gpu', 'RTX 4090:24'] }), startedWallMs };
  };

  beforeAll(async () => {
    stopDisplay = await startDisplay();
    writeFileSync(path.join(emptyApp, 'package.json'), '{ "name": "empty-window", "main": "main.js" }');
    writeFileSync(path.join(emptyApp, 'main.js'), EMPTY_MAIN);
    writeFileSync(path.join(emptyApp, 'index.html'), '<!doctype html><title>Empty</title><main><p>Empty</p></main>');
    // The intervals of a user, not those of the tests.
    lab.configure('[server]\nport = 0\n');
  });

  afterAll(async () => {
    console.table(figures);
    await lab.close();
    rmSync(emptyApp, { recursive: true, force: true });
    await stopDisplay?.();
  });

  test('start: the first page is painted at most half a second after an empty window', async () => {
    const [empty, muster]: [number[], number[]] = [[], []];
    // The first round fills the caches of the disk.
    for (let round = 0; round <= ROUNDS; round++) {
      const one = await startEmpty();
      const emptyMs = await paintedAfter(one, 'main');
      await one.electron.close();
      const other = await startMuster();
      const musterMs = await paintedAfter(other, 'main[data-page]');
      await other.electron.close();
      if (round === 0) continue;
      empty.push(emptyMs);
      muster.push(musterMs);
    }
    add('first page painted', median(empty), median(muster), 'ms');
    expect(median(muster) - median(empty)).toBeLessThan(MAX_LATER_MS);
  });

  test('idle: renderer and main process take less than 1% of a core; with charts the renderer takes less than 5%', async () => {
    const one = await startEmpty();
    await one.electron.firstWindow();
    await wait(SETTLE_MS);
    const empty = await useOf(one.electron);
    await one.electron.close();
    const { electron } = await startMuster();
    const page = await electron.firstWindow();
    await page.waitForSelector('main[data-page]');
    await page.evaluate(() => void (location.hash = '#/computer'));
    await wait(SETTLE_MS);
    const idle = await useOf(electron);
    await page.evaluate(() => void (location.hash = '#/gpus'));
    await page.waitForSelector('main[data-page="gpus"] canvas');
    await wait(SETTLE_MS / 12);
    const charts = await useOf(electron);
    await electron.close();
    add('renderer, overview', empty.renderer, idle.renderer, '%');
    add('main process, overview', empty.main, idle.main, '%');
    add('renderer, charts of GPUs', empty.renderer, charts.renderer, '%');
    add('main process, charts of GPUs', empty.main, charts.main, '%');
    expect(idle.renderer).toBeLessThan(MAX_IDLE_PERCENT);
    expect(idle.main).toBeLessThan(MAX_IDLE_PERCENT);
    expect(charts.renderer).toBeLessThan(MAX_CHARTS_PERCENT);
  });
});
