// A browser on another computer finds the dashboard of a shared pool: it opens http://, follows the link of the page, and signs in with the
// printed link. Two machines of a network lab, with a real Chromium on the second one.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { NetLab } from '../support/net-lab';
import { NetMuster, PORT } from '../support/net-muster';
import { requireChromium, requireNamespaces } from '../support/requirements';

const missing = requireNamespaces().missing ?? requireChromium().missing;
const ADDRESS = `10.77.0.1:${String(PORT)}`;

/** The page without TLS has the security headers of all pages, and Chromium uses this one over https only. */
const IGNORED_WITHOUT_TLS = 'The Cross-Origin-Opener-Policy header has been ignored';

let muster: NetMuster;
let browser: Browser | null = null;
beforeEach(async () => {
  muster = new NetMuster(await NetLab.open());
  muster.net.switch('lan');
  for (const [index, host] of ['anna', 'ben'].entries()) {
    muster.net.host(host);
    muster.net.cable(host, 'lan', 'eth0', `10.77.0.${String(index + 1)}/24`);
  }
});
afterEach(async () => {
  await browser?.close();
  await muster.close();
});

/** A program that runs Chromium on a host. */
function chromiumOn(host: string): string {
  const file = path.join(muster.lab.folder, 'chromium');
  const argv = muster.net.argv(host, [requireChromium().path ?? '']).map((each) => `'${each}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${argv.join(' ')} "$@"\n`);
  chmodSync(file, 0o700);
  return file;
}

describe.skipIf(missing !== undefined)(`other computer${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('http:// -> page with the encrypted address -> what to ask the host for -> printed link signs in, once', async () => {
    const { pin } = await (await muster.scheduler('anna')).line('scheduler_listening');
    const printed = JSON.parse(await muster.command('anna', 'dashboard', '--json')) as { readonly lan_links: readonly string[] };
    const [link = expect.unreachable('the shared pool has a link for other computers')] = printed.lan_links;
    expect(link).toMatch(new RegExp(`^https://${ADDRESS}/#code=ms_`));
    // The user has compared the fingerprint of the CA: Chromium accepts its certificates.
    const spki = Buffer.from(String(pin).replace('sha256-', ''), 'base64url').toString('base64');
    browser = await launchChromium({ executablePath: chromiumOn('ben'), args: [`--ignore-certificate-errors-spki-list=${spki}`] });

    const dashboard = await Dashboard.open(browser, `http://${ADDRESS}/`, { key: null });
    const { page } = dashboard;
    await page.getByRole('heading', { name: 'This pool accepts encrypted connections only' }).waitFor();
    await dashboard.screenshot('other-computer-http');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    await page.getByRole('link', { name: `https://${ADDRESS}/` }).click();
    await dashboard.waitForText(/^Ask the host for a link of “muster dashboard”/);
    expect(new URL(page.url()).protocol).toBe('https:');
    await dashboard.screenshot('other-computer-key');
    expect(await dashboard.accessibilityViolations()).toEqual([]);

    // As a link from a message: the page is loaded again.
    await page.goto('about:blank');
    await page.goto(link);
    await dashboard.openPage('nodes');
    expect(page.url()).not.toContain('code=');
    const second = await page.context().browser()?.newContext();
    const used = await second?.newPage();
    await used?.goto(link);
    await used?.getByText('The link is not valid any more.').waitFor();
    const messages = dashboard.unexpectedMessages({ offline: true });
    expect(messages.filter((text) => !text.startsWith(IGNORED_WITHOUT_TLS))).toEqual([]);
  });
});
