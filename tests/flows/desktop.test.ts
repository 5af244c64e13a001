// The desktop app in a real Electron: each page does its main act; a setting restarts the scheduler; this computer leaves and changes its pool.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hrefOf, type PageName } from '../../src/renderer/routes';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { FlowPool, flowConfig, MODEL } from '../support/flow-pool';
import { MusterLab } from '../support/muster-process';
import { requireDesktop } from '../support/requirements';
import { openOllama } from '../support/stand-ins/ollama';
import type { StandIn } from '../support/stand-ins/stand-in';
import { until } from '../support/until';
import { unzip } from '../support/unzip';

const { missing } = requireDesktop();
/** The time within which leaving can be undone. */
const UNDO_MS = 10_000;

let lab: DesktopLab;
let others: MusterLab;
let ollama: StandIn;
let app: DesktopApp;
let problems: string[];

beforeEach(async () => {
  lab = new DesktopLab();
  others = new MusterLab();
  ollama = await openOllama({ loaded: true });
  lab.configure(flowConfig(ollama));
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await app.screenshot(`flow-${task.name.slice(0, 12).replaceAll(/\W/g, '-')}`).catch(() => undefined);
  await others.close();
  await lab.close();
  await ollama.close();
});

async function launch(): Promise<Page> {
  app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  problems = [];
  app.page.on('pageerror', (error) => problems.push(error.message));
  app.page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  await app.waitForHero('Available');
  return app.page;
}

test.skipIf(missing)('each page opens and does its main act, without an error in the console', async () => {
  const page = await launch();
  const dialog = page.getByRole('dialog');

  await app.open('Try it');
  await page.getByRole('textbox', { name: 'Message' }).fill('Are you there?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('article').last().getByText('The node is ready.').waitFor();

  await app.open('Connect programs');
  await page.getByRole('button', { name: 'Test it' }).click();
  await page.getByText(/^Works: .* answered in/).waitFor();

  await app.open('Models');
  await page.getByRole('button', { name: `Unload: ${MODEL}`, exact: true }).click();
  await page.getByRole('button', { name: `Load: ${MODEL}`, exact: true }).click();
  await page.getByRole('button', { name: `Unload: ${MODEL}`, exact: true }).waitFor();

  await app.open('GPUs');
  await page.getByRole('button', { name: 'Less: VRAM limit of RTX 4090' }).click();
  await until('the limit to be in the file', () => configText().includes('vram_limits_gb'));

  await app.open('Nodes');
  const ownRow = page.getByRole('row').filter({ hasText: 'RTX 4090' });
  await ownRow.getByRole('checkbox').check();
  await page.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'Drain…' }).click();
  await dialog.getByRole('button', { name: 'Drain', exact: true }).click();
  await ownRow.getByText('Paused').first().waitFor();
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
  await ownRow.getByText('Available').first().waitFor();

  await app.open('Members');
  await page.getByRole('button', { name: 'New key for a program…' }).click();
  await dialog.getByLabel('Name of the program or person').fill('open-webui');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await dialog.getByText('The key is shown only now.').waitFor();
  const key = await dialog.locator('code').first().innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await app.open('Settings');
  const limit = page.getByRole('textbox', { name: 'GPU limit' });
  await limit.fill('45');
  await limit.press('Enter');
  await page.getByText('Applied, was not set').waitFor();

  await go('pool');
  await page.getByText('24 h', { exact: true }).click();
  await page.getByRole('region', { name: 'Last 24 hours' }).waitFor();

  await app.open('Jobs');
  await page.getByRole('link', { name: 'Explain a request…' }).click();
  await page.getByRole('combobox', { name: 'Model' }).fill(MODEL);
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByText(/^The job would go to /).waitFor();

  await app.open('Usage');
  await page.getByText('Models', { exact: true }).last().click();
  await page.getByRole('row').filter({ hasText: MODEL }).waitFor();

  await go('cluster');
  await page.getByText('One scheduler runs this pool').waitFor();

  await go('setup');
  await page.getByRole('button', { name: 'Finish setup' }).click();
  await go('computer');
  await app.hero().filter({ hasText: 'Available' }).waitFor();

  await app.open('Logs');
  const saved = path.join(lab.folder, 'diagnostics.zip');
  await app.electron.evaluate(({ dialog: dialogs }, filePath) => {
    dialogs.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, saved);
  await page.getByRole('button', { name: 'Export diagnostics…' }).click();
  await dialog.getByRole('list', { name: 'Files of the report' }).getByRole('listitem').first().waitFor();
  await dialog.getByRole('button', { name: 'Save as ZIP…' }).click();
  await page.getByText(`Diagnostics saved to ${saved}`).waitFor();
  const contents = [...unzip(readFileSync(saved)).values()].join('\n');
  expect(contents).toContain('node_registered');
  const owner = readFileSync(path.join(lab.dataDir, 'admin-token'), 'utf8').trim();
  for (const secret of [key, owner]) expect(contents).not.toContain(secret);
  expect(problems).toEqual([]);
  expect(await app.quit()).toBe(0);
});

