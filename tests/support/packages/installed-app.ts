// The installed desktop app of a person: its processes, and its window through the remote debugging of Chromium. The fuses of a package
// refuse the debugger of Node.js, so Playwright cannot start the app itself.
import { type Browser, chromium, type Page } from 'playwright-core';
import { until } from '../until';
import type { DesktopSession } from './desktop-session';
import type { SystemCopy } from './system-copy';

export const APP = '/opt/Muster/muster-desktop';

const START_LIMIT_MS = 40_000;
/** The app stops its pool and its agent in order. */
const END_LIMIT_MS = 30_000;

export class InstalledApp {
  readonly #system: SystemCopy;
  readonly #session: DesktopSession;
  #browser: Browser | null = null;

  constructor(system: SystemCopy, session: DesktopSession) {
    this.#system = system;
    this.#session = session;
  }

  /** The page of the window, of an app that starts without the menu. */
  async openPage(debugPort: number): Promise<Page> {
    this.#session.start(APP, `--remote-debugging-port=${String(debugPort)}`);
    const address = `http://127.0.0.1:${String(debugPort)}`;
    const connect = () => chromium.connectOverCDP(address).catch(() => null);
    const browser = await until('the window', async () => (await this.#isListening(address)) && connect(), START_LIMIT_MS);
    this.#browser = browser;
    const pages = () => browser.contexts().flatMap((context) => context.pages());
    const page = await until('the page of the window', () => pages().find((one) => one.url().startsWith('app://')), START_LIMIT_MS);
    await page.locator('main').first().waitFor();
    return page;
  }

  /** The command lines of the processes of this program, by their number. */
  processes(): ReadonlyMap<string, string> {
    const { stdout } = this.#session.run('pgrep', '-a', '-u', this.#session.person.name, '-f', '^/opt/Muster/');
    return new Map(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
    );
  }

  /** What the kernel says of the processes that draw pages: `Seccomp: 2` is a process in a sandbox. */
  sandboxes(): readonly string[] {
    return [...this.processes()]
      .filter(([, command]) => command.includes('--type=renderer'))
      .map(([pid]) => /^Seccomp:\s*\d/m.exec(this.#system.read(`/proc/${pid}/status`))?.[0].replace(/\s+/, ' ') ?? 'no state');
  }

  /** Ends the app as the end of a session does, and waits for all its processes. */
  async quit(): Promise<void> {
    const main = [...this.processes()].find(([, command]) => command.startsWith(APP) && !command.includes('--type='));
    if (main === undefined) throw new Error('the app does not run');
    this.#session.run('kill', '-TERM', main[0]);
    await until('the end of all processes of the app', () => this.processes().size === 0, END_LIMIT_MS);
    await this.#browser?.close().catch(() => undefined);
    this.#browser = null;
  }

  /** The log of the app. */
  log(): string {
    return this.#session.run('sh', '-c', 'cat ~/.local/state/muster/logs/desktop.*.log').stdout;
  }

  async #isListening(address: string): Promise<boolean> {
    return fetch(`${address}/json/version`, { signal: AbortSignal.timeout(1000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
