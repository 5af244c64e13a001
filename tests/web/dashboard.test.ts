// The dashboard that the headless program serves, in a real Chromium: it shows each change of a real pool with its reason.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { MusterLab } from '../support/muster-process';
import { withoutGpu } from '../support/no-gpu';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const GPU = ['--simulate-gpu', 'RTX 4090:24'];

/** Nodes are ready within seconds. A busy test machine may pause for `heartbeatTimeoutSeconds` without a node going offline. */
/** No limit of the load: the load of the test machine must not decide whether a node is available. */
const config = (heartbeatTimeoutSeconds = 15) => `
[server]
port = 0
[scheduler]
status_push_interval_seconds = 1
required_models = ["example-greeting"]
[scheduler.load_balancer]
resource_threshold = 100
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = ${String(heartbeatTimeoutSeconds)}
`;

let browser: Browser;
let lab: MusterLab;
let opened: Dashboard[];
beforeAll(async () => {
  if (missing === undefined) browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(() => {
  lab = new MusterLab();
  opened = [];
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await opened.at(-1)?.screenshot('failed');
  await Promise.all(opened.map((dashboard) => dashboard.close()));
  await lab.close();
});

/** A key that may only send jobs. */
async function clientKey(url: string, owner: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'editor', roles: ['client'] }),
  });
  return ((await response.json()) as { readonly key: string }).key;
}

async function open(...args: Parameters<typeof Dashboard.open> extends [Browser, ...infer Rest] ? Rest : never): Promise<Dashboard> {
  const dashboard = await Dashboard.open(browser, ...args);
  opened.push(dashboard);
  return dashboard;
}

const weightsIn = (dataDir: string) => path.join(dataDir, 'models', 'greeting', 'greeting.txt');

