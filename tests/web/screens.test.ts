// A visual walk: the built renderer in a real Chromium, every situation in both languages and themes, pictures kept in
// artifacts/screens. Each screen must show without an error or a CSP violation, and without what axe calls serious.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explanation, exclusions, failedSteps } from '../fixtures/app-states/answers';
import { JOBS, jobsPage, textContent, wordsContent } from '../fixtures/app-states/jobs';
import { NOW } from '../fixtures/app-states/moment';
import { longReasons } from '../fixtures/app-states/nodes';
import { hosting, type Situation, SITUATIONS } from '../fixtures/app-states/states';
import { seriousViolations } from '../support/accessibility';
import { launchChromium } from '../support/dashboard';
import { type RendererSite, serveRenderer } from '../support/renderer-site';
import { requireChromium } from '../support/requirements';
import { showState, standStill } from '../support/still-program';

const { missing } = requireChromium();
const PICTURES = resolve(import.meta.dirname, '../../artifacts/screens');
const ANSWERS = {
  'pool.explain': { ok: true, value: explanation },
  'pool.exclusions': { ok: true, value: exclusions },
  'join.test': { ok: true, value: { steps: failedSteps } },
  'pool.jobs': { ok: true, value: jobsPage() },
  ...Object.fromEntries(Object.values(JOBS).map((job) => [`pool.job ${job.job_id}`, { ok: true, value: job }])),
  [`pool.job_content ${JOBS.done.job_id}`]: { ok: true, value: textContent },
  [`pool.job_content ${JOBS.failed.job_id}`]: { ok: true, value: wordsContent },
};

/** The rooms to look at in each situation. */
type Walk = Partial<Record<Situation, readonly string[]>>;
const EVERYTHING: Record<Situation, readonly string[]> = {
  first_run: ['overview', 'pool', 'jobs'],
  connecting: ['overview'],
  registering: ['overview'],
  ready: ['overview', 'gpus', 'models', 'jobs', 'pool', 'nodes', 'dispatch', 'settings'],
  degraded: ['overview', 'jobs'],
  draining: ['overview'],
  drained: ['overview'],
  reconnecting: ['overview'],
  no_gpu: ['overview', 'gpus'],
  id_conflict: ['overview'],
  simulated: ['overview', 'nodes'],
  odd_gpus: ['overview', 'gpus'],
  notices: ['overview', 'models'],
  pulling: ['models'],
  measured: ['models'],
  host_failed: ['pool'],
  mass_loss: ['nodes'],
  busy: ['overview'],
  scheduler_alone: ['nodes', 'jobs', 'pool'],
};
/** The other two looks share their words and colours with these: the main room of the main situations is enough. */
const MAIN: Walk = { ready: ['overview', 'nodes'], degraded: ['overview'], no_gpu: ['overview'] };
/** What differs between the themes is colour, which every room shows in the first of these, and each tone of a status in the others. */
const COLOURS: Walk = { ...MAIN, ready: EVERYTHING.ready, mass_loss: ['nodes'], drained: ['overview'], measured: ['models'] };
const NOWHERE: Walk = {};

interface Look {
  readonly locale: 'en-US' | 'zh-CN';
  readonly colorScheme: 'light' | 'dark';
}
/** `audit`: where axe looks as well. */
const LOOKS: readonly (Look & { readonly walk: Walk; readonly audit: Walk })[] = [
  { locale: 'en-US', colorScheme: 'light', walk: EVERYTHING, audit: EVERYTHING },
  { locale: 'zh-CN', colorScheme: 'dark', walk: EVERYTHING, audit: COLOURS },
  { locale: 'en-US', colorScheme: 'dark', walk: MAIN, audit: NOWHERE },
  { locale: 'zh-CN', colorScheme: 'light', walk: MAIN, audit: NOWHERE },
];
const ENGLISH: Look = { locale: 'en-US', colorScheme: 'light' };
const CHINESE: Look = { locale: 'zh-CN', colorScheme: 'dark' };
const WIDE = { width: 1120, height: 760 };