/** Two pages have the title Overview, and two have no entry in the navigation. */
const go = (name: PageName): Promise<void> =>
  app.page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    hrefOf({ page: name }),
  );

const configText = (): string => readFileSync(path.join(lab.dataDir, 'config.toml'), 'utf8');

test.skipIf(missing)(
  'setting of the scheduler: changed -> question, scheduler restarted, both nodes return, new value in use',
  async () => {
    const page = await launch();
    const { host } = await app.state();
    const { stdout } = await others.run(['invite', '--name', 'rack-1', '--json', '--url', host?.url ?? '', '--data-dir', lab.dataDir]);
    const { link } = JSON.parse(stdout) as { readonly link: string };
    const argv = ['--data-dir', others.dataDir('rack-1', flowConfig()), '--name', 'rack-1', '--simulate-gpu', 'RTX 3060:12'];
    const member = others.start(['join', link, ...argv]);
    await member.line('node_status_received', { status: 'ready' });
    const from = member.lines.length;

    await app.open('Settings');
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('scheduler.max_nodes');
    const field = page.getByRole('textbox', { name: 'Maximum nodes' });
    await field.fill('50');
    await field.press('Enter');
    await page.getByText('1 change waits for a restart of the scheduler').waitFor();
    await page.getByRole('button', { name: 'Restart the scheduler now…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restart the scheduler?' });
    await dialog.getByText('2 connected nodes reconnect within seconds.').waitFor();
    await dialog.getByRole('button', { name: 'Restart', exact: true }).click();
    await member.line('node_status_received', { status: 'ready' }, from);
    await until(
      'both nodes to be ready',
      async () => (await app.state()).nodes.map(({ status }) => status).join() === 'ready,ready',
      20_000,
    );
    await page.getByText('1 change waits for a restart of the scheduler').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('50');
    expect(problems).toEqual([]);
    expect(await app.quit()).toBe(0);
  },
);

async function joinPool(page: Page, pool: FlowPool): Promise<void> {
  await app.open('Pool');
  await page.getByLabel('Join link or address').fill(await pool.invite('guest'));
  await page.getByRole('button', { name: 'Join…', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('button', { name: 'Leave the pool…' }).waitFor({ timeout: 30_000 });
}
const linkState = async (): Promise<string> => (await app.state()).agent?.link.state ?? 'none';

test.skipIf(missing)('leave: undone within 10 s -> still a member; not undone -> left after 10 s', async () => {
  const page = await launch();
  const pool = await FlowPool.open();
  try {
    await joinPool(page, pool);
    const leave = page.getByRole('button', { name: 'Leave the pool…' });
    const ask = async (): Promise<void> => {
      await leave.click();
      await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
      await page.getByText(/^Leaving /).waitFor();
    };
    await ask();
    await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => leave.isEnabled()).toBe(true);
    expect(await linkState()).toBe('connected');

    const askedMonotonicMs = performance.now();
    await ask();
    // The undone one would have been sent before.
    await until('this computer to have left', async () => (await linkState()) === 'idle', 2 * UNDO_MS);
    expect(performance.now() - askedMonotonicMs).toBeGreaterThan(UNDO_MS);
    await page.getByText('No pool', { exact: true }).first().waitFor();
    expect(problems).toEqual([]);
    expect(await app.quit()).toBe(0);
  } finally {
    await pool.close();
  }
});

test.skipIf(missing)('switcher: from the joined pool to the own one, and back -> connected to each, the key is kept', async () => {
  const page = await launch();
  const pool = await FlowPool.open();
  try {
    await joinPool(page, pool);
    const choose = async (item: string | RegExp, button: string): Promise<void> => {
      await page.getByTitle('Switch pool').click();
      await page.getByRole('menuitem', { name: item }).click();
      await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 40_000 });
    };
    await choose(/hosted here/, 'Start');
    await until(
      'the own pool to run',
      async () => (await app.state()).host?.state === 'running' && (await linkState()) === 'connected',
      20_000,
    );
    await choose(new RegExp(`127\\.0\\.0\\.1:${String(pool.port)}`), 'Switch');
    const joined = await until('the joined pool', async () => ((await linkState()) === 'connected' ? app.state() : null), 20_000);
    expect(joined.agent?.link).toMatchObject({ scheduler_url: expect.stringContaining(String(pool.port)) as string });
    // The own pool stops after the other one has accepted this computer.
    await until('the own pool to stop', async () => (await app.state()).host?.state === 'stopped', 20_000);
    await page.getByText('You contribute').waitFor();
    expect(problems).toEqual([]);
    expect(await app.quit()).toBe(0);
  } finally {
    await pool.close();
  }
});