describe.skipIf(missing !== undefined)('dashboard of a headless program', () => {
  test('node: warm-up, broken model, repaired model, drain, resume -> each status shown with its reason', async () => {
    const folder = lab.dataDir('pool', config());
    const weights = weightsIn(folder);
    renameSync(weights, `${weights}.away`);
    const url = await lab.start(['pool', '--data-dir', folder, ...GPU]).url();
    const dashboard = await open(url);

    await dashboard.waitForHero('Registering: 0 of 3 checks passed');
    await dashboard.waitForText('Model not ready');
    await dashboard.screenshot('overview-registering');
    renameSync(`${weights}.away`, weights);
    await dashboard.waitForHero('Available');
    const titles = await dashboard.heroTitles();
    const warming = titles.map((title) => /Registering: (\d) of 3 checks/.exec(title)?.[1]).filter((passed) => passed !== undefined);
    expect(warming).toEqual([...warming].sort());
    expect(titles.at(-1)).toContain('Available');
    await dashboard.waitForText(`by the scheduler on this computer (${new URL(url).host})`);
    await dashboard.waitForText('slots in use');
    await dashboard.screenshot('overview-ready');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    for (const name of ['computer', 'gpus', 'nodes']) {
      await dashboard.openPage(name);
      await dashboard.waitForText(/^Simulated/);
      await dashboard.foot().getByText('Simulated GPU').waitFor();
      await dashboard.screenshot(`${name}-simulated`);
    }

    await dashboard.openPage('computer');
    const content = readFileSync(weights);
    appendFileSync(weights, 'more than there should be');
    await dashboard.waitForHero('Degraded: no new jobs');
    await dashboard.waitForText('Model not ready');
    await dashboard.waitForText('the pool requires example-greeting');
    await dashboard.screenshot('overview-degraded');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    writeFileSync(weights, content);
    await dashboard.waitForHero('Available');
    await dashboard.openPage('nodes');
    await dashboard.page.getByRole('link', { name: /^Details of / }).click();
    const drawer = dashboard.page.getByRole('dialog');
    await drawer.getByText('Health checks pass again').first().waitFor();
    await dashboard.page.getByRole('button', { name: 'Drain…' }).click();
    await dashboard.page.getByLabel('Note for the owner of the node (optional)').fill('a new fan');
    await dashboard.page.getByRole('button', { name: 'Drain', exact: true }).click();
    await drawer.getByText('Drained, all jobs finished').waitFor();
    await drawer.getByText('Drained by an operator: a new fan').first().waitFor();
    await dashboard.screenshot('nodes-drained');
    await drawer.getByRole('button', { name: 'Close' }).click();
    await dashboard.openPage('computer');
    await dashboard.waitForHero('Paused: drained by an operator');
    await dashboard.screenshot('overview-drained');
    await dashboard.page.getByRole('button', { name: 'End the drain' }).click();
    await dashboard.waitForHero('Available');
    expect(dashboard.unexpectedMessages()).toEqual([]);
  }, 120_000);

  test('node ready -> shown in both languages and both themes', async () => {
    const url = await lab.start(['pool', '--data-dir', lab.dataDir('pool', config()), ...GPU]).url();
    for (const { locale, ready } of [
      { locale: 'en-US', ready: /^Available/ },
      { locale: 'zh-CN', ready: /^可用/ },
    ]) {
      const dashboard = await open(url, { locale });
      await dashboard.waitForHero(ready);
      expect(await dashboard.page.evaluate(() => document.documentElement.lang)).toBe(locale === 'zh-CN' ? locale : 'en');
      for (const colorScheme of ['light', 'dark'] as const) {
        await dashboard.page.emulateMedia({ colorScheme });
        await dashboard.page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
        await dashboard.screenshot(`overview-ready-${locale}-${colorScheme}`);
      }
      expect([await dashboard.accessibilityViolations(), dashboard.unexpectedMessages()]).toEqual([[], []]);
    }
  });

  test('scheduler without an agent: two nodes, one killed -> listed, shown as offline, exclusions of both explained', async () => {
    const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('scheduler', config(4))]);
    const url = await scheduler.url();
    const startAgent = (name: string, gpu: string) =>
      lab.start(['agent', '--data-dir', lab.dataDir(name), '--scheduler', url, '--simulate-gpu', gpu, '--name', name]);
    const dashboard = await open(`${url}#/nodes`);
    await dashboard.waitForText('No computer has joined this pool yet.');
    startAgent('attic', 'RTX 4090:24');
    const cellar = startAgent('cellar', 'H100:80,H100:80');
    for (const [name, gpus] of [
      ['attic', 'RTX 4090'],
      ['cellar', '2 × H100'],
    ] as const) {
      await dashboard.row(name).filter({ hasText: 'Available' }).filter({ hasText: gpus }).filter({ hasText: 'Simulated' }).waitFor();
    }
    await dashboard.waitForText(/2 simulated$/);
    await dashboard.screenshot('nodes-of-a-scheduler');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    await cellar.end('SIGKILL');
    await dashboard.row('cellar').filter({ hasText: 'Offline' }).filter({ hasText: 'No heartbeat' }).waitFor();
    await dashboard.row('attic').filter({ hasText: 'Available' }).waitFor();
    await dashboard.screenshot('nodes-one-offline');

    await dashboard.page.evaluate(() => (window.location.hash = '#/jobs/explain'));
    await dashboard.page.getByRole('combobox', { name: 'Model', exact: true }).fill('no-such-model');
    await dashboard.page.getByRole('button', { name: 'Explain', exact: true }).click();
    await dashboard.waitForText('No node can take this job now.');
    await dashboard.row('attic').filter({ hasText: 'Model not available' }).filter({ hasText: 'requires no-such-model' }).waitFor();
    await dashboard.row('cellar').filter({ hasText: 'Offline' }).filter({ hasText: 'No heartbeat for' }).waitFor();
    await dashboard.screenshot('dispatch-explained');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    expect(dashboard.unexpectedMessages()).toEqual([]);
  });

  test('program killed -> last known state shown, marked as old; started again -> reconnected without a reload', async () => {
    const folder = lab.dataDir('pool', config());
    const first = lab.start(['pool', '--data-dir', folder, ...GPU]);
    const url = await first.url();
    const dashboard = await open(url);
    await dashboard.waitForHero('Available');
    await first.end('SIGKILL');
    const alert = dashboard.page.getByRole('alert');
    await alert.filter({ hasText: /The connection to Muster was lost \d+\ss ago\. The page shows the last known state/ }).waitFor();
    await dashboard.waitForHero('Available');
    for (const part of [dashboard.page.getByRole('main'), dashboard.foot()]) expect(await part.getAttribute('data-stale')).toBe('');
    await dashboard.screenshot('overview-connection-lost');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    const again = lab.start(['pool', '--data-dir', folder, '--port', new URL(url).port, ...GPU]);
    await again.line('node_status_changed', { to: 'ready' });
    await alert.waitFor({ state: 'detached' });
    await dashboard.waitForHero('Available');
    expect(dashboard.unexpectedMessages({ offline: true })).toEqual([]);
  });

  test('code of a page and of the charts cannot be loaded once -> both load later, the page has its styles, no error', async () => {
    const folder = lab.dataDir('pool', config());
    const url = await lab.start(['pool', '--data-dir', folder, ...GPU]).url();
    const dashboard = await open(`${url}#/settings`);
    const { page } = dashboard;
    const failed = new Set<string>();
    await page.route(/\/assets\/(plot|GpusPage)-[^/]*\.js$/, (route) => {
      const file = route.request().url();
      if (failed.has(file)) return route.continue();
      failed.add(file);
      return route.abort();
    });
    // Without the parts that the window loaded while it was idle.
    await page.reload();
    await expect.poll(() => [...failed].filter((file) => file.includes('GpusPage')).length).toBe(1);
    await page.evaluate(() => (window.location.hash = '#/gpus'));
    await page.locator('canvas').first().waitFor();
    expect([...failed].filter((file) => file.includes('plot')).length).toBe(1);
    expect(await page.evaluate(() => document.querySelectorAll('link[rel=stylesheet]').length)).toBe(1);
    expect(dashboard.unexpectedMessages({ offline: true })).toEqual([]);
  });

  test('token: server not on loopback -> form; wrong token -> refused; right token -> kept for the tab', async () => {
    const folder = lab.dataDir('pool', config());
    const program = lab.start(['pool', '--data-dir', folder, '--host', '0.0.0.0', ...GPU]);
    const { port } = new URL(await program.url());
    const dashboard = await open(`http://127.0.0.1:${port}/`, { key: null });
    const { page } = dashboard;
    await dashboard.waitForText('This dashboard needs a key');
    expect(await page.getByText('RTX 4090').count()).toBe(0);
    await dashboard.screenshot('token-asked');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    const enter = async (token: string) => {
      await page.getByRole('textbox', { name: 'Key' }).fill(token);
      await page.getByRole('button', { name: 'Open the dashboard' }).click();
    };
    await enter('a-wrong-token');
    await dashboard.waitForText('The key is not valid.');
    await dashboard.screenshot('token-refused');
    const owner = readFileSync(path.join(folder, 'admin-token'), 'utf8');
    await enter(await clientKey(`http://127.0.0.1:${port}`, owner.trim()));
    await dashboard.waitForText('This key is for programs');
    await page.getByText(`http://127.0.0.1:${port}/v1`, { exact: true }).waitFor();
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    await enter(owner);
    await dashboard.waitForHero('Available');
    await page.reload();
    await dashboard.waitForHero('Available');
    const otherTab = await page.context().newPage();
    await otherTab.goto(page.url());
    await otherTab.getByText('This dashboard needs a key').waitFor();
    expect(dashboard.unexpectedMessages({ offline: true })).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('no GPU -> refusal, probed sources and fix shown', async () => {
    const pool = lab.start(['pool', '--data-dir', lab.dataDir('pool', config())], withoutGpu(path.join(lab.folder, 'bin')));
    const dashboard = await open(await pool.url());
    await dashboard.waitForHero('No usable GPU found');
    await dashboard.waitForText(/Install or restart the GPU driver/);
    await dashboard.page.getByRole('button', { name: 'Check again' }).waitFor();
    expect(await dashboard.page.getByTitle('For trying out Muster: not real hardware.').count()).toBe(0);
    await dashboard.screenshot('overview-no-gpu');
    expect([await dashboard.accessibilityViolations(), dashboard.unexpectedMessages()]).toEqual([[], []]);
    await dashboard.page.getByRole('link', { name: 'Show checks' }).click();
    await dashboard.waitForText('nvidia-smi');
  });
});