describe.skipIf(missing !== undefined)('the screens in a real browser', () => {
  let site: RendererSite;
  let browser: Browser;

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    [site, browser] = await Promise.all([serveRenderer(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** A visitor to a program that stands still; `problems` collects what the page complains about. */
  async function visit({ locale, colorScheme }: Look, viewport = WIDE): Promise<Visit> {
    const context = await browser.newContext({ locale, colorScheme, viewport, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    await page.clock.setFixedTime(NOW);
    const program = JSON.stringify({ state: SITUATIONS.ready(), answers: ANSWERS });
    await page.addInitScript({ content: `(${standStill.toString()})(${program})` });
    await page.goto(site.url);
    await page.getByRole('main').waitFor();
    return { page, problems };
  }

  for (const look of LOOKS) {
    test(`every situation shows in ${look.locale}, ${look.colorScheme}, with no error and nothing that axe calls serious`, async () => {
      const { page, problems } = await visit(look);
      const found: Record<string, readonly string[]> = {};
      for (const [situation, rooms] of Object.entries(look.walk) as [Situation, readonly string[]][]) {
        for (const room of rooms) {
          await show(page, situation, room);
          await page.screenshot({ path: join(PICTURES, `${room}-${situation}-${look.locale}-${look.colorScheme}.png`) });
          const isAudited = look.audit[situation]?.includes(room) ?? false;
          const complaints = [...problems.splice(0), ...(isAudited ? await seriousViolations(page) : [])];
          if (complaints.length > 0) found[`${room} ${situation}`] = complaints;
        }
      }
      await page.context().close();
      expect(found).toEqual({});
    }, 120_000);
  }

  test('what opens on demand shows as well: a node in its drawer, the drain dialog, an explanation, a tested way', async () => {
    const { page, problems } = await visit(ENGLISH);
    const found: string[] = [];
    const look = async (name: string, fullPage = false) => {
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage });
      found.push(...(await seriousViolations(page)));
    };
    await page.evaluate(() => void (location.hash = '#/nodes/node-5C0FFEE1'));
    await page.getByRole('dialog', { name: 'ming-desktop' }).waitFor();
    await look('nodes-passed-over');
    await page.evaluate(() => void (location.hash = '#/nodes/node-0A11CE42'));
    await page.getByRole('dialog', { name: 'alice-laptop' }).waitFor();
    await look('nodes-drawer');
    await page.getByRole('button', { name: 'Drain…' }).click();
    await page.getByRole('dialog', { name: /^Drain .*\?$/ }).waitFor();
    await page.screenshot({ path: join(PICTURES, 'nodes-drain.png') });

    await show(page, 'ready', 'dispatch');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('The job would go to').waitFor();
    await look('dispatch-explained', true);

    await show(page, 'first_run', 'pool');
    await page.getByLabel('Join link or address').fill('192.168.1.20:7080');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('nothing listens on that port').waitFor();
    await look('pool-tested');
    await page.context().close();
    expect([...found, ...problems]).toEqual([]);
  });

  test.each([ENGLISH, CHINESE])('the table of models needs no sideways scrolling at 1024 px in $locale', async (look) => {
    const { page } = await visit(look, { width: 1024, height: 760 });
    await show(page, 'measured', 'models');
    const overflow = await page.getByRole('region').evaluateAll((parts) => parts.map((part) => part.scrollWidth - part.clientWidth));
    await page.context().close();
    expect(overflow.filter((more) => more > 0)).toEqual([]);
  });

  test.each([ENGLISH, CHINESE])('what a node was passed over for is read whole in its drawer, however long, in $locale', async (look) => {
    const { page } = await visit(look, { width: 1024, height: 760 });
    await showState(page, hosting({ nodes: [longReasons] }), 'nodes');
    await page.evaluate((id) => void (location.hash = `#/nodes/${id}`), longReasons.node_id);
    const drawer = page.getByRole('dialog', { name: longReasons.name });
    await drawer.getByText('eng-spa').waitFor();
    const overflow = await drawer.evaluate((body) =>
      [body, ...body.querySelectorAll('*')].filter((part) => part.scrollWidth > body.clientWidth).map(({ className }) => className),
    );
    await page.context().close();
    expect(overflow).toEqual([]);
  });

  test.each([ENGLISH, CHINESE])('jobs in their drawer show as well in $locale, $colorScheme', async (look) => {
    const { page, problems } = await visit(look);
    const found: string[] = [];
    const shot = async (name: string) => {
      await page.screenshot({ path: join(PICTURES, `jobs-${name}-${look.locale}-${look.colorScheme}.png`) });
      found.push(...(await seriousViolations(page)));
    };
    await show(page, 'ready', 'jobs');
    for (const [name, { job_id, task }] of Object.entries(JOBS)) {
      await page.evaluate((id) => void (location.hash = `#/jobs/${id}`), job_id);
      const drawer = page.getByRole('dialog', { name: job_id.slice(0, 12) });
      await drawer.getByRole('heading', { name: task.model }).waitFor();
      const content = drawer.getByRole('button', { name: /^(Show the result|Program output|显示结果|程序输出)$/ });
      if (name === 'done' || name === 'failed') {
        await content.click();
        await drawer.locator('pre').waitFor();
      }
      await shot(name);
    }
    await page.evaluate((id) => void (location.hash = `#/jobs/${id}`), JOBS.running.job_id);
    await page.getByRole('button', { name: /^(Cancel the job…|取消任务…)$/ }).click();
    await page.getByRole('dialog', { name: /^(Cancel this job\?|取消此任务？)$/ }).waitFor();
    await shot('cancel');
    await page.keyboard.press('Escape');
    await show(page, 'ready', 'jobs');
    await page.getByRole('button', { name: /^(How to send a job|如何发送任务)$/ }).click();
    await shot('send');
    await page.context().close();
    expect([...found, ...problems]).toEqual([]);
  });

  test.each([
    { name: 'icons below 900 px', viewport: { width: 820, height: 760 } },
    { name: 'a bar at the bottom below 600 px', viewport: { width: 360, height: 740 } },
  ])('the rail becomes $name and the page does not scroll sideways', async ({ viewport }) => {
    const { page, problems } = await visit(ENGLISH, viewport);
    for (const room of ['overview', 'nodes', 'jobs', 'pool', 'dispatch', 'gpus', 'settings']) {
      await show(page, 'ready', room);
      await page.screenshot({ path: join(PICTURES, `${room}-ready-${String(viewport.width)}.png`) });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect({ room, overflow, problems }).toEqual({ room, overflow: 0, problems: [] });
    }
    await page.context().close();
  });

  test.each([360, 320])('what keeps jobs away from a busy computer is read whole at %i px', async (width) => {
    const overflows: unknown[] = [];
    for (const look of LOOKS) {
      const { page } = await visit(look, { width, height: 740 });
      await show(page, 'busy', 'overview');
      const name = `overview-busy-${String(width)}-${look.locale}-${look.colorScheme}`;
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
      const overflow = await page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('main section')].map((part) => part.scrollWidth - part.clientWidth),
      );
      await page.context().close();
      if (overflow.some((more) => more > 0)) overflows.push({ name, overflow });
    }
    expect(overflows).toEqual([]);
  });

  test('the keyboard alone reaches the content, a room and an action', async () => {
    const { page } = await visit(ENGLISH);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Stop after current jobs');
    await page.getByRole('link', { name: 'Nodes' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nodes', level: 1 }).waitFor();
    await page.context().close();
  });
});

interface Visit {
  readonly page: Page;
  readonly problems: string[];
}

/** Brings the page to this room of this situation, drawn. */
const show = (page: Page, situation: Situation, room: string): Promise<void> => showState(page, SITUATIONS[situation](), room);
