// The Members page of a headless program, in a real Chromium with a real pool: an invitation admits a computer, a key a program, and each
// of them is revoked alone. And the page behind the https form of an invitation.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { MusterLab } from '../support/muster-process';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const GPU = ['--simulate-gpu', 'RTX 4090:24'];
const CONFIG = '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\n';

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
  if (task.result?.state === 'fail') await dashboard.screenshot('members-failed');
  await dashboard.close();
  await lab.close();
});

const statusOf = async (url: string, key: string): Promise<number> =>
  (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;

describe.skipIf(missing !== undefined)('members', () => {
  test('invite -> computer joins; new key -> program admitted; each revoked alone; audit log', async () => {
    const url = (await lab.start(['pool', '--data-dir', lab.dataDir('pool', CONFIG), ...GPU]).url()).replace(/\/$/, '');
    dashboard = await Dashboard.open(browser, url);
    const { page } = dashboard;
    const dialog = page.getByRole('dialog');
    await dashboard.openPage('members');
    await dashboard.row('Owner key').waitFor();

    await page.getByRole('button', { name: 'Invite a computer…' }).click();
    await dialog.getByLabel('For').fill('bench-pc');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    await dialog.getByRole('img', { name: 'QR code of the join link' }).waitFor();
    const link = await dialog.locator('code').first().innerText();
    expect(link).toMatch(/^muster:\/\/127\.0\.0\.1:\d+\/join#key=mi_[\w-]+$/);
    await dashboard.screenshot('members-invited');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dashboard.row('bench-pc').filter({ hasText: '1 of 1 use left' }).waitFor();

    const member = lab.start(['join', link, '--data-dir', lab.dataDir('member', CONFIG), '--name', 'bench-pc', ...GPU]);
    await dashboard.row('bench-pc').filter({ hasText: 'just now' }).waitFor();

    await page.getByRole('button', { name: 'New key for a program…' }).click();
    await dialog.getByLabel('Name of the program or person').fill('open-webui');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByText('The key is shown only now.').waitFor();
    const key = await dialog.locator('code').first().innerText();
    expect(key).toMatch(/^mk_[\w-]+$/);
    await dialog.getByRole('button', { name: 'Done' }).click();
    expect(await statusOf(url, key)).toBe(200);

    await page.getByRole('button', { name: 'Revoke open-webui…' }).click();
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await dashboard.row('open-webui').filter({ hasText: 'revoked' }).waitFor();
    expect(await statusOf(url, key)).toBe(403);
    // The invitation has the same name. It is listed until the page has read the invitations again.
    const memberRow = dashboard.row('bench-pc').filter({ hasText: 'just now' });
    await memberRow.getByRole('button', { name: 'Revoke bench-pc…' }).click();
    await dialog.getByText('stays barred until you invite the computer again').waitFor();
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await dashboard.row('bench-pc').filter({ hasText: 'revoked' }).waitFor();
    await member.line('link_changed', { to: 'refused', code: 'REVOKED' });
    await dashboard.screenshot('members-revoked');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    await page.getByRole('button', { name: 'Audit log' }).click();
    await dialog.getByRole('row').filter({ hasText: 'Revoked a member' }).filter({ hasText: 'bench-pc' }).waitFor();
    await dialog.getByRole('row').filter({ hasText: 'Made an invitation' }).waitFor();
    expect(dashboard.unexpectedMessages()).toEqual([]);
  }, 120_000);

  test('page of an invitation -> opens Muster, gives the command; the key leaves the address', async () => {
    const url = (await lab.start(['pool', '--data-dir', lab.dataDir('pool', CONFIG), ...GPU]).url()).replace(/\/$/, '');
    const link = `${url.replace('http:', 'muster:')}/join#key=mi_0123456789abcdef`;
    dashboard = await Dashboard.open(browser, `${url}/join#key=mi_0123456789abcdef`, { key: null });
    const { page } = dashboard;
    expect(await page.getByRole('link', { name: 'Open in Muster' }).getAttribute('href')).toBe(link);
    await dashboard.waitForText(`muster join "${link}"`);
    expect(page.url()).toBe(`${url}/join`);
    await dashboard.screenshot('invitation');
    expect([await dashboard.accessibilityViolations(), dashboard.unexpectedMessages()]).toEqual([[], []]);
    await page.reload();
    await dashboard.waitForText('The address of this page has no key.');
  });
});
