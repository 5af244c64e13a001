// The Jobs page in a real Chromium over a real `muster pool`: it shows each job from its arrival to its end.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { writeCommandModel } from '../support/job-bench';
import { submitted } from '../support/job-pool';
import { MusterLab } from '../support/muster-process';
import { requireChromium } from '../support/requirements';
import { silentWav } from '../support/wav';

const { missing } = requireChromium();
const CONFIG = `
[server]
port = 0
[scheduler]
status_push_interval_seconds = 1
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 15
[scheduler.load_balancer]
resource_threshold = 100
`;
const AUDIO = silentWav(30);

const lab = new MusterLab();
let browser: Browser;
let url: string;
let dashboard: Dashboard;

beforeAll(async () => {
  if (missing !== undefined) return;
  const folder = lab.dataDir('pool', CONFIG);
  const models = path.join(folder, 'models');
  writeCommandModel(models, 'echo', { argv: ['cat'] }, { kind: 'nmt' });
  writeCommandModel(models, 'bell', { argv: ['cat', 'bell.wav'], output: { from: 'stdout', content_type: 'audio/wav' } }, { kind: 'tts' });
  writeFileSync(path.join(models, 'bell', 'bell.wav'), AUDIO);
  writeCommandModel(models, 'slow', { argv: ['sleep', '600'] }, { kind: 'nmt' });
  const pool = lab.start(['pool', '--data-dir', folder, '--simulate-gpu', 'RTX 4090:24', '--name', 'attic']);
  url = await pool.url();
  await pool.line('node_status_changed', { to: 'ready' });
  browser = await launchChromium();
});
beforeEach(async () => {
  if (missing === undefined) dashboard = await Dashboard.open(browser, `${url}/#/jobs`);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await dashboard.screenshot('jobs-failed');
  await dashboard?.close();
});
afterAll(async () => {
  await browser?.close();
  await lab.close();
});

const send = (model_id: string): Promise<string> =>
  submitted(Number(new URL(url).port), { task: { kind: 'command', model_id, input: 'Hello' } });
const rows = () =>
  dashboard.page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: dashboard.page.locator('a[href^="#/jobs/job-"]') });
const row = (jobId: string) => rows().filter({ has: dashboard.page.locator(`a[href*="${jobId}"]`) });
/** The open job, beside the list. */
const drawer = () => dashboard.page.getByRole('region', { name: /^job-/ });
async function open(jobId: string): Promise<void> {
  await row(jobId).getByRole('link').click();
  await drawer().getByText(jobId, { exact: true }).waitFor();
}

describe.skipIf(missing !== undefined)('Jobs page', () => {
  test('no jobs -> example command; command run -> job shown with node and result', async () => {
    const { page } = dashboard;
    await dashboard.waitForText('No jobs yet. Send a job to see it here.');
    await page.getByRole('link', { name: 'How to send a job' }).click();
    await dashboard.waitForText(`${url}/v1`);
    await page.getByText('More programs and tasks').click();
    await page.getByRole('link', { name: 'Command', exact: true }).click();
    await page.getByLabel('Model', { exact: true }).selectOption('echo');
    const command =
      (await page
        .locator('pre')
        .filter({ hasText: /^muster submit / })
        .textContent()) ?? '';
    await dashboard.screenshot('jobs-none');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    const argv = command.split(/(?: |\\\n)+/).map((word) => word.replaceAll('"', ''));
    expect(await lab.run(argv.slice(1))).toMatchObject({ code: 0, stdout: 'Hello\n' });
    await page.goto(`${url}/#/jobs`);
    const done = rows().filter({ hasText: 'echo' }).filter({ hasText: 'Done' }).filter({ hasText: 'attic' });
    await done.waitFor();
    await done.getByRole('link').click();
    await drawer().getByText('Text, 5 characters').waitFor();
    expect(await drawer().getByText('Hello').count()).toBe(0);
    await drawer().getByRole('button', { name: 'Show the result' }).click();
    await drawer().locator('pre').filter({ hasText: 'Hello' }).waitFor();
    await dashboard.screenshot('jobs-done');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
  });

  test('audio result: played and saved -> no violation of the Content-Security-Policy', async () => {
    const jobId = await send('bell');
    await row(jobId).filter({ hasText: 'Done' }).waitFor();
    await open(jobId);
    await drawer()
      .getByText(/^audio\/wav, 240/)
      .waitFor();
    await drawer().getByRole('button', { name: 'Show the result' }).click();
    await drawer().getByRole('button', { name: 'Play' }).click();
    await drawer().getByRole('button', { name: 'Stop' }).waitFor();
    const saving = dashboard.page.waitForEvent('download');
    await drawer().getByRole('button', { name: 'Download' }).click();
    const file = await saving;
    expect(file.suggestedFilename()).toBe(`${jobId}.wav`);
    expect(readFileSync(await file.path()).equals(AUDIO)).toBe(true);
    expect(dashboard.unexpectedMessages()).toEqual([]);
  });

  test('running job: shown at once -> cancelled by its button', async () => {
    const jobId = await send('slow');
    await row(jobId).filter({ hasText: 'Running' }).waitFor();
    await open(jobId);
    await drawer().getByText('On attic for').waitFor();
    await drawer().getByRole('button', { name: 'Cancel the job…' }).click();
    await dashboard.page.getByRole('dialog', { name: 'Cancel this job?' }).getByRole('button', { name: 'Cancel the job' }).click();
    await drawer().getByText('Cancelled on request').first().waitFor();
    await dashboard.screenshot('jobs-cancelled');
    await dashboard.page.keyboard.press('Escape');
    await row(jobId).filter({ hasText: 'Cancelled' }).waitFor();
  });

  test('hundreds of waiting jobs -> one page at a time, each job with the reason why it waits', async () => {
    const ids = await Promise.all(Array.from({ length: 300 }, () => send('no-such-model')));
    const { page } = dashboard;
    await page.getByRole('heading', { name: 'Waiting · 300' }).waitFor();
    await page.getByRole('button', { name: /^Waiting/ }).click();
    await row(ids.at(-1) ?? '')
      .filter({ hasText: 'No node has the model' })
      .waitFor();
    await expect.poll(() => rows().count()).toBe(25);
    const newest = (await rows().first().getByRole('link').getAttribute('href')) ?? '';
    await page.getByRole('button', { name: 'Older' }).click();
    await page.locator(`a[href="${newest}"]`).waitFor({ state: 'detached' });
    await expect.poll(() => rows().count()).toBe(25);
    await rows().first().getByRole('link').click();
    await drawer().getByText('Not installed.').waitFor();
    await drawer().getByText('Model not available').waitFor();
    await dashboard.screenshot('jobs-waiting');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    expect(dashboard.unexpectedMessages()).toEqual([]);
  });
});
