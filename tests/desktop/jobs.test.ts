// The Jobs page in the window, over IPC: a job of the hosted pool, and its result on request.
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DesktopLab } from '../support/desktop-app';
import { writeCommandModel } from '../support/job-bench';
import { submitted } from '../support/job-pool';
import { requireDesktop } from '../support/requirements';

const { missing } = requireDesktop();
let lab: DesktopLab;
beforeEach(() => {
  lab = new DesktopLab();
});
afterEach(() => lab.close());

test.skipIf(missing)(
  'job of the hosted pool: done -> listed, result shown on request',
  async () => {
    lab.configure(
      '[server]\nport = 0\n[scheduler.load_balancer]\nresource_threshold = 100\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = 15\n',
    );
    writeCommandModel(path.join(lab.dataDir, 'models'), 'echo', { argv: ['cat'] }, { kind: 'nmt' });
    const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
    await app.waitForHero('Available');
    await app.open('Jobs');
    const { page } = app;
    const { host } = await app.state();

    const jobId = await submitted(Number(new URL(host?.url ?? '').port), { task: { kind: 'command', model_id: 'echo', input: 'Hello' } });
    await page.locator(`a[href*="${jobId}"]`).filter({ hasText: 'Done' }).click();
    const drawer = page.getByRole('region', { name: jobId.slice(0, 12) });
    await drawer.getByRole('button', { name: 'Show the result' }).click();
    await drawer.locator('pre').filter({ hasText: 'Hello' }).waitFor();
    await app.screenshot('jobs-drawer');
    expect(await app.quit()).toBe(0);
  },
  60_000,
);
