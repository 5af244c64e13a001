// What an operator does on the pages of the pool, in a real Chromium over a real `muster pool` that two other computers have joined.
import { readFileSync } from 'node:fs';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { FlowPool } from '../support/flow-pool';
import { submitted } from '../support/job-pool';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const WIDE = { viewport: { width: 1440, height: 900 } };
const RACK = ['rack-1', 'rack-2'] as const;

let browser: Browser;
let flow: FlowPool;
let dashboard: Dashboard;

beforeAll(async () => {
  if (missing !== undefined) return;
  flow = await FlowPool.open();
  for (const name of RACK) await flow.join(name);
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

const open = async (page: string): Promise<Dashboard> => Dashboard.open(browser, `${flow.url}/#/${page}`, WIDE);
const bulk = (): Locator => dashboard.page.getByRole('region', { name: 'Selected rows' });
const toasts = (): Locator => dashboard.page.getByRole('region', { name: 'Messages' });
/** The control of a switch lies under its picture. */
const toggle = (control: Locator): Promise<void> => control.click({ force: true });
const send = (model_id: string): Promise<string> => submitted(flow.port, { task: { kind: 'command', model_id, input: 'Hello' } });
const job = (jobId: string): Locator =>
  dashboard.page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: dashboard.page.locator(`a[href*="${jobId}"]`) });

