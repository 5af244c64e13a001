// The dashboard of a running program in a real Chromium. Collects every console message and error of the page.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { projectRoot } from '../../scripts/paths.mjs';
import { seriousViolations } from './accessibility';
import { OWNER_KEY } from './http-api';
import { chromiumSwitches, requireChromium } from './requirements';

const PICTURES = path.join(projectRoot, 'artifacts', 'web');
const TIMEOUT_MS = 20_000;
/** Chromium's lines about failed requests. They are no fault of the page when the program has ended or refuses. */
const NETWORK = /^Failed to load resource: /;

export interface ChromiumOptions {
  /** A program that runs Chromium elsewhere, such as in a namespace. */
  readonly executablePath?: string | undefined;
  readonly args?: readonly string[];
}

export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const { path, missing } = requireChromium();
  if (path === undefined) throw new Error(missing);
  const args = [...chromiumSwitches(), '--disable-background-networking', ...(options.args ?? [])];
  return chromium.launch({ executablePath: options.executablePath ?? path, args });
}

export class Dashboard {
  readonly #consoleMessages: string[] = [];

  readonly #context: BrowserContext;

  private constructor(
    context: BrowserContext,
    readonly page: Page,
  ) {
    this.#context = context;
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on('pageerror', (error) => this.#consoleMessages.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#consoleMessages.push(message.text());
    });
  }

  /** Opens This computer, or the page of the URL, with the owner key of the tests. `key` null: with an empty storage. */
  static async open(
    browser: Browser,
    url: string,
    { key = OWNER_KEY, ...options }: BrowserContextOptions & { readonly key?: string | null } = {},
  ): Promise<Dashboard> {
    const context = await browser.newContext({
      locale: 'en-US',
      colorScheme: 'light',
      viewport: { width: 1120, height: 760 },
      reducedMotion: 'reduce',
      ...options,
    });
    const dashboard = new Dashboard(context, await context.newPage());
    await dashboard.page.addInitScript(keepTitles);
    if (key !== null) await dashboard.page.addInitScript((owner) => window.sessionStorage.setItem('muster.access-token', owner), key);
    await dashboard.page.goto(url.includes('#') ? url : `${url}#/computer`);
    await dashboard.page.getByRole('main').waitFor();
    return dashboard;
  }

  /** Waits for this title at the top of the page This computer. */
  async waitForHero(text: string | RegExp): Promise<void> {
    await this.page.locator('h2').first().filter({ hasText: text }).waitFor();
  }

  /** Every different title of this computer so far, in order. */
  heroTitles(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as { titles: string[] }).titles);
  }

  /** Waits for this text anywhere in the content. */
  async waitForText(text: string | RegExp): Promise<void> {
    await this.page.getByRole('main').getByText(text).first().waitFor();
  }

  async openPage(pageId: string): Promise<void> {
    await this.page.locator(`nav li a[href="#/${pageId}"]`).click();
    await this.page.locator(`main[data-page="${pageId}"]`).waitFor();
  }

  /** The state of this computer in the rail. */
  foot(): Locator {
    return this.page.getByRole('region', { name: 'This computer', exact: true });
  }

  row(name: string): Locator {
    return this.page.getByRole('row').filter({ hasText: name });
  }

  /** Kept in artifacts/web/, for people to look at. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: path.join(PICTURES, `${name}.png`), animations: 'disabled' });
  }

  /** The serious violations that axe finds in the page now. */
  accessibilityViolations(): Promise<string[]> {
    return seriousViolations(this.page);
  }

  /** Errors, warnings and CSP violations so far. `offline`: ignores failed requests, because the program does not answer. */
  unexpectedMessages({ offline = false } = {}): string[] {
    return this.#consoleMessages.filter((text) => !(offline && NETWORK.test(text)));
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}

/** Runs in the page before the renderer. */
function keepTitles(): void {
  const titles: string[] = [];
  Object.defineProperty(window, 'titles', { value: titles });
  new MutationObserver(() => {
    const title = document.querySelector('h2')?.textContent;
    if (title !== undefined && title !== titles.at(-1)) titles.push(title);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
