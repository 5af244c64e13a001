// What an owner does on the pages of this computer, in a real Chromium over a real `muster pool` with an Ollama.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { FlowPool, MODEL } from '../support/flow-pool';
import { OWNER_KEY } from '../support/http-api';
import { requireChromium } from '../support/requirements';
import { LAYER, type PullAnswer, pulling } from '../support/stand-ins/ollama';
import { until } from '../support/until';
import { unzip } from '../support/unzip';

const { missing } = requireChromium();
const WIDE = { viewport: { width: 1440, height: 900 } };
const DOWNLOADED = 'qwen3:8b';

let browser: Browser;
let flow: FlowPool;
let dashboard: Dashboard;
let pull: PullAnswer | null = null;

beforeAll(async () => {
  if (missing !== undefined) return;
  flow = await FlowPool.open({ loaded: false, pull: (_model, answer) => (pull = answer) });
  browser = await launchChromium();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await dashboard.screenshot(`flow-${task.name.slice(0, 12).replaceAll(/\W/g, '-')}`);
  await dashboard?.close();
});
afterAll(async () => {
  await browser?.close();
  await flow?.close();
});

const config = (): string => readFileSync(path.join(flow.dataDir, 'config.toml'), 'utf8');
const open = async (page: string): Promise<Dashboard> => Dashboard.open(browser, `${flow.url}/#/${page}`, WIDE);

test.skipIf(missing)('Models: download -> progress, paused, continued, ready, removed', async () => {
  dashboard = await open('models');
  const { page } = dashboard;
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Download…' }).click();
  await dialog.getByRole('textbox', { name: 'Name in the Ollama library' }).fill(DOWNLOADED);
  await dialog.getByText(/^fits in/).waitFor();
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = dashboard.row(DOWNLOADED);
  const first = await until('the download to begin', () => pull);
  first.line(pulling(LAYER, 4_000_000_000, 1_000_000_000));
  await row.getByText('25%').waitFor();

  await page.getByRole('button', { name: `Pause download: ${DOWNLOADED}` }).click();
  await row.getByText(/^Download paused/).waitFor();
  pull = null;
  await page.getByRole('button', { name: `Continue: ${DOWNLOADED}` }).click();
  const second = await until('the download to continue', () => pull);
  second.line(pulling(LAYER, 4_000_000_000, 3_000_000_000));
  await row.getByText('75%').waitFor();
  flow.state.pulled = [DOWNLOADED];
  second.line({ status: 'success' });
  second.end();
  await row.getByText('Loads on use').waitFor();

  await page.getByRole('button', { name: `More actions: ${DOWNLOADED}` }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await row.waitFor({ state: 'detached' });
  expect(flow.state.pulled).toEqual([]);
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)('Models: loaded, pinned, unpinned, unloaded; not shared -> no longer in the pool; shared again', async () => {
  dashboard = await open('models');
  const { page } = dashboard;
  const row = dashboard.row(MODEL);
  const menu = async (item: string): Promise<void> => {
    await page.getByRole('button', { name: `More actions: ${MODEL}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await page.getByRole('button', { name: `Load: ${MODEL}`, exact: true }).click();
  await until('the model to be loaded', () => flow.state.loaded);
  await page.getByRole('button', { name: `Unload: ${MODEL}`, exact: true }).waitFor();
  await menu('Pin');
  await until('the model to be pinned', () => flow.state.pinned === true);
  await page.getByRole('button', { name: `Unpin: ${MODEL}` }).click();
  await until('the model not to be pinned', () => flow.state.pinned === false);
  await page.getByRole('button', { name: `Unload: ${MODEL}`, exact: true }).click();
  await until('the model to be unloaded', () => !flow.state.loaded);

  await menu('Do not share');
  await row.getByText('Not shared').waitFor();
  const served = async (): Promise<string> =>
    (await fetch(`${flow.url}/v1/models`, { headers: { authorization: `Bearer ${OWNER_KEY}` } })).text();
  await expect.poll(served).not.toContain(MODEL);
  await menu('Share with the pool');
  await row.getByText('Not shared').waitFor({ state: 'detached' });
  await expect.poll(served).toContain(MODEL);
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)('GPUs: VRAM limit, not offered, offered again -> in the file and at the pool; ranges of the charts', async () => {
  dashboard = await open('gpus');
  const { page } = dashboard;
  const offer = page.getByRole('switch', { name: 'Offer RTX 3060 to the pool' });
  await page.getByRole('button', { name: 'Less: VRAM limit of RTX 3060' }).click();
  await until('the limit to be in the file', () => config().includes('vram_limits_gb'));
  for (const range of ['5 min', '24 h', '1 h']) {
    await page.getByRole('radiogroup', { name: 'Time span of the charts' }).getByText(range, { exact: true }).click();
    await page.getByRole('radio', { name: range }).and(page.locator(':checked')).waitFor({ state: 'attached' });
    await page.getByRole('figure', { name: 'Use of RTX 4090' }).waitFor();
  }
  await offer.click({ force: true });
  await page.getByText('Not offered by you').first().waitFor();
  await page.getByText('At least one GPU stays offered').waitFor();
  expect(await page.getByRole('switch', { name: 'Offer RTX 4090 to the pool' }).isDisabled()).toBe(true);
  await dashboard.openPage('nodes');
  await dashboard.row('attic').getByText('RTX 3060').waitFor({ state: 'detached' });
  await dashboard.openPage('gpus');
  await offer.click({ force: true });
  await page.getByText('Not offered by you').first().waitFor({ state: 'detached' });
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)('Logs: searched, filtered, paused, continued; diagnostics shown, then saved, without a secret', async () => {
  dashboard = await open('logs');
  const { page } = dashboard;
  const lines = page.getByRole('region', { name: 'Lines of the log, newest first' });
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('attic');
  await lines.getByText('Node attic registered').first().waitFor();
  await lines.getByText('Scheduler listens at').waitFor({ state: 'detached' });
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('');
  await page.getByRole('radiogroup', { name: 'Lowest level' }).getByText('Errors', { exact: true }).click();
  await page.getByText(/No line/).waitFor();
  await page.getByRole('radiogroup', { name: 'Lowest level' }).getByText('All', { exact: true }).click();
  await lines.getByText('Scheduler listens at').waitFor();

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  const refused = await fetch(`${flow.url}/api/v1/nodes`, { headers: { authorization: 'Bearer mk_wrong-key' } });
  expect(refused.status).toBe(401);
  await page.getByText(/^Paused\. \d+ new line/).waitFor();
  expect(await lines.getByText('Wrong key from').count()).toBe(0);
  await page.getByRole('button', { name: 'Continue' }).click();
  await lines.getByText('Wrong key from').first().waitFor();

  await page.getByRole('button', { name: 'Export diagnostics…' }).click();
  const dialog = page.getByRole('dialog');
  const files = dialog.getByRole('list', { name: 'Files of the report' }).getByRole('listitem');
  await files.first().waitFor();
  const shown = await files.getByRole('button').allInnerTexts();
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download ZIP' }).click();
  const saved = unzip(readFileSync(await (await saving).path()));
  expect([...saved.keys()].map((name) => name.split('/').at(-1))).toEqual(shown.map((text) => text.split('\n')[0]));
  const everything = [...saved.values()].join('\n');
  expect(everything).toContain('node_registered');
  for (const secret of [OWNER_KEY, 'mk_wrong']) expect(everything).not.toContain(secret);
  expect(dashboard.unexpectedMessages()).toEqual([]);
});