test.skipIf(missing)(
  'Nodes: two drained at once, undone, drained, resumed; tagged, filtered by tag and state; timeline in the drawer',
  async () => {
    dashboard = await open('nodes');
    const { page } = dashboard;
    const select = async (): Promise<void> => {
      for (const name of RACK) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
      await bulk().getByText('2 selected').waitFor();
    };
    const drain = async (): Promise<void> => {
      await bulk().getByRole('button', { name: 'Drain…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Drain', exact: true }).click();
      await toasts().getByText('2 nodes get no new jobs').waitFor();
      for (const name of RACK) await dashboard.row(name).getByText('Paused').first().waitFor();
    };
    await select();
    await drain();
    await toasts().getByRole('button', { name: 'Undo' }).click();
    for (const name of RACK) await dashboard.row(name).getByText('Available').first().waitFor();

    await drain();
    await page.getByRole('button', { name: /^Paused 2/ }).click();
    await dashboard.row('attic').waitFor({ state: 'detached' });
    await bulk().getByRole('button', { name: 'Resume' }).click();
    await toasts().getByText('2 nodes are resumed').waitFor();
    await page.getByRole('button', { name: /^All/ }).click();
    for (const name of RACK) await dashboard.row(name).getByText('Available').first().waitFor();

    await page.keyboard.press('Escape');
    await select();
    await bulk().getByRole('button', { name: 'Tag…' }).click();
    await page.getByRole('dialog').getByLabel('Tags', { exact: true }).fill('cellar');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await toasts().getByText('Tags of 2 nodes changed').waitFor();
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await page
      .getByRole('group', { name: 'Tag' })
      .getByRole('button', { name: /^cellar/ })
      .click();
    await dashboard.row('attic').waitFor({ state: 'detached' });
    await dashboard.row('rack-1').waitFor();

    await page.getByRole('link', { name: 'rack-1' }).click();
    const drawer = page.getByRole('dialog', { name: 'rack-1' });
    await drawer.getByText('cellar').first().waitFor();
    // The bar may have no period yet. The events are there at once.
    await drawer.getByRole('img', { name: /^Timeline: / }).waitFor();
    await drawer.getByRole('button', { name: /^All \d+ events/ }).click();
    for (const state of ['Available', 'Paused']) await drawer.getByRole('listitem').filter({ hasText: state }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove the filter Tag: cellar' }).click();
    await dashboard.row('attic').waitFor();
    expect(dashboard.unexpectedMessages()).toEqual([]);
  },
);

test.skipIf(missing)('Jobs: filtered, several cancelled at once, one sent again; list exported as CSV and JSON lines', async () => {
  const done = await send('echo');
  const running = await Promise.all([send('slow'), send('slow')]);
  const waiting = await send('no-such-model');
  dashboard = await open('jobs');
  const { page } = dashboard;
  await job(done).filter({ hasText: 'Done' }).waitFor();
  const search = page.getByRole('searchbox', { name: 'Model, node, key, job ID' });
  await search.fill('slow');
  for (const id of running) await job(id).filter({ hasText: 'Running' }).waitFor();
  await job(waiting).waitFor({ state: 'detached' });
  await search.fill('attic');
  await page.getByRole('button', { name: 'Only node attic' }).click();
  await job(done).waitFor();
  await page.getByRole('button', { name: 'Remove the filter Node: attic' }).click();
  await job(waiting).waitFor();

  for (const id of running) {
    await job(id).hover();
    await job(id).getByRole('checkbox').check();
  }
  await bulk().getByText('2 selected').waitFor();
  await bulk().getByRole('button', { name: 'Cancel jobs…' }).click();
  await page.getByRole('dialog', { name: 'Cancel 2 jobs?' }).getByRole('button', { name: 'Cancel the jobs' }).click();
  for (const id of running) await job(id).filter({ hasText: 'Cancelled' }).waitFor();

  const [first] = running;
  await job(first).getByRole('link').click();
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByText('Retry of').waitFor();
  const again = /job-[\w-]+/.exec(page.url())?.[0] ?? '';
  expect(again).not.toBe(first);
  await job(again).filter({ hasText: 'Running' }).waitFor();
  await page.getByRole('button', { name: 'Cancel the job…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
  await job(again).filter({ hasText: 'Cancelled' }).waitFor();

  const exported = async (format: string): Promise<string> => {
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('menuitem', { name: format }).click();
    return readFileSync(await (await saving).path(), 'utf8');
  };
  const csv = (await exported('CSV for spreadsheets')).trim().split('\n');
  const lines = (await exported('JSON lines'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly job_id: string });
  const all = [done, ...running, waiting, again].sort();
  expect(lines.map(({ job_id: id }) => id).sort()).toEqual(all);
  expect(csv.length).toBe(all.length + 1);
  for (const id of all) expect(csv.filter((line) => line.includes(id)).length, id).toBeGreaterThan(0);
  expect(csv.join('\n')).not.toContain('Hello');
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)('Explain: model on one node -> that node; dry run of its drain -> no node; the pool is unchanged', async () => {
  dashboard = await open('jobs');
  const { page } = dashboard;
  await page.getByRole('link', { name: 'Explain a request…' }).click();
  await page
    .getByRole('combobox', { name: 'Model' })
    .or(page.getByRole('textbox', { name: 'Model' }))
    .first()
    .fill('echo');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByText('The job would go to attic.').waitFor();
  await page.getByText('1 of 3 nodes can take the job.').waitFor();
  for (const name of RACK) await dashboard.row(name).getByText('Model not available: requires echo (not installed)').waitFor();
  await page.getByText('Another change').click();
  await page
    .getByRole('textbox', { name: 'Node' })
    .or(page.getByRole('combobox', { name: 'Node' }))
    .last()
    .click();
  await page.getByRole('option', { name: 'attic' }).click();
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  const run = page.getByRole('listitem').filter({ hasText: 'If attic is drained' });
  await expect.poll(() => run.count()).toBe(1);
  await run.getByText('No node could take the job').waitFor();
  await dashboard.openPage('nodes');
  await dashboard.row('attic').getByText('Available').first().waitFor();
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)('palette: opened by its keys -> node, page and model found, this computer paused; list of the shortcuts', async () => {
  dashboard = await open('nodes');
  const { page } = dashboard;
  const field = page.getByRole('combobox', { name: 'Search and commands' });
  const run = async (text: string, option: string | RegExp): Promise<void> => {
    await page.keyboard.press('Control+k');
    await field.fill(text);
    await page.getByRole('option', { name: option }).first().waitFor();
    await page.getByRole('option', { name: option }).first().click();
    await field.waitFor({ state: 'detached' });
  };
  await dashboard.row('rack-2').waitFor();
  await run('rack-2', /^rack-2/);
  await page.getByRole('dialog', { name: 'rack-2' }).waitFor();
  await page.keyboard.press('Escape');
  await run('logs', /^Logs/);
  await page.locator('main[data-page="logs"]').waitFor();
  await run('pause sharing', 'Pause sharing for 1 hour');
  await dashboard.foot().getByText('Paused').first().waitFor();
  await dashboard
    .foot()
    .getByText(/^Until/)
    .waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Shortcuts' }).getByText('Search pages, nodes, models and actions').waitFor();
  await page.keyboard.press('Escape');

  // The switch of the rail ends the pause.
  await toggle(dashboard.foot().getByRole('switch', { name: 'Share this computer' }));
  await dashboard.foot().getByText('Available').waitFor();
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)(
  'rail: paused for one hour by its menu, stopped by its switch, shared again -> so does the node in the pool',
  async () => {
    dashboard = await open('nodes');
    const { page } = dashboard;
    const foot = dashboard.foot();
    const shares = foot.getByRole('switch', { name: 'Share this computer' });
    // A click before the code of the menu is loaded opens it later.
    const clicked = Promise.withResolvers<undefined>();
    await page.route(/assets\/(shared|PauseMenu)/, async (route) => {
      await clicked.promise;
      await route.continue();
    });
    await page.reload();
    await foot.getByRole('button', { name: 'Pause for how long' }).click();
    clicked.resolve(undefined);
    await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
    await foot.getByText(/^Until \d/).waitFor();
    await dashboard.row('attic').getByText('Paused').first().waitFor();
    await toggle(shares);
    await dashboard.row('attic').getByText('Available').first().waitFor();
    await toggle(shares);
    await foot.getByText('Until you resume').waitFor();
    expect(await shares.isChecked()).toBe(false);
    await toggle(shares);
    await dashboard.row('attic').getByText('Available').first().waitFor();
    expect(dashboard.unexpectedMessages()).toEqual([]);
  },
);
