// The shared parts of the dashboard in a real Chromium, with pictures in artifacts/parts: charts are drawn on a canvas, so only a browser
// shows them.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchOf } from '../../gallery/gallery-case';
import { seriousViolations } from '../support/accessibility';
import { launchChromium } from '../support/dashboard';
import { type GallerySite, serveGallery, type Visit, visitGallery } from '../support/gallery-site';
import { isLong } from '../support/repetitions';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const PICTURES = resolve(import.meta.dirname, '../../artifacts/parts');
const WIDE = { width: 1440, height: 900 };
const LOOKS = [
  { language: 'en', theme: 'light' },
  { language: 'zh-CN', theme: 'dark' },
] as const;

/** The colour of a canvas pixel, as the part of red, green and blue. */
type Pixel = readonly [number, number, number];

describe.skipIf(missing !== undefined)('parts', () => {
  let site: GallerySite;
  let browser: Browser;
  let visit: Visit;

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    [site, browser] = await Promise.all([serveGallery(isLong ? 'development' : 'production'), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(parts: string, look: (typeof LOOKS)[number], viewport = WIDE): Promise<Page> {
    visit = await visitGallery(browser, site, { viewport, search: `?parts=${parts}&language=${look.language}&theme=${look.theme}` });
    return visit.page;
  }

  const chartOf = (page: Page, name: string) => page.getByRole('figure', { name });

  /** The part of the plot area, from 0 to 1 in both directions. */
  async function pixelAt(page: Page, name: string, x: number, y: number): Promise<Pixel> {
    return chartOf(page, name).evaluate(
      (figure, place) => {
        const canvas = figure.querySelector('canvas');
        const over = figure.querySelector('.u-over');
        const ctx = canvas?.getContext('2d');
        if (canvas == null || over === null || ctx == null) throw new Error('not drawn');
        const [whole, area] = [canvas.getBoundingClientRect(), over.getBoundingClientRect()];
        const ratio = canvas.width / whole.width;
        const left = Math.round((area.left - whole.left + area.width * place.x) * ratio);
        const top = Math.round((area.top - whole.top + area.height * place.y) * ratio);
        const [red = 0, green = 0, blue = 0] = ctx.getImageData(left, top, 1, 1).data;
        return [red, green, blue] as const;
      },
      { x, y },
    );
  }

  test.each(LOOKS)('charts in $language, $theme: drawn, no error, no serious violation', async (look) => {
    const page = await open('charts', look);
    await expect.poll(() => page.locator('canvas').count()).toBe(4);
    for (const width of [1440, 1180, 400]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.screenshot({ path: join(PICTURES, `charts-${String(width)}-${look.language}-${look.theme}.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    }
    expect([...visit.takeProblems(), ...(await seriousViolations(page))]).toEqual([]);
    await visit.close();
  });

  test('chart: pool blue above the owner, gap and future empty; another theme -> other colours; no change -> no drawing', async () => {
    const page = await open('charts', LOOKS[0]);
    await expect.poll(() => page.locator('canvas').count()).toBe(4);
    const isBlue = ([red, , blue]: Pixel): boolean => blue - red > 20;
    const seen = async () => ({
      pool: isBlue(await pixelAt(page, 'GPU use', 0.2, 0.6)),
      owner: isBlue(await pixelAt(page, 'GPU use', 0.42, 0.9)),
      gap: await pixelAt(page, 'GPU use', 0.7, 0.65),
      future: await pixelAt(page, 'GPU use', 0.98, 0.65),
    });
    // A canvas is transparent where nothing is drawn.
    const empty = [0, 0, 0];
    expect(await seen()).toEqual({ pool: true, owner: false, gap: empty, future: empty });

    const light = await pixelAt(page, 'GPU use', 0.2, 0.6);
    await page.evaluate(() => document.documentElement.setAttribute('data-mantine-color-scheme', 'dark'));
    await expect.poll(async () => (await pixelAt(page, 'GPU use', 0.2, 0.6))[2]).toBeLessThan(light[2]);

    const drawings = await page.evaluate(async () => {
      let calls = 0;
      const { clearRect } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.clearRect = function (...area) {
        calls++;
        clearRect.apply(this, area);
      };
      for (let i = 0; i < 90; i++) await new Promise(requestAnimationFrame);
      return calls;
    });
    expect(drawings).toBe(0);
    await visit.close();
  });

  test('chart: pointer -> values at that time in each chart of the group; table and back', async () => {
    const page = await open('charts', LOOKS[0]);
    const load = chartOf(page, 'GPU load');
    await load.locator('.u-over').hover({ position: { x: 100, y: 30 } });
    await expect.poll(() => page.getByText(/^Owners \d+%$/).count()).toBe(1);
    await expect.poll(() => page.getByText(/^Waiting \d+$/).count()).toBe(1);
    await load.getByRole('button', { name: 'Show as table: GPU load' }).click();
    await load.getByRole('columnheader', { name: 'Owners' }).waitFor();
    expect(await load.getByRole('cell', { name: 'not reported' }).count()).toBeGreaterThan(0);
    await load.getByRole('button', { name: 'Show as chart: GPU load' }).click();
    await load.locator('canvas').waitFor();
    expect(visit.takeProblems()).toEqual([]);
    await visit.close();
  });

  test.each(LOOKS)('table in $language, $theme: no error, no serious violation, 30 rows at 1440 x 900', async (look) => {
    const page = await open('table', look);
    await page.getByRole('row').nth(30).waitFor();
    await page.getByRole('checkbox', { name: /rack0-01/ }).click();
    await page.getByRole('checkbox', { name: /rack0-03/ }).click();
    for (const width of [1440, 1180, 400]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(PICTURES, `table-${String(width)}-${look.language}-${look.theme}.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    }
    await page.setViewportSize(WIDE);
    // With the row of the column names.
    await expect
      .poll(() =>
        page
          .getByRole('row')
          .evaluateAll(
            (rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= window.innerHeight && row.clientHeight > 0).length,
          ),
      )
      .toBeGreaterThanOrEqual(31);
    expect([...visit.takeProblems(), ...(await seriousViolations(page))]).toEqual([]);
    await visit.close();
  });

  test('table of 1,200 rows: J beyond the view -> the row is in view with the focus; scrolling moves each row by as much', async () => {
    const page = await open('table', LOOKS[0]);
    await page.getByRole('row').nth(30).waitFor();
    const focused = page.locator('tr:focus');
    const focusedKey = async (): Promise<string | null> => ((await focused.count()) === 0 ? null : focused.getAttribute('data-key'));
    // The table takes keys a moment after its rows are drawn.
    for (let i = 0; i < 90 && (await focusedKey()) !== 'rack1-19'; i++) await page.keyboard.press('j');
    expect(await focusedKey()).toBe('rack1-19');
    const place = await focused.evaluate((row) => {
      const [own, region] = [row.getBoundingClientRect(), row.closest('[role=region]')?.getBoundingClientRect()];
      return region !== undefined && own.top > region.top && own.bottom <= region.bottom;
    });
    expect(place).toBe(true);
    const topOf = (): Promise<number> => focused.evaluate((row) => row.getBoundingClientRect().top);
    const before = await topOf();
    await page.getByRole('region', { name: 'Nodes' }).evaluate((region) => region.scrollBy(0, 104));
    await expect.poll(topOf).toBe(before - 104);
    await page.keyboard.press('x');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    expect(await page.locator('tr[aria-current]').getAttribute('data-key')).toBe('rack1-18');
    expect(await page.getByRole('row', { selected: true }).getAttribute('data-key')).toBe('rack1-19');
    expect(visit.takeProblems()).toEqual([]);
    await visit.close();
  });

  test.each(LOOKS)('notices in $language, $theme: over the page, no serious violation; undo by keyboard', async (look) => {
    const page = await open('toasts', look);
    for (const name of ['Copy', 'Drain', 'Leave', 'Fail']) await page.getByRole('button', { name, exact: true }).click();
    await expect.poll(() => page.getByRole('listitem').count()).toBe(4);
    await page.screenshot({ path: join(PICTURES, `toasts-${look.language}-${look.theme}.png`) });
    expect([...visit.takeProblems(), ...(await seriousViolations(page))]).toEqual([]);
    await page.keyboard.press('u');
    await expect.poll(() => page.getByRole('button', { name: 'Leave', exact: true }).isEnabled()).toBe(true);
    await page.setViewportSize({ width: 400, height: 800 });
    await page.screenshot({ path: join(PICTURES, `toasts-400-${look.language}-${look.theme}.png`) });
    await visit.close();
  });

  test.each(LOOKS)('palette in $language, $theme: focus, search, no serious violation; the focus returns', async (look) => {
    const search = searchOf({ situation: 'mixed_pool', page: 'nodes', opening: null }, look);
    visit = await visitGallery(browser, site, { viewport: WIDE, search });
    const { page } = visit;
    await page.getByRole('row').nth(2).waitFor();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { expanded: true });
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.screenshot({ path: join(PICTURES, `palette-${look.language}-${look.theme}.png`) });
    await field.fill('node');
    await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(1);
    await page.screenshot({ path: join(PICTURES, `palette-search-${look.language}-${look.theme}.png`) });
    expect([...visit.takeProblems(), ...(await seriousViolations(page))]).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => field.count()).toBe(0);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.screenshot({ path: join(PICTURES, `shortcuts-${look.language}-${look.theme}.png`) });
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 400, height: 800 });
    await visit.close();
  });

  test.each(LOOKS)('1,000 nodes at 1440x900 in $language: 30 rows, also beside the drawer, and nothing is cut', async (look) => {
    visit = await visitGallery(browser, site, { viewport: WIDE });
    await visit.show({ situation: 'thousand_nodes', page: 'nodes', opening: null }, look);
    const wholeRows = (): Promise<number> =>
      visit.page.locator('main tbody tr').evaluateAll((rows) => {
        const top = document.querySelector('main thead')?.getBoundingClientRect().bottom ?? 0;
        const boxes = rows.map((row) => row.getBoundingClientRect());
        return boxes.filter((box) => box.height >= 20 && box.top >= top - 1 && box.bottom <= window.innerHeight).length;
      });
    const figuresCut = (): Promise<number> =>
      visit.page
        .locator('main td[data-align="number"]')
        .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
    expect([await wholeRows(), await figuresCut()]).toEqual([30, 0]);
    await visit.page.locator('main tbody a').first().click();
    await visit.page.getByRole('dialog').waitFor();
    expect([await wholeRows(), await figuresCut()]).toEqual([30, 0]);
    await visit.close();
  });

  test.each([
    { width: 820, height: 600 },
    { width: 360, height: 740 },
  ])('Try it at $width px: after an answer, its end and the field are in the window', async (viewport) => {
    visit = await visitGallery(browser, site, { viewport });
    await visit.show({ situation: 'ready', page: 'try', opening: 'try-answer' }, LOOKS[0]);
    const field = visit.page.getByRole('textbox', { name: 'Message' });
    const bottoms = await Promise.all(
      [visit.page.getByRole('article').last(), field].map((part) => part.evaluate((element) => element.getBoundingClientRect().bottom)),
    );
    const turns = visit.page.getByRole('log');
    const beyondEnd = await turns.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
    await visit.close();
    expect(bottoms.filter((bottom) => bottom > viewport.height)).toEqual([]);
    expect(beyondEnd).toBeLessThan(2);
  });

  test.each([
    [400, ['CPU 83%, limit 50%']],
    [480, ['CPU 83%, limit 50%', '; GPU 38%, limit 25%']],
  ])('%i px: the foot shows the facts that fit whole', async (width, facts) => {
    visit = await visitGallery(browser, site, { viewport: { width, height: 800 } });
    await visit.show({ situation: 'busy_host_limit', page: 'computer', opening: null }, LOOKS[0]);
    const bar = visit.page.getByRole('region', { name: 'This computer', exact: true });
    const all = await bar
      .getByText(/^(; )?[CG]PU \d/)
      .evaluateAll((found) =>
        found.map((fact) => [fact.textContent, fact.clientWidth - fact.scrollWidth, fact.getBoundingClientRect().top] as const),
      );
    await visit.close();
    expect(all.filter(([, , top]) => top === all[0]?.[2]).map(([text, space]) => [text, space])).toEqual(facts.map((text) => [text, 0]));
  });

  test.each([1440, 1180])('nodes at %i px -> no digit of a cell is cut', async (width) => {
    visit = await visitGallery(browser, site, { viewport: { width, height: 1200 } });
    for (const situation of ['mixed_pool', 'each_state', 'asleep'] as const)
      for (const look of LOOKS) {
        await visit.show({ situation, page: 'nodes', opening: null }, look);
        expect([situation, look.language, await visit.page.locator('main tbody td').evaluateAll(textsWithCutDigits)]).toEqual([
          situation,
          look.language,
          [],
        ]);
      }
    await visit.close();
  });
});

/** Runs in the page. The texts with a digit outside the box that cuts them; the ellipsis takes about one em of the box. */
function textsWithCutDigits(cells: readonly Element[]): string[] {
  const isCut = (element: Element): boolean => {
    const { overflowX, fontSize, textOverflow, paddingRight } = getComputedStyle(element);
    if (overflowX === 'visible' || element.scrollWidth <= element.clientWidth) return false;
    const edge =
      element.getBoundingClientRect().right - parseFloat(paddingRight) - (textOverflow === 'ellipsis' ? parseFloat(fontSize) : 0);
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
      for (const { index } of (text.textContent ?? '').matchAll(/\d/g)) {
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        if (range.getBoundingClientRect().right > edge) return true;
      }
    return false;
  };
  return cells.flatMap((cell) => (isCut(cell) || [...cell.querySelectorAll('*')].some(isCut) ? [cell.textContent ?? ''] : []));
}
