// A visual walk: the built renderer in a real Chromium, every situation in both languages and themes, pictures kept in
// artifacts/screens. Each screen must show without an error or a CSP violation, and without what axe calls serious.
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppState } from '../../src/shared/api/app-state';
import { explanation, exclusions, failedSteps } from '../fixtures/app-states/answers';
import { NOW } from '../fixtures/app-states/moment';
import { type Situation, SITUATIONS } from '../fixtures/app-states/states';
import { type RendererSite, serveRenderer } from '../support/renderer-site';
import { chromiumSwitches, requireChromium } from '../support/requirements';

const { path: executablePath, missing } = requireChromium();
const PICTURES = resolve(import.meta.dirname, '../../artifacts/screens');
const ANSWERS = {
  'pool.explain': { ok: true, value: explanation },
  'pool.exclusions': { ok: true, value: exclusions },
  'join.test': { ok: true, value: { steps: failedSteps } },
};

/** The rooms to look at in each situation. */
type Walk = Partial<Record<Situation, readonly string[]>>;
const EVERYTHING: Record<Situation, readonly string[]> = {
  first_run: ['overview', 'pool'],
  connecting: ['overview'],
  registering: ['overview'],
  ready: ['overview', 'gpus', 'models', 'pool', 'nodes', 'dispatch', 'settings'],
  degraded: ['overview'],
  draining: ['overview'],
  drained: ['overview'],
  reconnecting: ['overview'],
  no_gpu: ['overview', 'gpus'],
  id_conflict: ['overview'],
  simulated: ['overview', 'nodes'],
  odd_gpus: ['overview', 'gpus'],
  notices: ['overview', 'models'],
  host_failed: ['pool'],
  mass_loss: ['nodes'],
  scheduler_alone: ['nodes', 'pool'],
};
/** The other two looks share their words and colours with these: the main room of the main situations is enough. */
const MAIN: Walk = { ready: ['overview', 'nodes'], degraded: ['overview'], no_gpu: ['overview'] };

interface Look {
  readonly locale: 'en-US' | 'zh-CN';
  readonly colorScheme: 'light' | 'dark';
}
const LOOKS: readonly (Look & { readonly walk: Walk })[] = [
  { locale: 'en-US', colorScheme: 'light', walk: EVERYTHING },
  { locale: 'zh-CN', colorScheme: 'dark', walk: EVERYTHING },
  { locale: 'en-US', colorScheme: 'dark', walk: MAIN },
  { locale: 'zh-CN', colorScheme: 'light', walk: MAIN },
];
const WIDE = { width: 1120, height: 760 };

