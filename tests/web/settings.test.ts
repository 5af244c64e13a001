// The Settings page of a headless program, in a real Chromium with a real pool: a limit is written to the file and reaches the node, a
// wrong value is not sent, Undo writes the old text back, and an edit by hand appears.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { MusterLab } from '../support/muster-process';
import { requireChromium } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requireChromium();
const GPU = ['--simulate-gpu', 'RTX 4090:24'];
const CONFIG =
  '# mine\n[server]\nport = 0 # any\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\n\n# about this computer\n[agent]\nname = "bench" # n\n';

let browser: Browser;
let lab: MusterLab;
let dashboard: Dashboard;
beforeAll(async () => {
  if (missing === undefined) browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(() => {
  lab = new MusterLab();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await dashboard.screenshot('settings-failed');
  await dashboard.close();
  await lab.close();
});

describe.skipIf(missing !== undefined)('settings', () => {
  test('limit changed, undone, edited by hand; wrong value refused; search', async () => {
    const folder = lab.dataDir('pool', CONFIG);
    const file = path.join(folder, 'config.toml');
    const url = (await lab.start(['pool', '--data-dir', folder, ...GPU]).url()).replace(/\/$/, '');
    dashboard = await Dashboard.open(browser, url);
    const { page } = dashboard;
    await dashboard.openPage('settings');
    const field = page.getByRole('textbox', { name: 'GPU limit' });

    await field.fill('190');
    await page.getByText('Enter 0 to 100. Still not set.').waitFor();
    await field.fill('45');
    await field.press('Enter');
    await page.getByText('Applied, was not set').waitFor();
    expect(readFileSync(file, 'utf8')).toBe(`${CONFIG}\n[agent.limits]\ngpu_percent = 45\n`);
    expect(readFileSync(`${file}.bak`, 'utf8')).toBe(CONFIG);
    await dashboard.screenshot('settings-applied');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    await page.getByRole('button', { name: 'Undo the change of GPU limit' }).click();
    await until('the limit to be gone', () => !readFileSync(file, 'utf8').includes('gpu_percent'));

    writeFileSync(file, CONFIG.replace('name = "bench"', 'name = "bench"\nmax_concurrent_jobs = 7'));
    await expect.poll(() => page.getByRole('textbox', { name: 'Maximum jobs at once' }).inputValue(), { timeout: 10_000 }).toBe('7');
    await page.getByText('config.toml, line 10').waitFor();

    await page.getByRole('searchbox', { name: 'Search settings' }).fill('heartbeat interval');
    await page.getByText('config.toml, line 5').waitFor();
    await page.getByText('Applies when Muster starts again').or(page.getByText('Changes apply when Muster starts again')).first().waitFor();
    expect(page.url()).toContain('search=heartbeat');
  });
});
