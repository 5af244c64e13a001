// The built renderer with a pool of 1,000 simulated nodes, one heartbeat per node each 15 s: the processor time of its process and
// the latency of interactions, in Chromium over server-sent events and in Electron over IPC. A pool of 5 nodes is the baseline.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../tests/support/dashboard';
import { chatTask } from '../tests/support/job-pool';
import { DesktopLab } from '../tests/support/desktop-app';
import startDisplay from '../tests/support/desktop-display';
import { MusterLab } from '../tests/support/muster-process';
import { requireChromium, requireDesktop } from '../tests/support/requirements';
import { until } from '../tests/support/until';
import { cpuPercent, type Interaction, latencies, type Latencies } from './renderer-page';

const HEARTBEAT_MS = 15_000;
const FEW_NODES = 5;
const MANY_NODES = 1000;
const CPU_WINDOW_MS = 20_000;
const MOST_CPU_PERCENT = 15;
const MOST_LATENCY_MS = 100;
const PAGES = ['nodes', 'jobs', 'pool'] as const;
const WAITING_JOBS = 4;
const CONFIG = `
[server]
port = 0
max_handshakes_per_address = 1000
max_new_nodes_per_minute = 5000
[scheduler.node_health]
heartbeat_interval_seconds = ${String(HEARTBEAT_MS / 1000)}
heartbeat_timeout_seconds = 60
warmup_timeout_seconds = 120
`;

