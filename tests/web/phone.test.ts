// Texts in a window of a phone: names, notes and code have the width that they need.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES, nameOf } from '../../gallery/gallery-case';
import { launchChromium } from '../support/dashboard';
import { type GallerySite, serveGallery, type Visit, visitGallery } from '../support/gallery-site';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();

describe.skipIf(missing !== undefined)('phone', () => {
  let site: GallerySite;
  let browser: Browser;
  let visit: Visit;
  beforeAll(async () => {
    [site, browser] = await Promise.all([serveGallery('production'), launchChromium()]);
    visit = await visitGallery(browser, site, { viewport: { width: 400, height: 2600 } });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function show(name: string, language: 'en' | 'zh-CN' = 'zh-CN') {
    const shown = CASES.find((one) => nameOf(one) === name);
    if (shown === undefined) throw new Error(`no case ${name}`);
    await visit.show(shown, { language, theme: 'light' });
    return visit.page.getByRole('main');
  }

  test('models of the pool: each name has at least half of its line, also of a model that is only here', async () => {
    const main = await show('models-own_models-models-pool');
    const shares = await main
      .getByRole('row')
      .filter({ has: visit.page.getByRole('link') })
      .evaluateAll((rows) => rows.map((row) => (row.querySelector('td')?.clientWidth ?? 0) / row.clientWidth));
    expect(shares.length).toBeGreaterThan(10);
    expect(shares.filter((share) => share < 0.45)).toEqual([]);
  });

  test('members: the note of a group ends within the window', async () => {
    const main = await show('members-ready');
    const note = main.getByText(/^无需密钥/);
    expect(await note.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    expect(await note.evaluate((element) => element.getBoundingClientRect().right)).toBeLessThanOrEqual(400);
  });

  test('pool: the title of a chart has one line, its note is whole', async () => {
    const main = await show('pool-ready', 'en');
    const heads = await main.locator('figcaption').evaluateAll((captions) =>
      captions.map((caption) => {
        const [title, note] = [caption.querySelector('b'), caption.querySelector('span')];
        const height = title?.getBoundingClientRect().height;
        return { height, cut: (note?.scrollWidth ?? 0) - (note?.clientWidth ?? 0) };
      }),
    );
    expect(heads.length).toBeGreaterThan(1);
    expect(heads.filter(({ height = 0, cut }) => height > 20 || cut > 0)).toEqual([]);
  });

  test('gpus: in one column each chart has its own times', async () => {
    const main = await show('gpus-ready', 'en');
    const heights = await main.locator('[data-plot]').evaluateAll((plots) => plots.map(({ clientHeight }) => clientHeight));
    // The first two are taller; 18 px more than without times.
    expect(heights.slice(0, 4)).toEqual([134, 134, 94, 94]);
  });

  test('answer: the button that copies code covers none of it', async () => {
    const main = await show('try-ready-try-answer');
    const code = await main.locator('pre').first().boundingBox();
    const button = await main.getByRole('button', { name: '复制代码' }).first().boundingBox();
    expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(code?.y ?? 0);
  });

  test('schedule: a finger hits each hour and the name of each day', async () => {
    const main = await show('settings-ready-settings-pauses');
    const sizesOf = (role: 'gridcell' | 'button') =>
      main
        .getByRole('grid')
        .getByRole(role)
        .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)));
    const [hours, days] = [await sizesOf('gridcell'), await sizesOf('button')];
    expect([hours.length, days.length]).toEqual([7 * 24, 7]);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(24);
    expect(Math.min(...days)).toBeGreaterThanOrEqual(43.5);
  });
});