describe.skipIf(missing !== undefined)('the screens in a real browser', () => {
  let site: RendererSite;
  let browser: Browser;
  let axeSource: string;

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    site = await serveRenderer();
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...chromiumSwitches(), '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Opens a room of a situation; `problems` collects what the page complains about. */
  async function open(context: BrowserContext, situation: Situation, room: string): Promise<{ page: Page; problems: string[] }> {
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    await page.clock.setFixedTime(NOW);
    await page.addInitScript({
      content: `(${showState.toString()})(${JSON.stringify({ state: SITUATIONS[situation](), answers: ANSWERS })})`,
    });
    await page.goto(`${site.url}#/${room}`);
    await page.getByRole('main').waitFor();
    return { page, problems };
  }

  const contextOf = ({ locale, colorScheme }: Look, viewport = WIDE): Promise<BrowserContext> =>
    browser.newContext({ locale, colorScheme, viewport, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });

  for (const look of LOOKS) {
    test(`every situation shows in ${look.locale}, ${look.colorScheme}, with no error and nothing that axe calls serious`, async () => {
      const context = await contextOf(look);
      const found: Record<string, readonly string[]> = {};
      for (const [situation, rooms] of Object.entries(look.walk) as [Situation, readonly string[]][]) {
        const { page, problems } = await open(context, situation, rooms[0] ?? '');
        for (const room of rooms) {
          await page.evaluate((hash) => void (location.hash = hash), `#/${room}`);
          await page.locator(`nav a[href="#/${room}"][aria-current="page"]`).waitFor();
          await page.screenshot({ path: join(PICTURES, `${room}-${situation}-${look.locale}-${look.colorScheme}.png`) });
          const complaints = [...problems.splice(0), ...(await seriousViolations(page, axeSource))];
          if (complaints.length > 0) found[`${room} ${situation}`] = complaints;
        }
        await page.close();
      }
      await context.close();
      expect(found).toEqual({});
    }, 120_000);
  }

  test('what opens on demand shows as well: a node in its drawer, the drain dialog, an explanation, a tested way', async () => {
    const context = await contextOf({ locale: 'en-US', colorScheme: 'light' });
    const found: string[] = [];
    const drawer = await open(context, 'ready', 'nodes/node-0A11CE42');
    await drawer.page.getByRole('dialog').waitFor();
    await drawer.page.screenshot({ path: join(PICTURES, 'nodes-drawer.png') });
    found.push(...drawer.problems, ...(await seriousViolations(drawer.page, axeSource)));
    await drawer.page.getByRole('button', { name: 'Finish…' }).click();
    await drawer.page.getByRole('dialog', { name: /Let .* finish/ }).waitFor();
    await drawer.page.screenshot({ path: join(PICTURES, 'nodes-drain.png') });

    const dispatch = await open(context, 'ready', 'dispatch');
    await dispatch.page.getByRole('button', { name: 'Explain' }).click();
    await dispatch.page.getByText('It would go to').waitFor();
    await dispatch.page.screenshot({ path: join(PICTURES, 'dispatch-explained.png'), fullPage: true });
    found.push(...dispatch.problems, ...(await seriousViolations(dispatch.page, axeSource)));

    const pool = await open(context, 'first_run', 'pool');
    await pool.page.getByLabel('Join link or address').fill('192.168.1.20:7080');
    await pool.page.getByRole('button', { name: 'Test the way' }).click();
    await pool.page.getByText('nothing listens on that port').waitFor();
    await pool.page.screenshot({ path: join(PICTURES, 'pool-tested.png') });
    found.push(...pool.problems, ...(await seriousViolations(pool.page, axeSource)));
    await context.close();
    expect(found).toEqual([]);
  });

  test.each([
    { name: 'icons below 900 px', viewport: { width: 820, height: 760 } },
    { name: 'a bar at the bottom below 600 px', viewport: { width: 360, height: 740 } },
  ])('the rail becomes $name and the page does not scroll sideways', async ({ viewport }) => {
    const context = await contextOf({ locale: 'en-US', colorScheme: 'light' }, viewport);
    for (const room of ['overview', 'nodes', 'pool', 'dispatch', 'gpus', 'settings']) {
      const { page, problems } = await open(context, 'ready', room);
      await page.screenshot({ path: join(PICTURES, `${room}-ready-${String(viewport.width)}.png`) });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect({ room, overflow, problems }).toEqual({ room, overflow: 0, problems: [] });
      await page.close();
    }
    await context.close();
  });

  test('the keyboard alone reaches the content, a room and an action', async () => {
    const context = await contextOf({ locale: 'en-US', colorScheme: 'light' });
    const { page } = await open(context, 'ready', 'overview');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Finish and stop');
    await page.getByRole('link', { name: 'Nodes' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nodes', level: 1 }).waitFor();
    await context.close();
  });
});

async function seriousViolations(page: Page, axeSource: string): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; impact: string | null; nodes: { html: string; failureSummary: string }[] }[] }>;
    }
    const { violations } = await (window as unknown as { axe: Axe }).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
  });
}

/** Runs in the page before the renderer: a bridge as the preload makes it, to a program that stands still. */
function showState({ state, answers }: { state: AppState; answers: Record<string, unknown> }): void {
  const bridge = {
    call: (name: string) => Promise.resolve(answers[name] ?? { ok: true, value: {} }),
    subscribe(listener: { onConnection(state: string): void; onEvent(event: unknown): void }) {
      listener.onConnection('open');
      // Five minutes of readings before the present one.
      const hardware = state.agent?.hardware;
      const readAt = hardware?.read_at;
      if (state.agent && hardware && readAt) {
        listener.onEvent({ type: 'snapshot', state });
        for (let step = 100; step > 0; step--) {
          const gpus = hardware.gpus.map((gpu) => {
            const use = gpu.utilization_percent;
            const swing = Math.round(24 * Math.sin(step / 7) + 9 * Math.sin(step * 2.3));
            const busy = use.known && use.value > 0 ? { known: true, value: Math.max(0, Math.min(100, use.value + swing)) } : use;
            return { ...gpu, utilization_percent: busy };
          });
          listener.onEvent({ type: 'agent', agent: { ...state.agent, hardware: { ...hardware, gpus, read_at: readAt - step * 3000 } } });
        }
      }
      listener.onEvent({ type: 'snapshot', state });
      return () => undefined;
    },
  };
  Object.defineProperty(window, 'muster', { value: bridge });
}