const figures: Record<string, string | number>[] = [];
const cleanUps: (() => unknown)[] = [];
let stopDisplay: (() => Promise<void>) | undefined;
beforeAll(async () => {
  stopDisplay = await startDisplay();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
afterAll(async () => {
  console.table(figures);
  await stopDisplay?.();
});

interface Screen {
  readonly page: Page;
  /** The base URL of the scheduler. */
  readonly url: string;
  /** The processor time of the renderer's process so far, seconds. */
  readonly cpuSeconds: () => Promise<number>;
}

async function openInChromium(): Promise<Screen> {
  const lab = new MusterLab();
  cleanUps.push(() => lab.close());
  const url = await lab.start(['scheduler', '--data-dir', lab.dataDir('scheduler', CONFIG, { models: false })]).url();
  const browser = await launchChromium();
  cleanUps.push(() => browser.close());
  const { page } = await Dashboard.open(browser, url, { reducedMotion: 'no-preference' });
  const session = await browser.newBrowserCDPSession();
  const cpuSeconds = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  return { page, url, cpuSeconds };
}

async function openInElectron(): Promise<Screen> {
  const lab = new DesktopLab();
  cleanUps.push(() => lab.close());
  lab.configure(CONFIG);
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  const url = await until('the hosted scheduler to run', async () => (await app.state()).host?.url, 30_000);
  const cpuSeconds = (): Promise<number> =>
    app.electron.evaluate(({ app: electron }) =>
      electron
        .getAppMetrics()
        .filter(({ type }) => type === 'Tab')
        .reduce((sum, { cpu }) => sum + (cpu.cumulativeCPUUsage ?? NaN), 0),
    );
  return { page: app.page, url, cpuSeconds };
}

async function startNodes(url: string, count: number): Promise<void> {
  const program = path.join(import.meta.dirname, 'paced-nodes.mjs');
  const nodes: ChildProcess = spawn(
    process.execPath,
    [program, `${url.replace('http', 'ws')}/ws/node`, String(count), String(HEARTBEAT_MS)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  cleanUps.push(() => nodes.kill());
  await new Promise<void>((resolve, reject) => {
    nodes.stdout?.on('data', (data: Buffer) => {
      if (String(data).includes('ready')) resolve();
    });
    nodes.once('exit', (code) => reject(new Error(`the nodes' process ended with ${String(code)}`)));
  });
}

/** The switcher above the list also leads to the page of the pool. */
const linkTo = (page: Page, name: string) => page.locator(`nav li a[href="#/${name}"]`);

const goTo = async (page: Page, name: string): Promise<void> => {
  await linkTo(page, name).click();
  await page.locator(`nav li a[href="#/${name}"][aria-current="page"]`).waitFor();
};

/** Submits jobs that no node can run, so that the page explains every exclusion. */
async function submitWaitingJobs(url: string): Promise<void> {
  for (let job = 0; job < WAITING_JOBS; job++) {
    const body = JSON.stringify({ task: chatTask(`job ${String(job)}`, 'missing-model') });
    const response = await fetch(`${url}/api/v1/jobs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (response.status !== 202) throw new Error(`${String(response.status)} ${await response.text()}`);
  }
}

/** Opens waiting jobs beside the list: from the click to the reasons that exclude the nodes. */
async function* openJobs(page: Page): AsyncIterable<Interaction> {
  const open = 'main section[aria-label^="job-"]';
  await goTo(page, 'jobs');
  for (let round = 0; round < 10; round++) {
    const link = page.locator('main a[href^="#/jobs/job-"]').nth(round % WAITING_JOBS);
    yield { effect: { selector: `${open} a[href^="#/models"]` }, act: () => link.click() };
    await page.keyboard.press('Escape');
    await page.locator(open).waitFor({ state: 'detached' });
  }
}

/** Explains a job without requirements, on the Jobs page. */
async function* explain(page: Page): AsyncIterable<Interaction> {
  for (let round = 0; round < 10; round++) {
    await goTo(page, 'nodes');
    await goTo(page, 'jobs');
    await page.locator('main a[href^="#/jobs/explain"]').click();
    const button = page.locator('main form button[type="submit"]');
    yield { effect: { selector: 'main section:has(form) p[role="status"]' }, act: () => button.click() };
  }
}

/** Opens the drawers of nodes in view. Closing a drawer is not measured. */
async function* openDrawers(page: Page): AsyncIterable<Interaction> {
  await goTo(page, 'nodes');
  for (let round = 0; round < 10; round++) {
    const link = page.locator('main tbody a').nth(round % 4);
    const name = await link.innerText();
    yield { effect: { selector: '[role="dialog"]', text: name }, act: () => link.click() };
    await page.keyboard.press('Escape');
    await page.locator('[role="dialog"]').waitFor({ state: 'detached' });
  }
}

/** Types "80g" into the search. Each key leaves fewer nodes. */
async function* typeInSearch(page: Page): AsyncIterable<Interaction> {
  await goTo(page, 'nodes');
  const field = page.getByRole('searchbox');
  for (let round = 0; round < 4; round++) {
    for (const key of ['8', '0', 'g']) {
      const count = await page.locator('main table').getAttribute('aria-rowcount');
      yield { effect: { selector: `main table:not([aria-rowcount="${String(count)}"])` }, act: () => field.press(key) };
    }
    await field.fill('');
  }
}

async function* changePage(page: Page): AsyncIterable<Interaction> {
  await goTo(page, 'nodes');
  const pages = { nodes: 'main tbody tr', pool: 'main dl', jobs: 'main section' };
  for (let round = 0; round < 3; round++) {
    for (const [name, selector] of Object.entries(pages)) {
      yield { effect: { selector }, act: () => linkTo(page, name).click() };
    }
  }
}

async function* sortColumns(page: Page): AsyncIterable<Interaction> {
  await goTo(page, 'nodes');
  for (let round = 0; round < 6; round++) {
    const column = page.locator('main th button[data-order]').nth(round % 3);
    const order = await column.getAttribute('data-order');
    const place = await column.evaluate((button) =>
      Array.from(button.closest('tr')?.children ?? []).findIndex((cell) => cell.contains(button)),
    );
    const next = order === 'none' ? 'ascending' : order === 'ascending' ? 'descending' : 'none';
    yield { effect: { selector: `main th:nth-child(${String(place + 1)})[aria-sort="${next}"]` }, act: () => column.click() };
  }
}

interface Measured {
  readonly cpu: Readonly<Record<string, number>>;
  readonly latency: Readonly<Record<string, Latencies>>;
}

async function measure({ page, cpuSeconds }: Screen, isMany: boolean): Promise<Measured> {
  const cpu: Record<string, number> = {};
  for (const name of PAGES) {
    await goTo(page, name);
    cpu[name] = await cpuPercent(cpuSeconds, CPU_WINDOW_MS);
  }
  return {
    cpu,
    latency: {
      'open a node drawer': await latencies(page, openDrawers(page)),
      'open a waiting job': await latencies(page, openJobs(page)),
      'explain a job': await latencies(page, explain(page)),
      'sort a column': await latencies(page, sortColumns(page)),
      ...(isMany ? { 'type in the search': await latencies(page, typeInSearch(page)) } : {}),
      'change the page': await latencies(page, changePage(page)),
    },
  };
}

function report(place: string, few: Measured, many: Measured): void {
  for (const [name, value] of Object.entries(many.cpu)) {
    const base = few.cpu[name] ?? NaN;
    figures.push({ figure: `${place}: CPU on ${name}, %`, few: base.toFixed(1), many: value.toFixed(1), ratio: (value / base).toFixed(1) });
  }
  for (const [name, { p50Ms, p90Ms, maxMs }] of Object.entries(many.latency)) {
    const base = few.latency[name]?.p50Ms;
    figures.push({
      figure: `${place}: ${name}, ms p50 (p90, max)`,
      few: base === undefined ? '' : base.toFixed(0),
      many: `${p50Ms.toFixed(0)} (${p90Ms.toFixed(0)}, ${maxMs.toFixed(0)})`,
      ratio: base === undefined ? '' : (p50Ms / base).toFixed(1),
    });
  }
}

test.each([
  { place: 'Chromium, SSE', open: openInChromium, missing: requireChromium().missing },
  { place: 'Electron, IPC', open: openInElectron, missing: requireDesktop().missing },
])('$place: 1,000 nodes -> CPU below 15% of a core, interactions below 100 ms', async ({ place, open, missing }) => {
  if (missing !== undefined) throw new Error(missing);
  const screen = await open();
  await startNodes(screen.url, FEW_NODES);
  await submitWaitingJobs(screen.url);
  const few = await measure(screen, false);
  await startNodes(screen.url, MANY_NODES - FEW_NODES);
  await goTo(screen.page, 'nodes');
  await screen.page.locator('main table[aria-rowcount]').waitFor();
  const many = await measure(screen, true);
  report(place, few, many);
  expect(Math.max(...Object.values(many.cpu))).toBeLessThan(MOST_CPU_PERCENT);
  expect(Math.max(...Object.values(many.latency).map(({ maxMs }) => maxMs))).toBeLessThan(MOST_LATENCY_MS);
});
