// Join links from other programs, in a real Electron: the link of the start, and the link of a second start. The app shows them and never
// joins by itself.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requireDesktop();
const KEY = 'mi_key-of-a-test';
const linkTo = (host: string): string => `muster://${host}:7080/join#pin=sha256-${'A'.repeat(43)}&key=${KEY}`;

let lab: DesktopLab;
beforeEach(() => {
  lab = new DesktopLab();
});
afterEach(() => lab.close());

const field = ({ page }: DesktopApp) => page.getByLabel(/^Join link( or address)?$/);
const hasLink = (app: DesktopApp, link: string) =>
  until('the link in the field', async () => (await field(app).count()) === 1 && (await field(app).inputValue()) === link, 20_000);

/** The app still hosts its own pool, and the key is neither in the URL of the page nor in a log. */
async function expectNothingJoined(app: DesktopApp): Promise<void> {
  const { agent, host } = await app.state();
  expect(host?.state).not.toBe('stopped');
  if (agent !== null && agent.link.state !== 'idle') expect(agent.link.scheduler_url).toContain('127.0.0.1');
  expect(app.page.url()).not.toContain(KEY);
  expect(lab.log()).not.toContain(KEY);
}

test.skipIf(missing)(
  'link of the start and of a second start -> window in front, Pool page with the link in the field, nothing joined',
  async () => {
    const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24', linkTo('10.99.0.1')] });
    await hasLink(app, linkTo('10.99.0.1'));
    await app.page.getByText('Nothing has changed yet.').waitFor();
    await app.screenshot('pool-opened-link');
    await expectNothingJoined(app);

    await app.open('This computer');
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.hide();
    });
    expect((await lab.runToEnd([linkTo('10.99.0.2'), '--config', '/nonexistent.toml'])).code).toBe(0);
    await hasLink(app, linkTo('10.99.0.2'));
    expect(app.page.url()).toMatch(/#\/pool$/);
    const isVisible = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()));
    await until('the window to be shown again', async () => (await isVisible()).every(Boolean));
    await expectNothingJoined(app);

    await app.page.getByRole('button', { name: 'Discard the link' }).click();
    await until('the link to be forgotten', async () => (await app.state()).opened_link === null);
    // Once the own pool runs, its page has the field in a closed section.
    const values = await field(app).evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
    expect(values.join('')).toBe('');
    expect(await app.quit()).toBe(0);
    // The app stores a choice of pool only after the user makes one.
    expect(existsSync(path.join(lab.dataDir, 'app.json'))).toBe(false);
    expect(lab.log()).not.toContain(KEY);
  },
);

test.skipIf(missing)(
  'link that is too long, of another scheme or not to join -> refused with the reason on the screen, the page stays, no key in the log',
  async () => {
    // Short enough as it is; the app encodes each quotation mark as three characters.
    const growing = `${linkTo(`${'a'.repeat(63)}.`.repeat(4).slice(0, 253))}${'"'.repeat(240)}`;
    const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24', growing] });
    const refused = (reason: string) => until(`the refusal ${reason}`, () => lab.log().includes(`"reason":"${reason}"`), 20_000);
    await refused('too_long');
    expect((await lab.runToEnd([`other://10.99.0.1:7080/join#key=${KEY}`])).code).toBe(0);
    expect((await lab.runToEnd([`muster://10.99.0.1:7080/delete#key=${KEY}`])).code).toBe(0);
    await refused('not_a_join_link');
    // A system event of macOS takes any text.
    await app.electron.evaluate(
      ({ app: electron }, url) => electron.emit('open-url', { preventDefault: () => undefined }, url),
      'file:///etc/passwd',
    );
    await refused('scheme_unknown');
    expect((await app.state()).opened_link).toMatchObject({ refused: 'scheme_unknown' });
    await app.page.getByText('Muster did not open the link').waitFor();
    expect(app.page.url()).not.toContain('#/pool');
    await expectNothingJoined(app);
    await app.electron.evaluate(
      ({ app: electron }, url) => electron.emit('open-url', { preventDefault: () => undefined }, url),
      linkTo('10.99.0.3'),
    );
    await hasLink(app, linkTo('10.99.0.3'));
    expect(await app.quit()).toBe(0);
  },
);
