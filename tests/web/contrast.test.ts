// High contrast and forced colours, in a real Chromium with the gallery: axe finds no text of too little contrast
// and no link that only its colour marks.
// `npm test` takes the sample of pages, `npm run test:long` every case.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES, type Look, nameOf, pageCase, SAMPLE, searchOf } from '../../gallery/gallery-case';
import { seriousViolations } from '../support/accessibility';
import { launchChromium } from '../support/dashboard';
import { type GallerySite, serveGallery, visitGallery } from '../support/gallery-site';
import { isLong } from '../support/repetitions';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const WIDE = { width: 1440, height: 1200 };
/** Themes differ in colours alone. tests/web/screens.test.ts checks the same pages with all rules. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
const ENGLISH: Look = { language: 'en', theme: 'light' };

describe.skipIf(missing !== undefined)('contrast', () => {
  let site: GallerySite;
  let browser: Browser;

  beforeAll(async () => {
    site = await serveGallery('production');
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each([
    { name: 'the theme High contrast', look: { language: 'zh-CN', theme: 'contrast' } as const, media: { colorScheme: 'dark' } as const },
    { name: 'forced colours', look: ENGLISH, media: { forcedColors: 'active' } as const },
  ])(
    '$name: no error; text has enough contrast, links in text differ by more than colour',
    async ({ look, media }) => {
      const visit = await visitGallery(browser, site, { viewport: WIDE });
      await visit.page.emulateMedia(media);
      const found: Record<string, readonly string[]> = {};
      for (const shown of isLong ? CASES : SAMPLE) {
        await visit.show(shown, look);
        const problems = [...visit.takeProblems(), ...(await seriousViolations(visit.page, COLOUR_RULES))];
        if (problems.length > 0) found[nameOf(shown)] = problems;
      }
      await visit.close();
      expect(found).toEqual({});
    },
    isLong ? 1_800_000 : 180_000,
  );

  test('more contrast -> lines as strong as text; forced colours -> shapes and bars in the colours of the system', async () => {
    const search = searchOf(pageCase('ready', 'computer'), ENGLISH);
    const { page, close } = await visitGallery(browser, site, { viewport: WIDE, search });
    const card = page.getByRole('region', { name: /^GPUs/ }).first();
    const colours = () =>
      card.evaluate((part) => [getComputedStyle(part).borderTopColor, getComputedStyle(part).getPropertyValue('--dim').trim()]);
    const [before] = await colours();
    await page.emulateMedia({ contrast: 'more' });
    // The page has the new preference with its next frame.
    await expect.poll(async () => (await colours())[0]).not.toBe(before);
    const [line, dim] = await colours();
    expect(line).toBe(rgbOf(dim ?? ''));
    await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'active' });
    const shape = page.locator('[data-shape="available"]').first();
    const bar = page.locator('[data-kind="pool"]').first();
    await expect.poll(() => shape.evaluate((svg) => getComputedStyle(svg).color === getComputedStyle(document.body).color)).toBe(true);
    expect(await bar.evaluate((part) => getComputedStyle(part).getPropertyValue('--pool').trim())).toBe('Highlight');
    expect(await bar.evaluate((part) => getComputedStyle(part).backgroundColor)).not.toBe('rgba(0, 0, 0, 0)');
    await close();
  });
});

const rgbOf = (hex: string): string => `rgb(${[1, 3, 5].map((at) => String(parseInt(hex.slice(at, at + 2), 16))).join(', ')})`;
