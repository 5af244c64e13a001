// The gallery in a real Chromium, with screenshots in artifacts/gallery. No page may show an error, violate the
// Content-Security-Policy, or have a serious or critical violation that axe finds.
// `npm test` takes each distinct page in English, a third of the openings in Chinese, and the sample in both languages. `npm run test:long`
// takes every case in all four looks.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { CASES, type GalleryCase, type Look, nameOf, pageCase, SAMPLE, SCREENSHOT_CASES, searchOf } from '../../gallery/gallery-case';
import { GUIDE_LANGUAGES, GUIDE_PICTURES, GUIDE_WIDTH } from '../../gallery/guide-pictures';
import { PAGES } from '../../src/renderer/routes';
import { longReasons } from '../fixtures/app-states/nodes';
import { lowLinks, seriousViolations, smallButtons, smallTargets } from '../support/accessibility';
import { launchChromium } from '../support/dashboard';
import { type GallerySite, serveGallery, type Visit, visitGallery } from '../support/gallery-site';
import { isLong } from '../support/repetitions';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const PICTURES = resolve(import.meta.dirname, '../../artifacts/gallery');
const WIDE = { width: 1440, height: 1200 };
/** `npm run gallery -- --guide` draws the pictures of the guide in their place. */
const GUIDE = process.env['MUSTER_WRITE_GUIDE_PICTURES'] === '1' ? resolve(import.meta.dirname, '../../docs/guide/pictures') : PICTURES;

const ENGLISH: Look = { language: 'en', theme: 'light' };
const PHONE_BELOW = 600;
const isEnglish = ({ language, theme }: Look): boolean => language === ENGLISH.language && theme === ENGLISH.theme;
const CHINESE: Look = { language: 'zh-CN', theme: 'dark' };
/** The other two share their texts and colours with these, so only `npm run test:long` takes their cases. */
const MAIN_LOOKS: readonly Look[] = [ENGLISH, CHINESE];
const LOOKS: readonly Look[] = [...MAIN_LOOKS, { language: 'en', theme: 'dark' }, { language: 'zh-CN', theme: 'light' }];

/** The cases are drawn in parts, each with a time limit of its own. */
const PARTS = [1, 2, 3];

/** Of the openings, `npm test` draws one of so many. */
const OPENINGS_PER_SAMPLE = 3;
const openings = SCREENSHOT_CASES.filter(({ opening }) => opening !== null);
const SAMPLE_OPENINGS = openings.filter((_opening, index) => index % OPENINGS_PER_SAMPLE === 0);

/** Every distinct page in one look; a sample of the pages, and of the openings, in the other. */
const casesOf = (look: Look): readonly GalleryCase[] => {
  if (isLong) return CASES;
  const pages = SCREENSHOT_CASES.filter(({ opening }) => opening === null);
  if (isEnglish(look)) return pages;
  return [...pages.filter((shown) => SAMPLE.some((one) => nameOf(one) === nameOf(shown))), ...SAMPLE_OPENINGS];
};

/** Warnings of React depend neither on the language nor on the theme. Tests of components fail on them too. */
const isWarned = (look: Look): boolean => isLong && isEnglish(look);

describe.skipIf(missing !== undefined)('gallery', () => {
  let site: GallerySite;
  /** The build with the warnings of React, which takes twice the time. */
  let warningSite: GallerySite | undefined;
  let browser: Browser;

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    // The folders are film strips of other tests.
    const pictures = (await readdir(PICTURES)).filter((name) => name.endsWith('.png'));
    await Promise.all(pictures.map((name) => rm(join(PICTURES, name))));
    site = await serveGallery('production');
    if (isLong) warningSite = await serveGallery('development');
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([site?.close(), warningSite?.close()]);
  });

  test('index: a link to every case, by page; a case is a URL', async () => {
    const { page, takeProblems, close } = await visitGallery(browser, site, { viewport: WIDE });
    expect(await page.getByRole('link').count()).toBe(CASES.length + Object.keys(DIARIES).length);
    await page.getByLabel('Page').selectOption('nodes');
    expect(await page.getByRole('link').count()).toBe(CASES.filter((one) => one.page === 'nodes').length);
    await page.getByLabel('Language').selectOption('zh-CN');
    await page.getByRole('link', { name: 'ready / node-drain', exact: true }).click();
    await page.getByRole('dialog', { name: '排空 alice-laptop？' }).waitFor();
    expect(page.url()).toContain('?situation=ready&page=nodes&open=node-drain&language=zh-CN&theme=light');
    expect(takeProblems()).toEqual([]);
    await close();
  });

  test('without a preference, language and theme are those of the system', async () => {
    const search = searchOf(pageCase('ready', 'computer'), { language: 'system', theme: 'system' });
    const { page, close } = await visitGallery(browser, site, { viewport: WIDE, search, locale: 'zh-CN', colorScheme: 'dark' });
    await page.getByRole('heading', { name: '本机', level: 1 }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await close();
  });

  test.each((isLong ? LOOKS : MAIN_LOOKS).flatMap((look) => PARTS.map((part) => ({ ...look, part }))))(
    'cases in $language, $theme, part $part: no error, no serious violation',
    async ({ part, ...look }) => {
      const cases = casesOf(look).filter((_case, index) => index % PARTS.length === part - 1);
      const found: Record<string, readonly string[]> = {};
      // Two visits at a time: one page is drawn while the screenshot of the other is encoded.
      const lanes = [0, 1].map(async (lane) => {
        const visit = await visitGallery(browser, (isWarned(look) ? warningSite : undefined) ?? site, { viewport: WIDE });
        for (const shown of cases.filter((_case, index) => index % 2 === lane)) {
          await visit.show(shown, look);
          await picture(visit, shown, look, WIDE.width);
          const problems = [...visit.takeProblems(), ...(await seriousViolations(visit.page))];
          if (problems.length > 0) found[nameOf(shown)] = problems;
        }
        await visit.close();
      });
      await Promise.all(lanes);
      expect(found).toEqual({});
    },
    isLong ? 600_000 : 180_000,
  );

  test.each(Object.entries(GUIDE_LANGUAGES))('pictures of the guide in %s: drawn, at most 150 kB', async (folder, language) => {
    const visit = await visitGallery(browser, site, { viewport: WIDE });
    await mkdir(join(GUIDE, folder), { recursive: true });
    const sizes: Record<string, number> = {};
    for (const [name, { shown, height }] of Object.entries(GUIDE_PICTURES)) {
      await visit.page.setViewportSize({ width: GUIDE_WIDTH, height });
      await visit.show(shown, { language, theme: 'light' });
      sizes[name] = (await visit.page.screenshot({ path: join(GUIDE, folder, `${name}.png`), animations: 'disabled' })).length;
    }
    const problems = visit.takeProblems();
    await visit.close();
    expect(problems).toEqual([]);
    expect(Object.entries(sizes).filter(([, size]) => size > 150_000)).toEqual([]);
  });

  test.each([
    { width: 1180, height: 900, looks: [ENGLISH] },
    { width: 820, height: 760, looks: [ENGLISH] },
    { width: 400, height: 1200, looks: [CHINESE] },
    { width: 360, height: 740, looks: [ENGLISH] },
  ])('main pages at $width px: no sideways scrolling, and on a phone no small button or link', async ({ looks, ...viewport }) => {
    const visit = await visitGallery(browser, site, { viewport });
    const found: unknown[] = [];
    for (const look of isLong ? LOOKS : looks) {
      for (const page of PAGES) {
        const shown = pageCase('ready', page);
        await visit.show(shown, look);
        await picture(visit, shown, look, viewport.width);
        const overflow = await visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        const checks = viewport.width < PHONE_BELOW ? [smallButtons, smallTargets, lowLinks] : [];
        const problems = visit.takeProblems();
        for (const check of checks) problems.push(...(await check(visit.page)));
        if (overflow > 0 || problems.length > 0) found.push({ page, look, overflow, problems });
      }
    }
    await visit.close();
    expect(found).toEqual([]);
  });

  test.each([
    { width: 1440, reason: true },
    { width: 820, reason: false },
  ])('$width px: state of this computer at the foot of the rail', async ({ width, reason }) => {
    const search = searchOf(pageCase('mixed_pool', 'settings'), ENGLISH);
    const { page, close } = await visitGallery(browser, site, { viewport: { width, height: 900 }, search });
    const foot = page.getByRole('region', { name: 'This computer', exact: true });
    await foot.locator('[data-shape="available"]').first().waitFor();
    expect(await foot.getByText('1 of 4 slots in use').isVisible()).toBe(reason);
    await close();
  });

  test('400 px: tabs of at least 44 px; More opens the other pages', async () => {
    const search = searchOf(pageCase('mixed_pool', 'nodes'), ENGLISH);
    const { page, close } = await visitGallery(browser, site, { viewport: { width: 400, height: 800 }, search });
    const tabs = page.getByRole('navigation', { name: 'Tabs' });
    await tabs.waitFor();
    expect(await tabs.locator('a, button').allTextContents()).toEqual(['Computer', 'Pool', 'Jobs', 'Try it', 'More']);
    const heights = await tabs.locator('a, button').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    expect(heights.filter((height) => height < 44)).toEqual([]);
    await tabs.getByRole('button', { name: 'More' }).click();
    await page.getByTitle('Members').click();
    await page.getByRole('heading', { name: 'Members', level: 1 }).waitFor();
    expect(await page.getByTitle('Members').count()).toBe(0);
    await close();
  });

  test.each([
    { width: 1440, close: 'Close', isListUsable: true },
    { width: 820, close: 'Close', isListUsable: false },
    { width: 400, close: 'Back', isListUsable: false },
  ])('drawer at $width px: beside the list, over the page, or a page', async ({ width, close: name, isListUsable }) => {
    const visit = await visitGallery(browser, site, { viewport: { width, height: 800 } });
    await visit.show({ situation: 'ready', page: 'nodes', opening: 'node-degraded' }, ENGLISH);
    const drawer = visit.page.getByRole('dialog', { name: 'alice-laptop' });
    const other = visit.page.getByRole('link', { name: 'Details of bob-tower' });
    expect(await other.isVisible()).toBe(isListUsable);
    if (isListUsable) {
      await other.click();
      await visit.page.getByRole('dialog', { name: 'bob-tower' }).waitFor();
      await visit.page.keyboard.press('Escape');
    } else {
      await drawer.getByRole('button', { name }).click();
    }
    await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await other.evaluate((link) => document.activeElement === link)).toBe(isListUsable);
    await visit.close();
  });

  test.each([ENGLISH, CHINESE])('tables of models, members and usage: no sideways scrolling from 1024 px on in $language', async (look) => {
    const visit = await visitGallery(browser, site, { viewport: WIDE });
    const found: unknown[] = [];
    for (const [situation, page] of [
      ['measured', 'models'],
      ['ready', 'members'],
      ['ready', 'usage'],
    ] as const) {
      await visit.show(pageCase(situation, page), look);
      for (const width of [1024, 1100, 1180, 1260, 1366, 1440, 1600, 1920]) {
        await visit.page.setViewportSize({ width, height: 760 });
        // The columns follow the width of the table in the next frame.
        await visit.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        const regions = visit.page.getByRole('region');
        const overflow = await regions.evaluateAll((parts) => parts.map((part) => part.scrollWidth - part.clientWidth));
        if (overflow.some((more) => more > 0)) found.push({ page, width, overflow });
      }
    }
    await visit.close();
    expect(found).toEqual([]);
  });

  test.each([ENGLISH, CHINESE])('node drawer: long reasons of missed jobs are not cut in $language', async (look) => {
    const visit = await visitGallery(browser, site, { viewport: { width: 1024, height: 760 } });
    await visit.show({ situation: 'long_reasons', page: 'nodes', opening: 'node-long-reasons' }, look);
    const drawer = visit.page.getByRole('dialog', { name: longReasons.name });
    await drawer.getByText('eng-spa').waitFor();
    const overflow = await drawer.evaluate((body) =>
      [body, ...body.querySelectorAll('*')].filter((part) => part.scrollWidth > body.clientWidth).map(({ classList }) => classList.value),
    );
    await visit.close();
    expect(overflow).toEqual([]);
  });

  test.each([360, 320])('busy computer: reasons of missed jobs are not cut at %i px', async (width) => {
    const visit = await visitGallery(browser, site, { viewport: { width, height: 740 } });
    const overflows: unknown[] = [];
    for (const look of LOOKS) {
      await visit.show(pageCase('busy', 'computer'), look);
      await picture(visit, pageCase('busy', 'computer'), look, width);
      const overflow = await visit.page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('main section')].map((part) => part.scrollWidth - part.clientWidth),
      );
      if (overflow.some((more) => more > 0)) overflows.push({ look, overflow });
    }
    await visit.close();
    expect(overflows).toEqual([]);
  });

  test('keyboard alone: content, a page and an action are reached', async () => {
    const search = searchOf(pageCase('ready', 'computer'), ENGLISH);
    const { page, close } = await visitGallery(browser, site, { viewport: WIDE, search });
    await page.getByRole('main').getByRole('button', { name: 'Share', exact: true }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Share');
    await page.getByRole('link', { name: /^Nodes/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nodes', level: 1 }).waitFor();
    await close();
  });
});

const picture = (visit: Visit, shown: GalleryCase, { language, theme }: Look, width: number): Promise<void> =>
  visit.picture(join(PICTURES, `${nameOf(shown)}-${language}-${theme}-${String(width)}.png`));
